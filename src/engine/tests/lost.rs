//! A store that fails under an open workspace: full, closed, thrown away. Each is said, and nothing is lost
//! that had been kept.

use super::disk::Unreadable;
use super::world::{Device, PASSPHRASE, Server, Tab};
use super::{clock, names, person, run};
use crate::engine::host::{Call, Response};
use crate::port::{
    Answer, Command, FailureCode, Outcome, PartnerFilter, PartnerSort, Query, Rows, Secret, Session,
    SyncPhase, SyncTrouble, Window, WorkspaceRef,
};
use satchel_domain::PartnerDraft;
use satchel_replica::StoreError;
use satchel_wire::{Envelope, Push, PushAnswer, Refusal, Stream, Verdict};
use std::rc::Rc;

/// Two devices of one account, both with what the first one wrote.
async fn pair() -> (Device, Device, Tab, Tab) {
    let clock = clock();
    let server = Server::start(&clock);
    let (a, b) = (Device::new(&server, &clock, 1), Device::new(&server, &clock, 1_000_000));
    let on_a = a.tab().await;
    on_a.create_workspace().await;
    on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
    on_a.synced().await;
    let on_b = b.tab().await;
    on_b.run(join(&on_a).await).await.expect("the server knows the account");
    on_b.synced().await;
    (a, b, on_a, on_b)
}

async fn join(of: &Tab) -> Command {
    let code = Secret(of.device_code().await);
    Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) }
}

fn workspace(tab: &Tab) -> WorkspaceRef {
    match tab.said.borrow().session.clone() {
        Some(Session::Open { workspace }) => workspace,
        other => panic!("not open: {other:?}"),
    }
}

#[test]
fn a_full_disk_during_a_pull_is_said_at_once_and_heals_with_room() {
    run(async {
        let (_a, b, on_a, on_b) = pair().await;
        *b.fails.borrow_mut() = Some(StoreError::Quota);
        on_a.created(Command::CreatePartner { draft: person("Bo", "", "") }).await;
        on_a.synced().await;
        on_b.nudge(crate::port::Nudge::Asked);
        let full = SyncPhase::Trouble(SyncTrouble::DeviceFull);
        on_b.until(|said| said.sync.is_some_and(|sync| sync.phase == full)).await;
        *b.fails.borrow_mut() = None;
        on_b.synced().await;
        assert_eq!(names(&on_b, "bo").await, ["Bo"]);
    });
}

#[test]
fn a_store_that_is_thrown_away_ends_the_session_and_can_be_joined_again() {
    run(async {
        let (_a, b, on_a, on_b) = pair().await;
        let known = workspace(&on_b);
        b.evict();
        *b.fails.borrow_mut() = Some(StoreError::Gone);
        let draft = person("Too late", "", "");
        let failed = on_b.run(Command::CreatePartner { draft }).await.expect_err("nothing is kept");
        assert_eq!(failed.code, FailureCode::StorageGone);
        let lost = Session::Lost { workspace: known.clone() };
        on_b.until(|said| said.session == Some(lost.clone())).await;
        *b.fails.borrow_mut() = None;
        let again = b.tab_that_remembers(Some(known)).await;
        assert_eq!(again.said.borrow().session, Some(lost));
        again.run(join(&on_a).await).await.expect("there is room for it");
        again.synced().await;
        assert_eq!(names(&again, "anna").await, ["Anna"]);
    });
}

#[test]
fn a_closed_store_is_said_and_opens_again_with_everything() {
    run(async {
        let (_a, b, _on_a, on_b) = pair().await;
        let known = workspace(&on_b);
        *b.fails.borrow_mut() = Some(StoreError::Closed);
        let draft = person("Too late", "", "");
        on_b.run(Command::CreatePartner { draft }).await.expect_err("nothing is kept");
        let closed = Session::Unusable(FailureCode::StorageClosed);
        on_b.until(|said| said.session == Some(closed.clone())).await;
        *b.fails.borrow_mut() = None;
        let again = b.tab_that_remembers(Some(known)).await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right one");
        assert_eq!(names(&again, "anna").await, ["Anna"]);
    });
}

#[test]
fn what_cannot_be_opened_is_kept_as_a_file_and_makes_room_when_that_is_wanted() {
    run(async {
        let (_a, b, on_a, on_b) = pair().await;
        let refused = on_b.run(Command::Discard).await.expect_err("it is open");
        assert_eq!(refused.code, FailureCode::AlreadyHere);
        let known = workspace(&on_b);
        drop(on_b);
        let tab = b.tab_that_remembers(Some(known.clone())).await;
        let file = tab.run(Command::SaveSealed).await.expect("it is there").outcome;
        assert!(matches!(file, Outcome::Sealed(bytes) if !bytes.is_empty()));
        tab.run(Command::Discard).await.expect("locked");
        assert_eq!(tab.said.borrow().session, Some(Session::Lost { workspace: known }));
        tab.run(join(&on_a).await).await.expect("there is room for it");
        tab.synced().await;
        assert_eq!(names(&tab, "anna").await, ["Anna"]);
    });
}

#[test]
fn a_browser_that_keeps_nothing_says_so_before_anybody_types() {
    run(async {
        let clock = clock();
        let device = Device::new(&Server::start(&clock), &clock, 1);
        *device.fails.borrow_mut() = Some(StoreError::Other("UnknownError".into()));
        let tab = device.tab().await;
        let keeps_nothing = Session::Unusable(FailureCode::StorageUnavailable);
        tab.until(|said| said.session == Some(keeps_nothing.clone())).await;
    });
}

fn unlock() -> Command {
    Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }
}

/// R5: what another tab wrote and could not be read here at once is shown all the same.
#[test]
fn what_could_not_be_read_when_another_tab_told_of_it_is_read_later() {
    run(async {
        let (_a, b, _on_a, on_b) = pair().await;
        let second = b.tab().await;
        second.run(unlock()).await.expect("the right one");
        second.synced().await;
        let id = on_b.created(Command::CreatePartner { draft: person("Bo", "", "") }).await;
        on_b.synced().await;
        b.unreadable.set(Unreadable::Rows);
        second.hears_of(vec![id]);
        second.until(|_| b.unreadable.get() == Unreadable::Nothing).await;
        second.nudge(crate::port::Nudge::Asked);
        second.until_told(async || names(&second, "bo").await == ["Bo"]).await;
    });
}

#[test]
fn what_waits_for_a_workspace_that_does_not_open_is_answered() {
    run(async {
        let (_a, b, _on_a, on_b) = pair().await;
        drop(on_b);
        let tab = b.tab().await;
        b.unreadable.set(Unreadable::Events);
        tab.run(unlock()).await.expect("the lists are there");
        let draft = person("Bo", "", "");
        tab.run(Command::CreatePartner { draft: draft.clone() }).await.expect_err("it never becomes whole");
        tab.until(|said| matches!(said.session, Some(Session::Unusable(_)))).await;
        tab.run(unlock()).await.expect("the disk gives it again");
        tab.created(Command::CreatePartner { draft }).await;
        assert_eq!(names(&tab, "bo").await, ["Bo"]);
    });
}

/// The server refuses a chunk of the history, which each unlock offers again: there is no room to write that down.
#[test]
fn a_full_disk_keeps_nobody_out() {
    run(async {
        let (_a, b, _on_a, on_b) = pair().await;
        b.writes_are_unheard();
        b.lied_to(Rc::new(refusing_history));
        let Answer::Partners(list) = on_b.ask(all_partners()).await else { panic!("no list") };
        let id = list.rows[0].id;
        let Answer::Partner(Some(card)) = on_b.ask(Query::Partner { id }).await else { panic!("no card") };
        let (seen, draft) = (card.partner.card.clone(), card.partner.card);
        let draft = PartnerDraft { note: "told in the history".into(), ..draft };
        on_b.run(Command::EditPartner { id, seen, draft }).await.expect("valid");
        on_b.until(|said| said.sync.is_some_and(|sync| sync.aside == 1)).await;
        drop(on_b);
        *b.fails.borrow_mut() = Some(StoreError::Quota);
        let tab = b.tab().await;
        tab.run(unlock()).await.expect("nothing has to be written to read");
        assert_eq!(names(&tab, "anna").await, ["Anna"]);
        tab.until_told(async || {
            let said = tab.said.borrow();
            assert!(!matches!(said.session, Some(Session::Unusable(_))), "shut out");
            said.sync.is_some()
        })
        .await;
        *b.fails.borrow_mut() = None;
        b.told_the_truth();
        drop(tab);
        let tab = b.tab().await;
        tab.run(unlock()).await.expect("there is room again");
        tab.synced().await;
        assert_eq!(tab.said.borrow().sync.map(|sync| sync.aside), Some(0), "offered again, and taken");
    });
}

fn all_partners() -> Query {
    let window = Window { offset: 0, limit: 10 };
    Query::Partners { filter: PartnerFilter::default(), sort: PartnerSort::Name, window, rows: Rows::Lines }
}

/// A server that takes no chunk of a history, and has not judged the rest yet.
fn refusing_history(asked: &Call, answer: Response) -> Response {
    let push = asked.body.as_deref().and_then(|body| satchel_wire::from_cbor::<Push>(body).ok());
    let heard = satchel_wire::from_cbor::<PushAnswer>(&answer.body).ok();
    let (Some(push), Some(mut heard)) = (push, heard) else { return answer };
    let reason = |stream| if stream == Stream::History { Refusal::TooLarge } else { Refusal::Together };
    let refused = |write: &Envelope| Verdict::Refused { reason: reason(write.header.stream) };
    heard.verdicts = push.writes.iter().map(refused).collect();
    Response { body: satchel_wire::to_cbor(&heard), ..answer }
}

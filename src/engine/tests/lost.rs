//! A store that fails under an open workspace: full, closed, thrown away. Each is said, and nothing is lost
//! that had been kept.

use super::world::{Device, PASSPHRASE, Server, Tab};
use super::{clock, names, person, run};
use crate::port::{Command, FailureCode, Outcome, Secret, Session, SyncPhase, SyncTrouble, WorkspaceRef};
use satchel_replica::StoreError;

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

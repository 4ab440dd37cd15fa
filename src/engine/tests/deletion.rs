//! A workspace that its owner deletes for everybody.

use super::attacks::scene::patiently;
use super::sync::{Pair, pair};
use super::team::{Office, inviting, refused, team};
use super::world::{DELETE, Device, Lie, Network, PASSPHRASE, SIGN_OUT, Tab};
use super::{alone, names, person, run};
use crate::engine::host::Response;
use crate::port::{Command, FailureCode, Nudge, Outcome, Role, Secret, Session, SyncPhase, SyncTrouble};
use satchel_wire::{DeleteSpace, SpaceId, to_cbor};
use std::rc::Rc;

fn creating(name: &str) -> Command {
    Command::CreatePartner { draft: person(name, "", "") }
}

fn deleting(passphrase: &str, discard: bool) -> Command {
    Command::DeleteWorkspace { passphrase: Secret(passphrase.into()), discard }
}

const DELETED: SyncPhase = SyncPhase::Trouble(SyncTrouble::Deleted);

#[test]
fn a_deleted_workspace_is_gone_and_its_members_keep_what_they_have() {
    run(async {
        let office = Office::open().await;
        office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        device.network.set(Network::Down);
        editor.created(creating("Unsent")).await;
        assert_eq!(refused(&editor, deleting(PASSPHRASE, true)).await, FailureCode::ReadOnly);
        assert_eq!(refused(&office.owner, deleting(PASSPHRASE, false)).await, FailureCode::Unsent);
        assert_eq!(refused(&office.owner, deleting("another one", true)).await, FailureCode::WrongPassphrase);
        let saved = office.owner.run(Command::BackUp).await.expect("there is room").outcome;
        assert!(matches!(saved, Outcome::BackedUp(_)));
        office.owner.run(Command::KeptBackup).await.expect("and it lies somewhere");
        office.owner.run(deleting(PASSPHRASE, false)).await.expect("it is hers, and in a file");
        assert_eq!(office.owner.said.borrow().session, Some(Session::None));
        assert!(!office.device.has_a_workspace());
        device.network.set(Network::Up);
        editor.nudge(Nudge::Online);
        editor.until(|said| said.sync.is_some_and(|sync| sync.phase == DELETED)).await;
        assert!(editor.said.borrow().standing.is_some_and(|standing| standing.deleted && standing.removed));
        assert_eq!(team(&editor).await.deleted_by.as_deref(), Some("Olga"));
        assert_eq!(refused(&editor, creating("Late")).await, FailureCode::ReadOnly);
        assert_eq!(names(&editor, "Unsent").await, ["Unsent"], "kept for her");
        editor.run(Command::BackUp).await.expect("and saved by her");
        device.network.set(Network::Down);
        let again = device.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        assert_eq!(team(&again).await.deleted_by.as_deref(), Some("Olga"), "known without the server too");
        assert_eq!(names(&again, "Rossi").await, ["Rossi"]);
    });
}

#[test]
fn the_owners_other_device_is_told_where_nobody_was_ever_invited() {
    run(async {
        let Pair { on_a, on_b, .. } = pair().await;
        on_a.run(deleting(PASSPHRASE, true)).await.expect("it is hers");
        on_b.nudge(Nudge::Asked);
        on_b.until(|said| said.sync.is_some_and(|sync| sync.phase == DELETED)).await;
        assert_eq!(refused(&on_b, creating("Late")).await, FailureCode::ReadOnly);
        let change = inviting(Role::Editor, "", 7);
        on_b.run(Command::Team(change)).await.expect_err("there is nothing to invite to");
    });
}

/// Nobody of these could have said it: the editor herself, the editor in the owner's name, the owner of another
/// space, and nobody at all.
#[test]
fn a_deletion_that_no_owner_signed_is_not_believed() {
    run(async {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        let (owner, space) = (office.owner.account(), office.owner.session().1);
        let garbage = DeleteSpace { statement: vec![1; 90], signature: vec![2; 64], identity: vec![3; 64] };
        let lies = [
            editor.signs_deletion(editor.account(), space),
            editor.signs_deletion(owner, space),
            office.owner.signs_deletion(owner, SpaceId([9; 16])),
            garbage,
        ];
        for said in lies {
            device.lied_to(lie(said));
            editor.nudge(Nudge::Asked);
            let refused = SyncPhase::Trouble(SyncTrouble::Refused);
            patiently(&editor, |sync| sync.phase == refused).await;
            assert_eq!(team(&editor).await.deleted_by, None);
            editor.created(creating("Under the lie")).await;
            device.told_the_truth();
            patiently(&editor, |sync| sync.phase == SyncPhase::Synced && sync.waiting == 0).await;
        }
        editor.created(creating("On it goes")).await;
        editor.synced().await;
        device.lied_to(lie(office.owner.signs_deletion(owner, space)));
        editor.nudge(Nudge::Asked);
        editor.until(|said| said.sync.is_some_and(|sync| sync.phase == DELETED)).await;
    });
}

/// Says that the space was deleted, by this word.
fn lie(said: DeleteSpace) -> Lie {
    Rc::new(move |call, answer| {
        if call.path.ends_with("/deleted") {
            return Response {
                status: 200,
                media_type: satchel_wire::CBOR.into(),
                body: to_cbor(&said),
                ..answer
            };
        }
        if !call.path.contains("/spaces/") {
            return answer;
        }
        let body = br#"{"type":"urn:satchel:problem:deleted"}"#.to_vec();
        Response { status: 403, media_type: "application/problem+json".into(), body, ..answer }
    })
}

/// Runs a command whose answer from the server is kept on its way until `meanwhile` was carried out.
async fn with_meanwhile(
    device: &Device,
    tab: &Tab,
    held: &'static str,
    command: Command,
    meanwhile: Command,
) {
    device.held.set(Some(held));
    let between = async {
        tab.until_told(async || {
            tokio::task::yield_now().await;
            device.keeps.get()
        })
        .await;
        device.network.set(Network::Down);
        tab.run(meanwhile).await.expect("the workspace is still open");
        device.held.set(None);
    };
    let (ended, ()) = tokio::join!(tab.run(command), between);
    assert_eq!(ended.expect_err("it would be lost").code, FailureCode::Unsent);
    assert!(device.has_a_workspace());
}

fn typing() -> Command {
    Command::KeepDraft { key: "partner/new".into(), text: "half a name".into() }
}

#[test]
fn what_is_written_while_the_server_deletes_stays_here() {
    run(async {
        for meanwhile in [creating("Late"), typing()] {
            let (device, tab) = alone().await;
            tab.synced().await;
            with_meanwhile(&device, &tab, DELETE, deleting(PASSPHRASE, true), meanwhile.clone()).await;
            assert!(tab.said.borrow().standing.is_some_and(|standing| standing.deleted));
            let late = if meanwhile == typing() { vec![""; 0] } else { vec!["Late"] };
            assert_eq!(names(&tab, "Late").await, late);
            tab.run(Command::BackUp).await.expect("and saved by her");
            tab.run(Command::EraseDevice { discard: true }).await.expect("then it goes");
            assert!(!device.has_a_workspace());
        }
    });
}

#[test]
fn what_is_written_while_the_device_signs_out_stays_here() {
    run(async {
        for (meanwhile, discard) in [(creating("Late"), false), (typing(), false), (creating("Late"), true)] {
            let (device, tab) = alone().await;
            tab.synced().await;
            with_meanwhile(&device, &tab, SIGN_OUT, Command::EraseDevice { discard }, meanwhile).await;
            tab.run(Command::EraseDevice { discard: true }).await.expect("it is said that it may be lost");
            assert!(!device.has_a_workspace());
        }
    });
}

/// R103: a file that was kept holds nothing of what another tab began since.
#[test]
fn what_another_tab_began_after_a_backup_is_in_no_file() {
    run(async {
        let (device, tab) = alone().await;
        tab.synced().await;
        tab.run(Command::BackUp).await.expect("there is room");
        tab.run(Command::KeptBackup).await.expect("and it lies somewhere");
        let other = device.tab().await;
        other.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        other.run(typing()).await.expect("it is kept");
        for leaving in [Command::EraseDevice { discard: false }, deleting(PASSPHRASE, false)] {
            assert_eq!(refused(&tab, leaving).await, FailureCode::Unsent);
            assert!(device.has_a_workspace());
        }
        tab.run(Command::BackUp).await.expect("there is room");
        tab.run(Command::KeptBackup).await.expect("and it lies somewhere");
        tab.run(Command::EraseDevice { discard: false }).await.expect("all of it is in a file");
        assert!(!device.has_a_workspace());
    });
}

//! What whoever finds an open device cannot do with it: throw others out, give power away, leave.

use super::handover::devices;
use super::run;
use super::sync::{Pair, pair};
use super::team::{Office, giving, id_of, invite, inviting, refused, removing, team};
use super::world::{PASSPHRASE, Tab};
use crate::port::{Command, FailureCode, Role, Secret, TeamChange, TeamId};
use std::sync::atomic::Ordering;

fn guess() -> Secret {
    Secret("a guess at it".into())
}

/// Whether another device of the account was revoked.
async fn somebody_is_shut_out(tab: &Tab) -> bool {
    devices(tab).await.iter().any(|card| card.revoked_at_ms.is_some())
}

#[test]
fn another_device_is_revoked_by_the_passphrase_only_r98() {
    run(async {
        let Pair { on_a, on_b, .. } = pair().await;
        let device = format!("{:016x}", on_b.device().0);
        let revoking = |passphrase| Command::RevokeDevice { device: device.clone(), passphrase };
        for _ in 0..3 {
            assert_eq!(refused(&on_a, revoking(guess())).await, FailureCode::WrongPassphrase);
        }
        let right = || Secret(PASSPHRASE.into());
        assert_eq!(refused(&on_a, revoking(right())).await, FailureCode::TooSoon, "guessing waits");
        assert!(!somebody_is_shut_out(&on_a).await);
        on_b.synced().await;
        on_a.clock().fetch_add(600_000, Ordering::Relaxed);
        on_a.run(revoking(right())).await.expect("it is she");
        assert!(somebody_is_shut_out(&on_a).await);
    });
}

#[test]
fn a_member_is_removed_by_the_passphrase_only_r98() {
    run(async {
        let office = Office::open().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        office.owner.synced().await;
        let id = id_of(&office.owner, "Emma").await;
        let guessed = Command::Team(TeamChange::Remove { id, passphrase: guess() });
        assert_eq!(refused(&office.owner, guessed).await, FailureCode::WrongPassphrase);
        assert_eq!(team(&office.owner).await.members.len(), 2);
        editor.synced().await;
        office.owner.run(Command::Team(removing(id))).await.expect("it is she");
        assert_eq!(team(&office.owner).await.members.len(), 1);
    });
}

/// The change, as somebody asks for it who does not know the passphrase: without one, and with a guess at it.
fn unproved(change: impl Fn(Option<Secret>) -> TeamChange) -> [Command; 2] {
    [None, Some(guess())].map(|passphrase| Command::Team(change(passphrase)))
}

fn promoting(id: TeamId, role: Role) -> [Command; 2] {
    unproved(move |passphrase| TeamChange::Role { id, role, passphrase })
}

fn inviting_by(role: Role) -> [Command; 2] {
    unproved(move |passphrase| match inviting(role, "", 7) {
        TeamChange::Invite { role, name, guest, days, .. } => {
            TeamChange::Invite { role, name, guest, days, passphrase }
        }
        other => other,
    })
}

/// Each is refused, and counted: after them the right passphrase waits too.
async fn are_refused_and_wait(tab: &Tab, commands: impl IntoIterator<Item = Command>, right: Command) {
    let wait = || tab.clock().fetch_add(600_000, Ordering::Relaxed);
    for command in commands {
        wait();
        assert_eq!(refused(tab, command).await, FailureCode::WrongPassphrase);
    }
    let third = Command::Team(TeamChange::Leave { passphrase: guess() });
    refused(tab, third).await;
    assert_eq!(refused(tab, right).await, FailureCode::TooSoon, "guessing waits");
    wait();
}

#[test]
fn who_would_decide_over_others_is_invited_by_the_passphrase_only_r98() {
    run(async {
        let office = Office::open().await;
        for role in [Role::Admin, Role::Owner] {
            let right = Command::Team(inviting(role, "", 7));
            are_refused_and_wait(&office.owner, inviting_by(role), right).await;
        }
        assert!(team(&office.owner).await.alone, "nothing was begun");
        for role in [Role::Viewer, Role::Editor] {
            let [without, _] = inviting_by(role);
            office.owner.run(without).await.expect("it gives no power away");
        }
        invite(&office.owner, Role::Owner).await;
        assert_eq!(team(&office.owner).await.invitations.len(), 3);
    });
}

#[test]
fn power_is_given_and_taken_by_the_passphrase_only_r98() {
    run(async {
        let office = Office::open().await;
        let (_device, editor) = office.welcome("Emma", Role::Viewer, 1_000_000).await;
        office.owner.synced().await;
        let id = id_of(&office.owner, "Emma").await;
        let given = async || id_role(&office.owner, id).await;
        let [without, _] = promoting(id, Role::Editor);
        office.owner.run(without).await.expect("it gives no power away");
        for role in [Role::Viewer, Role::Admin, Role::Owner] {
            let right = Command::Team(giving(id, role));
            are_refused_and_wait(&office.owner, promoting(id, role), right).await;
            assert_eq!(given().await, Role::Editor);
        }
        office.owner.run(Command::Team(giving(id, Role::Owner))).await.expect("it is she");
        editor.synced().await;
        let olga = id_of(&editor, "Olga").await;
        are_refused_and_wait(
            &editor,
            promoting(olga, Role::Viewer),
            Command::Team(giving(olga, Role::Viewer)),
        )
        .await;
        assert_eq!(id_role(&editor, olga).await, Role::Owner);
    });
}

async fn id_role(tab: &Tab, id: TeamId) -> Role {
    let found = team(tab).await.members.into_iter().find(|member| member.id == id);
    found.expect("a member").role
}

/// What is raised here was raised further on another device meanwhile, so that it is lowered by now.
#[test]
fn what_turns_out_to_take_power_is_asked_for_after_all_r98() {
    run(async {
        let Pair { a, on_a, on_b, .. } = pair().await;
        let invitation = invite(&on_a, Role::Viewer).await;
        let hers = a.beside(3_000_000).tab().await;
        hers.run(super::team::accept(invitation, "Emma")).await.expect("it is open");
        for tab in [&on_a, &on_b] {
            tab.synced().await;
        }
        let id = id_of(&on_a, "Emma").await;
        on_b.run(Command::Team(giving(id, Role::Admin))).await.expect("it is she");
        assert_eq!(id_role(&on_a, id).await, Role::Viewer, "as it is known there");
        let [without, _] = promoting(id, Role::Editor);
        assert_eq!(refused(&on_a, without).await, FailureCode::WrongPassphrase);
        on_a.synced().await;
        assert_eq!(id_role(&on_a, id).await, Role::Admin);
    });
}

#[test]
fn nobody_leaves_and_no_key_begins_without_the_passphrase_r98() {
    run(async {
        let office = Office::open().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        office.owner.synced().await;
        let typed = |passphrase: Option<Secret>| passphrase.unwrap_or(Secret(String::new()));
        let leaving = |passphrase| TeamChange::Leave { passphrase: typed(passphrase) };
        let right = || Some(Secret(PASSPHRASE.into()));
        are_refused_and_wait(&editor, unproved(leaving), Command::Team(leaving(right()))).await;
        assert!(!team(&editor).await.removed);
        editor.run(Command::Team(leaving(right()))).await.expect("it is she");
        assert!(team(&editor).await.removed);
        let rotating = |passphrase| TeamChange::Rotate { passphrase: typed(passphrase) };
        office.owner.synced().await;
        let before = team(&office.owner).await.log.len();
        are_refused_and_wait(&office.owner, unproved(rotating), Command::Team(rotating(right()))).await;
        assert_eq!(team(&office.owner).await.log.len(), before, "nothing was begun");
    });
}

//! What whoever finds an open device cannot do with it: throw others out.

use super::handover::devices;
use super::run;
use super::sync::{Pair, pair};
use super::team::{Office, id_of, refused, removing, team};
use super::world::{PASSPHRASE, Tab};
use crate::port::{Command, FailureCode, Role, Secret, TeamChange};

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
        on_a.clock().fetch_add(600_000, std::sync::atomic::Ordering::Relaxed);
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

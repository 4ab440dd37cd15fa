//! A new key that an admin begins by hand, and the log in words.

use super::sync::edit;
use super::team::{Office, accept, invite, refused, remove, team};
use super::world::{Device, Network, PASSPHRASE, Tab};
use super::{names, person, run};
use crate::port::{Command, FailureCode, Role, Secret, TeamChange, TeamEntry, TeamEvent};

fn rotating() -> Command {
    Command::Team(TeamChange::Rotate { passphrase: Secret(PASSPHRASE.into()) })
}

fn creating(name: &str) -> Command {
    Command::CreatePartner { draft: person(name, "", "") }
}

/// What the log says, the newest first, without when.
async fn told(tab: &Tab) -> Vec<(u64, String, TeamEvent)> {
    let log = team(tab).await.log;
    assert!(log.iter().all(|entry| entry.at_ms > 0));
    log.into_iter().map(|TeamEntry { n, by, what, .. }| (n, by, what)).collect()
}

async fn reopened(device: &Device) -> Tab {
    device.network.set(Network::Down);
    let tab = device.tab().await;
    tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
    tab
}

#[test]
fn a_new_key_is_begun_by_hand_and_everybody_reads_what_was_and_what_comes_r101() {
    run(async {
        let office = Office::open().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        let before = office.owner.created(creating("Before")).await;
        office.owner.synced().await;
        editor.synced().await;
        let open = invite(&office.owner, Role::Viewer).await;
        office.owner.run(rotating()).await.expect("she may");
        assert!(team(&office.owner).await.invitations.is_empty(), "their welcome holds the key before");
        office.owner.created(creating("After")).await;
        office.owner.synced().await;
        editor.synced().await;
        for name in ["Before", "After"] {
            assert_eq!(names(&editor, name).await, [name]);
        }
        edit(&editor, before, |draft| draft.name = "Before, edited".into()).await;
        editor.synced().await;
        office.owner.synced().await;
        assert_eq!(names(&office.owner, "edited").await, ["Before, edited"]);
        let guest = Device::new(&office.server, &office.clock, 2_000_000).tab().await;
        assert_eq!(refused(&guest, accept(open, "Eve")).await, FailureCode::InvitationGone);
        assert_eq!(refused(&editor, rotating()).await, FailureCode::ReadOnly, "an editor begins none");
        let (_hers, later) = office.welcome("Lena", Role::Viewer, 3_000_000).await;
        assert_eq!(names(&later, "After").await, ["After"]);
        assert_eq!(names(&later, "edited").await, ["Before, edited"], "who comes later reads all of it");
    });
}

#[test]
fn the_log_is_told_in_words_also_after_a_start_without_the_server_r101() {
    run(async {
        let office = Office::open().await;
        assert!(told(&office.owner).await.is_empty(), "there is no team yet");
        let (hers, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        office.owner.synced().await;
        office.owner.run(rotating()).await.expect("she may");
        editor.synced().await;
        let at_emma = told(&editor).await;
        remove(&office.owner, "Emma").await;
        let (olga, emma) = (|| "Olga".to_owned(), || "Emma".to_owned());
        let all = [
            (5, olga(), TeamEvent::Removed { names: vec![emma()] }),
            (4, olga(), TeamEvent::Rotated),
            (3, emma(), TeamEvent::Joined),
            (2, olga(), TeamEvent::Invited { role: Role::Editor }),
            (1, olga(), TeamEvent::Founded),
        ];
        assert_eq!(told(&office.owner).await, all);
        assert_eq!(at_emma, all[1..3], "from her own entry on");
        assert_eq!(told(&reopened(&office.device).await).await, all);
        assert_eq!(told(&reopened(&hers).await).await[..], all[1..3]);
    });
}

/// A long log is told by its newest entries.
#[test]
fn the_newest_entries_are_told_and_no_more() {
    run(async {
        let office = Office::open().await;
        for _ in 0..25 {
            invite(&office.owner, Role::Viewer).await;
        }
        let numbers = |log: Vec<(u64, String, TeamEvent)>| log.iter().map(|(n, ..)| *n).collect::<Vec<_>>();
        let newest: Vec<u64> = (7..=26).rev().collect();
        assert_eq!(numbers(told(&office.owner).await), newest);
        assert_eq!(numbers(told(&reopened(&office.device).await).await), newest);
    });
}

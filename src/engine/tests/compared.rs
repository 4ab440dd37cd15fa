//! Two people compare their keys when they meet: both see the same digits, and a device remembers whose it compared.

use super::run;
use super::team::{Office, id_of, refused, team};
use super::world::{PASSPHRASE, Tab};
use crate::port::{Command, Compared, FailureCode, Role, Secret, TeamId, TeamMember};
use satchel_wire::{AccountId, to_cbor};
use std::collections::BTreeMap;

async fn member(tab: &Tab, id: TeamId) -> TeamMember {
    team(tab).await.members.into_iter().find(|member| member.id == id).expect("a member")
}

async fn me(tab: &Tab) -> TeamMember {
    team(tab).await.members.into_iter().find(|member| member.me).expect("herself")
}

#[test]
fn both_see_the_same_digits_and_a_device_remembers_what_was_compared() {
    run(async {
        let office = Office::open().await;
        let (_emma, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        office.owner.synced().await;
        let (emma, olga) = (id_of(&office.owner, "Emma").await, me(&office.owner).await.id);
        let seen = member(&office.owner, emma).await.keys;
        assert_eq!(seen.digits, me(&editor).await.keys.digits, "of Emma, here and there");
        assert_eq!(member(&editor, olga).await.keys.digits, me(&office.owner).await.keys.digits);
        assert_ne!(seen.digits, me(&office.owner).await.keys.digits);
        assert_eq!(seen.compared, Compared::No);

        let compared =
            |digits: Option<&str>| Command::Compared { member: emma, digits: digits.map(str::to_owned) };
        let other = compared(Some("00000 00000 00000 00000 00000 00000"));
        assert_eq!(refused(&office.owner, other).await, FailureCode::NotFound, "those are not her keys");
        office.owner.run(compared(Some(&seen.digits))).await.expect("as they are");
        let again = office.device.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        assert_eq!(member(&again, emma).await.keys.compared, Compared::Same, "kept on the device");
        assert_eq!(member(&editor, olga).await.keys.compared, Compared::No, "and on no other");
        again.run(compared(None)).await.expect("taken back");
        assert_eq!(member(&again, emma).await.keys.compared, Compared::No);
    });
}

#[test]
fn other_keys_than_those_that_were_compared_are_told() {
    run(async {
        let office = Office::open().await;
        let (_emma, _editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        office.owner.synced().await;
        let emma = id_of(&office.owner, "Emma").await;
        // As if she had been compared before she joined again, with another account key.
        let before = BTreeMap::from([(AccountId(emma), [7_u8; 32])]);
        office.owner.keeps("members/compared", &to_cbor(&before)).await;
        let owner = office.device.tab().await;
        owner.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        let keys = member(&owner, emma).await.keys;
        assert_eq!(keys.compared, Compared::Changed);
        let command = Command::Compared { member: emma, digits: Some(keys.digits) };
        owner.run(command).await.expect("compared once more");
        assert_eq!(member(&owner, emma).await.keys.compared, Compared::Same);
    });
}

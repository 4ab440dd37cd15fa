//! Removing one of many members: what that asks of the disk and of the server does not grow with the records.

use super::import::bring;
use super::team::{Office, id_of, removing};
use super::world::PASSPHRASE;
use super::{person, run};
use crate::port::{Command, Role, Secret};

/// As many as a team may well have.
const MEMBERS: u64 = 20;

/// What a removal may read, in bytes: far less than the records are.
const LITTLE: usize = 32 * 1024;
/// And ask.
const FEW: u32 = 8;

/// How many bytes are read from the disk, and how often the server is asked, while a member is removed.
async fn takes(office: &Office, name: &str) -> (usize, u32) {
    office.owner.synced().await;
    let id = id_of(&office.owner, name).await;
    let (reads, calls) = (office.device.reads.get(), office.device.calls.get());
    office.owner.run(Command::Team(removing(id))).await.expect("she decides over her");
    (office.device.reads.get() - reads, office.device.calls.get() - calls)
}

/// What goes on behind may read and ask something meanwhile: it is held to be little, whatever there is.
#[test]
fn removing_one_of_twenty_members_takes_little_whatever_there_is() {
    run(async {
        let office = Office::open().await;
        let welcome = async |member: u64| {
            let seed = 1_000_000 * (member + 1);
            drop(office.welcome(&format!("M{member}"), Role::Editor, seed).await);
        };
        for member in 1..MEMBERS {
            welcome(member).await;
        }
        office.owner.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        let with_few = takes(&office, "M1").await;
        welcome(MEMBERS).await;
        bring(&office.owner, 2_000).await;
        let with_many = takes(&office, "M2").await;
        for (reads, calls) in [with_few, with_many] {
            assert!(reads < LITTLE && calls < FEW, "{reads} bytes read, {calls} asked");
        }
        let (again, before) = (office.device.tab().await, office.device.reads.get());
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("hers");
        assert!(office.device.reads.get() - before > 2 * LITTLE, "the list alone is more");
    });
}

//! How long what must be quick takes with many records and members: measured, not judged.

use super::import::bring;
use super::team::{Office, id_of, removing};
use super::world::PASSPHRASE;
use super::{partners, run};
use crate::port::{Command, Role, Secret};

/// `cargo test --release -p satchel --lib -- --ignored --nocapture how_long_unlocking`
#[test]
#[ignore = "a measurement: it takes minutes and judges nothing"]
#[expect(clippy::disallowed_methods, reason = "true time is what is measured")]
fn how_long_unlocking_and_a_rotation_take() {
    run(async {
        for records in [10_000, 100_000] {
            let office = Office::open().await;
            for member in 0..19 {
                let seed = 1_000_000 * (member + 1);
                drop(office.welcome(&format!("M{member}"), Role::Editor, seed).await);
            }
            bring(&office.owner, records).await;
            office.owner.synced().await;
            let again = office.device.tab().await;
            let began = std::time::Instant::now();
            again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("hers");
            let listed = began.elapsed();
            again.until_told(async || partners(&again).await == records).await;
            let id = id_of(&office.owner, "M0").await;
            let began = std::time::Instant::now();
            office.owner.run(Command::Team(removing(id))).await.expect("she decides over her");
            println!("{records} records, 20 members: unlocked {listed:?}, rotated {:?}", began.elapsed());
        }
    });
}

//! The server dies again and again, or comes back as it was yesterday.

use super::{PASSPHRASE, agree, chances, found, join};
use satchel_e2e::device::Device;
use satchel_e2e::dice::Dice;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, until};
use satchel_e2e::person::{Left, NewCustomer};
use satchel_e2e::say::{note, shown};
use satchel_e2e::server::Server;
use satchel_e2e::stage::Stage;
use satchel_e2e::witness::{Heard, Witness};
use satchel_e2e::{Outcome, Verdict};
use std::time::Duration;

/// Kills of the server in the short run.
const FEW: usize = 6;
/// Kills after which both are looked at: no more is written by then than one screen shows.
const ROUND: usize = 8;
/// How long it runs, and how long it is away, at most.
const RUNS: Duration = Duration::from_millis(900);
const AWAY: Duration = Duration::from_millis(400);

/// Two browsers write and sync while the server is killed in a loop (SIGKILL). Whenever it stays, both show
/// the same, and of all that was said to be saved nothing is missing.
pub(crate) async fn browsers_converge_while_the_server_is_killed(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (a, code) = found(stage, "A", &server.url()).await?;
    a.synced().await?;
    let b = join(stage, "B", &server, &code).await?;
    let (kills, mut dice) = chances(stage, FEW);
    let mut left = kills;
    while left > 0 {
        let now = left.min(ROUND);
        round(&server, [&a, &b], left, now, &mut dice).await?;
        left -= now;
    }
    let count = equal(&a, &b).await?;
    shown(&format!(
        "the server was killed {kills} times; both have the same {count} records, and all that was saved"
    ));
    Ok(Verdict::Shown)
}

/// Some kills, after which both are looked at; `number` marks what is written.
async fn round(
    server: &Server,
    devices: [&Device; 2],
    number: usize,
    kills: usize,
    dice: &mut Dice,
) -> Outcome {
    let mut writers = Vec::new();
    for device in devices {
        let mark = format!("{}{number}", device.name());
        let name = format!("Written by {mark}");
        device.add_customer(&NewCustomer { name: &name, ..NewCustomer::default() }).await?;
        writers.push((device, mark, device.customer_id().await?, Witness::open().await?));
    }
    for (device, mark, customer, witness) in &writers {
        device.write_on(witness, customer, mark).await?;
    }
    for _ in 0..kills {
        tokio::time::sleep(dice.within(RUNS)).await;
        server.kill()?;
        tokio::time::sleep(dice.within(AWAY)).await;
        server.again()?;
    }
    for device in devices {
        device.may_speak().await?;
        device.reload().await?;
        device.unlock(PASSPHRASE).await?;
    }
    equal(devices[0], devices[1]).await?;
    for (_, mark, customer, witness) in &writers {
        let heard = witness.heard();
        let left = show_the_same(devices, customer, mark, &heard).await?;
        note(&format!("{mark}: {heard:?}, on both: {left:?}"));
    }
    Ok(())
}

/// Waits until both show the same of what was written. Whoever was synced first may not have heard yet of what
/// the other sent after that, an update that no count of records tells of.
async fn show_the_same(devices: [&Device; 2], customer: &str, mark: &str, heard: &Heard) -> Outcome<Left> {
    let look = async || {
        let on_a = devices[0].read_left(customer, mark, heard).await?;
        let on_b = devices[1].read_left(customer, mark, heard).await?;
        ensure(on_a == on_b, || format!("A shows {on_a:?}, B {on_b:?}"))?;
        Ok(Some(on_a))
    };
    until(LONG, || format!("both to show the same of {mark}"), look).await
}

/// Waits until both are synced and hold the same number of records; which.
async fn equal(a: &Device, b: &Device) -> Outcome<usize> {
    for device in [a, b] {
        device.synced().await?;
    }
    agree(a, b).await
}

/// An earlier copy of the database is put back, with and without the restore command. One device brings
/// back what the copy lacks: a new device that only knows the server has all of it.
pub(crate) async fn a_server_set_back_is_healed_by_one_device(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (a, code) = found(stage, "A", &server.url()).await?;
    let mut names = vec!["Ahornweg".to_owned()];
    add(&a, &names[0]).await?;
    a.synced().await?;
    let b = join(stage, "B", &server, &code).await?;
    for (n, told) in [true, false].into_iter().enumerate() {
        let copy = stage.folder().join(format!("copy-{n}"));
        server.kill()?;
        server.copy_out(&copy)?;
        server.again()?;
        for device in [&a, &b] {
            let name = format!("{} after copy {n}", device.name());
            add(device, &name).await?;
            names.push(name);
        }
        equal(&a, &b).await?;
        has_all(&a, &names).await?;
        has_all(&b, &names).await?;
        b.close().await?;
        set_back(&server, &copy, told)?;
        a.reload().await?;
        a.unlock(PASSPHRASE).await?;
        a.synced().await?;
        let fresh = join(stage, &format!("fresh-{n}"), &server, &code).await?;
        has_all(&fresh, &names).await?;
        fresh.close().await?;
        b.open_unlocked("", PASSPHRASE).await?;
        has_all(&b, &names).await?;
        equal(&a, &b).await?;
        let word = if told { "with" } else { "without" };
        shown(&format!("set back {word} the restore command, the server was healed by A alone"));
    }
    Ok(Verdict::Shown)
}

async fn add(device: &Device, name: &str) -> Outcome {
    device.add_customer(&NewCustomer { name, ..NewCustomer::default() }).await
}

fn set_back(server: &Server, copy: &std::path::Path, told: bool) -> Outcome {
    server.kill()?;
    server.put_back(copy)?;
    if told {
        server.restore()?;
    }
    server.again()
}

async fn has_all(device: &Device, names: &[String]) -> Outcome {
    for name in names {
        device.search_finds_too(name, name).await?;
    }
    device.customers_are(names.len()).await
}

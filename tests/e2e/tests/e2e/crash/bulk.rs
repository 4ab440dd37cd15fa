//! Long work is killed in the middle: bringing in files, sending them, and a first sync.

use super::{PASSPHRASE, chances, found, in_turn};
use satchel_e2e::device::Device;
use satchel_e2e::dice::Dice;
use satchel_e2e::failure::ensure;
use satchel_e2e::gate::Mode;
use satchel_e2e::hands::{LONG, spot};
use satchel_e2e::samples;
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::path::Path;
use std::time::Duration;

/// Kills of each kind in the short run; in the long run they are a quarter of what is asked for.
const FEW: usize = 2;
/// Rows of each file.
const ROWS: usize = 1_000;
/// Slow enough for a kill to find something under way, in bytes a second.
const SLOW: Mode = Mode::Slow(150_000);
/// How long after its beginning work is killed at the latest.
const IMPORT: Duration = Duration::from_millis(450);
const TRANSFER: Duration = Duration::from_secs(4);

/// Kills an import, a push and a first sync at random moments. What an import had made durable stays, the
/// same file again brings the rest and doubles nothing; push and pull go on where they were.
pub(crate) async fn long_work_goes_on_after_a_kill(stage: &Stage) -> Outcome<Verdict> {
    let (_server, gate) = stage.gated().await?;
    let (a, code) = found(stage, "A", &gate.url()).await?;
    a.synced().await?;
    a.served_offline().await?;
    let (kills, mut dice) = chances(stage, FEW * 4);
    let kills = kills.div_ceil(4);
    gate.set(Mode::Nobody)?;
    for n in 0..kills {
        let file = samples::numbered(&stage.folder().join("files"), &format!("F{n}x"), ROWS)?;
        import_killed(&a, n, &file, &mut dice).await.map_err(|failure| format!("import {n}: {failure}"))?;
    }
    let all = kills * ROWS;
    shown(&format!("{kills} imports were killed and brought in again: {all} customers, none twice"));
    gate.set(SLOW)?;
    let met = killed_under_way(&a, kills, &mut dice).await?;
    gate.set(Mode::Through)?;
    whole(&a, all).await?;
    shown(&format!("killed {kills} times while sending, {met} times with something left to send"));
    let b = stage.device_with("B", Language::En, &gate.url(), super::BREAKABLE)?;
    b.open("").await?;
    b.served_offline().await?;
    gate.set(SLOW)?;
    b.join_workspace(&code, PASSPHRASE).await?;
    let met = killed_under_way(&b, kills, &mut dice).await?;
    gate.set(Mode::Through)?;
    whole(&b, all).await?;
    shown(&format!(
        "killed {kills} times in a first sync, {met} times before its end: {all} customers on both"
    ));
    Ok(Verdict::Shown)
}

/// Brings in a file, is killed meanwhile, comes back, and brings it in again.
async fn import_killed(device: &Device, n: usize, file: &Path, dice: &mut Dice) -> Outcome {
    device.inspect(&[file], LONG).await?;
    device.tap(&spot("button", device.words().stem("import.act.import")?).starts()).await?;
    tokio::time::sleep(dice.within(IMPORT)).await;
    device.wreck(in_turn(n)).await?;
    device.open_unlocked("", PASSPHRASE).await?;
    let kept = device.customer_count().await? - n * ROWS;
    let counts = device.import(&[file]).await?;
    note(&format!("{:?} killed with {kept} of {ROWS} brought in; again: {counts:?}", in_turn(n)));
    ensure(counts.created + kept == ROWS && counts.created + counts.unchanged == ROWS, || {
        format!("{kept} were kept, and again: {counts:?}")
    })?;
    device.customers_are((n + 1) * ROWS).await
}

/// Kills the device again and again while it syncs; how often it was not done yet.
async fn killed_under_way(device: &Device, kills: usize, dice: &mut Dice) -> Outcome<usize> {
    let mut met = 0;
    for n in 0..kills {
        tokio::time::sleep(dice.within(TRANSFER)).await;
        let word = device.sync_word().await?;
        met += usize::from(word != device.word("shell.sync.synced")?);
        device.wreck(in_turn(n)).await?;
        device.open_unlocked("", PASSPHRASE).await?;
    }
    Ok(met)
}

/// Waits until everything is synced, and counts.
async fn whole(device: &Device, all: usize) -> Outcome {
    device.synced().await?;
    device.customers_are(all).await?;
    let records = device.record_count().await?;
    ensure(records == all, || format!("{records} records on {} instead of {all}", device.name()))
}

//! Long work is killed in the middle: bringing in files, sending them, and a first sync.

use super::{PASSPHRASE, agree, chances, found, in_turn};
use satchel_e2e::device::Device;
use satchel_e2e::dice::Dice;
use satchel_e2e::failure::ensure;
use satchel_e2e::gate::Mode;
use satchel_e2e::hands::LONG;
use satchel_e2e::samples;
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::path::Path;
use std::time::Duration;

/// Kills of each kind in the short run; in the long run they are a fifth of what is asked for.
const FEW: usize = 2;
/// Rows of each file.
const ROWS: usize = 1_000;
/// Slow enough for a kill to find something under way, in bytes a second.
const SLOW: Mode = Mode::Slow(150_000);
/// How long after its beginning work is killed at the latest.
const IMPORT: Duration = Duration::from_millis(450);
const UNDO: Duration = Duration::from_millis(1_500);
const TRANSFER: Duration = Duration::from_secs(4);

/// Kills an import, an undo of one, a push and a first sync at random moments, and what a device does with
/// its store when it is idle. What an import had made durable stays, the same file again brings the rest and
/// doubles nothing; an undo of a whole import is whole or absent; push and pull go on where they were.
pub(crate) async fn long_work_goes_on_after_a_kill(stage: &Stage) -> Outcome<Verdict> {
    let (_server, gate) = stage.gated().await?;
    let (a, code) = found(stage, "A", &gate.url()).await?;
    a.synced().await?;
    a.served_offline().await?;
    let (kills, mut dice) = chances(stage, FEW * 5);
    let kills = kills.div_ceil(5);
    gate.set(Mode::Nobody)?;
    let all = imports_killed(stage, &a, kills, &mut dice).await?;
    let all = undos_killed(stage, &a, kills, all, &mut dice).await?;
    gate.set(SLOW)?;
    let met = killed_under_way(&a, kills, &mut dice).await?;
    gate.set(Mode::Through)?;
    whole(&a, all).await?;
    shown(&format!("killed {kills} times while sending, {met} times with something left to send"));
    killed_under_way(&a, kills, &mut dice).await?;
    whole(&a, all).await?;
    shown(&format!("killed {kills} times while it had nothing to do but to tidy its store"));
    let b = stage.device_with("B", Language::En, &gate.url(), super::BREAKABLE)?;
    b.open("").await?;
    b.served_offline().await?;
    gate.set(SLOW)?;
    b.join_workspace(&code, PASSPHRASE).await?;
    let met = killed_under_way(&b, kills, &mut dice).await?;
    gate.set(Mode::Through)?;
    whole(&b, all).await?;
    let records = agree(&a, &b).await?;
    shown(&format!(
        "killed {kills} times in a first sync, {met} times before its end: {records} records on both"
    ));
    Ok(Verdict::Shown)
}

/// How many customers there are afterwards.
async fn imports_killed(stage: &Stage, device: &Device, kills: usize, dice: &mut Dice) -> Outcome<usize> {
    for n in 0..kills {
        let file = samples::numbered(&stage.folder().join("files"), &format!("F{n}x"), ROWS, 0)?;
        import_killed(device, n, &file, dice).await.map_err(|failure| format!("import {n}: {failure}"))?;
    }
    shown(&format!(
        "{kills} imports were killed and brought in again: {} customers, none twice",
        kills * ROWS
    ));
    Ok(kills * ROWS)
}

/// Brings in a file and takes it back, which is one intent of many records; how many customers are left.
async fn undos_killed(
    stage: &Stage,
    device: &Device,
    kills: usize,
    mut all: usize,
    dice: &mut Dice,
) -> Outcome<usize> {
    let mut absent = 0;
    for n in 0..kills {
        let file = samples::numbered(&stage.folder().join("files"), &format!("U{n}x"), ROWS, 0)?;
        device.import(&[&file]).await?;
        device.press(device.word("import.report.undo")?).await?;
        tokio::time::sleep(dice.within(UNDO)).await;
        device.wreck(in_turn(n)).await?;
        device.open_unlocked("", PASSPHRASE).await?;
        let left = device.customer_count().await?;
        ensure([all, all + ROWS].contains(&left), || {
            format!("undo {n} is half done: {all} before, {left} left")
        })?;
        absent += usize::from(left == all);
        all = left;
    }
    shown(&format!("{kills} undos of {ROWS} records each were killed: {absent} whole, the others absent"));
    Ok(all)
}

/// Brings in a file, is killed meanwhile, comes back, and brings it in again.
async fn import_killed(device: &Device, n: usize, file: &Path, dice: &mut Dice) -> Outcome {
    device.inspect(&[file], LONG).await?;
    device.begin_to_bring_in().await?;
    tokio::time::sleep(dice.within(IMPORT)).await;
    device.wreck(in_turn(n)).await?;
    device.open_unlocked("", PASSPHRASE).await?;
    let found = device.customer_count().await?;
    let kept = found.checked_sub(n * ROWS).ok_or(format!("{found} customers are left"))?;
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
    device.customers_are(all).await
}

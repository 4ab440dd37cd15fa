//! Somebody writes; the tab or the browser dies.

use super::{PASSPHRASE, chances, found, holds, in_turn, join};
use satchel_e2e::device::Device;
use satchel_e2e::dice::Dice;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::LONG;
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::witness::{Heard, Witness};
use satchel_e2e::{Outcome, Verdict};
use std::time::Duration;

/// Kills in the short run.
const FEW: usize = 4;
/// How long somebody writes at most before a kill that is aimed at nothing.
const LONGEST: Duration = Duration::from_millis(2_500);
/// How long after the button was pressed the kill comes at the latest, when it is aimed at a commit.
const COMMIT: Duration = Duration::from_millis(12);

/// Kills the tab and the browser at random moments while a person writes. After each: it unlocks, what was
/// said to be saved is there and opens, and an intent of two records is whole or absent. At the end a
/// second device has all of it.
pub(crate) async fn what_was_said_to_be_saved_is_there(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (device, code) = found(stage, "A", &server.url()).await?;
    let (kills, mut dice) = chances(stage, FEW);
    let (mut records, mut saved) = (0, 0);
    for n in 0..kills {
        let (heard, left) =
            killed_once(&device, n, &mut dice).await.map_err(|failure| format!("kill {n}: {failure}"))?;
        records += 1 + left;
        saved += heard.saved;
    }
    shown(&format!(
        "{kills} kills, {saved} times \"saved\": all there, {records} records, none of them half"
    ));
    holds(&device, records).await?;
    device.synced().await?;
    let other = join(stage, "B", &server, &code).await?;
    holds(&other, records).await?;
    shown("all of them are on a second device");
    Ok(Verdict::Shown)
}

/// Writes until the kill, comes back, and reads what is left: what was heard, and how many records.
async fn killed_once(device: &Device, n: usize, dice: &mut Dice) -> Outcome<(Heard, usize)> {
    let (name, mark) = (format!("Patient {n}"), format!("K{n}"));
    device.add_customer(&NewCustomer { name: &name, ..NewCustomer::default() }).await?;
    let id = device.customer_id().await?;
    let witness = Witness::open().await?;
    device.write_on(&witness, &id, &mark).await?;
    moment(&witness, n, dice).await?;
    device.wreck(in_turn(n)).await?;
    let heard = witness.heard();
    device.may_speak().await?;
    device.open_unlocked("", PASSPHRASE).await?;
    let left = device.read_left(&id, &mark, &heard).await?;
    note(&format!("{:?} killed at {heard:?}; left: {left:?}", in_turn(n)));
    left.fits(&heard)?;
    Ok((heard, left.records()))
}

/// Waits for the moment of the kill: anywhere, or within a commit.
async fn moment(witness: &Witness, n: usize, dice: &mut Dice) -> Outcome {
    if n % 4 < 2 {
        let some = witness.until(LONG, |heard| heard.tried > 0).await?;
        ensure(some.failed == 0, || format!("{some:?}"))?;
        tokio::time::sleep(dice.within(LONGEST)).await;
    } else {
        let at = 1 + usize::try_from(dice.below(9)).unwrap_or_default();
        witness.until(LONG, |heard| heard.tried >= at).await?;
        tokio::time::sleep(dice.within(COMMIT)).await;
    }
    Ok(())
}

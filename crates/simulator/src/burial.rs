//! The trash is emptied after a month, graves go after half a year, and somebody was away for longer.

use crate::device::Device;
use crate::disk::Disk;
use crate::oracle::{Oracle, Place, Violation, marks, require};
use crate::plan::Fault;
use crate::probe::Shown;
use crate::tab::{Open, Tab, passing};
use crate::world::World;
use satchel_domain::{Record, RecordId};
use satchel_replica::{Phase, ReplicaError, Status, TRASH_MS};
use std::collections::BTreeSet;

const DAY_MS: u64 = 24 * 3_600_000;
/// So often does a tab that is in sync look through the trash, ms.
const EMPTY_EVERY_MS: u64 = 3_600_000;

/// Weeks go by, or half a year; somebody may be away meanwhile.
pub(crate) fn time_goes_by(world: &World, traveller: &Device) {
    if !world.hits(Fault::Purge, 100) {
        return;
    }
    let days = world.pick(&[16, 31, 31, 60, 181]).unwrap_or(31);
    if world.below(2) == 0 {
        let away = days + world.below(60);
        traveller.offline_until.set(world.now() + away * DAY_MS);
        world.note("device {} is away for {} days", &[traveller.place, away]);
    }
    world.note("{} days go by", &[days]);
    world.time.leap(days * DAY_MS);
}

/// Once in a while, when everything is in sync, what was in the trash for long is erased for good.
pub(crate) async fn empty_trash(world: &World, tab: &Tab, open: &Open, status: &Status) {
    let due = !world.calm.get()
        && world.plan.faults.has(Fault::Purge)
        && world.now() >= open.emptied_ms.get() + EMPTY_EVERY_MS;
    if !due || status.phase != Phase::Synced {
        return;
    }
    open.emptied_ms.set(world.now());
    let known: Vec<_> = tab.device.disk.known.borrow().iter().copied().collect();
    let wall = tab.device.wall(world.now());
    let Some(old) = old(world, &tab.device.disk, open, &known).await else { return };
    // It may be killed when all is written and nothing told.
    world.oracle.borrow_mut().buried.extend(&old);
    match open.replica.erase(&known, wall).await {
        Ok(erased) => {
            let ids: BTreeSet<_> = erased.iter().map(|one| one.id).collect();
            world.oracle.borrow_mut().bury(&old, &ids);
            world.note("tab {} erases {} records", &[tab.owner, erased.len() as u64]);
        }
        // Another tab was faster.
        Err(ReplicaError::Missing(_)) => {}
        Err(error) => world.check(passing(world, &error)),
    }
}

/// What may be erased now, with everything in it. Nothing unsent is: who edited it keeps it.
async fn old(world: &World, disk: &Disk, open: &Open, known: &[RecordId]) -> Option<Vec<Place>> {
    let (Ok(records), Ok(waiting)) = (open.replica.records(known).await, open.replica.waiting_ids().await)
    else {
        return None;
    };
    let aside = disk.aside.borrow().clone();
    let old = records
        .iter()
        .filter(|(id, record)| is_old(record, world.now()) && !waiting.contains(id) && !aside.contains(id));
    Some(old.flat_map(|(id, record)| marks(record).into_iter().map(|intent| (*id, intent))).collect())
}

/// As the replica has it, and a day more: what it believes of the time may be a little off.
fn is_old(record: &Record, now: u64) -> bool {
    record.deleted_at().is_some_and(|at| at.ms.saturating_add(TRASH_MS) <= now + DAY_MS)
}

/// Invariant 14: what was erased stays so, unless somebody edited it who did not know, or asked for it because nobody
/// had told her device that her edit had arrived before. Who believes by a wrong clock that it was not away for long
/// offers again what it does not find.
pub(crate) fn stays_buried(oracle: &Oracle, shown: &Shown) -> Result<(), Violation> {
    let edited = |id| {
        let deeds = oracle.deeds.get(id);
        deeds.is_none_or(|deeds| deeds.keys().any(|intent| !oracle.buried.contains(&(*id, *intent))))
    };
    let erased = |id: &RecordId| oracle.erased.contains(id) && !oracle.asked_back.contains(id);
    let back = shown.records.keys().find(|id| erased(id) && !edited(*id));
    require(back.is_none() || oracle.put_back || oracle.wrong_clocks, 14, || {
        format!("{} was erased and is back", back.expect("there is one").to_hex())
    })
}

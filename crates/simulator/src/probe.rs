//! Looking at a disk or at the server from outside, without disturbing either.

use crate::cloud::Cloud;
use crate::device::Device;
use crate::dice::Dice;
use crate::keys::keys;
use crate::oracle::{Oracle, Place, Violation, marks, require};
use crate::run::at_once;
use crate::world::World;
use satchel_domain::{Record, RecordId};
use satchel_replica::{MemoryStore, Replica, Store, StoredRow, to_domain};
use satchel_wire::{Envelope, Stream};
use std::collections::{BTreeMap, BTreeSet};

/// More rows than any disk of a run holds.
const ALL: usize = 100_000;

/// What a device would show if it were opened now, and what it has set aside.
pub(crate) struct Shown {
    pub(crate) records: BTreeMap<RecordId, Record>,
    pub(crate) set_aside: BTreeSet<RecordId>,
}

/// Opens a copy of the device's disk.
pub(crate) fn shown(world: &World, device: &Device) -> Shown {
    let keys = keys(device.number.get(), device.epoch.get(), Dice::new(world.plan.seed));
    let mut records = BTreeMap::new();
    let set_aside = at_once(async {
        let replica = Replica::open(device.disk.content().copied(), keys).await.expect("a copy opens");
        replica.open_all(|some| records.extend(some)).await.expect("a copy can be read");
        records.retain(|_, record: &mut Record| !record.is_grave());
        replica.set_aside()
    });
    Shown { records, set_aside: set_aside.into_iter().map(|(id, _)| id).collect() }
}

/// Every intent that some member's disk or the server holds.
pub(crate) fn held(world: &World) -> BTreeSet<Place> {
    let mut held = BTreeSet::new();
    let mut oracle = world.oracle.borrow_mut();
    for row in world.cloud.borrow().all_rows() {
        hold(&mut oracle, &row.envelope, &mut held);
    }
    for device in world.members() {
        for row in rows(&device.disk.content()) {
            envelopes(&row).into_iter().for_each(|envelope| hold(&mut oracle, envelope, &mut held));
        }
    }
    drop(oracle);
    for device in world.members() {
        for (id, record) in shown(world, &device).records {
            held.extend(marks(&record).into_iter().map(|intent| (id, intent)));
        }
    }
    held
}

/// Invariant 4: whatever the server has up to this number is here, or came with something later.
pub(crate) fn no_hole(world: &World, device: &Device, cloud: &Cloud, seq: u64) -> Result<(), Violation> {
    let shown = shown(world, device);
    let mut oracle = world.oracle.borrow_mut();
    for row in cloud.rows().filter(|row| row.seq <= seq && row.envelope.header.stream == Stream::State) {
        let id = to_domain(row.envelope.header.record);
        let Some(there) = oracle.open(&row.envelope).filter(|_| !shown.set_aside.contains(&id)) else {
            continue;
        };
        let here = shown.records.get(&id).map(marks).unwrap_or_default();
        let lacks = marks(&there).into_iter().find(|intent| !here.contains(intent));
        let here = lacks.is_none_or(|_| oracle.erased_here(id, &marks(&there)));
        require(here, 4, || {
            format!("device {} has read up to {seq} and lacks number {}", device.place, row.seq)
        })?;
    }
    Ok(())
}

fn hold(oracle: &mut Oracle, envelope: &Envelope, held: &mut BTreeSet<Place>) {
    if let Some(record) =
        Some(envelope).filter(|one| one.header.stream == Stream::State).and_then(|one| oracle.open(one))
    {
        let id = to_domain(envelope.header.record);
        held.extend(marks(&record).into_iter().map(|intent| (id, intent)));
    }
}

/// What of the history is set aside: no person offers it again.
pub(crate) fn history_aside(device: &Device) -> BTreeSet<RecordId> {
    let rows = rows(&device.disk.content()).into_iter();
    let aside = rows.filter(|row| row.is_set_aside() && row.envelope.header.stream == Stream::History);
    aside.map(|row| to_domain(row.id)).collect()
}

/// Whether all outboxes are empty.
pub(crate) fn nothing_waits(world: &World) -> bool {
    world.members().iter().all(|device| {
        let counts = at_once(device.disk.content().counts()).expect("memory can be read");
        counts.waiting + counts.pages.waiting == 0
    })
}

/// The loose rows of a disk.
pub(crate) fn rows(store: &MemoryStore) -> Vec<StoredRow> {
    at_once(store.scan(None, ALL)).expect("memory can be read")
}

/// What a row holds that its device can open: a version that it could not merge is not in its hands yet.
fn envelopes(row: &StoredRow) -> Vec<&Envelope> {
    let base = row.state.base().map(|base| &base.envelope);
    [Some(&row.envelope), base].into_iter().flatten().collect()
}

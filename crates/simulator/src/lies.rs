//! A server that lies: it leaves rows out, exchanges what is in them, says older ones again, shows two faces.

use crate::plan::Fault;
use crate::world::World;
use satchel_wire::{Changes, DeviceId, Digest, Envelope, Etag, Incarnation, RecordId, Row, SpaceId, Stream};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody sees who asks for changes, in so many of a thousand answers.
const OFTEN: u64 = 60;

/// What has been altered, so that some of it stays so for a while.
#[derive(Default)]
pub(crate) struct Lies {
    /// Bytes that come altered to one device, so many times more.
    sticking: BTreeMap<(u64, Etag), u64>,
    /// Versions beside whose bytes something was altered: not twice, because no digest tells.
    beside: BTreeSet<Etag>,
}

/// Makes a page of changes say something else than what the server holds, to the device at this place.
pub(crate) fn told(world: &World, place: u64, changes: &mut Changes) {
    if world.hits(Fault::Withhold, OFTEN) {
        world.note("        the server leaves rows out", &[]);
        changes.rows.retain(|_| world.below(2) == 0);
        lied(world);
    }
    if world.hits(Fault::Replay, OFTEN) {
        replay(world, &mut changes.rows);
    }
    if world.plan.faults.has(Fault::Swap) && !world.calm.get() {
        spoil_again(world, place, &mut changes.rows);
    }
    if world.hits(Fault::Swap, 2 * OFTEN) {
        swap(world, place, &mut changes.rows, changes.space.epoch);
    }
}

/// Whether a person is asked once too often is judged no more: what comes is not what was sent.
fn lied(world: &World) {
    world.oracle.borrow_mut().put_back = true;
}

fn one_of(world: &World, rows: &[Row]) -> usize {
    usize::try_from(world.below(rows.len() as u64)).unwrap_or(0)
}

fn replay(world: &World, rows: &mut [Row]) {
    let which = one_of(world, rows);
    let Some(row) = rows.get_mut(which) else { return };
    let older = world.oracle.borrow().older(row.envelope.header.record);
    if let Some(older) = world.pick(&older) {
        world.note("        the server says an older version of number {}", &[row.seq]);
        row.envelope = older;
        lied(world);
    }
}

fn spoil_again(world: &World, place: u64, rows: &mut [Row]) {
    let mut lies = world.lies.borrow_mut();
    for row in rows {
        let left = lies.sticking.get_mut(&(place, row.envelope.etag())).filter(|left| **left > 0);
        if let Some(left) = left {
            *left -= 1;
            spoil(&mut row.envelope);
        }
    }
}

fn spoil(envelope: &mut Envelope) {
    envelope.ciphertext.iter_mut().take(1).for_each(|byte| *byte ^= 1);
}

fn swap(world: &World, place: u64, rows: &mut [Row], epoch: u32) {
    let (one, other, what) = (one_of(world, rows), one_of(world, rows), world.below(8));
    let Some(row) = rows.get_mut(one) else { return };
    world.note("        the server exchanges in number {}: {}", &[row.seq, what]);
    lied(world);
    let etag = row.envelope.etag();
    match what {
        0 if one != other => {
            let ours = std::mem::take(&mut row.envelope.ciphertext);
            let theirs = std::mem::replace(&mut rows[other].envelope.ciphertext, ours);
            rows[one].envelope.ciphertext = theirs;
        }
        0..3 => {
            world.lies.borrow_mut().sticking.insert((place, etag), 1 + world.below(4));
            spoil(&mut row.envelope);
        }
        _ if world.lies.borrow_mut().beside.insert(etag) => alter(&mut row.envelope, what, epoch),
        _ => {}
    }
}

fn alter(envelope: &mut Envelope, what: u64, epoch: u32) {
    let header = &mut envelope.header;
    match what {
        3 => header.epoch = if header.epoch > 1 { header.epoch - 1 } else { epoch + 1 },
        4 => header.stream = if header.stream == Stream::State { Stream::Grave } else { Stream::State },
        5 => header.space = SpaceId([6; 16]),
        6 => header.device = DeviceId(header.device.0 ^ 1),
        _ => header.replaces = header.replaces.map_or(Some(Etag([7; 32])), |_| None),
    }
}

/// Every version of each record that the server has ever stored.
#[derive(Default)]
pub(crate) struct Versions(BTreeMap<RecordId, Vec<Envelope>>);

impl Versions {
    pub(crate) fn note(&mut self, envelope: &Envelope) {
        self.0.entry(envelope.header.record).or_default().push(envelope.clone());
    }

    /// All but the newest.
    pub(crate) fn older(&self, record: RecordId) -> Vec<Envelope> {
        let all = self.0.get(&record).map_or(&[][..], Vec::as_slice);
        all[..all.len().saturating_sub(1)].to_vec()
    }
}

/// What the server has said of all that it holds, by log, number and floor.
#[derive(Default)]
pub(crate) struct Roots {
    said: BTreeMap<(Incarnation, u64, u64), BTreeSet<Etag>>,
    /// Somebody was told of two that contradict each other.
    pub(crate) told: bool,
}

impl Roots {
    pub(crate) fn note(&mut self, digest: &Digest) {
        let place = (digest.space.incarnation, digest.space.head, digest.space.purge_floor);
        self.said.entry(place).or_default().insert(digest.root);
    }

    /// Whether two answers contradict each other.
    pub(crate) fn are_forked(&self) -> bool {
        self.said.values().any(|roots| roots.len() > 1)
    }
}

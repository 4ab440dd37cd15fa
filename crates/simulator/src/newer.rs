//! A member with a newer app, and rows that nobody can read.

use crate::cloud::Cloud;
use crate::keys::{SPACE, keyring};
use crate::line::stored;
use crate::oracle::Intent;
use crate::person::{mark, text};
use crate::world::World;
use satchel_domain::{Clock, DeviceId, Kind, Record, RecordId, Stamp, Value, Write, apply, create};
use satchel_replica::to_domain;
use satchel_vault::{NoEntropy, seal_record};
use satchel_wire::{self as wire, Envelope, Etag, Push, PushMode, Seen, Stream};
use std::rc::Rc;

/// The newer app's device.
const NEWER: u64 = 9_000;
/// The entry beside fields and sets that only the newer app knows.
pub(crate) const UNKNOWN: &str = "deals";

/// Changes a record, or makes one of a kind that is not known here. Its clock's counter is about to overflow.
pub(crate) fn write(world: &Rc<World>) {
    let intent = world.oracle.borrow_mut().intent();
    let mut rows: Vec<_> = world.cloud.borrow().rows().cloned().collect();
    rows.retain(|row| row.envelope.header.stream == Stream::State);
    rows.retain(|row| !world.oracle.borrow().spoiled.contains(&to_domain(row.envelope.header.record)));
    let old = world.pick(&rows).filter(|_| world.below(3) > 0);
    let opened = old.as_ref().and_then(|row| world.oracle.borrow_mut().open(&row.envelope));
    let record = written(opened, intent, world.now());
    let (id, replaces) = match old {
        Some(row) => (row.envelope.header.record, Some(row.envelope.etag())),
        None => (fresh_id(world), None),
    };
    let Some(envelope) = sealed(world, id, &record, replaces) else { return };
    world.oracle.borrow_mut().learn_record(to_domain(id), &record, world.now(), None);
    world.note("a newer app: intent {}", &[intent.unsigned_abs()]);
    if push(world, envelope) {
        world.check(world.oracle.borrow_mut().save(to_domain(id), intent));
    }
}

fn written(old: Option<Record>, intent: Intent, now: u64) -> Record {
    let mut clock = Clock::new(DeviceId(NEWER));
    clock.observe(Stamp { ms: now, counter: u16::MAX - 2, device: DeviceId(NEWER), nth: 0 });
    let field = "x-stage".to_owned();
    let writes = vec![mark(intent), Write::Set { field, value: text(intent) }];
    let mut record = match old {
        Some(mut record) => {
            apply(&mut record, writes, &mut clock, now);
            record
        }
        None => create(Kind::Unknown("deal".to_owned()), writes, &mut clock, now),
    };
    let entry = record.unknown.entry(UNKNOWN.to_owned()).or_insert_with(|| Value::Map(Default::default()));
    if let Value::Map(entries) = entry {
        entries.insert(intent.to_string(), text(intent));
    }
    record
}

fn fresh_id(world: &World) -> wire::RecordId {
    let mut id = [0; 16];
    world.dice.borrow_mut().fill(&mut id);
    wire::RecordId(id)
}

fn sealed(world: &World, id: wire::RecordId, record: &Record, replaces: Option<Etag>) -> Option<Envelope> {
    let keyring = keyring(world.cloud.borrow().epoch());
    let key = keyring.newest(SPACE)?;
    let header = key.header(id, Stream::State, replaces, wire::DeviceId(NEWER));
    let mut entropy = |bytes: &mut [u8]| {
        world.dice.borrow_mut().fill(bytes);
        Ok::<_, NoEntropy>(())
    };
    seal_record(key, header, &record.to_bytes(), &mut entropy).ok()
}

fn push(world: &World, envelope: Envelope) -> bool {
    let mut cloud = world.cloud.borrow_mut();
    let push = of_one(&cloud, envelope);
    let answer = cloud.push(&push, world.now());
    let answer = stored(world, &mut cloud, answer);
    answer.is_ok_and(|answer| matches!(answer.verdicts[..], [wire::Verdict::Accepted { .. }]))
}

fn of_one(cloud: &Cloud, envelope: Envelope) -> Push {
    Push {
        push_id: 0,
        incarnation: Some(cloud.incarnation()),
        epoch: cloud.epoch(),
        seen: Seen { seq: cloud.head(), root: None },
        mode: PushMode::Each,
        writes: vec![envelope],
    }
}

/// A new record that opens for nobody.
pub(crate) fn spoil(world: &World) {
    let id = fresh_id(world);
    let record = Record::new(Kind::Partner);
    let Some(mut envelope) = sealed(world, id, &record, None) else { return };
    if let Some(last) = envelope.ciphertext.last_mut() {
        *last ^= 1;
    }
    world.oracle.borrow_mut().spoiled.insert(RecordId(id.0));
    world.note("a row that nobody can read", &[]);
    push(world, envelope);
}

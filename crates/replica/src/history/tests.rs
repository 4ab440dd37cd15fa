//! Chains as they should be, and what is told when they are not.

use super::chunk::{Chunk, Kin, Read, signed};
use super::meet::{AUTHORS, named};
use super::*;
use crate::sealer::tests::keys;
use crate::{Changeset, LocalItem, LocalPut, MemoryStore, Put, Replica, RowState, Version};
use satchel_domain::{Entry, RecordId, Stamp, Value, Why};
use satchel_wire::Etag;
use serde_bytes::ByteBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const RECORD: RecordId = RecordId([9; 16]);
const AUTHOR: DeviceId = DeviceId(2);

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a store in memory does not wait"),
    }
}

fn entry(at: u64) -> Entry {
    let device = satchel_domain::DeviceId(AUTHOR.0);
    Entry {
        record: RECORD,
        field: "note".into(),
        element: None,
        before: Value::Null,
        after: Some(Value::Int(at as i64)),
        stamp: Stamp { ms: at, counter: 0, device, nth: 0 },
        why: Why::Edited,
        brought: None,
    }
}

/// A chain of another device as it should be: four chunks with one entry each.
fn sound() -> Vec<Chunk> {
    let mut prev = None;
    let chunk = |number| {
        let mut chunk = Chunk::new(AUTHOR, number, prev);
        chunk.entries.push(ByteBuf::from(entry(number.into()).to_bytes()));
        prev = Some(Etag::of(&chunk.body()));
        chunk
    };
    (1..=4).map(chunk).collect()
}

/// Another account device's hand on the disk of this one.
struct World {
    replica: Replica<MemoryStore>,
}

impl World {
    fn new() -> Self {
        let store = MemoryStore::default();
        let replica = block_on(Replica::open(store, keys(3))).expect("opens");
        let key = named(AUTHORS, AUTHOR);
        let item = LocalPut::Set(LocalItem { sealed: Vec::new(), key });
        let marked = Changeset { locals: vec![item], ..Changeset::default() };
        block_on(replica.commit(marked)).expect("commits");
        Self { replica }
    }

    /// Puts a chunk in the place of this number, signed by a device.
    fn lay(&self, number: u32, chunk: &Chunk, signer: DeviceId) {
        let sealer = &self.replica.sealer;
        let body = chunk.body();
        let signature = sealer.device_key(signer).sign_chunk(sealer.space, &body);
        let id = chunk_id(sealer.space, AUTHOR, number);
        let envelope = sealer.seal_chunk(id, &signed(body, signature), None).expect("seals");
        let at = Version { etag: envelope.etag(), seq: number.into(), era: 1, received_ms: 1_000_000 };
        let there = block_on(self.replica.store.get(&[id])).expect("reads");
        let expected = there.first().map(|row| row.version);
        let rows = vec![Put::new(id, expected, envelope, RowState::Synced(at))];
        block_on(self.replica.commit(Changeset { rows, ..Changeset::default() })).expect("commits");
    }

    /// What is told: which entry, and what is wrong with it.
    fn told(&self) -> Vec<(u64, Option<Break>)> {
        let told = block_on(self.replica.history(RECORD)).expect("reads");
        told.into_iter().map(|told| (told.entry.stamp.ms, told.broken)).collect()
    }
}

fn laid(chunks: &[Chunk]) -> World {
    let world = World::new();
    for chunk in chunks {
        world.lay(chunk.number, chunk, AUTHOR);
    }
    world
}

#[test]
fn a_sound_chain_is_vouched_for() {
    assert_eq!(laid(&sound()).told(), [(1, None), (2, None), (3, None), (4, None)]);
}

#[test]
fn what_was_done_to_a_chain_is_told_with_the_entries_and_hides_none() {
    let (signature, gap, chain) = (Some(Break::Signature), Some(Break::Gap), Some(Break::Chain));
    type Spoil = fn(&World, Vec<Chunk>);
    let altered: Spoil = |world, mut chunks| {
        // Its device signed it before: to others, who cannot sign, this is all that can be done.
        chunks[1].entries = vec![ByteBuf::from(entry(20).to_bytes())];
        world.lay(2, &chunks[1], DeviceId(7));
    };
    let resigned: Spoil = |world, chunks| world.lay(3, &chunks[2], DeviceId(7));
    let rewritten: Spoil = |world, mut chunks| {
        chunks[1].entries.push(ByteBuf::from(entry(20).to_bytes()));
        world.lay(2, &chunks[1], AUTHOR);
    };
    let dropped: Spoil = |world, chunks| {
        // A row never goes, but one that cannot be read is as good as gone.
        world.lay(2, &chunks[2], AUTHOR);
    };
    let reordered: Spoil = |world, mut chunks| {
        let (two, three) = (chunks[1].entries.clone(), chunks[2].entries.clone());
        (chunks[1].entries, chunks[2].entries) = (three, two);
        world.lay(2, &chunks[1], AUTHOR);
        world.lay(3, &chunks[2], AUTHOR);
    };
    let doubled: Spoil = |world, chunks| world.lay(4, &chunks[2], AUTHOR);
    let begun_anew: Spoil = |world, mut chunks| {
        chunks[2].prev = None;
        world.lay(3, &chunks[2], AUTHOR);
    };
    let cases = [
        ("altered", altered, vec![(1, None), (3, chain), (4, None), (20, signature)]),
        ("signed by another device", resigned, vec![(1, None), (2, None), (3, signature), (4, None)]),
        (
            "rewritten by its own device",
            rewritten,
            vec![(1, None), (2, None), (3, chain), (4, None), (20, None)],
        ),
        ("dropped", dropped, vec![(1, None), (3, gap), (4, None)]),
        ("reordered", reordered, vec![(1, None), (2, chain), (3, None), (4, chain)]),
        ("doubled", doubled, vec![(1, None), (2, None), (3, None)]),
        ("begun anew", begun_anew, vec![(1, None), (2, None), (3, chain), (4, chain)]),
    ];
    for (what, spoil, expected) in cases {
        let world = laid(&sound());
        spoil(&world, sound());
        assert_eq!(world.told(), expected, "{what}");
        assert_eq!(world.told(), expected, "{what}, from memory");
        let before = laid(&sound());
        assert_eq!(before.told().len(), 4);
        spoil(&before, sound());
        assert_eq!(before.told(), expected, "{what}, after it was read once");
    }
}

#[test]
fn one_device_speaks_for_another_of_a_loss_only() {
    let world = World::new();
    let mut chunk = Chunk::new(AUTHOR, 1, None);
    let foreign = |why| {
        let mut foreign = entry(5);
        (foreign.stamp.device, foreign.why) = (satchel_domain::DeviceId(8), why);
        foreign
    };
    chunk.entries = vec![ByteBuf::from(foreign(Why::Edited).to_bytes())];
    world.lay(1, &chunk, AUTHOR);
    assert_eq!(world.told(), [(5, Some(Break::Signature))]);
    chunk.entries = vec![ByteBuf::from(foreign(Why::Lost).to_bytes())];
    world.lay(1, &chunk, AUTHOR);
    assert_eq!(world.told(), [(5, None)]);
}

#[test]
fn a_write_and_its_loss_are_told_once() {
    let world = World::new();
    let mut chunk = Chunk::new(AUTHOR, 1, None);
    let lost = Entry { why: Why::Lost, ..entry(5) };
    chunk.entries = [entry(5), lost.clone(), lost].map(|entry| ByteBuf::from(entry.to_bytes())).into();
    world.lay(1, &chunk, AUTHOR);
    let told = block_on(world.replica.history(RECORD)).expect("reads");
    assert_eq!(told.iter().map(|told| told.entry.why.clone()).collect::<Vec<_>>(), [Why::Lost]);
}

#[test]
fn a_time_in_the_future_is_told_as_the_record_tells_it() {
    let world = World::new();
    let mut chunk = Chunk::new(AUTHOR, 1, None);
    chunk.entries.push(ByteBuf::from(entry(9_000_000).to_bytes()));
    world.lay(1, &chunk, AUTHOR);
    assert_eq!(world.told(), [(satchel_domain::stamp::latest_allowed(1_000_000), None)]);
}

#[test]
fn a_long_chain_is_indexed_and_the_index_is_only_a_memory() {
    let world = World::new();
    let mut prev = None;
    for number in 1..=200 {
        let mut chunk = Chunk::new(AUTHOR, number, prev);
        let other = Entry { record: RecordId([1; 16]), ..entry(number.into()) };
        let told = if number % 50 == 0 { entry(number.into()) } else { other };
        chunk.entries.push(ByteBuf::from(told.to_bytes()));
        prev = Some(Etag::of(&chunk.body()));
        world.lay(number, &chunk, AUTHOR);
    }
    let expected: Vec<_> = [50, 100, 150, 200].map(|at| (at, None)).into();
    assert_eq!(world.told(), expected);
    assert_eq!(world.replica.chains.indexes.borrow()[&AUTHOR].len(), 199, "all but the end");
    let again = Replica::open(world.replica.store().clone(), keys(3));
    let again = World { replica: block_on(again).expect("opens") };
    assert_eq!(again.told(), expected);
    let key = named("history/index/", AUTHOR);
    block_on(again.replica.put_local(&key, b"not an index")).expect("writes");
    let afresh = Replica::open(world.replica.store().clone(), keys(3));
    assert_eq!(World { replica: block_on(afresh).expect("opens") }.told(), expected);
}

#[test]
fn a_chunk_grows_or_is_a_fork() {
    let chunks = sound();
    let mut grown = chunks[0].clone();
    grown.entries.push(ByteBuf::from(entry(7).to_bytes()));
    let mut other = chunks[0].clone();
    other.entries.push(ByteBuf::from(entry(8).to_bytes()));
    assert_eq!(chunks[0].kin(&grown), Kin::Grown);
    assert_eq!(chunks[0].kin(&chunks[0]), Kin::Grown);
    assert_eq!(grown.kin(&chunks[0]), Kin::Older);
    assert_eq!(grown.kin(&other), Kin::Forked);
    assert_eq!(chunks[0].kin(&chunks[1]), Kin::Forked);
}

#[test]
fn a_chunk_comes_back_from_its_bytes_and_nothing_else_does() {
    let chunk = sound().remove(1);
    let body = chunk.body();
    let bytes = signed(body.clone(), [7; 64]);
    assert_eq!(Read::from_bytes(&bytes), Ok(Read { chunk, body, signature: [7; 64] }));
    for cut in 0..bytes.len() {
        assert!(Read::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
    }
}

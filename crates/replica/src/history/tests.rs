//! Chains as they should be, and what is told when they are not.

use super::chunk::{Chunk, Kin, Read, signed};
use super::meet::{AUTHORS, named};
use super::*;
use crate::beside::Apart;
use crate::sealer::tests::keys;
use crate::{
    Base, Change, Changeset, Edit, LocalItem, LocalPut, MemoryStore, Put, Reason, Replica, RowState, Version,
};
use satchel_domain::{Entry, Kind, RecordId, Stamp, Value, Why, Write};
use satchel_wire::Etag;
use serde_bytes::ByteBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const RECORD: RecordId = RecordId([9; 16]);
const AUTHOR: DeviceId = DeviceId(2);
const OWN: DeviceId = DeviceId(1);
/// Of somebody who writes where only others should.
const MALLORY: DeviceId = DeviceId(9);

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

fn note(text: &str) -> Write {
    Write::Set { field: "note".into(), value: text.into() }
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
        let item = |author| LocalPut::Set(LocalItem { sealed: Vec::new(), key: named(AUTHORS, author) });
        let locals = vec![item(AUTHOR), item(MALLORY)];
        block_on(replica.commit(Changeset { locals, ..Changeset::default() })).expect("commits");
        Self { replica }
    }

    /// A person edits a note.
    fn edit(&self, change: Change) {
        block_on(self.replica.edit(&[Edit { id: RECORD, change }], 5_000)).expect("it is saved");
    }

    fn creates(&self) {
        self.edit(Change::Create(Kind::Partner, vec![note("first")]));
    }

    /// What lies in the place of a number of this device's own.
    fn own(&self, number: u32) -> Option<Read> {
        let id = chunk_id(self.replica.sealer.space, OWN, number);
        let row = block_on(self.replica.store.get(&[id])).expect("reads").pop()?;
        Some(self.replica.chunk_of(&row).expect("it reads"))
    }

    /// Puts a chunk in the place of this number, signed by a device.
    fn lay(&self, number: u32, chunk: &Chunk, signer: DeviceId) {
        let sealer = &self.replica.sealer;
        let body = chunk.body();
        let signature = sealer.device_key(signer).sign_chunk(sealer.space, &body);
        let id = chunk_id(sealer.space, chunk.device, number);
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

/// A chunk of this device's chain that somebody else made up: nobody vouches for it.
fn planted(number: u32, prev: Option<Etag>) -> Chunk {
    let mut chunk = Chunk::new(OWN, number, prev);
    let mut forged = entry(7);
    forged.stamp.device = satchel_domain::DeviceId(OWN.0);
    chunk.entries.push(ByteBuf::from(forged.to_bytes()));
    chunk
}

#[test]
fn what_somebody_else_laid_into_the_own_chain_is_not_signed_anew() {
    let world = World::new();
    world.creates();
    world.edit(Change::Write(vec![note("second")]));
    let first = world.own(1).expect("the edit is told");
    world.lay(2, &planted(2, Some(first.hash())), MALLORY);
    world.edit(Change::Write(vec![note("third")]));
    let second = world.own(2).expect("it stays");
    assert_eq!(second.chunk.entries.len(), 1, "nothing was written into it");
    assert!(!world.replica.sealer.is_signed(&second), "nor is it vouched for");
    assert!(world.replica.sealer.is_signed(&world.own(3).expect("the chain goes on behind it")));
    let broken: Vec<_> = world.told().into_iter().map(|(_, broken)| broken).collect();
    assert_eq!(broken.iter().filter(|broken| broken.is_none()).count(), 2, "{broken:?}");
    assert!(broken.contains(&Some(Break::Signature)));
}

#[test]
fn what_somebody_else_laid_beyond_the_own_chain_holds_no_edit_back() {
    for numbers in [vec![16], vec![2], vec![1, 4], vec![3, 1 << 30]] {
        let world = World::new();
        world.creates();
        for number in &numbers {
            world.lay(*number, &planted(*number, None), MALLORY);
        }
        for edit in 0..300 {
            world.edit(Change::Write(vec![note(&format!("edit {edit}"))]));
        }
        let again = Replica::open(world.replica.store().clone(), keys(3));
        let again = World { replica: block_on(again).expect("opens") };
        again.edit(Change::Write(vec![note("after an unlock")]));
        let vouched = again.told().iter().filter(|(_, broken)| *broken != Some(Break::Signature)).count();
        assert_eq!(vouched, 301, "{numbers:?}");
    }
}

/// Another device has the first chunk of the author's chain as `theirs`, signed by `signer`; this one as `ours`. What
/// lies here after they met: its entries, and whether it is offered to the server.
fn met(ours: (&Chunk, DeviceId), theirs: (&Chunk, DeviceId)) -> Result<(usize, bool), Reason> {
    let (world, other) = (World::new(), World::new());
    let id = chunk_id(world.replica.sealer.space, AUTHOR, 1);
    let row = |world: &World| block_on(world.replica.store.get(&[id])).expect("reads").remove(0);
    world.lay(1, ours.0, ours.1);
    other.lay(1, theirs.0, theirs.1);
    let envelope = row(&other).envelope;
    let at = Version { etag: envelope.etag(), seq: 9, era: 1, received_ms: 1_000_000 };
    let met = match world.replica.joined_chunk(&row(&world), &Base { at, envelope }) {
        Ok(met) => met,
        Err(Apart::Kept(reason)) => return Err(reason),
        Err(Apart::Failed(error)) => panic!("it could not be joined: {error}"),
    };
    block_on(world.replica.commit(Changeset { rows: met.put.into_iter().collect(), ..Changeset::default() }))
        .expect("commits");
    let row = row(&world);
    let entries = world.replica.chunk_of(&row).expect("it reads").chunk.entries.len();
    Ok((entries, row.state.is_unsent()))
}

/// Whoever laid something in a chunk's place, grown, cut or of other words: the chunk that is vouched for is offered
/// again by whoever has it, and taken by whoever had only the other. So all devices end with it, and one that joins
/// later finds it.
#[test]
fn what_is_vouched_for_comes_back_where_something_else_was_laid() {
    let sound = sound().remove(0);
    let own = sound.clone();
    let of = |entries: &[u64]| {
        let mut chunk = sound.clone();
        chunk.entries = entries.iter().map(|at| ByteBuf::from(entry(*at).to_bytes())).collect();
        chunk
    };
    for false_words in [of(&[1, 20]), of(&[]), of(&[20])] {
        assert_eq!(met((&own, AUTHOR), (&false_words, MALLORY)), Ok((1, true)));
        let mut named = false_words;
        named.key = Some([7; 32]);
        assert_eq!(met((&named, MALLORY), (&own, AUTHOR)), Ok((1, false)));
    }
    assert_eq!(met((&own, AUTHOR), (&of(&[1, 20]), AUTHOR)), Ok((2, false)), "its author writes on");
    assert_eq!(met((&own, AUTHOR), (&of(&[20]), AUTHOR)), Err(Reason::Unreadable), "both are vouched for");
    assert_eq!(
        met((&of(&[20]), MALLORY), (&own, AUTHOR)),
        Err(Reason::Unreadable),
        "perhaps of before authors"
    );
}

/// Somebody tells in other words, and as it were well signed, what the writer's own chain tells with a gap before it.
#[test]
fn the_writer_s_own_word_stands_whatever_others_tell_of_it() {
    for (why, brought) in [(Why::Edited, Some("Emma".to_owned())), (Why::Lost, None)] {
        let world = World::new();
        world.lay(3, &sound()[2], AUTHOR);
        let mut false_words = Chunk::new(MALLORY, 1, None);
        let lie = Entry { after: Some("a lie".into()), why, brought, ..entry(3) };
        false_words.entries.push(ByteBuf::from(lie.to_bytes()));
        world.lay(1, &false_words, MALLORY);
        let told = block_on(world.replica.history(RECORD)).expect("reads");
        let [one] = &told[..] else { panic!("told once: {told:?}") };
        assert_eq!((&one.entry.after, one.broken), (&Some(Value::Int(3)), Some(Break::Gap)));
    }
}

/// One intent that takes several chunks, where others laid some in the place of those behind the first.
#[test]
fn what_somebody_else_laid_between_holds_no_large_edit_back() {
    let world = World::new();
    let ids: Vec<_> = (0..200).map(|n| RecordId([n; 16])).collect();
    let all = |change: &dyn Fn() -> Change| -> Vec<Edit> {
        ids.iter().map(|id| Edit { id: *id, change: change() }).collect()
    };
    let create = || Change::Create(Kind::Partner, vec![note("first")]);
    block_on(world.replica.edit(&all(&create), 5_000)).expect("it is saved");
    for number in [2, 3, 5] {
        world.lay(number, &planted(number, None), MALLORY);
    }
    let write = || Change::Write(vec![note("second")]);
    block_on(world.replica.edit(&all(&write), 6_000)).expect("it is saved");
    let own = |number| world.own(number).filter(|read| world.replica.sealer.is_signed(read));
    let told: usize = (1..12).filter_map(own).map(|read| read.chunk.entries.len()).sum();
    assert_eq!(told, 200);
}

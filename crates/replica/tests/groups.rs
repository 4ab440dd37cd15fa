//! What was saved together is offered together, and arrives whole or not at all.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use common::spy::Spy;
use satchel_domain::{Kind, RecordId};
use satchel_replica::{Change, Edit, Edited, Limits, Phase, Steady, to_wire};
use satchel_wire::{PushMode, RecordId as WireId};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

fn pair() -> (Rc<RefCell<Server>>, Device, Device) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let (mut a, mut b) = (Device::new(1, &server, 99), Device::new(2, &server, 98));
    a.create(1, "Ada");
    a.settle();
    b.settle();
    (server, a, b)
}

fn id(number: u8) -> RecordId {
    RecordId([number; 16])
}

fn create(number: u8) -> Edit {
    Edit { id: id(number), change: Change::Create(Kind::Task, vec![set("title", "call back")]) }
}

fn write(number: u8, name: &str) -> Edit {
    Edit { id: id(number), change: Change::Write(vec![set("name", name)]) }
}

/// The runs of the next push that hold more than one record, without what tells the past.
fn runs(device: &Device, limits: Limits) -> Vec<BTreeSet<u8>> {
    let outgoing = block_on(device.replica.outgoing(limits, device.wall_ms())).expect("reads");
    let push = outgoing.push.expect("waits");
    let mut writes = push.writes.iter();
    let records = |write: &satchel_wire::Envelope| {
        let WireId(bytes) = write.header.record;
        bytes.iter().all(|byte| *byte == bytes[0]).then_some(bytes[0])
    };
    let lengths = push.mode.runs(push.writes.len()).expect("adds up");
    let runs = lengths.into_iter().map(|length| writes.by_ref().take(length).filter_map(records).collect());
    runs.filter(|run: &BTreeSet<u8>| run.len() > 1).collect()
}

#[test]
fn rows_of_one_intent_arrive_together_or_not_at_all() {
    let (server, mut a, mut b) = pair();
    a.edit(&[write(1, "Ada L."), create(2)]).expect("edits");
    assert_eq!(runs(&a, Limits::FULL), [BTreeSet::from([1, 2])]);
    // The customer was changed elsewhere: the task waits for it.
    b.write(id(1), vec![set("note", "likes tea")]);
    b.settle();
    let push = block_on(a.replica.outgoing(Limits::FULL, a.wall_ms())).expect("reads").push.expect("waits");
    let answer = server.borrow_mut().push(&push).expect("answers");
    assert!(server.borrow().row(to_wire(id(2))).is_none(), "not a half of it");
    block_on(a.replica.settle(&push, &answer, a.wall_ms())).expect("settles");
    assert_eq!(runs(&a, Limits::FULL), [BTreeSet::from([1, 2])], "offered again, merged");
    assert_eq!(a.settle().phase, Phase::Synced);
    b.settle();
    a.reopen();
    assert_eq!(a.book, b.book);
    assert_eq!(b.book.len(), 2);
}

#[test]
fn intents_that_share_a_record_wait_as_one() {
    let (_, mut a, _) = pair();
    a.edit(&[create(2), create(3)]).expect("edits");
    a.edit(&[create(4), create(5)]).expect("edits");
    assert_eq!(runs(&a, Limits::FULL), [BTreeSet::from([2, 3]), BTreeSet::from([4, 5])]);
    a.edit(&[write(3, "x"), write(4, "y"), create(6)]).expect("edits");
    assert_eq!(runs(&a, Limits::FULL), [BTreeSet::from([2, 3, 4, 5, 6])]);
}

#[test]
fn an_import_and_single_edits_stand_alone() {
    let (_, a, _) = pair();
    let edits: Vec<_> = (10..30).map(create).collect();
    block_on(a.replica.import(&edits, a.wall_ms(), &mut Steady)).expect("imports");
    assert_eq!(runs(&a, Limits::FULL), Vec::<BTreeSet<u8>>::new());
}

#[test]
fn a_run_never_straddles_a_push_unless_it_is_larger_than_one() {
    let (_, mut a, mut b) = pair();
    a.create(2, "alone");
    a.edit(&[create(3), create(4), create(5)]).expect("edits");
    let first =
        block_on(a.replica.outgoing(Limits { writes: 3, ..Limits::FULL }, a.wall_ms())).expect("reads");
    let sent: Vec<_> = first.push.expect("waits").writes.iter().map(|write| write.header.record).collect();
    assert!(sent.contains(&to_wire(id(2))) && !sent.contains(&to_wire(id(3))), "{sent:?}");
    a.settle();
    a.edit(&[create(6), create(7), create(8)]).expect("edits");
    let mode = |limits| {
        let outgoing = block_on(a.replica.outgoing(limits, a.wall_ms())).expect("reads");
        outgoing.push.expect("waits").mode
    };
    let few = Limits { writes: 1, bytes: 1, ..Limits::FULL };
    assert_eq!(mode(few), PushMode::Groups(vec![3]), "alone, and whole: the limits are a slow link's");
    let small = Limits { intent: 1, ..few };
    assert_eq!(mode(small), PushMode::Each, "rather in parts than never");
    a.settle();
    b.settle();
    assert_eq!(a.book, b.book);
}

/// How often the store is read to take back an import of so many records that nobody has sent.
fn reads_of_an_undo(records: u16) -> usize {
    let spy = Spy::default();
    let replica = spy.replica(1);
    let id = |number: u16| RecordId(u128::from(number).to_be_bytes());
    let create = |number| Edit { change: create(0).change, id: id(number) };
    let edits: Vec<_> = (1..=records).map(create).collect();
    let imported = block_on(replica.import(&edits, 1_700_000_000_000, &mut Steady)).expect("imports").edited;
    let undo: Vec<_> = imported.into_iter().map(Edited::undo).collect();
    spy.reads();
    block_on(replica.edit(&undo, 1_700_000_000_000)).expect("takes back");
    spy.reads()
}

/// Each of its records waits at a turn of its own.
#[test]
fn taking_back_an_import_that_waits_reads_the_outbox_once_however_large_it_is() {
    // What grows is the history, which tells of each in chunks of many.
    let (small, large) = (reads_of_an_undo(20), reads_of_an_undo(300));
    assert!(small < 5 && large < 10, "{small}, {large}");
}

#[test]
fn what_waits_in_a_page_comes_along_with_what_is_changed_beside_it() {
    let (_, mut a, _) = pair();
    a.edit(&[create(2), create(3), create(4)]).expect("edits");
    a.edit(&[create(5), create(6), create(7)]).expect("edits");
    a.edit(&[write(2, "x"), write(5, "y")]).expect("edits");
    assert_eq!(runs(&a, Limits::FULL), [BTreeSet::from([2, 3, 4, 5, 6, 7])]);
}

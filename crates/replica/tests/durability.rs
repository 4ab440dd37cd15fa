//! What is on no server yet survives a power cut, wherever it lies and whatever rewrites it.

mod common;

use common::block_on;
use common::device::{Device, Line, set};
use common::server::Server;
use common::spy::{Spy, settle};
use satchel_domain::{Kind, RecordId, Write};
use satchel_replica::{Change, Durability, Edit, Packed, Replica, Steady};
use std::cell::RefCell;
use std::rc::Rc;

const NOW: u64 = 1_700_000_000_000;

fn server() -> Rc<RefCell<Server>> {
    Rc::new(RefCell::new(Server::new(NOW)))
}

fn id(number: u8) -> RecordId {
    RecordId([number; 16])
}

fn import(replica: &Replica<Spy>, count: u8) {
    let create =
        |number| Edit { id: id(number), change: Change::Create(Kind::Partner, vec![set("name", "A")]) };
    let edits: Vec<_> = (1..=count).map(create).collect();
    block_on(replica.import(&edits, NOW, &mut Steady)).expect("imports");
}

fn write(replica: &Replica<Spy>, number: u8, writes: Vec<Write>) {
    let edit = Edit { id: id(number), change: Change::Write(writes) };
    block_on(replica.edit(&[edit], NOW)).expect("writes");
}

#[test]
fn packing_what_was_never_sent_is_as_durable_as_its_import() {
    let spy = Spy::default();
    let replica = spy.replica(1);
    import(&replica, 20);
    // More than half of each page lies in rows now: what is left in it is written anew.
    (1..=20)
        .filter(|number| number % 3 > 0)
        .for_each(|number| write(&replica, number, vec![set("note", "B")]));
    spy.durabilities();
    while block_on(replica.pack()).expect("packs") != Packed::Nothing {}
    let packed = spy.durabilities();
    assert!(!packed.is_empty() && packed.iter().all(|one| *one == Durability::Strict), "{packed:?}");
}

#[test]
fn packing_what_the_server_has_may_be_done_again() {
    let (spy, line) = (Spy::default(), Line::new(server(), 7));
    let replica = spy.replica(1);
    (1..=20).for_each(|number| {
        let change = Change::Create(Kind::Partner, vec![set("name", "A")]);
        block_on(replica.edit(&[Edit { id: id(number), change }], NOW)).expect("creates");
    });
    settle(&replica, &line);
    spy.durabilities();
    while block_on(replica.pack()).expect("packs") != Packed::Nothing {}
    let packed = spy.durabilities();
    assert!(!packed.is_empty() && packed.iter().all(|one| *one == Durability::Relaxed), "{packed:?}");
}

#[test]
fn an_unsent_record_that_was_joined_is_as_durable_as_it_was() {
    let server = server();
    let mut other = Device::new(2, &server, 7);
    other.create(1, "A");
    other.settle();
    let (spy, line) = (Spy::default(), Line::new(server.clone(), 7));
    let replica = spy.replica(1);
    settle(&replica, &line);
    other.write(id(1), vec![set("note", "theirs")]);
    other.settle();
    write(&replica, 1, vec![set("website", &"x".repeat(70_000))]);
    spy.durabilities();
    let changes = server.borrow_mut().changes(replica.cursor().seq, 100, 0).expect("answers");
    block_on(replica.apply_page(replica.cursor().seq, &changes, NOW)).expect("joins");
    assert_eq!(spy.durabilities(), [Durability::Strict]);
}

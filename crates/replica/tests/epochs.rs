//! A tab that has not been told a key yet, and a server that is put back meanwhile.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_domain::{RecordId, Value};
use satchel_replica::{MOST_BESIDE, Phase, Reason, RowState, Store, to_wire};
use std::cell::RefCell;
use std::rc::Rc;

/// A device writes under the second epoch, is opened without its key while the server is put back to a copy of the
/// first, and is told the key again. What it wrote is only here then.
fn put_back_while_the_key_is_lacking(
    write: impl FnOnce(&mut Device) -> RecordId,
) -> (Device, Rc<RefCell<Server>>, RecordId) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let mut device = Device::new(1, &server, 99);
    device.create(1, "Ada");
    device.settle();
    let copy = server.borrow().clone();
    server.borrow_mut().ledger.raise_epoch();
    device.reopen_knowing(2);
    let id = write(&mut device);
    assert_eq!(device.settle().phase, Phase::Synced);
    device.reopen_knowing(1);
    assert!(device.replica.set_aside().contains(&(id, Reason::Unopenable)));
    server.borrow_mut().restore(&copy);
    server.borrow_mut().ledger.raise_epoch();
    device.settle();
    device.reopen();
    device.reopen_knowing(2);
    // What the server refused under the old key waits for somebody who asks.
    device.settle();
    (device, server, id)
}

#[test]
fn what_no_key_opens_is_not_given_up_for_an_older_copy_of_a_restored_server() {
    let (device, server, id) = put_back_while_the_key_is_lacking(|device| {
        let id = RecordId([1; 16]);
        device.write(id, vec![set("note", "newer")]).id
    });
    assert_eq!(device.book[&id].value("note"), &Value::Text("newer".into()));
    let row = server.borrow().row(to_wire(id)).expect("is there");
    assert_eq!(row.envelope.header.epoch, 2, "and the server has it again");
}

#[test]
fn what_was_set_aside_while_a_restored_server_was_swept_is_offered_once_it_opens() {
    let (device, server, id) = put_back_while_the_key_is_lacking(|device| device.create(3, "Cy"));
    assert_eq!(device.name_of(id), "Cy");
    assert!(server.borrow().row(to_wire(id)).is_some(), "any one device brings it back");
}

#[test]
fn what_no_key_opens_gives_way_to_what_came_after_it_once_the_key_is_here() {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    server.borrow_mut().ledger.raise_epoch();
    let (mut a, mut b) = (Device::new(1, &server, 99), Device::new(2, &server, 98));
    a.reopen_knowing(2);
    let id = a.create(1, "Ada");
    a.settle();
    let good = server.borrow().clone();
    let mut spoiled = server.borrow().row(to_wire(id)).expect("is there").envelope;
    spoiled.header.replaces = Some(spoiled.etag());
    spoiled.ciphertext[0] ^= 1;
    server.borrow_mut().plant(spoiled);
    b.settle();
    server.borrow_mut().restore(&good);
    b.settle();
    assert!(b.replica.set_aside().contains(&(id, Reason::Unopenable)), "both, for want of a key");
    b.reopen_knowing(2);
    assert_eq!(b.settle().phase, Phase::Synced);
    assert_eq!(b.name_of(id), "Ada");
}

#[test]
fn what_nobody_can_open_is_shown_again_when_the_server_that_had_it_is_back() {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let mut device = Device::new(1, &server, 99);
    let id = device.create(1, "Ada");
    device.settle();
    let good = server.borrow().clone();
    let mut spoiled = server.borrow().row(to_wire(id)).expect("is there").envelope;
    let unreadable = RecordId([9; 16]);
    spoiled.header.record = to_wire(unreadable);
    server.borrow_mut().plant(spoiled);
    let bad = server.borrow().clone();
    let aside = [(unreadable, Reason::Unopenable)];
    for _ in 0..2 {
        device.settle();
        assert_eq!(device.replica.set_aside(), aside);
        server.borrow_mut().restore(&good);
        assert_eq!(device.settle().phase, Phase::Synced);
        assert_eq!(device.replica.set_aside(), [], "it never was");
        server.borrow_mut().restore(&bad);
    }
    device.settle();
    device.reopen();
    assert_eq!(device.replica.set_aside(), aside);
}

#[test]
fn what_was_exchanged_beside_a_record_goes_with_the_server_that_said_it() {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let mut device = Device::new(1, &server, 99);
    device.create(2, "Bo");
    device.settle();
    let before = server.borrow().clone();
    let id = device.create(1, "Ada");
    device.settle();
    let mut spoiled = server.borrow().row(to_wire(id)).expect("is there").envelope;
    spoiled.header.replaces = Some(spoiled.etag());
    spoiled.ciphertext[0] ^= 1;
    server.borrow_mut().plant(spoiled);
    device.settle();
    assert_eq!(device.replica.set_aside(), [(id, Reason::Unopenable)]);
    server.borrow_mut().set_back(&before);
    assert_eq!(device.settle().phase, Phase::Synced);
    assert_eq!((device.replica.set_aside(), device.name_of(id)), (vec![], "Ada".into()));
    assert!(server.borrow().row(to_wire(id)).is_some(), "what is here is offered again");
}

/// A server with one record, and two devices that have it: the first knows the key of the second epoch, which has
/// begun, the second does not. Beside them a copy of the server from before.
fn one_is_not_told() -> (Device, Device, Rc<RefCell<Server>>, Server, RecordId) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let (mut told, mut untold) = (Device::new(1, &server, 99), Device::new(2, &server, 98));
    let id = told.create(1, "Ada");
    told.settle();
    untold.settle();
    server.borrow_mut().ledger.raise_epoch();
    let copy = server.borrow().clone();
    told.reopen_knowing(2);
    (told, untold, server, copy, id)
}

fn note_of(device: &Device, id: RecordId) -> Value {
    device.book[&id].value("note").clone()
}

#[test]
fn what_no_key_opens_outlives_servers_that_are_put_back_again_and_again() {
    let (mut told, mut untold, server, copy, id) = one_is_not_told();
    told.write(id, vec![set("note", "of one who is gone")]);
    told.settle();
    drop(told);
    untold.settle();
    untold.write(id, vec![set("name", "Ada B")]);
    for _ in 0..3 {
        server.borrow_mut().restore(&copy);
        untold.settle();
    }
    assert_eq!(untold.name_of(id), "Ada B", "what was typed meanwhile is shown");
    untold.reopen_knowing(2);
    assert_eq!(untold.settle().phase, Phase::Synced);
    assert_eq!(untold.name_of(id), "Ada B");
    assert_eq!(note_of(&untold, id), Value::Text("of one who is gone".into()));
    let mut other = Device::new(3, &server, 97);
    other.reopen_knowing(2);
    other.settle();
    assert_eq!(note_of(&other, id), note_of(&untold, id), "and the server has both again");
}

#[test]
fn beyond_eight_versions_what_its_own_log_replaced_goes_first() {
    let (mut told, mut untold, server, copy, id) = one_is_not_told();
    told.write(id, vec![set("note", "of one who is gone")]);
    told.settle();
    drop(told);
    untold.settle();
    server.borrow_mut().restore(&copy);
    let mut busy = Device::new(3, &server, 97);
    busy.reopen_knowing(2);
    busy.settle();
    for n in 0..2 * MOST_BESIDE {
        busy.write(id, vec![set("phone", &n.to_string())]);
        busy.settle();
        untold.settle();
    }
    let row =
        block_on(untold.store.scan(None, 9)).expect("reads").into_iter().find(|row| row.id == to_wire(id));
    let RowState::Quarantined { held, .. } = row.expect("is here").state else { panic!("is set aside") };
    assert_eq!(held.beside.len(), MOST_BESIDE);
    untold.reopen_knowing(2);
    assert_eq!(untold.settle().phase, Phase::Synced);
    assert_eq!(note_of(&untold, id), Value::Text("of one who is gone".into()), "of a log of its own");
    let last = (2 * MOST_BESIDE - 1).to_string();
    assert_eq!(untold.book[&id].value("phone"), &Value::Text(last));
}

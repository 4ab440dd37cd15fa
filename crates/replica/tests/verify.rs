//! Both sides compared as a whole: what a rollback, a fork and an old server look like from a device.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_replica::{Attention, Claim, Limits, Phase, Step, Vouched, to_wire};
use satchel_wire::Etag;
use std::cell::RefCell;
use std::rc::Rc;

fn world(devices: u64) -> (Rc<RefCell<Server>>, Vec<Device>) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let devices = (1..=devices).map(|number| Device::new(number, &server, 99)).collect();
    (server, devices)
}

/// A server that was set back without a word, and has handed out the same numbers again and more.
fn set_back_and_grown() -> (Rc<RefCell<Server>>, Device) {
    let (server, mut devices) = world(2);
    let (mut b, mut a) = (devices.remove(1), devices.remove(0));
    a.create(1, "before the copy");
    a.settle();
    let copy = server.borrow().clone();
    a.create(2, "after the copy");
    a.settle();
    server.borrow_mut().set_back(&copy);
    for number in 3..20 {
        b.create(number, "of another device");
        b.settle();
    }
    a.settle();
    b.settle();
    (server, a)
}

#[test]
fn what_two_tabs_saw_of_the_log_is_kept_of_both() {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let mut a = Device::new(1, &server, 99);
    let mut tab = a.tab();
    let mut seen = Vec::new();
    for number in 1..=4 {
        let which = if number % 2 == 0 { &mut a } else { &mut tab };
        which.create(number, "Ada");
        which.settle();
        seen.extend(which.replica.vouched());
    }
    a.reopen();
    let claims: Vec<_> = seen.iter().map(|vouched| a.replica.check_claim(vouched)).collect();
    assert_eq!(claims, [Claim::Agrees; 4]);
}

#[test]
fn a_server_that_was_set_back_and_grew_past_everybody_is_noticed_and_healed() {
    let (server, a) = set_back_and_grown();
    assert_eq!(a.status().phase, Phase::Synced);
    assert_eq!(a.replica.cursor().era, 2, "it was noticed");
    assert!(server.borrow().row(to_wire(satchel_domain::RecordId([2; 16]))).is_some(), "offered again");
    assert_eq!(a.book.len(), 19, "and what it had not read was read");
}

#[test]
fn what_waits_over_a_version_that_a_server_set_back_has_lost_does_not_wait_for_ever() {
    let (server, mut devices) = world(2);
    let (mut b, mut a) = (devices.remove(1), devices.remove(0));
    let ids = [1, 3, 4].map(|number| a.create(number, "first"));
    let id = ids[2];
    a.settle();
    b.create(2, "not read by the other yet");
    b.settle();
    let copy = server.borrow().clone();
    for id in ids {
        a.write(id, vec![set("name", "second")]);
    }
    let push = block_on(a.replica.outgoing(Limits::FULL, a.wall_ms())).expect("reads").push.expect("waits");
    let answer = server.borrow_mut().push(&push).expect("is taken");
    block_on(a.replica.settle(&push, &answer, a.wall_ms())).expect("settles");
    server.borrow_mut().set_back(&copy);
    assert_eq!(server.borrow().head(), copy.head(), "above the cursor, and below what was confirmed");
    a.write(id, vec![set("name", "third")]);
    assert_eq!(a.settle().phase, Phase::Synced);
    b.settle();
    assert_eq!((a.name_of(id), b.name_of(id)), ("third".into(), "third".into()));
}

#[test]
fn a_server_that_says_it_has_no_digest_is_never_called_in_sync() {
    let (server, mut devices) = world(1);
    server.borrow_mut().has_no_digest = true;
    let device = &mut devices[0];
    device.create(1, "sent, and perhaps kept");
    let status = device.settle();
    assert_eq!(status.phase, Phase::NeedsAttention(Attention::Rejected { status: 404 }));
    assert_eq!((status.waiting, status.synced_ms, status.verified), (0, None, None));
    server.borrow_mut().has_no_digest = false;
    assert_eq!(device.settle().phase, Phase::Synced, "as soon as it can be compared");
}

#[test]
fn what_was_verified_is_told_with_its_count_and_survives_a_restart() {
    let (_, mut devices) = world(1);
    let device = &mut devices[0];
    for number in 1..=5 {
        device.create(number, "x");
    }
    let checked = device.settle().verified.expect("was compared");
    assert_eq!(checked.records, 5, "history and graves are not counted");
    assert_eq!(checked.at_ms, device.wall_ms());
    device.reopen();
    assert_eq!(device.status().verified.map(|again| again.records), Some(5));
    assert_eq!(device.replica.vouched().map(|vouched| vouched.seq), Some(checked.seq));
}

#[test]
fn another_tab_s_commits_are_no_false_alarm() {
    let (_, mut devices) = world(1);
    let mut a = devices.remove(0);
    let id = a.create(1, "x");
    a.settle();
    let mut tab = a.tab();
    tab.settle();
    for round in 0..5 {
        a.write(id, vec![set("note", &format!("{round}"))]);
        a.settle();
        tab.settle();
    }
    assert_eq!(tab.replica.cursor().era, 1);
    assert_eq!(tab.status().phase, Phase::Synced);
}

#[test]
fn a_difference_of_two_devices_at_one_number_is_a_fork_and_is_told() {
    let (_, mut devices) = world(1);
    let device = &mut devices[0];
    device.create(1, "x");
    device.settle();
    let own = device.replica.vouched().expect("was compared");
    let table = [
        (own, Claim::Agrees),
        (Vouched { root: Etag([9; 32]), ..own }, Claim::Forked),
        (Vouched { seq: own.seq + 1, ..own }, Claim::Unknown),
    ];
    for (claim, expected) in table {
        assert_eq!(device.replica.check_claim(&claim), expected);
    }
    block_on(device.replica.note_fork()).expect("notes");
    device.reopen();
    assert_eq!(device.replica.check_claim(&own), Claim::Agrees, "what was seen is remembered");
    device.settle();
    assert_eq!(device.status().phase, Phase::NeedsAttention(Attention::Forked));
}

#[test]
fn a_push_names_what_its_device_has_seen() {
    let (_, mut devices) = world(1);
    let device = &mut devices[0];
    device.create(1, "x");
    device.settle();
    device.create(2, "y");
    let limits = satchel_replica::Limits::FULL;
    let push =
        block_on(device.replica.outgoing(limits, device.wall_ms())).expect("reads").push.expect("waits");
    let vouched = device.replica.vouched().expect("was compared");
    assert_eq!((push.seen.seq, push.seen.root), (vouched.seq, Some(vouched.root)));
    assert!(matches!(device.step().0, Step::Push(_)));
}

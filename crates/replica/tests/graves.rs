//! Erased for good: graves, their purge, and devices that were away meanwhile.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_domain::{RecordId, Value, Write};
use satchel_ledger::GRAVE_MS;
use satchel_replica::{
    Change, Edit, Fault, LATE_MS, Limits, Matter, Outcome, Packed, Phase, Reason, Step, TRASH_MS, Transport,
    carry_out, to_wire,
};
use satchel_wire::Stream;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Devices that all have one partner in the trash, and another one beside it.
fn trashed(devices: u64) -> (Rc<RefCell<Server>>, Vec<Device>, RecordId) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let mut devices: Vec<_> = (1..=devices).map(|number| Device::new(number, &server, 99)).collect();
    let id = devices[0].create(1, "Ada");
    devices[0].create(2, "Bo");
    devices[0].write(id, vec![Write::deleted(true)]);
    settle(&mut devices);
    (server, devices, id)
}

fn settle(devices: &mut [Device]) {
    for device in devices {
        assert_eq!(device.settle().phase, Phase::Synced, "device {}", device.number);
    }
}

fn pass(server: &Rc<RefCell<Server>>, ms: u64) {
    server.borrow_mut().now_ms += ms;
}

fn erase(device: &mut Device, id: RecordId) -> usize {
    let erased = block_on(device.replica.erase(&[id], device.wall_ms())).expect("erases");
    for one in &erased {
        device.book.insert(one.id, one.after.clone());
    }
    let waiting = block_on(device.replica.counts()).expect("counts").waiting;
    device.sync.wake(satchel_replica::Wake::Write { waiting });
    erased.len()
}

fn purge(server: &Rc<RefCell<Server>>) -> usize {
    let mut server = server.borrow_mut();
    let now_ms = server.now_ms;
    server.ledger.purge(1_000, now_ms)
}

fn stream(server: &Rc<RefCell<Server>>, id: RecordId) -> Option<Stream> {
    server.borrow().row(to_wire(id)).map(|row| row.envelope.header.stream)
}

fn reviews(device: &Device) -> Vec<Matter> {
    let reviews = block_on(device.replica.reviews()).expect("reads");
    reviews.into_iter().map(|(_, review)| review.matter).collect()
}

#[test]
fn what_was_in_the_trash_for_thirty_days_is_erased_everywhere() {
    let (server, mut devices, id) = trashed(2);
    pass(&server, TRASH_MS - 60_000);
    assert_eq!(erase(&mut devices[1], id), 0, "not yet");
    pass(&server, 120_000);
    settle(&mut devices);
    assert_eq!(erase(&mut devices[1], id), 1);
    devices.reverse();
    settle(&mut devices);
    assert_eq!(stream(&server, id), Some(Stream::Grave));
    for device in &mut devices {
        assert!(device.book[&id].is_grave(), "nothing of it is left");
        device.reopen();
        assert!(!device.book.contains_key(&id) && device.book.len() == 1);
    }
    assert_eq!(erase(&mut devices[0], id), 0, "once");
}

#[test]
fn two_devices_that_erase_at_once_agree() {
    let (server, mut devices, id) = trashed(2);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    assert_eq!(erase(&mut devices[0], id) + erase(&mut devices[1], id), 2);
    settle(&mut devices);
    settle(&mut devices);
    assert_eq!(stream(&server, id), Some(Stream::Grave));
    assert!(devices.iter().all(|device| reviews(device).is_empty()));
}

#[test]
fn a_clock_that_is_ahead_erases_nothing() {
    let (server, mut devices, id) = trashed(1);
    let ahead = devices[0].wall_ms() + TRASH_MS + 60_000;
    assert_eq!(block_on(devices[0].replica.erase(&[id], ahead)), Ok(vec![]), "the server has not said so");
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    assert_eq!(erase(&mut devices[0], id), 1);
}

#[test]
fn what_is_edited_while_it_is_chosen_to_be_erased_stays() {
    let (server, mut devices, id) = trashed(1);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    let device = &mut devices[0];
    device.write(id, vec![set("note", "still wanted")]);
    device.edit(&[Edit { id, change: Change::Erase }]).expect("is left alone");
    assert_eq!(device.book[&id].value("note"), &Value::Text("still wanted".into()));
    settle(&mut devices);
    assert_eq!(erase(&mut devices[0], id), 1, "nothing of it is unsent any more");
}

/// A device asks for what is new, and sleeps for so long before it looks at the answer.
fn sleep_over_an_answer(device: &Device, ms: u64) -> Outcome {
    let (asked_ms, looks) = (device.wall_ms(), Cell::new(0));
    let clock = || asked_ms + ms * looks.replace(1);
    let step = Step::Pull { since: device.replica.cursor().seq, limit: satchel_wire::MAX_CHANGES };
    block_on(carry_out(step, &device.replica, &device.line, clock)).outcome
}

#[test]
fn who_sleeps_over_an_answer_does_not_take_its_time_for_now() {
    let (server, mut devices, id) = trashed(2);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    assert!(matches!(sleep_over_an_answer(&devices[0], LATE_MS), Outcome::Pulled(_)), "in time");
    let offset_ms = devices[0].replica.cursor().offset_ms;
    let late = sleep_over_an_answer(&devices[0], GRAVE_MS + 1);
    assert_eq!(late, Outcome::Failed(Fault::Timeout), "it is asked for again");
    assert_eq!(devices[0].replica.cursor().offset_ms, offset_ms);
    assert_eq!(erase(&mut devices[1], id), 1);
    devices[1].settle();
    pass(&server, GRAVE_MS + 1);
    assert_eq!(purge(&server), 1);
    settle(&mut devices);
    assert_eq!(stream(&server, id), None, "who was away does not bring it back");
    assert!(devices[0].book[&id].is_grave());
}

#[test]
fn nobody_is_asked_about_a_grave_that_came_after_the_purge() {
    let (server, mut devices, id) = trashed(2);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    assert_eq!(erase(&mut devices[1], id), 1, "and goes away before it is sent");
    assert_eq!(erase(&mut devices[0], id), 1);
    settle(&mut devices[..1]);
    pass(&server, GRAVE_MS + 1);
    assert_eq!(purge(&server), 1);
    devices[1].reopen();
    settle(&mut devices);
    assert_eq!(devices[1].replica.set_aside(), [], "there is nothing to decide");
    assert_eq!(stream(&server, id), None);
}

#[test]
fn an_edit_that_the_grave_did_not_know_brings_the_whole_record_back() {
    let (server, mut devices, id) = trashed(2);
    pass(&server, TRASH_MS + 60_000);
    devices[0].write(id, vec![set("note", "written offline")]);
    devices[1].settle();
    erase(&mut devices[1], id);
    devices[1].settle();
    settle(&mut devices);
    settle(&mut devices);
    assert_eq!(reviews(&devices[0]), [Matter::Restored]);
    for device in &devices {
        assert!(!device.book[&id].is_deleted());
        assert_eq!(device.name_of(id), "Ada");
        assert_eq!(device.book[&id].value("note"), &Value::Text("written offline".into()));
    }
}

#[test]
fn a_dropped_grave_is_forgotten_and_both_sides_stay_equal() {
    let (server, mut devices, id) = trashed(2);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    erase(&mut devices[0], id);
    settle(&mut devices);
    pass(&server, GRAVE_MS);
    assert_eq!(purge(&server), 1);
    settle(&mut devices);
    assert_eq!(stream(&server, id), None);
    for device in &devices {
        assert_eq!(device.replica.cursor().era, 1, "nothing had to be read again");
        assert!(device.status().verified.is_some_and(|checked| checked.records == 1));
    }
}

/// Erased and dropped while the third device was away.
fn away(edit: impl FnOnce(&mut Device, RecordId)) -> (Rc<RefCell<Server>>, Vec<Device>, Device, RecordId) {
    let (server, mut devices, id) = trashed(3);
    let mut third = devices.remove(2);
    edit(&mut third, id);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    erase(&mut devices[0], id);
    settle(&mut devices);
    pass(&server, GRAVE_MS);
    devices[0].create(9, "later");
    settle(&mut devices);
    assert_eq!(purge(&server), 1);
    settle(&mut devices);
    (server, devices, third, id)
}

#[test]
fn a_device_that_was_away_while_it_was_dropped_does_not_bring_it_back() {
    let (server, mut devices, mut third, id) = away(|_, _| {});
    assert_eq!(third.settle().phase, Phase::Synced);
    assert_eq!(third.replica.cursor().era, 2, "it read all again");
    assert_eq!(stream(&server, id), None, "not offered again");
    third.reopen();
    assert_eq!(third.book.len(), 2);
    settle(&mut devices);
}

#[test]
fn what_was_written_meanwhile_is_set_aside_and_can_be_offered_again() {
    let (server, mut devices, mut third, id) = away(|third, id| {
        third.write(id, vec![set("note", "written while away"), Write::deleted(false)]);
    });
    let status = third.settle();
    assert_eq!((status.waiting, status.set_aside), (0, 1));
    assert_eq!(third.replica.set_aside(), [(id, Reason::Erased)]);
    assert_eq!(stream(&server, id), None, "not without being asked");
    third.reopen();
    assert_eq!(third.book[&id].value("note"), &Value::Text("written while away".into()));
    third.write(id, Vec::new());
    let status = third.settle();
    assert_eq!((status.phase, status.set_aside), (Phase::Synced, 0));
    settle(&mut devices);
    for device in &devices {
        assert_eq!(device.name_of(id), "Ada");
        assert_eq!(device.book[&id].value("note"), &Value::Text("written while away".into()));
    }
}

#[test]
fn what_the_server_lost_after_its_floor_is_offered_again() {
    let (server, mut devices, _, _) = away(|_, _| {});
    let copy = server.borrow().clone();
    let id = devices[0].create(7, "lost");
    settle(&mut devices);
    server.borrow_mut().restore(&copy);
    settle(&mut devices);
    assert_eq!(stream(&server, id), Some(Stream::State));
}

#[test]
fn a_grave_that_waits_when_an_epoch_begins_is_sent_under_its_key() {
    for refused in [false, true] {
        let (server, mut devices, id) = trashed(1);
        pass(&server, TRASH_MS + 60_000);
        settle(&mut devices);
        let device = &mut devices[0];
        assert_eq!(erase(device, id), 1);
        server.borrow_mut().ledger.raise_epoch();
        if refused {
            assert_eq!(device.settle().set_aside, 2, "with what the history tells of it");
        }
        device.reopen_knowing(2);
        let other = device.create(7, "waits behind it");
        block_on(device.replica.offer_under_newest(device.wall_ms())).expect("is sealed anew");
        settle(&mut devices);
        assert_eq!(stream(&server, id), Some(Stream::Grave), "refused before: {refused}");
        assert_eq!(stream(&server, other), Some(Stream::State));
    }
}

#[test]
fn what_was_withheld_and_taken_for_erased_comes_back() {
    let (server, _, mut third, _) = away(|_, _| {});
    let other = RecordId([2; 16]);
    server.borrow_mut().hidden.insert(to_wire(other));
    assert_ne!(third.settle().phase, Phase::Synced, "the digest tells");
    let forgotten = block_on(third.replica.records(&[other])).expect("reads");
    assert!(forgotten[0].1.is_grave(), "it was away for long enough to believe it");
    server.borrow_mut().hidden.clear();
    assert_eq!(third.settle().phase, Phase::Synced);
    third.reopen();
    assert_eq!(third.name_of(other), "Bo");
}

/// Erased and forgotten by the second device; the server was put back to before it wrote to the record.
fn begun_anew() -> (Rc<RefCell<Server>>, Vec<Device>, RecordId) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let mut devices: Vec<_> = (1..=2).map(|number| Device::new(number, &server, 99)).collect();
    let id = devices[0].create(1, "Ada");
    settle(&mut devices);
    let copy = server.borrow().clone();
    devices[1].write(id, vec![set("note", "old")]);
    devices[1].write(id, vec![Write::deleted(true)]);
    settle(&mut devices);
    settle(&mut devices);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    assert_eq!(erase(&mut devices[1], id), 1);
    devices.reverse();
    settle(&mut devices);
    devices.reverse();
    pass(&server, GRAVE_MS);
    assert_eq!(purge(&server), 1);
    settle(&mut devices[1..]);
    server.borrow_mut().restore(&copy);
    (server, devices, id)
}

#[test]
fn what_is_written_to_a_record_that_begins_anew_is_taken_for_nothing_that_a_grave_knew() {
    let (_, mut devices, id) = begun_anew();
    settle(&mut devices[1..]);
    assert_eq!(devices[1].name_of(id), "Ada", "the server has it after all");
    devices[1].write(id, vec![set("note", "new")]);
    settle(&mut devices[1..]);
    settle(&mut devices);
    settle(&mut devices);
    for device in &devices {
        assert_eq!(device.name_of(id), "Ada");
        assert_eq!(device.book[&id].value("note"), &Value::Text("new".into()));
    }
}

#[test]
fn what_begins_anew_and_is_not_written_to_gives_way_to_another_device_s_grave() {
    let (server, mut devices, id) = begun_anew();
    settle(&mut devices[1..]);
    settle(&mut devices);
    settle(&mut devices);
    assert_eq!(stream(&server, id), Some(Stream::Grave));
    assert!(devices.iter().all(|device| device.book[&id].is_grave() && reviews(device).is_empty()));
}

#[test]
fn an_id_that_is_used_anew_goes_on_counting() {
    let (server, mut devices, id) = trashed(2);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    let last = |device: &Device| device.book[&id].seen.last(satchel_domain::DeviceId(device.number));
    let before = last(&devices[0]);
    assert_eq!(erase(&mut devices[0], id), 1);
    settle(&mut devices);
    devices[0].create(1, "Eve");
    assert_eq!(last(&devices[0]), before + 1);
}

#[test]
fn the_graves_of_a_server_that_was_put_back_are_not_taken_for_dropped() {
    let (server, mut devices, id) = trashed(1);
    let copy = server.borrow().clone();
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    assert_eq!(erase(&mut devices[0], id), 1);
    settle(&mut devices);
    pass(&server, GRAVE_MS);
    assert_eq!(purge(&server), 1);
    settle(&mut devices);
    server.borrow_mut().set_back(&copy);
    let mut other = Device::new(2, &server, 99);
    other.settle();
    assert_eq!(erase(&mut other, id), 1);
    other.settle();
    let floor = devices[0].replica.cursor().floor;
    assert!(server.borrow().row(to_wire(id)).expect("a grave").seq <= floor, "below the other log's floor");
    for number in 10..20 {
        other.create(number, "it grows");
        other.settle();
    }
    settle(&mut devices);
    assert_eq!(devices[0].replica.cursor().floor, 0, "this log was never purged");
}

/// What tells a device that was away that the purged log is not the one that it had read.
#[derive(Clone, Copy, PartialEq)]
enum Tells {
    /// Something else has a number up to which it had read.
    Number,
    /// Its history is not there.
    History,
    /// The same, where it has written on, so that the history waits to be sent.
    HistoryUnsent,
    Nothing,
}

/// What a third device alone wrote, and was away since; what becomes of it where the server was put back in secret
/// and purged.
fn lost_by_a_server(tells: Tells) -> (Rc<RefCell<Server>>, Device, RecordId) {
    let (server, mut devices, id) = trashed(3);
    let mut third = devices.remove(2);
    let copy = server.borrow().clone();
    let (lost, other) = (third.create(7, "nobody else has it"), third.create(8, "nor this"));
    if matches!(tells, Tells::History | Tells::HistoryUnsent) {
        third.write(lost, vec![set("note", "written over")]);
    }
    third.settle();
    server.borrow_mut().set_back(&copy);
    let others: Vec<_> = (10..15).map(|number| devices[0].create(number, "it grows")).collect();
    settle(&mut devices);
    if tells != Tells::Number {
        others
            .iter()
            .for_each(|other| drop(devices[0].write(*other, vec![set("note", "has a higher number now")])));
    }
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    assert_eq!(erase(&mut devices[0], id), 1);
    settle(&mut devices);
    pass(&server, GRAVE_MS);
    assert_eq!(purge(&server), 1);
    settle(&mut devices);
    assert!(devices[0].replica.cursor().floor > third.replica.cursor().seq, "behind what was purged");
    if tells == Tells::HistoryUnsent {
        third.write(other, vec![set("note", "and again")]);
        let out = block_on(third.replica.outgoing(Limits::FULL, third.wall_ms())).expect("reads");
        let push = out.push.expect("it waits");
        let answer = block_on(third.line.push(&push)).expect("it is answered");
        block_on(third.replica.settle(&push, &answer, third.wall_ms())).expect("it is settled");
    }
    third.settle();
    third.reopen();
    (server, third, lost)
}

#[test]
fn what_a_server_lost_that_was_put_back_and_purged_since_is_not_taken_for_erased() {
    for tells in [Tells::Number, Tells::History, Tells::HistoryUnsent] {
        let (server, third, lost) = lost_by_a_server(tells);
        assert_eq!(third.name_of(lost), "nobody else has it");
        assert_eq!(stream(&server, lost), Some(Stream::State), "offered again");
    }
}

#[test]
fn what_nothing_tells_from_an_erased_record_is_taken_for_one() {
    let (server, third, lost) = lost_by_a_server(Tells::Nothing);
    assert!(!third.book.contains_key(&lost));
    assert_eq!(stream(&server, lost), None);
}

/// A server that says 410, and that it has purged everything up to its head.
fn overstated(server: &Rc<RefCell<Server>>) -> u64 {
    let mut server = server.borrow_mut();
    let (fresh, head) = (Server::new(server.now_ms), server.head());
    server.ledger.restore(&fresh.ledger, None);
    server.floor = Some(head);
    head
}

#[test]
fn a_server_that_overstates_its_floor_makes_nobody_forget() {
    let (server, mut devices, id) = trashed(1);
    let head = overstated(&server);
    let device = &mut devices[0];
    device
        .line
        .scripted
        .borrow_mut()
        .push(satchel_replica::Fault::Status { status: 410, retry_after_ms: None });
    settle(&mut devices);
    assert_eq!(server.borrow().rows().len() as u64, head, "everything is there again");
    devices[0].reopen();
    assert!(devices[0].book.contains_key(&id) && devices[0].book.len() == 2);
}

#[test]
fn a_new_device_that_reads_while_the_floor_rises_ends() {
    let (server, mut devices, id) = trashed(1);
    let more: Vec<_> = (10..40).map(|number| devices[0].create(number, "x")).collect();
    for one in &more {
        devices[0].write(*one, vec![Write::deleted(true)]);
    }
    settle(&mut devices);
    pass(&server, TRASH_MS + 60_000);
    settle(&mut devices);
    let mut erased = vec![id];
    erased.extend(&more[..5]);
    for one in &erased {
        assert_eq!(erase(&mut devices[0], *one), 1);
        pass(&server, 60_000);
        settle(&mut devices);
    }
    pass(&server, GRAVE_MS - 6 * 60_000);
    let mut fresh = Device::new(8, &server, 5);
    server.borrow_mut().page = 2;
    for _ in 0..400 {
        fresh.step();
        pass(&server, 5_000);
        purge(&server);
    }
    assert_eq!(fresh.settle().phase, Phase::Synced);
    settle(&mut devices);
    let restarts = fresh.line.pulls.borrow().iter().filter(|since| **since == 0).count();
    assert!(restarts <= 1 + erased.len(), "{restarts} times from the start");
}

/// More records, and everything synced into pages.
fn pack(device: &mut Device, ids: std::ops::Range<u8>) {
    for id in ids {
        device.create(id, "more");
    }
    device.settle();
    while block_on(device.replica.pack()).expect("packs") == Packed::Some {}
}

#[test]
fn what_was_erased_stays_away_when_an_older_page_tells_of_it() {
    let (server, mut devices, id) = trashed(1);
    let device = &mut devices[0];
    pack(device, 10..50);
    pass(&server, TRASH_MS);
    device.settle();
    assert_eq!(erase(device, id), 1);
    pack(device, 50..90);
    device.reopen();
    assert!(!device.book.contains_key(&id), "its grave lies in a later page");
}

#[test]
fn what_was_found_equal_before_graves_went_is_vouched_for_no_more() {
    let (server, mut devices, id) = trashed(1);
    pass(&server, TRASH_MS);
    let device = &mut devices[0];
    device.settle();
    erase(device, id);
    device.create(3, "Cy");
    device.settle();
    let before = device.replica.vouched().expect("was compared");
    pass(&server, GRAVE_MS);
    assert_eq!(purge(&server), 1);
    device.sync.wake(satchel_replica::Wake::Focus);
    while device.replica.cursor().floor == before.floor {
        device.step();
    }
    assert_eq!(device.replica.vouched(), None, "at that number the root is another one now");
}

/// Two devices changed one field at once: the second has something to look at.
fn disputed(devices: &mut [Device], id: RecordId) {
    settle(devices);
    for (index, device) in devices.iter_mut().enumerate() {
        device.write(id, vec![set("website", &format!("by {index}"))]);
    }
    settle(devices);
    assert!(devices.iter().any(|device| !reviews(device).is_empty()), "somebody is asked");
}

#[test]
fn what_is_erased_leaves_nothing_to_be_looked_at_on_any_device() {
    for bulk in [false, true] {
        let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
        let mut devices = [Device::new(1, &server, 9), Device::new(2, &server, 8)];
        let ids: Vec<_> = (1..=if bulk { 9 } else { 1 }).map(|n| devices[0].create(n, "Ada")).collect();
        ids.iter().for_each(|id| disputed(&mut devices, *id));
        settle(&mut devices);
        let asked = devices.iter().position(|device| !reviews(device).is_empty()).expect("somebody is asked");
        // Once by who was asked, once by who hears of it; many graves at once come as a page.
        let eraser = if bulk { 1 - asked } else { asked };
        let at = devices[eraser].wall_ms();
        block_on(devices[eraser].replica.erase_now(&ids, Vec::new(), at)).expect("erases");
        assert_eq!(reviews(&devices[eraser]), []);
        devices[eraser].settle();
        devices[1 - eraser].settle();
        let left = block_on(devices[asked].replica.how_sealed(&ids)).expect("reads");
        assert!(left.iter().all(|one| one.is_grave), "bulk: {bulk}");
        assert_eq!(reviews(&devices[asked]), [], "bulk: {bulk}");
    }
}

#[test]
fn what_an_earlier_version_left_in_the_list_for_ever_goes() {
    let (server, mut devices, id) = trashed(1);
    let device = &mut devices[0];
    let other = device.create(9, "Bob");
    device.settle();
    pass(&server, TRASH_MS + 120_000);
    device.settle();
    assert_eq!(erase(device, id), 1);
    let key = |record: RecordId, what: &str| {
        format!("{}{}/{what}", satchel_replica::REVIEW_PREFIX, record.to_hex())
    };
    let left = [key(id, "restored"), key(other, "clock"), key(other, "of-a-newer-app")];
    left.iter().for_each(|key| block_on(device.replica.put_local(key, b"unread")).expect("keeps"));
    block_on(device.replica.tidy_reviews()).expect("tidies");
    let kept = block_on(device.replica.locals(satchel_replica::REVIEW_PREFIX)).expect("reads");
    assert_eq!(kept.into_iter().map(|(key, _)| key).collect::<Vec<_>>(), left[2..]);
}

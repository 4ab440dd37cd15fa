//! Clocks that are wrong: by years, both ways, and jumping between two edits.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_domain::stamp::latest_allowed;
use satchel_domain::{RecordId, Value, Write};
use satchel_replica::{Change, Edit, Limits, Matter, Phase};
use satchel_wire::{Push, PushAnswer};
use std::cell::RefCell;
use std::rc::Rc;

const YEAR: i64 = 365 * 86_400_000;
const HOUR: u64 = 3_600_000;

/// Two devices that both have one partner, `name: "Ada"`.
fn pair() -> (Rc<RefCell<Server>>, Device, Device, RecordId) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let (mut a, mut b) = (Device::new(1, &server, 99), Device::new(2, &server, 98));
    let id = a.create(1, "Ada");
    a.settle();
    b.settle();
    (server, a, b, id)
}

fn reviews(device: &Device) -> Vec<Matter> {
    let reviews = block_on(device.replica.reviews()).expect("reads");
    reviews.into_iter().map(|(_, review)| review.matter).collect()
}

fn pass(server: &Rc<RefCell<Server>>, ms: u64) {
    server.borrow_mut().now_ms += ms;
}

fn stamp_ms(device: &Device, id: RecordId, field: &str) -> u64 {
    device.book[&id].fields[field].stamp.ms
}

/// Sent and stored, and the answer never came.
fn send_without_answer(server: &Rc<RefCell<Server>>, device: &Device) {
    let outgoing = block_on(device.replica.outgoing(Limits::FULL, device.wall_ms())).expect("reads");
    server.borrow_mut().push(&outgoing.push.expect("waits")).expect("is taken");
}

#[test]
fn an_edit_under_a_clock_years_off_keeps_its_true_age() {
    for skew_ms in [3 * YEAR, -3 * YEAR] {
        for older in [true, false] {
            let (server, mut a, mut b, id) = pair();
            a.skew_ms = skew_ms;
            let (first, second) = if older { (&mut a, &mut b) } else { (&mut b, &mut a) };
            let early_ms = server.borrow().now_ms;
            first.write(id, vec![set("name", "earlier")]);
            pass(&server, 2 * HOUR);
            second.write(id, vec![set("name", "later")]);
            b.settle();
            a.settle();
            b.settle();
            assert_eq!((a.name_of(id), b.name_of(id)), ("later".into(), "later".into()), "{skew_ms} {older}");
            let [Matter::Conflict { loser, .. }] = &reviews(&a)[..] else { panic!("no review: {skew_ms}") };
            assert!(loser.stamp.ms.abs_diff(early_ms) < 60_000, "told with its true time");
            assert_eq!(a.book, b.book);
        }
    }
}

#[test]
fn of_two_edits_between_which_the_clock_jumped_each_keeps_its_time() {
    let (server, mut a, _, id) = pair();
    let first_ms = server.borrow().now_ms;
    a.write(id, vec![set("note", "under a good clock")]);
    pass(&server, HOUR);
    a.skew_ms = 3 * YEAR;
    let second_ms = server.borrow().now_ms;
    a.write(id, vec![set("website", "under a bad one")]);
    pass(&server, HOUR);
    assert_eq!(a.settle().phase, Phase::Synced);
    assert!(stamp_ms(&a, id, "note").abs_diff(first_ms) < 60_000);
    assert!(stamp_ms(&a, id, "website").abs_diff(second_ms) < 60_000);
}

#[test]
fn of_edits_under_a_clock_behind_what_they_are_made_from_each_keeps_its_time() {
    let (server, mut a, mut b, id) = pair();
    a.skew_ms = -3 * YEAR;
    let first_ms = server.borrow().now_ms;
    a.write(id, vec![set("name", "earlier")]);
    pass(&server, 2 * HOUR);
    b.write(id, vec![set("name", "later")]);
    pass(&server, 2 * HOUR);
    let second_ms = server.borrow().now_ms;
    a.write(id, vec![set("note", "since")]);
    b.settle();
    a.settle();
    b.settle();
    let [Matter::Conflict { loser, .. }] = &reviews(&a)[..] else { panic!("nobody is asked") };
    assert_eq!((a.name_of(id), b.name_of(id)), ("later".into(), "later".into()));
    assert!(loser.stamp.ms.abs_diff(first_ms) < 60_000, "told with its true time");
    assert!(stamp_ms(&a, id, "note").abs_diff(second_ms) < 60_000);
    assert_eq!(a.book, b.book);
}

#[test]
fn a_clock_that_ran_years_ahead_drags_nothing_with_it() {
    let (server, mut a, mut b, id) = pair();
    a.skew_ms = 3 * YEAR;
    a.write(id, vec![set("note", "from the future")]);
    a.settle();
    a.skew_ms = 0;
    pass(&server, HOUR);
    a.settle();
    let other = a.create(2, "Bo");
    a.write(id, vec![set("note", "today")]);
    let now_ms = server.borrow().now_ms;
    assert!(stamp_ms(&a, other, "name").abs_diff(now_ms) < 1_000);
    assert!(stamp_ms(&a, id, "note").abs_diff(now_ms) < 1_000);
    a.settle();
    b.settle();
    assert_eq!(a.book, b.book);
    assert_eq!(reviews(&b), [], "it healed before anybody saw it");
}

#[test]
fn what_a_device_could_not_know_is_moved_back_by_everybody() {
    let (server, mut a, mut b, id) = pair();
    a.skew_ms = 3 * YEAR;
    a.write(id, vec![set("name", "from the future")]);
    send_without_answer(&server, &a);
    b.settle();
    assert_eq!(stamp_ms(&b, id, "name"), latest_allowed(server.borrow().now_ms));
    assert_eq!(reviews(&b), [], "there is nothing to be done about it");
    pass(&server, HOUR);
    b.write(id, vec![set("name", "today")]);
    b.settle();
    a.settle();
    a.reopen();
    b.reopen();
    assert_eq!(a.book, b.book);
    assert_eq!(a.name_of(id), "today");
}

#[test]
fn a_lost_answer_and_a_clock_set_right_lose_nothing_and_ask_nothing() {
    for edited_again in [false, true] {
        for overwritten in [false, true] {
            let (server, mut a, mut b, id) = pair();
            a.skew_ms = 2 * HOUR as i64;
            a.write(id, vec![set("name", "sent")]);
            send_without_answer(&server, &a);
            a.skew_ms = 0;
            pass(&server, HOUR);
            if edited_again {
                a.write(id, vec![set("note", "since")]);
            }
            if overwritten {
                b.settle();
                b.write(id, vec![set("name", "over it")]);
                b.settle();
            }
            a.settle();
            b.settle();
            let case = format!("edited again: {edited_again}, overwritten: {overwritten}");
            assert_eq!(a.book, b.book, "{case}");
            assert_eq!(a.name_of(id), if overwritten { "over it" } else { "sent" }, "{case}");
            let note = if edited_again { "since".into() } else { Value::Null };
            assert_eq!(a.book[&id].value("note"), &note, "{case}");
            let asked = reviews(&a).iter().any(|one| matches!(one, Matter::Conflict { .. }));
            assert!(!asked, "{case}: it is known which part of it they have seen");
        }
    }
}

#[test]
fn what_was_edited_again_after_a_lost_answer_is_no_conflict_with_oneself() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("name", "sent")]);
    send_without_answer(&server, &a);
    pass(&server, 1_000);
    a.write(id, vec![set("name", "and written again")]);
    a.settle();
    b.settle();
    assert_eq!((a.name_of(id), b.name_of(id)), ("and written again".into(), "and written again".into()));
    assert_eq!(reviews(&a), []);
}

#[test]
fn what_is_set_right_while_it_is_on_its_way_keeps_the_stamps_that_were_sent() {
    const MINUTE: i64 = 60_000;
    let (server, mut a, mut b, id) = pair();
    a.skew_ms = 4 * MINUTE;
    a.write(id, vec![set("name", "sent"), set("note", "before")]);
    let push = block_on(a.replica.outgoing(Limits::FULL, a.wall_ms())).expect("reads").push.expect("waits");
    let answer = server.borrow_mut().push(&push).expect("is taken");
    a.skew_ms = -2 * MINUTE;
    a.write(id, vec![set("note", "since")]);
    block_on(a.replica.settle(&push, &answer, a.wall_ms())).expect("settles");
    b.settle();
    let sent_ms = stamp_ms(&b, id, "name");
    a.settle();
    b.settle();
    a.reopen();
    assert_eq!(a.book, b.book);
    assert_eq!(stamp_ms(&a, id, "name"), sent_ms, "others may have built on it");
    assert_eq!(a.book[&id].value("note"), &"since".into());
    assert!(a.book[&id].fields["note"].stamp > a.book[&id].fields["name"].stamp, "it was written over that");
    assert_eq!((reviews(&a), reviews(&b)), (vec![], vec![]));
}

/// Stamped by a clock that is ahead by more than is believed, and pushed twice: both answers.
fn pushed_twice(server: &Rc<RefCell<Server>>, a: &mut Device, id: RecordId) -> (Push, [PushAnswer; 2]) {
    a.skew_ms = 301_000;
    a.write(id, vec![set("name", "ahead")]);
    let push = block_on(a.replica.outgoing(Limits::FULL, a.wall_ms())).expect("reads").push.expect("waits");
    let answers = [0, 5_000].map(|later| {
        pass(server, later);
        server.borrow_mut().push(&push).expect("is taken")
    });
    (push, answers)
}

fn agree(a: &mut Device, b: &mut Device, id: RecordId) {
    b.settle();
    a.settle();
    a.reopen();
    assert_eq!(stamp_ms(a, id, "name"), stamp_ms(b, id, "name"));
    assert_eq!(a.book, b.book);
}

#[test]
fn who_pushes_again_after_a_lost_answer_is_told_when_it_was_stored() {
    let (server, mut a, mut b, id) = pair();
    let (push, [_lost, second]) = pushed_twice(&server, &mut a, id);
    block_on(a.replica.settle(&push, &second, a.wall_ms())).expect("settles");
    agree(&mut a, &mut b, id);
}

#[test]
fn of_two_tabs_that_push_the_same_at_once_both_know_when_it_was_stored() {
    let (server, mut a, mut b, id) = pair();
    let (push, [first, second]) = pushed_twice(&server, &mut a, id);
    let tab = a.tab();
    block_on(tab.replica.settle(&push, &second, a.wall_ms())).expect("settles");
    block_on(a.replica.settle(&push, &first, a.wall_ms())).expect("settles");
    agree(&mut a, &mut b, id);
}

#[test]
fn a_deletion_that_saw_everything_is_not_taken_back_after_a_lost_answer() {
    let (server, mut a, mut b, _) = pair();
    let id = a.create(2, "made, and the answer lost");
    send_without_answer(&server, &a);
    b.settle();
    b.write(id, vec![set("name", "written over")]);
    b.settle();
    b.write(id, vec![Write::deleted(true)]);
    b.settle();
    a.settle();
    b.settle();
    assert!(a.book[&id].is_deleted(), "it had seen what it wrote over");
    assert_eq!(a.book, b.book);
    assert_eq!((reviews(&a), reviews(&b)), (vec![], vec![]));
}

#[test]
fn what_was_edited_after_a_lost_answer_is_told_where_it_gives_way() {
    let (server, mut a, mut b, _) = pair();
    let id = a.create(2, "made, and the answer lost");
    send_without_answer(&server, &a);
    b.settle();
    pass(&server, HOUR);
    a.write(id, vec![set("name", "since")]);
    pass(&server, HOUR);
    b.write(id, vec![set("name", "later, without knowing of that")]);
    b.settle();
    a.settle();
    b.settle();
    assert_eq!((a.name_of(id), b.name_of(id)), (b.name_of(id), "later, without knowing of that".into()));
    let [Matter::Conflict { loser, .. }] = &reviews(&a)[..] else { panic!("{:?}", reviews(&a)) };
    assert_eq!(loser.value, "since".into());
}

#[test]
fn equal_clocks_converge() {
    let (_, mut a, mut b, id) = pair();
    a.write(id, vec![set("name", "one")]);
    b.write(id, vec![set("name", "two")]);
    a.settle();
    b.settle();
    a.settle();
    assert_eq!(a.book, b.book);
}

#[test]
fn more_writes_in_a_millisecond_than_the_counter_holds_keep_their_order() {
    let (_, mut a, mut b, id) = pair();
    let now_ms = a.wall_ms();
    let write = |number: u32| Edit {
        id,
        change: Change::Write(vec![Write::Set { field: "note".into(), value: Value::Int(number.into()) }]),
    };
    let edits: Vec<_> = (0..70_000).map(write).collect();
    a.edit(&edits).expect("edits");
    assert_eq!(a.book[&id].value("note"), &Value::Int(69_999));
    assert_eq!(stamp_ms(&a, id, "note"), now_ms + 1, "the counter carries");
    a.settle();
    b.settle();
    assert_eq!(a.book, b.book);
}

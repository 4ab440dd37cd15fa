//! What a person is promised, one scenario each.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_domain::{Kind, RecordId, Revision, Value, Write};
use satchel_replica::{
    Change, Changeset, Edit, Fault, Matter, Pace, Phase, Put, Reason, ReplicaError, RowState, Step, Store,
};
use satchel_vault::MAX_PLAINTEXT;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

fn world(devices: u64) -> (Rc<RefCell<Server>>, Vec<Device>) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let devices = (1..=devices).map(|number| Device::new(number, &server, 99)).collect();
    (server, devices)
}

/// Two devices that both have one partner, `name: "Ada"`.
fn pair() -> (Rc<RefCell<Server>>, Device, Device, RecordId) {
    let (server, mut devices) = world(2);
    let (mut b, mut a) = (devices.remove(1), devices.remove(0));
    let id = a.create(1, "Ada");
    assert_eq!(a.settle().phase, Phase::Synced);
    assert_eq!(b.settle().phase, Phase::Synced);
    assert_eq!(b.name_of(id), "Ada");
    (server, a, b, id)
}

fn reviews(device: &Device) -> Vec<Matter> {
    let reviews = block_on(device.replica.reviews()).expect("reads");
    reviews.into_iter().map(|(_, review)| review.matter).collect()
}

#[test]
fn everything_works_before_there_is_a_server_and_is_told_as_waiting() {
    let (_, mut devices) = world(1);
    let device = &mut devices[0];
    let id = device.create(1, "Ada");
    device.write(id, vec![set("note", "met at the fair")]);
    assert_eq!(device.status().waiting, 2, "a record waits with its history, however often it was written");
    device.reopen();
    assert_eq!(device.name_of(id), "Ada");
    assert_eq!(device.status().waiting, 2);
}

#[test]
fn edits_of_two_fields_both_stay_and_nobody_is_asked() {
    let (_, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "likes tea")]);
    b.write(id, vec![set("website", "https://ada.example")]);
    for device in [&mut a, &mut b] {
        device.settle();
    }
    a.settle();
    assert_eq!(a.book, b.book);
    assert_eq!(a.book[&id].value("note"), &Value::Text("likes tea".into()));
    assert_eq!(reviews(&a).len() + reviews(&b).len(), 0);
}

#[test]
fn the_later_edit_of_one_field_wins_and_the_other_is_offered() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("name", "Ada L.")]);
    server.borrow_mut().now_ms += 1_000;
    b.write(id, vec![set("name", "Ada Lovelace")]);
    a.settle();
    b.settle();
    a.settle();
    assert_eq!((a.name_of(id), b.name_of(id)), ("Ada Lovelace".into(), "Ada Lovelace".into()));
    let [Matter::Conflict { field, winner, loser, mine_won }] = &reviews(&b)[..] else { panic!("no review") };
    assert_eq!((field.as_str(), *mine_won), ("name", true));
    assert_eq!(winner.value, Value::Text("Ada Lovelace".into()));
    assert_eq!((&loser.value, loser.stamp.device.0), (&Value::Text("Ada L.".into()), 1));
    assert!(reviews(&a).is_empty(), "only one device had to decide");
}

/// R108: a value that was offered stays offered when what won over it gives way, to somebody who saw neither.
#[test]
fn what_was_offered_stays_offered_when_a_third_value_wins() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("name", "Ada L.")]);
    server.borrow_mut().now_ms += 1_000;
    b.write(id, vec![set("name", "Ada Lovelace")]);
    a.settle();
    b.settle();
    let [seen, chosen] = ["Ada", "Countess"].map(|name| Value::Text(name.to_owned()));
    let form = Revision::of_value("name", &seen, &chosen);
    b.edit(&[Edit { id, change: Change::Revise(form) }]).expect("edits");
    let mut losers = Vec::new();
    for matter in reviews(&b) {
        let Matter::Conflict { winner, loser, .. } = matter else { panic!("no conflict") };
        assert_eq!(winner.value, chosen);
        losers.extend(loser.value.as_text().map(str::to_owned));
    }
    losers.sort();
    assert_eq!(losers, ["Ada L.", "Ada Lovelace"]);
}

#[test]
fn an_edit_concurrent_with_a_delete_wins_whoever_syncs_first() {
    for deleter_first in [true, false] {
        let (_, mut a, mut b, id) = pair();
        a.write(id, vec![Write::deleted(true)]);
        b.write(id, vec![set("note", "called back")]);
        let (first, second) = if deleter_first { (&mut a, &mut b) } else { (&mut b, &mut a) };
        first.settle();
        second.settle();
        assert_eq!(reviews(second), [Matter::Restored]);
        first.settle();
        assert_eq!(a.book, b.book);
        assert!(!a.book[&id].is_deleted(), "restored, because it was edited");
    }
}

#[test]
fn a_delete_that_saw_the_edit_stays_a_delete() {
    let (_, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "call back")]);
    a.settle();
    b.settle();
    b.write(id, vec![Write::deleted(true)]);
    b.settle();
    a.settle();
    assert!(a.book[&id].is_deleted() && b.book[&id].is_deleted());
    assert!(reviews(&a).is_empty() && reviews(&b).is_empty());
}

#[test]
fn a_lost_answer_is_no_conflict() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("name", "Ada L.")]);
    let push = block_on(a.replica.outgoing(satchel_replica::Limits::FULL, a.wall_ms()))
        .expect("reads")
        .push
        .expect("waits");
    let _lost = server.borrow_mut().push(&push);
    b.settle();
    b.write(id, vec![set("name", "Ada Lovelace")]);
    b.settle();
    assert_eq!(a.settle().phase, Phase::Synced);
    assert_eq!(a.name_of(id), "Ada Lovelace");
    assert!(reviews(&a).is_empty(), "they had seen what we wrote");
}

#[test]
fn what_was_edited_while_it_was_on_its_way_is_sent_afterwards() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "one")]);
    let push = block_on(a.replica.outgoing(satchel_replica::Limits::FULL, a.wall_ms()))
        .expect("reads")
        .push
        .expect("waits");
    let answer = server.borrow_mut().push(&push).expect("answers");
    a.write(id, vec![set("note", "two")]);
    block_on(a.replica.settle(&push, &answer, a.wall_ms())).expect("settles");
    assert_eq!(block_on(a.replica.counts()).expect("counts").waiting, 2, "the edit and its history");
    a.settle();
    b.settle();
    assert_eq!(b.book[&id].value("note"), &Value::Text("two".into()));
}

#[test]
fn own_writes_are_not_read_back() {
    let (_, mut devices) = world(1);
    let device = &mut devices[0];
    device.settle();
    for number in 1..=20 {
        device.create(number, "Ada");
    }
    assert!(matches!(device.step().0, Step::Push(_)));
    assert_eq!(device.step().0, Step::Verify);
    assert_eq!((device.replica.cursor().seq, device.status().phase), (20, Phase::Synced));
    assert!(matches!(device.step().0, Step::Idle { .. }));
}

#[test]
fn what_the_server_refuses_is_set_aside_and_the_rest_goes_on() {
    let (server, mut devices) = world(1);
    let device = &mut devices[0];
    let (bad, good) = (device.create(1, "bad"), device.create(2, "good"));
    let row = block_on(device.store.get(&[satchel_replica::to_wire(bad)])).expect("reads").remove(0);
    server.borrow_mut().refuses.insert(row.envelope.etag());
    let status = device.settle();
    assert_eq!((status.waiting, status.set_aside), (0, 1));
    assert!(matches!(status.phase, Phase::NeedsAttention(_)), "never shown as synced");
    assert_eq!(server.borrow().rows().len(), 1);
    device.reopen();
    assert_eq!(device.replica.set_aside().len(), 1, "it is remembered");
    assert_eq!(
        (device.name_of(bad), device.name_of(good)),
        ("bad".into(), "good".into()),
        "and still readable"
    );
    device.write(bad, vec![set("name", "better")]);
    assert_eq!(device.settle().set_aside, 0, "an edit offers it again");
    assert_eq!(server.borrow().rows().len(), 3, "two records and a chunk of history");
}

#[test]
fn another_tab_hears_of_what_was_set_aside_and_freed() {
    let (server, mut devices) = world(1);
    let device = &mut devices[0];
    let id = device.create(1, "bad");
    let row = block_on(device.store.get(&[satchel_replica::to_wire(id)])).expect("reads").remove(0);
    server.borrow_mut().refuses.insert(row.envelope.etag());
    let tab = device.tab();
    let aside: Vec<_> = (0..9).flat_map(|_| device.step().1.news.aside).collect();
    assert_eq!(aside, [id]);
    block_on(tab.replica.records(&aside)).expect("reads");
    assert_eq!((tab.replica.set_aside().len(), tab.replica.set_aside()), (1, device.replica.set_aside()));
    device.write(id, vec![set("name", "better")]);
    block_on(tab.replica.records(&aside)).expect("reads");
    assert_eq!(tab.replica.set_aside(), []);
}

#[test]
fn what_was_set_aside_is_offered_again_as_it_is() {
    let (server, mut devices) = world(1);
    let device = &mut devices[0];
    let id = device.create(1, "Ada");
    let row = block_on(device.store.get(&[satchel_replica::to_wire(id)])).expect("reads").remove(0);
    server.borrow_mut().refuses.insert(row.envelope.etag());
    assert_eq!(device.settle().set_aside, 1);
    device.write(id, Vec::new());
    let status = device.settle();
    assert_eq!((status.phase, status.set_aside), (Phase::Synced, 0));
    assert_eq!(server.borrow().rows().len(), 1);
    device.write(id, Vec::new());
    assert_eq!(device.status().waiting, 0, "what is not set aside is left alone");
}

/// What a device with another key, or an attacker, would have put on the server.
fn spoil(server: &Rc<RefCell<Server>>, id: RecordId) {
    let mut envelope = server.borrow().row(satchel_replica::to_wire(id)).expect("is there").envelope;
    envelope.header.replaces = Some(envelope.etag());
    envelope.ciphertext[20] ^= 1;
    server.borrow_mut().plant(envelope);
}

#[test]
fn what_cannot_be_opened_is_set_aside_and_what_we_had_stays_readable() {
    let (server, mut a, mut b, id) = pair();
    let other = a.create(2, "Bo");
    a.settle();
    let copy = server.borrow().clone();
    spoil(&server, id);
    let status = b.settle();
    assert_eq!(status.set_aside, 1);
    assert_eq!(b.replica.set_aside(), [(id, Reason::Unopenable)]);
    assert_eq!((b.name_of(id), b.name_of(other)), ("Ada".into(), "Bo".into()), "the rest goes on");
    b.reopen();
    assert_eq!(b.name_of(id), "Ada");
    // Somebody who never saw the spoiled bytes repairs the record.
    let repaired = a.write(id, vec![set("note", "still here")]);
    let good = block_on(a.store.get(&[satchel_replica::to_wire(id)])).expect("reads").remove(0);
    server.borrow_mut().set_back(&copy);
    server.borrow_mut().plant(good.envelope);
    assert_eq!(b.settle().phase, Phase::Synced);
    assert_eq!(b.book[&id], repaired.after);
}

#[test]
fn what_was_altered_on_the_way_is_asked_for_once_more_before_it_is_set_aside() {
    let (server, mut a, b, id) = pair();
    a.write(id, vec![set("note", "altered")]);
    a.settle();
    let since = b.replica.cursor().seq;
    let honest = server.borrow().changes(since, 100, 0).expect("answers");
    let apply = |alter: &dyn Fn(&mut satchel_wire::Header)| {
        let mut changes = honest.clone();
        changes.rows.iter_mut().for_each(|row| alter(&mut row.envelope.header));
        block_on(b.replica.apply_page(since, &changes, b.wall_ms())).map(|_| b.replica.set_aside())
    };
    assert_eq!(apply(&|header| header.epoch = 2), Err(ReplicaError::Nonsense), "no such epoch has begun");
    assert_eq!(apply(&|header| header.replaces = None), Err(ReplicaError::Nonsense), "the first time");
    let aside = apply(&|header| header.replaces = None).expect("the second time");
    assert!(aside.contains(&(id, Reason::Unopenable)), "that is what the server holds");
}

#[test]
fn unsent_work_survives_what_cannot_be_opened() {
    let (server, a, mut b, id) = pair();
    b.write(id, vec![set("note", "mine, unsent")]);
    spoil(&server, id);
    let status = b.settle();
    assert_eq!((status.waiting, status.set_aside), (0, 1));
    b.reopen();
    assert_eq!(b.book[&id].value("note"), &Value::Text("mine, unsent".into()));
    drop(a);
}

#[test]
fn a_local_row_that_does_not_open_comes_back_from_the_server() {
    let (_, _, mut b, id) = pair();
    let row = block_on(b.store.get(&[satchel_replica::to_wire(id)])).expect("reads").remove(0);
    let mut envelope = row.envelope.clone();
    envelope.ciphertext[30] ^= 1;
    let put = Put::new(row.id, Some(row.version), envelope, row.state);
    block_on(b.store.commit(Changeset { rows: vec![put], ..Changeset::default() })).expect("commits");
    b.reopen();
    assert!(b.book.is_empty());
    assert_eq!(b.settle().phase, Phase::Synced);
    assert_eq!((b.name_of(id), b.replica.set_aside()), ("Ada".into(), vec![]));
}

#[test]
fn an_emptied_server_is_filled_again_by_any_one_device() {
    for new_incarnation in [true, false] {
        let (server, a, mut b, id) = pair();
        drop(a);
        {
            let mut server = server.borrow_mut();
            let empty = Server::new(server.now_ms);
            if new_incarnation { server.restore(&empty) } else { server.set_back(&empty) }
        }
        assert_eq!(b.settle().phase, Phase::Synced, "{new_incarnation}");
        assert!(server.borrow().row(satchel_replica::to_wire(id)).is_some());
        assert!(reviews(&b).is_empty(), "nobody is bothered with it");
    }
}

#[test]
fn two_tabs_edit_one_record_and_both_edits_stay() {
    let (_, mut a, mut b, id) = pair();
    let mut tab = a.tab();
    a.write(id, vec![set("note", "from one tab")]);
    tab.write(id, vec![set("website", "from the other")]);
    a.write(id, vec![set("gender", "female")]);
    // Both sync; two leaders are harmless.
    a.settle();
    tab.settle();
    b.settle();
    for field in ["note", "website", "gender"] {
        assert_ne!(b.book[&id].value(field), &Value::Null, "{field}");
    }
}

#[test]
fn a_pull_in_another_tab_leaves_no_hole() {
    let (_, mut a, b, _) = pair();
    let mut tab = b.tab();
    let mut b = b;
    for number in 10..40 {
        a.create(number, "more");
    }
    a.settle();
    b.settle();
    tab.settle();
    tab.reopen();
    assert_eq!(tab.book, a.book);
}

#[test]
fn an_import_is_sealed_in_chunks_and_may_be_stopped() {
    struct Watch(Vec<usize>, usize);
    impl Pace for Watch {
        async fn breathe(&mut self, done: usize, total: usize) -> ControlFlow<()> {
            assert_eq!(total, 1_000);
            self.0.push(done);
            if done >= self.1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }
    let (_, devices) = world(1);
    let device = &devices[0];
    let edit = |number: u16| {
        let mut id = [7; 16];
        id[..2].copy_from_slice(&number.to_be_bytes());
        Edit { id: RecordId(id), change: Change::Create(Kind::Partner, vec![set("name", "x")]) }
    };
    let edits: Vec<_> = (0..1_000).map(edit).collect();
    let mut watch = Watch(vec![], 400);
    let stopped = block_on(device.replica.import(&edits, 1, &mut watch)).expect("stops");
    assert!(stopped.stopped && stopped.edited.is_empty());
    assert_eq!(block_on(device.replica.counts()).expect("counts").rows, 0, "nothing was written");
    let mut watch = Watch(vec![], usize::MAX);
    let done = block_on(device.replica.import(&edits, 1, &mut watch)).expect("imports");
    assert_eq!((done.edited.len(), done.stopped), (1_000, false));
    assert_eq!(watch.0, [200, 400, 600, 800, 1_000]);
    let counts = block_on(device.replica.counts()).expect("counts");
    assert_eq!((counts.rows, counts.waiting), (1_001, 1_001), "and one chunk of history says so");
}

#[test]
fn undo_takes_back_an_edit_and_spares_what_came_after() {
    let (_, mut a, _, id) = pair();
    let edited = a.write(id, vec![set("name", "Eve"), set("note", "wrong")]);
    a.write(id, vec![set("note", "right")]);
    a.edit(&[edited.undo()]).expect("undoes");
    assert_eq!(a.name_of(id), "Ada");
    assert_eq!(a.book[&id].value("note"), &Value::Text("right".into()));
}

#[test]
fn a_record_too_large_to_be_sent_is_not_taken() {
    let (_, mut a, _, id) = pair();
    let change = Change::Write(vec![set("note", &"x".repeat(MAX_PLAINTEXT))]);
    assert!(a.edit(&[Edit { id, change }]).is_err());
    assert_eq!(a.settle().phase, Phase::Synced, "nothing was written");
}

#[test]
fn a_proxy_that_takes_little_gets_little() {
    let (_, mut devices) = world(1);
    let device = &mut devices[0];
    for number in 1..=100 {
        device.create(number, "x");
    }
    let large = Fault::Status { status: 413, retry_after_ms: None };
    device.settle();
    assert_eq!(device.line.sizes.borrow().first(), Some(&100));
    for number in 101..=200 {
        device.create(number, "x");
    }
    *device.line.scripted.borrow_mut() = vec![large; 6];
    device.settle();
    let sizes = device.line.sizes.borrow()[1..].to_vec();
    let (refused, taken) = sizes.split_at(6);
    assert!(refused[..5].iter().all(|size| *size == 100) && refused[5] < 64, "{sizes:?}");
    assert!(taken.iter().all(|size| *size < 32) && taken.iter().sum::<usize>() == 100, "{sizes:?}");
    assert_eq!(device.status().waiting, 0);
}

#[test]
fn local_items_are_sealed_and_listed() {
    let (_, devices) = world(1);
    let (replica, store) = (&devices[0].replica, &devices[0].store);
    block_on(replica.put_local("draft/visit", b"canary in a draft")).expect("keeps");
    let kept = block_on(store.locals("draft/")).expect("reads");
    assert!(!String::from_utf8_lossy(&kept[0].sealed).contains("canary"));
    let items = block_on(replica.locals("draft/")).expect("reads");
    assert_eq!(items, [("draft/visit".to_owned(), b"canary in a draft".to_vec())]);
    block_on(replica.remove_locals(&["draft/visit".to_owned()])).expect("forgets");
    assert!(block_on(replica.locals("")).expect("reads").is_empty());
}

#[test]
fn nothing_in_the_store_or_on_the_way_is_readable() {
    let (server, mut a, mut b, _) = pair();
    let id = a.create(9, "canary-name");
    a.write(id, vec![set("note", "canary-note")]);
    let rows = block_on(a.store.scan(None, 100)).expect("reads");
    let mut bytes: Vec<u8> = rows.iter().flat_map(satchel_replica::StoredRow::encode).collect();
    a.settle();
    b.settle();
    assert_eq!(b.name_of(id), "canary-name");
    bytes.extend(satchel_wire::to_cbor(&server.borrow().changes(0, 100, 0).expect("answers")));
    for word in ["canary", "partner", "note", "deleted"] {
        let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!found, "{word} is readable");
    }
}

#[test]
fn states_are_named_for_what_they_mean() {
    let (_, mut a, _, id) = pair();
    let state = |device: &Device, id| {
        block_on(device.store.get(&[satchel_replica::to_wire(id)])).expect("reads").remove(0).state
    };
    assert!(matches!(state(&a, id), RowState::Synced(_)));
    a.write(id, vec![set("note", "x")]);
    assert!(matches!(state(&a, id), RowState::Edited { .. }));
    let new = a.create(5, "new");
    assert!(matches!(state(&a, new), RowState::New(_)));
}

//! Who changed what when: told the same on every device, whatever happened on the way.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_domain::{DeviceId, Entry, RecordId, Value, Why, Write};
use satchel_replica::history::{Break, MOST_ENTRIES, Told, chunk_id};
use satchel_replica::{Attention, Change, Edit, Phase, Store};
use satchel_wire::Stream;
use std::cell::RefCell;
use std::rc::Rc;

fn pair() -> (Rc<RefCell<Server>>, Device, Device, RecordId) {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let [mut a, mut b] = [1, 2].map(|number| Device::new(number, &server, 99));
    let id = a.create(1, "Ada");
    assert_eq!((a.settle().phase, b.settle().phase), (Phase::Synced, Phase::Synced));
    (server, a, b, id)
}

fn told(device: &Device, id: RecordId) -> Vec<Told> {
    block_on(device.replica.history(id)).expect("reads")
}

/// Field, before, after, why; everything must be vouched for.
fn words(device: &Device, id: RecordId) -> Vec<(String, Value, Value, Why)> {
    let word = |Told { entry: Entry { field, before, after, why, .. }, broken, .. }| {
        assert_eq!(broken, None);
        (field, before, after.unwrap_or(Value::Null), why)
    };
    told(device, id).into_iter().map(word).collect()
}

fn chunks(server: &Rc<RefCell<Server>>) -> usize {
    let server = server.borrow();
    server.rows().iter().filter(|row| row.envelope.header.stream == Stream::History).count()
}

fn edited(field: &str, before: Value, after: &str) -> (String, Value, Value, Why) {
    (field.into(), before, after.into(), Why::Edited)
}

/// One device may tell of another's write only of a record that was moved here, and never in the writer's place.
#[test]
fn what_was_brought_along_is_told_as_such_and_hides_nothing() {
    let (_server, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "tea")]);
    a.settle();
    b.settle();
    let [own] = &told(&b, id)[..] else { panic!("one write") };
    let older = satchel_domain::Stamp { ms: own.entry.stamp.ms - 9, device: DeviceId(77), ..own.entry.stamp };
    let brought = Entry { stamp: older, brought: Some("Emma".into()), ..own.entry.clone() };
    let shadow =
        Entry { after: Some("forged".into()), ..Entry { stamp: own.entry.stamp, ..brought.clone() } };
    let without = Entry { brought: None, field: "name".into(), ..brought.clone() };
    block_on(b.replica.bring_past(&[brought.clone(), shadow, without])).expect("written");
    b.settle();
    a.settle();
    for device in [&a, &b] {
        let told: Vec<_> =
            told(device, id).into_iter().map(|told| (told.entry, told.broken, told.teller.0)).collect();
        assert_eq!(told.len(), 3);
        assert!(told.contains(&(brought.clone(), None, 2)), "{told:?}");
        assert!(told.contains(&(own.entry.clone(), None, 1)), "the writer's own word is told: {told:?}");
        assert!(
            told.iter().any(|(entry, broken, _)| entry.field == "name" && *broken == Some(Break::Signature))
        );
    }
}

#[test]
fn what_was_written_over_is_told_on_every_device() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("name", "Ada L."), set("note", "tea")]);
    a.settle();
    b.settle();
    b.write(id, vec![set("note", "coffee")]);
    b.settle();
    a.settle();
    let expected = [
        edited("name", "Ada".into(), "Ada L."),
        edited("note", Value::Null, "tea"),
        edited("note", "tea".into(), "coffee"),
    ];
    assert_eq!(words(&a, id), expected);
    assert_eq!(words(&b, id), expected);
    assert_eq!(told(&a, id)[2].entry.stamp.device, DeviceId(2));
    assert_eq!(chunks(&server), 2);
    for device in [&mut a, &mut b] {
        device.reopen();
        assert_eq!(words(device, id), expected, "from the disk");
        assert_eq!(device.book.len(), 1, "no chunk is taken for a record");
    }
}

#[test]
fn two_devices_see_one_loss_once() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("name", "Ada L.")]);
    server.borrow_mut().now_ms += 1_000;
    b.write(id, vec![set("name", "Ada Lovelace")]);
    for _ in 0..2 {
        a.settle();
        b.settle();
    }
    let expected = [
        ("name".into(), "Ada".into(), "Ada L.".into(), Why::Lost),
        edited("name", "Ada".into(), "Ada Lovelace"),
    ];
    assert_eq!(words(&a, id), expected);
    assert_eq!(words(&b, id), expected);
}

#[test]
fn a_record_that_came_back_because_it_was_edited_is_told() {
    let (_, mut a, mut b, id) = pair();
    a.write(id, vec![Write::deleted(true)]);
    b.write(id, vec![set("note", "called back")]);
    for _ in 0..2 {
        a.settle();
        b.settle();
    }
    let whys: Vec<_> = words(&a, id).into_iter().map(|word| word.3).collect();
    assert!(whys.contains(&Why::Deleted) && whys.contains(&Why::Restored), "{whys:?}");
    assert_eq!(words(&a, id), words(&b, id));
}

#[test]
fn an_edit_and_its_entry_are_one_commit() {
    let (_, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "one")]);
    a.reopen();
    assert_eq!(words(&a, id), [edited("note", Value::Null, "one")], "nothing was sent yet");
    a.write(id, vec![set("note", "two")]);
    a.settle();
    b.settle();
    assert_eq!(words(&b, id).len(), 2);
}

#[test]
fn two_tabs_append_to_one_chain() {
    let (server, mut a, mut b, id) = pair();
    let mut tab = a.tab();
    for round in 0..20 {
        a.write(id, vec![set("note", &format!("from one tab, {round}"))]);
        tab.write(id, vec![set("website", &format!("from the other, {round}"))]);
        if round % 5 == 4 {
            a.settle();
            tab.settle();
        }
    }
    b.settle();
    assert_eq!(words(&b, id).len(), 40);
    assert_eq!(words(&a, id), words(&b, id));
    assert_eq!(words(&tab, id), words(&b, id));
    assert!(chunks(&server) <= 2, "{}", chunks(&server));
}

#[test]
fn a_lost_answer_doubles_nothing() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "one")]);
    let out = block_on(a.replica.outgoing(satchel_replica::Limits::FULL, a.wall_ms())).expect("reads");
    let _lost = server.borrow_mut().push(&out.push.expect("waits"));
    a.write(id, vec![set("note", "two")]);
    assert_eq!(a.settle().phase, Phase::Synced);
    b.settle();
    let expected = [edited("note", Value::Null, "one"), edited("note", "one".into(), "two")];
    assert_eq!(words(&a, id), expected);
    assert_eq!(words(&b, id), expected);
}

#[test]
fn a_long_chain_is_told_whole() {
    let (server, mut a, mut b, id) = pair();
    let writes = 4 * MOST_ENTRIES + 5;
    for round in 0..writes {
        a.write(id, vec![set("note", &format!("{round}"))]);
    }
    a.settle();
    b.settle();
    assert_eq!(chunks(&server), 5);
    assert_eq!(words(&b, id).len(), writes);
    a.reopen();
    a.write(id, vec![set("note", "last")]);
    a.settle();
    b.settle();
    assert_eq!((chunks(&server), words(&b, id).len()), (5, writes + 1));
}

#[test]
fn an_edit_costs_less_than_two_hundred_bytes_and_no_row() {
    let (server, mut a, _, id) = pair();
    let edits = 640;
    for round in 0..edits {
        a.write(id, vec![set("note", &format!("a short remark, number {round}"))]);
    }
    a.settle();
    let server = server.borrow();
    let rows = server.rows();
    let history = rows.iter().filter(|row| row.envelope.header.stream == Stream::History);
    let bytes: usize = history.map(|row| row.envelope.ciphertext.len()).sum();
    assert!(bytes / edits < 180, "{} bytes an edit", bytes / edits);
}

#[test]
fn an_import_costs_one_entry() {
    let (server, mut a, b, _) = pair();
    let edit = |number: u8| {
        let change = Change::Create(satchel_domain::Kind::Partner, vec![set("name", "x")]);
        Edit { id: RecordId([number; 16]), change }
    };
    let edits: Vec<_> = (10..200).map(edit).collect();
    block_on(a.replica.import(&edits, a.wall_ms(), &mut satchel_replica::Steady)).expect("imports");
    a.settle();
    assert_eq!(chunks(&server), 1);
    assert_eq!(told(&a, RecordId::NIL)[0].entry.after, Some(Value::Int(190)));
    drop(b);
}

#[test]
fn an_act_on_very_many_records_is_told_of_each_of_them_and_each_is_restored_r37() {
    let (_, mut a, mut b, _) = pair();
    let id =
        |number: u16| RecordId([&number.to_be_bytes(), [7; 14].as_slice()].concat().try_into().expect("16"));
    let edit = |number: u16, change: Change| Edit { id: id(number), change };
    let create = || Change::Create(satchel_domain::Kind::Partner, vec![set("note", "before")]);
    let edits: Vec<_> = (0..400).map(|number| edit(number, create())).collect();
    block_on(a.replica.import(&edits, a.wall_ms(), &mut satchel_replica::Steady)).expect("imports");
    a.settle();
    let write = |note: &str| Change::Write(vec![set("note", note)]);
    let one_intent: Vec<_> = (0..400).map(|number| edit(number, write("as one"))).collect();
    a.edit(&one_intent).expect("writes");
    let in_several: Vec<_> = (0..400).map(|number| edit(number, write("as many"))).collect();
    block_on(a.replica.edit_many(&in_several, a.wall_ms(), &mut satchel_replica::Steady)).expect("writes");
    a.settle();
    b.settle();
    for number in [0, 256, 399] {
        let told = told(&b, id(number));
        let values: Vec<_> =
            told.iter().map(|told| (&told.entry.before, told.entry.after.as_ref())).collect();
        let [before, one, many] = ["before", "as one", "as many"].map(Value::from);
        assert_eq!(values, [(&before, Some(&one)), (&one, Some(&many))], "{number}");
        assert!(told.iter().all(|told| told.broken.is_none()), "{number}");
    }
}

#[test]
fn an_act_on_ten_thousand_costs_less_than_two_hundred_bytes_each() {
    let (server, mut a, _, _) = pair();
    let id =
        |number: u16| RecordId([&number.to_be_bytes(), [7; 14].as_slice()].concat().try_into().expect("16"));
    let create = |number: u16| {
        let change = Change::Create(satchel_domain::Kind::Partner, vec![set("name", "somebody")]);
        Edit { id: id(number), change }
    };
    let edits: Vec<_> = (0..10_000).map(create).collect();
    block_on(a.replica.import(&edits, a.wall_ms(), &mut satchel_replica::Steady)).expect("imports");
    a.settle();
    let owner =
        |number: u16| Edit { id: id(number), change: Change::Write(vec![set("owner", "0123456789abcdef")]) };
    let given: Vec<_> = (0..10_000).map(owner).collect();
    block_on(a.replica.edit_many(&given, a.wall_ms(), &mut satchel_replica::Steady)).expect("writes");
    a.settle();
    let server = server.borrow();
    let rows = server.rows();
    let history = rows.iter().filter(|row| row.envelope.header.stream == Stream::History);
    let bytes: usize = history.map(|row| row.envelope.ciphertext.len()).sum();
    assert!(bytes < 10_000 * 200, "{bytes} bytes");
    println!("{bytes} bytes of history for an act on 10,000 records");
}

#[test]
fn any_one_device_brings_every_history_back() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "one")]);
    a.settle();
    b.settle();
    let expected = words(&a, id);
    drop(a);
    let empty = Server::new(server.borrow().now_ms);
    server.borrow_mut().restore(&empty);
    assert_eq!(b.settle().phase, Phase::Synced);
    let mut c = Device::new(3, &server, 5);
    assert_eq!(c.settle().phase, Phase::Synced);
    assert_eq!(words(&c, id), expected, "signed by the device that is gone");
}

#[test]
fn a_copied_disk_forks_no_chain() {
    let (_, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "before")]);
    a.settle();
    let mut copy = a.copied();
    a.write(id, vec![set("note", "on the disk")]);
    copy.write(id, vec![set("website", "on its copy")]);
    a.settle();
    copy.settle();
    a.settle();
    b.settle();
    assert_eq!(words(&b, id).len(), 3);
    assert_eq!(words(&a, id), words(&b, id));
    assert_eq!(words(&copy, id), words(&b, id));
}

#[test]
fn a_chunk_under_another_number_is_set_aside() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "one")]);
    a.settle();
    {
        let mut server = server.borrow_mut();
        let (space, device) = (common::device::SPACE, satchel_wire::DeviceId(1));
        let mut envelope = server.row(chunk_id(space, device, 1)).expect("is there").envelope;
        envelope.header.record = chunk_id(space, device, 2);
        envelope.header.replaces = None;
        server.plant(envelope);
    }
    assert_eq!(b.settle().set_aside, 1);
    assert_eq!(words(&b, id).len(), 1, "what is sound is told");
}

#[test]
fn a_server_with_two_faces_is_found_out_by_what_devices_tell_each_other() {
    let (server, mut a, mut b, id) = pair();
    let other = Rc::new(RefCell::new(server.borrow().clone()));
    b.line.server = Rc::clone(&other);
    a.create(2, "shown to one");
    b.create(3, "shown to the other");
    assert_eq!((a.settle().phase, b.settle().phase), (Phase::Synced, Phase::Synced));
    // The next word of the first device says what it has found at that number.
    a.write(id, vec![set("note", "one")]);
    a.settle();
    let chunk = chunk_id(common::device::SPACE, satchel_wire::DeviceId(1), 1);
    let row = server.borrow().row(chunk).expect("was sent");
    other.borrow_mut().plant(row.envelope);
    b.sync.wake(satchel_replica::Wake::Focus);
    let status = b.settle();
    assert_eq!(status.phase, Phase::NeedsAttention(Attention::Forked));
    b.reopen();
    assert!(b.replica.cursor().forked, "it is not forgotten");
}

#[test]
fn honest_devices_find_no_fork() {
    let (_, mut a, mut b, id) = pair();
    for round in 0..5 {
        a.write(id, vec![set("note", &format!("{round}"))]);
        b.write(id, vec![set("website", &format!("{round}"))]);
        for _ in 0..2 {
            a.settle();
            b.settle();
        }
    }
    assert!(!a.replica.cursor().forked && !b.replica.cursor().forked);
}

#[test]
fn a_refused_chunk_is_offered_again_at_the_next_unlock() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "one")]);
    let chunk = chunk_id(common::device::SPACE, satchel_wire::DeviceId(1), 1);
    let row = block_on(a.store.read(&[chunk], &[])).expect("reads").rows.remove(0);
    server.borrow_mut().refuses.insert(row.envelope.etag());
    assert_eq!(a.settle().set_aside, 1);
    a.write(id, vec![set("note", "two")]);
    a.reopen();
    assert_eq!((a.settle().phase, b.settle().phase), (Phase::Synced, Phase::Synced));
    assert_eq!(words(&b, id).len(), 2);
}

#[test]
fn what_was_told_of_an_erased_record_opens_nowhere_any_more() {
    let (server, mut a, mut b, id) = pair();
    a.write(id, vec![set("note", "CANARY one")]);
    a.write(id, vec![set("note", "CANARY two")]);
    a.settle();
    b.settle();
    assert_eq!(words(&b, id).len(), 2);
    block_on(a.replica.erase_now(&[id], Vec::new(), a.wall_ms())).expect("erases");
    a.settle();
    b.settle();
    for device in [&a, &b] {
        let told = told(device, id);
        let canary = told.iter().find(|told| format!("{told:?}").contains("CANARY"));
        assert_eq!(canary, None);
        assert!(block_on(device.replica.how_sealed(&[id])).expect("reads")[0].is_grave);
    }
    let erased = block_on(a.replica.how_sealed(&[id])).expect("reads");
    assert!(erased[0].seq.is_some(), "the server has the grave");
    assert!(server.borrow().rows().iter().any(|row| row.envelope.header.stream == Stream::Grave));
}

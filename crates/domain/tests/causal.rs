//! Who had seen what, told by the numbers of writes: after lost answers, with wrong clocks, with an old base or none.

mod common;

use common::merged;
use satchel_domain::stamp::Shift;
use satchel_domain::{
    Clock, DeviceId, Kind, Reconciled, Record, Stamp, Value, Write, apply, conflicts, create, delete_writes,
    reconcile,
};

fn set(field: &str, text: &str) -> Write {
    Write::Set { field: field.into(), value: Value::from(text) }
}

fn tag(present: bool) -> Write {
    Write::Element { field: "tags".into(), element: Value::from("vip"), present }
}

/// What a device makes of a record at that time by its clock.
fn write(device: u64, ms: u64, record: &Record, writes: Vec<Write>) -> Record {
    let mut record = record.clone();
    apply(&mut record, writes, &mut Clock::new(DeviceId(device)), ms);
    record
}

fn made() -> Record {
    create(Kind::Partner, vec![set("name", "a"), set("note", "old")], &mut Clock::new(DeviceId(1)), 100)
}

fn meet(base: Option<&Record>, mine: &Record, theirs: &Record) -> Reconciled {
    reconcile(base, mine, theirs, &mut Clock::new(DeviceId(1)), 10_000)
}

#[test]
fn a_deletion_that_saw_what_it_wrote_over_stays_though_the_answer_to_that_was_lost() {
    // Device 1 made the record and never heard that it was taken. Device 2 wrote over it, then deleted it.
    let mine = made();
    let over = write(2, 200, &mine, vec![set("name", "b")]);
    let deleted = write(2, 300, &over, delete_writes());
    let got = meet(None, &mine, &deleted);
    assert!(!got.restored && got.record.is_deleted());
    assert_eq!((got.record, got.conflicts), (deleted, vec![]));
}

#[test]
fn an_edit_after_a_lost_answer_takes_a_deletion_back_that_saw_only_what_was_sent() {
    let sent = made();
    let deleted = write(2, 300, &write(2, 200, &sent, vec![set("name", "b")]), delete_writes());
    let edited = write(1, 250, &sent, vec![set("note", "new")]);
    for (mine, theirs) in [(&edited, &deleted), (&deleted, &edited)] {
        let got = meet(Some(&sent), mine, theirs);
        assert!(got.restored && !got.record.is_deleted());
        assert_eq!((got.record.value("name"), got.record.value("note")), (&"b".into(), &"new".into()));
        assert_eq!(got.conflicts, []);
    }
}

#[test]
fn an_edit_of_what_began_anew_takes_a_deletion_back_that_it_only_counts_on_from() {
    let old = made();
    let deleted = write(2, 300, &write(2, 200, &old, vec![set("name", "b")]), delete_writes());
    let mut anew = old.clone();
    anew.seen.count_on(DeviceId(2), &deleted.seen);
    assert_eq!(meet(None, &anew, &deleted).record, deleted, "nothing was written to it");
    let edited = write(2, 400, &anew, vec![set("note", "new")]);
    for (mine, theirs) in [(&edited, &deleted), (&deleted, &edited), (&edited, &deleted.grave())] {
        let got = meet(None, mine, theirs);
        assert!(got.restored && !got.record.is_deleted());
        assert_eq!(got.record.value("note"), &"new".into());
    }
}

#[test]
fn a_grave_that_buries_a_record_goes_on_counting_what_was_written_to_it() {
    let old = made();
    let mut anew = old.clone();
    anew.seen.count_on(DeviceId(2), &write(2, 200, &old, vec![set("name", "b")]).seen);
    let grave = write(1, 300, &old, delete_writes()).grave();
    let got = meet(None, &anew, &grave);
    assert!(got.record.is_grave());
    assert_eq!((got.record.seen.last(DeviceId(1)), got.record.seen.last(DeviceId(2))), (2, 1));
}

#[test]
fn what_was_written_over_knowingly_gives_way_whatever_the_stamps_say() {
    // Device 1's clock ran ahead and was set right after the write had been sent, its answer lost: the others have
    // seen the write under its first stamp, clamped or not.
    let sent = write(1, 900, &made(), vec![set("name", "sent"), tag(true)]);
    let mut seen = sent.clone();
    seen.clamp(150);
    let over = write(2, 160, &seen, vec![set("name", "over it"), tag(false)]);
    for (mine, theirs) in [(&sent, &over), (&over, &sent)] {
        let got = meet(None, mine, theirs);
        assert_eq!(got.record.value("name"), &"over it".into());
        assert!(!got.record.sets["tags"][&Value::from("vip")].0);
        assert_eq!(got.conflicts, []);
        // So does whoever merges without reconciling.
        assert_eq!(merged(&got.record, &seen), got.record);
    }
}

#[test]
fn what_was_written_since_stays_above_what_comes_back_under_a_later_stamp() {
    let sent = write(1, 900, &made(), vec![set("name", "sent")]);
    let mut healed = sent.clone();
    let (device, last_ms) = (DeviceId(1), u64::MAX);
    let shift = Shift { device, by_ms: -700, since_ms: 100, last_ms, latest_ms: 0, now_ms: 300 };
    healed.restamp(Some(&made()), &shift);
    let again = write(1, 250, &healed, vec![set("name", "again")]);
    let then = write(1, 260, &again, vec![set("note", "then")]);
    assert!(then.fields["name"].stamp < sent.fields["name"].stamp);
    let got = meet(Some(&made()), &then, &sent);
    assert_eq!((got.record.value("name"), got.conflicts.len()), (&"again".into(), 0));
    let stamp = |field: &str| got.record.fields[field].stamp;
    assert!(sent.fields["name"].stamp < stamp("name") && stamp("name") < stamp("note"), "in their order");
}

#[test]
fn the_same_write_has_the_time_under_which_others_know_it() {
    let sent = write(1, 120, &made(), vec![set("name", "sent"), tag(true)]);
    let mut mine = sent.clone();
    let (device, last_ms) = (DeviceId(1), u64::MAX);
    let shift = Shift { device, by_ms: 380, since_ms: 100, last_ms, latest_ms: 0, now_ms: 900 };
    mine.restamp(Some(&made()), &shift);
    assert_ne!(mine, sent);
    let got = meet(Some(&made()), &mine, &sent);
    assert_eq!((got.record, got.conflicts, got.restored), (sent, vec![], false));
}

#[test]
fn a_loser_is_told_though_its_device_wrote_other_fields_that_are_known() {
    // Device 2 knows a later write of device 1, of another field: it came by a merge and says nothing of this one.
    let base = made();
    let mine = write(1, 200, &base, vec![set("name", "mine")]);
    let theirs = write(2, 300, &base, vec![set("name", "theirs")]);
    let found = conflicts(Some(&base), &mine, &theirs);
    assert_eq!(found.iter().map(|one| one.losing().clone()).collect::<Vec<_>>(), ["mine".into()]);
    let both = merged(&mine, &theirs);
    assert!(conflicts(Some(&base), &both, &mine).is_empty() && conflicts(None, &theirs, &both).is_empty());
}

#[test]
fn a_grave_covers_what_it_knew_and_nothing_else() {
    let deleted = write(2, 300, &made(), delete_writes());
    let noted = write(1, 400, &deleted, vec![set("note", "in the trash")]);
    let grave = noted.grave();
    assert_eq!(meet(None, &deleted, &grave).record, grave, "older than what was erased");
    assert_eq!(meet(None, &noted, &grave).record, grave);
    let unknown = write(3, 350, &deleted, vec![set("name", "b")]);
    let got = meet(None, &unknown, &grave);
    assert!(got.restored && got.record.value("name") == &"b".into());
}

#[test]
fn a_copied_device_that_counts_the_same_number_twice_loses_nothing() {
    let base = made();
    let (one, other) =
        (write(1, 200, &base, vec![set("name", "b")]), write(1, 300, &base, vec![set("note", "c")]));
    let stamp = |record: &Record, field: &str| -> Stamp { record.fields[field].stamp };
    assert!(stamp(&one, "name").is_same_write(stamp(&other, "note")));
    for (mine, theirs) in [(&one, &other), (&other, &one)] {
        let got = meet(Some(&base), mine, theirs).record;
        assert_eq!((got.value("name"), got.value("note")), (&"b".into(), &"c".into()));
    }
}

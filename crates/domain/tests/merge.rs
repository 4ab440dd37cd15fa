//! Merging: its laws, and what it does, as a table (PROTOCOL §2; R108).

mod common;

use common::{any_record, merged, record, stamp};
use proptest::prelude::*;
use satchel_domain::stamp::Shift;
use satchel_domain::{
    Clock, DeviceId, Kind, Record, Register, Stamp, Value, Write, apply, changed_fields, conflicts, field,
    reconcile,
};

proptest! {
    #[test]
    fn merging_is_commutative(a in any_record(), b in any_record()) {
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
    }

    #[test]
    fn merging_is_associative(a in any_record(), b in any_record(), c in any_record()) {
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
    }

    #[test]
    fn merging_is_idempotent(a in any_record(), b in any_record()) {
        let once = merged(&a, &b);
        prop_assert_eq!(&merged(&once, &b), &once);
        prop_assert_eq!(merged(&a, &a), a);
    }

    #[test]
    fn an_edit_always_wins_over_what_it_saw(mut a in any_record(), wall in 0u64..3) {
        let seen = a.clone();
        let write = Write::Set { field: "a".into(), value: Value::from("typed") };
        apply(&mut a, vec![write], &mut Clock::new(DeviceId(0)), wall);
        let merged = merged(&seen, &a);
        prop_assert_eq!(merged.value("a"), &Value::from("typed"));
    }

    #[test]
    fn restamping_keeps_values_and_order_and_touches_nothing_that_was_pushed(
        base in any_record(), edits in any_record(),
    ) {
        let unsent = merged(&base, &edits);
        let mut healed = unsent.clone();
        let shift = Shift { by_ms: 50, now_ms: 60, ..shift(1) };
        healed.restamp(Some(&base), &shift);
        let own = |id: &String, register: &Register| {
            let Stamp { device, nth, .. } = register.stamp;
            let pushed = base.seen.has(register.stamp)
                || (nth == 0 && base.fields.get(id).map(|base| base.stamp) == Some(register.stamp));
            device == DeviceId(1) && !pushed
        };
        for (id, register) in &unsent.fields {
            let after = &healed.fields[id];
            prop_assert_eq!(&after.value, &register.value);
            prop_assert_eq!(own(id, register), after.stamp != register.stamp);
            if own(id, register) {
                prop_assert!(Some(after.stamp) > base.latest() && after.stamp.ms >= 50);
            }
            for (other, later) in &unsent.fields {
                let both = own(id, register) && own(other, later);
                let order = |register: &Register| (register.stamp.nth, register.stamp);
                if both && order(register) < order(later) {
                    prop_assert!(healed.fields[id].stamp < healed.fields[other].stamp);
                }
            }
        }
    }
}

fn shift(device: u64) -> Shift {
    let last_ms = u64::MAX;
    Shift { device: DeviceId(device), by_ms: 0, since_ms: 0, last_ms, latest_ms: 0, now_ms: 1_000 }
}

#[test]
fn what_nobody_has_seen_is_moved_by_what_the_clock_was_wrong() {
    const AHEAD: i64 = -500;
    let table = [
        ("ahead", shift(1), AHEAD, &[700, 900][..], &[200, 400][..]),
        ("behind", shift(1), 500, &[100, 300], &[600, 800]),
        ("further ahead than there is time", shift(1), AHEAD, &[1_600, 9_000], &[1_000, 1_000]),
        (
            "before what it was made from",
            Shift { since_ms: 300, ..shift(1) },
            AHEAD,
            &[100, 1_500],
            &[300, 1_000],
        ),
        (
            "set right between two edits",
            Shift { since_ms: 300, ..shift(1) },
            AHEAD,
            &[650, 1_200],
            &[650, 700],
        ),
        (
            "behind what it was made from",
            Shift { since_ms: 560, last_ms: 300, latest_ms: 750, ..shift(1) },
            500,
            &[550, 750],
            &[600, 800],
        ),
        ("another device's", shift(2), AHEAD, &[700], &[700]),
    ];
    for (case, shift, by_ms, before, after) in table {
        let names = ["a", "b"];
        let fields: Vec<_> = names.iter().zip(before).map(|(name, ms)| (*name, "x", *ms)).collect();
        let mut record = record(1, &fields);
        record.restamp(None, &Shift { by_ms, ..shift });
        let got: Vec<_> = names.iter().filter_map(|name| Some(record.fields.get(*name)?.stamp)).collect();
        assert_eq!(got.iter().map(|stamp| stamp.ms).collect::<Vec<_>>(), after, "{case}");
        assert!(got.windows(2).all(|pair| pair[0] < pair[1]), "{case}: in their own order");
    }
}

#[test]
fn the_day_of_creation_moves_with_its_stamp() {
    let mut record = satchel_domain::create(Kind::Partner, vec![], &mut Clock::new(DeviceId(1)), 700);
    record.restamp(None, &Shift { by_ms: -500, ..shift(1) });
    assert_eq!((record.created_ms(), record.edited_ms()), (200, 200));
}

#[test]
fn a_grave_holds_the_deletion_and_nothing_else() {
    let whole = record(1, &[("name", "a", 1), ("deleted", "true", 5)]);
    let grave = whole.grave();
    assert!(grave.is_grave() && !whole.is_grave());
    assert_eq!(grave.fields.keys().collect::<Vec<_>>(), [field::DELETED]);
    assert_eq!(grave.fields[field::DELETED], whole.fields[field::DELETED]);
}

#[test]
fn an_edit_that_a_grave_did_not_know_brings_the_record_back_whole() {
    let base = record(0, &[("name", "a", 1), ("deleted", "true", 5)]);
    let grave = base.grave();
    let mut edited = base.clone();
    let note = Register { value: Value::from("written in the trash"), stamp: stamp(8, 1) };
    edited.fields.insert("note".into(), note);
    for (mine, theirs) in [(&edited, &grave), (&grave, &edited)] {
        let got = reconcile(Some(&base), mine, theirs, &mut Clock::new(DeviceId(1)), 10);
        assert!(got.restored && !got.record.is_deleted());
        assert_eq!(
            (got.record.value("name"), got.record.value("note")),
            (&"a".into(), &"written in the trash".into())
        );
    }
    let unedited = reconcile(Some(&base), &grave, &base, &mut Clock::new(DeviceId(1)), 10);
    assert!(!unedited.restored, "nobody wrote anything");
}

struct Case {
    what: &'static str,
    parent: &'static [(&'static str, &'static str, u64)],
    local: &'static [(&'static str, &'static str, u64)],
    remote: &'static [(&'static str, &'static str, u64)],
    merged: &'static [(&'static str, &'static str)],
    conflicts: &'static [&'static str],
    restored: bool,
}

const CASES: &[Case] = &[
    Case {
        what: "different fields both survive",
        parent: &[("name", "张三", 1), ("note", "old", 1)],
        local: &[("name", "张三丰", 5), ("note", "old", 1)],
        remote: &[("name", "张三", 1), ("note", "new", 4)],
        merged: &[("name", "张三丰"), ("note", "new")],
        conflicts: &[],
        restored: false,
    },
    Case {
        what: "of one field the later wins, and the person is told",
        parent: &[("name", "a", 1)],
        local: &[("name", "mine", 5)],
        remote: &[("name", "theirs", 6)],
        merged: &[("name", "theirs")],
        conflicts: &["name"],
        restored: false,
    },
    Case {
        what: "the same value on both sides is no conflict",
        parent: &[("name", "a", 1)],
        local: &[("name", "b", 5)],
        remote: &[("name", "b", 6)],
        merged: &[("name", "b")],
        conflicts: &[],
        restored: false,
    },
    Case {
        what: "emptying a field is a change like any other",
        parent: &[("note", "a", 1)],
        local: &[("note", "", 5)],
        remote: &[("note", "b", 4)],
        merged: &[("note", "")],
        conflicts: &["note"],
        restored: false,
    },
    Case {
        what: "a field that only one side has is kept",
        parent: &[],
        local: &[("phones/1", "a", 5)],
        remote: &[("phones/2", "b", 5)],
        merged: &[("phones/1", "a"), ("phones/2", "b")],
        conflicts: &[],
        restored: false,
    },
    Case {
        what: "an edit here wins over a later delete there",
        parent: &[("name", "a", 1)],
        local: &[("name", "b", 5)],
        remote: &[("name", "a", 1), ("deleted", "true", 9)],
        merged: &[("name", "b")],
        conflicts: &[],
        restored: true,
    },
    Case {
        what: "an edit there wins over a delete here",
        parent: &[("name", "a", 1)],
        local: &[("name", "a", 1), ("deleted", "true", 9)],
        remote: &[("name", "b", 5)],
        merged: &[("name", "b")],
        conflicts: &[],
        restored: true,
    },
    Case {
        what: "a delete that had seen the edit stays",
        parent: &[("name", "a", 1)],
        local: &[("name", "b", 5)],
        remote: &[("name", "b", 5), ("deleted", "true", 9)],
        merged: &[("name", "b"), ("deleted", "true")],
        conflicts: &[],
        restored: false,
    },
    Case {
        what: "deleting on both sides stays deleted (D5)",
        parent: &[("name", "a", 1)],
        local: &[("name", "a", 1), ("deleted", "true", 8)],
        remote: &[("name", "a", 1), ("deleted", "true", 9)],
        merged: &[("deleted", "true")],
        conflicts: &[],
        restored: false,
    },
    Case {
        what: "deleted before the base and edited in the trash stays there",
        parent: &[("name", "a", 1), ("deleted", "true", 2)],
        local: &[("name", "b", 5), ("deleted", "true", 2)],
        remote: &[("name", "a", 1), ("deleted", "true", 2), ("note", "c", 5)],
        merged: &[("name", "b"), ("note", "c"), ("deleted", "true")],
        conflicts: &[],
        restored: false,
    },
];

#[test]
fn reconciling_as_a_table() {
    for case in CASES {
        let base = record(0, case.parent);
        // The base's writes are the same writes on every side.
        let side = |device, fields| {
            let mut side = record(device, fields);
            for (id, register) in &base.fields {
                if side.fields.get(id).is_some_and(|own| own.stamp.ms == register.stamp.ms) {
                    side.fields.insert(id.clone(), register.clone());
                }
            }
            side
        };
        let (mine, mut theirs) = (side(1, case.local), side(2, case.remote));
        if case.what.starts_with("a delete that had seen") {
            theirs.fields.insert("name".into(), mine.fields["name"].clone());
        }
        let got = reconcile(Some(&base), &mine, &theirs, &mut Clock::new(DeviceId(1)), 10);
        for (id, text) in case.merged {
            let want = record(0, &[(id, text, 1)]).fields[*id].value.clone();
            assert_eq!(*got.record.value(id), want, "{}: {id}", case.what);
        }
        let fields: Vec<_> = got.conflicts.iter().map(|conflict| conflict.field.as_str()).collect();
        assert_eq!(fields, case.conflicts, "{}", case.what);
        assert_eq!(got.restored, case.restored, "{}", case.what);
        if case.restored {
            assert!(!got.record.is_deleted(), "{}", case.what);
            assert_eq!(got.record.fields[field::DELETED].stamp.ms, 10, "a write of its own");
        }
    }
}

#[test]
fn a_conflict_names_both_values_and_can_be_answered() {
    let base = record(0, &[("name", "a", 1)]);
    let (mine, theirs) = (record(1, &[("name", "b", 5)]), record(2, &[("name", "c", 6)]));
    let found = conflicts(Some(&base), &mine, &theirs);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].base, Value::from("a"));
    assert!(!found[0].mine_won());
    assert_eq!(*found[0].losing(), Value::from("b"));
    let mut record = merged(&mine, &theirs);
    apply(&mut record, found[0].resolve(found[0].losing().clone()), &mut Clock::new(DeviceId(1)), 2);
    assert_eq!(*record.value("name"), Value::from("b"), "even when the clock is behind");
}

#[test]
fn a_device_is_not_in_conflict_with_what_it_wrote_itself_before() {
    let base = record(0, &[("name", "a", 1)]);
    // Sent, and the answer was lost: it comes back as if another device had written it.
    let sent = record(1, &[("name", "b", 5)]);
    let again = record(1, &[("name", "c", 6)]);
    assert!(conflicts(Some(&base), &again, &sent).is_empty());
    assert_eq!(conflicts(Some(&base), &record(2, &[("name", "c", 6)]), &sent).len(), 1);
    let deleted = record(1, &[("name", "c", 6), ("deleted", "true", 7)]);
    let got = reconcile(Some(&base), &deleted, &sent, &mut Clock::new(DeviceId(1)), 10);
    assert!(!got.restored && got.record.is_deleted(), "the deletion had seen the edit");
}

#[test]
fn equal_stamps_with_different_values_have_one_winner() {
    let (a, b) = (record(1, &[("name", "a", 5)]), record(1, &[("name", "b", 5)]));
    assert_eq!(*merged(&a, &b).value("name"), Value::from("b"));
    assert_eq!(*merged(&b, &a).value("name"), Value::from("b"));
}

#[test]
fn adding_to_a_set_wins_over_removing_it_at_the_same_time() {
    let side = |present, ms| {
        let mut record = Record::new(Kind::Partner);
        record.sets.entry("tags".into()).or_default().insert(Value::from("vip"), (present, stamp(ms, 1)));
        record
    };
    let present = |record: Record| record.sets["tags"][&Value::from("vip")].0;
    assert!(present(merged(&side(true, 5), &side(false, 5))));
    assert!(present(merged(&side(false, 5), &side(true, 5))));
    assert!(!present(merged(&side(true, 5), &side(false, 6))));
}

#[test]
fn an_edit_of_a_set_wins_over_a_delete_too() {
    let base = record(0, &[("name", "a", 1)]);
    let mut mine = base.clone();
    mine.sets.entry("tags".into()).or_default().insert(Value::from("vip"), (true, stamp(5, 1)));
    let mut theirs = base.clone();
    let register = Register { value: Value::Bool(true), stamp: stamp(9, 2) };
    theirs.fields.insert(field::DELETED.into(), register);
    let got = reconcile(Some(&base), &mine, &theirs, &mut Clock::new(DeviceId(1)), 10);
    assert!(got.restored && !got.record.is_deleted());
    assert_eq!(changed_fields(Some(&base), &mine).into_iter().collect::<Vec<_>>(), ["tags"]);
}

#[test]
fn a_record_from_the_future_is_clamped_and_marked() {
    let mut record = record(1, &[("name", "a", 5), ("note", "b", 900)]);
    assert!(record.clamp(100));
    assert_eq!(record.edited_ms(), 100);
    assert!(!record.clamp(100));
}

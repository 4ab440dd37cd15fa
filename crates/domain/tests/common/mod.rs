//! Small records and random ones.
#![allow(dead_code)]

use proptest::prelude::*;
use satchel_domain::{DeviceId, Kind, Record, Register, Seen, Stamp, Value};
use std::collections::BTreeMap;

pub(crate) fn stamp(ms: u64, device: u64) -> Stamp {
    Stamp { ms, counter: 0, device: DeviceId(device), nth: 0 }
}

/// A partner with registers `(field, value, ms)`, all written by `device`.
pub(crate) fn record(device: u64, fields: &[(&str, &str, u64)]) -> Record {
    let mut record = Record::new(Kind::Partner);
    for (field, text, ms) in fields {
        let value = match *text {
            "" => Value::Null,
            "true" => Value::Bool(true),
            text => Value::from(text),
        };
        record.fields.insert((*field).to_owned(), Register { value, stamp: stamp(*ms, device) });
    }
    record
}

pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<u64>().prop_map(Value::Float),
        "\\PC{0,8}".prop_map(Value::Text),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map("[a-c]{1,2}", inner, 0..4).prop_map(Value::Map),
        ]
    })
}

/// Few stamps, so that ties are met.
fn few_stamps() -> impl Strategy<Value = Stamp> {
    (0u64..3, 0u16..2, 0u64..2, 0u32..4).prop_map(|(ms, counter, device, nth)| Stamp {
        ms,
        counter,
        device: DeviceId(device),
        nth,
    })
}

pub(crate) fn any_record() -> impl Strategy<Value = Record> {
    let kind = prop_oneof![Just(Kind::Partner), Just(Kind::Task), Just(Kind::Unknown("deal".into()))];
    let register = (value(), few_stamps()).prop_map(|(value, stamp)| Register { value, stamp });
    let fields = prop::collection::btree_map("[a-d]|phones/[ab]", register, 0..6);
    let small = prop_oneof![Just(Value::from("x")), Just(Value::Int(1)), value()];
    let elements = prop::collection::btree_map(small, (any::<bool>(), few_stamps()), 1..4);
    let sets = prop::collection::btree_map("[st]", elements, 0..3);
    let unknown = prop::collection::btree_map("z[a-c]", value(), 0..3);
    let more = prop::option::of(few_stamps());
    (kind, fields, sets, more, unknown).prop_map(|(kind, fields, sets, more, unknown)| {
        let mut record = Record { kind, fields, sets, seen: Seen::default(), unknown };
        know_own(&mut record);
        more.into_iter().for_each(|stamp| record.seen.note(stamp));
        record
    })
}

/// A record knows of the writes that it holds.
pub(crate) fn know_own(record: &mut Record) {
    let sets = record.sets.values().flat_map(|set| set.values().map(|write| write.1));
    let stamps: Vec<_> = record.fields.values().map(|register| register.stamp).chain(sets).collect();
    stamps.into_iter().for_each(|stamp| record.seen.note(stamp));
}

pub(crate) fn merged(a: &Record, b: &Record) -> Record {
    let mut record = a.clone();
    record.merge(b);
    record
}

pub(crate) fn text_map(pairs: &[(&str, &str)]) -> BTreeMap<String, Value> {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), Value::from(*text))).collect()
}

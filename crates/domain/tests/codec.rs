//! Records as bytes: nothing is lost, nothing panics (PROTOCOL §2, §9 invariant 17).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use ciborium::cbor;
use common::any_record;
use proptest::prelude::*;
use satchel_domain::{
    Clock, DeviceId, Kind, Partner, PartnerDraft, Record, RecordError, RecordId, Seen, Stamp, Value, apply,
};

proptest! {
    #[test]
    fn a_record_comes_back_as_it_was(record in any_record()) {
        let bytes = record.to_bytes();
        prop_assert_eq!(Record::from_bytes(&bytes), Ok(record));
    }

    #[test]
    fn garbage_is_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Record::from_bytes(&bytes);
    }

    #[test]
    fn damage_is_refused_or_read_without_a_panic(
        record in any_record(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = record.to_bytes();
        let end = cut.index(bytes.len());
        prop_assert!(Record::from_bytes(&bytes[..end]).is_err());
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = Record::from_bytes(&bytes).map(|record| Partner::read(RecordId::NIL, &record));
    }
}

fn cbor(value: &ciborium::Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

#[test]
fn an_old_app_keeps_what_a_newer_one_wrote() {
    let stamp = ciborium::Value::Bytes(vec![1; 16]);
    let newer = cbor!({
        "k" => "partner",
        "f" => {
            "name" => [stamp.clone(), "张三"],
            "mood" => [stamp.clone(), { "colour" => "blue", "depth" => 2.5 }],
            "phones/a" => [stamp.clone(), { "label" => "mobile", "value" => "13800000000", "verified" => true }],
        },
        "s" => {
            "tags" => [[stamp.clone(), "vip", true]],
            "orbits" => [[stamp.clone(), { "x" => 1 }, true]],
        },
        "h" => { "future" => [1, 2, 3] },
    })
    .unwrap();
    let mut record = Record::from_bytes(&cbor(&newer)).unwrap();
    let seen = Partner::read(RecordId::NIL, &record).unwrap().card;
    let mut draft = PartnerDraft { name: "张三丰".into(), ..seen.clone() };
    draft.phones[0].label = "work".into();
    let writes = PartnerDraft::diff(&seen, &draft, &mut || 0);
    apply(&mut record, writes, &mut Clock::new(DeviceId(1)), 5);

    let record = Record::from_bytes(&record.to_bytes()).unwrap();
    assert_eq!(*record.value("name"), Value::from("张三丰"));
    assert_eq!(*record.value("mood").get("colour"), Value::from("blue"));
    assert_eq!(*record.value("mood").get("depth"), Value::Float(2.5f64.to_bits()));
    assert_eq!(*record.value("phones/a").get("label"), Value::from("work"));
    assert_eq!(*record.value("phones/a").get("verified"), Value::Bool(true), "inside an edited entry, too");
    assert!(record.sets["orbits"].len() == 1);
    let three = Value::List(vec![Value::Int(1), Value::Int(2), Value::Int(3)]);
    assert_eq!(*record.unknown["h"].get("future"), three);
}

#[test]
fn an_unknown_kind_is_kept_and_read_as_nothing() {
    let record = Record::new(Kind::from_code("deal"));
    let back = Record::from_bytes(&record.to_bytes()).unwrap();
    assert_eq!(back.kind, Kind::Unknown("deal".into()));
    assert_eq!(Partner::read(RecordId::NIL, &back), None);
}

#[test]
fn what_is_not_a_record_has_a_reason() {
    let mut deep = vec![0x81; 100_000];
    deep.push(0);
    let mut wrapped = cbor(&cbor!({ "k" => "partner" }).unwrap());
    wrapped[0] = 0xa2;
    wrapped.extend([0x61, b'x']);
    wrapped.extend(deep);
    assert_eq!(Record::from_bytes(&wrapped), Err(RecordError::TooDeep));
    assert_eq!(Record::from_bytes(&[]), Err(RecordError::Truncated));
    assert!(Record::from_bytes(b"<html>").is_err());
    assert!(matches!(Record::from_bytes(&[0xff]), Err(RecordError::NotCbor(_) | RecordError::Shape(_))));
    let mut trailing = Record::new(Kind::Task).to_bytes();
    trailing.push(0);
    assert_eq!(Record::from_bytes(&trailing), Err(RecordError::Trailing));
    let no_kind = cbor(&cbor!({ "f" => {} }).unwrap());
    assert!(matches!(Record::from_bytes(&no_kind), Err(RecordError::Shape(_))));
    let huge_text = [0xa1, 0x61, b'k', 0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert!(Record::from_bytes(&huge_text).is_err(), "a length that lies allocates nothing");
}

/// "张三", created by device 7 at 1,000 ms, before writes were numbered.
const UNNUMBERED: &str = "\
    a2616b67706172746e65726166a467637265617465648250\
    0000000003e800000000000000000007\
    1903e8646b696e6482500000000003e80000000000000000000766706572736f6e\
    646e616d6582500000000003e80000000000000000000766e5bca0e4b889\
    647479706582500000000003e80000000000000000000768637573746f6d6572";

/// The same, each write with its number, and knowledge of two writes of device 9 that were written over.
const NUMBERED: &str = "\
    a3616b67706172746e65726166a467637265617465648251\
    0000000003e80000000000000000000701\
    1903e8646b696e6482510000000003e8000000000000000000070166706572736f6e\
    646e616d6582510000000003e8000000000000000000070166e5bca0e4b889\
    647479706582510000000003e8000000000000000000070168637573746f6d6572\
    61774c000000000000000900000002";

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

#[test]
fn the_bytes_of_version_one_are_kept_for_ever() {
    let draft = PartnerDraft { name: "张三".into(), ..PartnerDraft::default() };
    let mut record =
        satchel_domain::create(Kind::Partner, draft.create(&mut || 0), &mut Clock::new(DeviceId(7)), 1_000);
    record.seen.note(Stamp { ms: 5, counter: 0, device: DeviceId(9), nth: 2 });
    assert_eq!(record.to_bytes(), bytes(NUMBERED));
    assert_eq!(Record::from_bytes(&bytes(NUMBERED)), Ok(record.clone()));
    let older = Record::from_bytes(&bytes(UNNUMBERED)).unwrap();
    assert_eq!(older.to_bytes(), bytes(UNNUMBERED));
    assert_eq!(older.seen, Seen::default());
    assert!(older.fields.iter().all(|(id, before)| record.fields[id].value == before.value));
}

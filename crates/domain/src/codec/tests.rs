//! The hand-written codec against the general one.

use super::*;
use proptest::prelude::*;
use serde::ser::SerializeMap;

#[path = "../../tests/common/mod.rs"]
mod common;

struct Whole<'a>(&'a Record);
struct Fields<'a>(&'a BTreeMap<String, Register>);
struct Sets<'a>(&'a BTreeMap<String, Elements>);
struct Writes<'a>(&'a Elements);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Record { kind, fields, sets, seen, unknown } = self.0;
        let beyond = seen.beyond(&self.0.held());
        let known = 1
            + usize::from(!fields.is_empty())
            + usize::from(!sets.is_empty())
            + usize::from(!beyond.is_empty());
        let mut map = serializer.serialize_map(Some(known + unknown.len()))?;
        map.serialize_entry(KIND, kind.code())?;
        if !fields.is_empty() {
            map.serialize_entry(FIELDS, &Fields(fields))?;
        }
        if !sets.is_empty() {
            map.serialize_entry(SETS, &Sets(sets))?;
        }
        if !beyond.is_empty() {
            map.serialize_entry(SEEN, serde_bytes::Bytes::new(&beyond))?;
        }
        for (key, value) in unknown {
            map.serialize_entry(key, &Plain(value))?;
        }
        map.end()
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0.iter().map(|(id, Register { value, stamp })| (id, (Stamped(*stamp), Plain(value)))),
        )
    }
}

impl Serialize for Sets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, elements)| (id, Writes(elements))))
    }
}

impl Serialize for Writes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.0.iter().map(|(element, (present, stamp))| (Stamped(*stamp), Plain(element), present)),
        )
    }
}

fn by_ciborium(record: &Record) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(&Whole(record), &mut bytes).expect("memory takes everything");
    bytes
}

proptest! {
    #[test]
    fn the_bytes_are_those_of_the_general_writer(record in common::any_record()) {
        prop_assert_eq!(record.to_bytes(), by_ciborium(&record));
    }

    #[test]
    fn what_is_read_by_hand_is_what_the_general_reader_reads(
        record in common::any_record(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let mut bytes = by_ciborium(&record);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(read) = cbor::read(&bytes) {
            prop_assert_eq!(Ok(read), read_any(&bytes));
        }
    }

    #[test]
    fn a_peek_sees_what_reading_everything_sees(record in common::any_record(), field in prop::sample::select(vec!["a", "b", "c", "d"])) {
        let whole = record.value(field).as_text().map(str::to_owned);
        let bytes = record.to_bytes();
        prop_assert_eq!(Record::peek_text(&bytes, field).map(Cow::into_owned), whole);
    }
}

/// Text, whole numbers, maps and lists are what records hold: none of it may take the long way.
#[test]
fn what_we_write_is_read_by_hand() {
    let draft = crate::PartnerDraft {
        name: "张三".into(),
        phones: vec![crate::ContactPoint::new("work", "1")],
        tags: ["a".to_owned()].into(),
        ..Default::default()
    };
    let record =
        crate::create(Kind::Partner, draft.create(&mut || 7), &mut crate::Clock::new(crate::DeviceId(1)), 9);
    let bytes = record.to_bytes();
    assert_eq!(cbor::read(&bytes), Some(record));
    assert_eq!(cbor::peek(&bytes, crate::field::NAME), Some(Some("张三")));
    assert_eq!(cbor::peek(&bytes, crate::field::PHONES), Some(None));
}

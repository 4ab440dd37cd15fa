//! A record as bytes: CBOR, describing itself, so that an older app keeps what a newer one wrote.
//!
//! ```text
//! { "k": kind, "f": { field: [stamp, value] }, "s": { field: [[stamp, element, present]] }, "w": seen, unknown… }
//! ```
//! A stamp is 16 bytes, then the write's number in as few bytes as it takes, big-endian: none where the write has
//! no number. `seen` is what the record knows of beyond the writes that it holds, 12 bytes a device: its id, then
//! the number of its last write. Registers and elements have exactly these parts; what a later version adds comes as
//! a new top-level key, which is kept verbatim.
//!
//! What this app writes is read and written by hand ([`crate::cbor`]); whatever else is CBOR, by `ciborium`.

use crate::record::Elements;
use crate::sorted::Gather;
use crate::{Kind, Record, Register, Stamp, Value, cbor};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Deepest nesting that is read: three levels of the record, the rest for values.
const MAX_DEPTH: usize = 32;
pub(crate) const KIND: &str = "k";
pub(crate) const FIELDS: &str = "f";
pub(crate) const SETS: &str = "s";
pub(crate) const SEEN: &str = "w";
/// Bytes of a stamp without its write's number.
pub(crate) const STAMP: usize = 16;
/// Bytes of a number at most.
const NUMBER: usize = 4;

/// A write's number in as few bytes as it takes.
pub(crate) struct Number([u8; NUMBER]);

pub(crate) fn number(nth: u32) -> Number {
    Number(nth.to_be_bytes())
}

impl Number {
    pub(crate) fn as_slice(&self) -> &[u8] {
        let zeros = self.0.iter().take_while(|byte| **byte == 0).count();
        &self.0[zeros..]
    }

    pub(crate) fn len(&self) -> usize {
        self.as_slice().len()
    }
}

/// Reads a stamp with its write's number; `None` for bytes that are none.
pub(crate) fn stamp(bytes: &[u8]) -> Option<Stamp> {
    let (stamp, number) = bytes.split_first_chunk::<STAMP>()?;
    let mut nth = [0; NUMBER];
    nth[NUMBER.checked_sub(number.len())?..].copy_from_slice(number);
    (number.first() != Some(&0)).then(|| Stamp { nth: u32::from_be_bytes(nth), ..Stamp::from_bytes(*stamp) })
}

/// Bytes that are not a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Ended early.
    #[error("the record ends early")]
    Truncated,
    /// Not CBOR.
    #[error("not CBOR at byte {0}")]
    NotCbor(usize),
    /// Nested deeper than any record.
    #[error("the record is nested too deeply")]
    TooDeep,
    /// CBOR, but not shaped as a record.
    #[error("not a record: {0}")]
    Shape(String),
    /// Bytes follow the record.
    #[error("bytes follow the record")]
    Trailing,
}

impl Record {
    /// The record in CBOR. Equal records give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1024);
        cbor::write(self, &mut bytes);
        bytes.shrink_to_fit();
        bytes
    }

    /// Reads [`Record::to_bytes`]'s form. Never panics, whatever the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        cbor::read(bytes).map_or_else(|| read_any(bytes), Ok)
    }

    /// The text of one register in a record's bytes, without reading the others; `None` where there is none.
    pub fn peek_text<'a>(bytes: &'a [u8], field: &str) -> Option<Cow<'a, str>> {
        let general = || Some(Self::from_bytes(bytes).ok()?.value(field).as_text()?.to_owned());
        match cbor::peek(bytes, field) {
            Some(text) => text.map(Cow::Borrowed),
            None => general().map(Cow::Owned),
        }
    }
}

/// Reads a record however CBOR may spell it.
fn read_any(bytes: &[u8]) -> Result<Record, RecordError> {
    read(bytes).map(|Read(record)| record)
}

/// Reads one thing and nothing behind it.
pub(crate) fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, RecordError> {
    let mut rest = bytes;
    let whole = ciborium::de::from_reader_with_recursion_limit(&mut rest, MAX_DEPTH).map_err(reason)?;
    if rest.is_empty() { Ok(whole) } else { Err(RecordError::Trailing) }
}

fn reason(error: ciborium::de::Error<std::io::Error>) -> RecordError {
    match error {
        ciborium::de::Error::Io(_) => RecordError::Truncated,
        ciborium::de::Error::Syntax(at) => RecordError::NotCbor(at),
        ciborium::de::Error::RecursionLimitExceeded => RecordError::TooDeep,
        ciborium::de::Error::Semantic(_, text) => RecordError::Shape(text),
    }
}

pub(crate) struct Plain<'a>(pub(crate) &'a Value);
pub(crate) struct Stamped(pub(crate) Stamp);

impl Serialize for Stamped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = [&self.0.to_bytes(), number(self.0.nth).as_slice()].concat();
        serializer.serialize_bytes(&bytes)
    }
}

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(yes) => serializer.serialize_bool(*yes),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Float(bits) => serializer.serialize_f64(f64::from_bits(*bits)),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Value::List(list) => serializer.collect_seq(list.iter().map(Plain)),
            Value::Map(map) => serializer.collect_map(map.iter().map(|(key, value)| (key, Plain(value)))),
        }
    }
}

struct Read(Record);
pub(crate) struct ReadValue(pub(crate) Value);
pub(crate) struct ReadStamp(pub(crate) Stamp);
struct ReadElements(Elements);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        let mut kind = None;
        let mut record = Record::new(Kind::Partner);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                KIND => kind = Some(Kind::from_code(&map.next_value::<String>()?)),
                FIELDS => record.fields = fields(map.next_value()?),
                SETS => record.sets = sets(map.next_value()?),
                SEEN => {
                    let bytes = map.next_value::<serde_bytes::ByteBuf>()?;
                    record.seen.read(&bytes).ok_or_else(|| A::Error::custom("it knows of no writes"))?;
                }
                _ => {
                    let ReadValue(value) = map.next_value()?;
                    record.unknown.insert(key, value);
                }
            }
        }
        record.kind = kind.ok_or_else(|| A::Error::custom("it has no kind"))?;
        let held = record.held();
        record.seen.join(&held);
        Ok(Read(record))
    }
}

fn fields(read: BTreeMap<String, (ReadStamp, ReadValue)>) -> BTreeMap<String, Register> {
    let register = |(ReadStamp(stamp), ReadValue(value))| Register { value, stamp };
    read.into_iter().map(|(id, parts)| (id, register(parts))).gather()
}

fn sets(read: BTreeMap<String, ReadElements>) -> BTreeMap<String, Elements> {
    read.into_iter().map(|(id, ReadElements(elements))| (id, elements)).gather()
}

impl<'de> Deserialize<'de> for ReadElements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let writes = Vec::<(ReadStamp, ReadValue, bool)>::deserialize(deserializer)?;
        let element = |(ReadStamp(stamp), ReadValue(element), present)| (element, (present, stamp));
        Ok(Self(writes.into_iter().map(element).gather()))
    }
}

impl<'de> Deserialize<'de> for ReadStamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = serde_bytes::ByteBuf::deserialize(deserializer)?;
        stamp(&bytes).map(Self).ok_or_else(|| D::Error::custom("not a stamp"))
    }
}

impl<'de> Deserialize<'de> for ReadValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Self)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Int).map_err(|_| E::custom("a number beyond 64 bits"))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number.to_bits()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.to_vec()))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(bytes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(ReadValue(value)) = seq.next_element()? {
            list.push(value);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some((key, ReadValue(value))) = map.next_entry::<String, _>()? {
            entries.insert(key, value);
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
#[path = "codec/tests.rs"]
mod tests;

//! What was changed, write by write: the entries of the history stream.
//!
//! A record tells what is and when each field was written last. An entry keeps what was there before, so that
//! a value which was written over, or which lost against another device's, can be had back. Nothing that
//! merges looks at entries.

use crate::codec::{Plain, ReadStamp, ReadValue, Stamped, read};
use crate::record::Elements;
use crate::{Conflict, Record, RecordError, RecordId, Stamp, Value, field};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize, Deserializer};

/// The longest entry that keeps both of its values, in bytes. A longer one keeps the value that nothing else
/// does.
const LONGEST_WHOLE: usize = 8 * 1024;
/// Bytes of the record's id in front of an encoded entry.
const ID: usize = 16;

/// What kind of change an entry tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Somebody wrote.
    Edited,
    /// Somebody wrote, and another device's later write of the same field stands in its place.
    Lost,
    /// Put into the trash.
    Deleted,
    /// Taken back from the trash, by hand or because it was edited elsewhere.
    Restored,
    /// Many records were written at once, such as from a file; `after` says how many. It belongs to no record.
    Many,
    /// Something that a newer app knows.
    Unknown(String),
}

impl Why {
    /// The code under which it is kept, for ever.
    pub fn code(&self) -> &str {
        match self {
            Self::Edited => "edited",
            Self::Lost => "lost",
            Self::Deleted => "deleted",
            Self::Restored => "restored",
            Self::Many => "many",
            Self::Unknown(code) => code,
        }
    }

    /// What this code means.
    pub fn from_code(code: String) -> Self {
        match code.as_str() {
            "edited" => Self::Edited,
            "lost" => Self::Lost,
            "deleted" => Self::Deleted,
            "restored" => Self::Restored,
            "many" => Self::Many,
            _ => Self::Unknown(code),
        }
    }
}

/// One write of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of which record; [`RecordId::NIL`] for what belongs to none.
    pub record: RecordId,
    /// Which register or set, by its id in [`crate::field`].
    pub field: String,
    /// The element, for a set; its values are then [`Value::Bool`]: in the set or not.
    pub element: Option<Value>,
    /// What was there before the write.
    pub before: Value,
    /// What was written; `None` where it was too long to be kept twice.
    pub after: Option<Value>,
    /// When and by whom it was written: with the field it names the entry, on every device alike.
    pub stamp: Stamp,
    /// What kind of change.
    pub why: Why,
    /// Who wrote it, where the record came from another space and brought its past along: as whoever moved it tells,
    /// and empty if she could not say. Such an entry may tell of another device's write.
    pub brought: Option<String>,
}

impl Entry {
    /// The entry of a value that gave way when two devices met. Every device that notices the same loss makes
    /// the same entry, and it is the entry of the losing write itself, so that it is told once.
    pub fn lost(record: RecordId, conflict: &Conflict) -> Self {
        let loser = if conflict.mine_won() { &conflict.theirs } else { &conflict.mine };
        Self {
            record,
            field: conflict.field.clone(),
            element: None,
            before: conflict.base.clone(),
            after: Some(loser.value.clone()),
            stamp: loser.stamp,
            why: Why::Lost,
            brought: None,
        }
    }

    /// The entry of a record that was taken back from the trash because it was edited elsewhere.
    pub fn restored(record: RecordId, now: &Record) -> Option<Self> {
        let stamp = now.fields.get(field::DELETED)?.stamp;
        let (before, after) = (Value::Bool(true), Some(Value::Bool(false)));
        let field = field::DELETED.to_owned();
        Some(Self { record, field, element: None, before, after, stamp, why: Why::Restored, brought: None })
    }

    /// The one entry of many records that were written at once: when and by whom is in the records.
    pub fn many(records: usize, stamp: Stamp) -> Self {
        let count = i64::try_from(records).unwrap_or(i64::MAX);
        Self {
            record: RecordId::NIL,
            field: String::new(),
            element: None,
            before: Value::Null,
            after: Some(Value::Int(count)),
            stamp,
            why: Why::Many,
            brought: None,
        }
    }

    /// As bytes: the record's id, so that a reader finds its entries without decoding all, then a CBOR map
    /// `{ f: field, x: element, b: before, a: after, t: stamp, w: why, o: brought }`, of which `x`, `a` and `o` may be absent.
    /// Where both values are too long together, only what would be gone otherwise is kept: of a loser what was
    /// written, of a write what was there before.
    pub fn to_bytes(&self) -> Vec<u8> {
        let whole = self.encoded(&self.before, self.after.as_ref());
        match self.why {
            _ if whole.len() <= LONGEST_WHOLE => whole,
            Why::Lost => self.encoded(&Value::Null, self.after.as_ref()),
            _ => self.encoded(&self.before, None),
        }
    }

    fn encoded(&self, before: &Value, after: Option<&Value>) -> Vec<u8> {
        let mut bytes = self.record.0.to_vec();
        ciborium::into_writer(&Whole { entry: self, before, after }, &mut bytes)
            .expect("writing plain values to memory cannot fail");
        bytes
    }

    /// Whose entry these bytes are.
    pub fn record_of(bytes: &[u8]) -> Option<RecordId> {
        bytes.first_chunk::<ID>().copied().map(RecordId)
    }

    /// Reads [`Entry::to_bytes`]'s form; what a newer app added is passed over.
    ///
    /// # Errors
    /// For bytes that are not an entry. Never panics.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        let (id, rest) = bytes.split_first_chunk::<ID>().ok_or(RecordError::Truncated)?;
        let ReadEntry { f, x, b: ReadValue(before), a, t: ReadStamp(stamp), w, o } = read(rest)?;
        Ok(Self {
            record: RecordId(*id),
            field: f,
            element: x.map(|ReadValue(element)| element),
            before,
            after: a.map(|ReadValue(after)| after),
            stamp,
            why: Why::from_code(w),
            brought: o,
        })
    }
}

/// What an edit changed, write by write. A new record has none: its stamps say when it was made, and there
/// was nothing before. A write that changed no value has none either.
pub fn entries(record: RecordId, before: Option<&Record>, after: &Record) -> Vec<Entry> {
    let Some(before) = before else { return Vec::new() };
    let mut entries: Vec<_> = registers(record, before, after).collect();
    for (field, elements) in after.sets.iter().filter(|(field, _)| !field::holds_keys(field)) {
        entries.extend(self::elements(record, field, before.sets.get(field), elements));
    }
    entries
}

fn registers<'a>(
    record: RecordId,
    before: &'a Record,
    after: &'a Record,
) -> impl Iterator<Item = Entry> + 'a {
    let written = after.fields.iter().filter(|(field, register)| {
        field.as_str() != field::CREATED && *before.value(field) != register.value
    });
    written.map(move |(field, register)| Entry {
        record,
        field: field.clone(),
        element: None,
        before: before.value(field).clone(),
        after: Some(register.value.clone()),
        stamp: register.stamp,
        why: why(field, &register.value),
        brought: None,
    })
}

fn elements<'a>(
    record: RecordId,
    field: &'a str,
    before: Option<&'a Elements>,
    after: &'a Elements,
) -> impl Iterator<Item = Entry> + 'a {
    let was = move |element| before.and_then(|set| set.get(element)).is_some_and(|write| write.0);
    let written = after.iter().filter(move |(element, write)| was(element) != write.0);
    written.map(move |(element, &(present, stamp))| Entry {
        record,
        field: field.to_owned(),
        element: Some(element.clone()),
        before: Value::Bool(!present),
        after: Some(Value::Bool(present)),
        stamp,
        why: Why::Edited,
        brought: None,
    })
}

fn why(field: &str, value: &Value) -> Why {
    match (field, value) {
        (field::DELETED, Value::Bool(true)) => Why::Deleted,
        (field::DELETED, _) => Why::Restored,
        _ => Why::Edited,
    }
}

struct Whole<'a> {
    entry: &'a Entry,
    before: &'a Value,
    after: Option<&'a Value>,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { entry, before, after } = self;
        let Entry { record: _, field, element, before: _, after: _, stamp, why, brought } = entry;
        let more = [element.is_some(), after.is_some(), brought.is_some()];
        let known = 4 + more.iter().filter(|more| **more).count();
        let mut map = serializer.serialize_map(Some(known))?;
        map.serialize_entry("f", field)?;
        if let Some(element) = element {
            map.serialize_entry("x", &Plain(element))?;
        }
        map.serialize_entry("b", &Plain(before))?;
        if let Some(after) = after {
            map.serialize_entry("a", &Plain(after))?;
        }
        map.serialize_entry("t", &Stamped(*stamp))?;
        map.serialize_entry("w", why.code())?;
        if let Some(who) = brought {
            map.serialize_entry("o", who)?;
        }
        map.end()
    }
}

#[derive(Deserialize)]
struct ReadEntry {
    f: String,
    #[serde(default, deserialize_with = "present")]
    x: Option<ReadValue>,
    b: ReadValue,
    #[serde(default, deserialize_with = "present")]
    a: Option<ReadValue>,
    t: ReadStamp,
    w: String,
    o: Option<String>,
}

/// What is there is there, even if it is nothing: an emptied field is not an unknown one.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ReadValue>, D::Error> {
    ReadValue::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests;

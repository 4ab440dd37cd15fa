//! Who changed what when, and what can be had back.

use satchel_domain::{RecordId, Stamp, Value};
use serde::{Deserialize, Serialize};

/// What is known of a record's past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The record.
    pub record: RecordId,
    /// When it was made, ms since 1970 UTC.
    pub created_ms: u64,
    /// Where it was made, if that is known.
    pub created_by: Option<Author>,
    /// What was changed since, newest first. The first values of a record are in the record itself, and an
    /// import is told as a whole: neither has entries.
    pub entries: Vec<HistoryEntry>,
}

/// One change of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Names it in [`super::Command::RestoreValue`].
    pub key: HistoryKey,
    /// The device that wrote.
    pub author: Author,
    /// When, ms since 1970 UTC.
    pub at_ms: u64,
    /// What was there before, as it is read: names for ids; for an element of a set, the element if it was in it.
    pub before: Value,
    /// What was written. Of a large value that was written over since, nothing may be known: then
    /// [`Value::Null`] and [`Self::after_unknown`].
    pub after: Value,
    /// See [`Self::after`].
    pub after_unknown: bool,
    /// What kind of change.
    pub what: HistoryKind,
    /// This value is what stands now.
    pub stands: bool,
    /// It cannot be vouched for.
    pub broken: Option<HistoryBreak>,
}

/// Names one change of one field: the same on every device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HistoryKey {
    /// The field, by its id in [`satchel_domain::field`].
    pub field: String,
    /// The element, where the field is a set.
    pub element: Option<Value>,
    /// The stamp of the write.
    pub stamp: Stamp,
}

/// Who, or which device of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// The one that shows it.
    ThisDevice,
    /// Another, by a short code such as `7F3K`.
    Other(String),
    /// Another member of the team, by her name, and her device as above.
    Member(String, String),
    /// Somebody in the space where the record was before, by the name that was told by whoever moved it; empty if
    /// that is not known.
    Brought(String, Box<Author>),
}

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HistoryKind {
    /// Somebody wrote.
    Edited,
    /// Somebody wrote, and a later write of another device that did not know of it stands in its place.
    Lost,
    /// Put into the trash.
    Deleted,
    /// Taken back from the trash, by hand or because it was edited elsewhere.
    Restored,
}

/// Why an entry cannot be vouched for. It is shown nevertheless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HistoryBreak {
    /// Its device did not sign it.
    Signature,
    /// Earlier entries of its device are missing.
    Gap,
    /// It does not follow from the entries of its device before it.
    Chain,
}

/// Which side of an entry is wanted back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HistorySide {
    /// [`HistoryEntry::before`].
    Before,
    /// [`HistoryEntry::after`]: what lost, or what was written over since.
    After,
}

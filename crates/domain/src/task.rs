//! What we promised to do, and by when.

use crate::change::Shape;
use crate::{Kind, Moment, Record, RecordId, Value, Write, entry, field};
use serde::{Deserialize, Serialize};

/// A task as a person edits it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDraft {
    /// For whom, if for anybody.
    pub partner: Option<RecordId>,
    /// What to do.
    pub title: String,
    /// By when.
    pub due: Option<Moment>,
    /// The record that it follows from.
    pub source: Option<RecordId>,
}

/// A task as read from its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its identity.
    pub id: RecordId,
    /// Everything a person can edit.
    pub entry: TaskDraft,
    /// When it was done, ms since 1970 UTC; `None` while open.
    pub done_ms: Option<u64>,
    /// In the trash.
    pub deleted: bool,
    /// When the record was first written, ms since 1970 UTC.
    pub created_ms: u64,
    /// When any field was last written, ms since 1970 UTC.
    pub edited_ms: u64,
}

impl TaskDraft {
    /// The writes of a new task.
    pub fn create(&self) -> Vec<Write> {
        self.shape().writes_since(&Shape::default())
    }

    /// The writes that lead from what the person saw to what she made of it: only what differs.
    pub fn diff(from: &Self, to: &Self) -> Vec<Write> {
        to.shape().writes_since(&from.shape())
    }

    fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        shape.put(field::PARTNER, self.partner);
        shape.put(field::TITLE, self.title.trim());
        shape.put(field::DUE, self.due.as_ref());
        shape.put(field::SOURCE, self.source);
        shape
    }

    fn read(record: &Record) -> Self {
        Self {
            partner: entry::id(record, field::PARTNER),
            title: entry::text(record, field::TITLE),
            due: entry::moment(record.value(field::DUE)),
            source: entry::id(record, field::SOURCE),
        }
    }
}

impl Task {
    /// Reads a task; `None` when the record is of another kind.
    pub fn read(id: RecordId, record: &Record) -> Option<Self> {
        (record.kind == Kind::Task).then(|| Self {
            id,
            entry: TaskDraft::read(record),
            done_ms: entry::number(record, field::DONE),
            deleted: record.is_deleted(),
            created_ms: record.created_ms(),
            edited_ms: record.edited_ms(),
        })
    }
}

/// The writes that mark a task done at this time, or open again.
pub fn done_writes(done_ms: Option<u64>) -> Vec<Write> {
    let value = done_ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX));
    vec![Write::Set { field: field::DONE.to_owned(), value: Value::from(value) }]
}

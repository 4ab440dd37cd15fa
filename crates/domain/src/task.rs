//! What we promised to do, and by when.

use crate::change::Shape;
use crate::{Kind, Moment, Record, RecordId, Value, Write, entry, field};
use serde::{Deserialize, Serialize};

/// Where a task stands among the visits of its day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// Nobody has said: by its time, after those that have a place.
    #[default]
    Unsaid,
    /// At this place, counted from 0. Two may share one, where two devices ordered the same day.
    Nth(u32),
    /// Not a visit: it is done from elsewhere.
    Aside,
}

impl Turn {
    const ASIDE: &str = "aside";

    fn read(value: &Value) -> Self {
        match (value.as_int().map(u32::try_from), value.as_text()) {
            (Some(Ok(nth)), _) => Self::Nth(nth),
            (_, Some(Self::ASIDE)) => Self::Aside,
            _ => Self::Unsaid,
        }
    }
}

impl From<Turn> for Value {
    fn from(turn: Turn) -> Self {
        match turn {
            Turn::Unsaid => Self::Null,
            Turn::Nth(nth) => Self::Int(nth.into()),
            Turn::Aside => Self::from(Turn::ASIDE),
        }
    }
}

/// A task as a person edits it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDraft {
    /// For whom, if for anybody.
    pub partner: Option<RecordId>,
    /// What to do.
    pub title: String,
    /// By when.
    pub due: Option<Moment>,
    /// The record that it follows from.
    pub source: Option<RecordId>,
    /// Where it stands among the visits of its day.
    #[serde(default)]
    pub turn: Turn,
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
    ///
    /// A place among the visits is one of its day: what moves to another day has none there.
    pub fn diff(from: &Self, to: &Self) -> Vec<Write> {
        let moved = from.due != to.due && from.turn == to.turn;
        let turn = if moved { Turn::Unsaid } else { to.turn };
        Self { turn, ..to.clone() }.shape().writes_since(&from.shape())
    }

    pub(crate) fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        shape.put(field::PARTNER, self.partner);
        shape.put(field::TITLE, self.title.trim());
        shape.put(field::DUE, self.due.as_ref());
        shape.put(field::SOURCE, self.source);
        shape.put(field::TURN, self.turn);
        shape
    }

    pub(crate) fn read(record: &Record) -> Self {
        Self {
            partner: entry::id(record, field::PARTNER),
            title: entry::text(record, field::TITLE),
            due: entry::moment(record.value(field::DUE)),
            source: entry::id(record, field::SOURCE),
            turn: Turn::read(record.value(field::TURN)),
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

/// The writes that give a task its place among the visits of its day.
pub fn turn_writes(turn: Turn) -> Vec<Write> {
    vec![Write::Set { field: field::TURN.to_owned(), value: turn.into() }]
}

/// The writes that mark a task done at this time, or open again.
pub fn done_writes(done_ms: Option<u64>) -> Vec<Write> {
    let value = done_ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX));
    vec![Write::Set { field: field::DONE.to_owned(), value: Value::from(value) }]
}

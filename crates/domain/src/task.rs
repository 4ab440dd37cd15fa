//! What we promised to do, and by when.

use crate::{Moment, RecordId};
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

//! The port to this device's disk: few, big calls, of which one writes.
//!
//! Every write is a [`Changeset`]: rows, cursor and sealed local items in one transaction, with a check that
//! nothing was changed meanwhile by another tab. Two stores implement it, [`crate::MemoryStore`] and the one on
//! IndexedDB, behind one conformance suite.

use crate::{Cursor, Meta, RowState, StoredRow, Turn};
use satchel_wire::{Envelope, RecordId};

/// How hard a commit must hit the disk before it is answered.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Durability {
    /// It survives a power cut: what a person typed.
    #[default]
    Strict,
    /// It may be forgotten at a power cut, whole: pulled pages, which can be pulled again.
    Relaxed,
}

/// A row to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Put {
    /// Whose row.
    pub id: RecordId,
    /// The version that was read; `None` when there was no row. The written row's version is one higher.
    pub expected: Option<u64>,
    /// The record, sealed.
    pub envelope: Envelope,
    /// Where it stands now.
    pub state: RowState,
}

impl Put {
    /// The row as it is stored.
    pub fn into_row(self) -> StoredRow {
        StoredRow {
            id: self.id,
            version: self.expected.unwrap_or(0) + 1,
            envelope: self.envelope,
            state: self.state,
        }
    }
}

/// The cursor's move; the commit fails when it no longer stands at `from`, so that a late page of another
/// tab never leaves a hole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CursorMove {
    /// Where it stood when the page was asked for; judged by [`Cursor::same_place`].
    pub from: Cursor,
    /// Where it stands afterwards.
    pub to: Cursor,
}

/// A sealed local item under its key, such as `draft/…`, `review/…`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocalItem {
    /// Its key.
    pub key: String,
    /// Sealed by the vault; opaque here.
    pub sealed: Vec<u8>,
}

/// A local item to be written or removed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LocalPut {
    /// Written, whatever was there.
    Set(LocalItem),
    /// Removed, if it was there.
    Remove(String),
}

/// Everything that one intent writes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Changeset {
    /// How durable.
    pub durability: Durability,
    /// Rows; no id twice.
    pub rows: Vec<Put>,
    /// The cursor's move.
    pub cursor: Option<CursorMove>,
    /// The device's bootstrap data, whole; its `revision` must be one more than the stored one's (1 for the first).
    pub meta: Option<Meta>,
    /// Local items.
    pub locals: Vec<LocalPut>,
}

/// What a commit wrote.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Committed {
    /// How many rows.
    pub rows: usize,
}

/// What had moved since it was read. Read again, redo, commit again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stale {
    /// Rows with another version than expected.
    pub rows: Vec<RecordId>,
    /// The cursor stands elsewhere.
    pub cursor: bool,
    /// The bootstrap data has another revision.
    pub meta: bool,
}

impl Stale {
    /// Whether anything had moved.
    pub fn any(&self) -> bool {
        self.cursor || self.meta || !self.rows.is_empty()
    }
}

/// How many rows there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Of them, waiting to be sent.
    pub waiting: u64,
    /// The highest turn that is taken.
    pub last_turn: Option<Turn>,
}

/// Why a store could not do it. The person's data is as it was before the call.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StoreError {
    /// Something moved since it was read; nothing was written.
    #[error("changed meanwhile: {} rows", .0.rows.len())]
    Stale(Stale),
    /// The disk, or this app's share of it, is full; nothing was written.
    #[error("no room left on this device")]
    Quota,
    /// The connection is gone: closed by the browser, or for another tab's upgrade. Open again.
    #[error("the connection to the store is closed")]
    Closed,
    /// Another tab holds an older version open.
    #[error("another tab is keeping an older version open")]
    Blocked,
    /// Something in the store cannot be read.
    #[error("damaged: {what}")]
    Damaged {
        /// Which part.
        what: String,
    },
    /// A newer app wrote this store.
    #[error("written by a newer app: format {found}, this one knows {known}")]
    Newer {
        /// The store's format.
        found: u32,
        /// The highest format known here.
        known: u32,
    },
    /// This browser keeps nothing, as in some private modes.
    #[error("this browser does not let the app keep anything")]
    Unavailable,
    /// Anything else, with the platform's own code.
    #[error("the store failed: {0}")]
    Other(String),
}

impl StoreError {
    /// Whether trying again, as it is, can never help.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Newer { .. } | Self::Unavailable)
    }
}

/// This device's disk. Calls may overlap; each sees a consistent state.
#[allow(async_fn_in_trait, reason = "runs on one thread, in a worker or a test: no future here needs Send")]
pub trait Store {
    /// Writes all of it or nothing.
    async fn commit(&self, changeset: Changeset) -> Result<Committed, StoreError>;

    /// At most `limit` rows with ids above `after`, in order of their ids.
    async fn scan(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<StoredRow>, StoreError>;

    /// The rows of these ids, in their order; what does not exist is left out.
    async fn get(&self, ids: &[RecordId]) -> Result<Vec<StoredRow>, StoreError>;

    /// At most `limit` rows waiting to be sent after `after`, in order of (turn, id).
    async fn waiting(
        &self,
        after: Option<(Turn, RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError>;

    /// How many rows there are.
    async fn counts(&self) -> Result<Counts, StoreError>;

    /// The bootstrap data; `None` on a device that was never set up.
    async fn meta(&self) -> Result<Option<Meta>, StoreError>;

    /// How far this device has read; the start of the log on a new one.
    async fn cursor(&self) -> Result<Cursor, StoreError>;

    /// The local items whose keys start with `prefix`, in order of their keys.
    async fn locals(&self, prefix: &str) -> Result<Vec<LocalItem>, StoreError>;
}

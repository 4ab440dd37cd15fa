//! The port to this device's disk: few, big calls, of which one writes.
//!
//! Every write is a [`Changeset`]: rows, cursor and sealed local items in one transaction, with a check that
//! nothing was changed meanwhile by another tab. Two stores implement it, [`crate::MemoryStore`] and the one on
//! IndexedDB, behind one conformance suite.

use crate::{Cursor, Meta, RowState, StoredRow, Turn};
use satchel_wire::{Envelope, RecordId};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// How hard a commit must hit the disk before it is answered.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Durability {
    /// It survives a power cut: what a person typed.
    #[default]
    Strict,
    /// It may be forgotten at a power cut, whole: pulled pages, which can be pulled again. A commit that holds anything
    /// that was never sent is strict, whatever was asked for.
    Relaxed,
}

/// Whether a write changes a record or only where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// The record is another one.
    Changed,
    /// The record is the one that was read.
    Kept,
}

/// A row to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Put {
    /// Whose row.
    pub id: RecordId,
    /// The version of the row that was read; `None` when there was none.
    pub expected: Option<u64>,
    /// The version of the page's copy, when that is what was read: no row may be there then.
    pub paged: Option<u64>,
    /// The record, sealed.
    pub envelope: Envelope,
    /// Where it stands now.
    pub state: RowState,
    /// Whether the record is another one.
    pub content: Content,
}

impl Put {
    /// A write of another record over the version that was read.
    pub fn new(id: RecordId, expected: Option<u64>, envelope: Envelope, state: RowState) -> Self {
        Self { id, expected, paged: None, envelope, state, content: Content::Changed }
    }

    /// The same record in another state.
    #[must_use]
    pub fn keeping(self) -> Self {
        Self { content: Content::Kept, ..self }
    }

    /// The version of the row that is stored: one higher than what was read.
    pub(crate) fn next_version(&self) -> u64 {
        self.expected.max(self.paged).unwrap_or(0) + 1
    }

    /// The row as it is stored.
    pub fn into_row(self) -> StoredRow {
        StoredRow { version: self.next_version(), id: self.id, envelope: self.envelope, state: self.state }
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

/// What a page is for; the number is the first byte of its key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum PageKind {
    /// An index of partners and tasks: what a list needs.
    Cards = 0,
    /// An index of what happened.
    Events = 1,
    /// An index of what no screen opens at the start.
    Cold = 2,
    /// New states of records whose content stays where it is.
    Marks = 3,
    /// The records themselves.
    Bodies = 8,
    /// An index that was set apart with its bodies because one of them does not open: nothing reads it.
    IndexApart = 16,
    /// Bodies that were set apart.
    BodiesApart = 17,
    /// A row that was set apart because it cannot be read: its id, then its bytes as they lay there.
    RowApart = 18,
}

impl PageKind {
    /// Whether it is an index of records.
    pub(crate) fn is_index(self) -> bool {
        matches!(self, Self::Cards | Self::Events | Self::Cold)
    }

    /// Where a page of this kind goes that is set apart; `None` for one that holds no records.
    pub(crate) fn apart(self) -> Option<Self> {
        match self {
            Self::Cards | Self::Events | Self::Cold => Some(Self::IndexApart),
            Self::Bodies => Some(Self::BodiesApart),
            Self::Marks | Self::IndexApart | Self::BodiesApart | Self::RowApart => None,
        }
    }
}

/// Where a page lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PageKey {
    /// What it is for.
    pub kind: PageKind,
    /// Rises; never used twice.
    pub number: u32,
}

impl PageKey {
    /// Kind, then number, big-endian: bytes sort as keys do.
    pub fn to_bytes(self) -> [u8; 5] {
        let [a, b, c, d] = self.number.to_be_bytes();
        [self.kind as u8, a, b, c, d]
    }
}

/// What is known of the pages without opening one.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct PagesHead {
    /// One more with each commit that writes or removes a page, takes a record out of one, or removes a damaged row;
    /// 0 before the first.
    pub generation: u64,
    /// The lowest number that no page has had.
    pub next: u32,
    /// Records that live in pages.
    pub rows: u64,
    /// Of them, waiting to be sent.
    pub waiting: u64,
}

impl PagesHead {
    /// As CBOR.
    pub fn encode(&self) -> Vec<u8> {
        satchel_wire::to_cbor(self)
    }

    /// Reads what [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        satchel_wire::from_cbor(bytes).map_err(|_| StoreError::Damaged { what: "pages".into() })
    }

    /// After this change.
    #[must_use]
    pub fn after(self, change: &PageChange) -> Self {
        // A record that leaves its page for a row counts too: whoever was about to write over its page's copy
        // has not seen the row.
        let touches = !(change.writes.is_empty() && change.removes.is_empty());
        let moves = touches || change.rows != 0 || !change.damaged.is_empty();
        let highest = change.writes.iter().map(|(key, _)| key.number.saturating_add(1)).max();
        Self {
            generation: self.generation + u64::from(moves),
            next: highest.map_or(self.next, |next| next.max(self.next)),
            rows: self.rows.saturating_add_signed(change.rows),
            waiting: self.waiting.saturating_add_signed(change.waiting),
        }
    }
}

/// What a commit does to the pages.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct PageChange {
    /// The generation that was read; the commit fails when it is another by now.
    pub over: u64,
    /// Sealed pages under keys that were never used.
    pub writes: Vec<(PageKey, Vec<u8>)>,
    /// Pages that nothing needs any more.
    pub removes: Vec<PageKey>,
    /// Rows that go because pages hold them from now on, with the versions that were read.
    pub unrow: Vec<(RecordId, u64)>,
    /// Rows of [`Store::damaged_rows`] that go, with their places in the outbox.
    pub damaged: Vec<RecordId>,
    /// How many more records live in pages.
    pub rows: i64,
    /// How many more of them wait.
    pub waiting: i64,
}

/// What one look at a store found.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Found {
    /// Rows, in the order that was asked for.
    pub rows: Vec<StoredRow>,
    /// Of the rows that were asked for, those that are there and cannot be read.
    pub damaged: Vec<RecordId>,
    /// Pages, one an asked key; empty where the platform lost one, so that it is dealt with as a damaged one is.
    pub pages: Vec<Option<Vec<u8>>>,
    /// [`PagesHead::generation`] at that moment.
    pub generation: u64,
}

/// A row that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DamagedRow {
    /// Whose row, by its key.
    pub id: RecordId,
    /// What lies there; empty where the platform lost it.
    pub bytes: Vec<u8>,
    /// It has a place in the outbox.
    pub waits: bool,
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
    /// Sealed pages.
    pub pages: Option<PageChange>,
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
    /// The pages are of another generation.
    pub pages: bool,
}

impl Stale {
    /// Whether anything had moved.
    pub fn any(&self) -> bool {
        self.cursor || self.meta || self.pages || !self.rows.is_empty()
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
    /// What is known of the pages.
    pub pages: PagesHead,
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
    /// The browser threw the store away under us, with everything in it.
    #[error("the store is gone")]
    Gone,
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
        matches!(self, Self::Gone | Self::Damaged { .. } | Self::Newer { .. } | Self::Unavailable)
    }
}

/// This device's disk. Calls may overlap; each sees a consistent state.
#[allow(async_fn_in_trait, reason = "runs on one thread, in a worker or a test: no future here needs Send")]
pub trait Store {
    /// Writes all of it or nothing.
    async fn commit(&self, changeset: Changeset) -> Result<Committed, StoreError>;

    /// At most `limit` rows with ids above `after`, in order of their ids: no fewer unless there are no more. What cannot
    /// be read is passed over, here and in [`Self::waiting`].
    async fn scan(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<StoredRow>, StoreError>;

    /// In one look: the rows of these ids in their order, those that do not exist left out, and those that cannot be
    /// read named; these pages, `None` for one that is not there; and how far the pages have come.
    async fn read(&self, ids: &[RecordId], pages: &[PageKey]) -> Result<Found, StoreError>;

    /// The rows of these ids, in their order; what does not exist is left out.
    async fn get(&self, ids: &[RecordId]) -> Result<Vec<StoredRow>, StoreError> {
        Ok(self.read(ids, &[]).await?.rows)
    }

    /// At most `limit` pages of a kind with numbers above `after`, in order of their numbers; one that the platform
    /// lost is empty.
    async fn pages(
        &self,
        kind: PageKind,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, Vec<u8>)>, StoreError>;

    /// The numbers of the pages of a kind, rising.
    async fn page_numbers(&self, kind: PageKind) -> Result<Vec<u32>, StoreError>;

    /// At most `limit` rows waiting to be sent after `after`, in order of (turn, id).
    async fn waiting(
        &self,
        after: Option<(Turn, RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError>;

    /// The places of the outbox at these turns, in order, without their rows.
    async fn places(&self, turns: RangeInclusive<Turn>) -> Result<Vec<(Turn, RecordId)>, StoreError>;

    /// The rows that cannot be read, in order of their ids.
    async fn damaged_rows(&self) -> Result<Vec<DamagedRow>, StoreError>;

    /// How many rows there are, readable or not.
    async fn counts(&self) -> Result<Counts, StoreError>;

    /// The bootstrap data; `None` on a device that was never set up.
    async fn meta(&self) -> Result<Option<Meta>, StoreError>;

    /// How far this device has read; the start of the log on a new one.
    async fn cursor(&self) -> Result<Cursor, StoreError>;

    /// The local items whose keys start with `prefix`, in order of their keys.
    async fn locals(&self, prefix: &str) -> Result<Vec<LocalItem>, StoreError>;
}

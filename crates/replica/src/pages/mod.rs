//! Sealed pages: what the server has, many records at a time.
//!
//! A row costs a browser about 60 µs to write and a call of its cipher as much for a record as for a page. So
//! single edits are rows, and everything else lies in pages: an *index* page says of each record its version,
//! where it stands, and a *brief* (the few bytes from which the book opens); a *body* page holds the records
//! themselves, those of one partner beside each other; *marks* give new states to records whose content stays.
//!
//! Nothing here is changed in place. A record may lie in several pages; the copy with the highest version
//! counts, and a row counts before any page. So order of reading does not matter, a commit of pages is one
//! transaction that adds and removes some, and packing can be stopped at any step.

mod ahead;
mod commit;
mod directory;
mod format;
mod load;
mod lost;
mod lz4;
mod pack;
mod shelf;
mod spoilt;

pub(crate) use commit::Fresh;
pub use load::Opened;
pub use lost::{Lost, LostRecord};
pub use pack::Packed;
pub(crate) use pack::sort;
pub(crate) use shelf::Shelf;

use crate::store::PageKind;
use crate::{RowState, Turn, Unsent, Version};
use satchel_domain::{Record, RecordId};
use satchel_vault::{OpenError, PagePlace, SealError};
use satchel_wire as wire;
use serde::{Deserialize, Serialize};
use std::pin::Pin;
use std::rc::Rc;

/// Where a record in a page stands towards the server: the states that need no base.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum PageState {
    /// [`RowState::Synced`].
    Synced(Version),
    /// [`RowState::New`].
    New(Unsent),
}

/// What the server is known to have of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Known {
    pub(crate) id: wire::RecordId,
    pub(crate) at: Version,
    pub(crate) stream: wire::Stream,
}

impl PageState {
    fn turn(self) -> Option<Turn> {
        match self {
            Self::New(unsent) => Some(unsent.turn),
            Self::Synced(_) => None,
        }
    }

    pub(crate) fn version(self) -> Option<Version> {
        match self {
            Self::Synced(at) => Some(at),
            Self::New(_) => None,
        }
    }
}

impl From<PageState> for RowState {
    fn from(state: PageState) -> Self {
        match state {
            PageState::Synced(at) => Self::Synced(at),
            PageState::New(unsent) => Self::New(unsent),
        }
    }
}

/// What opening needs of a record, made by whoever shows records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Brief {
    /// Which index it belongs into.
    pub kind: PageKind,
    /// Records with the same cluster are looked at together: they lie beside each other.
    pub cluster: RecordId,
    /// Opaque here.
    pub bytes: Vec<u8>,
}

/// How briefs are made.
#[derive(Clone, Copy, Debug)]
pub struct Briefs {
    /// Rises when the bytes mean something else; briefs of another format are made again from the records.
    pub format: u16,
    /// `None` for what no screen opens at the start.
    pub make: fn(RecordId, &Record) -> Option<Brief>,
}

/// A page on its way through the platform's cipher.
pub type Sealing<T, E> = Pin<Box<dyn Future<Output = Result<T, E>>>>;

/// The platform's AES-256-GCM, in the bytes of [`satchel_vault::seal_page`]. The work begins with the call, not
/// when it is waited for: many pages are on their way at once.
pub trait PageCipher {
    /// Seals a page.
    fn seal(&self, place: PagePlace, plain: Vec<u8>) -> Sealing<Vec<u8>, SealError>;
    /// Opens a page. What it does not open is tried again with the vault's own cipher.
    fn open(&self, place: PagePlace, sealed: &[u8]) -> Sealing<Vec<u8>, OpenError>;
}

/// How this copy uses pages.
#[derive(Clone)]
pub struct Shelving {
    /// The platform's cipher; the vault's own without one.
    pub cipher: Option<Rc<dyn PageCipher>>,
    /// Briefs; without them everything is opened from records.
    pub briefs: Option<Briefs>,
    /// So many records in one commit go into pages at once.
    pub bulk: usize,
    /// A body page is full at so many bytes, before compression; at fewer when it does not pack well.
    pub page_bytes: usize,
}

impl Default for Shelving {
    fn default() -> Self {
        Self { cipher: None, briefs: None, bulk: 64, page_bytes: 128 * 1024 }
    }
}

impl Shelving {
    pub(crate) fn brief(&self, id: RecordId, record: &Record) -> Option<Brief> {
        self.briefs.and_then(|briefs| (briefs.make)(id, record))
    }

    fn brief_format(&self) -> u16 {
        self.briefs.map_or(0, |briefs| briefs.format)
    }
}

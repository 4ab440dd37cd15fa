//! This device's copy of a space: rows, outbox, cursor, merging and the sync state machine.
//!
//! What decides is pure and takes time and randomness as arguments; what waits is behind two ports,
//! [`Store`] (this device's disk) and [`Transport`]. Keys come in with [`Keys`], and no record leaves this
//! crate towards a store or a server unless it is sealed.
//!
//! Deliberately absent: browser APIs, HTTP, timers, signals, anything a screen shows.

mod backoff;
mod backup;
mod beside;
mod claim;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod drive;
pub mod edit;
mod epochs;
mod error;
mod files;
mod graves;
pub mod history;
mod id;
mod meet;
pub mod memory;
pub mod meta;
mod opening;
mod pages;
pub mod plan;
mod pull;
mod push;
mod replica;
mod rescue;
mod review;
pub mod row;
pub mod safeguard;
mod sealer;
#[cfg(any(test, feature = "conformance"))]
pub mod specimen;
mod stamping;
mod status;
pub mod store;
mod sweep;
pub mod sync;
mod tally;
mod verify;

pub use backoff::{Backoff, LONGEST_ASKED_MS};
pub use backup::{
    BackedUp, BackupItem, BackupItems, BackupSink, Given, Manifest, NewerBackup, Part, PartSink, Restoring,
    Weighed, Weight, read_backed_up,
};
pub use beside::MOST_BESIDE;
pub use claim::{Claim, Vouched};
pub use drive::{Done, LATE_MS, Transport, carry_out};
pub use edit::{Change, Edit, Edited, Imported, Pace, Steady};
pub use epochs::{Resealed, Resealing};
pub use error::ReplicaError;
pub use files::{Chunks, FileStore};
pub use graves::{SealedRecord, TRASH_MS};
pub use id::{to_domain, to_wire};
pub use meet::Arrived;
pub use memory::MemoryStore;
pub use meta::{Cursor, META_FORMAT, Meta, Passkey, UnsentAccount, Verified};
pub use opening::Read;
pub use pages::{Brief, Briefs, Lost, LostRecord, Opened, Packed, PageCipher, Sealing, Shelving};
pub use pull::{Applied, News};
pub use push::Outgoing;
pub use replica::Replica;
pub use rescue::{RESCUED, rescue_entry, rescued};
pub use review::{Matter, REVIEW_PREFIX, Review, Side};
pub use row::{Base, Held, Ours, Reason, RowHead, RowState, StoredRow, Turn, Unsent, Version};
pub use safeguard::Safeguard;
pub use sealer::Keys;
pub use status::{Attention, Checked, Phase, Progress, Start, Status};
pub use store::{
    Changeset, Committed, Content, Counts, CursorMove, DamagedRow, Durability, Found, LocalItem, LocalPut,
    PageChange, PageKey, PageKind, PagesHead, Put, Stale, Store, StoreError,
};
pub use sync::{Fault, Limits, Outcome, Step, Sync, Wake};
pub use verify::Compared;

//! The rules of a space's log: which writes are stored under which number, what is read back, and
//! what may be forgotten.
//!
//! Pure and synchronous. What is stored is asked through [`Rows`]; what a judgement changes comes back
//! as a value for the store to write in the same transaction. Time is an argument (the `server_ms` of
//! a [`SpaceState`]). Who may read and write is not decided here: a ledger knows no account.

mod digest;
mod memory;
mod pull;
mod purge;
mod push;
mod rows;
mod safeguard;

#[cfg(feature = "conformance")]
pub mod conformance;

pub use digest::{Buckets, Detail};
pub use memory::MemoryLedger;
pub use pull::{Span, changes};
pub use purge::{Purge, purge};
pub use push::{Entry, Judged, judge};
pub use rows::{Grave, Rows, Version};
pub use safeguard::Safeguard;
#[cfg(feature = "ablation")]
pub use safeguard::leave_out;
pub use satchel_wire::GRAVE_MS;

use satchel_wire::Incarnation;

#[cfg(doc)]
use satchel_wire::SpaceState;

/// The envelope format that is stored.
pub const FORMAT: u8 = 1;

/// The epoch of a new space; a removal of a member starts the next.
pub const FIRST_EPOCH: u32 = 1;

/// Why a request about a space is not answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Denied {
    /// The lengths of the groups do not add up to the push.
    Malformed,
    /// The data was restored: this is its incarnation now.
    Incarnation(Incarnation),
    /// More writes than one push may hold, or the newest rows of so many stale writes do not fit into
    /// one answer: push fewer at once.
    TooLarge,
    /// Graves after the cursor are gone: read all again.
    Purged,
}

//! The cold history stream: who changed what when, and what was there before.
//!
//! Each device writes a chain of chunks, numbered from 1; each names the hash of the one before it and is
//! signed. A chunk is a row like any other, so that it is sealed, sent, kept, counted in the digest and offered
//! again after a restore by the same code as records. But it is never merged and never enters the book, and
//! nothing that merges ever looks at it.
//!
//! Chunks grow at the end of the chain only, and only by their own device. What is found wrong in a chain is
//! told with the entries and never keeps any of them from being shown.

mod append;
mod bring;
mod chain;
mod chunk;
mod meet;
mod read;
mod secret;

#[cfg(test)]
mod tests;

pub use chain::Break;
pub use chunk::{MOST_ENTRIES, chunk_id};
pub use read::Told;

use chain::Index;
use satchel_wire::DeviceId;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// What an unlocked copy remembers of chains, so as not to look for it each time.
#[derive(Default)]
pub(crate) struct Chains {
    /// The highest number of this device's chunks that is known to exist; `None` before the first look.
    tail: Cell<Option<u32>>,
    /// What is known of each device's chain.
    indexes: RefCell<BTreeMap<DeviceId, Index>>,
}

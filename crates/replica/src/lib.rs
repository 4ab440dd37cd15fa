//! This device's copy of a space: rows, outbox, cursor, merging and the sync state machine.
//!
//! What decides is pure and takes time and randomness as arguments; what waits is behind two ports,
//! [`store::Store`] (this device's disk) and the transport. Keys come in an open vault and
//! no record leaves this crate towards a store or a server unless it is sealed.
//!
//! Deliberately absent: browser APIs, HTTP, timers, signals, anything a screen shows.

pub mod memory;
pub mod meta;
pub mod row;
pub mod store;

pub use memory::MemoryStore;
pub use meta::{Cursor, Meta};
pub use row::{Base, Held, Reason, RowState, StoredRow, Turn, Version};
pub use store::{
    Changeset, Committed, Counts, CursorMove, Durability, LocalItem, LocalPut, Put, Stale, Store, StoreError,
};

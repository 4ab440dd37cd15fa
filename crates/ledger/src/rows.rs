//! What the rules ask a store.

use std::ops::ControlFlow;

use satchel_wire::{Etag, RecordId, Row, SpaceId};

/// The version that a record has now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Version {
    /// SHA-256 of the stored ciphertext.
    pub etag: Etag,
    /// The number that it was stored under.
    pub seq: u64,
    /// When it was stored, ms since 1970 UTC.
    pub received_ms: u64,
}

/// An erased record's last row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grave {
    /// The record.
    pub record: RecordId,
    /// Its number.
    pub seq: u64,
    /// When it was stored, ms since 1970 UTC.
    pub received_ms: u64,
}

/// The rows of one space, as one transaction sees them: one row a record, each number once.
pub trait Rows {
    /// Why the store does not answer.
    type Error;

    /// Whose rows these are.
    fn space(&self) -> SpaceId;

    /// The version of a record; `None` where there is no such record.
    fn version(&self, record: RecordId) -> Result<Option<Version>, Self::Error>;

    /// The row of a record.
    fn row(&self, record: RecordId) -> Result<Option<Row>, Self::Error>;

    /// Visits the rows whose numbers are above `since`, in order, until told to stop.
    fn after(&self, since: u64, visit: &mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<(), Self::Error>;

    /// The records whose numbers are above `since`, in any order.
    fn changed(&self, since: u64) -> Result<Vec<RecordId>, Self::Error>;

    /// The versions in one bucket of the digest, in order of their ids.
    fn bucket(&self, bucket: usize) -> Result<Vec<(RecordId, Etag)>, Self::Error>;

    /// The graves with the lowest numbers, in order, at most `limit`.
    fn graves(&self, limit: usize) -> Result<Vec<Grave>, Self::Error>;
}

//! What a space holds, in 32 bytes: a two-level Merkle digest over the versions of its records.
//!
//! 1,024 buckets by the first ten bits of the record's id; a bucket's hash is SHA-256 over its rows in
//! order of their ids, `id ‖ etag` each, whatever their stream; the root is SHA-256 over the hashes. A
//! changed record changes one bucket, and two digests that differ name the buckets to compare. Not a
//! sum or an XOR of versions: whoever holds old versions could solve for one.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Etag, RecordId, SpaceState};

/// How many buckets a space has.
pub const BUCKETS: usize = 1024;

/// The hash of one bucket.
pub type BucketHash = [u8; 32];

/// `GET /v1/spaces/{space}/digest`: what the space holds at its head.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Digest {
    /// Where the space stands.
    pub space: SpaceState,
    /// The root over the buckets.
    pub root: Etag,
    /// The hashes of all buckets, one after the other; with `?buckets=1` only.
    #[serde(with = "serde_bytes")]
    pub buckets: Option<Vec<u8>>,
}

impl Digest {
    /// The buckets' hashes; `None` where they were not asked for or are not what the root says.
    pub fn hashes(&self) -> Option<Vec<BucketHash>> {
        let (hashes, rest) = self.buckets.as_deref()?.as_chunks();
        let whole = hashes.len() == BUCKETS && rest.is_empty() && root(hashes) == self.root;
        whole.then(|| hashes.to_vec())
    }
}

/// The bucket of a record: the first ten bits of its id.
pub fn bucket_of(record: RecordId) -> usize {
    usize::from(record.0[0]) << 2 | usize::from(record.0[1] >> 6)
}

/// The ids in a bucket, from the least to the greatest.
pub fn span_of(bucket: usize) -> RangeInclusive<RecordId> {
    let first = (bucket as u128) << 118;
    RecordId(first.to_be_bytes())..=RecordId((first | u128::MAX >> 10).to_be_bytes())
}

/// The hash of a bucket with these rows, which come in rising order of their ids.
pub fn bucket_hash(rows: impl IntoIterator<Item = (RecordId, Etag)>) -> BucketHash {
    let mut hash = Sha256::new();
    for (record, etag) in rows {
        hash.update(record.0);
        hash.update(etag.0);
    }
    hash.finalize().into()
}

/// The root over all buckets' hashes.
pub fn root(buckets: &[BucketHash]) -> Etag {
    Etag::of(buckets.as_flattened())
}

#[cfg(test)]
mod tests;

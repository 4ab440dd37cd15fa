//! The digest of a space, kept from one question to the next: only buckets that changed are hashed again.

use std::collections::BTreeSet;

use satchel_wire::{
    Digest, Etag, Incarnation, SpaceState,
    digest::{BUCKETS, BucketHash, bucket_hash, bucket_of, root},
};

use crate::Rows;

/// How much of a digest is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// The root alone.
    Root,
    /// The hashes of all buckets too.
    Buckets,
}

/// The buckets' hashes of one space at one head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Buckets {
    incarnation: Incarnation,
    head: u64,
    purge_floor: u64,
    hashes: Vec<BucketHash>,
    root: Etag,
}

impl Buckets {
    /// Hashes the rows of a space that stands at `state` in the same snapshot. What is known from
    /// earlier is used where nothing has changed since.
    ///
    /// # Errors
    /// The store's own.
    pub fn read<R: Rows>(rows: &R, state: SpaceState, known: Option<&Self>) -> Result<Self, R::Error> {
        let SpaceState { head, incarnation, purge_floor, .. } = state;
        let (mut hashes, changed) = match known.filter(|known| known.leads_to(&state)) {
            Some(known) => (known.hashes.clone(), changed(rows, known.head)?),
            None => (vec![[0; 32]; BUCKETS], (0..BUCKETS).collect()),
        };
        for bucket in changed {
            hashes[bucket] = bucket_hash(rows.bucket(bucket)?);
        }
        let root = root(&hashes);
        Ok(Self { incarnation, head, purge_floor, hashes, root })
    }

    /// Whether these are the buckets of a space that stands at `state`.
    pub fn are_of(&self, state: &SpaceState) -> bool {
        self.leads_to(state) && self.head == state.head
    }

    /// Rows are only added or replaced, under new numbers, from here to there. A purge takes rows away
    /// without a number.
    fn leads_to(&self, state: &SpaceState) -> bool {
        (self.incarnation, self.purge_floor) == (state.incarnation, state.purge_floor)
            && self.head <= state.head
    }

    /// The answer to a device.
    pub fn digest(&self, space: SpaceState, detail: Detail) -> Digest {
        let buckets = match detail {
            Detail::Root => None,
            Detail::Buckets => Some(self.hashes.concat()),
        };
        Digest { space, root: self.root, buckets }
    }
}

fn changed<R: Rows>(rows: &R, since: u64) -> Result<BTreeSet<usize>, R::Error> {
    Ok(rows.changed(since)?.into_iter().map(bucket_of).collect())
}

//! What the server is believed to hold, counted in the digest's buckets.
//!
//! In memory only, 56 bytes a record: built from the rows when it is first asked for, and kept up with every
//! commit of this tab. Another tab's commits are not seen here, so before a difference is believed it is built anew.

use crate::Version;
use satchel_wire::digest::{BUCKETS, BucketHash, bucket_hash, bucket_of, root};
use satchel_wire::{Etag, RecordId, Stream};

#[derive(Clone, Copy)]
struct Kept {
    id: RecordId,
    etag: Etag,
    is_record: bool,
}

#[derive(Clone, Default)]
struct Bucket {
    /// In order of their ids.
    rows: Vec<Kept>,
    /// `None` when something changed since it was hashed.
    hash: Option<BucketHash>,
}

/// The versions of a space's rows.
pub(crate) struct Tally {
    buckets: Vec<Bucket>,
    highest: u64,
    era: u32,
}

impl Tally {
    /// Of a space without rows, in this era of its log.
    pub(crate) fn new(era: u32) -> Self {
        Self { buckets: vec![Bucket::default(); BUCKETS], highest: 0, era }
    }

    /// What it counts: versions that were confirmed in this era.
    pub(crate) fn era(&self) -> u32 {
        self.era
    }

    /// Takes in which version of a row the server is known to have, if any.
    pub(crate) fn note(&mut self, id: RecordId, known: Option<Version>, stream: Stream) {
        let known = known.filter(|at| at.era == self.era);
        let bucket = &mut self.buckets[bucket_of(id)];
        let kept = |Version { etag, .. }| Kept { id, etag, is_record: stream == Stream::State };
        match (bucket.rows.binary_search_by_key(&id, |kept| kept.id), known.map(kept)) {
            (Ok(place), Some(kept)) => bucket.rows[place] = kept,
            (Ok(place), None) => drop(bucket.rows.remove(place)),
            (Err(place), Some(kept)) => bucket.rows.insert(place, kept),
            (Err(_), None) => return,
        }
        bucket.hash = None;
        self.highest = self.highest.max(known.map_or(0, |at| at.seq));
    }

    /// The root; hashes what changed since the last time.
    pub(crate) fn root(&mut self) -> Etag {
        let hash = |bucket: &mut Bucket| {
            let rows = bucket.rows.iter().map(|kept| (kept.id, kept.etag));
            *bucket.hash.get_or_insert_with(|| bucket_hash(rows))
        };
        let hashes: Vec<_> = self.buckets.iter_mut().map(hash).collect();
        root(&hashes)
    }

    /// The highest number of any version.
    pub(crate) fn highest(&self) -> u64 {
        self.highest
    }

    /// How many of the rows hold a record; the others are graves and history.
    pub(crate) fn records(&self) -> u64 {
        let count = |bucket: &Bucket| bucket.rows.iter().filter(|kept| kept.is_record).count() as u64;
        self.buckets.iter().map(count).sum()
    }
}

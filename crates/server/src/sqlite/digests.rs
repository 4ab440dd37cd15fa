//! Digests of the spaces that were asked for lately, so that a question costs what changed since.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use satchel_ledger::{Buckets, Detail};
use satchel_wire::{Digest, SpaceId, SpaceState};

use crate::{log::LogError, sqlite::rows::SpaceRows};

/// Most spaces that are kept; each takes 32 KiB.
const SPACES: usize = 64;

/// The buckets of each space, the one asked for last at the end.
#[derive(Default)]
pub(super) struct Digests {
    known: Mutex<Vec<(SpaceId, Arc<Buckets>)>>,
}

impl Digests {
    /// The digest of a space that stands at `state` in the connection's snapshot.
    pub(super) fn digest(
        &self,
        connection: &Connection,
        space: SpaceId,
        state: SpaceState,
        detail: Detail,
    ) -> Result<Digest, LogError> {
        let buckets = match self.find(space) {
            Some(current) if current.are_of(&state) => current,
            older => Arc::new(Buckets::read(&SpaceRows { connection, space }, state, older.as_deref())?),
        };
        let digest = buckets.digest(state, detail);
        self.keep(space, buckets);
        Ok(digest)
    }

    fn find(&self, space: SpaceId) -> Option<Arc<Buckets>> {
        let known = self.known();
        known.iter().find(|(there, _)| *there == space).map(|(_, buckets)| Arc::clone(buckets))
    }

    fn keep(&self, space: SpaceId, buckets: Arc<Buckets>) {
        let mut known = self.known();
        known.retain(|(there, _)| *there != space);
        if known.len() >= SPACES {
            known.remove(0);
        }
        known.push((space, buckets));
    }

    fn known(&self) -> MutexGuard<'_, Vec<(SpaceId, Arc<Buckets>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

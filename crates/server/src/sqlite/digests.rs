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

#[cfg(test)]
mod tests {
    use satchel_ledger::MemoryLedger;
    use satchel_wire::Incarnation;

    use super::*;

    #[test]
    fn the_spaces_asked_for_last_are_kept() {
        let space = |name: usize| SpaceId([name as u8; 16]);
        let empty = MemoryLedger::new(space(0), Incarnation([0; 16]));
        let Ok(buckets) = Buckets::read(&empty, empty.state(0), None);
        let (digests, buckets) = (Digests::default(), Arc::new(buckets));
        (0..SPACES).for_each(|name| digests.keep(space(name), Arc::clone(&buckets)));
        digests.keep(space(0), Arc::clone(&buckets));
        digests.keep(space(SPACES), Arc::clone(&buckets));
        assert_eq!(digests.known().len(), SPACES);
        let kept = [0, 1, 2, SPACES].map(|name| digests.find(space(name)).is_some());
        assert_eq!(kept, [true, false, true, true]);
    }
}

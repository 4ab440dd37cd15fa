//! What was told of records in another space, told again where they were moved to.

use crate::replica::TRIES;
use crate::{Changeset, Replica, ReplicaError, Store, StoreError};
use satchel_domain::sorted::Gather;
use satchel_domain::{Entry, Record, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// Entries in one commit.
const BATCH: usize = 1_000;

impl<S: Store> Replica<S> {
    /// Adds to this device's history what was told elsewhere of records that are here now.
    ///
    /// # Errors
    /// When this device's store fails; entries of a batch before that stay.
    pub async fn bring_past(&self, entries: &[Entry]) -> Result<(), ReplicaError> {
        for batch in entries.chunks(BATCH) {
            self.bring_some(batch).await?;
        }
        Ok(())
    }

    async fn bring_some(&self, entries: &[Entry]) -> Result<(), ReplicaError> {
        let ids: BTreeSet<RecordId> = entries.iter().map(|entry| entry.record).gather();
        let ids: Vec<RecordId> = ids.into_iter().collect();
        for _ in 0..TRIES {
            let records: BTreeMap<RecordId, Record> = self.records(&ids).await?.into_iter().gather();
            let of = |entry: &Entry| Some(self.said(entry, records.get(&entry.record)?));
            let said = entries.iter().filter_map(of).collect::<Result<_, _>>()?;
            let mut rows = Vec::new();
            self.tell(said, &mut rows).await?;
            match self.commit(Changeset { rows, ..Changeset::default() }).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Stale(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ReplicaError::Contended)
    }
}

//! The keys of epochs that begin while the copy is open, and what was sealed before.

use crate::id::to_domain;
use crate::{Change, Edit, Reason, Replica, ReplicaError, Store, StoredRow};
use satchel_vault::{Entropy, Keyring, KeyringError, SpaceKey};
use satchel_wire::{RecordId, Refusal};
use std::collections::BTreeSet;

/// Rows of the outbox that are looked at once.
const BATCH: usize = 500;

impl<S: Store> Replica<S> {
    /// Takes the keys of other epochs; a key that is held is never replaced.
    ///
    /// # Errors
    /// [`KeyringError::Taken`] where another key is held for an epoch.
    pub fn add_keys(&self, keys: Vec<SpaceKey>) -> Result<(), KeyringError> {
        keys.into_iter().try_for_each(|key| self.sealer.add_key(key))
    }

    /// Whose history counts as signed besides this account's own: the identities of all who are or were members.
    pub fn trust(&self, identities: BTreeSet<[u8; 32]>) {
        self.sealer.trust(identities);
    }

    /// Lends the keys and the randomness to a seal that is not of this room.
    pub fn with_keys<T>(&self, work: impl FnOnce(&Keyring, &mut dyn Entropy) -> T) -> T {
        self.sealer.with_keys(work)
    }

    /// After an epoch began: what waits, and what the server refused because of its epoch, is sealed under the
    /// newest key and offered again. What is written stays as it is. Returns how many.
    ///
    /// # Errors
    /// As [`Self::edit`]; what was sealed before stays so, and calling again goes on.
    pub async fn offer_under_newest(&self, wall_ms: u64) -> Result<usize, ReplicaError> {
        let rows = self.sealed_before().await?;
        for row in &rows {
            if row.is_chunk() {
                self.reseal_chunk(row.clone()).await?;
            } else {
                // An edit without writes makes a fresh envelope, in the turn that the record has.
                let again = Edit { id: to_domain(row.id), change: Change::Write(Vec::new()) };
                self.edit(&[again], wall_ms).await?;
            }
        }
        Ok(rows.len())
    }

    /// What waits, or was refused for it, under an epoch before the newest.
    async fn sealed_before(&self) -> Result<Vec<StoredRow>, ReplicaError> {
        let refused: Vec<RecordId> = self.refused_for_epoch();
        let mut found = self.store.get(&refused).await?;
        let mut after = None;
        loop {
            let rows = self.store.waiting(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = last.state.turn().map(|turn| (turn, last.id));
            found.extend(rows);
        }
        found.retain(|row| self.sealer.is_before(&row.envelope));
        Ok(found)
    }

    fn refused_for_epoch(&self) -> Vec<RecordId> {
        let aside = self.aside.borrow();
        let refused = aside.iter().filter(|(_, reason)| **reason == Reason::Refused(Refusal::Epoch));
        refused.map(|(id, _)| *id).collect()
    }
}

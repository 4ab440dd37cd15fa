//! The keys of epochs that begin while the copy is open, and what was sealed before.

use crate::id::to_domain;
use crate::{Change, Edit, Reason, Replica, ReplicaError, RowState, Steady, Store, StoredRow};
use satchel_vault::{Entropy, Keyring, KeyringError, SpaceKey};
use satchel_wire::{RecordId, Refusal, Stream};
use std::collections::BTreeSet;

/// Rows that are looked at once while what the server has is sealed anew.
const LOOK: usize = 200;
/// The local item that says up to which epoch everything was sealed anew.
const RESEALED: &str = "epochs/resealed";
/// Rows of the outbox that are looked at once.
const BATCH: usize = 500;

/// A way through everything that is here, to seal anew what the server has under older epochs.
#[derive(Debug)]
pub struct Resealing {
    ids: Vec<RecordId>,
    at: usize,
    epoch: u32,
    found: bool,
}

/// How far it is: rows that were looked at, of all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Resealed {
    /// Looked at.
    pub done: usize,
    /// All.
    pub total: usize,
    /// Of these, sealed anew by this step: they wait to be sent.
    pub sealed: usize,
}

impl Resealing {
    /// Whether everything was looked at.
    pub fn is_over(&self) -> bool {
        self.at >= self.ids.len()
    }
}

impl<S: Store> Replica<S> {
    /// Begins to seal anew what older epochs sealed; `None` where nothing is left to do. It holds nothing that
    /// must be kept: cut off, it is begun again and passes over what is done.
    ///
    /// # Errors
    /// The store's.
    pub async fn begin_resealing(&self) -> Result<Option<Resealing>, ReplicaError> {
        let epoch = self.sealer.epoch()?;
        let kept = self.locals(RESEALED).await?.into_iter().next();
        let kept = kept.and_then(|(_, bytes)| Some(u32::from_be_bytes(bytes.try_into().ok()?)));
        if epoch <= kept.unwrap_or(1) {
            return Ok(None);
        }
        let mut ids: BTreeSet<RecordId> = BTreeSet::new();
        let mut after = None;
        loop {
            let rows = self.store.scan_rows(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            ids.extend(rows.iter().map(|row| row.id));
        }
        // Those of a page lie beside each other, so that each page is opened once.
        let paged = self.store.paged_ids(|stream| stream != Stream::Grave).await?;
        let paged: Vec<_> = paged.into_iter().filter(|id| !ids.contains(id)).collect();
        let ids = ids.into_iter().chain(paged).collect();
        Ok(Some(Resealing { ids, at: 0, epoch, found: false }))
    }

    /// Looks at the next rows, and seals anew those that the server has under an older epoch. Graves hold nothing
    /// to read and stay; what waits is sealed anew when the epoch begins.
    ///
    /// # Errors
    /// As [`Self::edit`]; nothing is lost, and the next try begins anew.
    pub async fn reseal_some(&self, way: &mut Resealing, wall_ms: u64) -> Result<Resealed, ReplicaError> {
        let end = (way.at + LOOK).min(way.ids.len());
        let rows = self.store.get(&way.ids[way.at..end]).await?;
        let old = rows.into_iter().filter(|row| {
            let synced = matches!(row.state, RowState::Synced(_));
            synced && self.sealer.is_before(&row.envelope) && row.envelope.header.stream != Stream::Grave
        });
        let (chunks, records): (Vec<_>, Vec<_>) = old.partition(StoredRow::is_chunk);
        let sealed = chunks.len() + records.len();
        for chunk in chunks {
            self.reseal_chunk(chunk).await?;
        }
        let again = |row: &StoredRow| Edit { id: to_domain(row.id), change: Change::Write(Vec::new()) };
        self.import(&records.iter().map(again).collect::<Vec<_>>(), wall_ms, &mut Steady).await?;
        way.found |= sealed > 0;
        way.at = end;
        Ok(Resealed { done: way.at, total: way.ids.len(), sealed })
    }

    /// Notes that a whole way found nothing: then it is not walked again for this epoch. Whether it is so.
    ///
    /// # Errors
    /// The store's.
    pub async fn end_resealing(&self, way: &Resealing) -> Result<bool, ReplicaError> {
        let done = way.is_over() && !way.found && self.sealer.epoch()? == way.epoch;
        if done {
            self.put_local(RESEALED, &way.epoch.to_be_bytes()).await?;
        }
        Ok(done)
    }
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

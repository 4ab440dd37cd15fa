//! The keys of epochs that begin while the copy is open, and what was sealed before.

use crate::id::to_domain;
use crate::{
    Change, Cursor, Edit, Reason, Replica, ReplicaError, RowState, Steady, Store, StoredRow, Version,
};
use satchel_vault::{Entropy, Keyring, KeyringError, SpaceKey};
use satchel_wire::{RecordId, Refusal, Stream};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Rows that are looked at once while what the server has is sealed anew.
const LOOK: usize = 200;
/// The local item that says up to which epoch everything was sealed anew.
const RESEALED: &str = "epochs/resealed";
/// The local item that says where the server's log stood when this device first sealed anew for an epoch.
const LEARNED: &str = "epochs/learned";
/// Rows of the outbox that are looked at once.
const BATCH: usize = 500;

/// A way through everything that is here, to seal anew what the server has under older epochs.
#[derive(Debug)]
pub struct Resealing {
    ids: Vec<RecordId>,
    at: usize,
    upto: Learned,
    found: bool,
}

/// Where the log stood when everything was in sync and an epoch had begun: the server takes nothing of older ones behind
/// that. A copy in a page does not say under which key the server has it, but its number does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Learned {
    epoch: u32,
    era: u32,
    seq: u64,
}

impl Learned {
    fn covers(&self, at: &Version) -> bool {
        (at.era, at.seq) <= (self.era, self.seq)
    }
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
        Ok(Some(Resealing { ids, at: 0, upto: self.learned(epoch).await?, found: false }))
    }

    /// Where the log stood when this epoch was first sealed for; in a new era that is asked anew.
    async fn learned(&self, epoch: u32) -> Result<Learned, ReplicaError> {
        let Cursor { era, seq, .. } = self.cursor.get();
        let kept = self.locals(LEARNED).await?.into_iter().next();
        let kept: Option<Learned> = kept.and_then(|(_, bytes)| postcard::from_bytes(&bytes).ok());
        if let Some(kept) = kept.filter(|kept| (kept.epoch, kept.era) == (epoch, era)) {
            return Ok(kept);
        }
        let now = Learned { epoch, era, seq };
        let bytes = postcard::to_allocvec(&now).expect("numbers are encoded into memory");
        self.put_local(LEARNED, &bytes).await?;
        Ok(now)
    }

    /// Whether the server has it under a key from before this epoch.
    fn is_sealed_before(&self, row: &StoredRow, upto: &Learned) -> bool {
        let RowState::Synced(at) = &row.state else { return false };
        let is_copy = row.envelope.etag() != at.etag;
        let before = if is_copy { upto.covers(at) } else { self.sealer.is_before(&row.envelope) };
        before && row.envelope.header.stream != Stream::Grave
    }

    /// Looks at the next rows, and seals anew those that the server has under an older epoch. Graves hold nothing
    /// to read and stay; what waits is sealed anew when the epoch begins.
    ///
    /// # Errors
    /// As [`Self::edit`]; nothing is lost, and the next try begins anew.
    pub async fn reseal_some(&self, way: &mut Resealing, wall_ms: u64) -> Result<Resealed, ReplicaError> {
        let end = (way.at + LOOK).min(way.ids.len());
        let rows = self.store.get(&way.ids[way.at..end]).await?;
        let upto = way.upto;
        let old = rows.into_iter().filter(|row| self.is_sealed_before(row, &upto));
        let (chunks, records): (Vec<_>, Vec<_>) = old.partition(StoredRow::is_chunk);
        let sealed = chunks.len() + records.len();
        for chunk in chunks {
            self.reseal_chunk(chunk).await?;
        }
        let again = |row: &StoredRow| Edit { id: to_domain(row.id), change: Change::Reseal };
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
        let done = way.is_over() && !way.found && self.sealer.epoch()? == way.upto.epoch;
        if done {
            self.put_local(RESEALED, &way.upto.epoch.to_be_bytes()).await?;
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

//! A chunk arrives, or is to be offered again.
//!
//! Chunks do not merge. One that has grown replaces what it has grown from; two that both say something that
//! the other does not are a fork, which an honest device makes only when its disk was copied.

use super::chunk::{Kin, Read};
use crate::beside::Apart;
use crate::meet::{Met, put_aside};
use crate::stamping::Now;
use crate::{
    Base, Claim, LocalItem, LocalPut, Ours, Put, Reason, Replica, ReplicaError, RowState, Store, StoreError,
    StoredRow, Unsent,
};
use satchel_vault::{SealError, verify_chunk};
use satchel_wire::{DeviceId, Envelope, Etag, RecordId};

/// Local items under this prefix name the devices whose chunks have come.
pub(super) const AUTHORS: &str = "history/device/";

/// The name of a device's item under a prefix.
pub(super) fn named(prefix: &str, device: DeviceId) -> String {
    format!("{prefix}{:016x}", device.0)
}

impl<S: Store> Replica<S> {
    /// A chunk arrives that is not the one that is here.
    pub(crate) fn meet_chunk(
        &self,
        local: Option<&StoredRow>,
        theirs: Base,
        now: Now,
    ) -> Result<Met, ReplicaError> {
        let read = self.read_sealed(&theirs.envelope);
        let proves_fork = read.as_ref().is_ok_and(|(theirs, _)| self.proves_fork(theirs));
        let met = match (local, read) {
            // What a server had made up under this id was forgotten.
            (Some(local), Ok((read, bytes))) if local.is_grave() => {
                self.take_chunk(Some(local), &theirs, read.chunk.device, bytes)?
            }
            (Some(local), _) => self.join(local, theirs, now)?,
            (None, Ok((read, bytes))) => self.take_chunk(None, &theirs, read.chunk.device, bytes)?,
            (None, Err(reason)) => put_aside(None, theirs, reason),
        };
        Ok(Met { proves_fork, ..met })
    }

    fn read_sealed(&self, envelope: &Envelope) -> Result<(Read, Vec<u8>), Reason> {
        let id = envelope.header.record;
        let bytes = self.sealer.open_history(id, envelope)?;
        Ok((self.sealer.read_chunk(id, &bytes)?, bytes))
    }

    /// Whether another device vouches, under its signature, for what this one knows to be otherwise: the server
    /// has shown them two logs.
    fn proves_fork(&self, read: &Read) -> bool {
        let contradicts = |claim| self.check_claim(&claim) == Claim::Forked;
        let chunk = &read.chunk;
        let another = chunk.device != self.sealer.device;
        another && chunk.claim.is_some_and(contradicts) && self.sealer.is_signed(read)
    }

    /// Two versions of one chunk: the one that says more takes the other's place.
    pub(crate) fn joined_chunk(&self, local: &StoredRow, theirs: &Base) -> Result<Met, Apart> {
        let (read, bytes) = self.read_sealed(&theirs.envelope)?;
        let ours = self.chunk_of(local)?;
        let device = read.chunk.device;
        match self.kin(&ours, &read) {
            Kin::Grown => Ok(self.take_chunk(Some(local), theirs, device, bytes)?),
            Kin::Older => Ok(self.rebase_chunk(local, theirs.clone())?),
            Kin::Forked if local.state.is_unsent() && ours.chunk.device == self.sealer.device => {
                let told = unsaid(&ours, &read);
                Ok(Met { told, ..self.take_chunk(Some(local), theirs, device, bytes)? })
            }
            Kin::Forked => Err(Apart::Kept(Reason::Unreadable)),
        }
    }

    /// How theirs stands to ours. What somebody vouches for stands over what nobody vouches for, whichever of them
    /// comes: it is offered again where a member laid something else in its place, and taken by whoever had only that.
    /// A chunk that names no author may be one of before authors were named, and gives way to nothing.
    fn kin(&self, ours: &Read, theirs: &Read) -> Kin {
        match (self.sealer.is_signed(ours), self.sealer.is_signed(theirs)) {
            (true, false) => Kin::Older,
            (false, true) if ours.chunk.key.is_some() => Kin::Grown,
            _ => ours.chunk.kin(&theirs.chunk),
        }
    }

    /// What there is to remember of a chunk that comes first of several.
    pub(crate) fn chunk_begun(&self, row: &StoredRow) -> Result<Met, ReplicaError> {
        let Ok(read) = self.chunk_of(row) else { return Ok(Met::default()) };
        let locals = self.author(read.chunk.device)?.into_iter().collect();
        Ok(Met { locals, ..Met::default() })
    }

    fn take_chunk(
        &self,
        local: Option<&StoredRow>,
        Base { at, envelope }: &Base,
        device: DeviceId,
        bytes: Vec<u8>,
    ) -> Result<Met, SealError> {
        let expected = local.map(|local| local.version);
        let put = Put::new(envelope.header.record, expected, envelope.clone(), RowState::Synced(*at));
        let author = self.author(device)?;
        // The end of this device's own chain may be written on in this very commit: it stays a row.
        let bytes = author.is_some().then_some(bytes);
        Ok(Met { locals: author.into_iter().collect(), bytes, ..Met::put(put) })
    }

    /// Remembers whose chunks are here; this device needs no reminder of itself.
    fn author(&self, device: DeviceId) -> Result<Option<LocalPut>, SealError> {
        if device == self.sealer.device {
            return Ok(None);
        }
        let key = named(AUTHORS, device);
        let sealed = self.sealer.seal_local(&key, &[])?;
        Ok(Some(LocalPut::Set(LocalItem { key, sealed })))
    }

    /// A chunk comes out of a backup. One that says more than the one here takes its place, unless this device
    /// itself writes on in it.
    pub(crate) fn bring_chunk(
        &self,
        local: Option<&StoredRow>,
        row: &StoredRow,
        state: Option<RowState>,
    ) -> Result<Met, ReplicaError> {
        let (Ok((theirs, bytes)), Some(state)) = (self.read_sealed(&row.envelope), state) else {
            return Ok(Met::default());
        };
        let device = theirs.chunk.device;
        let state = match local.map(|local| (local, self.chunk_of(local))) {
            None => state,
            Some((local, Ok(ours)))
                if device != self.sealer.device
                    && ours.chunk != theirs.chunk
                    && self.kin(&ours, &theirs) == Kin::Grown =>
            {
                local.state.clone().edited(local.envelope.clone(), self.unsent_chunk(&local.state))
            }
            Some(_) => return Ok(Met::default()),
        };
        let envelope = match &state {
            RowState::Synced(_) => row.envelope.clone(),
            state => self.sealer.seal_chunk(row.id, &bytes, self.replaces(state))?,
        };
        let author = self.author(device)?;
        let put = Put::new(row.id, local.map(|local| local.version), envelope, state);
        let bytes = author.is_some().then_some(bytes);
        Ok(Met { locals: author.into_iter().collect(), bytes, ..Met::put(put) })
    }

    /// The chunk as it is here, offered over another version.
    pub(crate) fn rebase_chunk(&self, local: &StoredRow, base: Base) -> Result<Met, ReplicaError> {
        let replaces = Some(base.at.etag);
        let state = RowState::Edited { base: Box::new(base), unsent: self.unsent_chunk(&local.state) };
        self.offer_chunk(local, replaces, state)
    }

    /// The server has no version of a chunk where we thought it had: it is offered as a first one.
    pub(crate) fn reoffer_chunk(&self, row: &StoredRow) -> Result<Met, ReplicaError> {
        let unsent = self.unsent_chunk(&row.state);
        let base = match &row.state {
            RowState::New(_) => return self.offer_chunk(row, None, RowState::New(unsent)),
            RowState::Edited { base, .. } => base.gone(),
            RowState::Synced(at) => Base { at: *at, envelope: row.envelope.clone() }.gone(),
            RowState::Quarantined { .. } => return Ok(Met::default()),
        };
        self.offer_chunk(row, None, RowState::Edited { base: Box::new(base), unsent })
    }

    /// A chunk, sealed anew under the newest key to be offered.
    pub(crate) async fn reseal_chunk(&self, row: StoredRow) -> Result<(), ReplicaError> {
        let met = match &row.state {
            RowState::New(unsent) => self.offer_chunk(&row, None, RowState::New(*unsent))?,
            RowState::Edited { base, .. } => self.rebase_chunk(&row, (**base).clone())?,
            RowState::Quarantined { .. } => return self.look_at_chunk(row).await,
            RowState::Synced(at) => {
                self.rebase_chunk(&row, Base { envelope: row.envelope.clone(), at: *at })?
            }
        };
        let changeset = self.changeset_of(vec![met]).await?;
        match self.commit(changeset).await {
            Err(StoreError::Stale(_)) => Ok(()),
            done => Ok(done?),
        }
    }

    /// What is kept beside a chunk that waits: the times in it are nobody's to set right.
    pub(super) fn unsent_chunk(&self, state: &RowState) -> Unsent {
        let fresh = || Unsent { latest_ms: 0, ..self.next_turn().into() };
        state.unsent().copied().unwrap_or_else(fresh)
    }

    /// A chunk needs no opening at the start, unless it was set aside. Nobody edits one to have it offered again,
    /// so each unlock offers once what the server refused.
    pub(crate) async fn look_at_chunk(&self, row: StoredRow) -> Result<(), ReplicaError> {
        let RowState::Quarantined { reason, held } = &row.state else { return Ok(()) };
        self.note_aside(row.id, Some(*reason));
        let met = match (&held.ours, &held.beside[..]) {
            (Ours::Unsent(None), []) => {
                self.offer_chunk(&row, None, RowState::New(self.unsent_chunk(&row.state)))?
            }
            (Ours::Unsent(Some(base)), []) => self.rebase_chunk(&row, (**base).clone())?,
            _ => self.join_again(&row, self.now(0))?,
        };
        let met = self.swept_since(&row, met)?;
        if met.put.is_none() {
            return Ok(());
        }
        let changeset = self.changeset_of(vec![met]).await?;
        self.commit_or_leave(changeset).await.map(drop)
    }

    /// The same chunk, sealed anew to be offered.
    fn offer_chunk(
        &self,
        local: &StoredRow,
        replaces: Option<Etag>,
        state: RowState,
    ) -> Result<Met, ReplicaError> {
        let bytes = match self.sealer.open_history(local.id, &local.envelope) {
            Ok(bytes) => bytes,
            // It is kept as it is, and looked at again at the next unlock.
            Err(_) => return Ok(Met::default()),
        };
        let envelope = self.sealer.seal_chunk(local.id, &bytes, replaces)?;
        Ok(Met::put(Put::new(local.id, Some(local.version), envelope, state)))
    }

    /// What a row of the history stream says.
    pub(crate) fn chunk_of(&self, row: &StoredRow) -> Result<Read, Reason> {
        self.sealer.open_chunk(row.id, &row.envelope)
    }
}

/// The entries of ours that are not in theirs: they are said again at the end of the chain.
fn unsaid(ours: &Read, theirs: &Read) -> Vec<Vec<u8>> {
    let said = &theirs.chunk.entries;
    let unsaid = ours.chunk.entries.iter().filter(|entry| !said.contains(entry));
    unsaid.map(|entry| entry.to_vec()).collect()
}

impl crate::sealer::Sealer {
    /// Whether a member, or another device of this account, signed it.
    pub(super) fn is_signed(&self, Read { chunk, body, signature }: &Read) -> bool {
        match &chunk.key {
            Some(key) => self.trusts(key) && verify_chunk(key, self.space, chunk.device, body, signature),
            None => self.device_key(chunk.device).verify_chunk(self.space, body, signature),
        }
    }

    /// Opens what should be a chunk; one in another's place is none.
    pub(crate) fn open_chunk(&self, id: RecordId, envelope: &satchel_wire::Envelope) -> Result<Read, Reason> {
        self.read_chunk(id, &self.open_history(id, envelope)?)
    }

    fn read_chunk(&self, id: RecordId, bytes: &[u8]) -> Result<Read, Reason> {
        let read = Read::from_bytes(bytes).map_err(|_| Reason::Unreadable)?;
        let place = super::chunk_id(self.space, read.chunk.device, read.chunk.number);
        if place == id { Ok(read) } else { Err(Reason::Unopenable) }
    }
}

//! The copy itself: opening it, reading it, and the one way in which it commits.

use crate::claim::Seen;
use crate::history::Chains;
use crate::id::{to_domain, to_wire};
use crate::pages::{Fresh, Shelf};
use crate::sealer::{Keys, Sealer};
use crate::tally::Tally;
use crate::{
    Changeset, Checked, Counts, Cursor, Held, LocalItem, LocalPut, Meta, Ours, Progress, Put, Reason,
    ReplicaError, RowState, Shelving, Start, Store, StoreError, StoredRow, Turn, Verified, Version,
};
use satchel_domain::{Record, RecordId};
use satchel_vault::LocalKey;
use satchel_wire as wire;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How often a write is redone when other tabs write the same rows.
pub(crate) const TRIES: usize = 6;

/// This device's copy of a space, unlocked. Dropping it forgets the keys.
///
/// Nothing is locked across an `await`, so that an edit may run while a pull is under way; the version
/// checks of [`Store::commit`] settle who was first, and the other redoes its work.
pub struct Replica<S> {
    pub(crate) store: Shelf<S>,
    pub(crate) sealer: Rc<Sealer>,
    pub(crate) cursor: Cell<Cursor>,
    pub(crate) sweep_after: Cell<Option<wire::RecordId>>,
    pub(crate) chains: Chains,
    /// Built when it is first compared.
    pub(crate) tally: RefCell<Option<Tally>>,
    pub(crate) seen: RefCell<Seen>,
    /// A number above the server's head that it was said to have confirmed, at the last comparison.
    pub(crate) beyond: Cell<u64>,
    /// Rows that could not be opened when they came; they were asked for once more.
    pub(crate) doubted: RefCell<BTreeSet<wire::Etag>>,
    turn: Cell<u64>,
    pub(crate) aside: RefCell<BTreeMap<wire::RecordId, Reason>>,
}

impl<S: Store> Replica<S> {
    /// Opens the copy.
    pub async fn open(store: S, keys: Keys) -> Result<Self, ReplicaError> {
        Self::open_shelved(store, keys, Shelving::default()).await
    }

    /// As [`Self::open`], with a way to use pages.
    pub async fn open_shelved(store: S, keys: Keys, shelving: Shelving) -> Result<Self, ReplicaError> {
        Self::open_sealed(store, Rc::new(Sealer::new(keys)), shelving).await
    }

    /// As [`Self::open_shelved`], with keys that another copy may hold too.
    pub(crate) async fn open_sealed(
        store: S,
        sealer: Rc<Sealer>,
        shelving: Shelving,
    ) -> Result<Self, ReplicaError> {
        let (cursor, counts) = (store.cursor().await?, store.counts().await?);
        let replica = Self {
            store: Shelf::new(store, Rc::clone(&sealer), shelving, counts.pages),
            sealer,
            cursor: Cell::new(cursor),
            sweep_after: Cell::new(None),
            chains: Chains::default(),
            tally: RefCell::default(),
            seen: RefCell::default(),
            beyond: Cell::default(),
            doubted: RefCell::default(),
            turn: Cell::new(counts.last_turn.map_or(0, |turn| turn.0)),
            aside: RefCell::default(),
        };
        replica.recall().await?;
        Ok(replica)
    }

    /// Seals what stays on this device.
    pub fn local_key(&self) -> &LocalKey {
        self.sealer.local_key()
    }

    /// The store, for what needs no key.
    pub fn store(&self) -> &S {
        self.store.inner()
    }

    /// Every record that waits to be sent, in no order; chunks of history are none.
    pub async fn waiting_ids(&self) -> Result<Vec<RecordId>, StoreError> {
        Ok(self.store.waiting_ids().await?.into_iter().map(to_domain).collect())
    }

    /// How far this device has read.
    pub fn cursor(&self) -> Cursor {
        self.cursor.get()
    }

    /// How many rows there are, and wait.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.store.counts().await
    }

    /// The rows that are set aside, with their reasons.
    pub fn set_aside(&self) -> Vec<(RecordId, Reason)> {
        self.aside.borrow().iter().map(|(id, reason)| (to_domain(*id), *reason)).collect()
    }

    /// The state to start [`crate::Sync`] from.
    pub async fn start(&self) -> Result<Start, ReplicaError> {
        let registered = self.store.meta().await?.is_some_and(|meta| meta.registered);
        let Progress { seq, sweeping, waiting, set_aside, forked, .. } = self.progress(0).await?;
        let cursor = self.cursor.get();
        let local = |ms: u64| ms.saturating_add_signed(cursor.offset_ms.saturating_neg());
        let synced_ms = cursor.synced_ms.map(local);
        let checked = |Verified { seq, at_ms, records, .. }| Checked { seq, at_ms: local(at_ms), records };
        let verified = cursor.verified.map(checked);
        Ok(Start { registered, seq, sweeping, waiting, set_aside, synced_ms, forked, verified })
    }

    /// The records of these ids, as they are now; what does not exist or cannot be read is left out. What another tab
    /// has set aside, or freed, is known from then on.
    pub async fn records(&self, ids: &[RecordId]) -> Result<Vec<(RecordId, Record)>, ReplicaError> {
        let ids: Vec<_> = ids.iter().copied().map(to_wire).collect();
        let reasons = RefCell::new(BTreeMap::new());
        let open = |row: &StoredRow| {
            reasons.borrow_mut().insert(row.id, reason(&row.state));
            self.open_row(row).ok()
        };
        let opened = self.store.records(&ids, open).await?;
        let reasons = reasons.take();
        ids.iter().for_each(|id| self.note_aside(*id, reasons.get(id).copied().flatten()));
        Ok(opened.into_iter().map(|(id, record)| (to_domain(id), record)).collect())
    }

    /// Random bits, for jitter and ids.
    pub fn random(&self) -> Result<u64, ReplicaError> {
        self.sealer.random()
    }

    pub(crate) async fn progress(&self, head: u64) -> Result<Progress, ReplicaError> {
        let Cursor { seq, sweeping, forked, .. } = self.cursor.get();
        let waiting = self.store.counts().await?.waiting;
        let set_aside = self.aside.borrow().len() as u64;
        Ok(Progress { seq, head, sweeping, waiting, set_aside, forked })
    }

    pub(crate) fn next_turn(&self) -> Turn {
        let last = self.store.last_turn().map_or(0, |turn| turn.0).max(self.turn.get());
        self.turn.set(last.saturating_add(1));
        Turn(self.turn.get())
    }

    /// Whatever takes a turn from now on comes behind this one.
    pub(crate) fn raise_turn(&self, turn: Turn) {
        self.turn.set(self.turn.get().max(turn.0));
    }

    /// Opens a row as it is shown.
    pub(crate) fn open_row(&self, row: &StoredRow) -> Result<Record, Reason> {
        let at = match &row.state {
            RowState::Synced(at) => Some(*at),
            RowState::Quarantined { held: Held { ours: Ours::Synced(at), .. }, .. } => Some(*at),
            _ => None,
        };
        Ok(self.sealer.open(row.id, &row.envelope, at)?.record)
    }

    /// The one way in which this copy changes.
    pub(crate) async fn commit(&self, changeset: Changeset) -> Result<(), StoreError> {
        self.commit_with(changeset, Vec::new()).await
    }

    /// As [`Self::commit`], with records that go into pages at once.
    pub(crate) async fn commit_with(
        &self,
        changeset: Changeset,
        fresh: Vec<Fresh>,
    ) -> Result<(), StoreError> {
        let bound: Vec<_> = fresh.iter().map(|fresh| (fresh.id, None)).collect();
        let aside: Vec<_> = changeset.rows.iter().map(|put| (put.id, reason(&put.state))).collect();
        let cursor = changeset.cursor.map(|step| step.to);
        let stands = self.stands(&changeset, &fresh);
        self.store.commit_with(changeset, fresh).await?;
        if let Some(tally) = &mut *self.tally.borrow_mut() {
            stands.into_iter().for_each(|(id, known, stream)| tally.note(id, known, stream));
        }
        for (id, reason) in aside.into_iter().chain(bound) {
            self.note_aside(id, reason);
        }
        if let Some(cursor) = cursor {
            self.cursor.set(cursor);
        }
        Ok(())
    }

    /// What the server is known to have of what is written, for the tally, if there is one.
    fn stands(
        &self,
        changeset: &Changeset,
        fresh: &[Fresh],
    ) -> Vec<(wire::RecordId, Option<Version>, wire::Stream)> {
        if self.tally.borrow().is_none() {
            return Vec::new();
        }
        let row = |put: &Put| (put.id, put.state.server_version(), put.envelope.header.stream);
        let page = |fresh: &Fresh| (fresh.id, fresh.state.version(), fresh.stream);
        changeset.rows.iter().map(row).chain(fresh.iter().map(page)).collect()
    }

    pub(crate) fn note_aside(&self, id: wire::RecordId, reason: Option<Reason>) {
        let mut aside = self.aside.borrow_mut();
        match reason {
            Some(reason) => aside.insert(id, reason),
            None => aside.remove(&id),
        };
    }

    /// Remembers that the server knows the account.
    pub async fn registered(&self) -> Result<(), ReplicaError> {
        self.change_meta(|meta| !std::mem::replace(&mut meta.registered, true)).await?;
        Ok(())
    }

    /// Changes the device's data as it is now, unless `change` says that nothing is to be written. Gives back
    /// what is kept.
    pub async fn change_meta(
        &self,
        change: impl Fn(&mut Meta) -> bool,
    ) -> Result<Option<Meta>, ReplicaError> {
        for _ in 0..TRIES {
            let Some(mut meta) = self.store.meta().await? else { return Ok(None) };
            if !change(&mut meta) {
                return Ok(Some(meta));
            }
            meta.revision += 1;
            match self.commit(Changeset { meta: Some(meta.clone()), ..Changeset::default() }).await {
                Err(StoreError::Stale(_)) => {}
                Err(error) => return Err(error.into()),
                Ok(_) => return Ok(Some(meta)),
            }
        }
        Err(ReplicaError::Contended)
    }

    /// Keeps something sealed on this device only, such as a draft under `draft/…`.
    pub async fn put_local(&self, key: &str, bytes: &[u8]) -> Result<(), ReplicaError> {
        let sealed = self.sealer.seal_local(key, bytes)?;
        let item = LocalItem { key: key.to_owned(), sealed };
        let locals = vec![LocalPut::Set(item)];
        Ok(self.commit(Changeset { locals, ..Changeset::default() }).await?)
    }

    /// Forgets local items.
    pub async fn remove_locals(&self, keys: &[String]) -> Result<(), ReplicaError> {
        let locals = keys.iter().cloned().map(LocalPut::Remove).collect();
        Ok(self.commit(Changeset { locals, ..Changeset::default() }).await?)
    }

    /// The local items under a prefix, opened; one that does not open is left out and stays where it is.
    pub async fn locals(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, ReplicaError> {
        let items = self.store.locals(prefix).await?.into_iter();
        let opened = items.filter_map(|LocalItem { key, sealed }| {
            let bytes = self.sealer.open_local(&key, sealed).ok()?;
            Some((key, bytes))
        });
        Ok(opened.collect())
    }
}

fn reason(state: &RowState) -> Option<Reason> {
    match state {
        RowState::Quarantined { reason, .. } => Some(*reason),
        RowState::Synced(_) | RowState::New(_) | RowState::Edited { .. } => None,
    }
}

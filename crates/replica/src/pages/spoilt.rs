//! Rows that cannot be read, or do not open though this device sealed them or the server had them so: set apart, and
//! what was lost with them told as of pages ([`super::lost`]).
//!
//! What the server has is read again from there, in the same commit: nobody forgets it. What was never sent is kept as
//! it lies, under [`PageKind::RowApart`], until the person has put away what she was told. Until a row is set apart
//! nothing is written over it: a commit finds it in no version that anybody read.

use super::commit::Moves;
use super::lost::Lost;
use super::shelf::Shelf;
use crate::id::to_domain;
use crate::store::{DamagedRow, PageChange, PageKey, PageKind};
use crate::{
    Changeset, Cursor, CursorMove, Durability, Replica, ReplicaError, RowState, Store, StoreError, StoredRow,
};
use satchel_wire::RecordId;
use std::collections::BTreeMap;

impl<S: Store> Shelf<S> {
    pub(crate) fn has_spoilt(&self) -> bool {
        !self.spoilt.borrow().is_empty()
    }

    /// Notes a row that cannot be read, or one that does not open. A page's copy beneath it counts again.
    pub(crate) fn note_spoilt(&self, id: RecordId, row: Option<StoredRow>) {
        self.rows.borrow_mut().remove(&id);
        self.spoilt.borrow_mut().insert(id, row);
    }

    /// Whether this is a row that was noted, as it was then: what lies in a page beneath it counts.
    pub(super) fn is_noted(&self, row: &StoredRow) -> bool {
        self.spoilt.borrow().get(&row.id).and_then(Option::as_ref) == Some(row)
    }

    /// Looks for rows that cannot be read, if there are more than were read.
    pub(crate) async fn seek_spoilt(&self, read: u64) -> Result<(), StoreError> {
        if self.store.counts().await?.rows > read {
            let damaged = self.store.damaged_rows().await?;
            damaged.iter().for_each(|row| self.note_spoilt(row.id, None));
        }
        Ok(())
    }

    /// Sets apart what was noted, and moves the cursor with it. Whether there was anything.
    async fn set_spoilt_apart(&self, cursor: CursorMove) -> Result<bool, StoreError> {
        self.ready().await?;
        // With what other tabs did, and with the pages' copies beneath.
        self.refresh().await?;
        let noted = std::mem::take(&mut *self.spoilt.borrow_mut());
        let (unread, closed) = self.still_spoilt(&noted).await.inspect_err(|_| self.note_again(&noted))?;
        if unread.is_empty() && closed.is_empty() {
            return Ok(false);
        }
        let (pages, locals) = self.apart(&unread, &closed)?;
        let durability = if locals.is_empty() { Durability::Relaxed } else { Durability::Strict };
        let (pages, cursor) = (Some(pages), Some(cursor));
        let changeset = Changeset { durability, pages, locals, cursor, ..Changeset::default() };
        self.commit_moves(changeset, Moves::default()).await.inspect_err(|_| self.note_again(&noted))?;
        Ok(true)
    }

    fn note_again(&self, noted: &BTreeMap<RecordId, Option<StoredRow>>) {
        let mut spoilt = self.spoilt.borrow_mut();
        for (id, row) in noted {
            spoilt.entry(*id).or_insert_with(|| row.clone());
        }
    }

    /// Every row that cannot be read, and those that were noted as closed and lie there as they did.
    async fn still_spoilt(
        &self,
        noted: &BTreeMap<RecordId, Option<StoredRow>>,
    ) -> Result<(Vec<DamagedRow>, Vec<StoredRow>), StoreError> {
        let unread = self.store.damaged_rows().await?;
        let ids: Vec<_> = noted.iter().filter(|(_, row)| row.is_some()).map(|(id, _)| *id).collect();
        let mut closed = self.store.get(&ids).await?;
        closed.retain(|row| noted.get(&row.id).and_then(Option::as_ref) == Some(row));
        Ok((unread, closed))
    }

    fn apart(
        &self,
        unread: &[DamagedRow],
        closed: &[StoredRow],
    ) -> Result<(PageChange, Vec<crate::LocalPut>), StoreError> {
        let head = self.head.get();
        let lost = unread.iter().filter(|row| row.waits).map(|row| (row.id, row.bytes.clone()));
        let unsent = closed.iter().filter(|row| row.state.is_unsent());
        let lost: Vec<_> = lost.chain(unsent.map(|row| (row.id, row.encode()))).collect();
        let page = |number, (id, bytes): &(RecordId, Vec<u8>)| {
            (PageKey { kind: PageKind::RowApart, number }, [&id.0, bytes.as_slice()].concat())
        };
        let writes: Vec<_> = (head.next..).zip(&lost).map(|(number, row)| page(number, row)).collect();
        let mut locals = Vec::new();
        if !lost.is_empty() {
            let lost = Lost {
                count: lost.len() as u64,
                named: Vec::new(),
                changed: lost.iter().map(|(id, _)| to_domain(*id)).collect(),
                brief_format: self.shelving.brief_format(),
                left: writes.iter().map(|(key, _)| (key.kind, key.number)).collect(),
            };
            locals.push(self.telling(head.next, &lost)?);
        }
        let damaged: Vec<_> = unread.iter().map(|row| row.id).collect();
        let unrow: Vec<_> = closed.iter().map(|row| (row.id, row.version)).collect();
        let (rows, waiting) = self.beneath(damaged.iter().chain(unrow.iter().map(|(id, _)| id)));
        let change = PageChange {
            over: head.generation,
            writes,
            unrow,
            damaged,
            rows,
            waiting,
            ..PageChange::default()
        };
        Ok((change, locals))
    }

    /// How many of these have a copy in a page, which counts from now on, and how many of those wait.
    fn beneath<'a>(&self, ids: impl Iterator<Item = &'a RecordId>) -> (i64, i64) {
        let directory = self.directory.borrow();
        ids.filter_map(|id| directory.find(*id)).fold((0, 0), |(rows, waiting), (_, listed)| {
            (rows + 1, waiting + i64::from(listed.state.turn().is_some()))
        })
    }
}

impl<S: Store> Replica<S> {
    /// Whether a row that does not open was altered where it lies: the server had other bytes, or this device sealed it
    /// with a key that is at hand. Anything else is set aside as what came so.
    pub(crate) fn is_spoilt(&self, row: &StoredRow) -> bool {
        match &row.state {
            RowState::Synced(at) => row.envelope.etag() != at.etag,
            RowState::New(_) | RowState::Edited { .. } => !self.sealer.lacks_key(&row.envelope),
            RowState::Quarantined { .. } => false,
        }
    }

    /// Sets apart the rows that were found spoilt, and has the log read once more. Whether there were any.
    pub(crate) async fn set_spoilt_apart(&self) -> Result<bool, ReplicaError> {
        if !self.store.has_spoilt() {
            return Ok(false);
        }
        let step = self.to_start(Cursor { read: 0, ..self.cursor.get() });
        match self.store.set_spoilt_apart(step).await {
            Ok(true) => {
                self.cursor.set(step.to);
                self.sweep_after.set(None);
                // All that was found damaged so far is read again.
                self.store.damaged.set(false);
                Ok(true)
            }
            Err(StoreError::Stale(stale)) if stale.cursor => {
                self.reload_cursor().await?;
                Err(StoreError::Stale(stale).into())
            }
            done => Ok(done?),
        }
    }
}

//! What a person meant becomes a commit.

use crate::id::to_wire;
use crate::replica::TRIES;
use crate::{Changeset, Put, Replica, ReplicaError, RowState, Store, StoreError, StoredRow};
use satchel_domain::{Kind, Record, RecordId, Write, apply, create, undo_writes};
use satchel_wire as wire;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Records that are sealed between two yields.
const CHUNK: usize = 200;
/// Rows in one commit of an import.
const COMMIT_ROWS: usize = 10_000;

/// One record's part of an intent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// Which record.
    pub id: RecordId,
    /// What to do with it.
    pub change: Change,
}

/// What to do with a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A new record with these writes.
    Create(Kind, Vec<Write>),
    /// Writes over what is there.
    Write(Vec<Write>),
    /// Takes back what led from `before` to `after`, leaving what was written since.
    Undo {
        /// [`Edited::before`].
        before: Option<Record>,
        /// [`Edited::after`].
        after: Record,
    },
}

/// A record that was edited: for the book, and for undo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edited {
    /// Which.
    pub id: RecordId,
    /// As it was; `None` for a new one.
    pub before: Option<Record>,
    /// As it is.
    pub after: Record,
}

/// Lets a long import breathe: reports progress, hands the thread back, and may stop it.
#[allow(async_fn_in_trait, reason = "runs on one thread: no future here needs Send")]
pub trait Pace {
    /// `done` of `total` records are sealed; [`ControlFlow::Break`] stops before the next commit.
    async fn breathe(&mut self, done: usize, total: usize) -> ControlFlow<()>;
}

/// Never rests.
pub struct Steady;

impl Pace for Steady {
    async fn breathe(&mut self, _done: usize, _total: usize) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// How an import ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// What is committed.
    pub edited: Vec<Edited>,
    /// It was stopped before the end; what is not in `edited` was not written.
    pub stopped: bool,
}

/// Sealed and ready to commit.
struct Ready {
    puts: Vec<Put>,
    edited: Vec<Edited>,
}

impl<S: Store> Replica<S> {
    /// Carries out one intent in one transaction. `wall_ms` is this device's time.
    ///
    /// # Errors
    /// Nothing was written then. [`ReplicaError::Missing`] for a write to a record that is not here;
    /// [`ReplicaError::Seal`] for one that became too large.
    pub async fn edit(&self, edits: &[Edit], wall_ms: u64) -> Result<Vec<Edited>, ReplicaError> {
        let done = self.edit_batch(edits, wall_ms, &mut Steady, (0, edits.len())).await?;
        Ok(done.unwrap_or_default())
    }

    /// Carries out many edits, thousands a transaction, with pauses.
    ///
    /// # Errors
    /// As [`Self::edit`]; what earlier transactions wrote stays, and is found by importing again.
    pub async fn import(
        &self,
        edits: &[Edit],
        wall_ms: u64,
        pace: &mut impl Pace,
    ) -> Result<Imported, ReplicaError> {
        let mut edited = Vec::with_capacity(edits.len());
        for (index, batch) in edits.chunks(COMMIT_ROWS).enumerate() {
            let so_far = (index * COMMIT_ROWS, edits.len());
            match self.edit_batch(batch, wall_ms, pace, so_far).await? {
                Some(done) => edited.extend(done),
                None => return Ok(Imported { edited, stopped: true }),
            }
        }
        Ok(Imported { edited, stopped: false })
    }

    async fn edit_batch(
        &self,
        edits: &[Edit],
        wall_ms: u64,
        pace: &mut impl Pace,
        so_far: (usize, usize),
    ) -> Result<Option<Vec<Edited>>, ReplicaError> {
        // A fresh random id is not looked up: the commit's own check finds the collision that never happens.
        let mut look_up_new = false;
        for _ in 0..TRIES {
            let rows = self.rows_of(edits, look_up_new).await?;
            let Some(Ready { puts, edited }) = self.ready(edits, rows, wall_ms, pace, so_far).await? else {
                return Ok(None);
            };
            match self.commit(Changeset { rows: puts, ..Changeset::default() }).await {
                Ok(()) => return Ok(Some(edited)),
                Err(StoreError::Stale(_)) => look_up_new = true,
                Err(error) => return Err(error.into()),
            }
        }
        Err(ReplicaError::Contended)
    }

    async fn rows_of(
        &self,
        edits: &[Edit],
        look_up_new: bool,
    ) -> Result<BTreeMap<wire::RecordId, StoredRow>, ReplicaError> {
        let known = |edit: &&Edit| look_up_new || !matches!(edit.change, Change::Create(..));
        let ids: Vec<_> = edits.iter().filter(known).map(|edit| to_wire(edit.id)).collect();
        let rows = if ids.is_empty() { Vec::new() } else { self.store.get(&ids).await? };
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// `None` when it was stopped.
    async fn ready(
        &self,
        edits: &[Edit],
        mut rows: BTreeMap<wire::RecordId, StoredRow>,
        wall_ms: u64,
        pace: &mut impl Pace,
        (done, total): (usize, usize),
    ) -> Result<Option<Ready>, ReplicaError> {
        let edited = self.applied(edits, &rows, wall_ms)?;
        let mut puts = Vec::with_capacity(edited.len());
        for (index, chunk) in edited.chunks(CHUNK).enumerate() {
            for one in chunk {
                let row = rows.remove(&to_wire(one.id));
                // Writing nothing over a row that was set aside offers it again.
                let is_aside = row.as_ref().is_some_and(StoredRow::is_set_aside);
                if is_aside || one.before.as_ref() != Some(&one.after) {
                    puts.push(self.sealed(one, row)?);
                }
            }
            let sealed = done + index * CHUNK + chunk.len();
            if edited.len() > CHUNK && pace.breathe(sealed, total).await.is_break() {
                return Ok(None);
            }
        }
        Ok(Some(Ready { puts, edited }))
    }

    /// Applies the edits in order; several of one record become one.
    fn applied(
        &self,
        edits: &[Edit],
        rows: &BTreeMap<wire::RecordId, StoredRow>,
        wall_ms: u64,
    ) -> Result<Vec<Edited>, ReplicaError> {
        let mut edited: Vec<Edited> = Vec::with_capacity(edits.len());
        let mut places: BTreeMap<RecordId, usize> = BTreeMap::new();
        for edit in edits {
            let place = places.get(&edit.id).copied();
            let before = match place {
                Some(place) => Some(edited[place].after.clone()),
                None => self.before(edit.id, rows)?,
            };
            let after = self.after(edit, before.as_ref(), wall_ms)?;
            match place {
                Some(place) => edited[place].after = after,
                None => {
                    places.insert(edit.id, edited.len());
                    edited.push(Edited { id: edit.id, before, after });
                }
            }
        }
        Ok(edited)
    }

    fn before(
        &self,
        id: RecordId,
        rows: &BTreeMap<wire::RecordId, StoredRow>,
    ) -> Result<Option<Record>, ReplicaError> {
        let row = rows.get(&to_wire(id));
        row.map(|row| self.open_row(row).map_err(|reason| ReplicaError::SetAside(id, reason))).transpose()
    }

    fn after(&self, edit: &Edit, before: Option<&Record>, wall_ms: u64) -> Result<Record, ReplicaError> {
        let now_ms = self.corrected(wall_ms);
        let mut clock = self.clock.borrow_mut();
        let writes = match (&edit.change, before) {
            (Change::Create(kind, writes), None) => {
                return Ok(create(kind.clone(), writes.clone(), &mut clock, now_ms));
            }
            (Change::Create(_, writes) | Change::Write(writes), Some(_)) => writes.clone(),
            (Change::Undo { before, after }, Some(now)) => undo_writes(before.as_ref(), after, now),
            (Change::Write(_) | Change::Undo { .. }, None) => return Err(ReplicaError::Missing(edit.id)),
        };
        let mut record = before.cloned().ok_or(ReplicaError::Missing(edit.id))?;
        if !writes.is_empty() {
            apply(&mut record, writes, &mut clock, now_ms);
        }
        Ok(record)
    }

    fn sealed(&self, edited: &Edited, row: Option<StoredRow>) -> Result<Put, ReplicaError> {
        let id = to_wire(edited.id);
        let turn = row.as_ref().and_then(|row| row.state.turn()).unwrap_or_else(|| self.next_turn());
        let (expected, state) = match row {
            Some(row) => (Some(row.version), row.state.edited(row.envelope, turn)),
            None => (None, RowState::New(turn)),
        };
        let envelope = self.sealer.seal(id, &edited.after, self.replaces(&state))?;
        Ok(Put::new(id, expected, envelope, state))
    }

    /// The version that the server has, as far as it is known to have it still.
    pub(crate) fn replaces(&self, state: &RowState) -> Option<wire::Etag> {
        let base = state.base()?.at;
        (base.era == self.cursor.get().era).then_some(base.etag)
    }
}

impl Edited {
    /// The edit that takes this one back.
    pub fn undo(self) -> Edit {
        Edit { id: self.id, change: Change::Undo { before: self.before, after: self.after } }
    }
}

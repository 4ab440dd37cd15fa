//! What a person meant becomes a commit.

use crate::graves::is_settled;
use crate::id::to_wire;
use crate::pages::{self, Fresh, PageState};
use crate::replica::TRIES;
use crate::review::Question;
use crate::safeguard::holds;
use crate::stamping::{Healed, Now};
use crate::{
    Changeset, LocalPut, Put, Replica, ReplicaError, RowState, Safeguard, Store, StoreError, StoredRow, Turn,
    Unsent, Version,
};
use satchel_domain::sorted::Gather;
use satchel_domain::{
    Entry, Kind, Record, RecordId, Revision, Seen, Write, apply, history::entries, undo_writes,
};
use satchel_vault::{MAX_PLAINTEXT, SealError};
use satchel_wire::{self as wire, Stream};
use std::collections::{BTreeMap, BTreeSet};
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
    /// What a form changed: written over what is there, and asked about where that had not been seen.
    Revise(Revision),
    /// Writes nothing, and offers what is there under the newest key.
    Reseal,
    /// Erases for good: see [`Replica::erase`].
    Erase,
    /// Erases for good at once, see [`Replica::erase_now`]; not what is unsent, and where a version is given, nothing
    /// but that one.
    EraseNow(Option<Version>),
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
    /// It put something onto the review list.
    pub asks: bool,
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

/// What a batch is meant as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Intent {
    /// One act: its rows are offered to the server as one.
    Together,
    /// One act over so many records that each is offered for itself.
    Apart,
    /// Records from a file, each offered for itself; the history tells of the new ones as a whole.
    Import,
}

type Rows = BTreeMap<wire::RecordId, StoredRow>;

/// What a batch works on.
struct Work {
    /// The rows as they were read.
    rows: Rows,
    /// The turn of all of them; `None` when each has its own.
    turn: Option<Turn>,
    now: Now,
}

/// Sealed and ready to commit.
struct Ready {
    puts: Vec<Put>,
    fresh: Vec<Fresh>,
    edited: Vec<Edited>,
}

impl<S: Store> Replica<S> {
    /// Carries out one intent in one transaction. `wall_ms` is this device's time.
    ///
    /// # Errors
    /// Nothing was written then. [`ReplicaError::Missing`] for a write to a record that is not here;
    /// [`ReplicaError::Seal`] for one that became too large.
    pub async fn edit(&self, edits: &[Edit], wall_ms: u64) -> Result<Vec<Edited>, ReplicaError> {
        self.edit_and_drop(edits, &[], wall_ms).await
    }

    /// As [`Self::edit`], and forgets these local items in the same transaction.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub async fn edit_and_drop(
        &self,
        edits: &[Edit],
        locals: &[String],
        wall_ms: u64,
    ) -> Result<Vec<Edited>, ReplicaError> {
        let so_far = (0, edits.len());
        let done = self.edit_batch(edits, wall_ms, Intent::Together, &mut Steady, so_far, locals).await?;
        Ok(done.unwrap_or_default())
    }

    /// Carries out many edits of one act, thousands a transaction, with pauses.
    ///
    /// # Errors
    /// As [`Self::edit`]; what earlier transactions wrote stays.
    pub async fn edit_many(
        &self,
        edits: &[Edit],
        wall_ms: u64,
        pace: &mut impl Pace,
    ) -> Result<Imported, ReplicaError> {
        self.edit_batches(edits, wall_ms, Intent::Apart, pace).await
    }

    /// As [`Self::edit_many`], of what comes from a file: the history tells how many records that were, and importing
    /// again finds what earlier transactions wrote.
    ///
    /// # Errors
    /// As [`Self::edit_many`].
    pub async fn import(
        &self,
        edits: &[Edit],
        wall_ms: u64,
        pace: &mut impl Pace,
    ) -> Result<Imported, ReplicaError> {
        self.edit_batches(edits, wall_ms, Intent::Import, pace).await
    }

    async fn edit_batches(
        &self,
        edits: &[Edit],
        wall_ms: u64,
        intent: Intent,
        pace: &mut impl Pace,
    ) -> Result<Imported, ReplicaError> {
        let mut edited = Vec::with_capacity(edits.len());
        for (index, batch) in edits.chunks(COMMIT_ROWS).enumerate() {
            let so_far = (index * COMMIT_ROWS, edits.len());
            match self.edit_batch(batch, wall_ms, intent, pace, so_far, &[]).await? {
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
        intent: Intent,
        pace: &mut impl Pace,
        so_far: (usize, usize),
        drops: &[String],
    ) -> Result<Option<Vec<Edited>>, ReplicaError> {
        // A fresh random id is not looked up: the commit's own check finds the collision that never happens.
        let mut look_up_new = false;
        self.store.ready().await?;
        for _ in 0..TRIES {
            let rows = self.rows_of(edits, look_up_new).await?;
            let (turn, moved) = self.turn_of(&rows, intent).await?;
            let now = self.now(wall_ms);
            let work = Work { rows, turn, now };
            let Some(ready) = self.ready(edits, work, pace, so_far).await? else { return Ok(None) };
            let Ready { mut puts, fresh, mut edited } = ready;
            puts.extend(moved);
            let mut told = self.told_of(&edited, intent)?;
            let questions = self.overlooked(edits, &mut edited, &mut told, now)?;
            let mut locals = self.asking(questions).await?;
            locals.extend(drops.iter().cloned().map(LocalPut::Remove));
            let buried = puts.iter().filter(|put| put.buries()).map(|put| put.id);
            locals.extend(self.reviews_off(buried).await?);
            self.tell(told, &mut puts).await?;
            match self.commit_with(Changeset { rows: puts, locals, ..Changeset::default() }, fresh).await {
                Ok(()) => return Ok(Some(edited)),
                Err(StoreError::Stale(_)) => look_up_new = true,
                Err(error) => return Err(error.into()),
            }
        }
        Err(ReplicaError::Contended)
    }

    async fn rows_of(&self, edits: &[Edit], look_up_new: bool) -> Result<Rows, ReplicaError> {
        let known = |edit: &&Edit| look_up_new || !matches!(edit.change, Change::Create(..));
        let ids: Vec<_> = edits.iter().filter(known).map(|edit| to_wire(edit.id)).collect();
        let rows = if ids.is_empty() { Vec::new() } else { self.store.get(&ids).await? };
        Ok(rows.into_iter().map(|row| (row.id, row)).gather())
    }

    /// The turn that all rows of one intent share: the first that one of them has already. What waits together
    /// with another of them is moved there too, so that what belongs together stays together.
    async fn turn_of(&self, rows: &Rows, intent: Intent) -> Result<(Option<Turn>, Vec<Put>), ReplicaError> {
        if intent != Intent::Together {
            return Ok((None, Vec::new()));
        }
        let turns: BTreeSet<_> = rows.values().filter_map(|row| row.state.turn()).gather();
        let Some(first) = turns.first().copied() else { return Ok((Some(self.next_turn()), Vec::new())) };
        let others = self.waiting_with(rows, &turns).await?.into_iter();
        Ok((Some(first), others.filter_map(|row| at_turn(row, first)).collect()))
    }

    /// What waits at one of these turns, but for the first, and is not among `rows`. Most often that is nothing, and each
    /// row of a large import has a turn of its own: the outbox is asked once, and nothing is opened that stays where it is.
    async fn waiting_with(&self, rows: &Rows, turns: &BTreeSet<Turn>) -> Result<Vec<StoredRow>, StoreError> {
        let mut later = turns.iter().skip(1);
        let Some(second) = later.next() else { return Ok(Vec::new()) };
        let last = later.next_back().unwrap_or(second);
        let places = self.store.places(*second..=*last).await?.into_iter();
        let others = places.filter(|(turn, id)| turns.contains(turn) && !rows.contains_key(id));
        let ids: BTreeSet<_> = others.map(|(_, id)| id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut others = self.store.get(&Vec::from_iter(ids)).await?;
        others.retain(|row| row.state.turn().is_some_and(|turn| turn >= *second && turns.contains(&turn)));
        Ok(others)
    }

    /// `None` when it was stopped.
    async fn ready(
        &self,
        edits: &[Edit],
        mut work: Work,
        pace: &mut impl Pace,
        (done, total): (usize, usize),
    ) -> Result<Option<Ready>, ReplicaError> {
        let edited = self.applied(edits, &work)?;
        let anew = edits.iter().filter(|edit| edit.change == Change::Reseal).map(|edit| edit.id);
        let anew: BTreeSet<RecordId> = anew.collect();
        let (mut puts, mut fresh) = (Vec::new(), Vec::new());
        let is_bulk = edited.len() >= self.store.shelving().bulk;
        for (index, chunk) in edited.chunks(CHUNK).enumerate() {
            for one in chunk {
                let row = work.rows.remove(&to_wire(one.id));
                if is_bulk && row.is_none() {
                    fresh.push(self.fresh(one, &work)?);
                    continue;
                }
                // Writing nothing over a row that was set aside, or sealed in an epoch before, offers it again.
                let again = |row: &StoredRow| row.is_set_aside() || self.sealer.is_before(&row.envelope);
                let again = row.as_ref().is_some_and(again) || anew.contains(&one.id);
                if again || one.before.as_ref() != Some(&one.after) {
                    puts.push(self.sealed(one, row, &work)?);
                }
            }
            let sealed = done + index * CHUNK + chunk.len();
            if edited.len() > CHUNK && pace.breathe(sealed, total).await.is_break() {
                return Ok(None);
            }
        }
        self.queue(&mut fresh, work.turn);
        Ok(Some(Ready { puts, fresh, edited }))
    }

    /// Those of a page wait behind each other, so that each page is opened once to be sent.
    fn queue(&self, fresh: &mut [Fresh], turn: Option<Turn>) {
        pages::sort(fresh);
        for one in fresh {
            if let PageState::New(unsent) = &mut one.state {
                unsent.turn = turn.unwrap_or_else(|| self.next_turn());
            }
        }
    }

    /// Applies the edits in order; several of one record become one.
    fn applied(&self, edits: &[Edit], work: &Work) -> Result<Vec<Edited>, ReplicaError> {
        let mut edited: Vec<Edited> = Vec::with_capacity(edits.len());
        let mut places: BTreeMap<RecordId, usize> = BTreeMap::new();
        for edit in edits {
            let place = places.get(&edit.id).copied();
            let before = match place {
                Some(place) => Some(edited[place].after.clone()),
                None => self.before(edit, work)?,
            };
            let after = self.after(edit, before.as_ref(), work)?;
            match place {
                Some(place) => edited[place].after = after,
                None => {
                    places.insert(edit.id, edited.len());
                    edited.push(Edited { id: edit.id, before, after, asks: false });
                }
            }
        }
        Ok(edited)
    }

    /// What is there, its stamps set right first: all of a row's own writes are stamped under one clock.
    fn before(&self, edit: &Edit, work: &Work) -> Result<Option<Record>, ReplicaError> {
        let row = work.rows.get(&to_wire(edit.id));
        let healed = row.map(|row| self.healed(row, work.now)).transpose();
        let healed = healed.map_err(|reason| ReplicaError::SetAside(edit.id, reason))?;
        // An erased record is not there; its id may be used anew. Its grave may have to be offered again.
        let is_there = |record: &Record| !record.is_grave() || edit.change == Change::Write(Vec::new());
        Ok(healed.map(|Healed { record, .. }| record).filter(is_there))
    }

    fn after(&self, edit: &Edit, before: Option<&Record>, work: &Work) -> Result<Record, ReplicaError> {
        let (mut clock, now) = (self.scratch(), work.now);
        let writes = match (&edit.change, before) {
            (Change::Create(kind, writes), None) => {
                let mut record = Record::new(kind.clone());
                record.seen = self.buried(edit, work);
                apply(&mut record, writes.clone(), &mut clock, now.ms);
                return Ok(record);
            }
            (Change::Create(_, writes) | Change::Write(writes), Some(_)) => writes.clone(),
            (Change::Revise(revision), Some(now)) => revision.writes(now),
            (Change::Reseal, Some(_)) => Vec::new(),
            (Change::Undo { before, after }, Some(now)) => undo_writes(before.as_ref(), after, now),
            // It may have been edited since it was chosen: then it stays.
            (Change::Erase, Some(before)) => {
                let row = work.rows.get(&to_wire(edit.id));
                let due = row.is_some_and(|row| self.may_erase(row, before, now));
                return Ok(if due { before.grave() } else { before.clone() });
            }
            (Change::EraseNow(meant), Some(before)) => {
                let row = work.rows.get(&to_wire(edit.id)).filter(|row| is_settled(row, now));
                row.filter(|row| is_meant(row, *meant)).ok_or(ReplicaError::Contended)?;
                let mut record = before.clone();
                apply(&mut record, satchel_domain::delete_writes(), &mut clock, now.ms);
                return Ok(record.grave());
            }
            (
                Change::Write(_)
                | Change::Revise(_)
                | Change::Reseal
                | Change::Erase
                | Change::EraseNow(_)
                | Change::Undo { .. },
                None,
            ) => {
                return Err(ReplicaError::Missing(edit.id));
            }
        };
        let mut record = before.cloned().ok_or(ReplicaError::Missing(edit.id))?;
        if !writes.is_empty() {
            let writes = self.with_history_key(&record, writes)?;
            let unsent = work.rows.get(&to_wire(edit.id)).and_then(|row| row.state.unsent());
            apply(&mut record, writes, &mut clock, unsent.map_or(now.ms, |unsent| unsent.next_ms(now)));
        }
        Ok(record)
    }

    /// What is known of a record that was erased here, where its id is used anew: its writes are counted on.
    fn buried(&self, edit: &Edit, work: &Work) -> Seen {
        let grave = work.rows.get(&to_wire(edit.id)).and_then(|row| self.open_row(row).ok());
        grave.map(|grave| grave.seen).unwrap_or_default()
    }

    /// What a batch adds to this device's history: what it replaced, write by write. Of new records from a file they
    /// themselves say when and by whom, and one entry says how many came in.
    fn told_of(&self, edited: &[Edited], intent: Intent) -> Result<Vec<Vec<u8>>, ReplicaError> {
        let changed = || edited.iter().filter(|one| one.before.as_ref() != Some(&one.after));
        let of = |one: &Edited| {
            // A grave says nothing of what it was.
            let is_told = intent != Intent::Import || !one.after.is_grave();
            let told = is_told.then(|| entries(one.id, one.before.as_ref(), &one.after));
            told.into_iter().flatten().map(|entry| self.said(&entry, &one.after)).collect::<Vec<_>>()
        };
        let mut told = changed().flat_map(of).collect::<Result<Vec<_>, _>>()?;
        if intent == Intent::Import {
            let last = changed().filter_map(|one| one.after.latest()).max();
            told.extend(last.map(|stamp| Entry::many(changed().count(), stamp).to_bytes()));
        }
        Ok(told)
    }

    /// What forms wrote over without having shown it is offered and told, as when two devices meet: the questions.
    fn overlooked(
        &self,
        edits: &[Edit],
        edited: &mut [Edited],
        told: &mut Vec<Vec<u8>>,
        now: Now,
    ) -> Result<Vec<Question>, ReplicaError> {
        let mut questions = Vec::new();
        for edit in edits {
            let Change::Revise(revision) = &edit.change else { continue };
            let Some(one) = edited.iter_mut().find(|one| one.id == edit.id) else { continue };
            let Some(before) = &one.before else { continue };
            let conflicts = revision.overlooked(before, &one.after);
            if !holds(Safeguard::Shown) {
                continue;
            }
            for conflict in &conflicts {
                told.push(self.said(&Entry::lost(one.id, conflict), &one.after)?);
                questions.push(Question::of_form(to_wire(one.id), conflict, now.ms));
            }
            let restores = revision.restores(before);
            if restores {
                questions.push(Question::restored(to_wire(one.id), now.ms));
            }
            one.asks |= restores || !conflicts.is_empty();
        }
        Ok(questions)
    }

    /// A new record for a page: it is sealed when it is offered.
    fn fresh(&self, edited: &Edited, work: &Work) -> Result<Fresh, ReplicaError> {
        let bytes = edited.after.to_bytes();
        if bytes.len() > MAX_PLAINTEXT {
            return Err(SealError::TooLarge { len: bytes.len(), max: MAX_PLAINTEXT }.into());
        }
        let brief = self.store.shelving().brief(edited.id, &edited.after);
        // Its turn is given when all of them are known.
        let state = PageState::New(Unsent::now(Turn(0), &edited.after, work.now));
        Ok(Fresh { id: to_wire(edited.id), expected: None, bytes, stream: Stream::State, state, brief })
    }

    fn sealed(&self, edited: &Edited, row: Option<StoredRow>, work: &Work) -> Result<Put, ReplicaError> {
        let id = to_wire(edited.id);
        let waiting = row.as_ref().and_then(|row| row.state.turn());
        let turn = work.turn.or(waiting).unwrap_or_else(|| self.next_turn());
        let unsent = Unsent::now(turn, &edited.after, work.now);
        let (expected, state) = match row {
            Some(row) => (Some(row.version), row.state.edited(row.envelope, unsent)),
            None => (None, RowState::New(unsent)),
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

/// The same row at another place of the outbox.
fn at_turn(row: StoredRow, turn: Turn) -> Option<Put> {
    let unsent = Unsent { turn, ..*row.state.unsent()? };
    let state = row.state.edited(row.envelope.clone(), unsent);
    Some(Put::new(row.id, Some(row.version), row.envelope, state).keeping())
}

/// Whether the server has of it what was meant; any version is if none is given. The number that it has there tells
/// versions apart that are the same in every byte.
fn is_meant(row: &StoredRow, meant: Option<Version>) -> bool {
    let is = |at: Version, meant: Version| (at.seq, at.etag) == (meant.seq, meant.etag);
    meant.is_none_or(|meant| matches!(row.state, RowState::Synced(at) if is(at, meant)))
}

impl Edited {
    /// The edit that takes this one back.
    pub fn undo(self) -> Edit {
        Edit { id: self.id, change: Change::Undo { before: self.before, after: self.after } }
    }
}

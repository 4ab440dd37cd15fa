//! A local row meets what the server has: the plan carried out on opened records, up to what to write.

use crate::beside::Apart;
use crate::id::to_domain;
use crate::plan::{Incoming, Local, Plan, plan_pull};
use crate::review::Question;
use crate::safeguard::holds;
use crate::stamping::{Healed, Now};
use crate::{
    Base, Changeset, Durability, Held, LocalPut, Ours, Put, Reason, Replica, ReplicaError, RowState,
    Safeguard, Store, StoredRow, Unsent, Version,
};
use satchel_domain::stamp::latest_allowed;
use satchel_domain::{Entry, Reconciled, Record, RecordId, Seen, reconcile};
use satchel_vault::SealError;
use satchel_wire::{Envelope, Refusal, Row, Stream};

/// A record that changed because of what arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrived {
    /// Which.
    pub id: RecordId,
    /// As it is now.
    pub record: Record,
    /// It was deleted on one side and edited on the other, and is back.
    pub restored: bool,
}

/// What one meeting leads to.
#[derive(Default)]
pub(crate) struct Met {
    pub(crate) put: Option<Put>,
    pub(crate) arrived: Option<Arrived>,
    pub(crate) questions: Vec<Question>,
    /// The record of a synced `put`, as it was sealed: what a page would hold.
    pub(crate) bytes: Option<Vec<u8>>,
    /// For this device's history.
    pub(crate) told: Vec<Vec<u8>>,
    /// What else it leaves on this device.
    pub(crate) locals: Vec<LocalPut>,
    /// The server has shown this device and another two different logs.
    pub(crate) proves_fork: bool,
}

impl Met {
    pub(crate) fn put(put: Put) -> Self {
        Self { put: Some(put), ..Self::default() }
    }

    /// What the next meeting of the same record leads to, too.
    pub(crate) fn follow(&mut self, next: Self) {
        let Self { put, arrived, questions, bytes, told, locals, proves_fork } = next;
        let restored = self.arrived.as_ref().is_some_and(|arrived| arrived.restored);
        let again = |arrived: Arrived| Arrived { restored: arrived.restored || restored, ..arrived };
        self.arrived = arrived.map(again).or(self.arrived.take());
        self.put = put.or(self.put.take());
        self.bytes = bytes;
        self.questions.extend(questions);
        self.told.extend(told);
        self.locals.extend(locals);
        self.proves_fork |= proves_fork;
    }
}

/// Nothing is here, or nothing any more, and what came cannot be read.
pub(crate) fn put_aside(local: Option<&StoredRow>, theirs: Base, reason: Reason) -> Met {
    let held = Held::only(Ours::Synced(theirs.at));
    Met::put(put_over(local, theirs.envelope, RowState::Quarantined { reason, held }))
}

fn put_over(local: Option<&StoredRow>, envelope: Envelope, state: RowState) -> Put {
    let id = envelope.header.record;
    Put::new(id, local.map(|row| row.version), envelope, state)
}

impl<S: Store> Replica<S> {
    /// A row arrives.
    pub(crate) fn meet(&self, local: Option<&StoredRow>, row: &Row, now: Now) -> Result<Met, ReplicaError> {
        let incoming = Incoming::of(row, now.era);
        let theirs = || Base { at: incoming.at, envelope: row.envelope.clone() };
        match (plan_pull(local.map(Local::of).as_ref(), &incoming), local) {
            (Plan::Ignore, _) => Ok(Met::default()),
            (Plan::Confirm, Some(local)) => self.confirm(local, theirs(), now),
            (Plan::Rebase, Some(local)) => self.rebase(local, theirs(), now),
            _ if row.envelope.header.stream == Stream::History => self.meet_chunk(local, theirs(), now),
            (Plan::Merge, Some(local)) => self.join(local, theirs(), now),
            (Plan::Take, _) | (_, None) => self.take(local, theirs(), now),
        }
    }

    /// The server has the very bytes that we hold.
    pub(crate) fn confirm(&self, local: &StoredRow, theirs: Base, now: Now) -> Result<Met, ReplicaError> {
        if local.is_set_aside() {
            return self.join(local, theirs, now);
        }
        let at = theirs.at;
        let arrived = self.moved_back(local, at);
        let put = put_over(Some(local), local.envelope.clone(), RowState::Synced(at)).keeping();
        Ok(Met { arrived, ..Met::put(put) })
    }

    /// Everybody moves back stamps that the server's time contradicts; so must the device that wrote them.
    fn moved_back(&self, local: &StoredRow, at: Version) -> Option<Arrived> {
        let is_as_shown = match &local.state {
            RowState::Synced(before) => before.received_ms == at.received_ms,
            state => state.unsent().is_some_and(|unsent| unsent.latest_ms <= latest_allowed(at.received_ms)),
        };
        if is_as_shown {
            return None;
        }
        let opened = self.sealer.open(local.id, &local.envelope, Some(at)).ok()?;
        opened.clamped.then(|| Arrived { id: to_domain(local.id), record: opened.record, restored: false })
    }

    /// What ours is made from has another number, or was what we had just sent.
    pub(crate) fn rebase(&self, local: &StoredRow, base: Base, now: Now) -> Result<Met, ReplicaError> {
        if local.is_chunk() {
            return self.rebase_chunk(local, base);
        }
        let replaces = Some(base.at.etag);
        let unsent = local.state.unsent().copied().unwrap_or_else(|| self.next_turn().into());
        let envelope = if local.envelope.header.replaces == replaces {
            local.envelope.clone()
        } else {
            match self.sealer.open(local.id, &local.envelope, None) {
                Ok(opened) => self.sealer.seal(local.id, &opened.record, replaces)?,
                Err(_) => return self.join(local, base, now),
            }
        };
        let state = RowState::Edited { base: Box::new(base), unsent };
        Ok(Met::put(put_over(Some(local), envelope, state)))
    }

    pub(crate) fn take(
        &self,
        local: Option<&StoredRow>,
        theirs: Base,
        now: Now,
    ) -> Result<Met, ReplicaError> {
        let Base { at, envelope } = theirs;
        let id = envelope.header.record;
        match (self.sealer.open(id, &envelope, Some(at)), local) {
            (Ok(opened), _) => {
                let theirs = Base { at, envelope };
                if let Some(met) = self.counted_on(local, &theirs, &opened.record, now)? {
                    return Ok(met);
                }
                let arrived = Arrived { id: to_domain(id), record: opened.record, restored: false };
                let put = put_over(local, theirs.envelope, RowState::Synced(at));
                Ok(Met { arrived: Some(arrived), bytes: Some(opened.bytes), ..Met::put(put) })
            }
            (Err(_), Some(local)) if !local.is_forgotten() => self.join(local, Base { at, envelope }, now),
            (Err(reason), _) => Ok(put_aside(local, Base { at, envelope }, reason)),
        }
    }

    /// A record begins anew where its grave lay, from before what this device wrote to it: it goes on counting its
    /// writes from there. Another device's grave knows of the earlier ones, and would take a number that is used twice
    /// for one of them.
    fn counted_on(
        &self,
        local: Option<&StoredRow>,
        theirs: &Base,
        begun: &Record,
        now: Now,
    ) -> Result<Option<Met>, ReplicaError> {
        let Some(grave) = local.filter(|row| row.is_grave()) else { return Ok(None) };
        let Ok(known) = self.open_row(grave) else { return Ok(None) };
        let mut record = begun.clone();
        record.seen.count_on(self.device(), &known.seen);
        if record == *begun {
            return Ok(None);
        }
        match self.joined_put(grave, theirs, &record, begun, now) {
            Ok(put) => {
                let arrived = Some(Arrived { id: to_domain(grave.id), record, restored: false });
                Ok(Some(Met { arrived, ..Met::put(put) }))
            }
            Err(Apart::Kept(_)) => Ok(None),
            Err(Apart::Failed(error)) => Err(error),
        }
    }

    /// Ours and theirs, joined field by field.
    pub(crate) fn joined(&self, local: &StoredRow, theirs: &Base, now: Now) -> Result<Met, Apart> {
        if local.is_chunk() {
            return self.joined_chunk(local, theirs);
        }
        let opened = self.sealer.open(local.id, &theirs.envelope, Some(theirs.at))?;
        let Healed { record: mine, moved, .. } = self.healed(local, now)?;
        if begins_anew(local, &mine, theirs, now) {
            return Ok(self.take(Some(local), theirs.clone(), now)?);
        }
        let base = self.common(local, &mine, &opened.record, theirs, now);
        let joined = self.reconciled(base.as_ref(), &mine, &opened.record, now);
        let told = self.gave_way(to_domain(local.id), &joined)?;
        let questions = Question::of_meeting(local.id, &joined, &mine, &opened.record, now.ms);
        let put = self.joined_put(local, theirs, &joined.record, &opened.record, now)?;
        let id = to_domain(local.id);
        let changed = moved || joined.record != mine;
        let arrived = changed.then_some(Arrived { id, record: joined.record, restored: joined.restored });
        Ok(Met { arrived, questions, told, ..Met::put(put) })
    }

    fn reconciled(&self, base: Option<&Record>, mine: &Record, theirs: &Record, now: Now) -> Reconciled {
        let mut clock = self.scratch();
        if holds(Safeguard::Base) {
            return reconcile(base, mine, theirs, &mut clock, now.ms);
        }
        let knowing_nothing = |record: &Record| Record { seen: Seen::default(), ..record.clone() };
        reconcile(None, &knowing_nothing(mine), &knowing_nothing(theirs), &mut clock, now.ms)
    }

    /// What both sides have in common: what ours was made from, or ours itself when nothing of it is unsent
    /// or the other side replaced it knowingly (our acknowledgement was lost on the way).
    fn common(
        &self,
        local: &StoredRow,
        mine: &Record,
        theirs: &Record,
        row: &Base,
        now: Now,
    ) -> Option<Record> {
        let seen = row.envelope.header.replaces == Some(local.envelope.etag());
        match &local.state {
            // In another era it is not known what was made from what: only what a grave knew is buried.
            RowState::Synced(at) if at.era != now.era && theirs.is_grave() => {
                theirs.buries(mine).then(|| mine.clone())
            }
            RowState::Synced(_) if mine.is_grave() => mine.buries(theirs).then(|| theirs.clone()),
            state if seen || !state.is_unsent() => Some(mine.clone()),
            state => {
                let base = state.base()?;
                Some(self.sealer.open(local.id, &base.envelope, Some(base.at)).ok()?.record)
            }
        }
    }

    fn joined_put(
        &self,
        local: &StoredRow,
        row: &Base,
        joined: &Record,
        theirs: &Record,
        now: Now,
    ) -> Result<Put, Apart> {
        let Base { at, envelope } = row;
        // What lay aside for long may be older than what ours is made from: the server has the newer one.
        let newer = local.state.base().filter(|base| base.at.place() > at.place());
        if joined == theirs && newer.is_none() {
            return Ok(put_over(Some(local), envelope.clone(), RowState::Synced(*at)));
        }
        let base = newer.unwrap_or(row).clone();
        let envelope = match self.sealer.seal(local.id, joined, Some(base.at.etag)) {
            Ok(envelope) => envelope,
            Err(SealError::TooLarge { .. }) => return Err(Apart::Kept(Reason::Refused(Refusal::TooLarge))),
            Err(error) => return Err(error.into()),
        };
        let turn = local.state.turn().unwrap_or_else(|| self.next_turn());
        let unsent = Unsent::now(turn, joined, now);
        Ok(put_over(Some(local), envelope, RowState::Edited { base: Box::new(base), unsent }))
    }

    /// What a meeting adds to this device's history: what gave way, and that a record is back.
    fn gave_way(&self, id: RecordId, joined: &Reconciled) -> Result<Vec<Vec<u8>>, ReplicaError> {
        let lost = joined.conflicts.iter().map(|conflict| Entry::lost(id, conflict));
        let entries = lost.chain(joined.restored.then(|| Entry::restored(id, &joined.record)).flatten());
        entries.map(|entry| self.said(&entry, &joined.record)).collect()
    }

    /// Everything that these meetings write; reviews and history travel in the same transaction, and what lies in
    /// the review list about a record goes with it when it is erased.
    pub(crate) async fn changeset_of(&self, met: Vec<Met>) -> Result<Changeset, ReplicaError> {
        let mut changeset = Changeset { durability: Durability::Relaxed, ..Changeset::default() };
        let (mut all_told, mut asked) = (Vec::new(), Vec::new());
        let puts = met.iter().filter_map(|one| one.put.as_ref());
        changeset.locals = self.reviews_off(puts.filter(|put| put.buries()).map(|put| put.id)).await?;
        for Met { put, arrived: _, questions, bytes: _, told, locals, proves_fork: _ } in met {
            changeset.rows.extend(put);
            changeset.locals.extend(locals);
            all_told.extend(told);
            asked.extend(questions);
        }
        changeset.locals.extend(self.asking(asked).await?);
        self.tell(all_told, &mut changeset.rows).await?;
        Ok(changeset)
    }
}

/// Ours is the grave of a record that the server had dropped when it was offered as a new one.
fn begins_anew(local: &StoredRow, mine: &Record, row: &Base, now: Now) -> bool {
    let dropped = matches!(&local.state, RowState::Synced(at) if at.era == now.era && at.seq <= now.floor);
    dropped && mine.is_grave() && row.envelope.header.replaces.is_none()
}

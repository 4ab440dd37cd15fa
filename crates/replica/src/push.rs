//! What waits is offered; what the server says of it is settled.

use crate::id::to_domain;
use crate::meet::{Arrived, Met};
use crate::plan::{AfterPush, Incoming, Local, plan_verdict};
use crate::pull::{Applied, News};
use crate::replica::TRIES;
use crate::safeguard::{Safeguard, holds};
use crate::stamping::Now;
use crate::{
    Base, Held, Limits, Ours, Put, Reason, Replica, ReplicaError, RowState, Store, StoredRow, Unsent, Version,
};
use satchel_domain::sorted::Gather;
use satchel_wire::{Envelope, Push, PushAnswer, PushMode, RecordId, Seen, SpaceState, Verdict};
use std::collections::BTreeMap;

/// Bytes of a body beside its writes, at most.
const BODY: usize = 256;
/// Bytes of a write beside its ciphertext, at most: the header as CBOR.
const WRITE: usize = 256;

/// What is to be sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Outgoing {
    /// The push; `None` when nothing waits.
    pub push: Option<Push>,
    /// Records whose stamps were set right for it, as they are now.
    pub healed: Vec<Arrived>,
}

impl<S: Store> Replica<S> {
    /// The first of what waits, in order, within the limits. What was stamped under a wrong clock is set right
    /// first. The outbox keeps it until it is settled, so a lost answer costs nothing.
    ///
    /// # Errors
    /// [`ReplicaError::Contended`] when other tabs keep writing what waits.
    pub async fn outgoing(&self, limits: Limits, wall_ms: u64) -> Result<Outgoing, ReplicaError> {
        let mut healed = Vec::new();
        for _ in 0..TRIES {
            let rows = self.first_waiting(limits).await?;
            let (rows, mode) = chosen(rows, limits);
            if rows.is_empty() {
                return Ok(Outgoing { push: None, healed });
            }
            match self.heal_waiting(&rows, self.now(wall_ms)).await? {
                Some(moved) => healed.extend(moved),
                None => return Ok(Outgoing { push: Some(self.push_of(rows, mode)?), healed }),
            }
        }
        Err(ReplicaError::Contended)
    }

    /// What waits longest, up to the limits and one more; all of the first intent where that is longer.
    async fn first_waiting(&self, limits: Limits) -> Result<Vec<StoredRow>, ReplicaError> {
        let rows = self.store.waiting(None, limits.writes.max(1) + 1).await?;
        let is_one = rows.iter().all(|row| row.state.turn() == rows[0].state.turn());
        if rows.len() <= limits.writes || !is_one || rows.len() > Limits::FULL.writes {
            return Ok(rows);
        }
        Ok(self.store.waiting(None, Limits::FULL.writes + 1).await?)
    }

    fn push_of(&self, rows: Vec<StoredRow>, mode: PushMode) -> Result<Push, ReplicaError> {
        let cursor = self.cursor.get();
        Ok(Push {
            push_id: self.random()?,
            incarnation: cursor.incarnation,
            epoch: self.sealer.epoch()?,
            seen: Seen { seq: cursor.seq, root: self.vouched().map(|vouched| vouched.root) },
            mode,
            writes: rows.into_iter().map(|row| row.envelope).collect(),
        })
    }

    /// Seals what is likely to be offered after this push, while the server works on it. What fails here is met again
    /// when it is due.
    pub(crate) async fn seal_ahead(&self, push: &Push, limits: Limits) {
        if let Some(last) = push.writes.last() {
            let _sealed = self.store.seal_behind(last.header.record, limits.writes).await;
        }
    }

    /// Settles the verdicts on a push, in one commit.
    ///
    /// # Errors
    /// [`ReplicaError::Nonsense`] when the answer does not fit the push; the outbox is as it was then.
    pub async fn settle(
        &self,
        push: &Push,
        answer: &PushAnswer,
        wall_ms: u64,
    ) -> Result<Applied, ReplicaError> {
        let PushAnswer { space, verdicts } = answer;
        if self.is_other_log(push.seen.seq, space) {
            return self.reset(space, wall_ms).await;
        }
        if verdicts.len() != push.writes.len() {
            return Err(ReplicaError::Nonsense);
        }
        let era = self.cursor.get().era;
        for _ in 0..TRIES {
            let cursor = self.cursor.get();
            if cursor.era != era {
                // Another tab reads another log by now: what this one said counts no more.
                let progress = self.progress(cursor.seq).await?;
                return Ok(Applied::Progress { progress, news: News::default() });
            }
            let rows = self.sent_rows(push).await?;
            if self.is_set_back(push, answer, &rows, era) {
                return self.reset(space, wall_ms).await;
            }
            let to = self.moved(cursor, own_run(cursor.seq, answer), space, wall_ms);
            let now = Now::at(&to, wall_ms);
            let mut met = Vec::with_capacity(verdicts.len());
            for (sent, verdict) in push.writes.iter().zip(verdicts) {
                if let Some(row) = rows.get(&sent.header.record) {
                    met.push(self.judged(row, sent, verdict, space, now)?);
                }
            }
            let puts = met.iter().filter_map(|one| one.put.as_ref());
            let settled = puts.filter(|put| !waits(put)).map(|put| to_domain(put.id)).collect();
            if let Some(news) = self.commit_met(met, cursor, to).await? {
                let progress = self.progress(space.head).await?;
                let news = News { settled, is_whole: progress.is_whole(), ..news };
                return Ok(Applied::Progress { progress, news });
            }
        }
        Err(ReplicaError::Contended)
    }

    /// Whether a row of the server's is older than one that it had in this era, or is not there although nothing but a
    /// loss takes it away: it was set back to an earlier copy, or goes on with another log.
    /// If its head has not grown past that yet, the answer may only be late: the same again is proof.
    fn is_set_back(
        &self,
        push: &Push,
        answer: &PushAnswer,
        rows: &BTreeMap<RecordId, StoredRow>,
        era: u32,
    ) -> bool {
        let known = push.writes.iter().zip(&answer.verdicts).filter_map(|(sent, verdict)| {
            let row = rows.get(&sent.header.record)?;
            let known = row.state.server_version().filter(|known| known.era == era)?;
            contradicts(verdict, known.seq, row.is_chunk(), answer.space.purge_floor).then_some(known.seq)
        });
        let head = answer.space.head;
        let (behind, beyond): (Vec<_>, Vec<_>) = known.partition(|seq| *seq <= head);
        let beyond = beyond.into_iter().max();
        !behind.is_empty() || beyond.is_some_and(|seq| self.beyond.replace(seq) == seq)
    }

    async fn sent_rows(&self, push: &Push) -> Result<BTreeMap<RecordId, StoredRow>, ReplicaError> {
        let ids: Vec<_> = push.writes.iter().map(|write| write.header.record).collect();
        let rows = self.store.get(&ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).gather())
    }

    fn judged(
        &self,
        row: &StoredRow,
        sent: &Envelope,
        verdict: &Verdict,
        space: &SpaceState,
        now: Now,
    ) -> Result<Met, ReplicaError> {
        let received_ms = verdict.stored(space.server_ms).map_or(space.server_ms, |(_, since_ms)| since_ms);
        let etag = sent.etag();
        let local = Local::hashed(row, || if row.envelope == *sent { etag } else { row.envelope.etag() });
        let at = |seq| Version { etag, seq, era: now.era, received_ms };
        match plan_verdict(&local, etag, verdict, now.era) {
            AfterPush::Ignore => Ok(Met::default()),
            AfterPush::Settle(seq) => self.confirm(row, Base { at: at(seq), envelope: sent.clone() }, now),
            // The stamps may have been set right meanwhile: those that were sent are what others build on.
            AfterPush::Rebase(seq) => {
                let theirs = Base { at: at(seq), envelope: sent.clone() };
                if row.is_chunk() { self.rebase(row, theirs, now) } else { self.join(row, theirs, now) }
            }
            AfterPush::Remake(base) => {
                let at = Incoming::of(base, now.era).at;
                self.rebase(row, Base { at, envelope: base.envelope.clone() }, now)
            }
            AfterPush::Meet(theirs) if theirs.envelope.header.record != row.id => Err(ReplicaError::Nonsense),
            AfterPush::Meet(theirs) => self.meet(Some(row), theirs, now),
            AfterPush::Reoffer => self.reoffer(row),
            AfterPush::SetAside(reason) => Ok(set_aside(row, reason)),
        }
    }

    /// The server has no version of a record where we thought it had: it is offered as a first one. What it
    /// once had stays the base, so that a merge still knows what was changed here.
    pub(crate) fn reoffer(&self, row: &StoredRow) -> Result<Met, ReplicaError> {
        if row.is_chunk() {
            return self.reoffer_chunk(row);
        }
        let unsent = row.state.unsent().copied();
        let opened = match self.open_row(row) {
            _ if row.is_set_aside() => return Ok(Met::default()),
            Ok(record) => record,
            Err(reason) => return Ok(set_aside(row, reason)),
        };
        let fresh = || Unsent { latest_ms: opened.edited_ms(), ..self.next_turn().into() };
        let unsent = unsent.unwrap_or_else(fresh);
        let state = match &row.state {
            RowState::New(_) | RowState::Quarantined { .. } => RowState::New(unsent),
            RowState::Edited { base, .. } => RowState::Edited { base: Box::new(base.gone()), unsent },
            RowState::Synced(at) => {
                let base = Base { at: *at, envelope: row.envelope.clone() };
                RowState::Edited { base: Box::new(base.gone()), unsent }
            }
        };
        let envelope = self.sealer.seal(row.id, &opened, None)?;
        Ok(Met::put(Put::new(row.id, Some(row.version), envelope, state)))
    }
}

/// How far the cursor may move because all numbers up to there are this push's own: what we wrote need not be read
/// back, because the answer says when the server took it.
fn own_run(cursor: u64, answer: &PushAnswer) -> u64 {
    let stored = answer.verdicts.iter().filter_map(|verdict| verdict.stored(0));
    let mut own: Vec<_> = stored.map(|(seq, _)| seq).filter(|seq| *seq > cursor).collect();
    own.sort_unstable();
    let run = own.iter().zip(cursor + 1..).take_while(|(seq, next)| *seq == next).count() as u64;
    (cursor + run).min(answer.space.head)
}

/// Whether a verdict cannot be on a row that had this number in the same log: the server's own is older, or it has
/// none, and what is above the floor, or is history, is never purged.
fn contradicts(verdict: &Verdict, known: u64, is_chunk: bool, floor: u64) -> bool {
    match verdict {
        Verdict::Stale { current: Some(current) } => current.seq < known,
        Verdict::Stale { current: None } => is_chunk || known > floor,
        _ => false,
    }
}

fn waits(put: &Put) -> bool {
    put.state.turn().is_some()
}

fn set_aside(row: &StoredRow, reason: Reason) -> Met {
    let held = Held::only(Ours::of(&row.state));
    let state = RowState::Quarantined { reason, held };
    Met::put(Put::new(row.id, Some(row.version), row.envelope.clone(), state))
}

/// The first of these rows that fit into a push, as whole groups: rows with one turn are one intent, which
/// appears elsewhere whole or not at all. A group that exceeds the limits goes alone, and whole if it may be so large;
/// else write by write.
fn chosen(mut rows: Vec<StoredRow>, limits: Limits) -> (Vec<StoredRow>, PushMode) {
    let fitting = fitting(&rows, limits.writes, limits.bytes);
    let whole = whole(&rows, fitting);
    if whole > 0 {
        rows.truncate(whole);
        let mode = mode(&rows);
        return (rows, mode);
    }
    let first = rows.iter().take_while(|row| row.state.turn() == rows[0].state.turn()).count();
    let is_allowed = self::fitting(&rows[..first], Limits::FULL.writes, limits.intent) == first;
    rows.truncate(if is_allowed { first } else { fitting });
    let mode = if is_allowed { mode(&rows) } else { PushMode::Each };
    (rows, mode)
}

/// How many of the first `fitting` rows are whole groups.
fn whole(rows: &[StoredRow], fitting: usize) -> usize {
    let left = rows.get(fitting).map(|row| row.state.turn());
    left.map_or(fitting, |turn| {
        rows[..fitting].iter().position(|row| row.state.turn() == turn).unwrap_or(fitting)
    })
}

/// How whole groups are offered.
fn mode(rows: &[StoredRow]) -> PushMode {
    let runs: Vec<_> = rows.chunk_by(|a, b| a.state.turn() == b.state.turn()).map(<[_]>::len).collect();
    if runs.len() == rows.len() || !holds(Safeguard::Together) {
        return PushMode::Each;
    }
    PushMode::Groups(runs.into_iter().map(|run| u32::try_from(run).unwrap_or(u32::MAX)).collect())
}

/// How many of the first rows fit; always one, so that a large one is judged rather than stuck.
fn fitting(rows: &[StoredRow], writes: usize, bytes: usize) -> usize {
    let mut room = bytes.saturating_sub(BODY);
    let fits = |row: &&StoredRow| {
        let size = row.envelope.ciphertext.len() + WRITE;
        let fits = size <= room;
        room = room.saturating_sub(size);
        fits
    };
    let fitting = rows.iter().take(writes.max(1)).take_while(fits).count();
    fitting.max(1).min(rows.len())
}

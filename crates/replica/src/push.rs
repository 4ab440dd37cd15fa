//! What waits is offered; what the server says of it is settled.

use crate::meet::Met;
use crate::plan::{AfterPush, Local, plan_verdict};
use crate::pull::{Applied, News};
use crate::replica::TRIES;
use crate::{Base, Held, Limits, Put, Reason, Replica, ReplicaError, RowState, Store, StoredRow, Version};
use satchel_domain::stamp::latest_allowed;
use satchel_wire::{Envelope, Push, PushAnswer, PushMode, RecordId, Seen, SpaceState, Verdict};
use std::collections::BTreeMap;

/// Bytes of a body beside its writes, at most.
const BODY: usize = 256;
/// Bytes of a write beside its ciphertext, at most: the header as CBOR.
const WRITE: usize = 256;

impl<S: Store> Replica<S> {
    /// The first of what waits, in order, within the limits; `None` when nothing waits.
    /// The outbox keeps it until it is settled, so a lost answer costs nothing.
    pub async fn outgoing(&self, limits: Limits) -> Result<Option<Push>, ReplicaError> {
        let rows = self.store.waiting(None, limits.writes.max(1)).await?;
        let writes = within(rows.into_iter().map(|row| row.envelope), limits.bytes);
        if writes.is_empty() {
            return Ok(None);
        }
        let cursor = self.cursor.get();
        Ok(Some(Push {
            push_id: self.random()?,
            incarnation: cursor.incarnation,
            epoch: self.sealer.epoch()?,
            seen: Seen { seq: cursor.seq, root: None },
            mode: PushMode::Each,
            writes,
        }))
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
        for _ in 0..TRIES {
            let cursor = self.cursor.get();
            let rows = self.sent_rows(push).await?;
            let mut met = Vec::with_capacity(verdicts.len());
            for (sent, verdict) in push.writes.iter().zip(verdicts) {
                if let Some(row) = rows.get(&sent.header.record) {
                    met.push(self.judged(row, sent, verdict, space, wall_ms)?);
                }
            }
            let settled = met.iter().filter(|one| one.put.as_ref().is_some_and(|put| !waits(put))).count();
            let to = self.moved(cursor, self.own_run(cursor.seq, answer), space, wall_ms);
            if let Some(news) = self.commit_met(met, cursor, to).await? {
                let progress = self.note_synced(*space).await?;
                return Ok(Applied::Progress { progress, news: News { settled, ..news } });
            }
        }
        Err(ReplicaError::Contended)
    }

    async fn sent_rows(&self, push: &Push) -> Result<BTreeMap<RecordId, StoredRow>, ReplicaError> {
        let ids: Vec<_> = push.writes.iter().map(|write| write.header.record).collect();
        let rows = self.store.get(&ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    fn judged(
        &self,
        row: &StoredRow,
        sent: &Envelope,
        verdict: &Verdict,
        space: &SpaceState,
        wall_ms: u64,
    ) -> Result<Met, ReplicaError> {
        let era = self.cursor.get().era;
        let at = |seq| Version { etag: sent.etag(), seq, era, received_ms: space.server_ms };
        match plan_verdict(&Local::of(row), sent.etag(), verdict, era) {
            AfterPush::Ignore => Ok(Met::default()),
            AfterPush::Settle(seq) => Ok(self.confirm(row, at(seq))),
            AfterPush::Rebase(seq) => self.rebase(row, Base { at: at(seq), envelope: sent.clone() }),
            AfterPush::Meet(theirs) if theirs.envelope.header.record != row.id => Err(ReplicaError::Nonsense),
            AfterPush::Meet(theirs) => self.meet(Some(row), theirs, wall_ms),
            AfterPush::Reoffer => self.reoffer(row),
            AfterPush::SetAside(reason) => Ok(set_aside(row, reason)),
        }
    }

    /// The server has no version of a record where we thought it had: it is offered as a first one. What it
    /// once had stays the base, so that a merge still knows what was changed here.
    pub(crate) fn reoffer(&self, row: &StoredRow) -> Result<Met, ReplicaError> {
        let gone = |base: &Base| {
            Box::new(Base { at: Version { era: 0, ..base.at }, envelope: base.envelope.clone() })
        };
        let turn = row.state.turn().unwrap_or_else(|| self.next_turn());
        let state = match &row.state {
            RowState::New(_) => RowState::New(turn),
            RowState::Edited { base, .. } => RowState::Edited { base: gone(base), turn },
            RowState::Synced(at) => {
                RowState::Edited { base: gone(&Base { at: *at, envelope: row.envelope.clone() }), turn }
            }
            RowState::Quarantined { .. } => return Ok(Met::default()),
        };
        let opened = match self.open_row(row) {
            Ok(record) => record,
            Err(reason) => return Ok(set_aside(row, reason)),
        };
        let envelope = self.sealer.seal(row.id, &opened, None)?;
        Ok(Met::put(Put::new(row.id, Some(row.version), envelope, state)))
    }

    /// How far the cursor may move because all numbers up to there are this push's own: what we wrote need
    /// not be read back. Not when a stamp of ours may lie in the server's future: the exact time at which
    /// the server took the row, which every device moves such stamps back to, comes with the row only.
    fn own_run(&self, cursor: u64, answer: &PushAnswer) -> u64 {
        if self.latest_stamp_ms() > latest_allowed(answer.space.server_ms) {
            return cursor;
        }
        let mut own: Vec<_> =
            answer.verdicts.iter().filter_map(accepted).filter(|seq| *seq > cursor).collect();
        own.sort_unstable();
        let run = own.iter().zip(cursor + 1..).take_while(|(seq, next)| *seq == next).count() as u64;
        (cursor + run).min(answer.space.head)
    }
}

fn accepted(verdict: &Verdict) -> Option<u64> {
    match verdict {
        Verdict::Accepted { seq } => Some(*seq),
        Verdict::Stale { .. } | Verdict::Refused { .. } => None,
    }
}

fn waits(put: &Put) -> bool {
    put.state.turn().is_some()
}

fn set_aside(row: &StoredRow, reason: Reason) -> Met {
    let base = row.state.base().cloned().map(Box::new);
    let held = match &row.state {
        RowState::Synced(at) => Held::Theirs(*at),
        _ => Held::Ours(base),
    };
    let state = RowState::Quarantined { reason, held };
    Met::put(Put::new(row.id, Some(row.version), row.envelope.clone(), state))
}

/// The first writes that fit; always one, so that a large one is judged rather than stuck.
fn within(envelopes: impl Iterator<Item = Envelope>, bytes: usize) -> Vec<Envelope> {
    let mut room = bytes.saturating_sub(BODY);
    let mut writes = Vec::new();
    for envelope in envelopes {
        let size = envelope.ciphertext.len() + WRITE;
        if size > room && !writes.is_empty() {
            break;
        }
        room = room.saturating_sub(size);
        writes.push(envelope);
    }
    writes
}

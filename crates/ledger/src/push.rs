//! Judging writes: compare-and-swap against the stored version, contiguous numbers.
//!
//! Nothing is stored while judging: what a push will store lies in a draft over the stored rows, so
//! that a run of writes is taken back by dropping its draft.

use std::collections::BTreeMap;

use satchel_wire::{
    DeviceId, Envelope, Etag, Header, MAX_CIPHERTEXT, MAX_PUSH_WRITES, Push, PushAnswer, RecordId, Refusal,
    Row, SpaceState, Verdict,
};

use crate::{Denied, FORMAT, Rows, Safeguard, Version, safeguard::holds};

/// Most bytes of newest rows in one answer. Halving a push until it fits always ends, because one
/// row is far smaller.
const MAX_STALE_BYTES: usize = 4 << 20;

/// A push that was judged, and what has to be stored before its answer may be given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged<'a> {
    /// The answer. Its head is the space's new head, its `server_ms` the time of receipt.
    pub answer: PushAnswer,
    /// What to store, in order of numbers, at most one entry a record.
    pub entries: Vec<Entry<'a>>,
}

/// A write to be stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<'a> {
    /// Its number.
    pub seq: u64,
    /// Its version.
    pub etag: Etag,
    /// What to store in place of the record's row.
    pub envelope: &'a Envelope,
}

impl Entry<'_> {
    /// The row that it becomes.
    pub fn row(&self, received_ms: u64) -> Row {
        Row { seq: self.seq, received_ms, envelope: self.envelope.clone() }
    }
}

/// Judges a push of `writer` in a space that stands at `state`. A denial changes nothing.
///
/// # Errors
/// The store's own.
pub fn judge<'a, R: Rows>(
    rows: &R,
    state: SpaceState,
    writer: DeviceId,
    push: &'a Push,
) -> Result<Result<Judged<'a>, Denied>, R::Error> {
    if push.writes.len() > MAX_PUSH_WRITES {
        return Ok(Err(Denied::TooLarge));
    }
    let Some(runs) = push.mode.runs(push.writes.len()) else {
        return Ok(Err(Denied::Malformed));
    };
    if push.incarnation.is_some_and(|known| known != state.incarnation) {
        return Ok(Err(Denied::Incarnation(state.incarnation)));
    }
    let mut desk = Desk { rows, writer, epoch: push.epoch, state, drafted: BTreeMap::new(), stale_bytes: 0 };
    let verdicts = desk.judge_runs(&push.writes, runs)?;
    if desk.stale_bytes > MAX_STALE_BYTES {
        return Ok(Err(Denied::TooLarge));
    }
    let Desk { state, drafted, .. } = desk;
    let answer = PushAnswer { space: state, verdicts };
    let mut entries: Vec<_> = drafted.into_values().collect();
    entries.sort_unstable_by_key(|entry| entry.seq);
    Ok(Ok(Judged { answer, entries }))
}

/// What the writes judged so far will store.
type Draft<'a> = BTreeMap<RecordId, Entry<'a>>;

/// What becomes of a write, if its run stands.
#[derive(Clone, Copy)]
enum Ruling {
    Accepted(u64),
    Known(Version),
    Stale,
    Refused(Refusal),
}

/// Where the writes of one push are judged, one after the other.
struct Desk<'a, 'r, R> {
    rows: &'r R,
    writer: DeviceId,
    epoch: u32,
    /// With the head as it is after the runs that stand.
    state: SpaceState,
    drafted: Draft<'a>,
    stale_bytes: usize,
}

impl<'a, R: Rows> Desk<'a, '_, R> {
    fn judge_runs(&mut self, mut writes: &'a [Envelope], runs: Vec<usize>) -> Result<Vec<Verdict>, R::Error> {
        let mut verdicts = Vec::with_capacity(writes.len());
        for length in runs {
            let (run, rest) = writes.split_at(length);
            self.judge_run(run, &mut verdicts)?;
            writes = rest;
        }
        Ok(verdicts)
    }

    /// Rules on each write of a run; if one is not accepted, none of what it drafted stays. The rows of
    /// stale writes are read afterwards, because only then is known what they have to be merged with.
    fn judge_run(&mut self, run: &'a [Envelope], verdicts: &mut Vec<Verdict>) -> Result<(), R::Error> {
        let mut draft = Draft::new();
        let mut head = self.state.head;
        let mut rulings = Vec::with_capacity(run.len());
        for envelope in run {
            rulings.push(self.rule(envelope, &mut draft, &mut head)?);
        }
        if rulings.iter().all(|ruling| matches!(ruling, Ruling::Accepted(_) | Ruling::Known(_))) {
            self.state.head = head;
            // Not `append`: it builds the whole map anew, and most runs are one write.
            self.drafted.extend(draft);
        }
        for (ruling, envelope) in rulings.into_iter().zip(run) {
            verdicts.push(self.verdict(ruling, envelope.header.record)?);
        }
        Ok(())
    }

    fn rule(
        &self,
        envelope: &'a Envelope,
        draft: &mut Draft<'a>,
        head: &mut u64,
    ) -> Result<Ruling, R::Error> {
        if let Some(reason) = self.refusal(envelope) {
            return Ok(Ruling::Refused(reason));
        }
        let Header { record, epoch, replaces, .. } = envelope.header;
        let etag = envelope.etag();
        let current = self.current(draft, record)?;
        if let Some(there) = current.filter(|there| there.etag == etag) {
            return Ok(Ruling::Known(there));
        }
        if epoch != self.state.epoch && holds(Safeguard::EpochFence) {
            return Ok(Ruling::Refused(Refusal::Epoch));
        }
        if replaces != current.map(|there| there.etag) && holds(Safeguard::CompareAndSwap) {
            return Ok(Ruling::Stale);
        }
        *head += 1;
        draft.insert(record, Entry { seq: *head, etag, envelope });
        Ok(Ruling::Accepted(*head))
    }

    /// What is wrong with a write whatever is stored. The epoch is judged later, because a write
    /// that was stored before the epoch changed is still a success.
    fn refusal(&self, envelope: &Envelope) -> Option<Refusal> {
        let Header { format, space, epoch, device, record: _, stream: _, replaces: _ } = envelope.header;
        let fits =
            format == FORMAT && space == self.rows.space() && device == self.writer && epoch == self.epoch;
        if !fits {
            return Some(Refusal::Mismatch);
        }
        (envelope.ciphertext.len() > MAX_CIPHERTEXT).then_some(Refusal::TooLarge)
    }

    /// The version that a record has once what was accepted so far is stored.
    fn current(&self, draft: &Draft<'_>, record: RecordId) -> Result<Option<Version>, R::Error> {
        match draft.get(&record).or_else(|| self.drafted.get(&record)) {
            Some(Entry { seq, etag, .. }) => {
                Ok(Some(Version { etag: *etag, seq: *seq, received_ms: self.state.server_ms }))
            }
            None => self.rows.version(record),
        }
    }

    /// A number above the head belongs to a run that was taken back; what earlier pushes stored stays.
    fn verdict(&mut self, ruling: Ruling, record: RecordId) -> Result<Verdict, R::Error> {
        match ruling {
            Ruling::Accepted(seq) | Ruling::Known(Version { seq, .. }) if seq > self.state.head => {
                Ok(Verdict::Refused { reason: Refusal::Together })
            }
            Ruling::Accepted(seq) => Ok(Verdict::Accepted { seq }),
            Ruling::Known(Version { seq, received_ms, .. }) => Ok(Verdict::Known { seq, received_ms }),
            Ruling::Refused(reason) => Ok(Verdict::Refused { reason }),
            Ruling::Stale => self.stale(record),
        }
    }

    /// The newest row, to be merged. Beyond the bound the whole answer is thrown away, so nothing more
    /// is read for it.
    fn stale(&mut self, record: RecordId) -> Result<Verdict, R::Error> {
        if self.stale_bytes > MAX_STALE_BYTES {
            return Ok(Verdict::Stale { current: None });
        }
        let current = match self.drafted.get(&record) {
            Some(entry) => Some(entry.row(self.state.server_ms)),
            None => self.rows.row(record)?,
        };
        self.stale_bytes += current.as_ref().map_or(0, |row| row.envelope.ciphertext.len());
        Ok(Verdict::Stale { current })
    }
}

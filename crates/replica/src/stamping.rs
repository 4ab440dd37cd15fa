//! What was stamped under a wrong clock is set right before anybody sees it.
//!
//! Each unsent row remembers how far this device believed its clock to be off when the row's own writes were
//! stamped. Where an answer of the server says otherwise by more than a little, those writes are shifted by the
//! difference: an edit of yesterday stays one of yesterday, whatever the clock said. What is in the base was
//! seen by others and stays as it is. So does what may have been sent, its answer lost: should it come back, each
//! write in it is known again by its number, and takes the stamp that it was sent with.

use crate::id::{device_to_domain, to_domain};
use crate::meet::{Arrived, Met};
use crate::safeguard::{Safeguard, holds};
use crate::{Cursor, Put, Reason, Replica, ReplicaError, Store, StoreError, StoredRow, Turn, Unsent};
use satchel_domain::stamp::{Shift, latest_allowed};
use satchel_domain::{Clock, DeviceId, Record};

/// Clocks that differ by less than this are not worth sealing anything anew, ms: what an answer may take.
const STEADY_MS: u64 = 10_000;

/// The time of one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Now {
    /// By the server's clock, as far as it is known, ms since 1970 UTC.
    pub(crate) ms: u64,
    /// The server's clock minus this device's, ms.
    pub(crate) offset_ms: i64,
    /// The cursor's era.
    pub(crate) era: u32,
    /// The cursor's floor.
    pub(crate) floor: u64,
}

impl Now {
    /// The time of a step whose outcome leaves the cursor like this.
    pub(crate) fn at(cursor: &Cursor, wall_ms: u64) -> Self {
        let Cursor { offset_ms, era, floor, .. } = *cursor;
        Self { ms: wall_ms.saturating_add_signed(offset_ms), offset_ms, era, floor }
    }
}

/// A record whose stamps are right.
pub(crate) struct Healed {
    pub(crate) record: Record,
    /// What is to be kept beside it, if it is unsent.
    pub(crate) unsent: Option<Unsent>,
    /// Its stamps are not those in the store.
    pub(crate) moved: bool,
}

impl Unsent {
    /// What is kept beside a record that was stamped now.
    pub(crate) fn now(turn: Turn, record: &Record, now: Now) -> Self {
        let (at_ms, latest_ms) = (now.ms, record.edited_ms());
        Self { turn, offset_ms: Some(now.offset_ms), at_ms, latest_ms }
    }

    /// Whether its stamps are known to be wrong. One that lies in the future because it had to stay above what it
    /// is made from is not: it is this clock that is behind.
    pub(crate) fn is_off(&self, now: Now) -> bool {
        let jumped = self.offset_ms.is_some_and(|then| then.abs_diff(now.offset_ms) >= STEADY_MS);
        let meant_ms = self.offset_ms.map_or(self.latest_ms, |_| self.latest_ms.min(self.at_ms));
        holds(Safeguard::Restamp) && (jumped || meant_ms > latest_allowed(now.ms))
    }

    /// The time under which the next write is stamped. A clock that is behind what the record has cannot say when that
    /// is: what went by since the last write is added to its stamp, so that both can be told apart when they are set
    /// right.
    pub(crate) fn next_ms(&self, now: Now) -> u64 {
        let is_behind = self.latest_ms.saturating_sub(now.ms) >= STEADY_MS;
        if !is_behind || self.is_off(now) || self.offset_ms.is_none() {
            return now.ms;
        }
        self.latest_ms.saturating_add(now.ms.saturating_sub(self.at_ms))
    }
}

impl<S: Store> Replica<S> {
    /// A clock for one record: whoever stamps lets it see that record first. There is no clock for all of
    /// them, so that one which ran years ahead drags nothing with it.
    pub(crate) fn scratch(&self) -> Clock {
        Clock::new(self.device())
    }

    pub(crate) fn device(&self) -> DeviceId {
        device_to_domain(self.sealer.device)
    }

    /// A time of this device's clock as the server's would tell it, ms since 1970 UTC, as far as it has been heard.
    pub fn corrected_ms(&self, wall_ms: u64) -> u64 {
        self.now(wall_ms).ms
    }

    /// The time of a step that begins now.
    pub(crate) fn now(&self, wall_ms: u64) -> Now {
        Now::at(&self.cursor.get(), wall_ms)
    }

    /// The record of a row as it is meant: what is unsent is shifted if its stamps are known to be wrong.
    pub(crate) fn healed(&self, row: &StoredRow, now: Now) -> Result<Healed, Reason> {
        let mut record = self.open_row(row)?;
        let Some(unsent) = row.state.unsent().copied() else {
            return Ok(Healed { record, unsent: None, moved: false });
        };
        let as_it_is = |record| Ok(Healed { record, unsent: Some(unsent), moved: false });
        if !unsent.is_off(now) {
            return as_it_is(record);
        }
        let base = row.state.base();
        let seen = base.map(|base| self.sealer.open(row.id, &base.envelope, Some(base.at))).transpose();
        // What cannot be told from what others have seen stays as it is.
        let Ok(seen) = seen else { return as_it_is(record) };
        let before = record.clone();
        let shift = self.shift(&unsent, base.map_or(0, |base| base.at.received_ms), now);
        record.restamp(seen.as_ref().map(|seen| &seen.record), &shift);
        let moved = record != before;
        let unsent = Unsent::now(unsent.turn, &record, now);
        Ok(Healed { record, unsent: Some(unsent), moved })
    }

    fn shift(&self, unsent: &Unsent, since_ms: u64, now: Now) -> Shift {
        let by_ms = unsent.offset_ms.map_or(0, |then| now.offset_ms.saturating_sub(then));
        let Unsent { at_ms: last_ms, latest_ms, .. } = *unsent;
        Shift { device: self.device(), by_ms, since_ms, last_ms, latest_ms, now_ms: now.ms }
    }

    /// Sets right what is about to be sent, and says what changed by it; `None` when it was right already.
    pub(crate) async fn heal_waiting(
        &self,
        rows: &[StoredRow],
        now: Now,
    ) -> Result<Option<Vec<Arrived>>, ReplicaError> {
        let mut met = Vec::new();
        for row in rows.iter().filter(|row| row.state.unsent().is_some_and(|unsent| unsent.is_off(now))) {
            met.extend(self.healed_put(row, now)?);
        }
        if met.is_empty() {
            return Ok(None);
        }
        let arrived = met.iter_mut().filter_map(|one| one.arrived.take()).collect();
        let changeset = self.changeset_of(met).await?;
        match self.commit(changeset).await {
            Ok(()) => Ok(Some(arrived)),
            Err(StoreError::Stale(_)) => Ok(Some(Vec::new())),
            Err(error) => Err(error.into()),
        }
    }

    fn healed_put(&self, row: &StoredRow, now: Now) -> Result<Option<Met>, ReplicaError> {
        // What does not open is sent as it is: it may open elsewhere.
        let Ok(Healed { record, unsent: Some(unsent), moved }) = self.healed(row, now) else {
            return Ok(None);
        };
        if row.state.unsent() == Some(&unsent) {
            return Ok(None);
        }
        let envelope = if moved {
            self.sealer.seal(row.id, &record, row.envelope.header.replaces)?
        } else {
            row.envelope.clone()
        };
        let state = row.state.clone().edited(row.envelope.clone(), unsent);
        let put = Put::new(row.id, Some(row.version), envelope, state);
        let arrived = moved.then_some(Arrived { id: to_domain(row.id), record, restored: false });
        Ok(Some(Met { arrived, ..Met::put(put) }))
    }
}

//! A page of the server's log becomes one commit, with the cursor in it.

use crate::id::{to_domain, to_wire};
use crate::meet::{Arrived, Met};
use crate::pages::Fresh;
use crate::replica::TRIES;
use crate::safeguard::holds;
use crate::stamping::Now;
use crate::{
    Changeset, Cursor, CursorMove, Durability, Progress, Put, Reason, Replica, ReplicaError, RowState,
    Safeguard, Store, StoreError, StoredRow,
};
use satchel_domain::sorted::Gather;
use satchel_wire::{
    Changes, Etag, GRAVE_MS, Header, MAX_CHANGES, MAX_CIPHERTEXT, RecordId, Row, SpaceState, Stream, to_cbor,
};
use std::collections::{BTreeMap, BTreeSet};

/// A smaller change of the clocks' difference is the network's, and not worth a write, ms.
const STEADY_MS: u64 = 2_000;
/// So much may clocks differ over half a year, ms.
const CLOCKS_MS: u64 = 86_400_000;

/// What came of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Applied {
    /// It is here.
    Progress {
        /// Where things stand.
        progress: Progress,
        /// What came in, for the book.
        news: News,
    },
    /// The server's data was restored or emptied; the answer was dropped and reading starts again.
    Reset,
}

/// What changed on this device because of an answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct News {
    /// Records as they are now.
    pub arrived: Vec<Arrived>,
    /// Records that are set aside by now: other tabs hear of them by [`Replica::records`].
    pub aside: Vec<satchel_domain::RecordId>,
    /// How many things there are to look at, beyond those there were.
    pub reviews: usize,
    /// Rows that left the outbox: the server has them as they are here.
    pub settled: Vec<satchel_domain::RecordId>,
    /// The head that was set out for is reached. Before that, what arrived may be part of something that
    /// belongs together, and is better not shown yet.
    pub is_whole: bool,
}

impl<S: Store> Replica<S> {
    /// Applies a page. A row that cannot be read is set aside, and the page goes on.
    ///
    /// # Errors
    /// [`ReplicaError::Nonsense`] for a page that contradicts itself; nothing of it is taken then.
    pub async fn apply_page(
        &self,
        since: u64,
        changes: &Changes,
        wall_ms: u64,
    ) -> Result<Applied, ReplicaError> {
        if self.is_other_log(since, &changes.space) {
            return self.reset(&changes.space, wall_ms).await;
        }
        check(since, changes)?;
        let era = self.cursor.get().era;
        for _ in 0..TRIES {
            let cursor = self.cursor.get();
            if (cursor.seq, cursor.era) != (since, era) {
                // Another tab was faster: what it read is here.
                let progress = self.progress(changes.space.head).await?;
                return Ok(Applied::Progress { progress, news: News::default() });
            }
            let to = self.moved(cursor, changes.next, &changes.space, wall_ms);
            let to = above_floor(since, to, &changes.space);
            let locals = self.locals_of(&changes.rows).await?;
            let to =
                if self.is_other_than_read(&cursor, &changes.rows, &locals) { to.of_other_log() } else { to };
            let now = Now::at(&to, wall_ms);
            let mut met = Vec::with_capacity(changes.rows.len());
            for row in changes.rows.iter().filter(|row| self.is_ours(row)) {
                met.push(self.meet(locals.get(&row.envelope.header.record), row, now)?);
            }
            if self.doubts(&changes.rows, &met) {
                return Err(ReplicaError::Nonsense);
            }
            if let Some(news) = self.commit_met(met, cursor, to).await? {
                let progress = self.progress(changes.space.head).await?;
                return Ok(Applied::Progress {
                    news: News { is_whole: progress.is_whole(), ..news },
                    progress,
                });
            }
        }
        Err(ReplicaError::Contended)
    }

    /// Whether something cannot be opened that has not come like this before: it is asked for once more before it
    /// is set aside. The digest does not cover what stands beside a ciphertext, so nothing else would mend what
    /// was altered there on the way.
    fn doubts(&self, rows: &[Row], met: &[Met]) -> bool {
        let aside = met
            .iter()
            .filter_map(|one| one.put.as_ref())
            .filter(|put| matches!(put.state, RowState::Quarantined { reason: Reason::Unopenable, .. }));
        let ids: BTreeSet<_> = aside.map(|put| put.id).gather();
        let came = rows.iter().map(|row| &row.envelope).filter(|one| ids.contains(&one.header.record));
        let closed = came.filter(|one| self.sealer.open_bytes(one.header.record, one).is_err());
        let mut doubted = self.doubted.borrow_mut();
        closed.filter(|one| doubted.insert(Etag::of(&to_cbor(one)))).count() > 0
    }

    /// Whether the log has something where it was read before that was not there then: it was put back since.
    fn is_other_than_read(
        &self,
        cursor: &Cursor,
        rows: &[Row],
        locals: &BTreeMap<RecordId, StoredRow>,
    ) -> bool {
        rows.iter().filter(|row| row.seq <= cursor.read && self.is_ours(row)).any(|row| {
            let known =
                locals.get(&row.envelope.header.record).and_then(|local| local.state.server_version());
            known.is_none_or(|at| at.era > 0 && (at.seq, at.etag) != (row.seq, row.envelope.etag()))
        })
    }

    fn is_ours(&self, row: &Row) -> bool {
        row.envelope.header.space == self.sealer.space
    }

    /// Whether the answer is about another history than the one we read: restored, emptied, or replaced.
    /// `seen` is where the cursor stood when we asked.
    pub(crate) fn is_other_log(&self, seen: u64, space: &SpaceState) -> bool {
        let known = self.cursor.get().incarnation;
        known.is_some_and(|known| known != space.incarnation) || space.head < seen
    }

    /// Starts over in a new era. Nothing is forgotten: every row stays, and what the server turns out to
    /// lack when the log has been read is offered again.
    pub(crate) async fn reset(&self, space: &SpaceState, wall_ms: u64) -> Result<Applied, ReplicaError> {
        let from = self.moved(self.cursor.get(), 0, space, wall_ms);
        let forked = from.forked && self.cursor.get().incarnation == from.incarnation;
        let first_era = from.era.saturating_add(1);
        self.read_from_start(Cursor { first_era, floor: 0, read: 0, forked, ..from }).await?;
        Ok(Applied::Reset)
    }

    /// The server says that it has purged what lies behind the cursor: its log is read again. What is not in there any
    /// more was erased, as far as the purge went; but not if this device was in sync so lately that it met every
    /// grave that can be gone by now. Then the server is wrong or lies, and what it lacks is offered again.
    pub async fn purged(&self, wall_ms: u64) -> Result<(), ReplicaError> {
        if self.may_have_missed_graves(wall_ms) {
            let from = self.cursor.get();
            return self.read_from_start(Cursor { read: from.read.max(from.seq), ..from }).await;
        }
        self.repair().await.map(drop)
    }

    /// Whether graves may be gone that this device has not met. A clock that shows less than when all was last in
    /// sync was set back: it proves nothing.
    fn may_have_missed_graves(&self, wall_ms: u64) -> bool {
        let now_ms = self.now(wall_ms).ms;
        let away_ms = self.cursor.get().synced_ms.and_then(|synced_ms| now_ms.checked_sub(synced_ms));
        away_ms.is_none_or(|away_ms| away_ms >= GRAVE_MS - CLOCKS_MS)
    }

    /// The log is read once more. What is not in there any more was erased, as far as it was purged.
    pub async fn read_again(&self) -> Result<(), ReplicaError> {
        self.read_from_start(Cursor { read: 0, ..self.cursor.get() }).await
    }

    pub(crate) async fn read_from_start(&self, to: Cursor) -> Result<(), ReplicaError> {
        let CursorMove { from, to } = self.to_start(to);
        self.sweep_after.set(None);
        self.move_cursor(from, to).await
    }

    /// To where the log is read once more.
    pub(crate) fn to_start(&self, to: Cursor) -> CursorMove {
        let from = self.cursor.get();
        let era = from.era.saturating_add(1);
        CursorMove { from, to: Cursor { seq: 0, era, sweeping: true, verified: None, ..to } }
    }

    /// Moves the cursor, unless another tab did: then its place is taken over.
    pub(crate) async fn move_cursor(&self, from: Cursor, to: Cursor) -> Result<(), ReplicaError> {
        let durability = Durability::Relaxed;
        let cursor = Some(CursorMove { from, to });
        match self.commit(Changeset { durability, cursor, ..Changeset::default() }).await {
            Err(StoreError::Stale(_)) => self.reload_cursor().await,
            done => Ok(done?),
        }
    }

    pub(crate) async fn reload_cursor(&self) -> Result<(), ReplicaError> {
        self.cursor.set(self.store.cursor().await?);
        Ok(())
    }

    pub(crate) fn moved(&self, cursor: Cursor, seq: u64, space: &SpaceState, wall_ms: u64) -> Cursor {
        let offset_ms =
            i64::try_from(i128::from(space.server_ms) - i128::from(wall_ms)).unwrap_or(cursor.offset_ms);
        let offset_ms =
            if offset_ms.abs_diff(cursor.offset_ms) < STEADY_MS { cursor.offset_ms } else { offset_ms };
        Cursor { incarnation: Some(space.incarnation), seq, offset_ms, ..cursor }
    }

    async fn locals_of(&self, rows: &[Row]) -> Result<BTreeMap<RecordId, StoredRow>, ReplicaError> {
        let ids: Vec<_> = rows.iter().map(|row| row.envelope.header.record).collect();
        let rows = if ids.is_empty() { Vec::new() } else { self.store.get(&ids).await? };
        Ok(rows.into_iter().map(|row| (row.id, row)).gather())
    }

    /// Commits what the meetings lead to; `None` when something moved meanwhile.
    pub(crate) async fn commit_met(
        &self,
        mut met: Vec<Met>,
        from: Cursor,
        to: Cursor,
    ) -> Result<Option<News>, ReplicaError> {
        let mut news = News::default();
        for one in &mut met {
            news.arrived.extend(one.arrived.take());
            news.reviews += one.questions.len();
            let aside = one.put.iter().filter(|put| matches!(put.state, RowState::Quarantined { .. }));
            news.aside.extend(aside.map(|put| to_domain(put.id)));
        }
        let proves_fork = met.iter().any(|one| one.proves_fork);
        let fresh = self.bindable(&mut met, &news.arrived);
        let mut changeset = self.changeset_of(met).await?;
        let buried = fresh.iter().filter(|one| one.stream == Stream::Grave).map(|one| one.id);
        changeset.locals.extend(self.reviews_off(buried).await?);
        // The cursor is checked even where it stays: what is decided here holds in this era of this log only.
        if holds(Safeguard::CursorWithPage) {
            changeset.cursor = Some(CursorMove { from, to });
        } else if from != to {
            self.move_cursor(from, to).await?;
        }
        match self.commit_with(changeset, fresh).await {
            Ok(()) => {
                if proves_fork {
                    self.note_fork().await?;
                }
                Ok(Some(news))
            }
            Err(StoreError::Stale(stale)) => {
                if stale.cursor {
                    self.reload_cursor().await?;
                }
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Many records that come at once go straight into pages.
    fn bindable(&self, met: &mut [Met], arrived: &[Arrived]) -> Vec<Fresh> {
        let many = met.iter().filter(|one| one.bytes.is_some()).count() >= self.store.shelving().bulk;
        if !many {
            return Vec::new();
        }
        let records: BTreeMap<_, _> =
            arrived.iter().map(|arrived| (to_wire(arrived.id), &arrived.record)).gather();
        let mut fresh = Vec::with_capacity(met.len());
        for one in met.iter_mut().filter(|one| one.bytes.is_some()) {
            let Some(state) = one.put.as_ref().and_then(Put::page_state) else { continue };
            let (Some(put), Some(bytes)) = (one.put.take(), one.bytes.take()) else { continue };
            let (id, stream) = (put.id, put.envelope.header.stream);
            let record = records.get(&id).filter(|_| stream == Stream::State);
            let brief = record.and_then(|record| self.store.shelving().brief(to_domain(id), record));
            fresh.push(Fresh { id, expected: put.expected, bytes, stream, state, brief });
        }
        fresh
    }
}

/// Where erased records were dropped since, they are to be forgotten here too; whoever begins to read has none.
fn above_floor(since: u64, to: Cursor, space: &SpaceState) -> Cursor {
    let rises = space.purge_floor > to.floor && since > 0;
    let floor = to.floor.max(space.purge_floor);
    // What was found equal was so before they were dropped.
    let verified = to.verified.filter(|_| floor == to.floor);
    Cursor { floor, verified, sweeping: to.sweeping || rises, ..to }
}

/// A page must keep to the protocol's sizes, rise strictly from the cursor, name no record twice and no epoch that
/// has not begun, and get on unless it is the last.
fn check(since: u64, changes: &Changes) -> Result<(), ReplicaError> {
    let Changes { space, rows, next } = changes;
    let mut last = since;
    let mut seen = BTreeSet::new();
    if rows.len() > MAX_CHANGES as usize {
        return Err(ReplicaError::Nonsense);
    }
    for row in rows {
        let Header { record, epoch, .. } = row.envelope.header;
        let too_large = row.envelope.ciphertext.len() > MAX_CIPHERTEXT;
        if too_large || row.seq <= last || row.seq > *next || epoch > space.epoch || !seen.insert(record) {
            return Err(ReplicaError::Nonsense);
        }
        last = row.seq;
    }
    let gets_on = *next > since || (*next == since && *next == space.head);
    if gets_on && *next <= space.head { Ok(()) } else { Err(ReplicaError::Nonsense) }
}

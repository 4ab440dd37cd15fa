//! A ledger in memory, for the simulator and for tests. A clone is a snapshot, and cheap.

use std::{collections::BTreeMap, convert::Infallible, ops::ControlFlow, sync::Arc};

use satchel_wire::{
    Changes, DeviceId, Digest, Etag, Incarnation, Push, PushAnswer, RecordId, Row, SpaceId, SpaceState,
    Stream, digest::span_of,
};

use crate::{
    Buckets, Denied, Detail, FIRST_EPOCH, Grave, Judged, Purge, Rows, Span, Version, changes, judge, purge,
};

/// The log of one space.
#[derive(Clone, Debug)]
pub struct MemoryLedger {
    space: SpaceId,
    head: u64,
    incarnation: Incarnation,
    epoch: u32,
    purge_floor: u64,
    records: BTreeMap<RecordId, Kept>,
    numbers: BTreeMap<u64, RecordId>,
    buckets: Option<Arc<Buckets>>,
}

#[derive(Clone, Debug)]
struct Kept {
    etag: Etag,
    row: Arc<Row>,
}

impl MemoryLedger {
    /// An empty log.
    pub fn new(space: SpaceId, incarnation: Incarnation) -> Self {
        Self {
            space,
            head: 0,
            incarnation,
            epoch: FIRST_EPOCH,
            purge_floor: 0,
            records: BTreeMap::new(),
            numbers: BTreeMap::new(),
            buckets: None,
        }
    }

    /// Where the space stands.
    pub fn state(&self, now_ms: u64) -> SpaceState {
        let Self { head, incarnation, epoch, purge_floor, .. } = *self;
        SpaceState { head, incarnation, epoch, purge_floor, server_ms: now_ms, members: 0 }
    }

    /// The rows as they are, in order of their numbers.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.numbers.values().filter_map(|record| self.records.get(record)).map(|kept| &*kept.row)
    }

    /// The row of a record, as it is.
    pub fn newest(&self, record: RecordId) -> Option<&Row> {
        self.records.get(&record).map(|kept| &*kept.row)
    }

    /// Judges and stores a push.
    ///
    /// # Errors
    /// As [`judge`]; nothing is stored then.
    pub fn push(&mut self, writer: DeviceId, push: &Push, now_ms: u64) -> Result<PushAnswer, Denied> {
        let Ok(judged) = judge(self, self.state(now_ms), writer, push);
        let Judged { answer, entries } = judged?;
        for entry in entries {
            self.store(entry.etag, entry.row(now_ms));
        }
        self.head = answer.space.head;
        Ok(answer)
    }

    /// One page of changes.
    ///
    /// # Errors
    /// [`Denied::Purged`], as [`changes`].
    pub fn changes(&self, span: Span, now_ms: u64) -> Result<Changes, Denied> {
        let Ok(page) = changes(self, self.state(now_ms), span);
        page
    }

    /// What the space holds, in short.
    pub fn digest(&mut self, detail: Detail, now_ms: u64) -> Digest {
        let state = self.state(now_ms);
        let Ok(buckets) = Buckets::read(self, state, self.buckets.as_deref());
        self.buckets.insert(Arc::new(buckets)).digest(state, detail)
    }

    /// Drops at most `limit` graves that are old enough; how many.
    pub fn purge(&mut self, limit: usize, now_ms: u64) -> usize {
        let Ok(Some(Purge { records, floor })) = purge(self, self.state(now_ms), limit) else {
            return 0;
        };
        self.purge_floor = floor;
        records.iter().for_each(|record| self.forget(*record));
        records.len()
    }

    /// Starts the next epoch, as the removal of a member does.
    pub fn raise_epoch(&mut self) -> u32 {
        self.epoch += 1;
        self.epoch
    }

    /// Puts a copy of an earlier day in place: with a new incarnation, as the restore command does, or
    /// behind everybody's back.
    pub fn restore(&mut self, copy: &Self, incarnation: Option<Incarnation>) {
        *self = copy.clone();
        self.incarnation = incarnation.unwrap_or(copy.incarnation);
    }

    fn store(&mut self, etag: Etag, row: Row) {
        let (record, seq) = (row.envelope.header.record, row.seq);
        self.forget(record);
        self.numbers.insert(seq, record);
        self.records.insert(record, Kept { etag, row: Arc::new(row) });
    }

    fn forget(&mut self, record: RecordId) {
        if let Some(gone) = self.records.remove(&record) {
            self.numbers.remove(&gone.row.seq);
        }
    }

    fn above(&self, since: u64) -> impl Iterator<Item = &Row> {
        let from = since.saturating_add(1);
        self.numbers.range(from..).filter_map(|(_, record)| self.records.get(record)).map(|kept| &*kept.row)
    }
}

impl Rows for MemoryLedger {
    type Error = Infallible;

    fn space(&self) -> SpaceId {
        self.space
    }

    fn version(&self, record: RecordId) -> Result<Option<Version>, Infallible> {
        let kept = self.records.get(&record);
        Ok(kept.map(|kept| Version { etag: kept.etag, seq: kept.row.seq, received_ms: kept.row.received_ms }))
    }

    fn row(&self, record: RecordId) -> Result<Option<Row>, Infallible> {
        Ok(self.newest(record).cloned())
    }

    fn after(&self, since: u64, visit: &mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<(), Infallible> {
        let _ = self.above(since).try_for_each(|row| visit(row.clone()));
        Ok(())
    }

    fn changed(&self, since: u64) -> Result<Vec<RecordId>, Infallible> {
        Ok(self.above(since).map(|row| row.envelope.header.record).collect())
    }

    fn bucket(&self, bucket: usize) -> Result<Vec<(RecordId, Etag)>, Infallible> {
        let here = self.records.range(span_of(bucket));
        Ok(here.map(|(record, kept)| (*record, kept.etag)).collect())
    }

    fn graves(&self, limit: usize) -> Result<Vec<Grave>, Infallible> {
        let graves = self.rows().filter(|row| row.envelope.header.stream == Stream::Grave).take(limit);
        let grave = |row: &Row| {
            let Row { seq, received_ms, .. } = *row;
            Grave { record: row.envelope.header.record, seq, received_ms }
        };
        Ok(graves.map(grave).collect())
    }
}

//! A store that tells what was asked of it: how durable each commit was to be, and how often it was read.

use super::block_on;
use super::device::{Line, keys, shelving};
use satchel_replica::{
    Changeset, Committed, Counts, Cursor, DamagedRow, Durability, Found, LocalItem, MemoryStore, Meta,
    PageKey, PageKind, Phase, Replica, Step, Store, StoreError, StoredRow, Sync, Turn, carry_out,
};
use satchel_wire::RecordId;
use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::rc::Rc;

/// A store in memory, and what was asked of it.
#[derive(Clone, Default)]
pub(crate) struct Spy {
    pub(crate) store: MemoryStore,
    reads: Rc<Cell<usize>>,
    commits: Rc<RefCell<Vec<Durability>>>,
}

impl Spy {
    /// A copy of the space over it.
    pub(crate) fn replica(&self, number: u64) -> Replica<Self> {
        block_on(Replica::open_shelved(self.clone(), keys(number, 1, number), shelving())).expect("opens")
    }

    /// How durable the commits since the last call were to be.
    pub(crate) fn durabilities(&self) -> Vec<Durability> {
        self.commits.take()
    }

    /// How often rows or pages were read since the last call.
    pub(crate) fn reads(&self) -> usize {
        self.reads.take()
    }

    fn read_once(&self) {
        self.reads.set(self.reads.get() + 1);
    }
}

/// Steps until everything is in sync, time passing as asked.
pub(crate) fn settle(replica: &Replica<Spy>, line: &Line) {
    let wall = || line.server.borrow().now_ms;
    let mut sync = Sync::new(block_on(replica.start()).expect("starts"));
    for entropy in 0..2_000 {
        let step = sync.poll(wall());
        if let Step::Idle { until } = step {
            if sync.status(wall()).phase == Phase::Synced {
                return;
            }
            let wait = until.saturating_sub(wall()) + 1;
            line.server.borrow_mut().now_ms += wait;
            continue;
        }
        let done = block_on(carry_out(step, replica, line, wall));
        assert_eq!(done.error, None);
        sync.handle(done.outcome, wall(), entropy);
    }
    panic!("it never is in sync");
}

impl Store for Spy {
    async fn commit(&self, changeset: Changeset) -> Result<Committed, StoreError> {
        self.commits.borrow_mut().push(changeset.durability);
        self.store.commit(changeset).await
    }

    async fn scan(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        self.read_once();
        self.store.scan(after, limit).await
    }

    async fn read(&self, ids: &[RecordId], pages: &[PageKey]) -> Result<Found, StoreError> {
        self.read_once();
        self.store.read(ids, pages).await
    }

    async fn pages(
        &self,
        kind: PageKind,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, Vec<u8>)>, StoreError> {
        self.read_once();
        self.store.pages(kind, after, limit).await
    }

    async fn page_numbers(&self, kind: PageKind) -> Result<Vec<u32>, StoreError> {
        self.store.page_numbers(kind).await
    }

    async fn waiting(
        &self,
        after: Option<(Turn, RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.read_once();
        self.store.waiting(after, limit).await
    }

    async fn places(&self, turns: RangeInclusive<Turn>) -> Result<Vec<(Turn, RecordId)>, StoreError> {
        self.read_once();
        self.store.places(turns).await
    }

    async fn damaged_rows(&self) -> Result<Vec<DamagedRow>, StoreError> {
        self.store.damaged_rows().await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.store.counts().await
    }

    async fn meta(&self) -> Result<Option<Meta>, StoreError> {
        self.store.meta().await
    }

    async fn cursor(&self) -> Result<Cursor, StoreError> {
        self.store.cursor().await
    }

    async fn locals(&self, prefix: &str) -> Result<Vec<LocalItem>, StoreError> {
        self.store.locals(prefix).await
    }
}

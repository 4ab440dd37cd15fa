//! A disk that fails when a test says so: full, closed by the browser, thrown away.

use satchel_replica::{
    Changeset, Chunks, Committed, Counts, Cursor, DamagedRow, FileStore, Found, LocalItem, MemoryStore, Meta,
    PageKey, PageKind, Store, StoreError, StoredRow, Turn,
};
use satchel_wire::{FileId, RecordId};
use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::rc::Rc;

/// What a disk fails to read next.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Unreadable {
    #[default]
    Nothing,
    /// Rows, and pages by their numbers.
    Rows,
    /// The pages of what happened.
    Events,
}

/// Which writes a disk has no room for.
pub(super) type Refuses = Rc<dyn Fn(&Changeset) -> bool>;

/// A store in memory whose commits can be made to fail.
#[derive(Clone)]
pub(super) struct Disk {
    pub(super) store: MemoryStore,
    pub(super) fails: Rc<RefCell<Option<StoreError>>>,
    pub(super) commits: Rc<Cell<u32>>,
    pub(super) unreadable: Rc<Cell<Unreadable>>,
    pub(super) clings: Rc<Cell<bool>>,
    pub(super) stalls: Rc<Cell<bool>>,
    pub(super) refuses: Rc<RefCell<Option<Refuses>>>,
    /// Nothing is written into this one.
    pub(super) shut: bool,
}

impl Disk {
    /// Fails once, and not at once, so that others get their turns before.
    async fn readable(&self, what: Unreadable) -> Result<(), StoreError> {
        if self.unreadable.get() != what {
            return Ok(());
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        self.unreadable.set(Unreadable::Nothing);
        Err(StoreError::Other("UnknownError".into()))
    }
}

impl Store for Disk {
    async fn commit(&self, changeset: Changeset) -> Result<Committed, StoreError> {
        let fails = self.fails.borrow().clone();
        fails.map_or(Ok(()), Err)?;
        let refuses = self.refuses.borrow().clone();
        if self.shut || refuses.is_some_and(|refuses| refuses(&changeset)) {
            return Err(StoreError::Quota);
        }
        while self.stalls.get() {
            tokio::task::yield_now().await;
        }
        self.commits.set(self.commits.get() + 1);
        self.store.commit(changeset).await
    }

    async fn scan(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        self.store.scan(after, limit).await
    }

    async fn read(&self, ids: &[RecordId], pages: &[PageKey]) -> Result<Found, StoreError> {
        self.readable(Unreadable::Rows).await?;
        self.store.read(ids, pages).await
    }

    async fn pages(
        &self,
        kind: PageKind,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, Vec<u8>)>, StoreError> {
        if kind == PageKind::Events {
            self.readable(Unreadable::Events).await?;
        }
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
        self.store.waiting(after, limit).await
    }

    async fn places(&self, turns: RangeInclusive<Turn>) -> Result<Vec<(Turn, RecordId)>, StoreError> {
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

impl FileStore for Disk {
    async fn keep_chunk(&self, file: FileId, index: u32, sealed: Vec<u8>) -> Result<(), StoreError> {
        let fails = self.fails.borrow().clone();
        fails.map_or(Ok(()), Err)?;
        self.store.keep_chunk(file, index, sealed).await
    }

    async fn chunk(&self, file: FileId, index: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.chunk(file, index).await
    }

    async fn chunks(&self, file: Option<FileId>) -> Result<Chunks, StoreError> {
        self.store.chunks(file).await
    }

    async fn drop_chunks(&self, file: FileId) -> Result<(), StoreError> {
        if self.clings.get() {
            return Err(StoreError::Other("UnknownError".into()));
        }
        self.store.drop_chunks(file).await
    }
}

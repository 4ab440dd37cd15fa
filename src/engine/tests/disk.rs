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
    /// How many bytes of rows, pages and items were read.
    pub(super) reads: Rc<Cell<usize>>,
    pub(super) unreadable: Rc<Cell<Unreadable>>,
    pub(super) clings: Rc<Cell<bool>>,
    pub(super) stalls: Rc<Cell<bool>>,
    pub(super) refuses: Rc<RefCell<Option<Refuses>>>,
    /// Nothing is written into this one.
    pub(super) shut: bool,
}

impl Disk {
    /// Counts a look that gave so many bytes.
    fn gave<T>(&self, read: T, bytes: impl Fn(&T) -> usize) -> T {
        self.reads.set(self.reads.get() + bytes(&read));
        read
    }

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

fn in_rows(rows: &[StoredRow]) -> usize {
    rows.iter().map(|row| row.envelope.ciphertext.len()).sum()
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
        Ok(self.gave(self.store.scan(after, limit).await?, |rows| in_rows(rows)))
    }

    async fn read(&self, ids: &[RecordId], pages: &[PageKey]) -> Result<Found, StoreError> {
        self.readable(Unreadable::Rows).await?;
        let found = self.store.read(ids, pages).await?;
        Ok(self.gave(found, |found| {
            in_rows(&found.rows) + found.pages.iter().flatten().map(Vec::len).sum::<usize>()
        }))
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
        let pages = self.store.pages(kind, after, limit).await?;
        Ok(self.gave(pages, |pages| pages.iter().map(|(_, page)| page.len()).sum()))
    }

    async fn page_numbers(&self, kind: PageKind) -> Result<Vec<u32>, StoreError> {
        self.store.page_numbers(kind).await
    }

    async fn waiting(
        &self,
        after: Option<(Turn, RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        Ok(self.gave(self.store.waiting(after, limit).await?, |rows| in_rows(rows)))
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
        let items = self.store.locals(prefix).await?;
        Ok(self.gave(items, |items| items.iter().map(|item| item.sealed.len()).sum()))
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

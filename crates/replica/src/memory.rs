//! A store in memory: for tests, for the simulator, and for a demonstration that leaves no trace.

use crate::safeguard::holds;
use crate::{
    Changeset, Chunks, Committed, Counts, Cursor, DamagedRow, FileStore, Found, LocalItem, LocalPut, Meta,
    PageChange, PageKey, PageKind, PagesHead, Put, RowHead, Safeguard, Stale, Store, StoreError, StoredRow,
    Turn,
};
use satchel_wire::{FileId, RecordId};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::{Bound, RangeInclusive},
    rc::Rc,
};

#[derive(Clone, Default)]
struct Disk {
    /// Encoded, as a real store would keep them.
    rows: BTreeMap<RecordId, Vec<u8>>,
    waiting: BTreeSet<(Turn, RecordId)>,
    locals: BTreeMap<String, Vec<u8>>,
    meta: Option<Vec<u8>>,
    cursor: Option<Vec<u8>>,
    pages: BTreeMap<PageKey, Vec<u8>>,
    pages_head: PagesHead,
    chunks: BTreeMap<(FileId, u32), Vec<u8>>,
}

/// A store in memory. Clones share one content, like two tabs share one database.
#[derive(Clone, Default)]
pub struct MemoryStore {
    disk: Rc<RefCell<Disk>>,
}

impl MemoryStore {
    /// Another disk with the same content, as when a profile is copied.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self { disk: Rc::new(RefCell::new(self.disk.borrow().clone())) }
    }
}

/// Laying a store out as it was found: nothing is checked against anything.
impl MemoryStore {
    /// Puts bytes where a row lies, whatever they are, as a failing disk does.
    pub fn lay_bytes(&self, id: RecordId, bytes: &[u8]) {
        self.disk.borrow_mut().rows.insert(id, bytes.to_vec());
    }

    pub(crate) fn lay_row(&self, row: &StoredRow) {
        let mut disk = self.disk.borrow_mut();
        disk.waiting.extend(row.state.turn().map(|turn| (turn, row.id)));
        disk.rows.insert(row.id, row.encode());
    }

    pub(crate) fn lay_local(&self, key: &str, sealed: &[u8]) {
        self.disk.borrow_mut().locals.insert(key.to_owned(), sealed.to_vec());
    }

    pub(crate) fn lay_page(&self, key: PageKey, page: &[u8]) {
        self.disk.borrow_mut().pages.insert(key, page.to_vec());
    }

    pub(crate) fn lay_chunk(&self, file: FileId, index: u32, sealed: &[u8]) {
        self.disk.borrow_mut().chunks.insert((file, index), sealed.to_vec());
    }

    pub(crate) fn lay_meta(&self, meta: &Meta) {
        self.disk.borrow_mut().meta = Some(meta.encode());
    }

    pub(crate) fn lay_cursor(&self, cursor: &Cursor) {
        self.disk.borrow_mut().cursor = Some(cursor.encode());
    }

    pub(crate) fn lay_pages_head(&self, head: PagesHead) {
        self.disk.borrow_mut().pages_head = head;
    }

    /// All that lies here, as a file for [`crate::rescued`].
    pub fn rescue(&self) -> Vec<u8> {
        let (disk, mut file) = (self.disk.borrow(), crate::RESCUED.to_vec());
        let mut add = |store, key: &[u8], value: &[u8]| crate::rescue_entry(&mut file, store, key, value);
        disk.rows.iter().for_each(|(id, row)| add("rows", &id.0, row));
        disk.locals.iter().for_each(|(key, sealed)| add("locals", key.as_bytes(), sealed));
        disk.pages.iter().for_each(|(key, page)| add("pages", &key.to_bytes(), page));
        disk.chunks.iter().for_each(|((file, index), sealed)| {
            add("files", &[file.0.as_slice(), &index.to_be_bytes()].concat(), sealed);
        });
        let meta = [("device", disk.meta.clone()), ("cursor", disk.cursor.clone())];
        for (key, value) in meta.into_iter().chain([("pages", Some(disk.pages_head.encode()))]) {
            value.iter().for_each(|value| add("meta", key.as_bytes(), value));
        }
        file
    }
}

impl FileStore for MemoryStore {
    async fn keep_chunk(&self, file: FileId, index: u32, sealed: Vec<u8>) -> Result<(), StoreError> {
        self.disk.borrow_mut().chunks.insert((file, index), sealed);
        Ok(())
    }

    async fn chunk(&self, file: FileId, index: u32) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.disk.borrow().chunks.get(&(file, index)).cloned())
    }

    async fn chunks(&self, file: Option<FileId>) -> Result<Chunks, StoreError> {
        let mut chunks = Chunks::new();
        let disk = self.disk.borrow();
        for (of, index) in disk.chunks.keys().filter(|(of, _)| file.is_none_or(|file| file == *of)) {
            chunks.entry(*of).or_default().push(*index);
        }
        Ok(chunks)
    }

    async fn drop_chunks(&self, file: FileId) -> Result<(), StoreError> {
        self.disk.borrow_mut().chunks.retain(|(of, _), _| *of != file);
        Ok(())
    }
}

impl Disk {
    /// A row, unless there is none, or none that can be read.
    fn row(&self, id: RecordId) -> Option<StoredRow> {
        StoredRow::decode(self.rows.get(&id)?).ok()
    }

    fn is_damaged(&self, id: RecordId) -> bool {
        self.rows.contains_key(&id) && self.row(id).is_none()
    }

    /// Whether a row is in this version, or there is none with `None`; a damaged one is in none that anybody read.
    fn is_at(&self, id: RecordId, version: Option<u64>) -> bool {
        let Some(bytes) = self.rows.get(&id) else { return version.is_none() };
        RowHead::read(bytes).is_ok_and(|head| Some(head.version) == version)
    }

    fn leave_outbox(&mut self, id: RecordId) {
        let head = self.rows.get(&id).and_then(|bytes| RowHead::read(bytes).ok());
        if let Some(turn) = head.and_then(|head| head.turn) {
            self.waiting.remove(&(turn, id));
        }
    }

    fn read_meta(&self) -> Result<Option<Meta>, StoreError> {
        self.meta.as_deref().map(Meta::decode).transpose()
    }

    fn read_cursor(&self) -> Result<Cursor, StoreError> {
        self.cursor.as_deref().map_or(Ok(Cursor::default()), Cursor::decode)
    }

    fn stale(&self, changeset: &Changeset) -> Result<Stale, StoreError> {
        let mut stale = Stale::default();
        for put in changeset.rows.iter().filter(|_| holds(Safeguard::LocalVersion)) {
            if !self.is_at(put.id, put.expected) {
                stale.rows.push(put.id);
            }
        }
        if let Some(step) = &changeset.cursor {
            stale.cursor = !self.read_cursor()?.same_place(&step.from);
        }
        if let Some(meta) = &changeset.meta {
            let stored = self.read_meta()?.map_or(0, |meta| meta.revision);
            stale.meta = meta.revision != stored + 1;
        }
        if let Some(change) = &changeset.pages {
            stale.pages = self.pages_head.generation != change.over;
            for (id, version) in &change.unrow {
                if !self.is_at(*id, Some(*version)) {
                    stale.rows.push(*id);
                }
            }
        }
        Ok(stale)
    }

    fn unrow(&mut self, id: RecordId) {
        self.leave_outbox(id);
        self.rows.remove(&id);
    }

    fn turn_pages(&mut self, change: PageChange) {
        self.pages_head = self.pages_head.after(&change);
        change.unrow.iter().for_each(|(id, _)| self.unrow(*id));
        for id in &change.damaged {
            self.rows.remove(id);
            self.waiting.retain(|(_, waits)| waits != id);
        }
        for key in &change.removes {
            self.pages.remove(key);
        }
        self.pages.extend(change.writes);
    }

    fn put(&mut self, put: Put) {
        let id = put.id;
        self.leave_outbox(id);
        let row = put.into_row();
        self.waiting.extend(row.state.turn().map(|turn| (turn, id)));
        self.rows.insert(id, row.encode());
    }

    fn put_local(&mut self, put: LocalPut) {
        match put {
            LocalPut::Set(item) => self.locals.insert(item.key, item.sealed),
            LocalPut::Remove(key) => self.locals.remove(&key),
        };
    }
}

impl Store for MemoryStore {
    async fn commit(&self, changeset: Changeset) -> Result<Committed, StoreError> {
        let mut disk = self.disk.borrow_mut();
        let stale = disk.stale(&changeset)?;
        if stale.any() {
            return Err(StoreError::Stale(stale));
        }
        let rows = changeset.rows.len();
        changeset.rows.into_iter().for_each(|put| disk.put(put));
        changeset.locals.into_iter().for_each(|put| disk.put_local(put));
        if let Some(change) = changeset.pages {
            disk.turn_pages(change);
        }
        if let Some(step) = changeset.cursor {
            disk.cursor = Some(step.to.encode());
        }
        if let Some(meta) = changeset.meta {
            disk.meta = Some(meta.encode());
        }
        Ok(Committed { rows })
    }

    async fn scan(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        let disk = self.disk.borrow();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let ids = disk.rows.range((from, Bound::Unbounded)).map(|(id, _)| *id);
        Ok(ids.filter_map(|id| disk.row(id)).take(limit).collect())
    }

    async fn read(&self, ids: &[RecordId], pages: &[PageKey]) -> Result<Found, StoreError> {
        let disk = self.disk.borrow();
        Ok(Found {
            rows: ids.iter().filter_map(|id| disk.row(*id)).collect(),
            damaged: ids.iter().copied().filter(|id| disk.is_damaged(*id)).collect(),
            pages: pages.iter().map(|key| disk.pages.get(key).cloned()).collect(),
            generation: disk.pages_head.generation,
        })
    }

    async fn pages(
        &self,
        kind: PageKind,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, Vec<u8>)>, StoreError> {
        let disk = self.disk.borrow();
        let from = after.map_or(Bound::Included(PageKey { kind, number: 0 }), |number| {
            Bound::Excluded(PageKey { kind, number })
        });
        let to = Bound::Included(PageKey { kind, number: u32::MAX });
        let found = disk.pages.range((from, to)).take(limit);
        Ok(found.map(|(key, page)| (key.number, page.clone())).collect())
    }

    async fn page_numbers(&self, kind: PageKind) -> Result<Vec<u32>, StoreError> {
        let disk = self.disk.borrow();
        let all = PageKey { kind, number: 0 }..=PageKey { kind, number: u32::MAX };
        Ok(disk.pages.range(all).map(|(key, _)| key.number).collect())
    }

    async fn waiting(
        &self,
        after: Option<(Turn, RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        let disk = self.disk.borrow();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let ids = disk.waiting.range((from, Bound::Unbounded)).map(|(_, id)| *id);
        Ok(ids.filter_map(|id| disk.row(id)).take(limit).collect())
    }

    async fn places(&self, turns: RangeInclusive<Turn>) -> Result<Vec<(Turn, RecordId)>, StoreError> {
        let waiting = &self.disk.borrow().waiting;
        let from = waiting.range((*turns.start(), RecordId([0; 16]))..);
        Ok(from.take_while(|(turn, _)| turn <= turns.end()).copied().collect())
    }

    async fn damaged_rows(&self) -> Result<Vec<DamagedRow>, StoreError> {
        let disk = self.disk.borrow();
        let damaged = disk.rows.iter().filter(|(id, _)| disk.is_damaged(**id));
        let waits = |of: RecordId| disk.waiting.iter().any(|(_, id)| *id == of);
        let row = |(id, bytes): (&RecordId, &Vec<u8>)| DamagedRow {
            id: *id,
            bytes: bytes.clone(),
            waits: waits(*id),
        };
        Ok(damaged.map(row).collect())
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let disk = self.disk.borrow();
        Ok(Counts {
            rows: disk.rows.len() as u64,
            waiting: disk.waiting.len() as u64,
            last_turn: disk.waiting.last().map(|(turn, _)| *turn),
            pages: disk.pages_head,
        })
    }

    async fn meta(&self) -> Result<Option<Meta>, StoreError> {
        self.disk.borrow().read_meta()
    }

    async fn cursor(&self) -> Result<Cursor, StoreError> {
        self.disk.borrow().read_cursor()
    }

    async fn locals(&self, prefix: &str) -> Result<Vec<LocalItem>, StoreError> {
        let disk = self.disk.borrow();
        let from = disk.locals.range(prefix.to_owned()..);
        let items = from.take_while(|(key, _)| key.starts_with(prefix));
        Ok(items.map(|(key, sealed)| LocalItem { key: key.clone(), sealed: sealed.clone() }).collect())
    }
}

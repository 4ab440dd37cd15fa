//! Rows and pages as one: what the rest of the replica reads and commits, without knowing which is which.

use super::directory::{Directory, Listed, Place};
use super::format::{Bodies, Mark};
use super::{Brief, PageState, Shelving};
use crate::sealer::Sealer;
use crate::store::{PageChange, PageKey, PageKind, PagesHead};
use crate::{
    Changeset, Content, Counts, Cursor, LocalItem, Meta, Put, RowState, Stale, Store, StoreError, StoredRow,
    Turn, Version,
};
use satchel_vault::{OpenError, PagePlace, SealError};
use satchel_wire::{Envelope, RecordId, Stream};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// Body pages kept unpacked.
const CACHED: usize = 12;
/// Envelopes remembered between being offered and being settled.
const OFFERED: usize = 4_096;
/// Rows that are read at once.
const SCANNED: usize = 2_000;
/// How often a look is redone because another tab turned the pages.
const LOOKS: usize = 4;

/// A record that goes into a page at once.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    pub(crate) id: RecordId,
    /// The version that was read, of a row or of a page's copy; `None` for a new record.
    pub(crate) expected: Option<u64>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) stream: Stream,
    pub(crate) state: PageState,
    pub(crate) brief: Option<Brief>,
}

/// What a commit does to the directory once it is done.
#[derive(Default)]
pub(super) struct Moves {
    pub(super) pages: Vec<(u32, super::directory::Page)>,
    pub(super) marks: Option<(u32, Vec<Mark>)>,
    /// Records of which a row counts from now on.
    pub(super) loose: Vec<RecordId>,
    pub(super) gone: Vec<u32>,
    pub(super) gone_marks: Vec<u32>,
}

/// The store with its pages.
pub(crate) struct Shelf<S> {
    pub(super) store: S,
    pub(super) sealer: Rc<Sealer>,
    pub(super) shelving: Shelving,
    pub(super) directory: RefCell<Directory>,
    pub(super) head: Cell<PagesHead>,
    /// Every index page and mark of `head` is in the directory.
    pub(super) complete: Cell<bool>,
    /// Some page could not be opened: what it held is to be read again from the server.
    pub(crate) damaged: Cell<bool>,
    /// Records that lie in rows, until the directory is complete.
    pub(crate) rows: RefCell<HashSet<RecordId>>,
    offered: RefCell<HashMap<RecordId, (u64, Envelope)>>,
    cache: RefCell<VecDeque<(u32, Rc<Bodies>)>>,
}

impl<S: Store> Shelf<S> {
    pub(crate) fn new(store: S, sealer: Rc<Sealer>, shelving: Shelving, head: PagesHead) -> Self {
        Self {
            store,
            sealer,
            shelving,
            directory: RefCell::default(),
            complete: Cell::new(head.generation == 0),
            head: Cell::new(head),
            damaged: Cell::new(false),
            rows: RefCell::default(),
            offered: RefCell::default(),
            cache: RefCell::default(),
        }
    }

    /// The store beneath, for what needs no key.
    pub(crate) fn inner(&self) -> &S {
        &self.store
    }

    /// The highest turn that anything in pages has.
    pub(crate) fn last_turn(&self) -> Option<Turn> {
        self.directory.borrow().last_turn()
    }

    pub(crate) fn shelving(&self) -> &Shelving {
        &self.shelving
    }

    pub(crate) async fn meta(&self) -> Result<Option<Meta>, StoreError> {
        self.store.meta().await
    }

    pub(crate) async fn cursor(&self) -> Result<Cursor, StoreError> {
        self.store.cursor().await
    }

    pub(crate) async fn locals(&self, prefix: &str) -> Result<Vec<LocalItem>, StoreError> {
        self.store.locals(prefix).await
    }

    /// The rows of these ids, in their order; what does not exist is left out.
    pub(crate) async fn get(&self, ids: &[RecordId]) -> Result<Vec<StoredRow>, StoreError> {
        self.ready().await?;
        for _ in 0..LOOKS {
            if let Some(rows) = self.look(ids).await? {
                return Ok(rows);
            }
            self.refresh().await?;
        }
        Err(StoreError::Stale(Stale { pages: true, ..Stale::default() }))
    }

    /// `None` when another tab turned the pages meanwhile.
    async fn look(&self, ids: &[RecordId]) -> Result<Option<Vec<StoredRow>>, StoreError> {
        let mut keys = self.bodies_wanted(ids);
        let mut opened: BTreeMap<_, _> =
            keys.iter().filter_map(|key| Some((key.number, self.cached(key.number)?))).collect();
        keys.retain(|key| !opened.contains_key(&key.number));
        let found = self.store.read(ids, &keys).await?;
        if found.generation != self.head.get().generation {
            return Ok(None);
        }
        for (key, sealed) in keys.iter().zip(found.pages) {
            opened.extend(self.open_bodies(*key, sealed).await?.map(|bodies| (key.number, bodies)));
        }
        let mut rows: HashMap<RecordId, StoredRow> =
            found.rows.into_iter().map(|row| (row.id, row)).collect();
        rows.keys().for_each(|id| self.directory.borrow_mut().forget(*id));
        let row = |id: &RecordId| match rows.remove(id) {
            Some(row) => Some(Ok(row)),
            None => self.from_page(*id, &opened).transpose(),
        };
        ids.iter().filter_map(row).collect::<Result<_, _>>().map(Some)
    }

    fn bodies_wanted(&self, ids: &[RecordId]) -> Vec<PageKey> {
        let directory = self.directory.borrow();
        let mut keys: Vec<_> = ids.iter().filter_map(|id| directory.body(directory.find(*id)?.0)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn from_page(
        &self,
        id: RecordId,
        opened: &BTreeMap<u32, Rc<Bodies>>,
    ) -> Result<Option<StoredRow>, StoreError> {
        let directory = self.directory.borrow();
        let Some((place, listed)) = directory.find(id) else { return Ok(None) };
        let bodies = directory.body(place).and_then(|key| opened.get(&key.number));
        let bytes = bodies.and_then(|bodies| bodies.get(place.slot));
        // Listed and not there: to take it for absent would let an older version in.
        let bytes = bytes.ok_or_else(|| StoreError::Damaged { what: "page".into() })?;
        self.sealed_row(&listed, bytes).map(Some)
    }

    /// A record of a page as a row would hold it.
    fn sealed_row(&self, listed: &Listed, bytes: &[u8]) -> Result<StoredRow, StoreError> {
        let Listed { id, version, state, stream } = *listed;
        let kept = self.offered.borrow().get(&id).filter(|(kept, _)| *kept == version).cloned();
        let envelope = match kept {
            Some((_, envelope)) => envelope,
            None => self.sealer.seal_bytes(id, stream, bytes, None).map_err(|error| unsealed(&error))?,
        };
        if state.turn().is_some() {
            self.remember(id, version, &envelope);
        }
        Ok(StoredRow { id, version, envelope, state: state.into() })
    }

    /// What is offered twice must be the same bytes: a lost answer is then found out without a merge.
    fn remember(&self, id: RecordId, version: u64, envelope: &Envelope) {
        let mut offered = self.offered.borrow_mut();
        if offered.len() >= OFFERED {
            offered.clear();
        }
        offered.insert(id, (version, envelope.clone()));
    }

    fn cached(&self, number: u32) -> Option<Rc<Bodies>> {
        let cache = self.cache.borrow();
        cache.iter().find(|(cached, _)| *cached == number).map(|(_, bodies)| Rc::clone(bodies))
    }

    /// A page that cannot be opened takes its records out of sight; they are read again from the server.
    pub(super) async fn open_bodies(
        &self,
        key: PageKey,
        sealed: Option<Vec<u8>>,
    ) -> Result<Option<Rc<Bodies>>, StoreError> {
        let plain = match sealed {
            Some(sealed) => self.open_page(key, sealed).await?,
            None => None,
        };
        let Some(bodies) = plain.and_then(|plain| Bodies::unpack(&plain).ok()) else {
            self.lose_body(key.number);
            return Ok(None);
        };
        let bodies = Rc::new(bodies);
        let mut cache = self.cache.borrow_mut();
        cache.push_back((key.number, Rc::clone(&bodies)));
        if cache.len() > CACHED {
            cache.pop_front();
        }
        Ok(Some(bodies))
    }

    fn lose_body(&self, body: u32) {
        self.damaged.set(true);
        let mut directory = self.directory.borrow_mut();
        let pages = directory.pages.iter();
        let of_body: Vec<u32> =
            pages.filter(|(_, page)| page.body == body).map(|(number, _)| *number).collect();
        of_body.into_iter().for_each(|number| directory.drop_page(number));
    }

    /// A page as it was packed; `None` when it is damaged.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for one that a newer app sealed.
    pub(super) async fn open_page(
        &self,
        key: PageKey,
        sealed: Vec<u8>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let place = self.place_of(key);
        let opened = match &self.shelving.cipher {
            Some(cipher) => cipher.open(place, sealed).await,
            None => self.sealer.open_page(place, &sealed),
        };
        match opened {
            Ok(plain) => Ok(Some(plain)),
            Err(OpenError::Newer { format }) => {
                Err(StoreError::Newer { found: format.into(), known: satchel_vault::FORMAT.into() })
            }
            Err(OpenError::Damaged | OpenError::NoKey { .. }) => Ok(None),
        }
    }

    pub(super) async fn seal_page(&self, key: PageKey, plain: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let place = self.place_of(key);
        let sealed = match &self.shelving.cipher {
            Some(cipher) => cipher.seal(place, plain).await,
            None => self.sealer.seal_page(place, &plain),
        };
        sealed.map_err(|error| unsealed(&error))
    }

    fn place_of(&self, key: PageKey) -> PagePlace {
        PagePlace { space: self.sealer.space, kind: key.kind as u8, number: key.number }
    }

    /// At most `limit` rows of pages that the server confirmed in an older era only, page by page.
    pub(crate) async fn older(&self, era: u32, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        self.ready().await?;
        let ids: Vec<_> = {
            let directory = self.directory.borrow();
            let older = directory.versions().filter(|(_, at)| at.era < era);
            older.map(|(id, _)| id).take(limit).collect()
        };
        let rows = self.get(&ids).await?;
        Ok(rows.into_iter().filter(|row| matches!(row.state, RowState::Synced(at) if at.era < era)).collect())
    }

    /// What the server is known to have, record by record, in no order.
    pub(crate) async fn server_versions(&self) -> Result<Vec<(RecordId, Version)>, StoreError> {
        self.ready().await?;
        let (mut after, mut in_rows) = (None, BTreeMap::new());
        loop {
            let rows = self.store.scan(after, SCANNED).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            in_rows.extend(rows.into_iter().map(|row| (row.id, row.state.server_version())));
        }
        let directory = self.directory.borrow();
        let paged = directory.versions().filter(|(id, _)| !in_rows.contains_key(id));
        let mut all: Vec<_> = paged.collect();
        all.extend(in_rows.into_iter().filter_map(|(id, at)| Some((id, at?))));
        Ok(all)
    }

    /// At most `limit` rows that lie in rows of their own, in order of their ids.
    pub(crate) async fn scan_rows(
        &self,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.store.scan(after, limit).await
    }

    /// At most `limit` rows waiting to be sent after `after`, in order of (turn, id).
    pub(crate) async fn waiting(
        &self,
        after: Option<(Turn, RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.ready().await?;
        let mut rows = self.store.waiting(after, limit).await?;
        let ids: Vec<_> = self.directory.borrow().waiting_after(after).take(limit).collect();
        rows.extend(self.get(&ids).await?);
        let place = |row: &StoredRow| row.state.turn().map(|turn| (turn, row.id));
        rows.retain(|row| place(row).is_some_and(|place| after.is_none_or(|after| place > after)));
        rows.sort_by_key(place);
        rows.dedup_by_key(|row| row.id);
        rows.truncate(limit);
        Ok(rows)
    }

    /// Every record that waits, in no order.
    pub(crate) async fn waiting_ids(&self) -> Result<Vec<RecordId>, StoreError> {
        self.ready().await?;
        let mut ids = BTreeSet::new();
        let mut after = None;
        loop {
            let rows = self.store.waiting(after, SCANNED).await?;
            ids.extend(rows.iter().map(|row| row.id));
            let last = rows.last().and_then(|last| Some((last.state.turn()?, last.id)));
            if rows.len() < SCANNED || last.is_none() {
                break;
            }
            after = last;
        }
        ids.extend(self.directory.borrow().waiting_after(None));
        Ok(ids.into_iter().collect())
    }

    /// How many rows there are, wherever they lie.
    pub(crate) async fn counts(&self) -> Result<Counts, StoreError> {
        self.ready().await?;
        let mut counts = self.store.counts().await?;
        if counts.pages.generation != self.head.get().generation {
            self.refresh().await?;
            counts = self.store.counts().await?;
        }
        let directory = self.directory.borrow();
        counts.rows += directory.live() as u64;
        counts.waiting += directory.waiting_len() as u64;
        counts.last_turn = counts.last_turn.max(directory.last_turn());
        Ok(counts)
    }

    /// Writes all of it or nothing: rows, and records that go into pages at once.
    pub(crate) async fn commit_with(
        &self,
        mut changeset: Changeset,
        fresh: Vec<Fresh>,
    ) -> Result<(), StoreError> {
        if !(changeset.rows.is_empty() && fresh.is_empty()) {
            self.ready().await?;
        }
        let head = self.head.get();
        let mut change = PageChange { over: head.generation, ..PageChange::default() };
        let mut moves = Moves::default();
        let marks = self.split(&mut changeset, &mut change, &mut moves);
        let touches_rows = !(changeset.rows.is_empty() && fresh.is_empty() && marks.is_empty());
        let mut next = head.next;
        if !fresh.is_empty() {
            self.bind(fresh, &mut next, &mut change, &mut moves).await?;
        }
        if !marks.is_empty() {
            self.write_marks(marks, &mut next, &mut change, &mut moves).await?;
        }
        changeset.pages = touches_rows.then_some(change);
        self.commit_moves(changeset, moves).await
    }

    pub(super) async fn commit_moves(&self, changeset: Changeset, moves: Moves) -> Result<(), StoreError> {
        let after = changeset.pages.as_ref().map(|change| self.head.get().after(change));
        let ids: Vec<_> = changeset.rows.iter().map(|put| put.id).collect();
        match self.store.commit(changeset).await {
            Ok(_) => {
                self.moved(after, moves, &ids);
                Ok(())
            }
            Err(StoreError::Stale(stale)) => {
                if stale.pages {
                    self.refresh().await?;
                }
                Err(StoreError::Stale(stale))
            }
            Err(error) => Err(error),
        }
    }

    fn moved(&self, after: Option<PagesHead>, moves: Moves, written: &[RecordId]) {
        let Moves { pages, marks, loose, gone, gone_marks } = moves;
        let mut directory = self.directory.borrow_mut();
        loose.iter().chain(written).for_each(|id| directory.forget(*id));
        for (number, page) in pages {
            directory.add(number, page, |_| false);
        }
        if let Some((number, marks)) = marks {
            directory.marks.insert(number);
            marks.into_iter().for_each(|mark| directory.mark(mark));
        }
        gone.into_iter().for_each(|number| directory.drop_page(number));
        gone_marks.iter().for_each(|number| {
            directory.marks.remove(number);
        });
        let mut offered = self.offered.borrow_mut();
        written.iter().for_each(|id| {
            offered.remove(id);
        });
        if let Some(after) = after.filter(|after| after.generation >= self.head.get().generation) {
            self.head.set(after);
        }
    }

    /// Sorts writes by where what they replace lies: a new state of a page's copy is a mark, other writes
    /// over one are new rows.
    fn split(&self, changeset: &mut Changeset, change: &mut PageChange, moves: &mut Moves) -> Vec<Mark> {
        let directory = self.directory.borrow();
        let mut marks = Vec::new();
        changeset.rows.retain_mut(|put| {
            let listed = directory.find(put.id).map(|(_, listed)| listed);
            let Some(listed) = listed.filter(|listed| Some(listed.version) == put.expected) else {
                return true;
            };
            change.waiting -= i64::from(listed.state.turn().is_some());
            if let (Content::Kept, RowState::Synced(at)) = (put.content, &put.state) {
                let state = PageState::Synced(*at);
                marks.push(Mark { id: put.id, version: listed.version + 1, state });
                return false;
            }
            change.rows -= 1;
            (put.expected, put.paged) = (None, put.expected);
            moves.loose.push(put.id);
            true
        });
        marks
    }

    async fn write_marks(
        &self,
        marks: Vec<Mark>,
        next: &mut u32,
        change: &mut PageChange,
        moves: &mut Moves,
    ) -> Result<(), StoreError> {
        let key = PageKey { kind: PageKind::Marks, number: *next };
        *next += 1;
        let sealed = self.seal_page(key, super::format::pack(&marks)).await?;
        change.writes.push((key, sealed));
        moves.marks = Some((key.number, marks));
        Ok(())
    }

    /// Puts records into new pages, those of one cluster beside each other.
    pub(super) async fn bind(
        &self,
        fresh: Vec<Fresh>,
        next: &mut u32,
        change: &mut PageChange,
        moves: &mut Moves,
    ) -> Result<(), StoreError> {
        for one in &fresh {
            self.replaces(one, change);
        }
        for group in super::pack::groups(fresh, self.shelving.page_bytes) {
            let number = *next;
            *next += 1;
            let (index, bodies, page) = super::pack::written(&group, number, self.shelving.brief_format());
            let (kind, body) = (page.kind, PageKind::Bodies);
            for (kind, plain) in [(kind, index), (body, bodies)] {
                let key = PageKey { kind, number };
                change.writes.push((key, self.seal_page(key, plain).await?));
            }
            moves.pages.push((number, page));
        }
        Ok(())
    }

    /// What a fresh record replaces goes in the same commit.
    fn replaces(&self, fresh: &Fresh, change: &mut PageChange) {
        change.waiting += i64::from(fresh.state.turn().is_some());
        let listed = self.directory.borrow().find(fresh.id).map(|(_, listed)| listed);
        match (fresh.expected, listed) {
            (Some(version), Some(listed)) if listed.version == version => {
                change.waiting -= i64::from(listed.state.turn().is_some());
            }
            (Some(version), _) => {
                change.rows += 1;
                change.unrow.push((fresh.id, version));
            }
            (None, _) => change.rows += 1,
        }
    }

    /// Drops what is cached of a place, for records that are gone.
    pub(super) fn uncache(&self, numbers: &[u32]) {
        self.cache.borrow_mut().retain(|(cached, _)| !numbers.contains(cached));
    }

    /// The bytes of what counts at these places, page by page.
    pub(super) async fn bytes_of(
        &self,
        places: &[(Place, Listed)],
    ) -> Result<Vec<(Listed, Vec<u8>)>, StoreError> {
        let ids: Vec<_> = places.iter().map(|(_, listed)| listed.id).collect();
        let wanted = self.bodies_wanted(&ids);
        let found = self.store.read(&[], &wanted).await?;
        let mut opened = BTreeMap::new();
        for (key, sealed) in wanted.iter().zip(found.pages) {
            opened.extend(self.open_bodies(*key, sealed).await?.map(|bodies| (key.number, bodies)));
        }
        let directory = self.directory.borrow();
        let bytes = places.iter().filter_map(|(place, listed)| {
            let bodies = opened.get(&directory.body(*place)?.number)?;
            Some((*listed, bodies.get(place.slot)?.to_vec()))
        });
        Ok(bytes.collect())
    }
}

fn unsealed(error: &SealError) -> StoreError {
    StoreError::Other(error.to_string())
}

impl Put {
    /// As a record for a page, if nothing of it needs a row of its own.
    pub(crate) fn into_fresh(self, bytes: Vec<u8>, brief: Option<Brief>) -> Result<Fresh, Self> {
        let state = match self.state {
            RowState::Synced(at) => PageState::Synced(at),
            RowState::New(unsent) => PageState::New(unsent),
            RowState::Edited { .. } | RowState::Quarantined { .. } => return Err(self),
        };
        let stream = self.envelope.header.stream;
        Ok(Fresh { id: self.id, expected: self.expected, bytes, stream, state, brief })
    }
}

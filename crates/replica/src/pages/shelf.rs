//! Rows and pages as one: what the rest of the replica reads and commits, without knowing which is which.

use super::directory::{Directory, Listed, Place};
use super::format::Bodies;
use super::{Known, Sealing, Shelving};
use crate::sealer::Sealer;
use crate::store::{PageKey, PageKind, PagesHead};
use crate::{Counts, Cursor, LocalItem, Meta, RowState, Stale, Store, StoreError, StoredRow, Turn};
use satchel_domain::Record;
use satchel_domain::sorted::{self, Gather};
use satchel_vault::{OpenError, PagePlace, SealError};
use satchel_wire::{Envelope, RecordId, Stream};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ops::RangeInclusive;
use std::rc::Rc;

/// Body pages kept unpacked: those that were looked at last.
const CACHED: usize = 20;
/// Envelopes remembered between being sealed and being settled: of a push under way, of the next one, and of others
/// that were not answered.
const OFFERED: usize = 8_192;
/// Rows that are read at once.
pub(super) const SCANNED: usize = 2_000;
/// How often a look is redone because another tab turned the pages.
const LOOKS: usize = 32;

/// What one look found.
struct Looked {
    rows: HashMap<RecordId, StoredRow>,
    bodies: BTreeMap<u32, Rc<Bodies>>,
}

/// What was sealed to be offered, with the versions of the copies that it was sealed from.
type Offers = HashMap<RecordId, (u64, Rc<Envelope>)>;

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
    /// Pages that could not be opened: packing takes them away.
    pub(super) broken: RefCell<BTreeSet<PageKey>>,
    /// Rows that cannot be read, or do not open and ought to: packing sets them apart.
    pub(super) spoilt: RefCell<BTreeMap<RecordId, Option<StoredRow>>>,
    /// Records that lie in rows, until the directory is complete.
    pub(crate) rows: RefCell<HashSet<RecordId>>,
    pub(super) offered: RefCell<Offers>,
    /// Rows that are known to be graves.
    pub(super) graves: RefCell<HashSet<RecordId>>,
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
            broken: RefCell::default(),
            spoilt: RefCell::default(),
            rows: RefCell::default(),
            offered: RefCell::default(),
            graves: RefCell::default(),
            cache: RefCell::default(),
        }
    }

    /// Whether pages or rows were found that do not open and still lie among the others.
    pub(crate) fn has_broken(&self) -> bool {
        !self.broken.borrow().is_empty() || self.has_spoilt()
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
        self.rows_of(ids).await
    }

    /// As [`Self::get`], of what the directory knows so far.
    pub(super) async fn rows_of(&self, ids: &[RecordId]) -> Result<Vec<StoredRow>, StoreError> {
        // What was offered is here, sealed: its page need not be opened to settle it.
        let kept = self.kept(ids);
        let sealed = |listed: &Listed| {
            let (of, envelope) = kept.get(&listed.id)?;
            (*of == listed.version).then(|| Rc::clone(envelope))
        };
        let Looked { mut rows, bodies } = self.look(ids, |listed| sealed(listed).is_none()).await?;
        let mut row = |id: &RecordId| {
            if let Some(row) = rows.remove(id) {
                return Ok(Some(row));
            }
            let listed = self.directory.borrow().find(*id).map(|(_, listed)| listed);
            match listed.and_then(|listed| Some((listed, sealed(&listed)?))) {
                Some((listed, envelope)) => Ok(Some(row_of(&listed, Envelope::clone(&envelope)))),
                None => self.of_page(*id, &bodies, |listed, bytes| self.sealed_row(listed, bytes)),
            }
        };
        ids.iter().filter_map(|id| row(id).transpose()).collect()
    }

    fn kept(&self, ids: &[RecordId]) -> Offers {
        let offered = self.offered.borrow();
        ids.iter().filter_map(|id| Some((*id, offered.get(id)?.clone()))).collect()
    }

    /// The records of these ids, in their order; what does not exist or does not open is left out. What lies in
    /// pages is not sealed on the way.
    pub(crate) async fn records(
        &self,
        ids: &[RecordId],
        open: impl Fn(&StoredRow) -> Option<Record>,
    ) -> Result<Vec<(RecordId, Record)>, StoreError> {
        self.ready().await?;
        let Looked { rows, bodies } = self.look(ids, |_| true).await?;
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            let record = match rows.get(id) {
                Some(row) => open(row),
                None => self.of_page(*id, &bodies, |listed, bytes| Ok(listed.record(bytes)))?.flatten(),
            };
            records.extend(record.map(|record| (*id, record)));
        }
        Ok(records)
    }

    /// The rows of these, and the pages of those whose bytes are needed.
    async fn look(&self, ids: &[RecordId], needed: impl Fn(&Listed) -> bool) -> Result<Looked, StoreError> {
        for _ in 0..LOOKS {
            if let Some(looked) = self.look_once(ids, &needed).await? {
                return Ok(looked);
            }
            self.refresh().await?;
        }
        Err(turned())
    }

    /// `None` when pages were turned meanwhile.
    async fn look_once(
        &self,
        ids: &[RecordId],
        needed: impl Fn(&Listed) -> bool,
    ) -> Result<Option<Looked>, StoreError> {
        let generation = self.head.get().generation;
        let mut keys = self.bodies_wanted(ids, needed);
        let mut bodies: BTreeMap<_, _> =
            keys.iter().filter_map(|key| Some((key.number, self.cached(key.number)?))).gather();
        keys.retain(|key| !bodies.contains_key(&key.number));
        let found = self.store.read(ids, &keys).await?;
        if found.generation != generation {
            return Ok(None);
        }
        found.damaged.iter().for_each(|id| self.note_spoilt(*id, None));
        bodies.extend(self.open_bodies(&keys, found.pages).await?);
        // Meanwhile this tab itself may have turned some.
        if self.head.get().generation != generation {
            return Ok(None);
        }
        let whole = found.rows.into_iter().filter(|row| !self.is_noted(row));
        let rows: HashMap<RecordId, StoredRow> = whole.map(|row| (row.id, row)).collect();
        rows.keys().for_each(|id| self.directory.borrow_mut().forget(*id));
        Ok(Some(Looked { rows, bodies }))
    }

    fn bodies_wanted(&self, ids: &[RecordId], needed: impl Fn(&Listed) -> bool) -> Vec<PageKey> {
        let directory = self.directory.borrow();
        let found = ids.iter().filter_map(|id| directory.find(*id));
        let wanted = found.filter(|(_, listed)| needed(listed));
        let mut keys: Vec<_> = wanted.filter_map(|(place, _)| directory.body(place)).collect();
        sorted::sort(&mut keys);
        keys.dedup();
        keys
    }

    /// Makes something of a page's copy; `None` where there is none.
    fn of_page<T>(
        &self,
        id: RecordId,
        bodies: &BTreeMap<u32, Rc<Bodies>>,
        make: impl FnOnce(&Listed, &[u8]) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let directory = self.directory.borrow();
        let Some((place, listed)) = directory.find(id) else { return Ok(None) };
        let body = directory.body(place).and_then(|key| bodies.get(&key.number));
        let bytes = body.and_then(|body| body.get(place.slot));
        // Listed and not there: to take it for absent would let an older version in.
        let bytes = bytes.ok_or_else(|| StoreError::Damaged { what: "page".into() })?;
        make(&listed, bytes).map(Some)
    }

    /// A record of a page as a row would hold it.
    fn sealed_row(&self, listed: &Listed, bytes: &[u8]) -> Result<StoredRow, StoreError> {
        let Listed { id, version, state, stream } = *listed;
        let envelope = self.sealer.seal_bytes(id, stream, bytes, None).map_err(|error| unsealed(&error))?;
        if state.turn().is_some() {
            self.remember(id, version, &envelope);
        }
        Ok(row_of(listed, envelope))
    }

    /// What is offered twice must be the same bytes: a lost answer is then found out without a merge.
    fn remember(&self, id: RecordId, version: u64, envelope: &Envelope) {
        let mut offered = self.offered.borrow_mut();
        if offered.len() >= OFFERED {
            offered.clear();
        }
        offered.insert(id, (version, Rc::new(envelope.clone())));
    }

    fn cached(&self, number: u32) -> Option<Rc<Bodies>> {
        let mut cache = self.cache.borrow_mut();
        let at = cache.iter().position(|(cached, _)| *cached == number)?;
        let found = cache.remove(at)?;
        let bodies = Rc::clone(&found.1);
        cache.push_back(found);
        Some(bodies)
    }

    /// Opens pages, all on their way at once. One that cannot be opened takes its records out of sight; they are
    /// read again from the server.
    async fn open_bodies(
        &self,
        keys: &[PageKey],
        sealed: Vec<Option<Vec<u8>>>,
    ) -> Result<Vec<(u32, Rc<Bodies>)>, StoreError> {
        let open = |(key, sealed): (&PageKey, Option<Vec<u8>>)| Some(self.open_page(*key, sealed?));
        let opening: Vec<_> = keys.iter().zip(sealed).map(open).collect();
        let mut opened = Vec::with_capacity(keys.len());
        for (key, opening) in keys.iter().zip(opening) {
            let plain = match opening {
                Some(opening) => opening.await?,
                None => None,
            };
            match plain.and_then(|plain| Bodies::unpack(&plain).ok()) {
                Some(bodies) => opened.push((key.number, self.cache(key.number, bodies))),
                None => self.lose_body(key.number),
            }
        }
        Ok(opened)
    }

    fn cache(&self, number: u32, bodies: Bodies) -> Rc<Bodies> {
        let bodies = Rc::new(bodies);
        let mut cache = self.cache.borrow_mut();
        cache.push_back((number, Rc::clone(&bodies)));
        if cache.len() > CACHED {
            cache.pop_front();
        }
        bodies
    }

    fn lose_body(&self, body: u32) {
        let mut directory = self.directory.borrow_mut();
        let pages = directory.pages.iter().filter(|(_, page)| page.body == body);
        let of_body: Vec<_> = pages.map(|(number, page)| (*number, page.kind)).collect();
        for (number, kind) in of_body {
            directory.drop_page(number);
            self.break_page(PageKey { kind, number });
        }
    }

    /// Notes that an index page, or the body page beside it, or a page of marks cannot be opened.
    pub(super) fn break_page(&self, key: PageKey) {
        let mut broken = self.broken.borrow_mut();
        if broken.insert(key) {
            self.damaged.set(true);
        }
        broken.insert(PageKey { kind: PageKind::Bodies, number: key.number });
    }

    /// Begins to open a page; gives it as it was packed, `None` when it is damaged.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for one that a newer app sealed.
    pub(super) fn open_page(
        &self,
        key: PageKey,
        sealed: Vec<u8>,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>> + use<S> {
        let place = self.place_of(key);
        let opening = match &self.shelving.cipher {
            Some(cipher) => cipher.open(place, &sealed),
            None => done(self.sealer.open_page(place, &sealed)),
        };
        let own = self.shelving.cipher.as_ref().map(|_| Rc::clone(&self.sealer));
        async move {
            let opened = match (opening.await, own) {
                // The platform may refuse for reasons of its own: only what neither opens is damaged.
                (Err(OpenError::Damaged), Some(own)) => own.open_page(place, &sealed),
                (opened, _) => opened,
            };
            match opened {
                Ok(plain) => Ok(Some(plain)),
                Err(OpenError::Newer { format }) => {
                    Err(StoreError::Newer { found: format.into(), known: satchel_vault::FORMAT.into() })
                }
                Err(OpenError::Damaged | OpenError::NoKey { .. }) => Ok(None),
            }
        }
    }

    /// Begins to seal a page.
    pub(super) fn seal_page(
        &self,
        key: PageKey,
        plain: Vec<u8>,
    ) -> impl Future<Output = Result<Vec<u8>, StoreError>> + use<S> {
        let place = self.place_of(key);
        let sealing = match &self.shelving.cipher {
            Some(cipher) => cipher.seal(place, plain),
            None => done(self.sealer.seal_page(place, &plain)),
        };
        async move { sealing.await.map_err(|error| unsealed(&error)) }
    }

    fn place_of(&self, key: PageKey) -> PagePlace {
        PagePlace { space: self.sealer.space, kind: key.kind as u8, number: key.number }
    }

    /// At most `limit` synced rows of pages of which the server is known to have such a version, page by page.
    pub(crate) async fn paged(
        &self,
        wanted: impl Fn(&Known) -> bool,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.ready().await?;
        let ids: Vec<_> = {
            let directory = self.directory.borrow();
            directory.versions().filter(|known| wanted(known)).map(|known| known.id).take(limit).collect()
        };
        let mut rows = self.get(&ids).await?;
        rows.retain(|row| matches!(row.state, RowState::Synced(_)));
        Ok(rows)
    }

    /// What the server is known to have, record by record, in no order.
    pub(crate) async fn server_versions(&self) -> Result<Vec<Known>, StoreError> {
        self.ready().await?;
        for _ in 0..LOOKS {
            let rows = self.versions_in_rows().await?;
            // Rows and pages of two moments would tell of a version that nobody has any more.
            if self.store.counts().await?.pages.generation == self.head.get().generation {
                let directory = self.directory.borrow();
                let mut all: Vec<_> =
                    directory.versions().filter(|known| !rows.contains_key(&known.id)).collect();
                all.extend(rows.into_values().flatten());
                return Ok(all);
            }
            self.refresh().await?;
        }
        Err(turned())
    }

    async fn versions_in_rows(&self) -> Result<BTreeMap<RecordId, Option<Known>>, StoreError> {
        let (mut after, mut in_rows) = (None, BTreeMap::new());
        loop {
            let rows = self.store.scan(after, SCANNED).await?;
            let Some(last) = rows.last() else { return Ok(in_rows) };
            after = Some(last.id);
            let known = |StoredRow { id, state, envelope, .. }: StoredRow| {
                let stream = envelope.header.stream;
                (id, state.server_version().map(|at| Known { id, at, stream }))
            };
            in_rows.extend(rows.into_iter().map(known));
        }
    }

    /// Everything of these streams that lies in a page now, page by page.
    pub(crate) async fn paged_ids(
        &self,
        wanted: impl Fn(Stream) -> bool,
    ) -> Result<Vec<RecordId>, StoreError> {
        self.counts().await?;
        let directory = self.directory.borrow();
        Ok(directory.by_page().filter(|listed| wanted(listed.stream)).map(|listed| listed.id).collect())
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
        sorted::sort_by_key(&mut rows, place);
        rows.dedup_by_key(|row| row.id);
        rows.truncate(limit);
        Ok(rows)
    }

    /// The places of the outbox at these turns, in no order; nothing is opened for it.
    pub(crate) async fn places(
        &self,
        turns: RangeInclusive<Turn>,
    ) -> Result<Vec<(Turn, RecordId)>, StoreError> {
        self.ready().await?;
        let mut places = self.store.places(turns.clone()).await?;
        places.extend(self.directory.borrow().places(turns));
        Ok(places)
    }

    /// Seals what waits in pages behind a record, so that it lies here when it is to be offered.
    pub(crate) async fn seal_behind(&self, last: RecordId, limit: usize) -> Result<(), StoreError> {
        let ids: Vec<_> = {
            let (directory, offered) = (self.directory.borrow(), self.offered.borrow());
            let turn = directory.find(last).and_then(|(_, listed)| listed.state.turn());
            let behind =
                turn.into_iter().flat_map(|turn| directory.waiting_after(Some((turn, last))).take(limit));
            behind.filter(|id| !offered.contains_key(id)).collect()
        };
        if ids.is_empty() { Ok(()) } else { self.rows_of(&ids).await.map(drop) }
    }

    /// Every record that waits, in no order; chunks of history are none.
    pub(crate) async fn waiting_ids(&self) -> Result<Vec<RecordId>, StoreError> {
        self.ready().await?;
        let mut ids = BTreeSet::new();
        let mut after = None;
        loop {
            let rows = self.store.waiting(after, SCANNED).await?;
            ids.extend(rows.iter().filter(|row| !row.is_chunk()).map(|row| row.id));
            let last = rows.last().and_then(|last| Some((last.state.turn()?, last.id)));
            if rows.len() < SCANNED || last.is_none() {
                break;
            }
            after = last;
        }
        let directory = self.directory.borrow();
        let is_record =
            |id: &RecordId| directory.find(*id).is_some_and(|(_, listed)| listed.stream != Stream::History);
        ids.extend(directory.waiting_after(None).filter(is_record));
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

    /// Drops what is cached of a place, for records that are gone.
    pub(super) fn uncache(&self, numbers: &[u32]) {
        self.cache.borrow_mut().retain(|(cached, _)| !numbers.contains(cached));
    }

    /// The bytes of what counts at these places, page by page.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when pages were turned meanwhile.
    pub(super) async fn bytes_of(
        &self,
        places: &[(Place, Listed)],
    ) -> Result<Vec<(Listed, Vec<u8>)>, StoreError> {
        let ids: Vec<_> = places.iter().map(|(_, listed)| listed.id).collect();
        let opened = self.read_bodies(self.bodies_wanted(&ids, |_| true)).await?;
        let directory = self.directory.borrow();
        let bytes = places.iter().filter_map(|(place, listed)| {
            let bodies = opened.get(&directory.body(*place)?.number)?;
            Some((*listed, bodies.get(place.slot)?.to_vec()))
        });
        Ok(bytes.collect())
    }

    /// These body pages, each opened once.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when pages were turned meanwhile; the directory is as it is now then.
    pub(super) async fn read_bodies(
        &self,
        keys: Vec<PageKey>,
    ) -> Result<BTreeMap<u32, Rc<Bodies>>, StoreError> {
        match self.try_bodies(keys).await? {
            Some(opened) => Ok(opened),
            None => {
                self.refresh().await?;
                Err(turned())
            }
        }
    }

    /// These body pages, each opened once; `None` when pages were turned meanwhile.
    pub(super) async fn try_bodies(
        &self,
        keys: Vec<PageKey>,
    ) -> Result<Option<BTreeMap<u32, Rc<Bodies>>>, StoreError> {
        let generation = self.head.get().generation;
        let found = self.store.read(&[], &keys).await?;
        if found.generation != generation || self.head.get().generation != generation {
            return Ok(None);
        }
        let opened = self.open_bodies(&keys, found.pages).await?.into_iter().gather();
        Ok((self.head.get().generation == generation).then_some(opened))
    }
}

/// What is known without waiting.
fn done<T: 'static, E: 'static>(result: Result<T, E>) -> Sealing<T, E> {
    Box::pin(std::future::ready(result))
}

/// A page's copy as a row would hold it.
fn row_of(listed: &Listed, envelope: Envelope) -> StoredRow {
    let Listed { id, version, state, .. } = *listed;
    StoredRow { id, version, envelope, state: state.into() }
}

/// Another tab, or another task of this one, turned the pages.
pub(super) fn turned() -> StoreError {
    StoreError::Stale(Stale { pages: true, ..Stale::default() })
}

fn unsealed(error: &SealError) -> StoreError {
    StoreError::Other(error.to_string())
}

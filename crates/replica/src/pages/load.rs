//! Opening: index pages into the directory, and what the book opens from out of them.

use super::ahead::Ahead;
use super::directory::{Listed, Page, Place};
use super::format::{self, Bodies, Index, Mark};
use super::shelf::{SCANNED, Shelf};
use crate::store::{PageKey, PageKind};
use crate::{Store, StoreError};
use satchel_domain::{Record, RecordId};
use satchel_wire::Stream;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Index pages that are read at once.
const BATCH: usize = 24;
/// Body pages that are read at once, to be handed out.
const PIECE: usize = 12;
/// So many times as many are handed out before the caller is asked whether to go on.
const PIECES: usize = 4;

/// Something for the book.
pub enum Opened<'a> {
    /// A record; a grave takes away what was told of it before.
    Record(RecordId, Record),
    /// What was made of one by [`super::Briefs::make`].
    Brief(RecordId, PageKind, &'a [u8]),
}

/// A page as it was packed; `None` for a damaged one.
type Plain = Result<Option<Vec<u8>>, StoreError>;

const INDICES: [PageKind; 3] = [PageKind::Cards, PageKind::Events, PageKind::Cold];

impl<S: Store> Shelf<S> {
    /// Reads what is not known yet of the pages; nothing is handed out.
    pub(crate) async fn ready(&self) -> Result<(), StoreError> {
        if self.complete.get() {
            return Ok(());
        }
        for kind in INDICES {
            self.load(kind, &mut |_| {}).await?;
        }
        self.cover().await?;
        self.finish().await
    }

    /// Copies under rows that another tab wrote do not count. Whoever believed that they do would pack an old copy
    /// once more, under the very version that the row has.
    async fn cover(&self) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let rows = self.store.scan(after, SCANNED).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.id);
            let mut directory = self.directory.borrow_mut();
            let whole = rows.iter().filter(|row| !self.is_noted(row));
            whole.for_each(|row| directory.cover(row.id, row.version));
        }
    }

    /// With all index pages read, the marks make the directory complete. What lay in a row at the start may lie in a
    /// page by now, which was passed over for the row: if anybody turned the pages meanwhile, it is looked at again.
    pub(crate) async fn finish(&self) -> Result<(), StoreError> {
        let passed_over = !self.rows.borrow().is_empty();
        if passed_over && self.store.counts().await?.pages.generation != self.head.get().generation {
            return self.refresh().await;
        }
        self.read_marks().await
    }

    async fn read_marks(&self) -> Result<(), StoreError> {
        self.each_mark(&mut |number, marks| self.directory.borrow_mut().mark_all(number, &marks)).await?;
        self.directory.borrow_mut().complete();
        self.complete.set(true);
        self.rows.borrow_mut().clear();
        Ok(())
    }

    /// Hands out what every page of marks says.
    pub(super) async fn each_mark(&self, take: &mut impl FnMut(u32, Vec<Mark>)) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let found = self.store.pages(PageKind::Marks, after, BATCH).await?;
            let Some((last, _)) = found.last() else { return Ok(()) };
            after = Some(*last);
            for (number, opening) in self.opening(PageKind::Marks, found) {
                take(number, self.marks_of(PageKey { kind: PageKind::Marks, number }, opening.await?));
            }
        }
    }

    /// Begins to open pages of one kind, all at once.
    fn opening(&self, kind: PageKind, found: Vec<(u32, Vec<u8>)>) -> Vec<(u32, impl Future<Output = Plain>)> {
        let open = |(number, sealed)| (number, self.open_page(PageKey { kind, number }, sealed));
        found.into_iter().map(open).collect()
    }

    /// What an opened page of marks says.
    pub(super) fn marks_of(&self, key: PageKey, packed: Option<Vec<u8>>) -> Vec<Mark> {
        let plain = packed.and_then(|packed| format::unpack(&packed).ok());
        let marks = plain.and_then(|plain| format::read(&plain).ok());
        if marks.is_none() {
            self.break_page(key);
        }
        marks.unwrap_or_default()
    }

    /// Reads the index pages of a kind, and hands out what counts in them.
    pub(crate) async fn load(
        &self,
        kind: PageKind,
        take: &mut impl FnMut(Opened<'_>),
    ) -> Result<(), StoreError> {
        let mut ahead = Ahead::new();
        ahead.begin(self.store.pages(kind, None, BATCH)).await;
        while let Some(found) = ahead.next().await {
            let found = found?;
            let Some((last, _)) = found.last() else { break };
            ahead.begin(self.store.pages(kind, Some(*last), BATCH)).await;
            for (number, opening) in self.opening(kind, found) {
                let unbriefed = self.load_page(PageKey { kind, number }, opening.await?, take);
                self.hand_out(&unbriefed, take).await?;
            }
        }
        Ok(())
    }

    /// Takes in one index page; tells what has no brief of this app's.
    fn load_page(
        &self,
        key: PageKey,
        packed: Option<Vec<u8>>,
        take: &mut impl FnMut(Opened<'_>),
    ) -> Vec<(Place, Listed)> {
        let plain = packed.and_then(|packed| format::unpack(&packed).ok());
        let Some(Ok(index)) = plain.as_deref().map(format::read::<Index<'_>>) else {
            self.break_page(key);
            return Vec::new();
        };
        let Index { brief_format, body, entries } = index;
        let current = brief_format == self.shelving.brief_format();
        let listed = entries.iter().map(|entry| Listed {
            id: entry.id,
            version: entry.version,
            state: entry.state,
            stream: entry.stream,
        });
        let page =
            Page { kind: key.kind, body, entries: listed.collect(), counting: Vec::new(), live: 0, current };
        let rows = self.rows.borrow();
        let counts = self.directory.borrow_mut().add(key.number, page, |id| rows.contains(&id));
        let mut unbriefed = Vec::new();
        for slot in counts {
            let entry = &entries[usize::from(slot)];
            match entry.brief.filter(|_| current) {
                Some(brief) => take(Opened::Brief(crate::to_domain(entry.id), key.kind, brief)),
                None => unbriefed.push(Place { page: key.number, slot }),
            }
        }
        let directory = self.directory.borrow();
        unbriefed.into_iter().filter_map(|place| Some((place, directory.at(place)?))).collect()
    }

    /// Hands out the records themselves; graves too, because an older page may have told of the record before.
    async fn hand_out(
        &self,
        places: &[(Place, Listed)],
        take: &mut impl FnMut(Opened<'_>),
    ) -> Result<(), StoreError> {
        let shown: Vec<_> =
            places.iter().copied().filter(|(_, listed)| listed.stream != Stream::History).collect();
        if shown.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = shown.iter().map(|(_, listed)| listed.id).collect();
        for row in self.rows_of(&ids).await? {
            let at = row.state.server_version();
            if let Ok(opened) = self.sealer.open(row.id, &row.envelope, at) {
                take(Opened::Record(crate::to_domain(row.id), opened.record));
            }
        }
        Ok(())
    }

    /// Takes over what other tabs made of the pages.
    pub(crate) async fn refresh(&self) -> Result<(), StoreError> {
        let head = self.store.counts().await?.pages;
        for kind in INDICES {
            let numbers = self.store.page_numbers(kind).await?;
            let (gone, unknown) = self.differences(kind, &numbers);
            for number in unknown {
                let key = PageKey { kind, number };
                let sealed = self.store.read(&[], &[key]).await?.pages.pop().flatten();
                if let Some(sealed) = sealed {
                    let packed = self.open_page(key, sealed).await?;
                    self.load_page(key, packed, &mut |_| {});
                }
            }
            gone.into_iter().for_each(|number| self.directory.borrow_mut().drop_page(number));
        }
        self.rows.borrow_mut().clear();
        {
            let mut directory = self.directory.borrow_mut();
            directory.marks.clear();
            // Under a row that was set apart since lies what counts again.
            directory.uncover();
        }
        self.cover().await?;
        self.read_marks().await?;
        self.head.set(head);
        Ok(())
    }

    /// The pages of a kind that are gone, and those that are new.
    fn differences(&self, kind: PageKind, numbers: &[u32]) -> (Vec<u32>, Vec<u32>) {
        let directory = self.directory.borrow();
        let known = directory.pages.iter().filter(|(_, page)| page.kind == kind).map(|(number, _)| *number);
        let gone = known.filter(|number| numbers.binary_search(number).is_err()).collect();
        let broken = self.broken.borrow();
        let is_known = |number: &u32| {
            directory.pages.contains_key(number) || broken.contains(&PageKey { kind, number: *number })
        };
        let unknown = numbers.iter().copied().filter(|number| !is_known(number)).collect();
        (gone, unknown)
    }

    /// The bytes of what happened, some pages at a time, each body page read once. While some are handed out, those
    /// behind them are read.
    pub(crate) async fn each_event(
        &self,
        after: Option<u32>,
        take: &mut impl FnMut(RecordId, &[u8]),
    ) -> Result<Option<u32>, StoreError> {
        loop {
            let (done, whole) = self.some_events(after, take).await?;
            if whole {
                return Ok(done);
            }
            self.refresh().await?;
            if done.is_some() {
                return Ok(done);
            }
        }
    }

    /// How far it came, and whether that is as far as it was to come: another tab may turn the pages meanwhile.
    async fn some_events(
        &self,
        after: Option<u32>,
        take: &mut impl FnMut(RecordId, &[u8]),
    ) -> Result<(Option<u32>, bool), StoreError> {
        let pages = self.events_after(after);
        let mut ahead = Ahead::new();
        for piece in pages.chunks(PIECE) {
            ahead.begin(self.try_bodies(bodies_of(piece))).await;
        }
        let mut done = None;
        for piece in pages.chunks(PIECE) {
            let Some(opened) = ahead.next().await.transpose()?.flatten() else { return Ok((done, false)) };
            self.tell_events(piece, &opened, take);
            done = piece.last().map(|(last, _)| *last);
        }
        Ok((done, true))
    }

    fn tell_events(
        &self,
        pages: &[(u32, u32)],
        opened: &BTreeMap<u32, Rc<Bodies>>,
        take: &mut impl FnMut(RecordId, &[u8]),
    ) {
        let directory = self.directory.borrow();
        for (number, body) in pages {
            let (Some(page), Some(bodies)) = (directory.pages.get(number), opened.get(body)) else {
                continue;
            };
            for slot in 0..page.entries.len() as u16 {
                let listed = directory.counting(Place { page: *number, slot });
                let (Some(listed), Some(bytes)) = (listed, bodies.get(slot)) else { continue };
                take(crate::to_domain(listed.id), bytes);
            }
        }
    }

    /// The next index pages of what happened, with their bodies.
    fn events_after(&self, after: Option<u32>) -> Vec<(u32, u32)> {
        let directory = self.directory.borrow();
        let from = after.map_or(0, |after| after.saturating_add(1));
        let events = directory.pages.range(from..).filter(|(_, page)| page.kind == PageKind::Events);
        events.take(PIECE * PIECES).map(|(number, page)| (*number, page.body)).collect()
    }
}

fn bodies_of(pages: &[(u32, u32)]) -> Vec<PageKey> {
    pages.iter().map(|(_, body)| PageKey { kind: PageKind::Bodies, number: *body }).collect()
}

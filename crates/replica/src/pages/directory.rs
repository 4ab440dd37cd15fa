//! Which page holds what: in memory, from the index pages and the marks.

use super::format::Mark;
use super::{Known, PageState};
use crate::Turn;
use crate::store::{PageKey, PageKind};
use satchel_domain::{Record, stamp::latest_allowed};
use satchel_wire::{RecordId, Stream};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::{Bound, RangeInclusive};

/// Where a record lies: its index page, and its place in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) page: u32,
    pub(super) slot: u16,
}

/// One record as its page has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    pub(super) id: RecordId,
    pub(super) version: u64,
    pub(super) state: PageState,
    pub(super) stream: Stream,
}

impl Listed {
    /// The record in a page's bytes, stamps in the server's future moved back as everywhere; `None` for what
    /// cannot be read, and for history.
    pub(super) fn record(&self, bytes: &[u8]) -> Option<Record> {
        if self.stream == Stream::History {
            return None;
        }
        let mut record = Record::from_bytes(bytes).ok()?;
        if let Some(at) = self.state.version() {
            record.clamp(latest_allowed(at.received_ms));
        }
        Some(record)
    }
}

/// An index page, opened.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) kind: PageKind,
    pub(super) body: u32,
    pub(super) entries: Vec<Listed>,
    /// Which of them count; none before the directory has it.
    pub(super) counting: Vec<bool>,
    /// How many of them count.
    pub(super) live: usize,
    /// The briefs are of this app's format.
    pub(super) current: bool,
}

impl Page {
    /// Whether a copy that does not count any more is of one of these records.
    pub(super) fn holds_dead(&self, records: &HashSet<RecordId>) -> bool {
        let mut dead = self.entries.iter().zip(&self.counting).filter(|(_, counts)| !**counts);
        !records.is_empty() && dead.any(|(listed, _)| records.contains(&listed.id))
    }

    fn count(&mut self, slot: u16, counts: bool) {
        let Some(counting) = self.counting.get_mut(usize::from(slot)) else { return };
        if *counting != counts {
            *counting = counts;
            self.live = if counts { self.live + 1 } else { self.live - 1 };
        }
    }
}

/// Ids are random bits: eight of their bytes are as good a hash as any.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    #[inline]
    fn write_usize(&mut self, _length: usize) {}

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

/// Everything that lies in pages.
#[derive(Debug, Default)]
pub(super) struct Directory {
    places: HashMap<RecordId, Place, BuildHasherDefault<IdHasher>>,
    pub(super) pages: BTreeMap<u32, Page>,
    /// The pages of marks: of which pages each is, and how many of its marks in a row.
    pub(super) marks: BTreeMap<u32, Vec<(u32, usize)>>,
    /// What waits, in order.
    waiting: BTreeSet<(Turn, RecordId)>,
    /// Marks of records whose page was not met yet.
    early: HashMap<(RecordId, u32), Mark>,
}

impl Directory {
    pub(super) fn live(&self) -> usize {
        self.places.len()
    }

    pub(super) fn waiting_len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn last_turn(&self) -> Option<Turn> {
        self.waiting.last().map(|(turn, _)| *turn)
    }

    /// A record, if a page's copy counts.
    pub(super) fn find(&self, id: RecordId) -> Option<(Place, Listed)> {
        let place = *self.places.get(&id)?;
        Some((place, self.at(place)?))
    }

    pub(super) fn at(&self, place: Place) -> Option<Listed> {
        self.pages.get(&place.page)?.entries.get(usize::from(place.slot)).copied()
    }

    pub(super) fn body(&self, place: Place) -> Option<PageKey> {
        let page = self.pages.get(&place.page)?;
        Some(PageKey { kind: PageKind::Bodies, number: page.body })
    }

    /// Takes a page in; tells the places of it that count now. Taking it in twice changes nothing.
    pub(super) fn add(
        &mut self,
        number: u32,
        mut page: Page,
        is_loose: impl Fn(RecordId) -> bool,
    ) -> Vec<u16> {
        let slots = 0..page.entries.len() as u16;
        if let Entry::Vacant(vacant) = self.pages.entry(number) {
            (page.live, page.counting) = (0, vec![false; page.entries.len()]);
            vacant.insert(page);
            self.place_all(number, is_loose);
        }
        slots.filter(|slot| self.counting(Place { page: number, slot: *slot }).is_some()).collect()
    }

    /// Lets every copy count that is the newest, as if no record lay in a row.
    pub(super) fn uncover(&mut self) {
        let numbers: Vec<_> = self.pages.keys().copied().collect();
        numbers.into_iter().for_each(|number| self.place_all(number, |_| false));
    }

    fn place_all(&mut self, number: u32, is_loose: impl Fn(RecordId) -> bool) {
        let entries = self.pages.get(&number).map(|page| &page.entries);
        let listed: Vec<_> = entries.into_iter().flatten().map(|entry| (entry.id, entry.version)).collect();
        for (slot, (id, version)) in (0_u16..).zip(listed) {
            if !is_loose(id) {
                self.place(id, version, Place { page: number, slot });
            }
        }
    }

    fn place(&mut self, id: RecordId, version: u64, place: Place) {
        if let Some((older, listed)) = self.find(id) {
            if (listed.version, older.page) >= (version, place.page) {
                return;
            }
            self.forget(id);
        }
        self.places.insert(id, place);
        let Some(page) = self.pages.get_mut(&place.page) else { return };
        page.count(place.slot, true);
        self.waiting.extend(self.at(place).and_then(|listed| Some((listed.state.turn()?, id))));
        let early = if self.early.is_empty() { None } else { self.early.remove(&(id, place.page)) };
        early.into_iter().for_each(|mark| self.mark(mark));
    }

    /// A row, or nothing, counts from now on.
    pub(super) fn forget(&mut self, id: RecordId) {
        let Some((place, listed)) = self.find(id) else { return };
        self.places.remove(&id);
        if let Some(turn) = listed.state.turn() {
            self.waiting.remove(&(turn, id));
        }
        if let Some(page) = self.pages.get_mut(&place.page) {
            page.count(place.slot, false);
        }
    }

    /// A row of this version lies over whatever is not newer.
    pub(super) fn cover(&mut self, id: RecordId, version: u64) {
        if self.find(id).is_some_and(|(_, listed)| listed.version <= version) {
            self.forget(id);
        }
    }

    /// Takes a page of marks in.
    pub(super) fn mark_all(&mut self, number: u32, marks: &[Mark]) {
        marks.iter().for_each(|mark| self.mark(*mark));
        let runs = marks.chunk_by(|a, b| a.page == b.page);
        let run = |run: &[Mark]| Some((run.first()?.page, run.len()));
        self.marks.insert(number, runs.filter_map(run).collect());
    }

    /// The pages of marks that say less than so much of pages that are still there.
    pub(super) fn thin_marks(&self, least: usize) -> Vec<u32> {
        let says = |runs: &[(u32, usize)]| -> usize {
            runs.iter().filter(|(page, _)| self.pages.contains_key(page)).map(|(_, len)| len).sum()
        };
        self.marks.iter().filter(|(_, runs)| says(runs) < least).map(|(number, _)| *number).collect()
    }

    /// A new state.
    fn mark(&mut self, mark: Mark) {
        let found = self.find(mark.id).filter(|(place, _)| place.page == mark.page);
        let Some((place, listed)) = found else {
            let early = self.early.entry((mark.id, mark.page)).or_insert(mark);
            if early.version < mark.version {
                *early = mark;
            }
            return;
        };
        if listed.version >= mark.version {
            return;
        }
        if let Some(turn) = listed.state.turn() {
            self.waiting.remove(&(turn, mark.id));
        }
        self.waiting.extend(mark.state.turn().map(|turn| (turn, mark.id)));
        let entries = self.pages.get_mut(&place.page).map(|page| &mut page.entries);
        if let Some(entry) = entries.and_then(|entries| entries.get_mut(usize::from(place.slot))) {
            (entry.version, entry.state) = (mark.version, mark.state);
        }
    }

    /// Everything that counts is known: what marks still wait for is in rows, or gone.
    pub(super) fn complete(&mut self) {
        self.early = HashMap::new();
    }

    /// Forgets a page that is not there any more, with what still counts in it.
    pub(super) fn drop_page(&mut self, number: u32) {
        let Some(page) = self.pages.get(&number) else { return };
        let slots = 0..page.entries.len() as u16;
        let ids: Vec<_> = slots.filter_map(|slot| self.counting(Place { page: number, slot })).collect();
        ids.into_iter().for_each(|listed| self.forget(listed.id));
        self.pages.remove(&number);
    }

    /// The entry at a place, if it is the one that counts.
    pub(super) fn counting(&self, place: Place) -> Option<Listed> {
        let page = self.pages.get(&place.page)?;
        let counts = *page.counting.get(usize::from(place.slot))?;
        counts.then(|| page.entries.get(usize::from(place.slot)).copied())?
    }

    /// What waits behind a place of the outbox.
    pub(super) fn waiting_after(
        &self,
        after: Option<(Turn, RecordId)>,
    ) -> impl Iterator<Item = RecordId> + '_ {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.waiting.range((from, Bound::Unbounded)).map(|(_, id)| *id)
    }

    /// The places of the outbox at these turns.
    pub(super) fn places(&self, turns: RangeInclusive<Turn>) -> impl Iterator<Item = (Turn, RecordId)> + '_ {
        let (first, last) = turns.into_inner();
        let within = (first, RecordId([0; 16]))..=(last, RecordId([u8::MAX; 16]));
        self.waiting.range(within).copied()
    }

    /// Every record that counts, page by page, so that reading them reads each page once.
    pub(super) fn by_page(&self) -> impl Iterator<Item = Listed> + '_ {
        self.pages.iter().flat_map(move |(number, page)| {
            let slots = 0..page.entries.len() as u16;
            slots.filter_map(move |slot| self.counting(Place { page: *number, slot }))
        })
    }

    /// What the server has of them.
    pub(super) fn versions(&self) -> impl Iterator<Item = Known> + '_ {
        self.by_page()
            .filter_map(|Listed { id, state, stream, .. }| Some(Known { id, at: state.version()?, stream }))
    }
}

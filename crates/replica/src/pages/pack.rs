//! Packing: synced rows go into pages, and pages in which little counts are written anew.
//!
//! One step is one transaction of a bounded size. Between steps nothing is half done, so that it can stop at
//! any time, in any tab; two tabs that pack at once are told apart by the generation.

use super::PageState;
use super::commit::{Fresh, MARKS, Moves};
use super::directory::{Listed, Page, Place};
use super::format::{self, Bodies, Entry, Index, Mark};
use super::shelf::Shelf;
use crate::store::{PageChange, PageKey, PageKind, PagesHead};
use crate::{Changeset, Durability, Replica, ReplicaError, RowState, Store, StoreError, StoredRow};
use satchel_domain::Record;
use satchel_domain::sorted;
use satchel_wire::Stream;

/// So many synced rows are worth a page.
const ROWS: usize = 256;
/// Rows that one step moves, at most.
const STEP_ROWS: usize = 2_000;
/// Pages that one step writes anew, at most.
const STEP_PAGES: usize = 8;
/// So many pages of marks that say little are worth being written anew.
const MARK_PAGES: usize = 16;
/// Most records in a page: places are 16 bits, and a page should be read quickly.
const MOST: usize = 4_096;

/// What a step of packing did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Packed {
    /// There is nothing worth doing.
    Nothing,
    /// Something was packed, and there may be more.
    Some,
    /// Another tab was faster.
    Busy,
}

/// Puts records into the order of pages: by kind, those of one cluster beside each other. What has no cluster
/// stays in the order in which it came.
pub(crate) fn sort(fresh: &mut [Fresh]) {
    // Keys beside places are sorted, because moving the records themselves about takes longer.
    sorted::sort_by_cached_key(fresh, |one| one.brief.as_ref().map(|brief| (brief.kind, brief.cluster)));
}

/// Records in the order of pages, cut into pages.
pub(super) fn groups(mut fresh: Vec<Fresh>, page_bytes: usize) -> Vec<Vec<Fresh>> {
    sort(&mut fresh);
    let mut groups: Vec<Vec<Fresh>> = Vec::new();
    let (mut bytes, mut kind) = (0, None);
    for one in fresh {
        let own = one.brief.as_ref().map(|brief| brief.kind);
        bytes += one.bytes.len();
        let full = bytes > page_bytes || groups.last().is_none_or(|group| group.len() >= MOST);
        if full || kind != own {
            (bytes, kind) = (one.bytes.len(), own);
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(one);
        }
    }
    groups
}

/// A group as an index page, a body page, and what the directory keeps of them.
pub(super) fn written(group: &[Fresh], body: u32, brief_format: u16) -> (Vec<u8>, Vec<u8>, Page) {
    let listed = |one: &Fresh| Listed {
        id: one.id,
        version: one.expected.unwrap_or(0) + 1,
        state: one.state,
        stream: one.stream,
    };
    let entry = |one| {
        let Listed { id, version, state, stream } = listed(one);
        Entry { id, version, stream, state, brief: one.brief.as_ref().map(|brief| brief.bytes.as_slice()) }
    };
    let index = format::pack(&Index { brief_format, body, entries: group.iter().map(entry).collect() });
    let bodies = Bodies::pack(group.iter().map(|one| one.bytes.as_slice()));
    let kind = group.iter().find_map(|one| one.brief.as_ref()).map_or(PageKind::Cold, |brief| brief.kind);
    let entries = group.iter().map(listed).collect();
    (index, bodies, Page { kind, body, entries, counting: Vec::new(), live: 0, current: true })
}

impl<S: Store> Replica<S> {
    /// One step of packing; to be called while nothing else is to be done, until it finds nothing.
    ///
    /// # Errors
    /// Nothing was changed then.
    pub async fn pack(&self) -> Result<Packed, ReplicaError> {
        match self.pack_step().await {
            Err(ReplicaError::Store(StoreError::Stale(_))) => Ok(Packed::Busy),
            done => done,
        }
    }

    async fn pack_step(&self) -> Result<Packed, ReplicaError> {
        self.store.ready().await?;
        if self.store.clear_broken().await? || self.set_spoilt_apart().await? {
            return Ok(Packed::Some);
        }
        if self.pack_rows().await? || self.store.pack_pages(self).await? || self.store.pack_marks().await? {
            return Ok(Packed::Some);
        }
        Ok(Packed::Nothing)
    }

    async fn pack_rows(&self) -> Result<bool, ReplicaError> {
        let enough = ROWS.min(self.store.shelving().bulk.max(1) * 4);
        let mut synced = Vec::new();
        let mut after = None;
        while synced.len() < STEP_ROWS {
            let rows = self.store.scan_rows(after, STEP_ROWS).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            self.store.note_graves(&rows);
            synced.extend(rows.into_iter().filter(|row| matches!(row.state, RowState::Synced(_))));
        }
        if synced.len() < enough {
            return Ok(false);
        }
        let fresh: Vec<_> = synced.into_iter().filter_map(|row| self.packable(row)).collect();
        if fresh.len() < enough {
            return Ok(false);
        }
        self.store.repack(fresh, PageChange::default(), Moves::default()).await?;
        Ok(true)
    }

    /// A synced row as a page would hold it; one that cannot be opened stays where it is.
    fn packable(&self, row: StoredRow) -> Option<Fresh> {
        let RowState::Synced(at) = row.state else { return None };
        let bytes = self.sealer.open_bytes(row.id, &row.envelope).ok()?;
        let stream = row.envelope.header.stream;
        let brief = self.brief_of(row.id, stream, &bytes);
        let expected = Some(row.version);
        Some(Fresh { id: row.id, expected, bytes, stream, state: PageState::Synced(at), brief })
    }

    pub(crate) fn brief_of(
        &self,
        id: satchel_wire::RecordId,
        stream: Stream,
        bytes: &[u8],
    ) -> Option<super::Brief> {
        let record = (stream == Stream::State).then(|| Record::from_bytes(bytes).ok()).flatten()?;
        self.store.shelving().brief(crate::to_domain(id), &record)
    }
}

impl<S: Store> Shelf<S> {
    async fn repack(
        &self,
        fresh: Vec<Fresh>,
        mut change: PageChange,
        mut moves: Moves,
    ) -> Result<(), StoreError> {
        let head = self.head.get();
        change.over = head.generation;
        let mut next = head.next;
        self.bind(fresh, &mut next, &mut change, &mut moves).await?;
        let pages = Some(change);
        let changeset = Changeset { durability: Durability::Relaxed, pages, ..Changeset::default() };
        self.commit_moves(changeset, moves).await
    }

    /// Remembers which rows are graves: pages that still hold what lies buried are worn.
    fn note_graves(&self, rows: &[StoredRow]) {
        let graves = rows.iter().filter(|row| row.is_grave()).map(|row| row.id);
        self.graves.borrow_mut().extend(graves);
    }

    /// Pages of which less than half counts, which hold what was erased for good since, or whose briefs another
    /// app made, are written anew.
    async fn pack_pages(&self, replica: &Replica<S>) -> Result<bool, ReplicaError> {
        let worn = self.worn();
        if worn.is_empty() {
            return Ok(false);
        }
        let places: Vec<(Place, Listed)> = {
            let directory = self.directory.borrow();
            let slots = worn.iter().flat_map(|(number, page)| {
                (0..page.len as u16).map(move |slot| Place { page: *number, slot })
            });
            slots.filter_map(|place| Some((place, directory.counting(place)?))).collect()
        };
        let kept = self.bytes_of(&places).await?;
        if kept.len() < places.len() {
            // A page was lost on the way; the rest is looked at in the next step.
            return Ok(true);
        }
        let fresh = kept.into_iter().map(|(listed, bytes)| Fresh {
            id: listed.id,
            // Written as one higher: the copy that counts is the newest.
            expected: Some(listed.version),
            brief: replica.brief_of(listed.id, listed.stream, &bytes),
            bytes,
            stream: listed.stream,
            state: listed.state,
        });
        let mut change = PageChange::default();
        let mut moves = Moves::default();
        for (number, page) in &worn {
            let keys = [(page.kind, *number), (PageKind::Bodies, page.body)];
            change.removes.extend(keys.map(|(kind, number)| PageKey { kind, number }));
            moves.gone.push(*number);
        }
        self.uncache(&worn.iter().map(|(_, page)| page.body).collect::<Vec<_>>());
        self.repack(fresh.collect(), change, moves).await?;
        Ok(true)
    }

    fn worn(&self) -> Vec<(u32, Worn)> {
        let directory = self.directory.borrow();
        let mut graves = self.graves.borrow().clone();
        graves.extend(directory.by_page().filter(|it| it.stream == Stream::Grave).map(|it| it.id));
        let worn = directory.pages.iter().filter(|(_, page)| {
            let stale_brief = !page.current && page.live > 0;
            page.live * 2 < page.entries.len() || stale_brief || page.holds_dead(&graves)
        });
        let short = |page: &Page| Worn { kind: page.kind, body: page.body, len: page.entries.len() };
        worn.take(STEP_PAGES).map(|(number, page)| (*number, short(page))).collect()
    }

    /// Many pages that say little become few.
    async fn pack_marks(&self) -> Result<bool, ReplicaError> {
        let mut numbers = self.directory.borrow().thin_marks(MARKS / 2);
        if numbers.len() < MARK_PAGES {
            return Ok(false);
        }
        numbers.truncate(MARK_PAGES * 4);
        let keys: Vec<_> =
            numbers.iter().map(|number| PageKey { kind: PageKind::Marks, number: *number }).collect();
        let found = self.store.read(&[], &keys).await?;
        let mut marks = Vec::new();
        for (key, sealed) in keys.iter().zip(found.pages) {
            let Some(sealed) = sealed else { continue };
            marks.extend(self.marks_of(*key, self.open_page(*key, sealed).await?));
        }
        marks.retain(|mark| self.still_says(mark));
        let PagesHead { generation: over, mut next, .. } = self.head.get();
        let mut change = PageChange { over, removes: keys, ..PageChange::default() };
        let mut moves = Moves { gone_marks: numbers, ..Moves::default() };
        self.write_marks(marks, &mut next, &mut change, &mut moves).await?;
        let pages = Some(change);
        let changeset = Changeset { durability: Durability::Relaxed, pages, ..Changeset::default() };
        self.commit_moves(changeset, moves).await?;
        Ok(true)
    }

    /// Whether a mark is what the directory knows of its record.
    fn still_says(&self, mark: &Mark) -> bool {
        let found = self.directory.borrow().find(mark.id);
        found.is_some_and(|(place, listed)| {
            (place.page, listed.version, listed.state) == (mark.page, mark.version, mark.state)
        })
    }
}

struct Worn {
    kind: PageKind,
    body: u32,
    len: usize,
}

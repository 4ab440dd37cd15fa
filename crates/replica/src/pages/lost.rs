//! Pages that cannot be opened (rows: [`super::spoilt`]): taken out of sight, and what was lost with them told.
//!
//! What the server has is read again from there. What it never had is lost with its page: the person is told how
//! many records that were, and which, as far as the half of the page tells that still opens. Both halves stay on
//! the disk, under kinds that nothing reads, until the person has put away what she was told.

use super::commit::Moves;
use super::format::{self, Bodies, Index, Mark};
use super::shelf::{Shelf, turned};
use crate::id::to_domain;
use crate::replica::TRIES;
use crate::store::{PageChange, PageKey, PageKind};
use crate::{Changeset, Durability, LocalItem, LocalPut, Replica, ReplicaError, Store, StoreError};
use satchel_domain::{Record, RecordId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Local items under this prefix tell of lost records: `lost/<number of the first page, 8 hex digits>`.
const LOST: &str = "lost/";

/// Records that were never sent and lay in pages or rows that cannot be opened any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Lost {
    /// How many.
    pub count: u64,
    /// Those of which is known what they were: all of them, some, or none.
    pub named: Vec<LostRecord>,
    /// Those whose rows cannot be opened: what was written in them last is lost, though an older version may be here.
    #[serde(default)]
    pub changed: Vec<RecordId>,
    /// [`super::Briefs::format`] of their briefs.
    pub(super) brief_format: u16,
    /// Where what is left of them lies.
    pub(super) left: Vec<(PageKind, u32)>,
}

/// What is known of a lost record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LostRecord {
    /// Which; made up where only the half opens that holds no ids.
    pub id: RecordId,
    /// Which index it was in.
    pub kind: PageKind,
    /// What was made of it by [`super::Briefs::make`].
    #[serde(with = "serde_bytes")]
    pub brief: Vec<u8>,
}

/// Broken pages as they lie on the disk.
type Sealed = BTreeMap<PageKey, Vec<u8>>;

/// What was never sent, in pages that do not open.
#[derive(Default)]
struct Unsent {
    count: u64,
    named: Vec<LostRecord>,
    /// The numbers of those pages.
    pages: BTreeSet<u32>,
}

impl<S: Store> Shelf<S> {
    /// Takes pages away that cannot be opened; those that hold what was never sent are kept apart, and told of.
    pub(super) async fn clear_broken(&self) -> Result<bool, StoreError> {
        let broken: Vec<_> = self.broken.borrow().iter().copied().collect();
        if broken.is_empty() {
            return Ok(false);
        }
        let read = self.store.read(&[], &broken).await?;
        if read.generation != self.head.get().generation {
            self.refresh().await?;
            return Err(turned());
        }
        let there = broken.iter().zip(read.pages).filter_map(|(key, sealed)| Some((*key, sealed?)));
        let there: Sealed = there.collect();
        let unsent = self.unsent_in(&there).await?;
        let marks = broken.iter().filter(|key| key.kind == PageKind::Marks);
        let moves = Moves { gone_marks: marks.map(|key| key.number).collect(), ..Moves::default() };
        self.commit_moves(self.set_apart(there, unsent)?, moves).await?;
        self.broken.borrow_mut().retain(|key| !broken.contains(key));
        Ok(true)
    }

    fn set_apart(&self, there: Sealed, unsent: Unsent) -> Result<Changeset, StoreError> {
        let (rows, waiting) = self.adrift();
        let (over, removes) = (self.head.get().generation, there.keys().copied().collect());
        let mut change = PageChange { over, removes, rows, waiting, ..PageChange::default() };
        let apart = |key: PageKey| Some(PageKey { kind: key.kind.apart()?, ..key });
        let kept = there.into_iter().filter(|(key, _)| unsent.pages.contains(&key.number));
        change.writes = kept.filter_map(|(key, sealed)| Some((apart(key)?, sealed))).collect();
        let mut locals = Vec::new();
        if let Some(first) = unsent.pages.first() {
            let left = change.writes.iter().map(|(key, _)| (key.kind, key.number)).collect();
            let brief_format = self.shelving.brief_format();
            let (count, named, changed) = (unsent.count, unsent.named, Vec::new());
            locals.push(self.telling(*first, &Lost { count, named, changed, brief_format, left })?);
        }
        let durability = if locals.is_empty() { Durability::Relaxed } else { Durability::Strict };
        Ok(Changeset { durability, pages: Some(change), locals, ..Changeset::default() })
    }

    /// Tells of what is lost, under the number of the first page that it lies in.
    pub(super) fn telling(&self, first: u32, lost: &Lost) -> Result<LocalPut, StoreError> {
        let key = format!("{LOST}{first:08x}");
        let sealed = self.sealer.seal_local(&key, &satchel_wire::to_cbor(lost));
        let sealed = sealed.map_err(|error| StoreError::Other(error.to_string()))?;
        Ok(LocalPut::Set(LocalItem { key, sealed }))
    }

    /// What lies in pages that open, less what the store counts in all pages: records, and those that wait.
    fn adrift(&self) -> (i64, i64) {
        let (directory, head) = (self.directory.borrow(), self.head.get());
        let less = |here: usize, counted: u64| {
            i64::try_from(here).unwrap_or(i64::MAX).saturating_sub_unsigned(counted)
        };
        (less(directory.live(), head.rows), less(directory.waiting_len(), head.waiting))
    }

    /// What was never sent in pages of which the index, the bodies, or both do not open.
    async fn unsent_in(&self, there: &Sealed) -> Result<Unsent, StoreError> {
        let (mut unsent, mut blind) = (Unsent::default(), Vec::new());
        let marks = self.all_marks().await?;
        for (key, sealed) in there.iter().filter(|(key, _)| key.kind.is_index()) {
            let packed = self.open_page(*key, sealed.clone()).await?;
            let plain = packed.and_then(|packed| format::unpack(&packed).ok());
            match plain.as_deref().and_then(|plain| format::read::<Index<'_>>(plain).ok()) {
                Some(index) => self.unsent_of(*key, &index, &marks, &mut unsent).await?,
                None => blind.push(key.number),
            }
        }
        // An index that does not open says nothing; but the store counts what waits in all pages together.
        let missing = self.adrift().1.min(0).unsigned_abs().saturating_sub(unsent.count);
        if missing > 0 && !blind.is_empty() {
            let records = self.records_in(there, &blind).await?;
            unsent.count += missing;
            unsent.pages.extend(blind);
            // With others among them, which the server has, nothing tells which they are.
            let all = u64::try_from(records.len()) == Ok(missing);
            let named = records.iter().zip(1..).filter(|_| all).filter_map(|(record, place)| {
                let brief = self.shelving.brief(made_up(place), record)?;
                Some(LostRecord { id: made_up(place), kind: brief.kind, brief: brief.bytes })
            });
            unsent.named.extend(named);
        }
        Ok(unsent)
    }

    /// Adds what was never sent of a page whose index opens and whose bodies do not.
    async fn unsent_of(
        &self,
        key: PageKey,
        index: &Index<'_>,
        marks: &HashMap<(satchel_wire::RecordId, u32), Mark>,
        unsent: &mut Unsent,
    ) -> Result<(), StoreError> {
        let state = |entry: &format::Entry<'_>| {
            let mark = marks.get(&(entry.id, key.number)).filter(|mark| mark.version > entry.version);
            mark.map_or(entry.state, |mark| mark.state)
        };
        let waits = index.entries.iter().filter(|entry| state(entry).turn().is_some());
        let waits: Vec<_> = waits.filter(|entry| self.directory.borrow().find(entry.id).is_none()).collect();
        let ids: Vec<_> = waits.iter().map(|entry| entry.id).collect();
        let here: BTreeSet<_> = self.store.get(&ids).await?.into_iter().map(|row| row.id).collect();
        let current = index.brief_format == self.shelving.brief_format();
        for entry in waits.into_iter().filter(|entry| !here.contains(&entry.id)) {
            unsent.count += 1;
            unsent.pages.insert(key.number);
            let brief = entry.brief.filter(|_| current).map(<[u8]>::to_vec);
            let (id, kind) = (to_domain(entry.id), key.kind);
            unsent.named.extend(brief.map(|brief| LostRecord { id, kind, brief }));
        }
        Ok(())
    }

    async fn all_marks(&self) -> Result<HashMap<(satchel_wire::RecordId, u32), Mark>, StoreError> {
        let mut newest: HashMap<_, Mark> = HashMap::new();
        self.each_mark(&mut |_, marks| {
            for mark in marks {
                let known = newest.entry((mark.id, mark.page)).or_insert(mark);
                if known.version < mark.version {
                    *known = mark;
                }
            }
        })
        .await?;
        Ok(newest)
    }

    /// The records in the bodies of these pages, as far as they open; which they are the index alone knows.
    async fn records_in(&self, there: &Sealed, numbers: &[u32]) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        for number in numbers {
            let key = PageKey { kind: PageKind::Bodies, number: *number };
            let Some(sealed) = there.get(&key) else { continue };
            let packed = self.open_page(key, sealed.clone()).await?;
            let Some(bodies) = packed.and_then(|packed| Bodies::unpack(&packed).ok()) else { continue };
            let bytes = (0..=u16::MAX).map_while(|slot| bodies.get(slot));
            records.extend(bytes.filter_map(|bytes| Record::from_bytes(bytes).ok()));
        }
        Ok(records)
    }
}

/// An id for a record of which only the contents are known.
fn made_up(place: u64) -> RecordId {
    let mut id = [0; 16];
    id[8..].copy_from_slice(&place.to_be_bytes());
    RecordId(id)
}

impl<S: Store> Replica<S> {
    /// Whether pages or rows were found that do not open: packing takes them away.
    pub fn has_broken_pages(&self) -> bool {
        self.store.has_broken()
    }

    /// What was lost in damaged pages and rows, with the keys to [`Self::put_away_lost`]. What came back since, because the
    /// server had it after all, is not told any more.
    ///
    /// # Errors
    /// When this device's store fails.
    pub async fn lost(&self) -> Result<Vec<(String, Lost)>, ReplicaError> {
        let mut told = Vec::new();
        for (key, bytes) in self.locals(LOST).await? {
            let Ok(mut lost) = satchel_wire::from_cbor::<Lost>(&bytes) else { continue };
            let ids: Vec<_> = lost.named.iter().map(|one| one.id).collect();
            let back: BTreeSet<_> = self.records(&ids).await?.into_iter().map(|(id, _)| id).collect();
            lost.count = lost.count.saturating_sub(back.len() as u64);
            let current = lost.brief_format == self.store.shelving().brief_format();
            lost.named.retain(|one| current && !back.contains(&one.id));
            told.extend((lost.count > 0).then_some((key, lost)));
        }
        Ok(told)
    }

    /// The person knows: it is told no more, and what is left of the pages and rows goes.
    ///
    /// # Errors
    /// Nothing was changed then.
    pub async fn put_away_lost(&self, key: &str) -> Result<(), ReplicaError> {
        let items = self.locals(key).await?;
        let known = items.iter().find(|(found, _)| found == key);
        let left =
            known.and_then(|(_, bytes)| satchel_wire::from_cbor::<Lost>(bytes).ok()).map(|lost| lost.left);
        for _ in 0..TRIES {
            let over = self.store.counts().await?.pages.generation;
            let removes =
                left.iter().flatten().map(|(kind, number)| PageKey { kind: *kind, number: *number });
            let pages = Some(PageChange { over, removes: removes.collect(), ..PageChange::default() });
            let locals = vec![LocalPut::Remove(key.to_owned())];
            match self
                .store
                .commit_moves(Changeset { pages, locals, ..Changeset::default() }, Moves::default())
                .await
            {
                Err(StoreError::Stale(_)) => {}
                done => return Ok(done?),
            }
        }
        Err(ReplicaError::Contended)
    }
}

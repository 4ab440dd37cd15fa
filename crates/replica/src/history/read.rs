//! The entries of one record, from every device's chain, in order, each told once.

use super::chain::{Break, Index};
use super::chunk::{Read, chunk_id};
use super::meet::{AUTHORS, named};
use super::secret::heard;
use crate::{LocalItem, LocalPut, Replica, ReplicaError, RowState, Store, StoredRow};
use satchel_domain::sorted::{self, Gather};
use satchel_domain::{Entry, RecordId, Why, stamp::latest_allowed};
use satchel_wire::DeviceId;
use std::collections::{BTreeMap, BTreeSet};

/// Local items under this prefix are indexes of chains.
const INDEXES: &str = "history/index/";
/// Chunks that are read at once. Behind so many missing ones nothing is looked for.
const BATCH: u32 = 64;
/// An index is kept on the disk when so many chunks are new in it.
const KEEP_EVERY: usize = 32;

/// An entry as it is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// What was changed.
    pub entry: Entry,
    /// Why it cannot be vouched for; `None` when it can.
    pub broken: Option<Break>,
    /// The identity of whoever told it, if it is signed by one and not of this account.
    pub by: Option<[u8; 32]>,
    /// The device that told it.
    pub teller: DeviceId,
}

/// The records whose past is asked for, with the keys that open it.
type Asked = BTreeMap<RecordId, Vec<[u8; 16]>>;

/// A chunk with what is wrong in front of it.
struct Link {
    read: Read,
    broken: Option<Break>,
    /// No stamp in it is believed to be later, ms.
    latest_ms: u64,
}

impl<S: Store> Replica<S> {
    /// What is known of a record's past, oldest first. A loss that several devices noticed is told once.
    ///
    /// # Errors
    /// When this device's store fails. What is wrong with a chain is told with the entries.
    pub async fn history(&self, record: RecordId) -> Result<Vec<Told>, ReplicaError> {
        Ok(self.histories(&[record]).await?.remove(&record).unwrap_or_default())
    }

    /// What is known of the past of several records, each oldest first; none of those of which nothing is told.
    ///
    /// # Errors
    /// As [`Self::history`].
    pub async fn histories(
        &self,
        records: &[RecordId],
    ) -> Result<BTreeMap<RecordId, Vec<Told>>, ReplicaError> {
        let asked = self.history_keys(records).await?;
        let mut told: BTreeMap<RecordId, Vec<Told>> = BTreeMap::new();
        for device in self.authors().await? {
            for one in self.told_by(device, &asked).await? {
                told.entry(one.entry.record).or_default().push(one);
            }
        }
        Ok(told.into_iter().map(|(record, told)| (record, arranged(told))).gather())
    }

    /// Every device whose chunks are here.
    async fn authors(&self) -> Result<BTreeSet<DeviceId>, ReplicaError> {
        let items = self.store.locals(AUTHORS).await?;
        let hex = items.iter().filter_map(|item| item.key.strip_prefix(AUTHORS));
        let noted = hex.filter_map(|hex| u64::from_str_radix(hex, 16).ok()).map(DeviceId);
        Ok(noted.chain([self.sealer.device]).gather())
    }

    async fn told_by(&self, device: DeviceId, asked: &Asked) -> Result<Vec<Told>, ReplicaError> {
        let mut index = self.index(device).await?;
        let mut links = self.known_links(device, asked, &mut index).await?;
        links.extend(self.new_links(device, &mut index).await?);
        self.keep_index(device, index).await?;
        Ok(links.into_iter().flat_map(|link| self.told(&link, asked)).collect())
    }

    /// The chunks that the index names for these records; one that is not what was noted ends the index.
    async fn known_links(
        &self,
        device: DeviceId,
        asked: &Asked,
        index: &mut Index,
    ) -> Result<Vec<Link>, ReplicaError> {
        let mut links = Vec::new();
        let numbers: BTreeSet<u32> = asked.keys().flat_map(|record| index.numbers_of(*record)).gather();
        let numbers: Vec<u32> = numbers.into_iter().collect();
        for numbers in numbers.chunks(BATCH as usize) {
            let rows = self.chunks(device, numbers.iter().copied()).await?;
            for (number, row) in numbers.iter().zip(rows) {
                match row.and_then(|row| self.link(&row)).filter(|link| index.knows(&link.read)) {
                    Some(link) => links.push(link),
                    None => {
                        index.forget_from(*number);
                        return Ok(links);
                    }
                }
            }
        }
        Ok(links)
    }

    /// Every chunk behind the index, which grows over those that are sound and have a follower.
    async fn new_links(&self, device: DeviceId, index: &mut Index) -> Result<Vec<Link>, ReplicaError> {
        let mut links: Vec<Link> = Vec::new();
        let mut walk = index.walk();
        let mut from = index.len() + 1;
        loop {
            let rows = self.chunks(device, from..from + BATCH).await?;
            if rows.iter().all(Option::is_none) {
                return Ok(links);
            }
            for mut link in rows.iter().flatten().filter_map(|row| self.link(row)) {
                link.broken = walk.step(&link.read).or(link.broken);
                if let Some(before) = links.last().filter(|before| before.broken.is_none()) {
                    index.note(&before.read);
                }
                links.push(link);
            }
            from += BATCH;
        }
    }

    async fn chunks(
        &self,
        device: DeviceId,
        numbers: impl Iterator<Item = u32>,
    ) -> Result<Vec<Option<StoredRow>>, ReplicaError> {
        let ids: Vec<_> = numbers.map(|number| chunk_id(self.sealer.space, device, number)).collect();
        let mut rows = self.store.get(&ids).await?.into_iter().peekable();
        Ok(ids.iter().map(|id| rows.next_if(|row| row.id == *id)).collect())
    }

    /// `None` for a row that cannot be read: to its followers it is missing.
    fn link(&self, row: &StoredRow) -> Option<Link> {
        let read = self.chunk_of(row).ok()?;
        let broken = row.is_set_aside().then_some(Break::Forked);
        let latest_ms = match &row.state {
            RowState::Synced(at) => latest_allowed(at.received_ms),
            _ => u64::MAX,
        };
        Some(Link { read, broken, latest_ms })
    }

    fn told(&self, link: &Link, asked: &Asked) -> Vec<Told> {
        let chunk = &link.read.chunk;
        let signed = self.sealer.is_signed(&link.read);
        let by = chunk.key.filter(|key| signed && *key != self.sealer.public_key());
        let keys = |entry: &[u8]| Entry::record_of(entry).and_then(|record| asked.get(&record));
        let entries = chunk.entries.iter().filter_map(|entry| heard(entry, keys(entry)?));
        let tell = |mut entry: Entry| {
            entry.stamp = entry.stamp.clamped(link.latest_ms);
            // Only of a loss, and of what was brought along, may one device speak for another.
            let may_speak = entry.why == Why::Lost || entry.brought.is_some();
            let own = may_speak || entry.stamp.device.0 == chunk.device.0;
            let broken = if signed && own { link.broken } else { Some(Break::Signature) };
            Told { entry, broken, by, teller: chunk.device }
        };
        entries.map(tell).collect()
    }

    async fn index(&self, device: DeviceId) -> Result<Index, ReplicaError> {
        if let Some(index) = self.chains.indexes.borrow().get(&device) {
            return Ok(index.clone());
        }
        let items = self.locals(&named(INDEXES, device)).await?;
        let index: Option<Index> = items.first().and_then(|(_, bytes)| postcard::from_bytes(bytes).ok());
        let mut index = index.unwrap_or_default();
        index.kept = index.len() as usize;
        Ok(index)
    }

    async fn keep_index(&self, device: DeviceId, mut index: Index) -> Result<(), ReplicaError> {
        let len = index.len() as usize;
        if len >= index.kept + KEEP_EVERY {
            let key = named(INDEXES, device);
            let bytes = postcard::to_allocvec(&index).expect("an index holds plain bytes only");
            let sealed = self.sealer.seal_local(&key, &bytes)?;
            let locals = vec![LocalPut::Set(LocalItem { key, sealed })];
            self.commit(crate::Changeset { locals, ..crate::Changeset::default() }).await?;
            index.kept = len;
        }
        self.chains.indexes.borrow_mut().insert(device, index);
        Ok(())
    }
}

/// Oldest first; a write that several entries tell of is told once: as a loss if any says so, and in the words of the
/// device that wrote, if it signed any, whatever others tell; then rather by what can be vouched for.
fn arranged(mut told: Vec<Told>) -> Vec<Told> {
    let name = |told: &Told| {
        let Entry { field, element, stamp, .. } = &told.entry;
        (*stamp, field.clone(), element.clone())
    };
    let worth = |told: &Told| {
        let Entry { stamp, brought, after, .. } = &told.entry;
        let own = told.teller.0 == stamp.device.0 && brought.is_none();
        (told.broken == Some(Break::Signature), !own, brought.is_some(), told.broken, after.is_none())
    };
    sorted::sort_by_cached_key(&mut told, |told| (name(told), worth(told)));
    let mut arranged: Vec<Told> = Vec::with_capacity(told.len());
    for one in told {
        match arranged.last_mut().filter(|last| name(last) == name(&one)) {
            Some(last) if one.broken.is_none() && one.entry.why == Why::Lost => last.entry.why = Why::Lost,
            Some(_) => {}
            None => arranged.push(one),
        }
    }
    arranged
}

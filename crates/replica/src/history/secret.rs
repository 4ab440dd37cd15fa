//! Entries under the keys of their records: with a record that is erased for good, its past opens no more.
//!
//! A record gets its first key with the first edit that is told, as an element of a set: two devices that both give
//! it one leave both. Its grave has none. In front of a sealed entry stands the record's id in clear, as in front of
//! any, so that a reader knows where to look.

use crate::id::to_wire;
use crate::{Replica, ReplicaError, Store};
use satchel_domain::sorted::Gather;
use satchel_domain::{Entry, Record, RecordId, Value, Write, field};
use satchel_vault::{NoEntropy, SealError, open_entry, seal_entry};
use std::collections::BTreeMap;

/// Bytes of the record's id in front of an entry.
const ID: usize = 16;
/// What a sealed entry begins with behind the id; an open one is a CBOR map there.
const SEALED: u8 = satchel_vault::FORMAT;

impl<S: Store> Replica<S> {
    /// The writes of an edit, with a first key for the record's history where it is to be told of and has none.
    pub(crate) fn with_history_key(
        &self,
        record: &Record,
        mut writes: Vec<Write>,
    ) -> Result<Vec<Write>, ReplicaError> {
        let tells = writes.iter().any(|write| write.field() != field::DELETED);
        if tells && record.history_keys().next().is_none() {
            writes.push(self.new_history_key()?);
        }
        Ok(writes)
    }

    /// Gives a record a key for its history.
    ///
    /// # Errors
    /// Where there is no entropy.
    pub fn new_history_key(&self) -> Result<Write, ReplicaError> {
        let halves = [self.random()?, self.random()?];
        let key = halves.iter().flat_map(|half| half.to_be_bytes()).collect();
        let (field, element) = (field::HISTORY_KEYS.to_owned(), Value::Bytes(key));
        Ok(Write::Element { field, element, present: true })
    }

    /// An entry as it lies in a chunk, sealed under a key of `record`, which it is about, if it has one.
    pub(crate) fn said(&self, entry: &Entry, record: &Record) -> Result<Vec<u8>, ReplicaError> {
        let plain = entry.to_bytes();
        let Some(key) = record.history_keys().next() else { return Ok(plain) };
        let (id, told) = plain.split_at(ID);
        let sealed =
            self.sealer.with_entropy(|entropy| seal_entry(&key, to_wire(entry.record), told, entropy));
        let sealed = sealed.map_err(|NoEntropy| SealError::NoEntropy(NoEntropy))?;
        Ok([id, &sealed].concat())
    }

    /// The keys of these records, as far as they are here; none of one that was erased.
    pub(crate) async fn history_keys(
        &self,
        ids: &[RecordId],
    ) -> Result<BTreeMap<RecordId, Vec<[u8; 16]>>, ReplicaError> {
        let mut keys: BTreeMap<_, _> = ids.iter().map(|id| (*id, Vec::new())).gather();
        for (id, record) in self.records(ids).await? {
            keys.insert(id, record.history_keys().collect());
        }
        Ok(keys)
    }
}

/// Reads an entry as it lies in a chunk; `None` where its key is gone.
pub(crate) fn heard(said: &[u8], keys: &[[u8; 16]]) -> Option<Entry> {
    let (id, told) = said.split_at_checked(ID)?;
    if told.first() != Some(&SEALED) {
        return Entry::from_bytes(said).ok();
    }
    let record = to_wire(Entry::record_of(id)?);
    let opened = keys.iter().find_map(|key| open_entry(key, record, told))?;
    Entry::from_bytes(&[id, &opened].concat()).ok()
}

//! Whether a device's chunks follow from each other, and what is remembered of those that do.

use super::chunk::Read;
use satchel_domain::RecordId;
use satchel_domain::sorted;
use satchel_wire::Etag;
use serde::{Deserialize, Serialize};

/// The first bytes of a record's id: enough to know where to look.
type Prefix = [u8; 4];

/// Why an entry cannot be vouched for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Break {
    /// The device that it names did not sign it.
    Signature,
    /// Chunks of its device before it are missing.
    Gap,
    /// It does not name the chunk before it.
    Chain,
    /// Another chunk of the same number came, which says something else.
    Forked,
}

/// Where a walk along a chain stands.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Walk {
    last: Option<(u32, Etag)>,
}

impl Walk {
    /// Behind the chunk of this number and hash.
    pub(crate) fn behind(number: u32, hash: Etag) -> Self {
        Self { last: Some((number, hash)) }
    }

    /// Goes on to the next chunk that is there; says what is wrong on the way to it.
    pub(crate) fn step(&mut self, read: &Read) -> Option<Break> {
        let chunk = &read.chunk;
        let last = self.last.replace((chunk.number, read.hash()));
        let (before, hash) = last.map_or((0, None), |(number, hash)| (number, Some(hash)));
        match chunk.number {
            number if number != before + 1 => Some(Break::Gap),
            _ if chunk.prev != hash => Some(Break::Chain),
            _ => None,
        }
    }
}

/// What is known of a chain's sound beginning: of each chunk its hash and whose entries it holds. Chunks behind
/// it are looked at each time. Kept sealed on this device; without it, it is made again from the chunks.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub(crate) struct Index {
    notes: Vec<Note>,
    /// How many of them are kept on the disk.
    #[serde(skip)]
    pub(crate) kept: usize,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Note {
    hash: Etag,
    records: Vec<Prefix>,
}

impl Index {
    /// How many chunks it covers: the numbers from 1 to this.
    pub(crate) fn len(&self) -> u32 {
        self.notes.len() as u32
    }

    /// Takes in the next chunk, if it is the next one.
    pub(crate) fn note(&mut self, read: &Read) {
        if read.chunk.number != self.len() + 1 {
            return;
        }
        let mut records: Vec<Prefix> =
            read.chunk.entries.iter().filter_map(|entry| entry.first_chunk().copied()).collect();
        sorted::sort(&mut records);
        records.dedup();
        self.notes.push(Note { hash: read.hash(), records });
    }

    /// The numbers of chunks that may hold entries of a record.
    pub(crate) fn numbers_of(&self, RecordId(id): RecordId) -> Vec<u32> {
        let prefix = [id[0], id[1], id[2], id[3]];
        let notes = (1..).zip(&self.notes);
        notes.filter(|(_, note)| note.records.binary_search(&prefix).is_ok()).map(|(at, _)| at).collect()
    }

    /// Whether this is the chunk that was noted.
    pub(crate) fn knows(&self, read: &Read) -> bool {
        let at = read.chunk.number as usize - 1;
        self.notes.get(at).is_some_and(|note| note.hash == read.hash())
    }

    /// Forgets a chunk that is another one by now, and all behind it.
    pub(crate) fn forget_from(&mut self, number: u32) {
        self.notes.truncate(number as usize - 1);
        self.kept = self.kept.min(self.notes.len());
    }

    /// A walk that goes on behind it.
    pub(crate) fn walk(&self) -> Walk {
        self.notes.last().map_or(Walk::default(), |note| Walk::behind(self.len(), note.hash))
    }
}

//! Partners as everything that hangs on them names them: by number, whether or not their records are here yet.
//!
//! A partner that was merged into another is shown in its place: what names the one hangs on the other, and old
//! ids lead there. Merges can be chained; of partners that were merged into each other (which two devices can
//! do), the one with the least id stands for all, so that every device shows the same.

use crate::entry::PartnerEntry;
use crate::slab::Slab;
use crate::ties::Ties;
use satchel_domain::RecordId;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::num::NonZeroU32;

/// The number of a partner; it is never given to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PartnerNo(NonZeroU32);

impl PartnerNo {
    fn new(number: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(number))
    }

    pub(crate) fn number(self) -> u32 {
        self.0.get() - 1
    }

    /// For tables of something of every partner, [`Partners::len`] long.
    pub(crate) fn place(self) -> usize {
        self.number() as usize
    }
}

/// Every partner that is here or named by something that is.
#[derive(Debug, Default)]
pub(crate) struct Partners {
    numbers: HashMap<RecordId, PartnerNo, ById>,
    nodes: Slab<Node>,
}

/// One partner.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: RecordId,
    /// Its record, once it is here.
    pub(crate) entry: Option<Box<PartnerEntry>>,
    /// Whose records say that they were merged into this one.
    pub(crate) merged: Vec<PartnerNo>,
    pub(crate) ties: Ties,
}

impl Partners {
    /// The number of a partner, a new one for a new id; none for nobody.
    pub(crate) fn number(&mut self, id: RecordId) -> Option<PartnerNo> {
        if id == RecordId::NIL {
            return None;
        }
        let new = || Node { id, entry: None, merged: Vec::new(), ties: Ties::default() };
        Some(*self.numbers.entry(id).or_insert_with(|| PartnerNo::new(self.nodes.insert(new()))))
    }

    pub(crate) fn find(&self, id: RecordId) -> Option<PartnerNo> {
        self.numbers.get(&id).copied()
    }

    pub(crate) fn id(&self, number: Option<PartnerNo>) -> RecordId {
        number.map_or(RecordId::NIL, |number| self.node(number).id)
    }

    pub(crate) fn node(&self, number: PartnerNo) -> &Node {
        self.nodes.get(number.number()).expect("numbers are never taken back")
    }

    pub(crate) fn node_mut(&mut self, number: PartnerNo) -> &mut Node {
        self.nodes.get_mut(number.number()).expect("numbers are never taken back")
    }

    pub(crate) fn ties(&self, number: PartnerNo) -> &Ties {
        &self.node(number).ties
    }

    /// How many numbers were given out.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Every number that was given out, in order.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = PartnerNo> {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(PartnerNo::new)
    }

    /// Its record, in the trash or not.
    pub(crate) fn entry(&self, number: PartnerNo) -> Option<&PartnerEntry> {
        self.node(number).entry.as_deref()
    }

    /// Its record, if it is neither in the trash nor merged into another.
    pub(crate) fn live(&self, number: PartnerNo) -> Option<&PartnerEntry> {
        self.entry(number).filter(|entry| !entry.partner.deleted && self.root(number) == number)
    }

    /// Whom it was merged into, if that partner is here.
    fn into(&self, number: PartnerNo) -> Option<PartnerNo> {
        self.entry(number)?.into.filter(|into| self.node(*into).entry.is_some())
    }

    /// The partner that stands for this one: itself, unless it was merged into another.
    pub(crate) fn root(&self, number: PartnerNo) -> PartnerNo {
        let Some(mut at) = self.into(number) else { return number };
        let mut path = vec![number, at];
        while let Some(into) = self.into(at) {
            if let Some(start) = path.iter().position(|passed| *passed == into) {
                let circle = path[start..].iter().copied();
                return circle.min_by_key(|number| self.node(*number).id).unwrap_or(into);
            }
            path.push(into);
            at = into;
        }
        at
    }

    /// Everybody for whom the same partner stands as for this one.
    pub(crate) fn group(&self, number: PartnerNo) -> Vec<PartnerNo> {
        let mut group = vec![self.root(number)];
        let mut next = 0;
        while let Some(one) = group.get(next).copied() {
            next += 1;
            let merged = self.node(one).merged.iter().filter(|from| self.into(**from) == Some(one));
            let new: Vec<_> = merged.copied().filter(|from| !group.contains(from)).collect();
            group.extend(new);
        }
        group
    }
}

/// Hashes ids, which are random already: their bits are only brought together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdHasher(u64);

/// For maps by id.
pub(crate) type ById = BuildHasherDefault<IdHasher>;

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            // An odd constant near 2^64 / φ.
            self.0 = (self.0.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    /// The length, which is always the same.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

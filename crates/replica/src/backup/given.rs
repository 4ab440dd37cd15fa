//! What was handed over, item by item: nothing of it is handed over again as long as it is the same.

use super::contents::BackupItem;
use satchel_wire::Etag;
use std::collections::BTreeSet;

/// Bytes of a hash that name an item: none is mistaken for another by chance.
const SHORT: usize = 16;

/// One item, as it was.
pub(super) type Named = [u8; SHORT];

/// Items that were handed over, each as it was then.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Given(BTreeSet<Named>);

impl Given {
    /// As bytes, to be kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flatten().copied().collect()
    }

    /// Reads what [`Self::to_bytes`] wrote; what is cut off of it is handed over once more.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.as_chunks().0.iter().copied().collect())
    }

    /// Takes up what is handed over by now.
    pub fn extend(&mut self, items: Self) {
        self.0.extend(items.0);
    }

    pub(super) fn add(&mut self, item: Named) {
        self.0.insert(item);
    }

    pub(super) fn has(&self, item: &Named) -> bool {
        self.0.contains(item)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What an item is known by; `None` for what stands in every part. A chunk of a file never changes.
pub(super) fn named(item: &BackupItem) -> Option<Named> {
    let bytes = match item {
        BackupItem::Manifest(_) => return None,
        BackupItem::Row(row) => [&b"row"[..], &row.id.0, &row.envelope.etag().0].concat(),
        BackupItem::Local(local) => [&b"local"[..], local.key.as_bytes(), b"\0", &local.sealed].concat(),
        BackupItem::Chunk(file, index, _) => [&b"chunk"[..], &file.0, &index.to_be_bytes()].concat(),
    };
    Etag::of(&bytes).0.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::{Given, Named};

    #[test]
    fn what_was_handed_over_is_known_again_as_far_as_it_was_kept() {
        let items: [Named; 2] = [[1; 16], [2; 16]];
        let mut given = Given::default();
        items.into_iter().for_each(|item| given.add(item));
        let bytes = given.to_bytes();
        assert_eq!(Given::from_bytes(&bytes), given);
        let cut = Given::from_bytes(&bytes[..20]);
        assert!(cut.has(&[1; 16]) && !cut.has(&[2; 16]));
    }
}

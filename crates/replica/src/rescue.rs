//! A store as a file, as it lies on the disk: what the rescue screen saves where the app cannot open it.
//!
//! ```text
//! file  = "SATCHEL" ‖ format (1) ‖ entry…
//! entry = object store's name ‖ key ‖ value, each a length (u32, big-endian) and its bytes
//! ```
//!
//! Nothing is decoded when it is written, so that a damaged entry is kept like any other; what does not read is left
//! out when it is read. All of it is sealed as it was, but for the device's own data.

use crate::memory::MemoryStore;
use crate::{Cursor, Meta, PageKey, PageKind, PagesHead, Replica, ReplicaError, Shelving, Store, StoredRow};
use satchel_wire::FileId;
use std::rc::Rc;

/// What a rescued store begins with.
pub const RESCUED: &[u8; 8] = b"SATCHEL\x01";

/// Adds an entry to such a file.
pub fn rescue_entry(file: &mut Vec<u8>, store: &str, key: &[u8], value: &[u8]) {
    for part in [store.as_bytes(), key, value] {
        file.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        file.extend_from_slice(part);
    }
}

/// The store in such a file, and how many entries of it did not read; `None` for another file. A file that was cut
/// is read as far as it goes.
pub fn rescued(file: &[u8]) -> Option<(MemoryStore, u32)> {
    let mut rest = file.strip_prefix(RESCUED)?;
    let (store, mut unread) = (MemoryStore::default(), 0);
    while !rest.is_empty() {
        let entry = part(&mut rest).zip(part(&mut rest)).zip(part(&mut rest));
        let Some(((name, key), value)) = entry else { return Some((store, unread + 1)) };
        unread += u32::from(place(&store, name, key, value).is_none());
    }
    Some((store, unread))
}

fn part<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, behind) = rest.split_first_chunk::<4>()?;
    let (part, behind) = behind.split_at_checked(u32::from_be_bytes(*len) as usize)?;
    *rest = behind;
    Some(part)
}

/// Puts an entry where it was, if it reads.
fn place(store: &MemoryStore, name: &[u8], key: &[u8], value: &[u8]) -> Option<()> {
    match (name, key) {
        (b"rows", _) => store.lay_row(&StoredRow::decode(value).ok().filter(|row| row.id.0 == key)?),
        (b"locals", _) => store.lay_local(std::str::from_utf8(key).ok()?, value),
        (b"pages", _) => store.lay_page(page_key(key)?, value),
        (b"files", _) => {
            let (file, index) = key.split_first_chunk::<16>()?;
            store.lay_chunk(FileId(*file), u32::from_be_bytes(index.try_into().ok()?), value);
        }
        (b"meta", b"device") => store.lay_meta(&Meta::decode(value).ok()?),
        (b"meta", b"cursor") => store.lay_cursor(&Cursor::decode(value).ok()?),
        (b"meta", b"pages") => store.lay_pages_head(PagesHead::decode(value).ok()?),
        // What waits is told by the rows.
        _ => {}
    }
    Some(())
}

/// A page that was set apart because it does not open counts among what does not read.
fn page_key(key: &[u8]) -> Option<PageKey> {
    let [kind, number @ ..]: [u8; 5] = key.try_into().ok()?;
    let kinds = [PageKind::Cards, PageKind::Events, PageKind::Cold, PageKind::Marks, PageKind::Bodies];
    let kind = kinds.into_iter().find(|known| *known as u8 == kind)?;
    Some(PageKey { kind, number: u32::from_be_bytes(number) })
}

impl<S: Store> Replica<S> {
    /// Another copy, opened with this one's keys.
    ///
    /// # Errors
    /// The store's.
    pub async fn beside(
        &self,
        store: MemoryStore,
        shelving: Shelving,
    ) -> Result<Replica<MemoryStore>, ReplicaError> {
        Replica::open_sealed(store, Rc::clone(&self.sealer), shelving).await
    }
}

//! What a page says, before it is sealed: postcard, then LZ4.

use super::{PageState, lz4};
use satchel_wire::{RecordId, Stream};
use serde::{Deserialize, Serialize};

/// The format of what is inside.
const FORMAT: u8 = 1;
/// No page unpacks to more: what claims to is damaged.
const MOST: usize = 64 << 20;

/// Why bytes are not a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BadPage;

/// An index page.
#[derive(Serialize, Deserialize)]
pub(super) struct Index<'a> {
    /// [`super::Briefs::format`] of its briefs.
    pub(super) brief_format: u16,
    /// The body page in which its records lie, in the same order.
    pub(super) body: u32,
    #[serde(borrow)]
    pub(super) entries: Vec<Entry<'a>>,
}

/// One record of an index page.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry<'a> {
    pub(super) id: RecordId,
    pub(super) version: u64,
    pub(super) stream: Stream,
    pub(super) state: PageState,
    #[serde(borrow, with = "serde_bytes")]
    pub(super) brief: Option<&'a [u8]>,
}

/// A record's new state; its content stays where it is. It is about one copy: should that be lost and the record
/// come again, its versions count anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) id: RecordId,
    /// The index page of the copy.
    pub(super) page: u32,
    pub(super) version: u64,
    pub(super) state: PageState,
}

/// The records of a body page, unpacked once, read by place.
pub(super) struct Bodies {
    bytes: Vec<u8>,
    places: Vec<(u32, u32)>,
}

impl Bodies {
    /// Packs records.
    pub(super) fn pack<'a>(records: impl ExactSizeIterator<Item = &'a [u8]> + Clone) -> Vec<u8> {
        let size: usize = records.clone().map(|record| record.len() + 4).sum();
        let mut plain = Vec::with_capacity(size + 4);
        plain.extend((records.len() as u32).to_be_bytes());
        for record in records {
            plain.extend((record.len() as u32).to_be_bytes());
            plain.extend_from_slice(record);
        }
        squeeze(&plain)
    }

    /// Unpacks what [`Self::pack`] packed.
    pub(super) fn unpack(packed: &[u8]) -> Result<Self, BadPage> {
        let bytes = unsqueeze(packed)?;
        let count = number(&bytes, 0)?;
        let mut places = Vec::new();
        let mut at = 4;
        for _ in 0..count {
            let len = number(&bytes, at)?;
            let end = (at + 4).checked_add(len as usize).filter(|end| *end <= bytes.len()).ok_or(BadPage)?;
            places.push((at as u32 + 4, len));
            at = end;
        }
        Ok(Self { bytes, places })
    }

    /// The record at a place.
    pub(super) fn get(&self, slot: u16) -> Option<&[u8]> {
        let (at, len) = *self.places.get(usize::from(slot))?;
        self.bytes.get(at as usize..(at + len) as usize)
    }
}

fn number(bytes: &[u8], at: usize) -> Result<u32, BadPage> {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).ok_or(BadPage)?;
    Ok(u32::from_be_bytes(four))
}

/// Packs an index or marks.
pub(super) fn pack<T: Serialize>(page: &T) -> Vec<u8> {
    let plain = postcard::to_allocvec(page).expect("a page holds no type that postcard cannot write");
    squeeze(&plain)
}

/// The plain bytes of an index or marks, to be read in place by [`read`].
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>, BadPage> {
    unsqueeze(packed)
}

pub(super) fn read<'a, T: Deserialize<'a>>(plain: &'a [u8]) -> Result<T, BadPage> {
    postcard::from_bytes(plain).map_err(|_| BadPage)
}

fn squeeze(plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(plain.len() / 4 * 3 + 64);
    packed.push(FORMAT);
    packed.extend((plain.len() as u32).to_le_bytes());
    lz4::compress(plain, &mut packed);
    packed
}

fn unsqueeze(packed: &[u8]) -> Result<Vec<u8>, BadPage> {
    let (format, rest) = packed.split_first().ok_or(BadPage)?;
    let (size, _) = lz4_flex::block::uncompressed_size(rest).map_err(|_| BadPage)?;
    if *format != FORMAT || size > MOST {
        return Err(BadPage);
    }
    lz4_flex::block::decompress_size_prepended(rest).map_err(|_| BadPage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_back_by_place() {
        let records: [&[u8]; 3] = [b"one", b"", "客户".as_bytes()];
        let bodies = Bodies::unpack(&Bodies::pack(records.iter().copied())).expect("unpacks");
        let back: Vec<_> = (0..4).map(|slot| bodies.get(slot)).collect();
        assert_eq!(back, [Some(records[0]), Some(records[1]), Some(records[2]), None]);
    }

    #[test]
    fn what_is_cut_or_changed_is_told_and_never_panics() {
        let packed = Bodies::pack([b"some record".as_slice(); 20].into_iter());
        for cut in 0..packed.len() {
            assert!(Bodies::unpack(&packed[..cut]).is_err(), "cut at {cut}");
        }
        for at in 0..packed.len() {
            let mut changed = packed.clone();
            changed[at] ^= 0x55;
            let _either = Bodies::unpack(&changed).map(|bodies| bodies.get(19).map(<[u8]>::len));
        }
        assert!(unpack(&[FORMAT, 0xff, 0xff, 0xff, 0xff, 0]).is_err());
    }
}

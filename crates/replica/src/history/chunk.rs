//! One chunk: some entries, in a place of their device's chain, signed.
//!
//! ```text
//! { "b": body, "s": signature }       body: CBOR as bytes, so that what was signed is what is checked
//! body = { "v": 1, "d": device, "k": key of the author, "n": number, "p": hash of the body before, "c": claim,
//!          "e": [entry…] }
//! ```

use crate::Vouched;
use satchel_wire::{DeviceId, Etag, RecordId, SpaceId, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};

/// The format that this app writes.
const FORMAT: u8 = 1;
/// A chunk with so many entries is full.
pub const MOST_ENTRIES: usize = 64;
/// A chunk that the server does not have yet is full at so many bytes of entries.
const FULL: usize = 32 * 1024;
/// A chunk that the server has is sent again whole to add to it: it is full sooner.
const FULL_WHEN_SENT: usize = 4 * 1024;
/// No chunk has more bytes of entries unless it has one entry only: it must fit one sealed record.
const LARGEST: usize = 224 * 1024;

/// The row in which a device's chunk of this number lies. A number that was given twice is thus one row, for
/// which the server lets one writer win.
pub fn chunk_id(space: SpaceId, device: DeviceId, number: u32) -> RecordId {
    let parts: [&[u8]; 4] =
        [b"satchel/history/chunk/1", &space.0, &device.0.to_be_bytes(), &number.to_be_bytes()];
    let Etag(hash) = Etag::of(&parts.concat());
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    RecordId(id)
}

/// What a chunk says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Chunk {
    #[serde(rename = "v")]
    format: u8,
    /// Whose chain.
    #[serde(rename = "d")]
    pub(crate) device: DeviceId,
    /// Checks the signature: the identity of whoever wrote. What was written before there were teams has none,
    /// and is signed by the device's own key.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none", with = "serde_bytes")]
    pub(crate) key: Option<[u8; 32]>,
    /// From 1, without holes.
    #[serde(rename = "n")]
    pub(crate) number: u32,
    /// The hash of the body of the chunk before; `None` in the first.
    #[serde(rename = "p")]
    pub(crate) prev: Option<Etag>,
    /// What the device had found equal on the server when it wrote the chunk's last entry.
    #[serde(rename = "c")]
    pub(crate) claim: Option<Vouched>,
    /// Encoded entries.
    #[serde(rename = "e")]
    pub(crate) entries: Vec<ByteBuf>,
}

/// A chunk as it lies sealed.
#[derive(Serialize, Deserialize)]
struct Signed {
    #[serde(rename = "b")]
    body: ByteBuf,
    #[serde(rename = "s")]
    signature: ByteArray<64>,
}

/// A chunk that was read: the very bytes that were signed beside what they say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Read {
    pub(crate) chunk: Chunk,
    pub(crate) body: Vec<u8>,
    pub(crate) signature: [u8; 64],
}

/// Why bytes are not a chunk that this app can read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BadChunk;

/// How two chunks of one number stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kin {
    /// The other says all that this one says, and perhaps more.
    Grown,
    /// This one says more.
    Older,
    /// Each says something that the other does not: the device's history was written twice.
    Forked,
}

impl Chunk {
    /// One without entries; `prev` is the hash of the one before it.
    pub(crate) fn new(device: DeviceId, number: u32, prev: Option<Etag>) -> Self {
        Self { format: FORMAT, device, key: None, number, prev, claim: None, entries: Vec::new() }
    }

    /// Whether another entry of `len` bytes may be added; `sent`: the server has it already.
    pub(crate) fn has_room(&self, len: usize, sent: bool) -> bool {
        let bytes: usize = self.entries.iter().map(|entry| entry.len()).sum();
        let full = if sent { FULL_WHEN_SENT } else { FULL };
        self.entries.is_empty()
            || (self.entries.len() < MOST_ENTRIES && bytes < full && bytes + len <= LARGEST)
    }

    /// The bytes that are signed.
    pub(crate) fn body(&self) -> Vec<u8> {
        to_cbor(self)
    }

    /// How `theirs`, a chunk of the same number, stands to this one.
    pub(crate) fn kin(&self, theirs: &Self) -> Kin {
        let Self { format: _, device, key, number, prev, claim: _, entries } = self;
        let same_place = (*device, *number, *prev) == (theirs.device, theirs.number, theirs.prev);
        // Authors were not named once: the one that says more may name whom the other one does not, never the reverse.
        let grown = *key == theirs.key || key.is_none();
        let older = *key == theirs.key || theirs.key.is_none();
        match same_place {
            true if grown && theirs.entries.starts_with(entries) => Kin::Grown,
            true if older && entries.starts_with(&theirs.entries) => Kin::Older,
            _ => Kin::Forked,
        }
    }
}

/// A chunk as bytes to be sealed.
pub(crate) fn signed(body: Vec<u8>, signature: [u8; 64]) -> Vec<u8> {
    to_cbor(&Signed { body: ByteBuf::from(body), signature: ByteArray::new(signature) })
}

impl Read {
    /// Reads what [`signed`] wrote. Whether the signature is right is not asked here.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, BadChunk> {
        let Signed { body, signature } = from_cbor(bytes).map_err(|_| BadChunk)?;
        let chunk: Chunk = from_cbor(&body).map_err(|_| BadChunk)?;
        if chunk.format > FORMAT || chunk.number == 0 {
            return Err(BadChunk);
        }
        Ok(Self { chunk, body: body.into_vec(), signature: signature.into_array() })
    }

    /// What the next chunk of the chain names it by.
    pub(crate) fn hash(&self) -> Etag {
        Etag::of(&self.body)
    }
}

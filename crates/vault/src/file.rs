//! Chunks of a file that lies beside records: each sealed under the file's own key, which only a sealed record holds.
//!
//! Sealed: `format (1) ‖ nonce ‖ ciphertext ‖ tag`, padded within, bound to the file, the chunk's place in it and how
//! many chunks there are: so a chunk that was exchanged, moved or taken from another file does not open, and nothing
//! that was cut short is taken for the whole. The space is not bound: a file that moves keeps its chunks.

use crate::cipher::{Cipher, NONCE, TAG};
use crate::entropy::{Entropy, NoEntropy, random};
use crate::{FORMAT, OpenError, SealError, padding};
use satchel_wire::FileId;

/// Most bytes of content in one chunk: with its length in front 256 KiB, which PADMÉ leaves as they are.
pub const FILE_CHUNK: usize = 256 * 1024 - padding::PREFIX;

/// Where a chunk belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChunkPlace {
    /// The file.
    pub file: FileId,
    /// Its place in the file; 0 is the preview.
    pub index: u32,
    /// How many chunks the file has.
    pub count: u32,
}

impl ChunkPlace {
    fn context(&self) -> Vec<u8> {
        let Self { file, index, count } = self;
        let label = b"satchel/file/1".as_slice();
        [label, &[FORMAT], &file.0, &index.to_be_bytes(), &count.to_be_bytes()].concat()
    }
}

/// A fresh key for one file.
///
/// # Errors
/// The platform gave no random bytes.
pub fn make_file_key(entropy: &mut dyn Entropy) -> Result<[u8; 32], NoEntropy> {
    random(entropy)
}

/// Seals a chunk.
///
/// # Errors
/// [`SealError::TooLarge`] above [`FILE_CHUNK`]; the platform gave no random bytes.
pub fn seal_file_chunk(
    key: &[u8; 32],
    place: ChunkPlace,
    content: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let too_large = SealError::TooLarge { len: content.len(), max: FILE_CHUNK };
    let fits = content.len() <= FILE_CHUNK;
    let padded = padding::padded_len(content.len()).filter(|_| fits).ok_or(too_large)?;
    let mut out = Vec::with_capacity(1 + NONCE + padded + TAG);
    out.push(FORMAT);
    let cipher = Cipher::new(key);
    cipher.seal(&place.context(), &mut out, |out| padding::pad(content, padded, out), entropy)?;
    Ok(out)
}

/// Opens a chunk; at another place, or of another file, it does not open.
///
/// # Errors
/// [`OpenError::Newer`] for a format of a later version, else [`OpenError::Damaged`].
pub fn open_file_chunk(key: &[u8; 32], place: ChunkPlace, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (format, rest) = sealed.split_first().ok_or(OpenError::Damaged)?;
    if *format != FORMAT {
        return Err(OpenError::Newer { format: *format });
    }
    let padded = Cipher::new(key).open(&place.context(), rest);
    padded.and_then(padding::unpad).ok_or(OpenError::Damaged)
}

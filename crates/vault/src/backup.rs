//! A backup: one file, sealed in chunks, of which any change, cut or exchange is told with its place.
//!
//! ```text
//! file    = "SATCHELB" ‖ format (1) ‖ length of the header (u32) ‖ header ‖ chunk…
//! header  = CBOR { account, space, made_ms, salt, content }, in clear
//! chunk   = last? (1) ‖ length of what follows (u32) ‖ nonce ‖ ciphertext ‖ tag
//! ```
//!
//! All chunks are sealed under one key of the file, which the random salt makes its own. The associated data
//! names the whole beginning of the file by its hash, the chunk's index, and whether it is the last: so no
//! chunk opens at another place, in another file, or as an end that is none. Neither writer nor reader ever
//! holds more than one chunk.

use satchel_wire::{AccountId, Etag, SpaceId, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::account::AccountKey;
use crate::cipher::{Cipher, NONCE, TAG};
use crate::derive::{derive, secret32};
use crate::entropy::{Entropy, NoEntropy, random};
use crate::{FORMAT, SealError};

/// The longest content of a chunk, bytes.
pub const BACKUP_CHUNK: usize = 256 * 1024 - FRAME - NONCE - TAG;
/// The longest header, bytes: what opens an account is some kilobytes, a keyring of thousands of spaces less
/// than this.
const MAX_HEADER: usize = 2 * 1024 * 1024;
const MAGIC: &[u8; 8] = b"SATCHELB";
/// Magic, format, length of the header.
const PREFIX: usize = 8 + 1 + 4;
/// Last or not, length of what follows.
const FRAME: usize = 1 + 4;

secret32! {
    /// Opens the backups of an account; derived from the account key.
    BackupKey
}

impl BackupKey {
    /// The backup key of an account.
    pub fn derive(account: &AccountKey) -> Self {
        Self(*account.derive(b"satchel/backup/1"))
    }

    fn cipher(&self, salt: &[u8; 32]) -> Cipher {
        Cipher::new(&Zeroizing::new(derive(Some(salt), &self.0, &[b"satchel/backup/file/1"])))
    }
}

/// What stands in clear in front of a backup: how to come to its key, and nothing of its content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BackupHeader {
    /// Whose.
    pub account: AccountId,
    /// Of which space.
    pub space: SpaceId,
    /// When it was begun, ms since 1970 UTC.
    pub made_ms: u64,
    /// Random; makes the file's key its own.
    #[serde(with = "serde_bytes")]
    pub salt: [u8; 32],
    /// The sealed ways into the account and its sealed keyring, as the server would give them.
    #[serde(with = "serde_bytes")]
    pub content: Vec<u8>,
}

/// Why a file is not a whole backup of this account. Places are in bytes from the file's beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BackupError {
    /// It does not begin as a backup does.
    #[error("not a backup")]
    NotABackup,
    /// Written in a format that this version does not know.
    #[error("a backup in format {format}, which this version does not know")]
    Newer {
        /// The format that it names.
        format: u8,
    },
    /// It ends before its end.
    #[error("cut off at byte {at}")]
    Cut {
        /// Where.
        at: u64,
    },
    /// What begins here is not what was written here.
    #[error("damaged from byte {at} on")]
    Damaged {
        /// Where.
        at: u64,
    },
}

/// Seals a backup, chunk by chunk.
pub struct BackupWriter {
    cipher: Cipher,
    hash: Etag,
    index: u64,
}

impl BackupWriter {
    /// Begins a file; gives its first bytes.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn begin(
        key: &BackupKey,
        account: AccountId,
        space: SpaceId,
        made_ms: u64,
        content: Vec<u8>,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Vec<u8>), NoEntropy> {
        let header = BackupHeader { account, space, made_ms, salt: random(entropy)?, content };
        let encoded = to_cbor(&header);
        let mut opening = MAGIC.to_vec();
        opening.push(FORMAT);
        opening.extend_from_slice(&(encoded.len() as u32).to_be_bytes());
        opening.extend_from_slice(&encoded);
        let (cipher, hash) = (key.cipher(&header.salt), Etag::of(&opening));
        Ok((Self { cipher, hash, index: 0 }, opening))
    }

    /// Seals the next chunk; after the last nothing may follow.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] beyond [`BACKUP_CHUNK`]; [`SealError::NoEntropy`].
    pub fn chunk(
        &mut self,
        content: &[u8],
        is_last: bool,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        if content.len() > BACKUP_CHUNK {
            return Err(SealError::TooLarge { len: content.len(), max: BACKUP_CHUNK });
        }
        let sealed = NONCE + content.len() + TAG;
        let mut out = Vec::with_capacity(FRAME + sealed);
        out.push(u8::from(is_last));
        out.extend_from_slice(&(sealed as u32).to_be_bytes());
        let context = context(self.hash, self.index, is_last);
        self.cipher.seal(&context, &mut out, |out| out.extend_from_slice(content), entropy)?;
        self.index += 1;
        Ok(out)
    }
}

/// Opens a backup, chunk by chunk, from whatever pieces its file is read in.
pub struct BackupReader {
    cipher: Cipher,
    hash: Etag,
    index: u64,
    /// Bytes that were read and are not opened yet.
    held: Vec<u8>,
    /// Where `held` begins.
    at: u64,
    ended: bool,
}

/// The beginning of a file: the header and how many bytes lie in front of the chunks; `None` while there
/// must be more bytes to tell.
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::Newer`], [`BackupError::Damaged`].
pub fn backup_header(bytes: &[u8]) -> Result<Option<(BackupHeader, usize)>, BackupError> {
    let known = bytes.len().min(MAGIC.len());
    if bytes[..known] != MAGIC[..known] {
        return Err(BackupError::NotABackup);
    }
    match bytes.get(MAGIC.len()) {
        Some(&format) if format != FORMAT => return Err(BackupError::Newer { format }),
        _ => {}
    }
    let Some(prefix) = bytes.first_chunk::<PREFIX>() else { return Ok(None) };
    let [.., a, b, c, d] = *prefix;
    let len = u32::from_be_bytes([a, b, c, d]) as usize;
    let damaged = BackupError::Damaged { at: PREFIX as u64 };
    if len > MAX_HEADER {
        return Err(damaged);
    }
    let Some(encoded) = bytes.get(PREFIX..PREFIX + len) else { return Ok(None) };
    let header = from_cbor(encoded).map_err(|_| damaged)?;
    Ok(Some((header, PREFIX + len)))
}

impl BackupReader {
    /// Opens what follows `opening`: the file's first bytes, as many as [`backup_header`] said.
    ///
    /// # Errors
    /// As [`backup_header`]; [`BackupError::Cut`] where that would ask for more.
    pub fn new(key: &BackupKey, opening: &[u8]) -> Result<Self, BackupError> {
        let at = opening.len() as u64;
        let (header, _) = backup_header(opening)?.ok_or(BackupError::Cut { at })?;
        let (cipher, hash) = (key.cipher(&header.salt), Etag::of(opening));
        Ok(Self { cipher, hash, index: 0, held: Vec::new(), at, ended: false })
    }

    /// Takes the file's next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// The next chunk's content; `None` while more bytes are needed, or at the end.
    ///
    /// # Errors
    /// [`BackupError::Damaged`], also for anything behind the last chunk.
    pub fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, BackupError> {
        let damaged = BackupError::Damaged { at: self.at };
        if self.ended {
            return if self.held.is_empty() { Ok(None) } else { Err(damaged) };
        }
        let Some([last, a, b, c, d]) = self.held.first_chunk::<FRAME>().copied() else { return Ok(None) };
        let len = u32::from_be_bytes([a, b, c, d]) as usize;
        if last > 1 || len > BACKUP_CHUNK + NONCE + TAG {
            return Err(damaged);
        }
        let Some(sealed) = self.held.get(FRAME..FRAME + len) else { return Ok(None) };
        let content = self.cipher.open(&context(self.hash, self.index, last == 1), sealed).ok_or(damaged)?;
        self.held.drain(..FRAME + len);
        self.at += (FRAME + len) as u64;
        self.index += 1;
        self.ended = last == 1;
        Ok(Some(content))
    }

    /// To be called when the file has no more bytes.
    ///
    /// # Errors
    /// [`BackupError::Cut`] when its last chunk was not among them.
    pub fn finish(&self) -> Result<(), BackupError> {
        let at = self.at + self.held.len() as u64;
        if self.ended { Ok(()) } else { Err(BackupError::Cut { at }) }
    }
}

impl std::fmt::Debug for BackupReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BackupReader")
            .field("index", &self.index)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The associated data: label, format, hash of the file's beginning, index, last or not.
fn context(hash: Etag, index: u64, is_last: bool) -> Vec<u8> {
    let parts: [&[u8]; 5] =
        [b"satchel/backup/1", &[FORMAT], &hash.0, &index.to_be_bytes(), &[u8::from(is_last)]];
    parts.concat()
}

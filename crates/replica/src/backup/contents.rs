//! What stands in a backup's chunks: a row of items, each `kind (1) ‖ length (u32) ‖ bytes`, cut anywhere.

use crate::{Cursor, LocalItem, StoredRow};
use satchel_vault::BACKUP_CHUNK;
use satchel_wire::{DeviceId, FileId, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};

/// The version of the contents that this app writes.
const VERSION: u16 = 1;
/// The longest item: a row with its base and another's version, each as large as a record may be.
const LONGEST: usize = 4 * 1024 * 1024;
/// Kind, length.
const HEAD: usize = 1 + 4;

const MANIFEST: u8 = 1;
const ROW: u8 = 2;
const LOCAL: u8 = 3;
const END: u8 = 4;
const CHUNK: u8 = 5;
/// File, index.
const CHUNK_HEAD: usize = 16 + 4;

/// The first item: whose copy this was.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    version: u16,
    /// The device that wrote the file.
    pub device: DeviceId,
    /// How far it had read.
    pub cursor: Cursor,
    /// Whether the server knew the account.
    pub registered: bool,
}

impl Manifest {
    pub(super) fn new(device: DeviceId, cursor: Cursor, registered: bool) -> Self {
        Self { version: VERSION, device, cursor, registered }
    }
}

/// The last item: what was written, so that a writer that lost its way is found out too.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
struct End {
    rows: u64,
    locals: u64,
    #[serde(default)]
    chunks: u64,
}

/// Something in a backup.
#[derive(Clone, PartialEq, Debug)]
pub enum BackupItem {
    /// Whose copy this was.
    Manifest(Manifest),
    /// A row.
    Row(StoredRow),
    /// A sealed local item.
    Local(LocalItem),
    /// A sealed chunk of a file: which file, its place there, and its bytes.
    Chunk(FileId, u32, Vec<u8>),
}

/// The contents open, and a newer app has written them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("written by a newer app")]
pub struct NewerBackup;

/// Items into chunks.
#[derive(Default)]
pub(super) struct Packer {
    buffer: Vec<u8>,
    /// Bytes that were put so far.
    put: usize,
    end: End,
}

impl Packer {
    /// How many bytes were put so far.
    pub(super) fn len(&self) -> usize {
        self.put
    }

    pub(super) fn put(&mut self, item: &BackupItem) {
        match item {
            BackupItem::Manifest(manifest) => self.push(MANIFEST, &to_cbor(manifest)),
            BackupItem::Row(row) => {
                self.end.rows += 1;
                self.push(ROW, &row.encode());
            }
            BackupItem::Local(LocalItem { key, sealed }) => {
                self.end.locals += 1;
                self.push(LOCAL, &to_cbor(&(key, serde_bytes::Bytes::new(sealed))));
            }
            BackupItem::Chunk(file, index, sealed) => {
                self.end.chunks += 1;
                self.push(CHUNK, &[file.0.as_slice(), &index.to_be_bytes(), sealed].concat());
            }
        }
    }

    fn push(&mut self, kind: u8, bytes: &[u8]) {
        self.buffer.push(kind);
        self.buffer.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        self.buffer.extend_from_slice(bytes);
        self.put += HEAD + bytes.len();
    }

    /// A full chunk, if there is one.
    pub(super) fn full(&mut self) -> Option<Vec<u8>> {
        (self.buffer.len() > BACKUP_CHUNK).then(|| self.buffer.drain(..BACKUP_CHUNK).collect())
    }

    /// The rest, ended; in as many chunks as it takes, the last one last.
    pub(super) fn rest(mut self) -> Vec<Vec<u8>> {
        let end = to_cbor(&self.end);
        self.push(END, &end);
        self.buffer.chunks(BACKUP_CHUNK).map(<[u8]>::to_vec).collect()
    }
}

/// Chunks into items.
#[derive(Default)]
pub struct BackupItems {
    held: Vec<u8>,
    read: End,
    ended: bool,
}

impl BackupItems {
    /// Takes the next chunk's content.
    pub fn feed(&mut self, content: &[u8]) {
        self.held.extend_from_slice(content);
    }

    /// The items that are whole by now. What a newer app added is passed over.
    ///
    /// # Errors
    /// [`NewerBackup`] for what can only be a newer app's, as the file is known to be what was written.
    pub fn take(&mut self) -> Result<Vec<BackupItem>, NewerBackup> {
        let (mut items, mut at) = (Vec::new(), 0);
        while let Some([kind, a, b, c, d]) = self.held[at..].first_chunk::<HEAD>().copied() {
            let len = u32::from_be_bytes([a, b, c, d]) as usize;
            if len > LONGEST {
                return Err(NewerBackup);
            }
            let Some(bytes) = self.held.get(at + HEAD..at + HEAD + len) else { break };
            items.extend(self.read.item(kind, bytes, &mut self.ended)?);
            at += HEAD + len;
        }
        self.held.drain(..at);
        Ok(items)
    }

    /// To be called behind the last chunk.
    ///
    /// # Errors
    /// [`NewerBackup`] when something is lacking that this version would have written.
    pub fn finish(&self) -> Result<(), NewerBackup> {
        if self.ended && self.held.is_empty() { Ok(()) } else { Err(NewerBackup) }
    }
}

impl End {
    fn item(&mut self, kind: u8, bytes: &[u8], ended: &mut bool) -> Result<Option<BackupItem>, NewerBackup> {
        match kind {
            MANIFEST => {
                let manifest: Manifest = from_cbor(bytes).map_err(|_| NewerBackup)?;
                let known = manifest.version <= VERSION;
                if known { Ok(Some(BackupItem::Manifest(manifest))) } else { Err(NewerBackup) }
            }
            ROW => {
                self.rows += 1;
                Ok(Some(BackupItem::Row(StoredRow::decode(bytes).map_err(|_| NewerBackup)?)))
            }
            LOCAL => {
                self.locals += 1;
                let (key, sealed): (String, serde_bytes::ByteBuf) =
                    from_cbor(bytes).map_err(|_| NewerBackup)?;
                Ok(Some(BackupItem::Local(LocalItem { key, sealed: sealed.into_vec() })))
            }
            CHUNK => {
                self.chunks += 1;
                let (head, sealed) = bytes.split_first_chunk::<CHUNK_HEAD>().ok_or(NewerBackup)?;
                let (file, index) = head.split_first_chunk::<16>().ok_or(NewerBackup)?;
                let index = u32::from_be_bytes(index.try_into().map_err(|_| NewerBackup)?);
                Ok(Some(BackupItem::Chunk(FileId(*file), index, sealed.to_vec())))
            }
            END => {
                *ended = from_cbor::<Self>(bytes).is_ok_and(|end| end == *self);
                if *ended { Ok(None) } else { Err(NewerBackup) }
            }
            _ => Ok(None),
        }
    }
}

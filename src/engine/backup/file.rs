//! A backup's file, read in slices: never more of it is in memory than a slice and a chunk.

use super::{Stop, fault};
use crate::engine::Cancel;
use crate::engine::host::{File, Host, UnreadableFile};
use crate::port::{BackupFault, FailureCode};
use satchel_replica::{BackupItem, BackupItems};
use satchel_vault::{BackupError, BackupHeader, BackupKey, BackupReader, backup_header};

/// Bytes that are read at once.
const SLICE: u64 = 256 * 1024;

/// Where a backup's bytes come from.
pub(super) enum Source<F> {
    /// The file that was chosen.
    File(F),
    /// Made here of the file of this name.
    Made(String, Box<[u8]>),
}

impl<F: File> File for Source<F> {
    fn name(&self) -> String {
        match self {
            Self::File(file) => file.name(),
            Self::Made(name, _) => name.clone(),
        }
    }

    fn size(&self) -> u64 {
        match self {
            Self::File(file) => file.size(),
            Self::Made(_, bytes) => bytes.len() as u64,
        }
    }

    async fn read(&self, start: u64, end: u64) -> Result<Vec<u8>, UnreadableFile> {
        match self {
            Self::File(file) => file.read(start, end).await,
            Self::Made(_, bytes) => {
                let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
                let part = range.and_then(|(start, end)| bytes.get(start..end));
                part.map(<[u8]>::to_vec).ok_or(UnreadableFile)
            }
        }
    }
}

/// A file being read, item by item.
pub(super) struct Reading<'a, H: Host> {
    host: &'a H,
    file: &'a Source<H::File>,
    reader: BackupReader,
    items: BackupItems,
    at: u64,
}

/// What stands in front, and its very bytes.
pub(super) async fn header<F: File>(file: &F) -> Result<(BackupHeader, Vec<u8>), Stop> {
    let (size, mut end) = (file.size(), SLICE);
    loop {
        let mut bytes = slice(file, 0, end.min(size)).await?;
        if let Some((header, len)) = backup_header(&bytes).map_err(fault)? {
            bytes.truncate(len);
            return Ok((header, bytes));
        }
        if end >= size {
            return Err(fault(BackupError::Cut { at: size }));
        }
        end = end.saturating_mul(2);
    }
}

async fn slice<F: File>(file: &F, start: u64, end: u64) -> Result<Vec<u8>, Stop> {
    Ok(file.read(start, end).await.map_err(|_| FailureCode::UnreadableFile)?)
}

impl<'a, H: Host> Reading<'a, H> {
    /// Begins behind the header.
    pub(super) async fn open(host: &'a H, file: &'a Source<H::File>, key: &BackupKey) -> Result<Self, Stop> {
        let (_, opening) = header(file).await?;
        let reader = BackupReader::new(key, &opening).map_err(fault)?;
        Ok(Self { host, file, reader, items: BackupItems::default(), at: opening.len() as u64 })
    }

    /// The items of the next slice; `None` behind the last one, when the file is known to be whole.
    pub(super) async fn next(&mut self, cancel: &Cancel) -> Result<Option<Vec<BackupItem>>, Stop> {
        if cancel.asked() {
            return Err(FailureCode::Cancelled.into());
        }
        let size = self.file.size();
        if self.at >= size {
            self.reader.finish().map_err(fault)?;
            self.items.finish().map_err(|_| Stop::Fault(BackupFault::Newer))?;
            return Ok(None);
        }
        let end = (self.at + SLICE).min(size);
        self.reader.feed(&slice(self.file, self.at, end).await?);
        self.at = end;
        while let Some(chunk) = self.reader.next_chunk().map_err(fault)? {
            self.items.feed(&chunk);
        }
        self.host.breathe().await;
        Ok(Some(self.items.take().map_err(|_| Stop::Fault(BackupFault::Newer))?))
    }

    /// Bytes that were read.
    pub(super) fn at(&self) -> u64 {
        self.at
    }
}

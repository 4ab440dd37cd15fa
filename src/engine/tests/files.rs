//! Files that a test hands to the engine.

use crate::engine::host::{self, UnreadableFile};

/// A file in memory.
pub(super) struct TextFile {
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl host::File for TextFile {
    fn name(&self) -> String {
        self.name.into()
    }

    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    async fn read(&self, start: u64, end: u64) -> Result<Vec<u8>, UnreadableFile> {
        let range = usize::try_from(start).ok().zip(usize::try_from(end).ok()).ok_or(UnreadableFile)?;
        self.bytes.get(range.0..range.1).map(<[u8]>::to_vec).ok_or(UnreadableFile)
    }
}

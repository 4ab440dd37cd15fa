//! The port to where this device keeps files: sealed chunks in a place of their own, each under its file and index.
//!
//! Chunks never change and are told from what they are sealed to, so there are no versions to compare: what is kept
//! twice is the same, and what is gone can be had again from the server.

use crate::StoreError;
use satchel_wire::FileId;
use std::collections::BTreeMap;

/// Which chunks of which files are here.
pub type Chunks = BTreeMap<FileId, Vec<u32>>;

/// Where this device keeps files.
#[allow(async_fn_in_trait, reason = "runs on one thread, in a worker or a test: no future here needs Send")]
pub trait FileStore {
    /// Keeps a chunk, through a power cut; one that is there is written over by the same.
    async fn keep_chunk(&self, file: FileId, index: u32, sealed: Vec<u8>) -> Result<(), StoreError>;

    /// A chunk, if it is here.
    async fn chunk(&self, file: FileId, index: u32) -> Result<Option<Vec<u8>>, StoreError>;

    /// Which chunks are here, of one file or of all; indices rise.
    async fn chunks(&self, file: Option<FileId>) -> Result<Chunks, StoreError>;

    /// Drops all of a file.
    async fn drop_chunks(&self, file: FileId) -> Result<(), StoreError>;
}

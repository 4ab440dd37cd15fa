//! Files that lie beside records: sealed chunks, each stored once and never replaced.

use crate::SpaceId;
use serde::{Deserialize, Serialize};

id16!(
    /// A file of a space; random, made on the device. What it is, is told only inside a sealed record.
    FileId
);

/// Most chunks of a file: its preview, and 25 MiB.
pub const MAX_FILE_CHUNKS: u32 = 102;
/// Most bytes of one sealed chunk: 256 KiB with their seal.
pub const MAX_FILE_CHUNK: usize = 256 * 1024 + 29;
/// Most files that one request asks about.
pub const MAX_FILES_ASKED: usize = 256;

/// One chunk of a file: the body of `POST /v1/spaces/{space}/files/{file}/{index}`, and the answer to a `GET` there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileChunk {
    /// How many chunks the file has, the preview among them.
    pub count: u32,
    /// The chunk, sealed; opaque.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// `POST /v1/spaces/{space}/files/held`, and `…/files/drop`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FilesAsked {
    /// At most [`MAX_FILES_ASKED`].
    pub files: Vec<FileId>,
}

/// What the server has of the files that it was asked about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FilesHeld {
    /// Those of which it has anything.
    pub files: Vec<FileHeld>,
}

/// What the server has of one file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileHeld {
    /// Which.
    pub file: FileId,
    /// How many chunks it has.
    pub count: u32,
    /// Those that are there, rising.
    pub held: Vec<u32>,
}

impl FileHeld {
    /// Whether all of it is there.
    pub fn is_whole(&self) -> bool {
        self.held.len() as u64 == u64::from(self.count)
    }
}

impl FileId {
    /// The address of one of its chunks.
    pub fn chunk_path(self, space: SpaceId, index: u32) -> String {
        format!("/v1/spaces/{}/files/{}/{index}", space.to_hex(), self.to_hex())
    }
}

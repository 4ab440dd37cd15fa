//! Chunks of files: taken once, given to members, forgotten when a member who may write says so.

use axum::extract::{Path, State};
use satchel_wire::{
    FileChunk, FileId, FilesAsked, FilesHeld, MAX_FILE_CHUNK, MAX_FILE_CHUNKS, MAX_FILES_ASKED, SpaceId,
};

use crate::{
    audit::{self, Audited},
    body::{Cbor, Reply},
    log::{ChunkAt, ChunkPut, Denied},
    problem::Problem,
    service::Shared,
    signed::{Signed, Space},
};

/// Most bytes of a chunk's message: the chunk, and what is around it.
const CHUNK_BODY: usize = MAX_FILE_CHUNK + 256;
/// Most bytes of a request that names files.
const ASKED_BODY: usize = MAX_FILES_ASKED * 32 + 256;

/// Reads `…/{space}/files/{file}/{index}`, each in its one spelling.
fn place((space, file, index): (String, String, String)) -> Result<ChunkAt, Problem> {
    let space = SpaceId::from_hex(&space).filter(|it| it.to_hex() == space);
    let file = FileId::from_hex(&file).filter(|it| it.to_hex() == file);
    let index = index.parse().ok().filter(|it: &u32| it.to_string() == index && *it < MAX_FILE_CHUNKS);
    match (space, file, index) {
        (Some(space), Some(file), Some(index)) => Ok(ChunkAt { space, file, index }),
        _ => Err(Problem::Malformed),
    }
}

/// Takes a chunk. The same place again is a success, whatever comes: nothing is ever replaced.
pub(crate) async fn put(
    State(service): State<Shared>,
    Signed(session): Signed,
    Path(path): Path<(String, String, String)>,
    Cbor(chunk): Cbor<CHUNK_BODY, FileChunk>,
) -> Result<Reply<FilesHeld>, Problem> {
    let at = place(path)?;
    if chunk.sealed.len() > MAX_FILE_CHUNK {
        return Err(Problem::TooLarge);
    }
    if chunk.sealed.is_empty() || chunk.count > MAX_FILE_CHUNKS || at.index >= chunk.count {
        return Err(Problem::Malformed);
    }
    let kept = service.log().keep_chunk(session, at, chunk, service.now_ms()).await?;
    if kept == Err(Denied::Quota) {
        audit::note(session.account, Audited::QuotaReached);
    }
    if kept? == ChunkPut::Other {
        return Err(Problem::Taken);
    }
    let held = service.log().files_held(session.account, at.space, vec![at.file], service.now_ms());
    Ok(Reply(FilesHeld { files: held.await?? }))
}

/// Gives a chunk.
pub(crate) async fn get(
    State(service): State<Shared>,
    Signed(session): Signed,
    Path(path): Path<(String, String, String)>,
) -> Result<Reply<FileChunk>, Problem> {
    let at = place(path)?;
    let chunk = service.log().chunk(session.account, at, service.now_ms()).await??;
    chunk.map(Reply).ok_or(Problem::NotFound)
}

/// Says what there is of some files.
pub(crate) async fn held(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
    Cbor(asked): Cbor<ASKED_BODY, FilesAsked>,
) -> Result<Reply<FilesHeld>, Problem> {
    let files = few(asked)?;
    let held = service.log().files_held(session.account, space, files, service.now_ms());
    Ok(Reply(FilesHeld { files: held.await?? }))
}

/// Forgets files: what they were was erased. The answer names nothing.
pub(crate) async fn forget(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
    Cbor(asked): Cbor<ASKED_BODY, FilesAsked>,
) -> Result<Reply<FilesHeld>, Problem> {
    let files = few(asked)?;
    service.log().forget_files(session, space, files, service.now_ms()).await??;
    Ok(Reply(FilesHeld { files: Vec::new() }))
}

fn few(asked: FilesAsked) -> Result<Vec<FileId>, Problem> {
    if asked.files.len() > MAX_FILES_ASKED { Err(Problem::TooLarge) } else { Ok(asked.files) }
}

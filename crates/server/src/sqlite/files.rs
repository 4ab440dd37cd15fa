//! Which chunks of which files there are, under which names their bytes lie, and what they count for.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};
use satchel_wire::{FileHeld, FileId, SpaceId};

use crate::{
    log::{ChunkPut, Denied, LogError, Role, Session},
    sqlite::{
        deleted::denied,
        error::{storage, stored},
        quota::{Quota, Size, grow, shrink},
        spaces::standing,
    },
};

/// A chunk on its way in; its bytes lie under `name` already.
#[derive(Clone, Debug)]
pub(super) struct Coming {
    pub(super) space: SpaceId,
    pub(super) file: FileId,
    pub(super) place: u32,
    pub(super) count: u32,
    pub(super) name: String,
    pub(super) bytes: u64,
}

/// Who may write here; `Err` says why she may not.
fn editor(
    connection: &Connection,
    writer: Session,
    space: SpaceId,
    now_ms: u64,
) -> Result<Result<(), Denied>, LogError> {
    match standing(connection, space, writer.account, now_ms)? {
        None => Ok(Err(denied(connection, space)?)),
        Some((_, role)) if role < Role::Editor => Ok(Err(Denied::ReadOnly)),
        Some(_) => Ok(Ok(())),
    }
}

/// Whether a chunk may be taken, asked before its bytes are written.
pub(super) fn weigh(
    connection: &Connection,
    writer: Session,
    coming: &Coming,
    now_ms: u64,
) -> Result<Result<ChunkPut, Denied>, LogError> {
    if let Err(denied) = editor(connection, writer, coming.space, now_ms)? {
        return Ok(Err(denied));
    }
    Ok(Ok(match count_of(connection, coming.space, coming.file)? {
        Some(count) if count != coming.count => ChunkPut::Other,
        _ if name(connection, coming.space, coming.file, coming.place)?.is_some() => ChunkPut::There,
        _ => ChunkPut::Stored,
    }))
}

/// Takes a chunk, unless it is there, or the space may not become larger.
pub(super) fn keep(
    connection: &Connection,
    writer: Session,
    coming: &Coming,
    quota: Quota,
    now_ms: u64,
) -> Result<Result<ChunkPut, Denied>, LogError> {
    let weighed = weigh(connection, writer, coming, now_ms)?;
    if weighed != Ok(ChunkPut::Stored) {
        return Ok(weighed);
    }
    let size = Size { records: 0, bytes: stored(coming.bytes) };
    if !grow(connection, coming.space, size, quota)? {
        return Ok(Err(Denied::Quota));
    }
    let Coming { space, file, place, count, name, .. } = coming;
    connection
        .prepare_cached(
            "INSERT INTO chunk (space_id, file_id, place, count, name, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .and_then(|mut insert| insert.execute((space.0, file.0, place, count, name, size.bytes)))
        .map_err(storage)?;
    Ok(Ok(ChunkPut::Stored))
}

fn count_of(connection: &Connection, space: SpaceId, file: FileId) -> Result<Option<u32>, LogError> {
    let sql = "SELECT count FROM chunk WHERE space_id = ?1 AND file_id = ?2 LIMIT 1";
    let mut asked = connection.prepare_cached(sql).map_err(storage)?;
    asked.query_row((space.0, file.0), |row| row.get(0)).optional().map_err(storage)
}

/// The name of a chunk.
pub(super) fn name(
    connection: &Connection,
    space: SpaceId,
    file: FileId,
    place: u32,
) -> Result<Option<(String, u32)>, LogError> {
    let sql = "SELECT name, count FROM chunk WHERE space_id = ?1 AND file_id = ?2 AND place = ?3";
    let mut asked = connection.prepare_cached(sql).map_err(storage)?;
    let found = asked.query_row((space.0, file.0, place), |row| Ok((row.get(0)?, row.get(1)?)));
    found.optional().map_err(storage)
}

/// What there is of these files.
pub(super) fn held(
    connection: &Connection,
    space: SpaceId,
    files: &[FileId],
) -> Result<Vec<FileHeld>, LogError> {
    let sql = "SELECT place, count FROM chunk WHERE space_id = ?1 AND file_id = ?2 ORDER BY place";
    let mut asked = connection.prepare_cached(sql).map_err(storage)?;
    let mut held = Vec::new();
    for file in files {
        let rows = asked.query_map((space.0, file.0), |row| Ok((row.get(0)?, row.get(1)?)));
        let places = rows.map_err(storage)?.collect::<Result<Vec<(u32, u32)>, _>>().map_err(storage)?;
        if let Some((_, count)) = places.first() {
            let held_places = places.iter().map(|(place, _)| *place).collect();
            held.push(FileHeld { file: *file, count: *count, held: held_places });
        }
    }
    Ok(held)
}

/// Forgets files; gives the names under which their bytes lie.
pub(super) fn forget(
    connection: &Connection,
    writer: Session,
    space: SpaceId,
    files: &[FileId],
    now_ms: u64,
) -> Result<Result<Vec<String>, Denied>, LogError> {
    if let Err(denied) = editor(connection, writer, space, now_ms)? {
        return Ok(Err(denied));
    }
    let sql = "DELETE FROM chunk WHERE space_id = ?1 AND file_id = ?2 RETURNING name, bytes";
    let mut delete = connection.prepare_cached(sql).map_err(storage)?;
    let mut names = Vec::new();
    for file in files {
        let rows = delete.query_map((space.0, file.0), |row| Ok((row.get(0)?, row.get(1)?)));
        let gone = rows.map_err(storage)?.collect::<Result<Vec<(String, i64)>, _>>().map_err(storage)?;
        let bytes = gone.iter().map(|(_, bytes)| bytes).sum();
        shrink(connection, space, Size { records: 0, bytes })?;
        names.extend(gone.into_iter().map(|(name, _)| name));
    }
    Ok(Ok(names))
}

/// The names of all chunks of a space, or of all spaces.
pub(super) fn names(connection: &Connection, space: Option<SpaceId>) -> Result<BTreeSet<String>, LogError> {
    let sql = "SELECT name FROM chunk WHERE ?1 IS NULL OR space_id = ?1";
    let mut asked = connection.prepare(sql).map_err(storage)?;
    let rows = asked.query_map([space.map(|space| space.0)], |row| row.get(0)).map_err(storage)?;
    rows.collect::<Result<_, _>>().map_err(storage)
}

/// Forgets chunks whose bytes are not there any more, so that they can be sent again.
pub(super) fn forget_lost(connection: &Connection, names: &BTreeSet<String>) -> Result<(), LogError> {
    let sql = "DELETE FROM chunk WHERE name = ?1 RETURNING space_id, bytes";
    let mut delete = connection.prepare(sql).map_err(storage)?;
    let mut lost: BTreeMap<[u8; 16], i64> = BTreeMap::new();
    for name in names {
        let gone = delete.query_row([name], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)));
        let (space, bytes) = gone.map_err(storage)?;
        *lost.entry(space).or_default() += bytes;
    }
    for (space, bytes) in lost {
        shrink(connection, SpaceId(space), Size { records: 0, bytes })?;
    }
    Ok(())
}

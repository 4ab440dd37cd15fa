//! Dropping the graves that are old enough, a batch a transaction.

use rusqlite::Connection;
use satchel_ledger::{GRAVE_MS, Purge, purge};
use satchel_wire::{RecordId, SpaceId};

use crate::{
    log::LogError,
    sqlite::{
        error::{storage, stored},
        quota,
        rows::SpaceRows,
        spaces::state,
    },
};

/// Most graves in one transaction: bounds how long a push waits behind it.
const BATCH: usize = 500;

const DUE: &str = "SELECT DISTINCT space_id FROM record WHERE stream = 2 AND received_ms <= ?1";

/// The spaces with graves that are old enough.
pub(super) fn due(connection: &Connection, now_ms: u64) -> Result<Vec<SpaceId>, LogError> {
    let latest = now_ms.saturating_sub(GRAVE_MS);
    let mut statement = connection.prepare_cached(DUE).map_err(storage)?;
    let found = statement.query_map([stored(latest)], |row| row.get(0).map(SpaceId)).map_err(storage)?;
    found.collect::<Result<_, _>>().map_err(storage)
}

/// Drops a batch inside the writer's transaction, and raises the floor with it. Returns how many.
pub(super) fn drop_batch(connection: &Connection, space: SpaceId, now_ms: u64) -> Result<usize, LogError> {
    let Some(state) = state(connection, space, now_ms)? else {
        return Ok(0);
    };
    let Some(Purge { records, floor }) = purge(&SpaceRows { connection, space }, state, BATCH)? else {
        return Ok(0);
    };
    let sizes = records.iter().map(|record| quota::of(connection, space, *record));
    let dropped = sizes.sum::<Result<_, _>>()?;
    records.iter().try_for_each(|record| forget(connection, space, *record))?;
    quota::shrink(connection, space, dropped)?;
    connection
        .execute("UPDATE space SET purge_floor = ?2 WHERE space_id = ?1", (space.0, stored(floor)))
        .map_err(storage)?;
    Ok(records.len())
}

fn forget(connection: &Connection, space: SpaceId, record: RecordId) -> Result<(), LogError> {
    connection
        .prepare_cached("DELETE FROM record WHERE space_id = ?1 AND record_id = ?2")
        .and_then(|mut statement| statement.execute((space.0, record.0)))
        .map(|_| ())
        .map_err(storage)
}

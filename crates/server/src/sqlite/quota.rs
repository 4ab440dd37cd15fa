//! How much a space holds, and how much it may.

use rusqlite::Connection;
use satchel_ledger::Entry;
use satchel_wire::{RecordId, SpaceId};

use crate::{
    log::LogError,
    sqlite::error::{storage, stored},
};

/// What one space may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quota {
    /// Most records: each counts once, however often it changes.
    pub records: u64,
    /// Most bytes of sealed records and files.
    pub bytes: u64,
}

impl Default for Quota {
    /// A team of years: a million records, 4 GiB.
    fn default() -> Self {
        Self { records: 1_000_000, bytes: 4 << 30 }
    }
}

/// How much there is, or by how much it grows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Size {
    pub(super) records: i64,
    pub(super) bytes: i64,
}

/// By how much a space grows if these are stored.
pub(super) fn growth(
    connection: &Connection,
    space: SpaceId,
    entries: &[Entry<'_>],
) -> Result<Size, LogError> {
    let mut grows = Size::default();
    for entry in entries {
        let before = of(connection, space, entry.envelope.header.record)?;
        let bytes = i64::try_from(entry.envelope.ciphertext.len()).unwrap_or(i64::MAX);
        grows.records += 1 - before.records;
        grows.bytes += bytes - before.bytes;
    }
    Ok(grows)
}

/// What one record takes; nothing where it is not there.
pub(super) fn of(connection: &Connection, space: SpaceId, record: RecordId) -> Result<Size, LogError> {
    let sql = "SELECT count(*), coalesce(sum(length(ciphertext)), 0) FROM record
               WHERE space_id = ?1 AND record_id = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(storage)?;
    let size = |row: &rusqlite::Row<'_>| Ok(Size { records: row.get(0)?, bytes: row.get(1)? });
    statement.query_row((space.0, record.0), size).map_err(storage)
}

/// Adds to what a space holds; `false`, and nothing is added, where it would grow beyond what it may. What makes
/// it smaller is always taken.
pub(super) fn grow(
    connection: &Connection,
    space: SpaceId,
    by: Size,
    quota: Quota,
) -> Result<bool, LogError> {
    let sql = "UPDATE space SET records = max(0, records + ?2), bytes = max(0, bytes + ?3)
               WHERE space_id = ?1 AND (?2 <= 0 OR records + ?2 <= ?4) AND (?3 <= 0 OR bytes + ?3 <= ?5)";
    let limits = (stored(quota.records), stored(quota.bytes));
    let mut statement = connection.prepare_cached(sql).map_err(storage)?;
    let changed = statement.execute((space.0, by.records, by.bytes, limits.0, limits.1));
    Ok(changed.map_err(storage)? == 1)
}

/// Takes away what is dropped.
pub(super) fn shrink(connection: &Connection, space: SpaceId, by: Size) -> Result<(), LogError> {
    let by = Size { records: -by.records, bytes: -by.bytes };
    grow(connection, space, by, Quota { records: 0, bytes: 0 }).map(|_| ())
}

impl std::iter::Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::default(), |sum, size| Self {
            records: sum.records + size.records,
            bytes: sum.bytes + size.bytes,
        })
    }
}

/// What a space is said to hold, and what it does.
#[cfg(test)]
pub(super) fn both(connection: &Connection, space: SpaceId) -> Result<[(u64, u64); 2], LogError> {
    use crate::sqlite::error::read;
    let one = |sql: &str| {
        let found: (i64, i64) =
            connection.query_row(sql, [space.0], |row| Ok((row.get(0)?, row.get(1)?))).map_err(storage)?;
        Ok::<_, LogError>((read(found.0)?, read(found.1)?))
    };
    Ok([
        one("SELECT records, bytes FROM space WHERE space_id = ?1")?,
        one("SELECT count(*), coalesce(sum(length(ciphertext)), 0)
             + (SELECT coalesce(sum(bytes), 0) FROM chunk WHERE space_id = ?1) FROM record WHERE space_id = ?1")?,
    ])
}

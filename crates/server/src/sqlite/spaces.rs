//! Where a space stands, and who may do what in it.

use rusqlite::{Connection, OptionalExtension, Row};
use satchel_wire::{AccountId, Incarnation, SpaceId, SpaceState};

use crate::{
    log::{LogError, Role},
    sqlite::error::{read, storage},
};

const STATE: &str = "SELECT head, incarnation, epoch, purge_floor, members FROM space WHERE space_id = ?1";

const ROLE: &str = "SELECT role FROM member WHERE space_id = ?1 AND account_id = ?2";

/// The space and the account's role in it; `None` where it is not a member.
pub(super) fn standing(
    connection: &Connection,
    space: SpaceId,
    account: AccountId,
    now_ms: u64,
) -> Result<Option<(SpaceState, Role)>, LogError> {
    let mut statement = connection.prepare_cached(ROLE).map_err(storage)?;
    let key = (space.0, account.0);
    let Some(rank) = statement.query_row(key, |row| row.get(0)).optional().map_err(storage)? else {
        return Ok(None);
    };
    let role = Role::from_rank(rank).ok_or(LogError::Damaged)?;
    let state = state(connection, space, now_ms)?.ok_or(LogError::Damaged)?;
    Ok(Some((state, role)))
}

/// Where a space stands; `None` where there is no such space.
pub(super) fn state(
    connection: &Connection,
    space: SpaceId,
    now_ms: u64,
) -> Result<Option<SpaceState>, LogError> {
    let mut statement = connection.prepare_cached(STATE).map_err(storage)?;
    let columns = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
    let found = statement.query_row([space.0], columns).optional().map_err(storage)?;
    let state = found.map(|(head, incarnation, epoch, purge_floor, members)| {
        let (head, purge_floor, members) = (read(head)?, read(purge_floor)?, read(members)?);
        let incarnation = Incarnation(incarnation);
        Ok(SpaceState { head, incarnation, epoch, purge_floor, server_ms: now_ms, members })
    });
    state.transpose()
}

/// Gives every space a new incarnation and ends every session. Returns the count of spaces.
pub(super) fn renew_incarnations(connection: &mut Connection) -> Result<usize, LogError> {
    let transaction = connection.transaction().map_err(storage)?;
    let spaces = transaction.execute("UPDATE space SET incarnation = randomblob(16)", []).map_err(storage)?;
    transaction.execute("DELETE FROM session", []).map_err(storage)?;
    transaction.commit().map_err(storage)?;
    Ok(spaces)
}

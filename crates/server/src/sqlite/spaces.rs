//! Where a space stands, and who may do what in it.

use rusqlite::{Connection, OptionalExtension};
use satchel_wire::{AccountId, Incarnation, SpaceId, SpaceState};

use crate::{
    log::{LogError, Role},
    sqlite::error::{read, storage},
};

const STANDING: &str = "
    SELECT space.head, space.incarnation, space.epoch, space.purge_floor, member.role
    FROM space JOIN member ON member.space_id = space.space_id
    WHERE space.space_id = ?1 AND member.account_id = ?2";

/// The space and the account's role in it; `None` where it is not a member.
pub(super) fn standing(
    connection: &Connection,
    space: SpaceId,
    account: AccountId,
    now_ms: u64,
) -> Result<Option<(SpaceState, Role)>, LogError> {
    let found = connection
        .prepare_cached(STANDING)
        .and_then(|mut statement| {
            let key = (space.0, account.0);
            statement
                .query_row(key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
                .optional()
        })
        .map_err(storage)?;
    let Some((head, incarnation, epoch, purge_floor, role)) = found else {
        return Ok(None);
    };
    let state = SpaceState {
        head: read(head)?,
        incarnation: Incarnation(incarnation),
        epoch,
        purge_floor: read(purge_floor)?,
        server_ms: now_ms,
    };
    Ok(Some((state, Role::from_rank(role).ok_or(LogError::Damaged)?)))
}

/// Gives every space a new incarnation and ends every session. Returns the count of spaces.
pub(super) fn renew_incarnations(connection: &mut Connection) -> Result<usize, LogError> {
    let transaction = connection.transaction().map_err(storage)?;
    let spaces = transaction.execute("UPDATE space SET incarnation = randomblob(16)", []).map_err(storage)?;
    transaction.execute("DELETE FROM session", []).map_err(storage)?;
    transaction.commit().map_err(storage)?;
    Ok(spaces)
}

//! Deleting a space: everything of it goes in one transaction, and the signed word that did it stays.

use rusqlite::{Connection, OptionalExtension};
use satchel_wire::SpaceId;

use crate::{
    log::{Deleted, Deletion, Denied, LogError, Role},
    sqlite::{
        accounts::account,
        error::{storage, stored},
        spaces::standing,
    },
};

/// Whatever belongs to a space, what refers to it first.
const TABLES: [&str; 8] =
    ["chunk", "record", "handover", "invitation", "membership_state", "membership", "member", "space"];

/// Deletes a space, if who asks is its owner and the key that signed is still one of her account's. Saying it again
/// is a success.
pub(super) fn delete(
    connection: &Connection,
    deletion: &Deletion,
    now_ms: u64,
) -> Result<Result<Deleted, Denied>, LogError> {
    let known = account(connection, deletion.account)?;
    let slot = known.as_ref().and_then(|known| known.slot(deletion.slot));
    if slot.is_none_or(|slot| slot.login_key != deletion.login_key) {
        return Ok(Ok(Deleted::Stale));
    }
    let space = deletion.space;
    match standing(connection, space, deletion.account, now_ms)? {
        Some((_, Role::Owner)) => {}
        Some(_) => return Ok(Err(satchel_members::Refused::NotAllowed.into())),
        None if is_by(connection, deletion)? => return Ok(Ok(Deleted::Done)),
        None => return Ok(Err(denied(connection, space)?)),
    }
    erase(connection, deletion)?;
    let row = (space.0, deletion.account.0, stored(now_ms), &deletion.signed);
    connection
        .execute(
            "INSERT INTO deleted (space_id, account_id, deleted_ms, signed) VALUES (?1, ?2, ?3, ?4)",
            row,
        )
        .map_err(storage)?;
    Ok(Ok(Deleted::Done))
}

/// Everything of the space, and the device that asked: it erases itself.
fn erase(connection: &Connection, deletion: &Deletion) -> Result<(), LogError> {
    for table in TABLES {
        connection
            .execute(&format!("DELETE FROM {table} WHERE space_id = ?1"), [deletion.space.0])
            .map_err(storage)?;
    }
    let device = (deletion.account.0, deletion.device.0.cast_signed());
    for table in ["session", "handover", "device"] {
        connection
            .execute(&format!("DELETE FROM {table} WHERE account_id = ?1 AND device_id = ?2"), device)
            .map_err(storage)?;
    }
    Ok(())
}

fn is_by(connection: &Connection, deletion: &Deletion) -> Result<bool, LogError> {
    let key = (deletion.space.0, deletion.account.0);
    connection
        .query_row("SELECT 1 FROM deleted WHERE space_id = ?1 AND account_id = ?2", key, |_| Ok(()))
        .optional()
        .map(|found| found.is_some())
        .map_err(storage)
}

/// The signed word that deleted a space.
pub(super) fn signed(connection: &Connection, space: SpaceId) -> Result<Option<Vec<u8>>, LogError> {
    connection
        .query_row("SELECT signed FROM deleted WHERE space_id = ?1", [space.0], |row| row.get(0))
        .optional()
        .map_err(storage)
}

/// Why somebody who is no member is not let in.
pub(super) fn denied(connection: &Connection, space: SpaceId) -> Result<Denied, LogError> {
    Ok(if signed(connection, space)?.is_some() { Denied::Deleted } else { Denied::NotMember })
}

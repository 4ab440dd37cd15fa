//! What revoked devices hand over, until another device of the account takes it in.

use rusqlite::{Connection, OptionalExtension};
use satchel_wire::{AccountId, DeviceId, DeviceList, HandoverTaken, MAX_HANDOVER_PARTS, MAX_HANDOVERS};

use crate::{
    log::{Follows, GivenUp, Kept, LogError},
    sqlite::{
        accounts::account,
        deleted,
        devices::list,
        error::{storage, stored},
    },
};

/// Keeps a part of what a revoked device hands over, if the key that signed is still one of the account's.
pub(super) fn keep(connection: &Connection, given: &GivenUp, now_ms: u64) -> Result<Kept, LogError> {
    let known = account(connection, given.account)?;
    let slot = known.as_ref().and_then(|known| known.slot(given.slot));
    let signed = slot.is_some_and(|slot| slot.login_key == given.login_key);
    let revocation = revocation(connection, given.account, given.device)?;
    let (true, Some(revocation)) = (signed, revocation) else { return Ok(Kept::Stale) };
    // Of a space that was deleted nobody could take it in any more.
    if !given.sealed.is_empty() && deleted::signed(connection, given.space)?.is_none() {
        if is_full(connection, given)? {
            return Ok(Kept::Full);
        }
        lay_down(connection, given, now_ms)?;
    }
    note(connection, given, now_ms)?;
    Ok(Kept::Done(revocation))
}

/// Beside the other parts of the device; one that lies there has its place already.
fn lay_down(connection: &Connection, given: &GivenUp, now_ms: u64) -> Result<(), LogError> {
    let of = (given.account.0, given.device.0.cast_signed(), given.content);
    let row = (of.0, of.1, of.2, stored(now_ms), &given.sealed, given.space.0);
    connection
        .execute(
            "INSERT OR IGNORE INTO handover (account_id, device_id, content, handed_ms, sealed, space_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            row,
        )
        .map(|_| ())
        .map_err(storage)
}

/// It was heard of. Once all is handed over nothing waits on it any more; until then something does.
fn note(connection: &Connection, given: &GivenUp, now_ms: u64) -> Result<(), LogError> {
    let waits = match given.follows {
        Follows::Nothing => "0",
        Follows::More => "max(waiting, 1)",
    };
    connection
        .execute(
            &format!(
                "UPDATE device SET waiting = {waits}, last_ms = ?3 WHERE account_id = ?1 AND device_id = ?2"
            ),
            (given.account.0, given.device.0.cast_signed(), stored(now_ms)),
        )
        .map(|_| ())
        .map_err(storage)
}

/// Whether the account has no room left for this part beside those that lie there.
fn is_full(connection: &Connection, given: &GivenUp) -> Result<bool, LogError> {
    let key = (given.account.0, given.device.0.cast_signed(), given.content);
    let (parts, bytes): (i64, i64) = connection
        .query_row(
            "SELECT count(*), coalesce(sum(length(sealed)), 0) FROM handover
             WHERE account_id = ?1 AND NOT (device_id = ?2 AND content = ?3)",
            key,
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(storage)?;
    let bytes = bytes.saturating_add(stored(given.sealed.len() as u64));
    Ok(parts >= stored(MAX_HANDOVER_PARTS as u64) || bytes > stored(MAX_HANDOVERS))
}

fn revocation(
    connection: &Connection,
    account: AccountId,
    device: DeviceId,
) -> Result<Option<Vec<u8>>, LogError> {
    let found: Option<Option<Vec<u8>>> = connection
        .query_row(
            "SELECT revocation FROM device
             WHERE account_id = ?1 AND device_id = ?2 AND revoked_ms IS NOT NULL",
            (account.0, device.0.cast_signed()),
            |row| row.get(0),
        )
        .optional()
        .map_err(storage)?;
    Ok(found.flatten())
}

/// The oldest part of what a device handed over.
pub(super) fn read(
    connection: &Connection,
    account: AccountId,
    device: DeviceId,
) -> Result<Option<Vec<u8>>, LogError> {
    connection
        .query_row(
            "SELECT sealed FROM handover WHERE account_id = ?1 AND device_id = ?2 ORDER BY place LIMIT 1",
            (account.0, device.0.cast_signed()),
            |row| row.get(0),
        )
        .optional()
        .map_err(storage)
}

/// Drops the part that was taken in. Any other stays.
pub(super) fn taken(
    connection: &Connection,
    account: AccountId,
    taken: &HandoverTaken,
) -> Result<DeviceList, LogError> {
    connection
        .execute(
            "DELETE FROM handover WHERE account_id = ?1 AND device_id = ?2 AND content = ?3",
            (account.0, taken.device.0.cast_signed(), taken.content),
        )
        .map_err(storage)?;
    list(connection, account)
}

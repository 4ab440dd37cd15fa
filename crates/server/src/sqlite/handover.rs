//! What revoked devices hand over, until another device of the account takes it in.

use rusqlite::{Connection, OptionalExtension};
use satchel_wire::{AccountId, DeviceId, DeviceList, HandoverTaken};
use sha2::{Digest, Sha256};

use crate::{
    log::{GivenUp, Kept, LogError},
    sqlite::{
        accounts::account,
        deleted,
        devices::list,
        error::{storage, stored},
    },
};

/// Most handovers that lie at the server for one account.
const WAITING: i64 = 8;

/// Keeps what a revoked device hands over, if the key that signed is still one of the account's.
pub(super) fn keep(connection: &Connection, given: &GivenUp, now_ms: u64) -> Result<Kept, LogError> {
    let known = account(connection, given.account)?;
    let slot = known.as_ref().and_then(|known| known.slot(given.slot));
    let signed = slot.is_some_and(|slot| slot.login_key == given.login_key);
    let revocation = revocation(connection, given.account, given.device)?;
    let (true, Some(revocation)) = (signed, revocation) else { return Ok(Kept::Stale) };
    if !given.sealed.is_empty() && others(connection, given.account, given.device)? >= WAITING {
        return Ok(Kept::Full);
    }
    note(connection, given, now_ms)?;
    // Of a space that was deleted nobody could take it in any more.
    if given.sealed.is_empty() || deleted::signed(connection, given.space)?.is_some() {
        return Ok(Kept::Done(revocation));
    }
    let row = (given.account.0, given.device.0.cast_signed(), stored(now_ms), &given.sealed, given.space.0);
    connection
        .execute(
            "INSERT OR REPLACE INTO handover (account_id, device_id, handed_ms, sealed, space_id)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            row,
        )
        .map_err(storage)?;
    Ok(Kept::Done(revocation))
}

/// It was heard of, and nothing waits on it any more.
fn note(connection: &Connection, given: &GivenUp, now_ms: u64) -> Result<(), LogError> {
    connection
        .execute(
            "UPDATE device SET waiting = 0, last_ms = ?3 WHERE account_id = ?1 AND device_id = ?2",
            (given.account.0, given.device.0.cast_signed(), stored(now_ms)),
        )
        .map(|_| ())
        .map_err(storage)
}

fn others(connection: &Connection, account: AccountId, device: DeviceId) -> Result<i64, LogError> {
    connection
        .query_row(
            "SELECT count(*) FROM handover WHERE account_id = ?1 AND device_id <> ?2",
            (account.0, device.0.cast_signed()),
            |row| row.get(0),
        )
        .map_err(storage)
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

/// What a device handed over.
pub(super) fn read(
    connection: &Connection,
    account: AccountId,
    device: DeviceId,
) -> Result<Option<Vec<u8>>, LogError> {
    connection
        .query_row(
            "SELECT sealed FROM handover WHERE account_id = ?1 AND device_id = ?2",
            (account.0, device.0.cast_signed()),
            |row| row.get(0),
        )
        .optional()
        .map_err(storage)
}

/// Drops what was taken in. Something that was handed over since stays.
pub(super) fn taken(
    connection: &Connection,
    account: AccountId,
    taken: &HandoverTaken,
) -> Result<DeviceList, LogError> {
    let here = read(connection, account, taken.device)?;
    if here.is_some_and(|sealed| <[u8; 32]>::from(Sha256::digest(&sealed)) == taken.content) {
        connection
            .execute(
                "DELETE FROM handover WHERE account_id = ?1 AND device_id = ?2",
                (account.0, taken.device.0.cast_signed()),
            )
            .map_err(storage)?;
    }
    list(connection, account)
}

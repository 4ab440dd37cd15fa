//! The devices of an account.

use rusqlite::{Connection, OptionalExtension, Row};
use satchel_wire::{AccountId, DeviceId, DeviceList, DeviceReport, DeviceRow, NameDevice, from_cbor};

use crate::{
    log::{LogError, Revocation, Revoked, Session},
    sqlite::{
        accounts::account,
        error::{read, storage, stored},
    },
};

/// Most devices that an account is remembered to have. Those that were not heard of for longest are forgotten,
/// but never one that was revoked: it would be let in again.
const DEVICES: i64 = 64;

/// Notes that a device signs in; `false` where it was revoked.
pub(super) fn arrives(connection: &Connection, session: &Session, now_ms: u64) -> Result<bool, LogError> {
    let key = (session.account.0, session.device.0.cast_signed());
    let revoked: Option<Option<i64>> = connection
        .query_row("SELECT revoked_ms FROM device WHERE account_id = ?1 AND device_id = ?2", key, |row| {
            row.get(0)
        })
        .optional()
        .map_err(storage)?;
    if revoked.flatten().is_some() {
        return Ok(false);
    }
    connection
        .execute(
            "INSERT INTO device (account_id, device_id, first_ms, last_ms) VALUES (?1, ?2, ?3, ?3)
             ON CONFLICT (account_id, device_id) DO UPDATE SET last_ms = ?3",
            (key.0, key.1, stored(now_ms)),
        )
        .map_err(storage)?;
    forget(connection, session.account)?;
    Ok(true)
}

fn forget(connection: &Connection, account: AccountId) -> Result<(), LogError> {
    connection
        .execute(
            "DELETE FROM device WHERE account_id = ?1 AND revoked_ms IS NULL AND device_id NOT IN (
                 SELECT device_id FROM device WHERE account_id = ?1 AND revoked_ms IS NULL
                 ORDER BY last_ms DESC, device_id LIMIT ?2)",
            (account.0, DEVICES),
        )
        .map(|_| ())
        .map_err(storage)
}

/// Takes what a device says of itself; the account's devices.
pub(super) fn report(
    connection: &Connection,
    session: &Session,
    report: &DeviceReport,
    now_ms: u64,
) -> Result<DeviceList, LogError> {
    connection
        .execute(
            "UPDATE device SET name = CASE length(?3) WHEN 0 THEN name ELSE ?3 END, waiting = ?4, last_ms = ?5
             WHERE account_id = ?1 AND device_id = ?2",
            (
                session.account.0,
                session.device.0.cast_signed(),
                &report.name,
                report.waiting,
                stored(now_ms),
            ),
        )
        .map_err(storage)?;
    list(connection, session.account)
}

/// Gives a device of the account another name.
pub(super) fn name(
    connection: &Connection,
    account: AccountId,
    named: &NameDevice,
) -> Result<DeviceList, LogError> {
    connection
        .execute(
            "UPDATE device SET name = ?3 WHERE account_id = ?1 AND device_id = ?2",
            (account.0, named.device.0.cast_signed(), &named.name),
        )
        .map_err(storage)?;
    list(connection, account)
}

/// Lets a device in no more, if the key that signed is still one of the account's. Of a device that is not known it
/// is noted too: a server that was put back to an older copy may have forgotten it.
pub(super) fn revoke(
    connection: &Connection,
    revocation: &Revocation,
    now_ms: u64,
) -> Result<Revoked, LogError> {
    let Revocation { account: id, device, slot, login_key, revoked, ref signed } = *revocation;
    let known = account(connection, id)?;
    let is_signed =
        known.as_ref().and_then(|known| known.slot(slot)).is_some_and(|slot| slot.login_key == login_key);
    if !is_signed || is_revoked(connection, id, device)? {
        return Ok(Revoked::Stale);
    }
    let key = (id.0, revoked.0.cast_signed());
    connection
        .execute(
            "INSERT INTO device (account_id, device_id, first_ms, last_ms, revoked_ms, revocation)
             VALUES (?1, ?2, ?3, ?3, ?3, ?4)
             ON CONFLICT (account_id, device_id) DO UPDATE SET revoked_ms = ?3, revocation = ?4
             WHERE revoked_ms IS NULL",
            (key.0, key.1, stored(now_ms), signed),
        )
        .map_err(storage)?;
    connection
        .execute("DELETE FROM session WHERE account_id = ?1 AND device_id = ?2", key)
        .map_err(storage)?;
    list(connection, id).map(Revoked::Done)
}

fn is_revoked(connection: &Connection, account: AccountId, device: DeviceId) -> Result<bool, LogError> {
    let key = (account.0, device.0.cast_signed());
    connection
        .query_row(
            "SELECT 1 FROM device WHERE account_id = ?1 AND device_id = ?2 AND revoked_ms IS NOT NULL",
            key,
            |_| Ok(()),
        )
        .optional()
        .map(|found| found.is_some())
        .map_err(storage)
}

pub(super) fn list(connection: &Connection, account: AccountId) -> Result<DeviceList, LogError> {
    let rows: Vec<_> = connection
        .prepare_cached(
            "SELECT device_id, name, first_ms, last_ms, waiting, revoked_ms,
                 (SELECT max(handed_ms) FROM handover AS part
                  WHERE part.account_id = device.account_id AND part.device_id = device.device_id), revocation
             FROM device WHERE account_id = ?1 ORDER BY first_ms, device_id",
        )
        .and_then(|mut statement| statement.query_map([account.0], columns)?.collect())
        .map_err(storage)?;
    let devices = rows.into_iter().map(device).collect::<Result<_, _>>()?;
    Ok(DeviceList { devices })
}

type Columns = (i64, Vec<u8>, i64, i64, u32, Option<i64>, Option<i64>, Option<Vec<u8>>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
    ))
}

fn device(
    (id, name, first_ms, last_ms, waiting, revoked_ms, handed_ms, revocation): Columns,
) -> Result<DeviceRow, LogError> {
    Ok(DeviceRow {
        device: DeviceId(id.cast_unsigned()),
        name,
        first_ms: read(first_ms)?,
        last_ms: read(last_ms)?,
        waiting,
        revoked_ms: revoked_ms.map(read).transpose()?,
        handed_ms: handed_ms.map(read).transpose()?,
        revocation: revocation.and_then(|signed| from_cbor(&signed).ok()),
    })
}

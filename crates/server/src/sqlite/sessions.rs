//! Sessions: opening, finding, ending.

use rusqlite::{Connection, OptionalExtension};
use satchel_wire::{AccountId, DeviceId, SlotId, SpaceId};

use crate::{
    log::{LogError, NewSession, Opened, Session, TokenHash},
    sqlite::{
        devices,
        error::{read, storage, stored},
    },
};

/// Opens a session whose challenge was not used before, and drops those that have ended.
pub(super) fn open(connection: &Connection, new: &NewSession, now_ms: u64) -> Result<Opened, LogError> {
    connection.execute("DELETE FROM session WHERE expires_ms <= ?1", [stored(now_ms)]).map_err(storage)?;
    let inserted = connection
        .execute(
            "INSERT INTO session (token_hash, nonce, account_id, device_id, slot_id, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (nonce) DO NOTHING",
            (
                new.token,
                new.nonce,
                new.session.account.0,
                new.session.device.0.cast_signed(),
                new.session.slot.0,
                stored(new.session.expires_ms),
            ),
        )
        .map_err(storage)?;
    if inserted == 0 {
        return Ok(Opened::NonceUsed);
    }
    if !devices::arrives(connection, &new.session, now_ms)? {
        // The challenge is spent; nobody knows the token.
        connection.execute("DELETE FROM session WHERE nonce = ?1", [new.nonce]).map_err(storage)?;
        return Ok(Opened::Revoked);
    }
    spaces_of(connection, new.session.account).map(Opened::Granted)
}

/// The session of a token, unless it has ended.
pub(super) fn find(
    connection: &Connection,
    token: TokenHash,
    now_ms: u64,
) -> Result<Option<Session>, LogError> {
    let found: Option<([u8; 16], i64, u32, i64)> = connection
        .prepare_cached(
            "SELECT account_id, device_id, slot_id, expires_ms FROM session
             WHERE token_hash = ?1 AND expires_ms > ?2",
        )
        .and_then(|mut statement| {
            let key = (token, stored(now_ms));
            statement
                .query_row(key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()
        })
        .map_err(storage)?;
    let session = found.map(|(account, device, slot, expires_ms)| {
        let account = AccountId(account);
        let device = DeviceId(device.cast_unsigned());
        Ok(Session { account, device, slot: SlotId(slot), expires_ms: read(expires_ms)? })
    });
    session.transpose()
}

/// Ends the session of a token.
pub(super) fn end_one(connection: &Connection, token: TokenHash) -> Result<(), LogError> {
    let ended = connection.execute("DELETE FROM session WHERE token_hash = ?1", [token]);
    ended.map(|_| ()).map_err(storage)
}

/// Ends the sessions of an account that were opened by a way, except those of one device.
pub(super) fn end(
    connection: &Connection,
    account: AccountId,
    slot: SlotId,
    except: DeviceId,
) -> Result<(), LogError> {
    connection
        .execute(
            "DELETE FROM session WHERE account_id = ?1 AND slot_id = ?2 AND device_id <> ?3",
            (account.0, slot.0, except.0.cast_signed()),
        )
        .map(|_| ())
        .map_err(storage)
}

fn spaces_of(connection: &Connection, account: AccountId) -> Result<Vec<SpaceId>, LogError> {
    connection
        .prepare_cached("SELECT space_id FROM member WHERE account_id = ?1 ORDER BY space_id")
        .and_then(|mut statement| statement.query_map([account.0], |row| row.get(0).map(SpaceId))?.collect())
        .map_err(storage)
}

//! Accounts and sessions.

use rusqlite::{Connection, OptionalExtension, named_params};
use satchel_ledger::FIRST_EPOCH;
use satchel_wire::{AccountId, DeviceId, Kdf, Register, SpaceId};

use crate::{
    log::{Account, LogError, NewSession, Opened, Registered, Role, Session, TokenHash},
    sqlite::{
        error::{read, storage, stored},
        spaces::standing,
    },
};

/// Stores an account and its first space, or finds them there.
pub(super) fn register(
    connection: &Connection,
    register: &Register,
    now_ms: u64,
) -> Result<Registered, LogError> {
    if let Some(known) = account(connection, register.account)? {
        let there = standing(connection, register.space, register.account, now_ms)?;
        return Ok(match there {
            Some((space, _)) if known == account_of(register) => Registered::AlreadyThere(space),
            _ => Registered::Taken,
        });
    }
    if space_exists(connection, register.space)? {
        return Ok(Registered::Taken);
    }
    insert_account(connection, register)?;
    insert_space(connection, register)?;
    let made = standing(connection, register.space, register.account, now_ms)?;
    made.map(|(space, _)| Registered::Created(space)).ok_or(LogError::Damaged)
}

/// What is known of an account.
pub(super) fn account(connection: &Connection, id: AccountId) -> Result<Option<Account>, LogError> {
    connection
        .prepare_cached(
            "SELECT login_key, kdf_memory_kib, kdf_passes, kdf_lanes, kdf_salt, slot, keyring
             FROM account WHERE account_id = ?1",
        )
        .and_then(|mut statement| {
            statement
                .query_row([id.0], |row| {
                    let kdf = Kdf {
                        memory_kib: row.get(1)?,
                        passes: row.get(2)?,
                        lanes: row.get(3)?,
                        salt: row.get(4)?,
                    };
                    let (login_key, slot, keyring) = (row.get(0)?, row.get(5)?, row.get(6)?);
                    Ok(Account { login_key, kdf, slot, keyring })
                })
                .optional()
        })
        .map_err(storage)
}

/// Opens a session whose challenge was not used before, and drops those that have ended.
pub(super) fn open_session(
    connection: &Connection,
    new: &NewSession,
    now_ms: u64,
) -> Result<Opened, LogError> {
    connection.execute("DELETE FROM session WHERE expires_ms <= ?1", [stored(now_ms)]).map_err(storage)?;
    let inserted = connection
        .execute(
            "INSERT INTO session (token_hash, nonce, account_id, device_id, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (nonce) DO NOTHING",
            (
                new.token,
                new.nonce,
                new.session.account.0,
                new.session.device.0.cast_signed(),
                stored(new.session.expires_ms),
            ),
        )
        .map_err(storage)?;
    if inserted == 0 {
        return Ok(Opened::NonceUsed);
    }
    spaces_of(connection, new.session.account).map(Opened::Granted)
}

/// The session of a token, unless it has ended.
pub(super) fn session(
    connection: &Connection,
    token: TokenHash,
    now_ms: u64,
) -> Result<Option<Session>, LogError> {
    let found: Option<([u8; 16], i64, i64)> = connection
        .prepare_cached(
            "SELECT account_id, device_id, expires_ms FROM session
             WHERE token_hash = ?1 AND expires_ms > ?2",
        )
        .and_then(|mut statement| {
            let key = (token, stored(now_ms));
            statement.query_row(key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
        })
        .map_err(storage)?;
    let session = found.map(|(account, device, expires_ms)| {
        let account = AccountId(account);
        let device = DeviceId(device.cast_unsigned());
        Ok(Session { account, device, expires_ms: read(expires_ms)? })
    });
    session.transpose()
}

fn account_of(register: &Register) -> Account {
    Account {
        login_key: register.login_key,
        kdf: register.kdf.clone(),
        slot: register.slot.clone(),
        keyring: register.keyring.clone(),
    }
}

fn spaces_of(connection: &Connection, account: AccountId) -> Result<Vec<SpaceId>, LogError> {
    connection
        .prepare_cached("SELECT space_id FROM member WHERE account_id = ?1 ORDER BY space_id")
        .and_then(|mut statement| statement.query_map([account.0], |row| row.get(0).map(SpaceId))?.collect())
        .map_err(storage)
}

fn space_exists(connection: &Connection, space: SpaceId) -> Result<bool, LogError> {
    connection
        .query_row("SELECT 1 FROM space WHERE space_id = ?1", [space.0], |_| Ok(()))
        .optional()
        .map(|found| found.is_some())
        .map_err(storage)
}

fn insert_account(connection: &Connection, register: &Register) -> Result<(), LogError> {
    let insert = "
        INSERT INTO account (account_id, login_key, kdf_memory_kib, kdf_passes, kdf_lanes,
                             kdf_salt, slot, keyring)
        VALUES (:account, :login_key, :memory_kib, :passes, :lanes, :salt, :slot, :keyring)";
    let inserted = connection.execute(
        insert,
        named_params! {
            ":account": register.account.0,
            ":login_key": register.login_key,
            ":memory_kib": register.kdf.memory_kib,
            ":passes": register.kdf.passes,
            ":lanes": register.kdf.lanes,
            ":salt": register.kdf.salt,
            ":slot": register.slot,
            ":keyring": register.keyring,
        },
    );
    inserted.map(|_| ()).map_err(storage)
}

fn insert_space(connection: &Connection, register: &Register) -> Result<(), LogError> {
    connection
        .execute(
            "INSERT INTO space (space_id, head, incarnation, epoch, purge_floor)
             VALUES (?1, 0, randomblob(16), ?2, 0)",
            (register.space.0, FIRST_EPOCH),
        )
        .map_err(storage)?;
    connection
        .execute(
            "INSERT INTO member (space_id, account_id, role) VALUES (?1, ?2, ?3)",
            (register.space.0, register.account.0, Role::Owner as i64),
        )
        .map_err(storage)?;
    Ok(())
}

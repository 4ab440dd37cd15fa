//! Accounts: registering, reading, changing.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use satchel_ledger::FIRST_EPOCH;
use satchel_wire::{AccountContent, AccountId, Kdf, Register, SlotId, SlotRecord, SpaceId, SpaceState};

use crate::{
    log::{Account, Change, Changed, LogError, Registered, Role},
    sqlite::{
        deleted,
        error::{read, storage, stored},
        sessions,
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
        let there = first_space(connection, register, now_ms)?;
        let same = known.content == register.content && there.is_some() == register.space.is_some();
        return Ok(if same { Registered::AlreadyThere(there) } else { Registered::Taken });
    }
    if let Some(space) = register.space
        && (space_exists(connection, space)? || deleted::signed(connection, space)?.is_some())
    {
        return Ok(Registered::SpaceTaken);
    }
    insert_account(connection, register)?;
    if let Some(space) = register.space {
        insert_space(connection, space, register.account)?;
    }
    Ok(Registered::Created(first_space(connection, register, now_ms)?))
}

/// Where the space stands that the account brings; `None` where it brings none, or is no member.
fn first_space(
    connection: &Connection,
    register: &Register,
    now_ms: u64,
) -> Result<Option<SpaceState>, LogError> {
    let Some(space) = register.space else { return Ok(None) };
    let there = standing(connection, space, register.account, now_ms)?;
    Ok(there.map(|(state, _)| state))
}

/// What is known of an account.
pub(super) fn account(connection: &Connection, id: AccountId) -> Result<Option<Account>, LogError> {
    let found: Option<(i64, Vec<u8>, [u8; 32])> = connection
        .prepare_cached("SELECT revision, keyring, proof FROM account WHERE account_id = ?1")
        .and_then(|mut statement| {
            statement.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
        })
        .map_err(storage)?;
    let account = found.map(|(revision, keyring, proof)| {
        let (revision, slots) = (read(revision)?, slots(connection, id)?);
        Ok(Account { content: AccountContent { revision, slots, keyring, proof } })
    });
    account.transpose()
}

/// Replaces what is kept for an account, if it is where the change saw it.
pub(super) fn change(connection: &Connection, change: &Change) -> Result<Changed, LogError> {
    let Some(known) = account(connection, change.account)? else { return Ok(Changed::Stale) };
    let stored_now = Changed::Stored { revision: change.content.revision };
    if known.content == change.content {
        return Ok(stored_now);
    }
    let signed = known.slot(change.slot).is_some_and(|slot| slot.login_key == change.login_key);
    let newer = change.content.revision > change.replaces;
    if known.content.revision != change.replaces || !newer || !signed {
        return Ok(Changed::Stale);
    }
    write(connection, change.account, &change.content)?;
    for gone in known.content.slots.iter().filter(|slot| !stays(slot, &change.content)) {
        sessions::end(connection, change.account, gone.id, change.device)?;
    }
    Ok(stored_now)
}

fn write(connection: &Connection, account: AccountId, content: &AccountContent) -> Result<(), LogError> {
    let AccountContent { revision, slots, keyring, proof } = content;
    connection
        .execute(
            "UPDATE account SET revision = ?2, keyring = ?3, proof = ?4 WHERE account_id = ?1",
            (account.0, stored(*revision), keyring, proof),
        )
        .map_err(storage)?;
    connection.execute("DELETE FROM slot WHERE account_id = ?1", [account.0]).map_err(storage)?;
    insert_slots(connection, account, slots)
}

/// Whether who came this way may go on: its login key is the same.
fn stays(slot: &SlotRecord, content: &AccountContent) -> bool {
    content.slots.iter().any(|new| (new.id, new.login_key) == (slot.id, slot.login_key))
}

fn slots(connection: &Connection, account: AccountId) -> Result<Vec<SlotRecord>, LogError> {
    connection
        .prepare_cached(
            "SELECT slot_id, kdf_memory_kib, kdf_passes, kdf_lanes, kdf_salt, login_key, sealed
             FROM slot WHERE account_id = ?1 ORDER BY slot_id",
        )
        .and_then(|mut statement| statement.query_map([account.0], slot_of)?.collect())
        .map_err(storage)
}

fn slot_of(row: &Row<'_>) -> rusqlite::Result<SlotRecord> {
    let salt: Option<[u8; 16]> = row.get(4)?;
    let kdf = match salt {
        Some(salt) => Some(Kdf { memory_kib: row.get(1)?, passes: row.get(2)?, lanes: row.get(3)?, salt }),
        None => None,
    };
    Ok(SlotRecord { id: SlotId(row.get(0)?), kdf, login_key: row.get(5)?, sealed: row.get(6)? })
}

fn space_exists(connection: &Connection, space: SpaceId) -> Result<bool, LogError> {
    connection
        .query_row("SELECT 1 FROM space WHERE space_id = ?1", [space.0], |_| Ok(()))
        .optional()
        .map(|found| found.is_some())
        .map_err(storage)
}

fn insert_account(connection: &Connection, register: &Register) -> Result<(), LogError> {
    let content = &register.content;
    connection
        .execute(
            "INSERT INTO account (account_id, revision, keyring, proof) VALUES (?1, ?2, ?3, ?4)",
            (register.account.0, stored(content.revision), &content.keyring, content.proof),
        )
        .map_err(storage)?;
    insert_slots(connection, register.account, &content.slots)
}

fn insert_slots(connection: &Connection, account: AccountId, slots: &[SlotRecord]) -> Result<(), LogError> {
    let insert = "
        INSERT INTO slot (account_id, slot_id, kdf_memory_kib, kdf_passes, kdf_lanes, kdf_salt, login_key, sealed)
        VALUES (:account, :slot, :memory_kib, :passes, :lanes, :salt, :login_key, :sealed)";
    for slot in slots {
        let kdf = slot.kdf.as_ref();
        let values = named_params! {
            ":account": account.0,
            ":slot": slot.id.0,
            ":memory_kib": kdf.map(|kdf| kdf.memory_kib),
            ":passes": kdf.map(|kdf| kdf.passes),
            ":lanes": kdf.map(|kdf| kdf.lanes),
            ":salt": kdf.map(|kdf| kdf.salt),
            ":login_key": slot.login_key,
            ":sealed": slot.sealed,
        };
        connection.execute(insert, values).map_err(storage)?;
    }
    Ok(())
}

fn insert_space(connection: &Connection, space: SpaceId, owner: AccountId) -> Result<(), LogError> {
    connection
        .execute(
            "INSERT INTO space (space_id, head, incarnation, epoch, purge_floor)
             VALUES (?1, 0, randomblob(16), ?2, 0)",
            (space.0, FIRST_EPOCH),
        )
        .map_err(storage)?;
    connection
        .execute(
            "INSERT INTO member (space_id, account_id, role) VALUES (?1, ?2, ?3)",
            (space.0, owner.0, Role::Owner as i64),
        )
        .map_err(storage)?;
    Ok(())
}

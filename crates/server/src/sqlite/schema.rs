//! Opening and migrating the database: one file a step, each step in one transaction (R34).

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, functions::FunctionFlags};
use sha2::{Digest, Sha256};

use crate::{
    log::{LogError, ServerSecret},
    sqlite::error::storage,
};

/// One file a step, never edited once released; the version is the count of steps taken.
pub(super) const STEPS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_graves.sql"),
    include_str!("migrations/0003_members.sql"),
    include_str!("migrations/0004_slots.sql"),
    include_str!("migrations/0005_devices.sql"),
    include_str!("migrations/0006_quotas.sql"),
    include_str!("migrations/0007_handover.sql"),
    include_str!("migrations/0008_deleted.sql"),
    include_str!("migrations/0009_files.sql"),
    include_str!("migrations/0010_handover_space.sql"),
    include_str!("migrations/0011_handover_parts.sql"),
];

/// Marks the file as ours: `Stch`.
const APPLICATION_ID: i64 = 0x5374_6368;

/// Takes the steps that are missing; refuses a database that a newer server wrote.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), LogError> {
    let known = STEPS.len() as i64;
    let found = version(connection)?;
    if found > known {
        return Err(LogError::Newer { found, known });
    }
    if found == 0 && !is_empty(connection)? || found < 0 {
        return Err(LogError::Damaged);
    }
    lend_sha256(connection)?;
    for (index, step) in STEPS.iter().enumerate().skip(found as usize) {
        take(connection, step, index as i64 + 1)?;
    }
    Ok(())
}

/// The secret of this database, made at the first opening.
pub(super) fn secret(connection: &Connection) -> Result<ServerSecret, LogError> {
    let fresh: ServerSecret = crate::login::random()?;
    connection
        .execute("INSERT OR IGNORE INTO meta (name, value) VALUES ('secret', ?1)", [fresh])
        .map_err(storage)?;
    connection
        .query_row("SELECT value FROM meta WHERE name = 'secret'", [], |row| row.get(0))
        .map_err(storage)
}

/// A step names what lies there by its SHA-256, which SQLite does not know.
fn lend_sha256(connection: &Connection) -> Result<(), LogError> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection
        .create_scalar_function("sha256", 1, flags, |given| {
            Ok(Sha256::digest(given.get::<Vec<u8>>(0)?).to_vec())
        })
        .map_err(storage)
}

fn take(connection: &mut Connection, step: &str, version: i64) -> Result<(), LogError> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(storage)?;
    transaction.execute_batch(step).map_err(storage)?;
    transaction.pragma_update(None, "user_version", version).map_err(storage)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(storage)?;
    transaction.commit().map_err(storage)
}

fn version(connection: &Connection) -> Result<i64, LogError> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(storage)
}

fn is_empty(connection: &Connection) -> Result<bool, LogError> {
    connection
        .query_row("SELECT 1 FROM sqlite_schema LIMIT 1", [], |_| Ok(()))
        .optional()
        .map(|found| found.is_none())
        .map_err(storage)
}

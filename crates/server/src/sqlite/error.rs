//! What SQLite says, in the words of the port; and numbers on their way in and out.

use rusqlite::{Error, ErrorCode};

use crate::log::LogError;

/// Sorts a refusal of SQLite by what an operator can do about it.
pub(super) fn storage(error: Error) -> LogError {
    match &error {
        Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DiskFull => LogError::Full,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => LogError::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => LogError::Damaged,
            _ => LogError::Database(Box::new(error)),
        },
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..) => LogError::Damaged,
        _ => LogError::Database(Box::new(error)),
    }
}

/// A number or a time for a column. Beyond `i64::MAX` there is nothing to count.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number or a time from a column; only damage makes it negative.
pub(super) fn read(number: i64) -> Result<u64, LogError> {
    u64::try_from(number).map_err(|_| LogError::Damaged)
}

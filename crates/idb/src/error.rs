//! The platform's exceptions as the store's errors.

use indexed_db_futures::error::{DomException, Error, OpenDbError};
use satchel_replica::StoreError;

pub(crate) fn damaged(what: &str) -> StoreError {
    StoreError::Damaged { what: what.to_owned() }
}

/// An exception while something is read or written.
pub(crate) fn store_error(error: Error) -> StoreError {
    match error {
        Error::DomException(exception) => exception_error(&exception),
        other => StoreError::Other(other.to_string()),
    }
}

/// An exception while a database is opened.
pub(crate) fn open_error(error: OpenDbError) -> StoreError {
    match error {
        OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => StoreError::Unavailable,
        OpenDbError::Base(Error::DomException(exception)) => match name(&exception).as_str() {
            // Private modes and blocked storage.
            "SecurityError" | "InvalidStateError" => StoreError::Unavailable,
            "VersionError" => {
                StoreError::Newer { found: crate::schema::VERSION + 1, known: crate::schema::VERSION }
            }
            _ => exception_error(&exception),
        },
        OpenDbError::Base(error) => store_error(error),
        other @ OpenDbError::VersionZero => StoreError::Other(other.to_string()),
    }
}

/// Whether a browser says of a value that it lost it. Chromium keeps a value above 64 KiB in a file of its own, which
/// other programs delete; older ones say that it is not found. Whatever else a request fails with may pass.
pub(crate) fn is_lost(error: &Error) -> bool {
    let Error::DomException(exception) = error else { return false };
    matches!(name(exception).as_str(), "NotReadableError" | "NotFoundError")
}

fn exception_error(exception: &DomException) -> StoreError {
    let name = name(exception);
    match name.as_str() {
        "QuotaExceededError" => StoreError::Quota,
        // What a closed or dying connection throws when a transaction is asked for.
        "InvalidStateError" | "AbortError" => StoreError::Closed,
        "NotFoundError" => damaged("schema"),
        "NotReadableError" => damaged("database"),
        _ => StoreError::Other(format!("{name}: {}", exception.message())),
    }
}

fn name(exception: &DomException) -> String {
    web_sys::DomException::from(exception.clone()).name()
}

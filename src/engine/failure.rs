//! Every error of the rooms below, as the code that the UI has a sentence for.

use super::transport::Trouble;
use crate::port::{Failure, FailureCode};
use satchel_domain::Invalid;
use satchel_replica::StoreError;
use satchel_vault::{DeriveError, KeyringError, NoEntropy, SealError, SlotError};

/// How a command ends badly.
pub(super) type Outcome<T> = Result<T, Failure>;

impl From<FailureCode> for Failure {
    fn from(code: FailureCode) -> Self {
        Self { code, invalid: Vec::new() }
    }
}

impl From<Vec<Invalid>> for Failure {
    fn from(invalid: Vec<Invalid>) -> Self {
        Self { code: FailureCode::Invalid, invalid }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        store(&error).into()
    }
}

/// A store's error as a code.
pub(super) fn store(error: &StoreError) -> FailureCode {
    match error {
        StoreError::Quota => FailureCode::StorageFull,
        StoreError::Blocked => FailureCode::StorageBlocked,
        StoreError::Closed => FailureCode::StorageClosed,
        StoreError::Gone => FailureCode::StorageGone,
        StoreError::Damaged { .. } => FailureCode::StorageDamaged,
        StoreError::Newer { .. } => FailureCode::StorageNewer,
        StoreError::Unavailable => FailureCode::StorageUnavailable,
        // A write that lost every race, or a code of the platform's own: a defect either way.
        StoreError::Stale(_) | StoreError::Other(_) => FailureCode::Internal,
    }
}

/// What a server gave that let this way in: if it does not open, that is no slip of the person's.
pub(super) fn given(failure: Failure) -> Failure {
    match failure.code {
        FailureCode::WrongPassphrase | FailureCode::StorageDamaged | FailureCode::NotFound => {
            FailureCode::Forged.into()
        }
        _ => failure,
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        let code = match trouble {
            Trouble::Unreachable => FailureCode::Unreachable,
            Trouble::NotTheServer => FailureCode::NotTheServer,
            Trouble::Unauthorized | Trouble::NotFound => FailureCode::UnknownAccount,
            Trouble::Revoked => FailureCode::Revoked,
            Trouble::Refused
            | Trouble::NotMember
            | Trouble::Deleted
            | Trouble::Conflict
            | Trouble::SpaceTaken
            | Trouble::Gone => FailureCode::Refused,
            Trouble::TooLarge
            | Trouble::Busy(_)
            | Trouble::SpaceFull
            | Trouble::Failed
            | Trouble::Incompatible => FailureCode::ServerError,
        };
        code.into()
    }
}

impl From<SlotError> for Failure {
    fn from(error: SlotError) -> Self {
        let code = match error {
            SlotError::WrongPassphrase => FailureCode::WrongPassphrase,
            SlotError::Damaged => FailureCode::StorageDamaged,
            SlotError::Newer { .. } => FailureCode::StorageNewer,
        };
        code.into()
    }
}

impl From<KeyringError> for Failure {
    fn from(error: KeyringError) -> Self {
        let code = match error {
            KeyringError::Newer { .. } => FailureCode::StorageNewer,
            KeyringError::Damaged | KeyringError::Taken { .. } | KeyringError::Commitment { .. } => {
                FailureCode::StorageDamaged
            }
        };
        code.into()
    }
}

impl From<DeriveError> for Failure {
    fn from(error: DeriveError) -> Self {
        let code = match error {
            DeriveError::OutOfMemory => FailureCode::OutOfMemory,
            DeriveError::TooWeak | DeriveError::TooCostly => FailureCode::StorageDamaged,
        };
        code.into()
    }
}

impl From<NoEntropy> for Failure {
    fn from(_: NoEntropy) -> Self {
        FailureCode::Internal.into()
    }
}

impl From<SealError> for Failure {
    fn from(_: SealError) -> Self {
        FailureCode::Internal.into()
    }
}

//! Why the replica could not do it.

use crate::{Reason, StoreError};
use satchel_domain::RecordId;
use satchel_vault::SealError;

/// Why the replica could not do it. Nothing was written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReplicaError {
    /// This device's store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record could not be sealed: too large, no key, no randomness.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// There is no such record.
    #[error("no record {0:?}")]
    Missing(RecordId),
    /// The record is set aside and cannot be read.
    #[error("record {0:?} is set aside: {1:?}")]
    SetAside(RecordId, Reason),
    /// Other tabs kept writing the same records; trying again later will do.
    #[error("another tab keeps writing the same records")]
    Contended,
    /// The server's answer contradicts itself.
    #[error("the server's answer makes no sense")]
    Nonsense,
}

impl ReplicaError {
    /// Whether trying again, as it is, can never help.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Store(error) => error.is_permanent(),
            Self::Contended | Self::Nonsense | Self::Seal(SealError::NoEntropy(_)) => false,
            Self::Seal(_) | Self::Missing(_) | Self::SetAside(..) => true,
        }
    }
}

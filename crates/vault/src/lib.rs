//! Keys and seals: the only crate that names a cipher.
//!
//! Pure: bytes, parameters and randomness come in as arguments, bytes or a typed error go out. No
//! clock, no storage, no network. Nothing here panics on what another device or a server sent.
//!
//! ```text
//! passphrase ─ Argon2id ─┐
//! recovery code ─────────┤
//! passkey ───────────────┤
//! account secret ── HKDF ┴─► unlock key ─► slot ─► account key ─► keyring ─► space key ─► records
//!                        └─► login key                        ├─► local key ─► what only this device keeps
//!                                                             ├─► signing keys ─► the history of each device
//!                                                             └─► identity ─► entries of membership logs, grants
//! ```
//!
//! Every sealed type has its own key or its own label in the associated data, so that one can never be
//! opened as another, and a format byte, so that a later version is told from damage. Each format has
//! vectors under `tests/vectors` that are opened for ever.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot go on fails"))]

mod account;
mod backup;
mod cipher;
mod code;
mod compare;
mod derive;
mod entropy;
mod entry;
mod file;
mod grant;
mod hpke;
mod identity;
mod invitation;
mod keyring;
mod local;
mod login;
mod name;
mod padding;
mod page;
mod passphrase;
mod secret;
mod signing;
mod space;
mod ways;

pub use account::{AccountKey, ContentKey, Slot, SlotError, Way, open_slot, seal_slot};
pub use backup::{
    BACKUP_CHUNK, BackupError, BackupHeader, BackupKey, BackupReader, BackupWriter, backup_header,
};
pub use code::CodeError;
pub use compare::{fingerprint, fingerprint_digits};
pub use entropy::{Entropy, NoEntropy};
pub use entry::{open_entry, seal_entry};
pub use file::{ChunkPlace, FILE_CHUNK, make_file_key, open_file_chunk, seal_file_chunk};
pub use grant::{GrantError, TakeError, open_grant, open_previous, seal_grant, seal_previous};
pub use identity::Identity;
pub use invitation::{InvitationSecret, LinkError, Welcome, open_welcome, seal_welcome};
pub use keyring::{Keyring, KeyringError, SealedKeyring, open_keyring, seal_keyring};
pub use local::{LocalKey, SealedLocal, open_local, seal_local};
pub use login::{
    ACCOUNT_ACTION, DELETE_ACTION, HANDOVER_ACTION, LOGIN_ACTION, LoginKey, REVOKE_ACTION, Signer,
    deleted_by, is_revocation,
};
pub use name::{open_name, seal_name};
pub use page::{PageKey, PagePlace, open_page, seal_page};
pub use passphrase::{
    Cost, DeriveError, Passphrase, calibrated, check_kdf, derive_keys, is_weaker, make_kdf, raise_kdf,
};
pub use secret::AccountSecret;
pub use signing::{DeviceKey, SigningKeys, verify_chunk};
pub use space::{Commitment, MAX_PLAINTEXT, SpaceKey, open_record, seal_record};
pub use ways::{RecoveryCode, SlotKeys, UnlockKey, passkey_input, passkey_keys};

/// The format that every seal of this crate writes.
pub const FORMAT: u8 = 1;

/// Why something was not sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SealError {
    /// The platform gave no random bytes.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// The content is longer than may be sealed at once.
    #[error("{len} bytes are more than can be sealed at once ({max})")]
    TooLarge {
        /// Bytes that were offered.
        len: usize,
        /// Bytes that would have been taken.
        max: usize,
    },
    /// The header names another format, space or epoch than the key.
    #[error("the header names another format, space or epoch than the key")]
    Mismatch,
}

/// Why something sealed was not opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpenError {
    /// Written in a format that this version does not know: an update will open it.
    #[error("sealed in format {format}, which this version does not know")]
    Newer {
        /// The format that it names.
        format: u8,
    },
    /// The keyring holds no key for this space and epoch.
    #[error("no key for epoch {epoch} of this space")]
    NoKey {
        /// The space that the envelope names.
        space: satchel_wire::SpaceId,
        /// The epoch that the envelope names.
        epoch: u32,
    },
    /// Not what was sealed under this key in this place: changed, cut short, or moved.
    #[error("not what was sealed here: changed, cut short or moved")]
    Damaged,
}

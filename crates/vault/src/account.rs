//! The account key and its slot: a random key, wrapped under the unlock key, so that a new passphrase
//! re-wraps 32 bytes and nothing else.
//!
//! A slot is `format (1) ‖ commitment (32) ‖ nonce (12) ‖ sealed account key (32) ‖ tag (16)`.
//! AES-GCM alone does not commit to its key, and a commitment to the unlock key also tells a wrong
//! passphrase from a damaged slot.

use satchel_wire::{AccountId, Kdf};
use zeroize::Zeroizing;

use crate::FORMAT;
use crate::cipher::{Cipher, NONCE, TAG};
use crate::derive::{derive, sealed_bytes, secret32};
use crate::entropy::{Entropy, NoEntropy, random};
use crate::passphrase::UnlockKey;

const COMMITMENT: usize = 32;

secret32! {
    /// Opens the keyring and what the device keeps for itself.
    AccountKey
}

impl AccountKey {
    /// A new one.
    pub fn make(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        random(entropy).map(Self)
    }

    /// The key for one purpose.
    pub(crate) fn derive(&self, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(derive(None, &self.0, &[purpose]))
    }
}

sealed_bytes! {
    /// An account key, sealed under an unlock key.
    Slot
}

/// Why a slot gave no account key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SlotError {
    /// The slot was sealed with another passphrase, account secret or parameters.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The passphrase is right, but the slot was changed or cut short.
    #[error("the account's slot is damaged")]
    Damaged,
    /// Written in a format that this version does not know.
    #[error("the account's slot is in format {format}, which this version does not know")]
    Newer {
        /// The format that it names.
        format: u8,
    },
}

/// Wraps the account key. The slot opens only for the same account and parameters.
pub fn seal_slot(
    key: &AccountKey,
    unlock: &UnlockKey,
    account: AccountId,
    kdf: &Kdf,
    entropy: &mut dyn Entropy,
) -> Result<Slot, NoEntropy> {
    let mut out = Vec::with_capacity(1 + COMMITMENT + NONCE + 32 + TAG);
    out.push(FORMAT);
    out.extend_from_slice(&commitment(unlock));
    wrapping(unlock).seal(&context(account, kdf), &mut out, |out| out.extend_from_slice(&key.0), entropy)?;
    Ok(Slot(out))
}

/// Unwraps the account key.
pub fn open_slot(
    slot: &Slot,
    unlock: &UnlockKey,
    account: AccountId,
    kdf: &Kdf,
) -> Result<AccountKey, SlotError> {
    let (format, rest) = slot.0.split_first().ok_or(SlotError::Damaged)?;
    if *format != FORMAT {
        return Err(SlotError::Newer { format: *format });
    }
    let (committed, sealed) = rest.split_first_chunk::<COMMITMENT>().ok_or(SlotError::Damaged)?;
    if *committed != commitment(unlock) {
        return Err(SlotError::WrongPassphrase);
    }
    let plain = wrapping(unlock).open(&context(account, kdf), sealed).map(Zeroizing::new);
    let key = plain.as_deref().and_then(|plain| plain.as_slice().try_into().ok());
    key.map(AccountKey).ok_or(SlotError::Damaged)
}

fn wrapping(unlock: &UnlockKey) -> Cipher {
    Cipher::new(&Zeroizing::new(derive(None, unlock.bytes(), &[b"satchel/slot/key/1"])))
}

fn commitment(unlock: &UnlockKey) -> [u8; COMMITMENT] {
    derive(None, unlock.bytes(), &[b"satchel/slot/commitment/1"])
}

/// The associated data: label, format, account, and the parameters that led to the unlock key.
fn context(account: AccountId, kdf: &Kdf) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    out.extend_from_slice(b"satchel/slot/1");
    out.push(FORMAT);
    out.extend_from_slice(&account.0);
    out.extend_from_slice(&kdf.memory_kib.to_be_bytes());
    out.extend_from_slice(&kdf.passes.to_be_bytes());
    out.extend_from_slice(&kdf.lanes.to_be_bytes());
    out.extend_from_slice(&kdf.salt);
    out
}

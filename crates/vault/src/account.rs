//! The account key and its slot: a random key, wrapped under the unlock key, so that a new passphrase
//! re-wraps 32 bytes and nothing else.
//!
//! There are several ways to the account key, each with a slot of its own: the passphrase, the recovery
//! code, passkeys. A slot is `format (1) ‖ commitment (32) ‖ nonce (12) ‖ sealed account key (32) ‖ tag (16)`.
//! AES-GCM alone does not commit to its key, and a commitment to the unlock key also tells a wrong
//! passphrase from a damaged slot.

use satchel_wire::{AccountContent, AccountId, Kdf, SlotId, SlotRecord, to_cbor};
use zeroize::Zeroizing;

use crate::FORMAT;
use crate::cipher::{Cipher, NONCE, TAG};
use crate::derive::{derive, sealed_bytes, secret32};
use crate::entropy::{Entropy, NoEntropy, random};
use crate::ways::UnlockKey;

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

    /// The same key, for another workspace of the account.
    #[must_use]
    pub fn again(&self) -> Self {
        Self(self.0)
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

/// By which way a slot is opened: bound to it, so that no slot opens as that of another way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way<'a> {
    /// The passphrase, stretched with these parameters.
    Passphrase(&'a Kdf),
    /// The recovery code.
    Recovery,
    /// The passkey of this slot.
    Passkey(SlotId),
}

/// Why a slot gave no account key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SlotError {
    /// The slot was sealed with another passphrase, code or passkey, account secret or parameters.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The key is right, but the slot was changed or cut short.
    #[error("the account's slot is damaged")]
    Damaged,
    /// Written in a format that this version does not know.
    #[error("the account's slot is in format {format}, which this version does not know")]
    Newer {
        /// The format that it names.
        format: u8,
    },
}

/// Wraps the account key. The slot opens only for the same account, by the same way.
pub fn seal_slot(
    key: &AccountKey,
    unlock: &UnlockKey,
    account: AccountId,
    way: Way<'_>,
    entropy: &mut dyn Entropy,
) -> Result<Slot, NoEntropy> {
    let mut out = Vec::with_capacity(1 + COMMITMENT + NONCE + 32 + TAG);
    out.push(FORMAT);
    out.extend_from_slice(&commitment(unlock));
    wrapping(unlock).seal(&context(account, way), &mut out, |out| out.extend_from_slice(&key.0), entropy)?;
    Ok(Slot(out))
}

/// Unwraps the account key.
pub fn open_slot(
    slot: &Slot,
    unlock: &UnlockKey,
    account: AccountId,
    way: Way<'_>,
) -> Result<AccountKey, SlotError> {
    let (format, rest) = slot.0.split_first().ok_or(SlotError::Damaged)?;
    if *format != FORMAT {
        return Err(SlotError::Newer { format: *format });
    }
    let (committed, sealed) = rest.split_first_chunk::<COMMITMENT>().ok_or(SlotError::Damaged)?;
    if *committed != commitment(unlock) {
        return Err(SlotError::WrongPassphrase);
    }
    let plain = wrapping(unlock).open(&context(account, way), sealed).map(Zeroizing::new);
    let key = plain.as_deref().and_then(|plain| plain.as_slice().try_into().ok());
    key.map(AccountKey).ok_or(SlotError::Damaged)
}

fn wrapping(unlock: &UnlockKey) -> Cipher {
    Cipher::new(&Zeroizing::new(derive(None, unlock.bytes(), &[b"satchel/slot/key/1"])))
}

fn commitment(unlock: &UnlockKey) -> [u8; COMMITMENT] {
    derive(None, unlock.bytes(), &[b"satchel/slot/commitment/1"])
}

/// The associated data: label, format, account, and what belongs to the way.
fn context(account: AccountId, way: Way<'_>) -> Vec<u8> {
    let head = |label: &[u8]| [label, &[FORMAT], &account.0].concat();
    match way {
        Way::Passphrase(kdf) => {
            let mut out = head(b"satchel/slot/1");
            for number in [kdf.memory_kib, kdf.passes, kdf.lanes] {
                out.extend_from_slice(&number.to_be_bytes());
            }
            out.extend_from_slice(&kdf.salt);
            out
        }
        Way::Recovery => head(b"satchel/slot/recovery/1"),
        Way::Passkey(slot) => [head(b"satchel/slot/passkey/1"), slot.0.to_be_bytes().to_vec()].concat(),
    }
}

/// Proves what the server keeps for an account; derived from the account key.
pub struct ContentKey(Zeroizing<[u8; 32]>);

impl ContentKey {
    /// The key of an account.
    pub fn derive(account: &AccountKey) -> Self {
        Self(account.derive(b"satchel/account/content/1"))
    }

    /// What is to be kept for the account from now on.
    pub fn content(
        &self,
        account: AccountId,
        revision: u64,
        slots: Vec<SlotRecord>,
        keyring: Vec<u8>,
    ) -> AccountContent {
        let proof = self.proof(account, revision, &slots, &keyring);
        AccountContent { revision, slots, keyring, proof }
    }

    /// Whether a holder of the account key made this for the account.
    pub fn verify(&self, account: AccountId, content: &AccountContent) -> bool {
        let AccountContent { revision, slots, keyring, proof } = content;
        self.proof(account, *revision, slots, keyring) == *proof
    }

    fn proof(&self, account: AccountId, revision: u64, slots: &[SlotRecord], keyring: &[u8]) -> [u8; 32] {
        let all = to_cbor(&(account, revision, slots, serde_bytes::Bytes::new(keyring)));
        derive(None, &*self.0, &[b"satchel/account/proof/1", &all])
    }
}

impl std::fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContentKey(..)")
    }
}

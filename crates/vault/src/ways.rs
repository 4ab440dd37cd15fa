//! The keys of a slot, whatever they come from; and the two ways that need no passphrase.

use satchel_wire::SlotId;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::code::{self, BODY, CodeError};
use crate::derive::{derive, secret32};
use crate::entropy::{Entropy, NoEntropy, random};
use crate::login::LoginKey;
use crate::secret::AccountSecret;

secret32! {
    /// Opens one of the account's slots.
    UnlockKey
}

impl UnlockKey {
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What one way into an account gives: two keys that tell nothing of each other.
#[derive(Debug)]
pub struct SlotKeys {
    /// Opens the slot.
    pub unlock: UnlockKey,
    /// Signs in to the server.
    pub login: LoginKey,
}

impl SlotKeys {
    /// Both keys from `ikm`, under the labels for unlocking and signing in.
    pub(crate) fn derive(secret: &AccountSecret, ikm: &[u8], labels: [&[u8]; 2]) -> Self {
        let key = |label: &[u8]| derive(Some(secret.as_bytes()), ikm, &[label]);
        Self { unlock: UnlockKey(key(labels[0])), login: LoginKey::from_seed(key(labels[1])) }
    }
}

/// The recovery code: 130 random bits, written down once. They need no stretching.
#[derive(ZeroizeOnDrop)]
pub struct RecoveryCode([u8; BODY]);

impl RecoveryCode {
    /// A new one.
    pub fn make(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        random(entropy).map(|bytes: [u8; BODY]| Self(bytes.map(|byte| byte & 31)))
    }

    /// As a person reads and types it: six groups of five characters.
    pub fn text(&self) -> Zeroizing<String> {
        code::write(&self.0, code::RECOVERY)
    }

    /// Reads a code as people type it. A device code in its place is [`CodeError::Other`].
    pub fn from_text(text: &str) -> Result<Self, CodeError> {
        code::read(text, code::RECOVERY).map(|body| Self(*body))
    }

    /// The keys of its slot.
    pub fn keys(&self, secret: &AccountSecret) -> SlotKeys {
        SlotKeys::derive(secret, &self.0, [b"satchel/recovery/unlock/1", b"satchel/recovery/login/1"])
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

/// What a passkey is asked to answer, by the extension PRF of WebAuthn: the same for one account, and
/// telling nothing of its secret.
pub fn passkey_input(secret: &AccountSecret) -> [u8; 32] {
    derive(None, secret.as_bytes(), &[b"satchel/passkey/input/1"])
}

/// The keys of a passkey's slot, from what the passkey answered to [`passkey_input`].
pub fn passkey_keys(secret: &AccountSecret, answer: &[u8; 32], slot: SlotId) -> SlotKeys {
    let number = slot.0.to_be_bytes();
    let ikm = Zeroizing::new([answer.as_slice(), &number].concat());
    SlotKeys::derive(secret, &ikm, [b"satchel/passkey/unlock/1", b"satchel/passkey/login/1"])
}

//! The account secret: 128 random bits that live on the person's devices and recovery sheet, and
//! never go to the server. It makes a stolen server database useless even against a weak passphrase.

use satchel_wire::AccountId;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::code::{self, CodeError};
use crate::derive::derive;
use crate::entropy::{Entropy, NoEntropy, random};

/// 128 random bits, mixed into every key that opens the account.
#[derive(Clone, ZeroizeOnDrop)]
pub struct AccountSecret([u8; 16]);

impl AccountSecret {
    /// A new one.
    pub fn make(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        random(entropy).map(Self)
    }

    /// One that the device has kept.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the device to keep.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// What the server calls the account: derived one-way, so it names nobody and opens nothing.
    pub fn account_id(&self) -> AccountId {
        AccountId(derive(None, &self.0, &[b"satchel/account-id"]))
    }

    /// The secret as a person reads and types it: six groups of five characters.
    pub fn device_code(&self) -> Zeroizing<String> {
        code::write(&code::spread(&self.0), code::DEVICE)
    }

    /// Reads a device code as people type it: any case, `O` for 0, `I` and `L` for 1, spaces and
    /// dashes anywhere. A recovery code in its place is [`CodeError::Other`].
    pub fn from_device_code(text: &str) -> Result<Self, CodeError> {
        let body = code::read(text, code::DEVICE)?;
        code::gather(&body).map(Self).ok_or(CodeError::Newer)
    }
}

impl std::fmt::Debug for AccountSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountSecret(..)")
    }
}

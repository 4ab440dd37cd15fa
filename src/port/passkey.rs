//! Passkeys: what the platform is asked, and what it answered. The platform can only be asked by the page.

use super::Secret;
use serde::{Deserialize, Serialize};

/// What the platform is to be asked. Nothing in it tells anything of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyAsk {
    /// What the extension PRF is to answer: the same for one account.
    pub input: [u8; 32],
    /// Passkeys of this device, by the platform's names for them.
    pub credentials: Vec<Vec<u8>>,
    /// Fresh random bytes: the name of a new passkey's owner, and the challenge, which nobody checks.
    pub nonce: [u8; 16],
}

/// What the platform answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyAnswer {
    /// Which passkey answered.
    pub credential: Vec<u8>,
    /// The 32 bytes of the extension PRF, in hexadecimal.
    pub answer: Secret,
}

/// A passkey of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyCard {
    /// Names it.
    pub slot: u32,
    /// Whether it was made on this device.
    pub here: bool,
}

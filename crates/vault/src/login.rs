//! Signing in: an Ed25519 key from the passphrase. The server keeps only its public half, so nothing
//! that it stores or hears equals a password.

use ed25519_dalek::{Signer, SigningKey};
use satchel_wire::{AccountId, Challenge, DeviceId, Login, LoginStatement, to_cbor};
use zeroize::Zeroizing;

/// What a login statement is for; nothing else that the key signs begins like it.
pub const LOGIN_ACTION: &str = "satchel/login/1";

/// The secret half of the login key.
pub struct LoginKey(SigningKey);

impl LoginKey {
    pub(crate) fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&Zeroizing::new(seed)))
    }

    /// The public half, which the server keeps.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Answers a challenge. `host` is host and port as in the URL that the device really talks to, so
    /// that the answer is worth nothing to another server.
    pub fn sign_login(
        &self,
        host: &str,
        challenge: &Challenge,
        account: AccountId,
        device: DeviceId,
    ) -> Login {
        let statement = to_cbor(&LoginStatement {
            action: LOGIN_ACTION.to_owned(),
            host: host.to_owned(),
            time_ms: challenge.server_ms,
            nonce: challenge.nonce,
            account,
            device,
        });
        let signature = self.0.sign(&statement).to_bytes().to_vec();
        Login { statement, signature }
    }
}

impl std::fmt::Debug for LoginKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginKey(..)")
    }
}

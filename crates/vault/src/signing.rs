//! Signatures of the history stream: one Ed25519 key a device, derived and never stored.
//!
//! The seeds come from the account key, so that every device of an account checks every other's chunks
//! without a table of keys. It follows that a signature tells an account's own devices from everybody else,
//! and that devices of one account trust each other.

use ed25519_dalek::{Signature, Signer, SigningKey};
use satchel_wire::{DeviceId, SpaceId};
use zeroize::Zeroizing;

use crate::FORMAT;
use crate::account::AccountKey;
use crate::derive::derive;

const LABEL: &[u8] = b"satchel/history/1";

/// Gives the signing key of each device of an account.
pub struct SigningKeys(Zeroizing<[u8; 32]>);

impl SigningKeys {
    /// The signing keys of an account.
    pub fn derive(account: &AccountKey) -> Self {
        Self(account.derive(b"satchel/device-sign/1"))
    }

    /// The key of one device.
    pub fn device(&self, device: DeviceId) -> DeviceKey {
        let info: [&[u8]; 2] = [b"satchel/device-sign/device/1", &device.0.to_be_bytes()];
        let seed = Zeroizing::new(derive(None, &*self.0, &info));
        DeviceKey { device, key: SigningKey::from_bytes(&seed) }
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKeys(..)")
    }
}

/// Signs and checks the chunks of one device.
pub struct DeviceKey {
    device: DeviceId,
    key: SigningKey,
}

impl DeviceKey {
    /// The device that it belongs to.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Signs the body of a chunk of history in a space.
    pub fn sign_chunk(&self, space: SpaceId, body: &[u8]) -> [u8; 64] {
        self.key.sign(&self.message(space, body)).to_bytes()
    }

    /// Whether this device signed this body for this space.
    pub fn verify_chunk(&self, space: SpaceId, body: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.key.verifying_key().verify_strict(&self.message(space, body), &signature).is_ok()
    }

    /// Label, format, space and device in front: a signature is worth nothing elsewhere.
    fn message(&self, space: SpaceId, body: &[u8]) -> Vec<u8> {
        [LABEL, &[FORMAT], &space.0, &self.device.0.to_be_bytes(), body].concat()
    }
}

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceKey").field("device", &self.device).finish_non_exhaustive()
    }
}

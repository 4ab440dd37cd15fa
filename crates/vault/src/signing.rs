//! Signatures of the history stream.
//!
//! A chunk is signed by its author's identity (the key by which the membership log knows her), over the device
//! that wrote it: so every member checks every other's chunks, and the devices of one account trust each other.
//! What was written before that was signed by a key of the device's own, derived from the account key; such
//! chunks are still checked, by devices of the same account.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use satchel_wire::{DeviceId, SpaceId};
use zeroize::Zeroizing;

use crate::FORMAT;
use crate::account::AccountKey;
use crate::derive::derive;
use crate::identity::Identity;

const LABEL: &[u8] = b"satchel/history/1";

/// Signs as an account, and checks what its devices signed with keys of their own.
pub struct SigningKeys {
    devices: Zeroizing<[u8; 32]>,
    identity: Identity,
}

impl SigningKeys {
    /// The signing keys of an account.
    pub fn derive(account: &AccountKey) -> Self {
        Self { devices: account.derive(b"satchel/device-sign/1"), identity: Identity::derive(account) }
    }

    /// Checks what [`Self::sign_chunk`] signed: the public half of the account's identity.
    pub fn public(&self) -> [u8; 32] {
        self.identity.public().sign
    }

    /// Signs the body of a chunk of history that a device of the account wrote in a space.
    pub fn sign_chunk(&self, space: SpaceId, device: DeviceId, body: &[u8]) -> [u8; 64] {
        self.identity.sign(&message(space, device, body))
    }

    /// The key of one device.
    pub fn device(&self, device: DeviceId) -> DeviceKey {
        let info: [&[u8]; 2] = [b"satchel/device-sign/device/1", &device.0.to_be_bytes()];
        let seed = Zeroizing::new(derive(None, &*self.devices, &info));
        DeviceKey { device, key: SigningKey::from_bytes(&seed) }
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKeys(..)")
    }
}

/// Signs and checks the chunks of one device, as they were signed before identities did.
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
        self.key.sign(&message(space, self.device, body)).to_bytes()
    }

    /// Whether this device signed this body for this space.
    pub fn verify_chunk(&self, space: SpaceId, body: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.key.verifying_key().verify_strict(&message(space, self.device, body), &signature).is_ok()
    }
}

/// Whether the account of this identity signed this body of a chunk of a device in a space.
pub fn verify_chunk(
    sign: &[u8; 32],
    space: SpaceId,
    device: DeviceId,
    body: &[u8],
    signature: &[u8; 64],
) -> bool {
    let signature = Signature::from_bytes(signature);
    VerifyingKey::from_bytes(sign)
        .is_ok_and(|key| key.verify_strict(&message(space, device, body), &signature).is_ok())
}

/// Label, format, space and device in front: a signature is worth nothing elsewhere.
fn message(space: SpaceId, device: DeviceId, body: &[u8]) -> Vec<u8> {
    [LABEL, &[FORMAT], &space.0, &device.0.to_be_bytes(), body].concat()
}

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceKey").field("device", &self.device).finish_non_exhaustive()
    }
}

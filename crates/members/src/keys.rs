//! Which keys are taken, and who signed.

use curve25519_dalek::montgomery::MontgomeryPoint;
use ed25519_dalek::{Signature, VerifyingKey};
use satchel_wire::members::{LABEL, PublicIdentity};

use crate::Refused;

/// Checks a signature over an entry's body.
pub(crate) fn verify(key: &[u8; 32], body: &[u8], signature: &[u8; 64]) -> Result<(), Refused> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| Refused::Signature)?;
    let message = [LABEL, body].concat();
    key.verify_strict(&message, &Signature::from_bytes(signature)).map_err(|_| Refused::Signature)
}

/// Whether a key can check signatures at all: of no small order, for which anything is signed.
pub(crate) fn is_signing(key: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(key).is_ok_and(|key| !key.is_weak())
}

/// Whether both keys can be used. To a receiving key of small order nothing can be granted: one such
/// member would keep everybody from ever removing anybody.
pub(crate) fn is_identity(identity: &PublicIdentity) -> bool {
    is_signing(&identity.sign) && MontgomeryPoint(identity.receive).mul_clamped([1; 32]).0 != [0; 32]
}

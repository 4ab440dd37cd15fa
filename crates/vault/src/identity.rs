//! A person's identity: the keys by which the members of a space know her. Derived from the account
//! key and never stored, so that every device of hers has them and a new passphrase changes nothing.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use satchel_wire::members::{LABEL, PublicIdentity};
use zeroize::Zeroizing;

use crate::account::AccountKey;
use crate::hpke;

/// The secret halves of a person's identity.
pub struct Identity {
    sign: SigningKey,
    receive: Zeroizing<[u8; 32]>,
}

impl Identity {
    /// The identity of an account.
    pub fn derive(account: &AccountKey) -> Self {
        let seed = account.derive(b"satchel/identity/sign/1");
        Self { sign: SigningKey::from_bytes(&seed), receive: account.derive(b"satchel/identity/receive/1") }
    }

    /// What others may know of it.
    pub fn public(&self) -> PublicIdentity {
        PublicIdentity { sign: self.sign.verifying_key().to_bytes(), receive: hpke::public_of(&self.receive) }
    }

    /// Signs an entry of a membership log.
    pub fn sign_entry(&self, body: &[u8]) -> [u8; 64] {
        self.sign(&[LABEL, body].concat())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.sign.sign(message).to_bytes()
    }

    pub(crate) fn receive(&self) -> &[u8; 32] {
        &self.receive
    }
}

/// Whether an identity signed this.
pub(crate) fn is_signed_by(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    let (key, signature) = (VerifyingKey::from_bytes(key), Signature::from_slice(signature));
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify_strict(message, &signature).is_ok())
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(..)")
    }
}

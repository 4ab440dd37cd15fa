//! What only this device keeps (drafts, things to review, settings of a space), sealed so that
//! nothing of a record lies on the disk in clear.
//!
//! Sealed: `format (1) ‖ nonce ‖ ciphertext ‖ tag`, padded within, bound to the name that it is
//! stored under.

use zeroize::Zeroizing;

use crate::account::AccountKey;
use crate::cipher::{Cipher, NONCE, TAG};
use crate::derive::{derive, sealed_bytes};
use crate::entropy::Entropy;
use crate::{FORMAT, OpenError, SealError, padding};

/// Seals what stays on the device; derived from the account key.
pub struct LocalKey {
    cipher: Cipher,
    names: Zeroizing<[u8; 32]>,
}

impl LocalKey {
    /// The local key of an account.
    pub fn derive(account: &AccountKey) -> Self {
        let cipher = Cipher::new(&account.derive(b"satchel/local/1"));
        Self { cipher, names: account.derive(b"satchel/local/names/1") }
    }

    /// A name that tells nobody without the key what it stands for; the same `what` has the same name.
    pub fn name(&self, what: &[u8]) -> [u8; 16] {
        derive(None, &*self.names, &[b"satchel/local/name/1", what])
    }
}

impl std::fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalKey(..)")
    }
}

sealed_bytes! {
    /// A local item, sealed.
    SealedLocal
}

/// Seals a local item under the name that it will be stored under.
pub fn seal_local(
    key: &LocalKey,
    name: &str,
    plaintext: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<SealedLocal, SealError> {
    let too_large = SealError::TooLarge { len: plaintext.len(), max: u32::MAX as usize };
    let padded = padding::padded_len(plaintext.len()).ok_or(too_large)?;
    let mut out = Vec::with_capacity(1 + NONCE + padded + TAG);
    out.push(FORMAT);
    key.cipher.seal(&context(name), &mut out, |out| padding::pad(plaintext, padded, out), entropy)?;
    Ok(SealedLocal(out))
}

/// Opens a local item; under another name it does not open.
pub fn open_local(key: &LocalKey, name: &str, sealed: &SealedLocal) -> Result<Vec<u8>, OpenError> {
    let (format, rest) = sealed.0.split_first().ok_or(OpenError::Damaged)?;
    if *format != FORMAT {
        return Err(OpenError::Newer { format: *format });
    }
    let padded = key.cipher.open(&context(name), rest);
    padded.and_then(padding::unpad).ok_or(OpenError::Damaged)
}

fn context(name: &str) -> Vec<u8> {
    [b"satchel/local/1".as_slice(), &[FORMAT], name.as_bytes()].concat()
}

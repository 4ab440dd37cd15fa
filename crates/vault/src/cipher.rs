//! AES-256-GCM with a random 96-bit nonce in front: the one place where the cipher is called.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};

use crate::entropy::{Entropy, NoEntropy, random};

/// Bytes of the nonce in front of a ciphertext.
pub(crate) const NONCE: usize = 12;
/// Bytes of the tag behind a ciphertext.
pub(crate) const TAG: usize = 16;

/// A key, expanded once.
pub(crate) struct Cipher(Box<Aes256Gcm>);

impl Cipher {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(Box::new(Aes256Gcm::new(key.into())))
    }

    /// Appends `nonce ‖ ciphertext ‖ tag` to `out`; `plain` appends the plaintext, which is then
    /// encrypted where it lies, so that no second copy of it stays in memory.
    pub(crate) fn seal(
        &self,
        context: &[u8],
        out: &mut Vec<u8>,
        plain: impl FnOnce(&mut Vec<u8>),
        entropy: &mut dyn Entropy,
    ) -> Result<(), NoEntropy> {
        let nonce: [u8; NONCE] = random(entropy)?;
        out.extend_from_slice(&nonce);
        let start = out.len();
        plain(out);
        let tag = self
            .0
            .encrypt_inout_detached(&Nonce::from(nonce), context, out[start..].as_mut().into())
            .expect("the only error is a text over 64 GiB, and every caller bounds its text below 4 GiB");
        out.extend_from_slice(&tag);
        Ok(())
    }

    /// Opens what [`Self::seal`] appended; `None` for anything else.
    pub(crate) fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
        let (text, tag) = rest.split_last_chunk::<TAG>()?;
        let mut plain = text.to_vec();
        self.0
            .decrypt_inout_detached(
                &Nonce::from(*nonce),
                context,
                plain.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .ok()?;
        Some(plain)
    }
}

#[cfg(test)]
mod tests;

//! Pages of many records at once, sealed for this device's disk.
//!
//! Sealed: `format (1) ‖ nonce ‖ ciphertext ‖ tag`, bound to the space and to the place where the page lies.
//! One call of a cipher a page costs what one call a record would; a platform that has AES of its own may
//! do it with [`PageKey::expose`], in the same bytes.

use crate::account::AccountKey;
use crate::cipher::{Cipher, NONCE, TAG};
use crate::derive::secret32;
use crate::entropy::{Entropy, NoEntropy};
use crate::{FORMAT, OpenError};
use satchel_wire::SpaceId;

secret32! {
    /// Seals pages on this person's devices; derived from the account key.
    PageKey
}

/// Where a page lies: what it is sealed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PagePlace {
    /// The space.
    pub space: SpaceId,
    /// What the page is for.
    pub kind: u8,
    /// Its number.
    pub number: u32,
}

impl PageKey {
    /// The page key of an account.
    pub fn derive(account: &AccountKey) -> Self {
        Self(*account.derive(b"satchel/page/1"))
    }

    /// The key itself, for the platform's own AES-256-GCM.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PagePlace {
    /// The associated data: label, format, space, kind, number.
    pub fn context(&self) -> Vec<u8> {
        let Self { space, kind, number } = self;
        [b"satchel/page/1".as_slice(), &[FORMAT], &space.0, &[*kind], &number.to_be_bytes()].concat()
    }
}

/// Seals a page.
pub fn seal_page(
    key: &PageKey,
    place: PagePlace,
    plaintext: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, NoEntropy> {
    let mut out = Vec::with_capacity(1 + NONCE + plaintext.len() + TAG);
    out.push(FORMAT);
    let cipher = Cipher::new(&key.0);
    cipher.seal(&place.context(), &mut out, |out| out.extend_from_slice(plaintext), entropy)?;
    Ok(out)
}

/// Opens a page; at another place it does not open.
pub fn open_page(key: &PageKey, place: PagePlace, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (format, rest) = sealed.split_first().ok_or(OpenError::Damaged)?;
    if *format != FORMAT {
        return Err(OpenError::Newer { format: *format });
    }
    Cipher::new(&key.0).open(&place.context(), rest).ok_or(OpenError::Damaged)
}

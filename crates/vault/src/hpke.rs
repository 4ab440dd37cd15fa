//! HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256) and HKDF-SHA256: the one place where it is
//! called. Who sealed is told by the signature over the entry that carries the ciphertext.

use std::convert::Infallible;

use hpke::aead::Aead;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::entropy::{Entropy, NoEntropy, random};

type Suite = X25519HkdfSha256;

/// Bytes of the encapsulated key in front of a ciphertext.
pub(crate) const ENCAPSULATED: usize = 32;

/// Why nothing was sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    NoEntropy,
    /// The receiver's key is no point that a secret can be agreed on with.
    Key,
}

impl From<NoEntropy> for Fault {
    fn from(_: NoEntropy) -> Self {
        Self::NoEntropy
    }
}

/// The public half of a receiving key.
pub(crate) fn public_of(secret: &[u8; 32]) -> [u8; 32] {
    let secret = <Suite as Kem>::PrivateKey::from_bytes(secret).expect("every 32 bytes are an X25519 key");
    Suite::sk_to_pk(&secret).to_bytes().into()
}

/// `encapsulated key ‖ ciphertext ‖ tag`, for whoever has the secret half of `to`.
pub(crate) fn seal<A: Aead>(
    to: &[u8; 32],
    info: &[u8],
    context: &[u8],
    text: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, Fault> {
    let mut seed = Seed(Zeroizing::new(random(entropy)?));
    let to = <Suite as Kem>::PublicKey::from_bytes(to).map_err(|_| Fault::Key)?;
    let sealed = hpke::single_shot_seal_with_rng::<A, HkdfSha256, Suite>(
        &OpModeS::Base,
        &to,
        info,
        text,
        context,
        &mut seed,
    );
    let (encapsulated, ciphertext) = sealed.map_err(|_| Fault::Key)?;
    Ok([encapsulated.to_bytes().as_slice(), &ciphertext].concat())
}

/// Opens what [`seal`] made; `None` for anything else.
pub(crate) fn open<A: Aead>(
    secret: &[u8; 32],
    info: &[u8],
    context: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (encapsulated, ciphertext) = sealed.split_first_chunk::<ENCAPSULATED>()?;
    let secret = <Suite as Kem>::PrivateKey::from_bytes(secret).ok()?;
    let encapsulated = <Suite as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    let opened = hpke::single_shot_open::<A, HkdfSha256, Suite>(
        &OpModeR::Base,
        &secret,
        &encapsulated,
        info,
        ciphertext,
        context,
    );
    opened.ok().map(Zeroizing::new)
}

/// The 32 random bytes that one encapsulation takes, drawn beforehand because drawing may fail.
struct Seed(Zeroizing<[u8; 32]>);

impl TryRng for Seed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("an encapsulation takes bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("an encapsulation takes bytes")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.copy_from_slice(&*self.0);
        Ok(())
    }
}

impl TryCryptoRng for Seed {}

#[cfg(test)]
mod tests;

//! Randomness as an argument, so that this crate needs no platform and vectors can be reproduced.

/// A source of random bytes.
///
/// Any `FnMut(&mut [u8]) -> Result<(), NoEntropy>` is one, so the app passes
/// `&mut |bytes: &mut [u8]| getrandom::fill(bytes).map_err(|_| NoEntropy)`.
pub trait Entropy {
    /// Fills `bytes` whole, or says that it cannot; never fills a part.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy>;
}

impl<F: FnMut(&mut [u8]) -> Result<(), NoEntropy>> Entropy for F {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        self(bytes)
    }
}

/// The platform gave no random bytes. Nothing may be sealed then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the platform gave no random bytes")]
pub struct NoEntropy;

/// `N` random bytes.
pub(crate) fn random<const N: usize>(entropy: &mut dyn Entropy) -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}

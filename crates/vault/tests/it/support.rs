//! Entropy that tests can foresee.

use satchel_vault::{Entropy, NoEntropy};
use sha2::{Digest, Sha256};

/// Gives what it was given, in order, and then nothing.
pub(crate) struct Fixed(pub(crate) Vec<u8>);

impl Entropy for Fixed {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        if self.0.len() < bytes.len() {
            return Err(NoEntropy);
        }
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

/// Gives SHA-256 of a counter, so that no two answers are alike.
#[derive(Default)]
pub(crate) struct Counting(u64);

impl Counting {
    /// Goes on where another source would not be.
    pub(crate) fn skip(&mut self) {
        self.0 += 1_000;
    }
}

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&Sha256::digest(self.0.to_be_bytes())[..chunk.len()]);
        }
        Ok(())
    }
}

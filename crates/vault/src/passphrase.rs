//! From a passphrase to the keys of its slot: Argon2id, then HKDF with the account secret.
//!
//! The parameters come from a server, so they are judged here: below the floor they would let it
//! guess the passphrase (R100), above the ceiling they would exhaust the device.

use argon2::{Algorithm, Argon2, Params, Version};
use satchel_wire::Kdf;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::entropy::{Entropy, NoEntropy, random};
use crate::secret::AccountSecret;
use crate::ways::SlotKeys;

/// Memory of [`Cost::Standard`], in KiB.
const STANDARD_KIB: u32 = 64 * 1024;
/// Memory of [`Cost::Small`], in KiB: nothing below it is taken.
const SMALL_KIB: u32 = 19 * 1024;
/// Passes of [`Cost::Standard`], and the least with so much memory.
const STANDARD_PASSES: u32 = 3;
/// Passes of [`Cost::Small`], and the least with less memory than the standard.
const SMALL_PASSES: u32 = 4;
/// The only number of lanes: a browser has one thread for this.
const LANES: u32 = 1;
/// What one derivation should take on the device that chooses the passphrase, ms.
const AIM_MS: u64 = 400;
/// The most passes that a fast device chooses: the account's slowest device derives with them too.
const CALIBRATED_PASSES: u32 = 6;
/// The most memory that is taken, in KiB.
const MAX_KIB: u32 = 1024 * 1024;
/// The most passes that are taken.
const MAX_PASSES: u32 = 16;
/// The most memory times passes, in KiB: some twenty times the work of [`Cost::Standard`].
const MAX_WORK_KIB: u64 = 4 * MAX_KIB as u64;

/// A passphrase, as it is hashed.
///
/// Unicode gives one look several spellings, keyboards and input methods choose among them, and
/// phones append a space: so it is brought to NFKC (full-width letters become plain ones), trimmed,
/// and each run of white space becomes one space. Case counts.
#[derive(ZeroizeOnDrop)]
pub struct Passphrase(String);

impl Passphrase {
    /// Takes what was typed. `nfkc` brings a text to Unicode's form NFKC; the platform has it
    /// (`String.prototype.normalize`), and its tables would add 48 KB to the download. The form of a
    /// character never changes once Unicode has it, so every platform gives the same.
    pub fn new(typed: &str, nfkc: impl FnOnce(&str) -> String) -> Self {
        let folded = Zeroizing::new(nfkc(typed));
        let mut text = String::with_capacity(folded.len());
        for word in folded.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        Self(text)
    }

    /// Characters that count, for a rule on length.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// How dear guessing is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cost {
    /// 64 MiB, 3 passes.
    Standard,
    /// 19 MiB, 4 passes: only where the memory cannot grow to the standard.
    Small,
}

/// New parameters with a random salt.
pub fn make_kdf(cost: Cost, entropy: &mut dyn Entropy) -> Result<Kdf, NoEntropy> {
    let (memory_kib, passes) = match cost {
        Cost::Standard => (STANDARD_KIB, STANDARD_PASSES),
        Cost::Small => (SMALL_KIB, SMALL_PASSES),
    };
    Ok(Kdf { memory_kib, passes, lanes: LANES, salt: random(entropy)? })
}

/// Why no key was derived.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DeriveError {
    /// The parameters are below the floor: whoever sent them wants the passphrase guessed.
    #[error("the parameters for the passphrase are weaker than this app accepts")]
    TooWeak,
    /// The parameters are above the ceiling: they would exhaust the device.
    #[error("the parameters for the passphrase are heavier than this app accepts")]
    TooCostly,
    /// The device does not have the memory that the parameters ask for.
    #[error("the device does not have the memory that the passphrase's parameters ask for")]
    OutOfMemory,
}

/// New parameters for an account that has some already: with a fresh salt, and never weaker than those.
/// What once was dear to guess stays so.
pub fn raise_kdf(cost: Cost, known: &Kdf, entropy: &mut dyn Entropy) -> Result<Kdf, NoEntropy> {
    let new = make_kdf(cost, entropy)?;
    let keep = is_weaker(&new, known);
    Ok(if keep { Kdf { salt: new.salt, ..known.clone() } } else { new })
}

/// Parameters that cost more where a derivation with these took less than it should; never less than these. A
/// time of 0 comes from a clock that tells nothing.
pub fn calibrated(kdf: &Kdf, took_ms: u64) -> Kdf {
    let wanted = u64::from(kdf.passes) * AIM_MS;
    let passes = wanted.checked_div(took_ms).and_then(|passes| u32::try_from(passes).ok()).unwrap_or(0);
    let passes = passes.min(CALIBRATED_PASSES).max(kdf.passes);
    Kdf { passes, ..kdf.clone() }
}

/// Whether parameters cost a guesser less than others: less memory, or fewer passes over the same.
pub fn is_weaker(new: &Kdf, known: &Kdf) -> bool {
    (new.memory_kib, new.passes) < (known.memory_kib, known.passes)
}

/// Whether parameters lie between the pinned floor and ceiling.
pub fn check_kdf(kdf: &Kdf) -> Result<(), DeriveError> {
    let least = if kdf.memory_kib >= STANDARD_KIB { STANDARD_PASSES } else { SMALL_PASSES };
    if kdf.memory_kib < SMALL_KIB || kdf.passes < least || kdf.lanes < LANES {
        return Err(DeriveError::TooWeak);
    }
    let work = u64::from(kdf.memory_kib) * u64::from(kdf.passes);
    if kdf.memory_kib > MAX_KIB || kdf.passes > MAX_PASSES || kdf.lanes > LANES || work > MAX_WORK_KIB {
        return Err(DeriveError::TooCostly);
    }
    Ok(())
}

/// Derives both keys. Takes a second or so and [`Kdf::memory_kib`] of memory: for a worker.
pub fn derive_keys(
    secret: &AccountSecret,
    passphrase: &Passphrase,
    kdf: &Kdf,
) -> Result<SlotKeys, DeriveError> {
    let stretched = stretch(passphrase, kdf)?;
    Ok(SlotKeys::derive(secret, &stretched[..], [b"satchel/unlock/1", b"satchel/login/1"]))
}

fn stretch(passphrase: &Passphrase, kdf: &Kdf) -> Result<Zeroizing<[u8; 32]>, DeriveError> {
    check_kdf(kdf)?;
    let mut out = Zeroizing::new([0; 32]);
    let params = Params::new(kdf.memory_kib, kdf.passes, kdf.lanes, Some(out.len()))
        .expect("check_kdf's limits lie within Argon2's own");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.0.as_bytes(), &kdf.salt, &mut out[..])
        .map_err(|_| DeriveError::OutOfMemory)?;
    Ok(out)
}

#[cfg(test)]
mod tests;

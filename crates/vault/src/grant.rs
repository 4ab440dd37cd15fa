//! How the key of a new epoch reaches those who stay, and how it leads back to the keys before.
//!
//! A *grant* is the root of an epoch's key, sealed by HPKE to one member: `format (1) ‖ encapsulated
//! key (32) ‖ ciphertext (32) ‖ tag (16)`. Beside the grants lies the root of the epoch before,
//! sealed under the new key: `format (1) ‖ nonce (12) ‖ ciphertext (32) ‖ tag (16)`. So one grant opens
//! all that was ever sealed in the space, and a turn costs one grant a member, whatever there is.

use hpke::aead::AesGcm256;
use satchel_wire::{AccountId, SpaceId};
use zeroize::Zeroizing;

use crate::cipher::Cipher;
use crate::entropy::{Entropy, NoEntropy};
use crate::identity::Identity;
use crate::space::{Commitment, SpaceKey};
use crate::{FORMAT, hpke as suite};

/// Why a grant was not made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum GrantError {
    /// The platform gave no random bytes.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// The member's receiving key is none: whoever entered it cannot be given a key.
    #[error("the member's receiving key is none")]
    Receiver,
}

/// Why a key was not taken out of a grant, or of what lies beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TakeError {
    /// Sealed in a format that this version does not know.
    #[error("sealed in format {format}, which this version does not know")]
    Newer {
        /// The format that it names.
        format: u8,
    },
    /// Not what was sealed for this member, space and epoch.
    #[error("not what was granted here: changed, cut short or moved")]
    Damaged,
    /// It opens, but holds another key than the one that was committed to.
    #[error("the key of epoch {epoch} is not the one that was committed to")]
    Commitment {
        /// The epoch.
        epoch: u32,
    },
}

/// Seals a space key for one member; `receive` is her receiving key.
///
/// # Errors
/// [`GrantError::Receiver`] if nothing can be sealed to that key.
pub fn seal_grant(
    key: &SpaceKey,
    account: AccountId,
    receive: &[u8; 32],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, GrantError> {
    let info = grant_context(key.space(), key.epoch(), account);
    let sealed = suite::seal::<AesGcm256>(receive, &info, &[], &**key.root(), entropy);
    match sealed {
        Ok(sealed) => Ok([&[FORMAT], sealed.as_slice()].concat()),
        Err(suite::Fault::NoEntropy) => Err(NoEntropy.into()),
        Err(suite::Fault::Key) => Err(GrantError::Receiver),
    }
}

/// Opens a grant of one's own and checks the key against its commitment.
pub fn open_grant(
    sealed: &[u8],
    identity: &Identity,
    account: AccountId,
    (space, epoch): (SpaceId, u32),
    commitment: Commitment,
) -> Result<SpaceKey, TakeError> {
    let rest = after_format(sealed)?;
    let info = grant_context(space, epoch, account);
    let root = suite::open::<AesGcm256>(identity.receive(), &info, &[], rest).ok_or(TakeError::Damaged)?;
    committed(space, epoch, &root, commitment)
}

/// Seals the key before under the new one.
pub fn seal_previous(
    new: &SpaceKey,
    previous: &SpaceKey,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, NoEntropy> {
    let mut out = vec![FORMAT];
    let context = previous_context(new.space(), new.epoch(), previous.epoch());
    let fill = |out: &mut Vec<u8>| out.extend_from_slice(&**previous.root());
    wrapping(new).seal(&context, &mut out, fill, entropy)?;
    Ok(out)
}

/// Opens the key of the epoch before `new` and checks it against its commitment.
pub fn open_previous(sealed: &[u8], new: &SpaceKey, commitment: Commitment) -> Result<SpaceKey, TakeError> {
    let rest = after_format(sealed)?;
    let (space, epoch) = (new.space(), new.epoch().checked_sub(1).ok_or(TakeError::Damaged)?);
    let context = previous_context(space, new.epoch(), epoch);
    let root = wrapping(new).open(&context, rest).map(Zeroizing::new).ok_or(TakeError::Damaged)?;
    committed(space, epoch, &root, commitment)
}

fn committed(space: SpaceId, epoch: u32, root: &[u8], commitment: Commitment) -> Result<SpaceKey, TakeError> {
    let root = root.try_into().map_err(|_| TakeError::Damaged)?;
    let key = SpaceKey::from_root(space, epoch, Zeroizing::new(root));
    if key.commitment() == commitment { Ok(key) } else { Err(TakeError::Commitment { epoch }) }
}

fn after_format(sealed: &[u8]) -> Result<&[u8], TakeError> {
    match sealed.split_first() {
        Some((&FORMAT, rest)) => Ok(rest),
        Some((&format, _)) => Err(TakeError::Newer { format }),
        None => Err(TakeError::Damaged),
    }
}

fn wrapping(key: &SpaceKey) -> Cipher {
    Cipher::new(&Zeroizing::new(key.purpose(b"satchel/space/previous/1")))
}

fn grant_context(space: SpaceId, epoch: u32, account: AccountId) -> Vec<u8> {
    [b"satchel/grant/1".as_slice(), &[FORMAT], &space.0, &epoch.to_be_bytes(), &account.0].concat()
}

fn previous_context(space: SpaceId, epoch: u32, before: u32) -> Vec<u8> {
    let label = b"satchel/previous/1".as_slice();
    [label, &[FORMAT], &space.0, &epoch.to_be_bytes(), &before.to_be_bytes()].concat()
}

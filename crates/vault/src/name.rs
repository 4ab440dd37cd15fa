//! What a member is called, sealed for the other members: `format (1) ‖ nonce ‖ padded name ‖ tag`.

use satchel_wire::AccountId;
use satchel_wire::members::{MAX_NAME, SealedName};
use zeroize::Zeroizing;

use crate::cipher::{Cipher, NONCE, TAG};
use crate::entropy::Entropy;
use crate::keyring::Keyring;
use crate::space::SpaceKey;
use crate::{FORMAT, OpenError, SealError, padding};

/// Seals a member's name under a space's key.
///
/// # Errors
/// [`SealError::TooLarge`] beyond some 900 bytes.
pub fn seal_name(
    key: &SpaceKey,
    account: AccountId,
    name: &str,
    entropy: &mut dyn Entropy,
) -> Result<SealedName, SealError> {
    let too_large = SealError::TooLarge { len: name.len(), max: MAX_NAME };
    let fits = |padded: &usize| 1 + NONCE + padded + TAG <= MAX_NAME;
    let padded = padding::padded_len(name.len()).filter(fits).ok_or(too_large)?;
    let mut sealed = vec![FORMAT];
    let fill = |out: &mut Vec<u8>| padding::pad(name.as_bytes(), padded, out);
    cipher(key).seal(&context(key, account), &mut sealed, fill, entropy)?;
    Ok(SealedName { epoch: key.epoch(), sealed })
}

/// Opens a member's name.
///
/// # Errors
/// [`OpenError`]; what is no text is damaged.
pub fn open_name(
    keyring: &Keyring,
    space: satchel_wire::SpaceId,
    account: AccountId,
    name: &SealedName,
) -> Result<String, OpenError> {
    let epoch = name.epoch;
    let key = keyring.key(space, epoch).ok_or(OpenError::NoKey { space, epoch })?;
    let (format, rest) = name.sealed.split_first().ok_or(OpenError::Damaged)?;
    if *format != FORMAT {
        return Err(OpenError::Newer { format: *format });
    }
    let padded = cipher(key).open(&context(key, account), rest).ok_or(OpenError::Damaged)?;
    let text = padding::unpad(padded).ok_or(OpenError::Damaged)?;
    String::from_utf8(text).map_err(|_| OpenError::Damaged)
}

fn cipher(key: &SpaceKey) -> Cipher {
    Cipher::new(&Zeroizing::new(key.purpose(b"satchel/space/name/1")))
}

fn context(key: &SpaceKey, account: AccountId) -> Vec<u8> {
    let epoch = key.epoch().to_be_bytes();
    [b"satchel/name/1".as_slice(), &[FORMAT], &key.space().0, &epoch, &account.0].concat()
}

//! The keyring: every space key that the account holds, sealed under the account key.
//!
//! Sealed: `format (1) ‖ nonce ‖ ciphertext ‖ tag`; within, padded, a CBOR list of
//! `{space, name, epoch, key, commitment}`. What a later version adds to an entry is kept and written
//! back.

use std::collections::BTreeMap;

use satchel_wire::{AccountId, SpaceId};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_bytes::Bytes;
use zeroize::Zeroizing;

use crate::account::AccountKey;
use crate::cipher::{Cipher, NONCE, TAG};
use crate::derive::sealed_bytes;
use crate::entropy::Entropy;
use crate::space::{Commitment, SpaceKey};
use crate::{FORMAT, SealError, padding};

/// The most bytes of a keyring before it is sealed: some thousands of entries.
const MAX_KEYRING: usize = 1 << 20;

/// The space keys of an account.
#[derive(Debug, Default)]
pub struct Keyring {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    key: SpaceKey,
    unknown: BTreeMap<String, ciborium::Value>,
}

impl Keyring {
    /// Adds a key, and names its space. A key that is held is never lost to another one: that is an
    /// error; the same key again is none.
    pub fn insert(&mut self, name: &str, key: SpaceKey) -> Result<(), KeyringError> {
        match self.key(key.space(), key.epoch()) {
            Some(held) if held.commitment() != key.commitment() => {
                return Err(KeyringError::Taken { epoch: key.epoch() });
            }
            Some(_) => self.rename(key.space(), name),
            None => {
                self.rename(key.space(), name);
                let (name, unknown) = (name.to_owned(), BTreeMap::new());
                self.entries.push(Entry { name, key, unknown });
            }
        }
        Ok(())
    }

    /// Gives a space another name, in all its epochs.
    pub fn rename(&mut self, space: SpaceId, name: &str) {
        let entries = self.entries.iter_mut();
        for entry in entries.filter(|entry| entry.key.space() == space) {
            name.clone_into(&mut entry.name);
        }
    }

    /// The key of one epoch of a space.
    pub fn key(&self, space: SpaceId, epoch: u32) -> Option<&SpaceKey> {
        self.entries.iter().map(|entry| &entry.key).find(|key| (key.space(), key.epoch()) == (space, epoch))
    }

    /// The newest key of a space: the one to seal with.
    pub fn newest(&self, space: SpaceId) -> Option<&SpaceKey> {
        let keys = self.entries.iter().map(|entry| &entry.key);
        keys.filter(|key| key.space() == space).max_by_key(|key| key.epoch())
    }

    /// Each space with its name, once, in the order of their ids.
    pub fn spaces(&self) -> Vec<(SpaceId, &str)> {
        let names = self.entries.iter().map(|entry| (entry.key.space(), entry.name.as_str()));
        let mut spaces = BTreeMap::new();
        // Collected at once they would be sorted by code of their own.
        spaces.extend(names);
        spaces.into_iter().collect()
    }
}

sealed_bytes! {
    /// A keyring, sealed under the account key.
    SealedKeyring
}

/// Why a keyring did not open, or did not take a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyringError {
    /// Not what was sealed under this account key: changed, cut short, or another account's.
    #[error("the keyring is damaged or another account's")]
    Damaged,
    /// Written in a format that this version does not know.
    #[error("the keyring is in format {format}, which this version does not know")]
    Newer {
        /// The format that it names.
        format: u8,
    },
    /// Another key is held for this epoch of the space.
    #[error("another key is held for epoch {epoch} of this space")]
    Taken {
        /// The epoch.
        epoch: u32,
    },
    /// A key is not the one that its commitment names.
    #[error("the key of epoch {epoch} is not the one that was committed to")]
    Commitment {
        /// The epoch of that key.
        epoch: u32,
    },
}

/// Seals the keyring for its account.
pub fn seal_keyring(
    keyring: &Keyring,
    key: &AccountKey,
    account: AccountId,
    entropy: &mut dyn Entropy,
) -> Result<SealedKeyring, SealError> {
    let text = write(keyring);
    let too_large = SealError::TooLarge { len: text.len(), max: MAX_KEYRING };
    let padded = padding::padded_len(text.len()).filter(|_| text.len() <= MAX_KEYRING).ok_or(too_large)?;
    let mut out = Vec::with_capacity(1 + NONCE + padded + TAG);
    out.push(FORMAT);
    sealing(key).seal(&context(account), &mut out, |out| padding::pad(&text, padded, out), entropy)?;
    Ok(SealedKeyring(out))
}

/// Opens a keyring and checks each key against its commitment.
pub fn open_keyring(
    sealed: &SealedKeyring,
    key: &AccountKey,
    account: AccountId,
) -> Result<Keyring, KeyringError> {
    let (format, rest) = sealed.0.split_first().ok_or(KeyringError::Damaged)?;
    if *format != FORMAT {
        return Err(KeyringError::Newer { format: *format });
    }
    let padded = sealing(key).open(&context(account), rest).ok_or(KeyringError::Damaged)?;
    read(&Zeroizing::new(padding::unpad(padded).ok_or(KeyringError::Damaged)?))
}

fn sealing(key: &AccountKey) -> Cipher {
    Cipher::new(&key.derive(b"satchel/keyring/1"))
}

fn context(account: AccountId) -> Vec<u8> {
    [b"satchel/keyring/1".as_slice(), &[FORMAT], &account.0].concat()
}

/// An entry as it is written.
#[derive(Deserialize)]
struct Written {
    space: SpaceId,
    name: String,
    epoch: u32,
    #[serde(with = "serde_bytes")]
    key: [u8; 32],
    #[serde(with = "serde_bytes")]
    commitment: [u8; 32],
    #[serde(flatten)]
    unknown: BTreeMap<String, ciborium::Value>,
}

/// By hand, because a derived `flatten` does not know its length and would write another form.
impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5 + self.unknown.len()))?;
        map.serialize_entry("space", &self.space)?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("epoch", &self.epoch)?;
        map.serialize_entry("key", Bytes::new(&self.key))?;
        map.serialize_entry("commitment", Bytes::new(&self.commitment))?;
        for (name, value) in &self.unknown {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.key);
    }
}

fn write(keyring: &Keyring) -> Zeroizing<Vec<u8>> {
    let written: Vec<Written> = keyring.entries.iter().map(Written::from).collect();
    Zeroizing::new(satchel_wire::to_cbor(&written))
}

impl From<&Entry> for Written {
    fn from(entry: &Entry) -> Self {
        let Entry { name, key, unknown } = entry;
        Self {
            space: key.space(),
            name: name.clone(),
            epoch: key.epoch(),
            key: **key.root(),
            commitment: key.commitment().0,
            unknown: unknown.clone(),
        }
    }
}

fn read(text: &[u8]) -> Result<Keyring, KeyringError> {
    let written: Vec<Written> = satchel_wire::from_cbor(text).map_err(|_| KeyringError::Damaged)?;
    let entries = written.into_iter().map(entry).collect::<Result<_, _>>()?;
    Ok(Keyring { entries })
}

fn entry(mut written: Written) -> Result<Entry, KeyringError> {
    let key = SpaceKey::from_root(written.space, written.epoch, Zeroizing::new(written.key));
    if key.commitment() != Commitment(written.commitment) {
        return Err(KeyringError::Commitment { epoch: written.epoch });
    }
    let (name, unknown) = (std::mem::take(&mut written.name), std::mem::take(&mut written.unknown));
    Ok(Entry { name, key, unknown })
}

#[cfg(test)]
mod tests;

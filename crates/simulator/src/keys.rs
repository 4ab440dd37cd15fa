//! The keys of the team, made without a passphrase: deriving them is tested elsewhere and takes long.

use crate::dice::Dice;
use satchel_replica::{Keys, META_FORMAT, Meta};
use satchel_vault::{AccountKey, Keyring, LocalKey, NoEntropy, PageKey, SigningKeys, SpaceKey};
use satchel_wire::{DeviceId, Kdf, SpaceId};
use std::collections::BTreeMap;

/// The one space of a run.
pub(crate) const SPACE: SpaceId = SpaceId([5; 16]);
/// What the roots of keys are made of: it must be seen nowhere.
pub(crate) const KEY_BYTE: u8 = 0xa7;

/// The keys of the epochs up to this one.
pub(crate) fn keyring(epoch: u32) -> Keyring {
    let mut keyring = Keyring::default();
    for epoch in 1..=epoch {
        let byte = KEY_BYTE.wrapping_add(u8::try_from(epoch).unwrap_or(u8::MAX));
        let key = SpaceKey::make(SPACE, epoch, &mut same(byte)).expect("has entropy");
        keyring.insert("team", key).expect("fits");
    }
    keyring
}

/// The key for what stays on a device.
pub(crate) fn local_key() -> LocalKey {
    LocalKey::derive(&account_key())
}

/// The key for the pages on a device.
pub(crate) fn page_key() -> PageKey {
    PageKey::derive(&account_key())
}

fn account_key() -> AccountKey {
    AccountKey::make(&mut same(KEY_BYTE)).expect("has entropy")
}

/// What unlocking gives to a tab.
pub(crate) fn keys(device: u64, epoch: u32, mut dice: Dice) -> Keys {
    let entropy = move |bytes: &mut [u8]| {
        dice.fill(bytes);
        Ok::<_, NoEntropy>(())
    };
    Keys {
        keyring: keyring(epoch),
        local: local_key(),
        signing: SigningKeys::derive(&account_key()),
        pages: page_key(),
        space: SPACE,
        device: DeviceId(device),
        entropy: Box::new(entropy),
    }
}

/// What a device knows of itself before it is unlocked.
pub(crate) fn meta(device: u64) -> Meta {
    Meta {
        format: META_FORMAT,
        revision: 1,
        device: DeviceId(device),
        space: SPACE,
        account_secret: [0; 16],
        kdf: Kdf { memory_kib: 19 * 1024, passes: 4, lanes: 1, salt: [0; 16] },
        slot: Vec::new(),
        keyring: Vec::new(),
        registered: false,
        server: None,
        unknown: BTreeMap::new(),
    }
}

fn same(byte: u8) -> impl FnMut(&mut [u8]) -> Result<(), NoEntropy> {
    move |bytes| {
        bytes.fill(byte);
        Ok(())
    }
}

//! The keys of the team.

use crate::dice::Dice;
use satchel_replica::specimen::Specimen;
use satchel_replica::{Keys, Meta};
use satchel_vault::{Keyring, LocalKey, NoEntropy, PageKey};
use satchel_wire::SpaceId;

/// The one space of a run.
pub(crate) const SPACE: SpaceId = SpaceId([5; 16]);
/// What the roots of keys are made of: it must be seen nowhere.
pub(crate) const KEY_BYTE: u8 = 0xa7;

const TEAM: Specimen = Specimen { space: SPACE, byte: KEY_BYTE };

/// The keys of the epochs up to this one.
pub(crate) fn keyring(epoch: u32) -> Keyring {
    TEAM.keyring(epoch)
}

/// The key for what stays on a device.
pub(crate) fn local_key() -> LocalKey {
    LocalKey::derive(&TEAM.account())
}

/// The key for the pages on a device.
pub(crate) fn page_key() -> PageKey {
    PageKey::derive(&TEAM.account())
}

/// What unlocking gives to a tab.
pub(crate) fn keys(device: u64, epoch: u32, mut dice: Dice) -> Keys {
    let entropy = move |bytes: &mut [u8]| {
        dice.fill(bytes);
        Ok::<_, NoEntropy>(())
    };
    TEAM.keys(device, epoch, Box::new(entropy))
}

/// What a device knows of itself before it is unlocked.
pub(crate) fn meta(device: u64) -> Meta {
    TEAM.meta(device)
}

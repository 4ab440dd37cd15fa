//! What unlocking gives, made without a passphrase: deriving is tested elsewhere and takes long. For tests and for
//! the simulator only.

use crate::{Keys, META_FORMAT, Meta, UnsentAccount};
use satchel_vault::{AccountKey, Entropy, Keyring, LocalKey, NoEntropy, PageKey, SigningKeys, SpaceKey};
use satchel_wire::{DeviceId, SpaceId};
use std::collections::BTreeMap;

/// What keys are made of: the same gives the same keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Specimen {
    /// The space.
    pub space: SpaceId,
    /// The account's root is made of this byte alone, the key of each epoch of this byte plus its number.
    pub byte: u8,
}

impl Specimen {
    /// The keys of the epochs up to this one.
    pub fn keyring(self, epoch: u32) -> Keyring {
        let mut keyring = Keyring::default();
        for epoch in 1..=epoch {
            let byte = self.byte.wrapping_add(u8::try_from(epoch).unwrap_or(u8::MAX));
            let key = SpaceKey::make(self.space, epoch, &mut same(byte)).expect("has entropy");
            keyring.insert("team", key).expect("fits");
        }
        keyring
    }

    /// The account's root.
    pub fn account(self) -> AccountKey {
        AccountKey::make(&mut same(self.byte)).expect("has entropy")
    }

    /// Everything, for a device that has been told of the epochs up to this one.
    pub fn keys(self, device: u64, epoch: u32, entropy: Box<dyn Entropy>) -> Keys {
        let account = self.account();
        Keys {
            keyring: self.keyring(epoch),
            local: LocalKey::derive(&account),
            signing: SigningKeys::derive(&account),
            pages: PageKey::derive(&account),
            space: self.space,
            device: DeviceId(device),
            entropy,
        }
    }

    /// What a device knows of itself before it is unlocked.
    pub fn meta(self, device: u64) -> Meta {
        Meta {
            format: META_FORMAT,
            revision: 1,
            device: DeviceId(device),
            space: self.space,
            account_secret: [0; 16],
            slots: Vec::new(),
            keyring: Vec::new(),
            account_revision: 1,
            unsent_account: UnsentAccount::default(),
            passkeys: Vec::new(),
            registered: false,
            server: None,
            unknown: BTreeMap::new(),
        }
    }
}

/// Randomness that is none.
pub fn same(byte: u8) -> impl FnMut(&mut [u8]) -> Result<(), NoEntropy> {
    move |bytes| {
        bytes.fill(byte);
        Ok(())
    }
}

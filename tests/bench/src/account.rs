//! The account of a benchmark: made from the seed, so that every worker opens what another one wrote.

use crate::dice::Dice;
use satchel_replica::Keys;
use satchel_vault::{
    AccountKey, AccountSecret, Cost, DeriveError, Keyring, LocalKey, NoEntropy, Passphrase, PassphraseKeys,
    SigningKeys, SpaceKey, derive_keys, make_kdf,
};
use satchel_wire::{DeviceId, Kdf, SpaceId};

const PASSPHRASE: &str = "a benchmark has nothing to hide";

/// What a device of the account knows.
pub(crate) struct Account {
    secret: AccountSecret,
    space: SpaceId,
    keyring: Keyring,
    key: AccountKey,
    kdf: Kdf,
}

impl Account {
    /// The account of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        Self::make(seed).expect("dice never run out")
    }

    fn make(seed: u64) -> Result<Self, NoEntropy> {
        let mut dice = Dice::new(seed, u64::MAX);
        let mut entropy = move |bytes: &mut [u8]| -> Result<(), NoEntropy> {
            dice.fill(bytes);
            Ok(())
        };
        let secret = AccountSecret::make(&mut entropy)?;
        let key = AccountKey::make(&mut entropy)?;
        let kdf = make_kdf(Cost::Standard, &mut entropy)?;
        let mut space = [0; 16];
        entropy(&mut space)?;
        let space = SpaceId(space);
        let mut keyring = Keyring::default();
        let _first = keyring.insert("bench", SpaceKey::make(space, 1, &mut entropy)?);
        Ok(Self { secret, space, keyring, key, kdf })
    }

    /// The keys of a device that has been unlocked.
    pub(crate) fn keys(self, device: DeviceId) -> Keys {
        let (local, signing) = (LocalKey::derive(&self.key), SigningKeys::derive(&self.key));
        Keys { keyring: self.keyring, local, signing, space: self.space, device, entropy: Box::new(random) }
    }

    /// Derives from the passphrase what unlocking and signing in need: the slow part, on purpose.
    pub(crate) fn derive(&self) -> Result<PassphraseKeys, DeriveError> {
        derive_keys(&self.secret, &Passphrase::new(PASSPHRASE, str::to_owned), &self.kdf)
    }
}

/// The platform's randomness, as the engine uses it.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), NoEntropy> {
    getrandom::fill(bytes).map_err(|_| NoEntropy)
}

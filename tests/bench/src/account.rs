//! The account of a benchmark: made from the seed, so that every worker opens what another one wrote.

use satchel_replica::Keys;
use satchel_sample::Dice;
use satchel_vault::{
    AccountKey, AccountSecret, ContentKey, Cost, DeriveError, Keyring, LocalKey, LoginKey, NoEntropy,
    PageKey, Passphrase, SigningKeys, SlotKeys, SpaceKey, UnlockKey, Way, derive_keys, make_kdf,
    seal_keyring, seal_slot,
};
use satchel_wire::{DeviceId, Kdf, Register, SlotId, SlotRecord, SpaceId};

const PASSPHRASE: &str = "a benchmark has nothing to hide";

/// What a device of the account knows.
pub(crate) struct Account {
    seed: u64,
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
        let mut entropy = dice(seed, u64::MAX);
        let secret = AccountSecret::make(&mut entropy)?;
        let key = AccountKey::make(&mut entropy)?;
        let kdf = make_kdf(Cost::Standard, &mut entropy)?;
        let mut space = [0; 16];
        entropy(&mut space)?;
        let space = SpaceId(space);
        let mut keyring = Keyring::default();
        let _first = keyring.insert("bench", SpaceKey::make(space, 1, &mut entropy)?);
        Ok(Self { seed, secret, space, keyring, key, kdf })
    }

    /// The keys of a device that has been unlocked.
    pub(crate) fn keys(self, device: DeviceId) -> Keys {
        Keys {
            local: LocalKey::derive(&self.key),
            signing: SigningKeys::derive(&self.key),
            pages: PageKey::derive(&self.key),
            keyring: self.keyring,
            space: self.space,
            device,
            entropy: Box::new(random),
        }
    }

    /// Derives from the passphrase what unlocking and signing in need: the slow part, on purpose.
    pub(crate) fn derive(&self) -> Result<SlotKeys, DeriveError> {
        derive_keys(&self.secret, &Passphrase::new(PASSPHRASE, str::to_owned), &self.kdf)
    }

    /// What makes the account known to a server: the same bytes on every device, because another content
    /// under the same id would be somebody else's.
    pub(crate) fn register(
        &self,
        unlock: &UnlockKey,
        login: &LoginKey,
        device: DeviceId,
    ) -> Result<Register, String> {
        let account = self.secret.account_id();
        let mut entropy = dice(self.seed, u64::MAX - 1);
        let slot = seal_slot(&self.key, unlock, account, Way::Passphrase(&self.kdf), &mut entropy);
        let keyring = seal_keyring(&self.keyring, &self.key, account, &mut entropy);
        let slot = SlotRecord {
            id: SlotId::PASSPHRASE,
            kdf: Some(self.kdf.clone()),
            login_key: login.public(),
            sealed: slot.map_err(|error| error.to_string())?.0,
        };
        let keyring = keyring.map_err(|error| error.to_string())?.0;
        let content = ContentKey::derive(&self.key).content(account, 1, vec![slot], keyring);
        Ok(Register { account, content, space: Some(self.space), device })
    }

    /// Where its records are.
    pub(crate) fn space(&self) -> SpaceId {
        self.space
    }
}

/// Dice as a source of random bytes.
fn dice(seed: u64, stream: u64) -> impl FnMut(&mut [u8]) -> Result<(), NoEntropy> {
    let mut dice = Dice::new(seed, stream);
    move |bytes| {
        dice.fill(bytes);
        Ok(())
    }
}

/// The platform's randomness, as the engine uses it.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), NoEntropy> {
    getrandom::fill(bytes).map_err(|_| NoEntropy)
}

//! From a passphrase to an open set of keys, and back to what may lie on the disk.

use super::failure::Outcome;
use super::host::Host;
use crate::port::{FailureCode, Secret};
use satchel_replica::{META_FORMAT, Meta};
use satchel_vault::{
    AccountKey, AccountSecret, Cost, DeriveError, Keyring, LocalKey, LoginKey, NoEntropy, PageKey,
    Passphrase, PassphraseKeys, SealedKeyring, SigningKeys, Slot, SpaceKey, derive_keys, make_kdf,
    open_keyring, open_slot, seal_keyring, seal_slot,
};
use satchel_wire::{DeviceId, Kdf, SessionGrant, SpaceId};
use std::collections::BTreeMap;

/// Shortest passphrase that is taken, in characters.
const SHORTEST: usize = 8;

/// Everything that an open workspace needs; gone with the worker.
pub(super) struct Keys {
    pub(super) keyring: Keyring,
    pub(super) local: LocalKey,
    pub(super) signing: SigningKeys,
    pub(super) pages: PageKey,
    pub(super) login: LoginKey,
}

/// The host's randomness, as the vault takes it.
pub(super) fn entropy<H: Host>(host: &H) -> impl FnMut(&mut [u8]) -> Result<(), NoEntropy> + '_ {
    |bytes| {
        host.entropy(bytes);
        Ok(())
    }
}

/// `N` random bytes.
pub(super) fn random<H: Host, const N: usize>(host: &H) -> [u8; N] {
    let mut bytes = [0; N];
    host.entropy(&mut bytes);
    bytes
}

fn passphrase<H: Host>(host: &H, typed: &Secret) -> Passphrase {
    Passphrase::new(&typed.0, |text| host.nfkc(text))
}

/// Makes the keys of a new workspace, with its bootstrap data.
pub(super) fn make<H: Host>(host: &H, name: &str, typed: &Secret) -> Outcome<(Meta, Keys)> {
    let phrase = passphrase(host, typed);
    if phrase.chars() < SHORTEST {
        return Err(FailureCode::WeakPassphrase.into());
    }
    let secret = AccountSecret::make(&mut entropy(host))?;
    let (kdf, derived) = derive_new(host, &secret, &phrase)?;
    let account_key = AccountKey::make(&mut entropy(host))?;
    let space = SpaceId(random(host));
    let mut keyring = Keyring::default();
    keyring.insert(name, SpaceKey::make(space, 1, &mut entropy(host))?)?;
    let account = secret.account_id();
    let slot = seal_slot(&account_key, &derived.unlock, account, &kdf, &mut entropy(host))?;
    let sealed = seal_keyring(&keyring, &account_key, account, &mut entropy(host))?;
    let meta = bootstrap(host, space, &secret, kdf, slot.0, sealed.0, false);
    Ok((meta, held(keyring, &account_key, derived.login)))
}

/// The standard cost, or the small one where the memory cannot grow.
fn derive_new<H: Host>(
    host: &H,
    secret: &AccountSecret,
    phrase: &Passphrase,
) -> Outcome<(Kdf, PassphraseKeys)> {
    let standard = make_kdf(Cost::Standard, &mut entropy(host))?;
    match derive_keys(secret, phrase, &standard) {
        Err(DeriveError::OutOfMemory) => {
            let small = make_kdf(Cost::Small, &mut entropy(host))?;
            let keys = derive_keys(secret, phrase, &small)?;
            Ok((small, keys))
        }
        keys => Ok((standard, keys?)),
    }
}

fn bootstrap<H: Host>(
    host: &H,
    space: SpaceId,
    secret: &AccountSecret,
    kdf: Kdf,
    slot: Vec<u8>,
    keyring: Vec<u8>,
    registered: bool,
) -> Meta {
    Meta {
        format: META_FORMAT,
        revision: 1,
        device: DeviceId(u64::from_be_bytes(random(host))),
        space,
        account_secret: *secret.as_bytes(),
        kdf,
        slot,
        keyring,
        registered,
        server: None,
        unknown: BTreeMap::new(),
    }
}

/// Opens the workspace of this bootstrap data.
pub(super) fn open<H: Host>(host: &H, meta: &Meta, typed: &Secret) -> Outcome<Keys> {
    let secret = AccountSecret::from_bytes(meta.account_secret);
    let derived = derive_keys(&secret, &passphrase(host, typed), &meta.kdf)?;
    unwrap(&secret, derived, &meta.kdf, &meta.slot, &meta.keyring)
}

/// What another device needs of a passphrase before it can sign in.
pub(super) fn derive<H: Host>(
    host: &H,
    secret: &AccountSecret,
    typed: &Secret,
    kdf: &Kdf,
) -> Outcome<PassphraseKeys> {
    Ok(derive_keys(secret, &passphrase(host, typed), kdf)?)
}

/// Opens what the server kept for the account, on a device that is new to it.
pub(super) fn join<H: Host>(
    host: &H,
    secret: &AccountSecret,
    derived: PassphraseKeys,
    kdf: Kdf,
    grant: SessionGrant,
    device: DeviceId,
) -> Outcome<(Meta, Keys)> {
    let keys = unwrap(secret, derived, &kdf, &grant.slot, &grant.keyring)?;
    let known =
        keys.keyring.spaces().into_iter().map(|(space, _)| space).find(|space| grant.spaces.contains(space));
    let space = known.ok_or(FailureCode::Refused)?;
    let meta = bootstrap(host, space, secret, kdf, grant.slot, grant.keyring, true);
    Ok((Meta { device, ..meta }, keys))
}

fn unwrap(
    secret: &AccountSecret,
    derived: PassphraseKeys,
    kdf: &Kdf,
    slot: &[u8],
    keyring: &[u8],
) -> Outcome<Keys> {
    let account = secret.account_id();
    let account_key = open_slot(&Slot(slot.to_vec()), &derived.unlock, account, kdf)?;
    let keyring = open_keyring(&SealedKeyring(keyring.to_vec()), &account_key, account)?;
    Ok(held(keyring, &account_key, derived.login))
}

fn held(keyring: Keyring, account: &AccountKey, login: LoginKey) -> Keys {
    Keys {
        keyring,
        local: LocalKey::derive(account),
        signing: SigningKeys::derive(account),
        pages: PageKey::derive(account),
        login,
    }
}

/// The workspace's name as the keyring has it.
pub(super) fn workspace_name(keys: &Keys, meta: &Meta) -> Option<String> {
    let spaces = keys.keyring.spaces();
    spaces.into_iter().find(|(space, _)| *space == meta.space).map(|(_, name)| name.to_owned())
}

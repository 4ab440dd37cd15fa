//! From a passphrase to an open set of keys, and back to what may lie on the disk.

use super::account::account_of;
use super::failure::Outcome;
use super::host::Host;
use crate::port::{FailureCode, Secret};
use satchel_replica::{META_FORMAT, Meta, UnsentAccount};
use satchel_vault::{
    AccountKey, AccountSecret, BackupHeader, BackupKey, ContentKey, Cost, DeriveError, Identity, Keyring,
    LocalKey, LoginKey, NoEntropy, PageKey, Passphrase, RecoveryCode, SealedKeyring, SealedLocal,
    SigningKeys, Slot, SlotKeys, SpaceKey, Way, calibrated, derive_keys, make_kdf, open_keyring, open_slot,
    raise_kdf, seal_keyring, seal_slot,
};
use satchel_wire::{AccountContent, AccountId, DeviceId, Kdf, SlotId, SlotRecord, SpaceId, from_cbor};
use std::collections::BTreeMap;

/// Shortest passphrase that is taken, in characters.
const SHORTEST: usize = 8;

/// Everything that an open workspace needs; gone with the worker.
pub(super) struct Keys {
    /// What all of it is derived from or sealed under: it opens the account's other workspaces too.
    pub(super) account: AccountKey,
    pub(super) keyring: Keyring,
    pub(super) local: LocalKey,
    pub(super) signing: SigningKeys,
    pub(super) pages: PageKey,
    pub(super) content: ContentKey,
    pub(super) identity: Identity,
    pub(super) backup: BackupKey,
    pub(super) entrance: Entrance,
    /// What the device signs in by as soon as the server knows it.
    pub(super) next: Option<Entrance>,
}

/// A way into the account, and the key that signs in who came by it.
pub(super) struct Entrance {
    pub(super) slot: SlotId,
    pub(super) login: LoginKey,
}

impl Entrance {
    /// Sealed for the device to keep.
    pub(super) fn seal<H: Host>(&self, host: &H, local: &LocalKey) -> Outcome<Vec<u8>> {
        Ok(self.login.seal(self.slot, local, &mut entropy(host))?.0)
    }
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

/// The passphrase as it is hashed, if it is long enough to be a new one.
pub(super) fn new_passphrase<H: Host>(host: &H, typed: &Secret) -> Outcome<Passphrase> {
    let phrase = passphrase(host, typed);
    if phrase.chars() < SHORTEST { Err(FailureCode::WeakPassphrase.into()) } else { Ok(phrase) }
}

/// Makes the keys of a new workspace, with its bootstrap data.
pub(super) fn make<H: Host>(host: &H, name: &str, typed: &Secret) -> Outcome<(Meta, Keys)> {
    let key = SpaceKey::make(SpaceId(random(host)), 1, &mut entropy(host))?;
    let (meta, keys) = invited(host, name, key, typed)?;
    Ok((Meta { registered: false, ..meta }, keys))
}

/// Makes the keys of a new account that begins with this space, with its bootstrap data.
pub(super) fn invited<H: Host>(host: &H, name: &str, key: SpaceKey, typed: &Secret) -> Outcome<(Meta, Keys)> {
    let phrase = new_passphrase(host, typed)?;
    let secret = AccountSecret::make(&mut entropy(host))?;
    let (kdf, derived) = derive_new(host, &secret, &phrase, None)?;
    let account_key = AccountKey::make(&mut entropy(host))?;
    let space = key.space();
    let mut keyring = Keyring::default();
    keyring.insert(name, key)?;
    let account = secret.account_id();
    let slot = passphrase_slot(host, &account_key, account, &derived, kdf)?;
    let sealed = seal_keyring(&keyring, &account_key, account, &mut entropy(host))?;
    let content = ContentKey::derive(&account_key).content(account, 1, vec![slot], sealed.0);
    let meta = bootstrap(host, space, &secret, content, true);
    Ok((meta, held(keyring, &account_key, Entrance { slot: SlotId::PASSPHRASE, login: derived.login })))
}

pub(super) fn passphrase_slot<H: Host>(
    host: &H,
    key: &AccountKey,
    account: AccountId,
    derived: &SlotKeys,
    kdf: Kdf,
) -> Outcome<SlotRecord> {
    let sealed = seal_slot(key, &derived.unlock, account, Way::Passphrase(&kdf), &mut entropy(host))?.0;
    let login_key = derived.login.public();
    Ok(SlotRecord { id: SlotId::PASSPHRASE, kdf: Some(kdf), login_key, sealed })
}

/// The standard cost, or the small one where the memory cannot grow; never below what is known.
pub(super) fn derive_new<H: Host>(
    host: &H,
    secret: &AccountSecret,
    phrase: &Passphrase,
    known: Option<&Kdf>,
) -> Outcome<(Kdf, SlotKeys)> {
    let make = |cost| match known {
        Some(known) => raise_kdf(cost, known, &mut entropy(host)),
        None => make_kdf(cost, &mut entropy(host)),
    };
    let standard = make(Cost::Standard)?;
    let began_ms = host.now_ms();
    match derive_keys(secret, phrase, &standard) {
        Err(DeriveError::OutOfMemory) => {
            let small = make(Cost::Small)?;
            let keys = derive_keys(secret, phrase, &small)?;
            Ok((small, keys))
        }
        keys => harder(host, secret, phrase, standard, keys?, began_ms),
    }
}

/// A fast device makes guessing dearer: the parameters are raised by what it has to spare, and never lowered.
fn harder<H: Host>(
    host: &H,
    secret: &AccountSecret,
    phrase: &Passphrase,
    kdf: Kdf,
    derived: SlotKeys,
    began_ms: u64,
) -> Outcome<(Kdf, SlotKeys)> {
    let raised = calibrated(&kdf, host.now_ms().saturating_sub(began_ms));
    if raised == kdf {
        return Ok((kdf, derived));
    }
    let derived = derive_keys(secret, phrase, &raised)?;
    Ok((raised, derived))
}

fn bootstrap<H: Host>(
    host: &H,
    space: SpaceId,
    secret: &AccountSecret,
    content: AccountContent,
    registered: bool,
) -> Meta {
    Meta {
        format: META_FORMAT,
        revision: 1,
        device: DeviceId(u64::from_be_bytes(random(host))),
        space,
        account_secret: *secret.as_bytes(),
        slots: content.slots,
        keyring: content.keyring,
        account_revision: content.revision,
        unsent_account: UnsentAccount::default(),
        passkeys: Vec::new(),
        registered,
        server: None,
        unknown: BTreeMap::new(),
    }
}

/// Opens the workspace of this bootstrap data.
pub(super) fn open<H: Host>(host: &H, meta: &Meta, typed: &Secret) -> Outcome<Keys> {
    let (account_key, derived) = by_passphrase(host, meta, typed)?;
    let entrance = Entrance { slot: SlotId::PASSPHRASE, login: derived.login };
    let keys = hold(&account_key, account_of(meta), &meta.keyring, entrance)?;
    Ok(keys.known_as(meta))
}

/// The account key, by the passphrase.
pub(super) fn by_passphrase<H: Host>(
    host: &H,
    meta: &Meta,
    typed: &Secret,
) -> Outcome<(AccountKey, SlotKeys)> {
    let kdf = meta.slot(SlotId::PASSPHRASE).and_then(|slot| slot.kdf.as_ref());
    let kdf = kdf.ok_or(FailureCode::StorageDamaged)?;
    let derived = derive(host, &AccountSecret::from_bytes(meta.account_secret), typed, kdf)?;
    let key = unwrap(&meta.slots, SlotId::PASSPHRASE, &derived, account_of(meta))?;
    Ok((key, derived))
}

/// The keys of a passphrase.
pub(super) fn derive<H: Host>(
    host: &H,
    secret: &AccountSecret,
    typed: &Secret,
    kdf: &Kdf,
) -> Outcome<SlotKeys> {
    Ok(derive_keys(secret, &passphrase(host, typed), kdf)?)
}

/// Opens what the server kept for the account, on a device that is new to it.
pub(super) fn join<H: Host>(
    host: &H,
    secret: &AccountSecret,
    entrance: Entrance,
    account_key: &AccountKey,
    content: AccountContent,
    spaces: &[SpaceId],
) -> Outcome<(Meta, Keys)> {
    let account = secret.account_id();
    let keys = hold(account_key, account, &content.keyring, entrance)?;
    if !keys.content.verify(account, &content) {
        return Err(FailureCode::Forged.into());
    }
    let known =
        keys.keyring.spaces().into_iter().map(|(space, _)| space).find(|space| spaces.contains(space));
    let space = known.ok_or(FailureCode::Refused)?;
    Ok((bootstrap(host, space, secret, content, true), keys))
}

/// Opens another space of an account that is on this device already.
pub(super) fn beside<H: Host>(
    host: &H,
    meta: &Meta,
    account_key: &AccountKey,
    content: AccountContent,
    space: SpaceId,
    entrance: Entrance,
) -> Outcome<(Meta, Keys)> {
    let secret = AccountSecret::from_bytes(meta.account_secret);
    let keys = hold(account_key, secret.account_id(), &content.keyring, entrance)?;
    Ok((bootstrap(host, space, &secret, content, true), keys))
}

/// What a device keeps of another space of its account, in a database of its own.
pub(super) fn bootstrap_beside<H: Host>(host: &H, meta: &Meta, space: SpaceId) -> Meta {
    let content = AccountContent {
        revision: meta.account_revision,
        slots: meta.slots.clone(),
        keyring: meta.keyring.clone(),
        proof: [0; 32],
    };
    let secret = AccountSecret::from_bytes(meta.account_secret);
    let passkeys = meta.passkeys.clone();
    // What the server knows the device by, if it is not told of its ways yet: it is told by the database that changed them.
    let unsent_account =
        UnsentAccount { login: meta.unsent_account.login.clone(), ..UnsentAccount::default() };
    Meta { passkeys, unsent_account, ..bootstrap(host, space, &secret, content, true) }
}

/// The account's content with one more space in its keyring, as the next revision.
pub(super) fn with_space<H: Host>(
    host: &H,
    meta: &Meta,
    account_key: &AccountKey,
    name: &str,
    key: SpaceKey,
) -> Outcome<AccountContent> {
    let account = account_of(meta);
    let mut keyring = open_keyring(&SealedKeyring(meta.keyring.clone()), account_key, account)?;
    keyring.insert(name, key)?;
    let sealed = seal_keyring(&keyring, account_key, account, &mut entropy(host))?.0;
    let revision = meta.account_revision + 1;
    Ok(ContentKey::derive(account_key).content(account, revision, meta.slots.clone(), sealed))
}

/// The way into a backup's workspace, for a device that has none: by the passphrase or the recovery code of the
/// time when it was made. `None` when the device code is another account's.
pub(super) fn from_backup<H: Host>(
    host: &H,
    header: &BackupHeader,
    code: &Secret,
    typed: &Secret,
) -> Outcome<Option<(Meta, Keys)>> {
    let secret = AccountSecret::from_device_code(&code.0).map_err(|_| FailureCode::MistypedCode)?;
    let account = secret.account_id();
    if account != header.account {
        return Ok(None);
    }
    let content: AccountContent = from_cbor(&header.content).map_err(|_| FailureCode::StorageNewer)?;
    let (slot, derived) = way_into(host, &secret, &content.slots, typed)?;
    let key = unwrap(&content.slots, slot, &derived, account)?;
    let entrance = Entrance { slot, login: derived.login };
    let keys = hold(&key, account, &content.keyring, entrance)?;
    let is_ours = keys.content.verify(account, &content) && keys.keyring.newest(header.space).is_some();
    if !is_ours {
        return Err(FailureCode::StorageDamaged.into());
    }
    Ok(Some((bootstrap(host, header.space, &secret, content, false), keys)))
}

/// The keys of a store that was rescued, for a device that has none of its account: by the passphrase or the recovery
/// code. `None` when the device code is another account's.
pub(super) fn from_store<H: Host>(
    host: &H,
    meta: &Meta,
    code: &Secret,
    typed: &Secret,
) -> Outcome<Option<Keys>> {
    let secret = AccountSecret::from_device_code(&code.0).map_err(|_| FailureCode::MistypedCode)?;
    let account = secret.account_id();
    if account != account_of(meta) {
        return Ok(None);
    }
    let (slot, derived) = way_into(host, &secret, &meta.slots, typed)?;
    let key = unwrap(&meta.slots, slot, &derived, account)?;
    hold(&key, account, &meta.keyring, Entrance { slot, login: derived.login }).map(Some)
}

/// Which way what was typed goes: a recovery code has check symbols that no passphrase has by chance.
fn way_into<H: Host>(
    host: &H,
    secret: &AccountSecret,
    slots: &[SlotRecord],
    typed: &Secret,
) -> Outcome<(SlotId, SlotKeys)> {
    let slot = |id| slots.iter().find(|slot| slot.id == id);
    if let Ok(code) = RecoveryCode::from_text(&typed.0) {
        slot(SlotId::RECOVERY).ok_or(FailureCode::WrongCode)?;
        return Ok((SlotId::RECOVERY, code.keys(secret)));
    }
    let kdf = slot(SlotId::PASSPHRASE).and_then(|slot| slot.kdf.clone());
    Ok((SlotId::PASSPHRASE, derive(host, secret, typed, &kdf.ok_or(FailureCode::StorageDamaged)?)?))
}

/// The account key, out of one of its slots.
pub(super) fn unwrap(
    slots: &[SlotRecord],
    id: SlotId,
    derived: &SlotKeys,
    account: AccountId,
) -> Outcome<AccountKey> {
    let slot = slots.iter().find(|slot| slot.id == id).ok_or(FailureCode::NotFound)?;
    let way = match (&slot.kdf, id) {
        (Some(kdf), SlotId::PASSPHRASE) => Way::Passphrase(kdf),
        (None, SlotId::RECOVERY) => Way::Recovery,
        (None, id) if id.is_passkey() => Way::Passkey(id),
        _ => return Err(FailureCode::StorageDamaged.into()),
    };
    Ok(open_slot(&Slot(slot.sealed.clone()), &derived.unlock, account, way)?)
}

pub(super) fn hold(
    key: &AccountKey,
    account: AccountId,
    keyring: &[u8],
    entrance: Entrance,
) -> Outcome<Keys> {
    let keyring = open_keyring(&SealedKeyring(keyring.to_vec()), key, account)?;
    Ok(held(keyring, key, entrance))
}

fn held(keyring: Keyring, account: &AccountKey, entrance: Entrance) -> Keys {
    Keys {
        account: account.again(),
        keyring,
        local: LocalKey::derive(account),
        signing: SigningKeys::derive(account),
        pages: PageKey::derive(account),
        backup: BackupKey::derive(account),
        content: ContentKey::derive(account),
        identity: Identity::derive(account),
        entrance,
        next: None,
    }
}

impl Keys {
    /// As long as the server does not know the slot that was opened, the device signs in as before.
    pub(super) fn known_as(self, meta: &Meta) -> Self {
        let kept = meta.unsent_account.login.as_deref();
        let opened = kept.and_then(|kept| LoginKey::open(&SealedLocal(kept.to_vec()), &self.local).ok());
        match opened {
            Some((slot, login)) => {
                Self { next: Some(self.entrance), entrance: Entrance { slot, login }, ..self }
            }
            None => self,
        }
    }
}

/// The workspace's name as the keyring has it.
pub(super) fn workspace_name(keys: &Keys, meta: &Meta) -> Option<String> {
    let spaces = keys.keyring.spaces();
    spaces.into_iter().find(|(space, _)| *space == meta.space).map(|(_, name)| name.to_owned())
}

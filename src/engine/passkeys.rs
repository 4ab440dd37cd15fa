//! Passkeys: a way into the account by the device's fingerprint, face or PIN, beside the passphrase and never
//! in its place.
//!
//! The page asks the platform, because a worker cannot; only what the passkey answered comes here.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::keys::{self, Entrance, Keys, entropy, random};
use super::workspace::Workspace;
use super::{Engine, account, saved};
use crate::port::{
    Done, FailureCode, Outcome, PasskeyAnswer, PasskeyAsk, PasskeyCard, RequestId, Secret, Stage,
};
use satchel_replica::{Meta, Passkey};
use satchel_vault::{AccountSecret, SlotKeys, Way, passkey_input, passkey_keys, seal_slot};
use satchel_wire::{SlotId, SlotRecord};

/// The most passkeys of an account: the server keeps sixteen ways.
const MOST: usize = 8;

impl<H: Host> Engine<H> {
    /// What a new passkey is to be asked, after the passphrase was given.
    pub(super) async fn ask_passkey(&self, id: RequestId, passphrase: Secret) -> Ended<Done> {
        let meta = self.require()?.fresh_meta().await;
        if meta.slots.iter().filter(|slot| slot.id.is_passkey()).count() >= MOST {
            return Err(FailureCode::TooManyPasskeys.into());
        }
        self.progress(id, Stage::Deriving, 0, 0).await;
        self.proved(&meta, &passphrase).await?;
        Ok(Done { outcome: Outcome::AskPasskey(ask(&*self.host, &meta)), undo: None })
    }

    /// From now on this passkey opens the account too.
    pub(super) async fn keep_passkey(
        &self,
        id: RequestId,
        answered: PasskeyAnswer,
        passphrase: Secret,
    ) -> Ended<Done> {
        let open = self.require()?;
        let meta = open.fresh_meta().await;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (key, known) = self.proved(&meta, &passphrase).await?;
        let slot = new_slot(&*self.host);
        let derived = derived(&meta, &answered, slot)?;
        let account = account::account_of(&meta);
        let sealed =
            seal_slot(&key, &derived.unlock, account, Way::Passkey(slot), &mut entropy(&*self.host))?.0;
        let record = SlotRecord { id: slot, kdf: None, login_key: derived.login.public(), sealed };
        let known = Entrance { slot: SlotId::PASSPHRASE, login: known.login };
        open.changes_beside(&[slot]).await?;
        open.put_passkey(record, answered.credential, &known).await?;
        open.change_beside().await?;
        Ok(saved())
    }

    /// Opens the workspace by a passkey, without a network.
    pub(super) async fn unlock_by_passkey(&self, id: RequestId, answered: PasskeyAnswer) -> Ended<Done> {
        if self.opened().is_some() {
            return Ok(saved());
        }
        let place = self.place().ok_or(FailureCode::NotFound)?;
        let (store, meta) = self.bootstrap(&place.id).await?.ok_or(FailureCode::NotFound)?;
        let keys = opened(&meta, &answered)?;
        self.enter(id, place, store, meta, keys).await
    }

    /// Takes a passkey away. The passphrase is asked, because it is the way that stays.
    pub(super) async fn remove_passkey(&self, id: RequestId, slot: u32, passphrase: Secret) -> Ended<Done> {
        let open = self.require()?;
        let meta = open.fresh_meta().await;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (_, derived) = self.proved(&meta, &passphrase).await?;
        let next = Entrance { slot: SlotId::PASSPHRASE, login: derived.login };
        open.changes_beside(&[SlotId(slot)]).await?;
        open.drop_passkey(SlotId(slot), next).await?;
        open.change_beside().await?;
        Ok(saved())
    }

    /// What the lock screen may ask the platform; `None` where no passkey of this device opens anything.
    pub(super) fn passkeys_here(&self, meta: &Meta) -> Option<PasskeyAsk> {
        Some(ask(&*self.host, meta)).filter(|ask| !ask.credentials.is_empty())
    }
}

impl<H: Host> Workspace<H> {
    /// The passkeys of the account.
    pub(super) fn passkey_cards(&self) -> Vec<PasskeyCard> {
        let meta = self.meta();
        let ids = meta.slots.iter().map(|slot| slot.id).filter(|id| id.is_passkey());
        let here = |id: SlotId| meta.passkeys.iter().any(|passkey| passkey.slot == id);
        ids.map(|id| PasskeyCard { slot: id.0, here: here(id) }).collect()
    }

    /// Puts a passkey in place. Until the server knows it, whoever opens by it signs in as `known`.
    async fn put_passkey(&self, slot: SlotRecord, credential: Vec<u8>, known: &Entrance) -> Ended<()> {
        let known = known.seal(&*self.host, self.replica.local_key())?;
        let passkey = Passkey { slot: slot.id, credential };
        self.change_meta(|meta| {
            meta.unsent_account.login.get_or_insert_with(|| known.clone());
            meta.passkeys.push(passkey.clone());
            super::ways::put(meta, slot.clone())
        })
        .await?;
        self.sign_in_again();
        Ok(())
    }

    /// Takes a passkey away; who came by it comes by the passphrase as soon as the server knows.
    async fn drop_passkey(&self, slot: SlotId, next: Entrance) -> Ended<()> {
        let known = self.entrance().seal(&*self.host, self.replica.local_key())?;
        self.change_meta(|meta| {
            meta.unsent_account.login.get_or_insert_with(|| known.clone());
            meta.passkeys.retain(|passkey| passkey.slot != slot);
            meta.slots.retain(|kept| kept.id != slot);
            if !meta.unsent_account.slots.contains(&slot) {
                meta.unsent_account.slots.push(slot);
            }
            true
        })
        .await?;
        self.entrances.borrow_mut().expect(next);
        self.sign_in_again();
        Ok(())
    }
}

/// Random, so that two devices that make one at once do not meet.
fn new_slot<H: Host>(host: &H) -> SlotId {
    SlotId(u32::from_be_bytes(random(host)).max(SlotId::FIRST_PASSKEY.0))
}

fn ask<H: Host>(host: &H, meta: &Meta) -> PasskeyAsk {
    let opens = |passkey: &&Passkey| meta.slot(passkey.slot).is_some();
    PasskeyAsk {
        input: passkey_input(&AccountSecret::from_bytes(meta.account_secret)),
        credentials: meta.passkeys.iter().filter(opens).map(|passkey| passkey.credential.clone()).collect(),
        nonce: random(host),
    }
}

fn derived(meta: &Meta, answered: &PasskeyAnswer, slot: SlotId) -> Ended<SlotKeys> {
    let answer = bytes(&answered.answer.0).ok_or(FailureCode::WrongPasskey)?;
    Ok(passkey_keys(&AccountSecret::from_bytes(meta.account_secret), &answer, slot))
}

fn opened(meta: &Meta, answered: &PasskeyAnswer) -> Ended<Keys> {
    let passkey = meta.passkeys.iter().find(|passkey| passkey.credential == answered.credential);
    let slot = passkey.ok_or(FailureCode::WrongPasskey)?.slot;
    let derived = derived(meta, answered, slot)?;
    let account = account::account_of(meta);
    let key = keys::unwrap(&meta.slots, slot, &derived, account).map_err(not_the_passkey)?;
    let keys = keys::hold(&key, account, &meta.keyring, Entrance { slot, login: derived.login })?;
    Ok(keys.known_as(meta))
}

/// It answered something else, or opens nothing any more.
fn not_the_passkey(failure: crate::port::Failure) -> crate::port::Failure {
    match failure.code {
        FailureCode::WrongPassphrase | FailureCode::NotFound => FailureCode::WrongPasskey.into(),
        _ => failure,
    }
}

/// Reads 32 bytes of hexadecimal.
fn bytes(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut out = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != out.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(out)
}

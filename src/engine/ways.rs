//! The ways into the account: another passphrase, a recovery code, and what is done when one is forgotten.
//!
//! Each rewraps the account key, 32 bytes; nothing else is sealed or sent again. All of it works offline: the
//! server is told at the next sign-in.

use super::entrances::Entrances;
use super::failure::{Outcome as Ended, given};
use super::host::Host;
use super::keys::{self, Entrance, Keys, entropy};
use super::workspace::Workspace;
use super::{Engine, account, saved};
use crate::port::{AccountCard, Done, FailureCode, Outcome, RequestId, Secret, Stage};
use satchel_domain::sorted;
use satchel_replica::{Changeset, Durability, Meta, Store};
use satchel_vault::{AccountKey, AccountSecret, RecoveryCode, Signer, SlotKeys, Way, seal_slot};
use satchel_wire::{AccountContent, SlotId, SlotRecord};
use std::rc::Rc;

impl<H: Host> Engine<H> {
    /// Another passphrase, after the old one was given.
    pub(super) async fn change_passphrase(&self, id: RequestId, old: Secret, new: Secret) -> Ended<Done> {
        let open = self.require()?;
        let meta = open.fresh_meta().await;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (key, _) = self.proved(&meta, &old).await?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (slot, derived) = new_passphrase(&*self.host, &meta, &key, &new)?;
        open.changes_beside(&[SlotId::PASSPHRASE]).await?;
        open.enter_by(slot, Entrance { slot: SlotId::PASSPHRASE, login: derived.login }).await?;
        open.change_beside().await?;
        Ok(saved())
    }

    /// A recovery code to write down; nothing is changed until [`Self::keep_recovery_code`].
    pub(super) fn make_recovery_code(&self) -> Ended<Done> {
        self.require()?;
        let code = RecoveryCode::make(&mut entropy(&*self.host))?;
        Ok(Done { outcome: Outcome::RecoveryCode(Secret(code.text().to_string())), undo: None })
    }

    /// From now on this code opens the account, and no other one.
    pub(super) async fn keep_recovery_code(
        &self,
        id: RequestId,
        code: Secret,
        passphrase: Secret,
    ) -> Ended<Done> {
        let open = self.require()?;
        let code = RecoveryCode::from_text(&code.0).map_err(|_| FailureCode::MistypedCode)?;
        let meta = open.fresh_meta().await;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (key, _) = self.proved(&meta, &passphrase).await?;
        let derived = code.keys(&AccountSecret::from_bytes(meta.account_secret));
        let account = account::account_of(&meta);
        let sealed = seal_slot(&key, &derived.unlock, account, Way::Recovery, &mut entropy(&*self.host))?.0;
        let login_key = derived.login.public();
        open.changes_beside(&[SlotId::RECOVERY]).await?;
        open.put_slot(SlotRecord { id: SlotId::RECOVERY, kdf: None, login_key, sealed }).await?;
        open.change_beside().await?;
        Ok(saved())
    }

    /// Opens the workspace by its recovery code, and gives it another passphrase.
    pub(super) async fn recover(&self, id: RequestId, code: Secret, passphrase: Secret) -> Ended<Done> {
        if self.opened().is_some() {
            return Ok(saved());
        }
        let place = self.gate.borrow().place.clone().ok_or(FailureCode::NotFound)?;
        let code = RecoveryCode::from_text(&code.0).map_err(|_| FailureCode::MistypedCode)?;
        let (store, meta) = self.bootstrap(&place.id).await?.ok_or(FailureCode::NotFound)?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (meta, key, derived) = self.by_code(meta, &code).await?;
        let (meta, keys) = recovered(&*self.host, meta, &key, derived, &passphrase)?;
        let changeset =
            Changeset { durability: Durability::Strict, meta: Some(meta.clone()), ..Changeset::default() };
        store.commit(changeset).await?;
        let done = self.enter(id, place, store, meta, keys).await?;
        let open = self.require()?;
        open.changes_beside(&[SlotId::PASSPHRASE]).await?;
        // It is open here; where it fails it is repeated when it is opened next.
        let _ = open.change_beside().await;
        Ok(done)
    }

    /// By what lies on this device; if the code was made on another one, by what the server has.
    async fn by_code(&self, mut meta: Meta, code: &RecoveryCode) -> Ended<(Meta, AccountKey, SlotKeys)> {
        let secret = AccountSecret::from_bytes(meta.account_secret);
        meta.revision += 1;
        let derived = code.keys(&secret);
        if let Ok(key) = keys::unwrap(&meta.slots, SlotId::RECOVERY, &derived, secret.account_id()) {
            return Ok((meta, key, derived));
        }
        let server = self.server.borrow().clone();
        let signer = Signer { account: secret.account_id(), slot: SlotId::RECOVERY, device: meta.device };
        let grant = account::by_slot(&*self.host, &server, signer, &derived.login).await;
        let grant = grant.map_err(|trouble| not_the_code(trouble.into()))?;
        let key = keys::unwrap(&grant.content.slots, SlotId::RECOVERY, &derived, signer.account);
        let key = key.map_err(given)?;
        adopt(&mut meta, &key, grant.content)?;
        Ok((meta, key, derived))
    }

    /// Brings the account to this device by its recovery code, and gives it another passphrase.
    pub(super) async fn join_by_code(
        &self,
        id: RequestId,
        code: Secret,
        recovery: Secret,
        passphrase: Secret,
    ) -> Ended<Done> {
        self.require_nothing_here().await?;
        self.progress(id, Stage::Fetching, 0, 0).await;
        let secret = account::secret_of(&code)?;
        let recovery = RecoveryCode::from_text(&recovery.0).map_err(|_| FailureCode::MistypedCode)?;
        let derived = recovery.keys(&secret);
        let (host, server) = (&*self.host, self.server.borrow().clone());
        let device = satchel_wire::DeviceId(u64::from_be_bytes(keys::random(host)));
        let signer = Signer { account: secret.account_id(), slot: SlotId::RECOVERY, device };
        let grant = account::by_slot(host, &server, signer, &derived.login).await;
        let grant = grant.map_err(|trouble| not_the_code(trouble.into()))?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let key = keys::unwrap(&grant.content.slots, SlotId::RECOVERY, &derived, signer.account);
        let key = key.map_err(given)?;
        let spare = recovery.keys(&secret).login;
        let entrance = Entrance { slot: SlotId::RECOVERY, login: spare };
        let joined = keys::join(host, &secret, entrance, &key, grant.content, &grant.spaces);
        let (meta, keys) = joined.map_err(given)?;
        let name = keys::workspace_name(&keys, &meta).unwrap_or_default();
        let (meta, keys) = recovered(host, Meta { device, ..meta }, &key, derived, &passphrase)?;
        let done = self.settle(id, name, meta, keys).await?;
        self.bring_the_others(&grant.spaces).await;
        Ok(done)
    }

    /// Takes the passphrase that was chosen on another device.
    pub(super) async fn adopt_passphrase(&self, id: RequestId, passphrase: Secret) -> Ended<Done> {
        let open = self.require()?;
        let meta = open.fresh_meta().await;
        self.progress(id, Stage::Fetching, 0, 0).await;
        let secret = AccountSecret::from_bytes(meta.account_secret);
        let known = meta.slot(SlotId::PASSPHRASE).and_then(|slot| slot.kdf.clone());
        let on_derive = || self.host.post(super::session::progress(id, Stage::Deriving, 0, 0));
        let (host, server) = (&*self.host, open.server.clone());
        let asked = account::by_passphrase(
            host,
            &server,
            &secret,
            meta.device,
            &passphrase,
            known.as_ref(),
            on_derive,
        );
        let (derived, grant) = asked.await.map_err(not_the_passphrase)?;
        let key = keys::unwrap(&grant.content.slots, SlotId::PASSPHRASE, &derived, secret.account_id());
        let key = key.map_err(given)?;
        let entrance = Entrance { slot: SlotId::PASSPHRASE, login: derived.login };
        open.changes_beside(&[SlotId::PASSPHRASE]).await?;
        open.enter_anew(&key, grant.content, entrance).await?;
        open.change_beside().await?;
        Ok(saved())
    }

    /// The account key, by the passphrase; wrong ones are counted.
    pub(super) async fn proved(&self, meta: &Meta, passphrase: &Secret) -> Ended<(AccountKey, SlotKeys)> {
        self.may_try()?;
        self.counted(keys::by_passphrase(&*self.host, meta, passphrase)).await
    }
}

impl<H: Host> Workspace<H> {
    /// The ways into the account, as this device knows them.
    pub(super) fn account_card(&self) -> AccountCard {
        let meta = self.meta();
        let recovery_code = meta.slot(SlotId::RECOVERY).is_some();
        let passkeys = self.passkey_cards();
        AccountCard { recovery_code, passkeys, unsent: !meta.unsent_account.is_empty() }
    }

    /// Puts a way in place, to be sent with the next sign-in.
    async fn put_slot(&self, slot: SlotRecord) -> Ended<()> {
        self.change_meta(|meta| put(meta, slot.clone())).await?;
        self.sign_in_again();
        Ok(())
    }

    /// The same for the way that this device itself comes by. Until the server knows it, the device signs in as
    /// before.
    async fn enter_by(&self, slot: SlotRecord, next: Entrance) -> Ended<()> {
        let known = self.entrance().seal(&*self.host, self.replica.local_key())?;
        self.change_meta(|meta| {
            meta.unsent_account.login.get_or_insert_with(|| known.clone());
            put(meta, slot.clone())
        })
        .await?;
        self.entrances.borrow_mut().expect(next);
        self.sign_in_again();
        Ok(())
    }

    /// Takes the account as it is at the server, where the passphrase is another now. What was to be the
    /// passphrase here gives way.
    async fn enter_anew(&self, key: &AccountKey, there: AccountContent, entrance: Entrance) -> Ended<()> {
        let mut probe = self.fresh_meta().await;
        adopt(&mut probe, key, there.clone())?;
        self.change_meta(|meta| {
            meta.unsent_account.slots.retain(|slot| *slot != SlotId::PASSPHRASE);
            meta.unsent_account.login = None;
            super::account_sync::take(meta, &there);
            true
        })
        .await?;
        self.remember_entrance().await;
        *self.entrances.borrow_mut() = Entrances::new(Rc::new(entrance), None);
        self.sign_in_again();
        Ok(())
    }
}

/// Puts a way into the device's data, to be sent.
pub(super) fn put(meta: &mut Meta, slot: SlotRecord) -> bool {
    let id = slot.id;
    meta.slots.retain(|slot| slot.id != id);
    meta.slots.push(slot);
    sorted::sort_by_key(&mut meta.slots, |slot| slot.id);
    if !meta.unsent_account.slots.contains(&id) {
        meta.unsent_account.slots.push(id);
    }
    true
}

/// Takes what the server keeps, if the account key proves it.
fn adopt(meta: &mut Meta, key: &AccountKey, there: AccountContent) -> Ended<()> {
    let proof = satchel_vault::ContentKey::derive(key);
    if !proof.verify(account::account_of(meta), &there) {
        return Err(FailureCode::Forged.into());
    }
    super::account_sync::take(meta, &there);
    Ok(())
}

/// Another passphrase's slot, at least as dear to guess as the one before.
fn new_passphrase<H: Host>(
    host: &H,
    meta: &Meta,
    key: &AccountKey,
    typed: &Secret,
) -> Ended<(SlotRecord, SlotKeys)> {
    let phrase = keys::new_passphrase(host, typed)?;
    let secret = AccountSecret::from_bytes(meta.account_secret);
    let known = meta.slot(SlotId::PASSPHRASE).and_then(|slot| slot.kdf.as_ref());
    let (kdf, derived) = keys::derive_new(host, &secret, &phrase, known)?;
    let slot = keys::passphrase_slot(host, key, secret.account_id(), &derived, kdf)?;
    Ok((slot, derived))
}

/// After the recovery code has opened the account: another passphrase, and the code signs in until the server
/// knows it.
fn recovered<H: Host>(
    host: &H,
    mut meta: Meta,
    key: &AccountKey,
    code: SlotKeys,
    typed: &Secret,
) -> Ended<(Meta, Keys)> {
    let (slot, derived) = new_passphrase(host, &meta, key, typed)?;
    let next = Entrance { slot: SlotId::PASSPHRASE, login: derived.login };
    let by_code = Entrance { slot: SlotId::RECOVERY, login: code.login };
    let keys = keys::hold(key, account::account_of(&meta), &meta.keyring, by_code)?;
    // A code that the server does not know yet signs nobody in.
    if !meta.unsent_account.slots.contains(&SlotId::RECOVERY) {
        meta.unsent_account.login = Some(keys.entrance.seal(host, &keys.local)?);
    }
    put(&mut meta, slot);
    let keys = keys.known_as(&meta);
    Ok((meta, Keys { next: Some(next), ..keys }))
}

/// The server knows no such code.
fn not_the_code(failure: crate::port::Failure) -> crate::port::Failure {
    match failure.code {
        FailureCode::UnknownAccount => FailureCode::WrongCode.into(),
        _ => failure,
    }
}

/// The server knows another passphrase.
fn not_the_passphrase(failure: crate::port::Failure) -> crate::port::Failure {
    match failure.code {
        FailureCode::UnknownAccount => FailureCode::WrongPassphrase.into(),
        _ => failure,
    }
}

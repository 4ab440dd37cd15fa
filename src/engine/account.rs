//! The account at the server: registering it, signing in, changing it, joining from another device.

use super::failure::{Outcome, given};
use super::host::Host;
use super::keys::{self, Entrance, Keys};
use super::transport::{self, Trouble};
use crate::port::{FailureCode, Secret};
use satchel_replica::Meta;
use satchel_vault::{AccountSecret, ContentKey, Identity, LoginKey, Signer, SlotKeys, is_weaker};
use satchel_wire::{
    AccountContent, AccountId, AccountRevision, Challenge, ChallengeRequest, DeleteSpace, DeviceId,
    DeviceList, DeviceReport, Kdf, Register, Revoke, SessionGrant, SlotId, SpaceId, SpaceState,
};

/// The account that a device belongs to.
pub(super) fn account_of(meta: &Meta) -> AccountId {
    AccountSecret::from_bytes(meta.account_secret).account_id()
}

/// What this device has of the account, proved.
pub(super) fn content_of(meta: &Meta, key: &ContentKey) -> AccountContent {
    key.content(account_of(meta), meta.account_revision, meta.slots.clone(), meta.keyring.clone())
}

/// Tells the server about an account that was made offline, with the space that it brings. Repeating it does no harm.
pub(super) async fn register<H: Host>(
    host: &H,
    meta: &Meta,
    key: &ContentKey,
    space: Option<SpaceId>,
) -> Result<Option<SpaceState>, Trouble> {
    let message =
        Register { account: account_of(meta), content: content_of(meta, key), space, device: meta.device };
    transport::post(host, "/v1/accounts".into(), None, &message).await
}

async fn challenge<H: Host>(host: &H, account: AccountId, slot: SlotId) -> Result<Challenge, Trouble> {
    transport::post(host, "/v1/sessions/challenge".into(), None, &ChallengeRequest { account, slot }).await
}

async fn answer<H: Host>(
    host: &H,
    server: &str,
    signer: Signer,
    login: &LoginKey,
    challenge: &Challenge,
) -> Result<SessionGrant, Trouble> {
    let message = login.sign_login(server, challenge, signer);
    transport::post(host, "/v1/sessions".into(), None, &message).await
}

/// Signs in with the keys of an open workspace.
pub(super) async fn sign_in<H: Host>(
    host: &H,
    server: &str,
    meta: &Meta,
    entrance: &Entrance,
) -> Result<SessionGrant, Trouble> {
    let signer = Signer { account: account_of(meta), slot: entrance.slot, device: meta.device };
    by_slot(host, server, signer, &entrance.login).await
}

/// Puts what is to be kept for the account in place of revision `replaces`.
pub(super) async fn change<H: Host>(
    host: &H,
    server: &str,
    meta: &Meta,
    entrance: &Entrance,
    replaces: u64,
    content: &AccountContent,
) -> Result<AccountRevision, Trouble> {
    let signer = Signer { account: account_of(meta), slot: entrance.slot, device: meta.device };
    let challenge = challenge(host, signer.account, signer.slot).await?;
    let message = entrance.login.sign_change(server, &challenge, signer, replaces, content);
    transport::post(host, "/v1/accounts/change".into(), None, &message).await
}

/// Tells what this device says of itself, and hears of the others.
pub(super) async fn report<H: Host>(
    host: &H,
    token: String,
    report: &DeviceReport,
) -> Result<DeviceList, Trouble> {
    transport::post(host, "/v1/devices".into(), Some(token), report).await
}

/// Has a device let in no more.
pub(super) async fn revoke<H: Host>(
    host: &H,
    server: &str,
    meta: &Meta,
    entrance: &Entrance,
    revoked: DeviceId,
) -> Result<DeviceList, Trouble> {
    let signer = Signer { account: account_of(meta), slot: entrance.slot, device: meta.device };
    let challenge = challenge(host, signer.account, signer.slot).await?;
    let message = entrance.login.sign_revoke(server, &challenge, signer, revoked);
    transport::post(host, "/v1/devices/revoke".into(), None, &message).await
}

/// Deletes the device's space at the server, with everything in it.
pub(super) async fn delete_space<H: Host>(
    host: &H,
    server: &str,
    meta: &Meta,
    entrance: &Entrance,
    identity: &Identity,
) -> Result<DeleteSpace, Trouble> {
    let signer = Signer { account: account_of(meta), slot: entrance.slot, device: meta.device };
    let challenge = challenge(host, signer.account, signer.slot).await?;
    let message = entrance.login.sign_delete(identity, server, &challenge, signer, meta.space);
    transport::post(host, format!("/v1/spaces/{}/delete", meta.space.to_hex()), None, &message).await
}

/// Hands over a part of what a revoked device has not sent; the revocation comes back, as it was signed.
pub(super) async fn hand_over<H: Host>(
    host: &H,
    server: &str,
    meta: &Meta,
    entrance: &Entrance,
    path: &str,
    sealed: Vec<u8>,
) -> Result<Revoke, Trouble> {
    let signer = Signer { account: account_of(meta), slot: entrance.slot, device: meta.device };
    let challenge = challenge(host, signer.account, signer.slot).await?;
    let message = entrance.login.sign_handover(server, &challenge, signer, meta.space, sealed);
    transport::post(host, path.to_owned(), None, &message).await
}

/// Brings an account to this device by its device code and passphrase; tells which spaces it is a member of.
pub(super) async fn join<H: Host>(
    host: &H,
    server: &str,
    code: &Secret,
    passphrase: &Secret,
    on_derive: impl Fn(),
) -> Outcome<(Meta, Keys, Vec<SpaceId>)> {
    let secret = secret_of(code)?;
    let device = DeviceId(u64::from_be_bytes(keys::random(host)));
    let (derived, grant) = by_passphrase(host, server, &secret, device, passphrase, None, on_derive).await?;
    let key = keys::unwrap(&grant.content.slots, SlotId::PASSPHRASE, &derived, secret.account_id());
    let entrance = Entrance { slot: SlotId::PASSPHRASE, login: derived.login };
    let joined = keys::join(host, &secret, entrance, &key.map_err(given)?, grant.content, &grant.spaces);
    let (meta, keys) = joined.map_err(given)?;
    Ok((Meta { device, ..meta }, keys, grant.spaces))
}

/// The account secret, out of a device code.
pub(super) fn secret_of(code: &Secret) -> Outcome<AccountSecret> {
    AccountSecret::from_device_code(&code.0).map_err(|_| FailureCode::MistypedCode.into())
}

/// Signs in by a passphrase as the server knows it. Parameters that are weaker than `known` are refused.
pub(super) async fn by_passphrase<H: Host>(
    host: &H,
    server: &str,
    secret: &AccountSecret,
    device: DeviceId,
    passphrase: &Secret,
    known: Option<&Kdf>,
    on_derive: impl Fn(),
) -> Outcome<(SlotKeys, SessionGrant)> {
    let signer = Signer { account: secret.account_id(), slot: SlotId::PASSPHRASE, device };
    let first = challenge(host, signer.account, signer.slot).await?;
    let kdf = first.kdf.filter(|kdf| known.is_none_or(|known| !is_weaker(kdf, known)));
    let kdf = kdf.ok_or(FailureCode::Forged)?;
    on_derive();
    host.breathe().await;
    let derived = keys::derive(host, secret, passphrase, &kdf).map_err(given)?;
    // The derivation may outlast the challenge: a fresh one is signed.
    let fresh = challenge(host, signer.account, signer.slot).await?;
    let grant = answer(host, server, signer, &derived.login, &fresh).await?;
    Ok((derived, grant))
}

/// Signs in by a way that needs no parameters.
pub(super) async fn by_slot<H: Host>(
    host: &H,
    server: &str,
    signer: Signer,
    login: &LoginKey,
) -> Result<SessionGrant, Trouble> {
    let challenge = challenge(host, signer.account, signer.slot).await?;
    answer(host, server, signer, login, &challenge).await
}

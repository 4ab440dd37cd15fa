//! The account at the server: registering it, signing in, joining from another device.

use super::failure::Outcome;
use super::host::Host;
use super::keys::{self, Keys};
use super::transport::{self, Trouble};
use crate::port::{FailureCode, Secret};
use satchel_replica::Meta;
use satchel_vault::{AccountSecret, LoginKey};
use satchel_wire::{AccountId, Challenge, ChallengeRequest, DeviceId, Register, SessionGrant, SpaceState};

/// Tells the server about an account that was made offline. Repeating it does no harm.
pub(super) async fn register<H: Host>(
    host: &H,
    meta: &Meta,
    login: &LoginKey,
) -> Result<SpaceState, Trouble> {
    let message = Register {
        account: AccountSecret::from_bytes(meta.account_secret).account_id(),
        login_key: login.public(),
        kdf: meta.kdf.clone(),
        slot: meta.slot.clone(),
        keyring: meta.keyring.clone(),
        space: meta.space,
        device: meta.device,
    };
    transport::post(host, "/v1/accounts".into(), None, &message).await
}

async fn challenge<H: Host>(host: &H, account: AccountId) -> Result<Challenge, Trouble> {
    transport::post(host, "/v1/sessions/challenge".into(), None, &ChallengeRequest { account }).await
}

async fn answer<H: Host>(
    host: &H,
    server: &str,
    account: AccountId,
    device: DeviceId,
    login: &LoginKey,
    challenge: &Challenge,
) -> Result<SessionGrant, Trouble> {
    let message = login.sign_login(server, challenge, account, device);
    transport::post(host, "/v1/sessions".into(), None, &message).await
}

/// Signs in with the keys of an open workspace.
pub(super) async fn sign_in<H: Host>(
    host: &H,
    server: &str,
    meta: &Meta,
    login: &LoginKey,
) -> Result<SessionGrant, Trouble> {
    let account = AccountSecret::from_bytes(meta.account_secret).account_id();
    let challenge = challenge(host, account).await?;
    answer(host, server, account, meta.device, login, &challenge).await
}

/// Brings an account to this device by its device code and passphrase.
pub(super) async fn join<H: Host>(
    host: &H,
    server: &str,
    code: &Secret,
    passphrase: &Secret,
    on_derive: impl Fn(),
) -> Outcome<(Meta, Keys)> {
    let secret = AccountSecret::from_device_code(&code.0).map_err(|_| FailureCode::MistypedCode)?;
    let account = secret.account_id();
    let first = challenge(host, account).await?;
    on_derive();
    host.breathe().await;
    let derived = keys::derive(host, &secret, passphrase, &first.kdf)?;
    let device = DeviceId(u64::from_be_bytes(keys::random(host)));
    // The derivation may outlast the challenge: a fresh one is signed.
    let fresh = challenge(host, account).await?;
    let grant = answer(host, server, account, device, &derived.login, &fresh).await?;
    keys::join(host, &secret, derived, first.kdf, grant, device)
}

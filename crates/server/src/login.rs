//! Signed statements: the challenge, what a statement must say, and who signed it. Signing in is one,
//! changing the account another.
//!
//! A challenge carries its own proof: time, random bytes, and a MAC that binds both to the account.
//! So nothing is kept for those who only ask, there is no bound to exhaust, and a challenge outlives
//! a restart. It is good for one session because the session keeps its nonce, which is unique.

use std::time::Duration;

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use hkdf::{
    Hkdf,
    hmac::{Hmac, KeyInit, Mac},
};
use satchel_wire::{
    AccountChange, AccountContent, AccountId, AccountStatement, Challenge, DeleteStatement,
    HandoverStatement, Kdf, LoginStatement, RevokeStatement, SlotId, SpaceId, are_slots, from_cbor,
};
use sha2::{Digest, Sha256};

use crate::log::{Account, LogError, ServerSecret};

/// How long a challenge may be answered; Argon2id on a slow phone takes a few seconds of it.
pub(crate) const CHALLENGE_LIFE: Duration = Duration::from_secs(120);
/// What a statement must name as its action to sign in.
const LOGIN: &str = "satchel/login/2";
/// What it must name to change the account.
const CHANGE: &str = "satchel/account/1";
/// What it must name to revoke a device.
const REVOKE: &str = "satchel/revoke/1";
/// What it must name to hand over what a revoked device has not sent.
const HANDOVER: &str = "satchel/handover/1";
/// What it must name to delete a space.
const DELETE: &str = "satchel/space/delete/1";

/// Where a nonce's parts end: time, random bytes, MAC.
const TIME_END: usize = 8;
const RANDOM_END: usize = 16;

/// Why a sign-in is refused. The first three can be seen from the statement alone; [`Self::Proof`]
/// is the one answer for an unknown account, another key and a bad signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LoginFault {
    /// The bytes are not a statement of this protocol, or what they name is not.
    Statement,
    /// It names a host that is not this server's.
    Host,
    /// The challenge is not one of ours for this account, is too old, or was used.
    Challenge,
    /// Not signed by the key of that way into the account.
    Proof,
}

/// What a device may choose to go over its passphrase with, at the full memory.
const PASSES: [u32; 4] = [3, 4, 5, 6];

/// What sign-ins are judged by.
pub(crate) struct Gate {
    challenge_key: [u8; 32],
    made_up_key: [u8; 32],
    nobody: VerifyingKey,
    hosts: Vec<String>,
}

impl Gate {
    /// Derives the keys; `hosts` are those that a statement may name.
    pub(crate) fn new(secret: &ServerSecret, hosts: Vec<String>) -> Self {
        let nobody = SigningKey::from_bytes(&derive(secret, b"satchel/server/nobody/1"));
        Self {
            challenge_key: derive(secret, b"satchel/server/challenge/1"),
            made_up_key: derive(secret, b"satchel/server/made-up/1"),
            nobody: nobody.verifying_key(),
            hosts: hosts.into_iter().map(|host| host.to_ascii_lowercase()).collect(),
        }
    }

    /// A fresh challenge; `known` is what is stored, if the account is there and has that way in. Only
    /// the passphrase has parameters: whether there is another way is not told.
    pub(crate) fn challenge(
        &self,
        account: AccountId,
        slot: SlotId,
        known: Option<Kdf>,
        now_ms: u64,
    ) -> Result<Challenge, LogError> {
        let mut nonce = [0; 32];
        nonce[..TIME_END].copy_from_slice(&now_ms.to_be_bytes());
        nonce[TIME_END..RANDOM_END].copy_from_slice(&random::<8>()?);
        let mac = self.mac(account, &nonce).finalize().into_bytes();
        nonce[RANDOM_END..].copy_from_slice(&mac[..32 - RANDOM_END]);
        let kdf = (slot == SlotId::PASSPHRASE).then(|| known.unwrap_or_else(|| self.made_up(account)));
        Ok(Challenge { nonce, kdf, server_ms: now_ms })
    }

    /// Reads what is to open a session and judges all that it says; the signature is for [`Self::prove`].
    pub(crate) fn read(&self, statement: &[u8], now_ms: u64) -> Result<LoginStatement, LoginFault> {
        let read: LoginStatement = from_cbor(statement).map_err(|_| LoginFault::Statement)?;
        let said = Said { action: &read.action, host: &read.host, time_ms: read.time_ms };
        self.judge(LOGIN, &said, read.account, &read.nonce, now_ms)?;
        Ok(read)
    }

    /// The same for what is to change an account, with the new content that it names.
    pub(crate) fn read_change(
        &self,
        change: &AccountChange,
        now_ms: u64,
    ) -> Result<(AccountStatement, AccountContent), LoginFault> {
        let read: AccountStatement = from_cbor(&change.statement).map_err(|_| LoginFault::Statement)?;
        let said = Said { action: &read.action, host: &read.host, time_ms: read.time_ms };
        self.judge(CHANGE, &said, read.account, &read.nonce, now_ms)?;
        let content: AccountContent = from_cbor(&change.content).map_err(|_| LoginFault::Statement)?;
        let named = read.content == <[u8; 32]>::from(Sha256::digest(&change.content));
        if named { Ok((read, content)) } else { Err(LoginFault::Statement) }
    }

    /// The same for what is to revoke another device.
    pub(crate) fn read_revoke(&self, statement: &[u8], now_ms: u64) -> Result<RevokeStatement, LoginFault> {
        let read: RevokeStatement = from_cbor(statement).map_err(|_| LoginFault::Statement)?;
        let said = Said { action: &read.action, host: &read.host, time_ms: read.time_ms };
        self.judge(REVOKE, &said, read.account, &read.nonce, now_ms)?;
        if read.device == read.revoked { Err(LoginFault::Statement) } else { Ok(read) }
    }

    /// The same for what hands something over, with what it names.
    pub(crate) fn read_handover(
        &self,
        statement: &[u8],
        sealed: &[u8],
        now_ms: u64,
    ) -> Result<HandoverStatement, LoginFault> {
        let read: HandoverStatement = from_cbor(statement).map_err(|_| LoginFault::Statement)?;
        let said = Said { action: &read.action, host: &read.host, time_ms: read.time_ms };
        self.judge(HANDOVER, &said, read.account, &read.nonce, now_ms)?;
        let named = read.content == <[u8; 32]>::from(Sha256::digest(sealed));
        if named { Ok(read) } else { Err(LoginFault::Statement) }
    }

    /// The same for what is to delete a space.
    pub(crate) fn read_delete(
        &self,
        statement: &[u8],
        space: SpaceId,
        now_ms: u64,
    ) -> Result<DeleteStatement, LoginFault> {
        let read: DeleteStatement = from_cbor(statement).map_err(|_| LoginFault::Statement)?;
        let said = Said { action: &read.action, host: &read.host, time_ms: read.time_ms };
        self.judge(DELETE, &said, read.account, &read.nonce, now_ms)?;
        if read.space == space { Ok(read) } else { Err(LoginFault::Statement) }
    }

    fn judge(
        &self,
        action: &str,
        said: &Said<'_>,
        account: AccountId,
        nonce: &[u8; 32],
        now_ms: u64,
    ) -> Result<(), LoginFault> {
        if said.action != action {
            return Err(LoginFault::Statement);
        }
        if !self.hosts.contains(&said.host.to_ascii_lowercase()) {
            return Err(LoginFault::Host);
        }
        if !self.is_ours(account, said.time_ms, nonce) || !is_fresh(said.time_ms, now_ms) {
            return Err(LoginFault::Challenge);
        }
        Ok(())
    }

    /// Whether the key of this way signed, and which key that is. An unknown account or way costs the
    /// same work.
    pub(crate) fn prove(
        &self,
        account: Option<&Account>,
        slot: SlotId,
        statement: &[u8],
        signature: &[u8],
    ) -> Result<[u8; 32], LoginFault> {
        let slot = account.and_then(|known| known.slot(slot));
        let known = slot.and_then(|slot| VerifyingKey::from_bytes(&slot.login_key).ok());
        let signature = Signature::from_slice(signature).map_err(|_| LoginFault::Proof)?;
        let signed = known.unwrap_or(self.nobody).verify_strict(statement, &signature);
        match (known, signed) {
            (Some(key), Ok(())) => Ok(key.to_bytes()),
            _ => Err(LoginFault::Proof),
        }
    }

    fn is_ours(&self, account: AccountId, time_ms: u64, nonce: &[u8; 32]) -> bool {
        let time = nonce[..TIME_END] == time_ms.to_be_bytes();
        time && self.mac(account, nonce).verify_truncated_left(&nonce[RANDOM_END..]).is_ok()
    }

    fn mac(&self, account: AccountId, nonce: &[u8; 32]) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.challenge_key).expect("HMAC takes keys of every length");
        mac.update(&account.0);
        mac.update(&nonce[..RANDOM_END]);
        mac
    }

    /// What an unknown account is told: constant, and like that of a real one, whose device chose the passes.
    fn made_up(&self, account: AccountId) -> Kdf {
        let mut bytes = [0; 17];
        Hkdf::<Sha256>::new(Some(&account.0), &self.made_up_key)
            .expand(b"salt", &mut bytes)
            .expect("17 bytes are fewer than HKDF gives");
        let [salt @ .., drawn] = bytes;
        let passes = PASSES[usize::from(drawn) % PASSES.len()];
        Kdf { memory_kib: 64 * 1024, passes, lanes: 1, salt }
    }
}

/// What every statement says beside what it is about.
struct Said<'a> {
    action: &'a str,
    host: &'a str,
    time_ms: u64,
}

/// Whether this can be kept for an account, its size apart: sound ways in, and keys that prove something.
pub(crate) fn is_content(content: &AccountContent) -> bool {
    are_slots(&content.slots) && content.slots.iter().all(|slot| is_login_key(&slot.login_key))
}

/// Whether a login key can be verified with at all.
fn is_login_key(key: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(key).is_ok_and(|key| !key.is_weak())
}

/// Bytes from the system's source of randomness.
#[expect(clippy::disallowed_methods, reason = "the one door of entropy")]
pub(crate) fn random<const N: usize>() -> Result<[u8; N], LogError> {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(LogError::Io(std::io::Error::other("the system gives no random bytes"))),
    }
}

fn is_fresh(time_ms: u64, now_ms: u64) -> bool {
    u128::from(now_ms.abs_diff(time_ms)) <= CHALLENGE_LIFE.as_millis()
}

fn derive(secret: &ServerSecret, purpose: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, secret).expand(purpose, &mut key).expect("32 bytes are fewer than HKDF gives");
    key
}

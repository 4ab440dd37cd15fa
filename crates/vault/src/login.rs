//! Signing in, and changing the account: an Ed25519 key for each way into it. The server keeps only the
//! public halves, so nothing that it stores or hears equals a password.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use satchel_wire::{
    AccountChange, AccountContent, AccountId, AccountStatement, Challenge, DeleteSpace, DeleteStatement,
    DeviceId, Handover, HandoverStatement, Login, LoginStatement, Revoke, RevokeStatement, SlotId,
    SlotRecord, SpaceId, from_cbor, to_cbor,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::identity::{Identity, is_signed_by};
use crate::local::{LocalKey, SealedLocal, open_local, seal_local};
use crate::{OpenError, SealError};

/// What a login statement is for; nothing else that the key signs begins like it.
pub const LOGIN_ACTION: &str = "satchel/login/2";
/// What a statement that changes the account is for.
pub const ACCOUNT_ACTION: &str = "satchel/account/1";

/// What a statement that revokes a device is for.
pub const REVOKE_ACTION: &str = "satchel/revoke/1";

/// What an identity's signature over a deletion begins with.
const DELETED_LABEL: &[u8] = b"satchel/space/deleted/1";

/// What a statement that hands over unsent work is for.
pub const HANDOVER_ACTION: &str = "satchel/handover/1";

/// What a statement that deletes a space is for.
pub const DELETE_ACTION: &str = "satchel/space/delete/1";

/// The name under which a login key is kept.
const KEPT: &str = "account/login";

/// The secret half of the login key of one slot.
pub struct LoginKey(SigningKey);

/// Who signs, by which way and with which device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signer {
    /// The account.
    pub account: AccountId,
    /// The slot whose login key this is.
    pub slot: SlotId,
    /// The device.
    pub device: DeviceId,
}

impl LoginKey {
    pub(crate) fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&Zeroizing::new(seed)))
    }

    /// The same key, for another workspace of the account.
    #[must_use]
    pub fn again(&self) -> Self {
        Self(self.0.clone())
    }

    /// Sealed as a local item: what a device signs in with until the server knows its new slot.
    pub fn seal(
        &self,
        slot: SlotId,
        local: &LocalKey,
        entropy: &mut dyn Entropy,
    ) -> Result<SealedLocal, SealError> {
        let mut text = Zeroizing::new([0; 36]);
        text[..4].copy_from_slice(&slot.0.to_be_bytes());
        text[4..].copy_from_slice(self.0.as_bytes());
        seal_local(local, KEPT, &text[..], entropy)
    }

    /// Opens what [`Self::seal`] sealed, with the slot whose key it is.
    pub fn open(sealed: &SealedLocal, local: &LocalKey) -> Result<(SlotId, Self), OpenError> {
        let text = Zeroizing::new(open_local(local, KEPT, sealed)?);
        let text: &[u8; 36] = text.as_slice().try_into().map_err(|_| OpenError::Damaged)?;
        let (slot, seed) = text.split_first_chunk::<4>().ok_or(OpenError::Damaged)?;
        let seed: &[u8; 32] = seed.try_into().map_err(|_| OpenError::Damaged)?;
        Ok((SlotId(u32::from_be_bytes(*slot)), Self(SigningKey::from_bytes(seed))))
    }

    /// The public half, which the server keeps.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Answers a challenge. `host` is host and port as in the URL that the device really talks to, so
    /// that the answer is worth nothing to another server.
    pub fn sign_login(&self, host: &str, challenge: &Challenge, signer: Signer) -> Login {
        let statement = to_cbor(&LoginStatement {
            action: LOGIN_ACTION.to_owned(),
            host: host.to_owned(),
            time_ms: challenge.server_ms,
            nonce: challenge.nonce,
            account: signer.account,
            slot: signer.slot,
            device: signer.device,
        });
        let signature = self.sign(&statement);
        Login { statement, signature }
    }

    /// Signs what the account is to be from now on, in place of revision `replaces`.
    pub fn sign_change(
        &self,
        host: &str,
        challenge: &Challenge,
        signer: Signer,
        replaces: u64,
        content: &AccountContent,
    ) -> AccountChange {
        let content = to_cbor(content);
        let statement = to_cbor(&AccountStatement {
            action: ACCOUNT_ACTION.to_owned(),
            host: host.to_owned(),
            time_ms: challenge.server_ms,
            nonce: challenge.nonce,
            account: signer.account,
            slot: signer.slot,
            device: signer.device,
            replaces,
            content: Sha256::digest(&content).into(),
        });
        let signature = self.sign(&statement);
        AccountChange { statement, signature, content }
    }

    /// Signs that a device is to be let in no more.
    pub fn sign_revoke(
        &self,
        host: &str,
        challenge: &Challenge,
        signer: Signer,
        revoked: DeviceId,
    ) -> Revoke {
        let statement = to_cbor(&RevokeStatement {
            action: REVOKE_ACTION.to_owned(),
            host: host.to_owned(),
            time_ms: challenge.server_ms,
            nonce: challenge.nonce,
            account: signer.account,
            slot: signer.slot,
            device: signer.device,
            revoked,
        });
        let signature = self.sign(&statement);
        Revoke { statement, signature }
    }

    /// Signs what a revoked device hands over of a space.
    pub fn sign_handover(
        &self,
        host: &str,
        challenge: &Challenge,
        signer: Signer,
        space: SpaceId,
        sealed: Vec<u8>,
    ) -> Handover {
        let statement = to_cbor(&HandoverStatement {
            action: HANDOVER_ACTION.to_owned(),
            host: host.to_owned(),
            time_ms: challenge.server_ms,
            nonce: challenge.nonce,
            account: signer.account,
            slot: signer.slot,
            device: signer.device,
            space,
            content: Sha256::digest(&sealed).into(),
        });
        let signature = self.sign(&statement);
        Handover { statement, signature, sealed }
    }

    /// Signs that a space is to be deleted, for the server by this key and for its members by the owner's identity.
    pub fn sign_delete(
        &self,
        identity: &Identity,
        host: &str,
        challenge: &Challenge,
        signer: Signer,
        space: SpaceId,
    ) -> DeleteSpace {
        let statement = to_cbor(&DeleteStatement {
            action: DELETE_ACTION.to_owned(),
            host: host.to_owned(),
            time_ms: challenge.server_ms,
            nonce: challenge.nonce,
            account: signer.account,
            slot: signer.slot,
            device: signer.device,
            space,
        });
        let signature = self.sign(&statement);
        let identity = identity.sign(&[DELETED_LABEL, &statement].concat()).to_vec();
        DeleteSpace { statement, signature, identity }
    }

    fn sign(&self, statement: &[u8]) -> Vec<u8> {
        self.0.sign(statement).to_bytes().to_vec()
    }
}

/// Whether the account revoked this device: signed by one of the ways that the device itself knows. A server's
/// word is not enough.
pub fn is_revocation(revoke: &Revoke, slots: &[SlotRecord], account: AccountId, device: DeviceId) -> bool {
    let Ok(said) = from_cbor::<RevokeStatement>(&revoke.statement) else { return false };
    let Ok(signature) = Signature::from_slice(&revoke.signature) else { return false };
    let names = said.action == REVOKE_ACTION && said.account == account && said.revoked == device;
    let key = slots.iter().find(|slot| slot.id == said.slot);
    let key = key.and_then(|slot| VerifyingKey::from_bytes(&slot.login_key).ok());
    names && key.is_some_and(|key| key.verify_strict(&revoke.statement, &signature).is_ok())
}

/// Who deleted this space, if it is as `said` has it: signed by the identity that `owner` knows of that account.
pub fn deleted_by(
    said: &DeleteSpace,
    space: SpaceId,
    owner: impl FnOnce(AccountId) -> Option<[u8; 32]>,
) -> Option<AccountId> {
    let statement: DeleteStatement = from_cbor(&said.statement).ok()?;
    let key = owner(statement.account)?;
    let names = statement.action == DELETE_ACTION && statement.space == space;
    let signed = is_signed_by(&key, &[DELETED_LABEL, &said.statement].concat(), &said.identity);
    (names && signed).then_some(statement.account)
}

impl std::fmt::Debug for LoginKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginKey(..)")
    }
}

//! Accounts: the ways into one, what the server keeps for it, how a device signs in, and how what is kept
//! changes.

use serde::{Deserialize, Serialize};

use crate::{AccountId, DeviceId, SpaceId};

/// Most ways into one account.
pub const MAX_SLOTS: usize = 16;
/// Most bytes of one sealed account key.
pub const MAX_SLOT: usize = 1024;
/// Most bytes of the sealed space keys.
pub const MAX_KEYRING: usize = 64 * 1024;

/// How a passphrase is stretched; public parameters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kdf {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// Random salt.
    #[serde(with = "serde_bytes")]
    pub salt: [u8; 16],
}

/// Which way into an account: 1 is the passphrase, 2 the recovery code, higher ones are passkeys. The
/// number alone says the kind, so that a device that knows nothing yet can name the way that it comes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SlotId(pub u32);

impl SlotId {
    /// The passphrase: every account has it.
    pub const PASSPHRASE: Self = Self(1);
    /// The recovery code.
    pub const RECOVERY: Self = Self(2);
    /// Numbers from here on are passkeys.
    pub const FIRST_PASSKEY: Self = Self(16);

    /// Whether a way may have this number.
    pub fn is_known(self) -> bool {
        self == Self::PASSPHRASE || self == Self::RECOVERY || self.is_passkey()
    }

    /// Whether it is a passkey.
    pub fn is_passkey(self) -> bool {
        self >= Self::FIRST_PASSKEY
    }
}

/// One way into an account: the account key, sealed so that only this way opens it, and the key that
/// signs in who came this way.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SlotRecord {
    /// Which way.
    pub id: SlotId,
    /// How the passphrase is stretched; the passphrase has it, nothing else does.
    pub kdf: Option<Kdf>,
    /// Public half of the Ed25519 login key.
    #[serde(with = "serde_bytes")]
    pub login_key: [u8; 32],
    /// The account key, sealed.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// Whether these can be the ways into an account: each once, in rising order, the passphrase among them
/// and alone with parameters, nothing too large.
pub fn are_slots(slots: &[SlotRecord]) -> bool {
    let first = slots.first().is_some_and(|slot| slot.id == SlotId::PASSPHRASE);
    let rising = slots.windows(2).all(|pair| pair[0].id < pair[1].id);
    let each = slots.iter().all(|slot| {
        slot.id.is_known()
            && slot.kdf.is_some() == (slot.id == SlotId::PASSPHRASE)
            && slot.sealed.len() <= MAX_SLOT
    });
    first && rising && each && slots.len() <= MAX_SLOTS
}

/// What the server keeps for an account, and what changes as one. Devices take it from a server only if it
/// is newer than theirs and its proof is right: a server can neither lock anybody out nor set it back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccountContent {
    /// Rises with each change, from 1.
    pub revision: u64,
    /// The ways in, in rising order of their numbers.
    pub slots: Vec<SlotRecord>,
    /// The space keys, sealed under the account key.
    #[serde(with = "serde_bytes")]
    pub keyring: Vec<u8>,
    /// A proof over all of it that only the account key makes.
    #[serde(with = "serde_bytes")]
    pub proof: [u8; 32],
}

/// `POST /v1/accounts`: registers an account, with its first space if it brings one. Repeating it with the same content is a success.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Register {
    /// Derived one-way from the account secret.
    pub account: AccountId,
    /// Ways in and space keys.
    pub content: AccountContent,
    /// The first space; `None` for who was invited to another's.
    pub space: Option<SpaceId>,
    /// The registering device.
    pub device: DeviceId,
}

/// `POST /v1/sessions/challenge`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChallengeRequest {
    /// Who wants to sign.
    pub account: AccountId,
    /// By which way she comes.
    pub slot: SlotId,
}

/// The challenge; an unknown account gets one too, with a made-up but constant `kdf`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Challenge {
    /// To be signed.
    #[serde(with = "serde_bytes")]
    pub nonce: [u8; 32],
    /// How to stretch the passphrase; nothing for the other ways.
    pub kdf: Option<Kdf>,
    /// The server's clock, ms since 1970 UTC.
    pub server_ms: u64,
}

/// What a login key signs: the action, the host, the time and the challenge.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LoginStatement {
    /// Always `satchel/login/2`.
    pub action: String,
    /// The host and port that the device believes it talks to, as in the URL.
    pub host: String,
    /// The challenge's `server_ms`.
    pub time_ms: u64,
    /// The challenge's nonce.
    #[serde(with = "serde_bytes")]
    pub nonce: [u8; 32],
    /// Who signs in.
    pub account: AccountId,
    /// By which way.
    pub slot: SlotId,
    /// With which device.
    pub device: DeviceId,
}

/// `POST /v1/sessions`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Login {
    /// CBOR of a [`LoginStatement`].
    #[serde(with = "serde_bytes")]
    pub statement: Vec<u8>,
    /// Ed25519 signature over `statement`.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
}

/// A session: a short opaque token, kept in memory only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SessionGrant {
    /// Sent as `Authorization: Bearer …`.
    pub token: String,
    /// Until when, ms since 1970 UTC.
    pub expires_ms: u64,
    /// Ways in and space keys.
    pub content: AccountContent,
    /// The spaces that the account is a member of.
    pub spaces: Vec<SpaceId>,
}

/// What a login key signs to change an account. A fresh challenge, because a session's token alone must
/// not be enough to let somebody else in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccountStatement {
    /// Always `satchel/account/1`.
    pub action: String,
    /// The host and port that the device believes it talks to, as in the URL.
    pub host: String,
    /// The challenge's `server_ms`.
    pub time_ms: u64,
    /// The challenge's nonce.
    #[serde(with = "serde_bytes")]
    pub nonce: [u8; 32],
    /// Whose account.
    pub account: AccountId,
    /// By which way she came.
    pub slot: SlotId,
    /// With which device.
    pub device: DeviceId,
    /// The revision that this replaces.
    pub replaces: u64,
    /// SHA-256 of the new content's bytes.
    #[serde(with = "serde_bytes")]
    pub content: [u8; 32],
}

/// `POST /v1/accounts/change`: replaces what the server keeps for an account, if it is still at the revision
/// that the statement names and the new one is higher. 409 `revision` where it has moved on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccountChange {
    /// CBOR of an [`AccountStatement`].
    #[serde(with = "serde_bytes")]
    pub statement: Vec<u8>,
    /// Ed25519 signature over `statement`.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
    /// CBOR of the new [`AccountContent`].
    #[serde(with = "serde_bytes")]
    pub content: Vec<u8>,
}

/// Which revision an account is at: the answer to a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccountRevision {
    /// The revision.
    pub revision: u64,
}

/// Most bytes of a device's sealed name.
pub const MAX_DEVICE_NAME: usize = 1024;

/// `POST /v1/devices`: what a device says of itself. The answer is [`DeviceList`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeviceReport {
    /// Another name for itself, sealed for the account's devices; empty to keep the one that is known.
    #[serde(with = "serde_bytes")]
    pub name: Vec<u8>,
    /// Records that it has not sent yet.
    pub waiting: u32,
}

/// `POST /v1/devices/name`: a name for a device of the account, by another one. The answer is [`DeviceList`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NameDevice {
    /// Which.
    pub device: DeviceId,
    /// Its name, sealed for the account's devices.
    #[serde(with = "serde_bytes")]
    pub name: Vec<u8>,
}

/// The devices of an account, in the order in which they came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeviceList {
    /// Each with what it said last.
    pub devices: Vec<DeviceRow>,
}

/// One device of an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeviceRow {
    /// Which.
    pub device: DeviceId,
    /// Its name, sealed for the account's devices; empty while it has none.
    #[serde(with = "serde_bytes")]
    pub name: Vec<u8>,
    /// When it first signed in, ms since 1970 UTC.
    pub first_ms: u64,
    /// When it was last heard of, ms since 1970 UTC.
    pub last_ms: u64,
    /// Records that it had not sent then.
    pub waiting: u32,
    /// When it was revoked, ms since 1970 UTC.
    pub revoked_ms: Option<u64>,
    /// When it handed over something last, ms since 1970 UTC, where that still lies at the server.
    #[serde(default)]
    pub handed_ms: Option<u64>,
    /// What revoked it, as it was signed: the other devices keep it in mind, should the server lose it.
    #[serde(default)]
    pub revocation: Option<Revoke>,
}

/// What a login key signs to revoke a device. A fresh challenge, as for a change of the account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RevokeStatement {
    /// Always `satchel/revoke/1`.
    pub action: String,
    /// The host and port that the device believes it talks to, as in the URL.
    pub host: String,
    /// The challenge's `server_ms`.
    pub time_ms: u64,
    /// The challenge's nonce.
    #[serde(with = "serde_bytes")]
    pub nonce: [u8; 32],
    /// Whose device.
    pub account: AccountId,
    /// By which way the signer came.
    pub slot: SlotId,
    /// With which device.
    pub device: DeviceId,
    /// The device that is revoked: another one.
    pub revoked: DeviceId,
}

/// `POST /v1/devices/revoke`: ends a device's sessions and refuses it new ones. The answer is [`DeviceList`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Revoke {
    /// CBOR of a [`RevokeStatement`].
    #[serde(with = "serde_bytes")]
    pub statement: Vec<u8>,
    /// Ed25519 signature over `statement`.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
}

/// What a login key signs to delete a space. A fresh challenge: a session's token alone deletes nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeleteStatement {
    /// Always `satchel/space/delete/1`.
    pub action: String,
    /// The host and port that the device believes it talks to, as in the URL.
    pub host: String,
    /// The challenge's `server_ms`.
    pub time_ms: u64,
    /// The challenge's nonce.
    #[serde(with = "serde_bytes")]
    pub nonce: [u8; 32],
    /// The owner who deletes it.
    pub account: AccountId,
    /// By which way she came.
    pub slot: SlotId,
    /// With which device.
    pub device: DeviceId,
    /// What is deleted.
    pub space: SpaceId,
}

/// `POST /v1/spaces/{space}/delete`: everything of a space goes, and this stays in its place, so that the devices
/// of all members can see who said so: `GET /v1/spaces/{space}/deleted` gives it to whoever has a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeleteSpace {
    /// CBOR of a [`DeleteStatement`].
    #[serde(with = "serde_bytes")]
    pub statement: Vec<u8>,
    /// Ed25519 signature over `statement` by the login key: what the server judges.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
    /// Ed25519 signature over `satchel/space/deleted/1` and `statement` by the identity that the membership log
    /// names: what the devices judge.
    #[serde(with = "serde_bytes")]
    pub identity: Vec<u8>,
}

/// Most bytes of a part of what a revoked device hands over.
pub const MAX_HANDOVER: usize = 8 * 1024 * 1024;
/// Most parts that lie at the server for one account until they were taken in.
pub const MAX_HANDOVER_PARTS: usize = 240;
/// Most bytes of all of them.
pub const MAX_HANDOVERS: u64 = 256 * 1024 * 1024;

/// What a login key signs for a revoked device to hand over what it has not sent. A fresh challenge.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HandoverStatement {
    /// Always `satchel/handover/1`.
    pub action: String,
    /// The host and port that the device believes it talks to, as in the URL.
    pub host: String,
    /// The challenge's `server_ms`.
    pub time_ms: u64,
    /// The challenge's nonce.
    #[serde(with = "serde_bytes")]
    pub nonce: [u8; 32],
    /// Whose device.
    pub account: AccountId,
    /// By which way the signer came.
    pub slot: SlotId,
    /// The revoked device.
    pub device: DeviceId,
    /// What the work is of: with that space the server forgets it.
    pub space: SpaceId,
    /// SHA-256 of [`Handover::sealed`].
    #[serde(with = "serde_bytes")]
    pub content: [u8; 32],
}

/// `POST /v1/handover/part`, `POST /v1/handover`: what a revoked device has not sent, for another device of the account
/// to take in; in as many parts as it takes, the last one under the second address. The answer is the [`Revoke`] that
/// revoked it, so that no server can make a device erase itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Handover {
    /// CBOR of a [`HandoverStatement`].
    #[serde(with = "serde_bytes")]
    pub statement: Vec<u8>,
    /// Ed25519 signature over `statement`.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
    /// A backup of what was not sent; empty where everything was, or was handed over.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// `GET /v1/handover/{device}`: the oldest part that waits of what that device handed over; the device in 16
/// hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HandedOver {
    /// As it was handed over.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// `POST /v1/handover/taken`: that part is in, and the server need not keep it. The answer is [`DeviceList`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HandoverTaken {
    /// Whose it was.
    pub device: DeviceId,
    /// SHA-256 of what was taken in: any other part stays.
    #[serde(with = "serde_bytes")]
    pub content: [u8; 32],
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(id: u32) -> SlotRecord {
        let kdf = Kdf { memory_kib: 65_536, passes: 3, lanes: 1, salt: [1; 16] };
        let kdf = (id == 1).then_some(kdf);
        SlotRecord { id: SlotId(id), kdf, login_key: [1; 32], sealed: vec![1] }
    }

    #[test]
    fn an_account_has_a_passphrase_and_each_way_once() {
        let of = |ids: &[u32]| are_slots(&ids.iter().copied().map(slot).collect::<Vec<_>>());
        assert!([&[1][..], &[1, 2], &[1, 16], &[1, 2, 16, 17]].into_iter().all(of));
        assert!(![&[][..], &[2], &[16], &[1, 1], &[2, 1], &[1, 3], &[0, 1]].into_iter().any(of));
        let many: Vec<u32> = std::iter::once(1).chain(16..).take(MAX_SLOTS + 1).collect();
        assert!(of(&many[..MAX_SLOTS]) && !of(&many));
        let with_parameters = SlotRecord { kdf: slot(1).kdf, ..slot(2) };
        let without = SlotRecord { kdf: None, ..slot(1) };
        let large = SlotRecord { sealed: vec![0; MAX_SLOT + 1], ..slot(2) };
        for wrong in [vec![slot(1), with_parameters], vec![without], vec![slot(1), large]] {
            assert!(!are_slots(&wrong), "{wrong:?}");
        }
    }
}

//! The membership log of a space: who may do what in it, since when, and by whose word.
//!
//! Each entry is signed by the member who made it and names the entry before it by its hash. The
//! server stores and judges entries, and every device judges them again: the rules are a crate of
//! their own. What the server learns here: accounts, their public keys, their roles and since when.
//! Names are sealed under the space's key.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{AccountId, SpaceId, SpaceState, to_cbor};

/// In front of a body when it is signed: a signature is worth nothing elsewhere.
pub const LABEL: &[u8] = b"satchel/members/1";
/// The version of a [`Body`].
pub const VERSION: u8 = 1;
/// Most bytes of one entry's body: an epoch's grants for [`MAX_MEMBERS`] fit.
pub const MAX_BODY: usize = 64 * 1024;
/// Most members of a space.
pub const MAX_MEMBERS: usize = 256;
/// Most invitations that are open at once.
pub const MAX_INVITATIONS: usize = 64;
/// Most bytes of a sealed welcome.
pub const MAX_WELCOME: usize = 4 * 1024;
/// Most bytes of a member's sealed name.
pub const MAX_NAME: usize = 1024;
/// How often a member may change her name: who may only read could fill the log otherwise.
pub const MAX_RENAMES: u32 = 100;
/// Most entries in one answer.
pub const MAX_ENTRIES: usize = 200;

id16!(
    /// An invitation: derived one-way from the secret in its link.
    InvitationId
);

/// SHA-256 of an entry's body: its place in the chain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct EntryHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl EntryHash {
    /// The hash of an entry with this body.
    pub fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }
}

/// What a member may do; each role implies those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Role {
    /// Reads.
    Viewer = 1,
    /// Reads and writes.
    Editor = 2,
    /// Also decides over viewers and editors.
    Admin = 3,
    /// Decides over everybody.
    Owner = 4,
}

impl Role {
    /// Reads what `as i64` wrote; `None` for anything else.
    pub fn from_rank(rank: i64) -> Option<Self> {
        [Self::Viewer, Self::Editor, Self::Admin, Self::Owner].into_iter().find(|role| *role as i64 == rank)
    }
}

/// The public halves of a person's identity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PublicIdentity {
    /// Ed25519: checks what she signed.
    #[serde(with = "serde_bytes")]
    pub sign: [u8; 32],
    /// X25519: what keys are granted to.
    #[serde(with = "serde_bytes")]
    pub receive: [u8; 32],
}

/// A name, sealed under the key of an epoch of the space.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SealedName {
    /// The epoch whose key sealed it.
    pub epoch: u32,
    /// The sealed name.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// A person as she enters a space.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Member {
    /// Her account.
    pub account: AccountId,
    /// Her keys.
    pub identity: PublicIdentity,
    /// Her name, for the other members.
    pub name: SealedName,
}

/// A new epoch: its key for every member that stays, and the way back to the key before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Turn {
    /// The new epoch, one above the one before.
    pub epoch: u32,
    /// Names the new key without telling it.
    #[serde(with = "serde_bytes")]
    pub commitment: [u8; 32],
    /// The new key, once for each member that stays.
    pub grants: Vec<Grant>,
    /// The key of the epoch before, sealed under the new one.
    #[serde(with = "serde_bytes")]
    pub previous: Vec<u8>,
}

/// A key, sealed to one member's receiving key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The member.
    pub account: AccountId,
    /// The sealed key.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// What an entry changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The first entry: its author is the owner.
    Found {
        /// The owner.
        member: Member,
        /// The space's epoch.
        epoch: u32,
        /// Names that epoch's key without telling it.
        #[serde(with = "serde_bytes")]
        commitment: [u8; 32],
    },
    /// Opens an invitation, good for one person until the epoch ends.
    Invite {
        /// Its id.
        id: InvitationId,
        /// Ed25519: checks what was signed with its secret.
        #[serde(with = "serde_bytes")]
        key: [u8; 32],
        /// The role of whoever joins by it.
        role: Role,
        /// Until when, ms since 1970 UTC.
        expires_ms: u64,
    },
    /// Closes an invitation.
    Withdraw {
        /// Its id.
        id: InvitationId,
    },
    /// Takes an invitation up; signed by it too.
    Join {
        /// The invitation.
        invite: InvitationId,
        /// Who joins: the author.
        member: Member,
    },
    /// Gives a member another role.
    Role {
        /// The member.
        account: AccountId,
        /// The new role.
        role: Role,
    },
    /// Removes members and begins the next epoch.
    Remove {
        /// Who is removed.
        accounts: Vec<AccountId>,
        /// The next epoch.
        turn: Turn,
    },
    /// Begins the next epoch.
    Rotate {
        /// The next epoch.
        turn: Turn,
    },
    /// The author is no member any more.
    Leave,
    /// The author is called something else from now on. It names nobody: nobody can rename another.
    Rename {
        /// Her new name.
        name: SealedName,
    },
}

/// What is signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Body {
    /// [`VERSION`].
    pub v: u8,
    /// The space.
    pub space: SpaceId,
    /// The entry's number, from 1.
    pub n: u64,
    /// The hash of the entry before; `None` in the first.
    pub p: Option<EntryHash>,
    /// Who signs.
    pub by: AccountId,
    /// When, by her clock, ms since 1970 UTC.
    pub at: u64,
    /// What changes.
    pub c: Change,
}

impl Body {
    /// The bytes to sign and to send.
    pub fn bytes(&self) -> Vec<u8> {
        to_cbor(self)
    }
}

/// An entry as it is stored and sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedEntry {
    /// CBOR of a [`Body`].
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
    /// Ed25519 over [`LABEL`] and the body, by its author.
    #[serde(with = "serde_bytes")]
    pub signature: [u8; 64],
    /// The same by the invitation, where somebody joins.
    #[serde(with = "serde_bytes")]
    pub invitation: Option<[u8; 64]>,
}

impl SignedEntry {
    /// Its place in the chain.
    pub fn hash(&self) -> EntryHash {
        EntryHash::of(&self.body)
    }
}

/// `GET /v1/spaces/{space}/members?since=N`: the entries after N, in order, at most [`MAX_ENTRIES`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MemberLog {
    /// Where the space stands.
    pub space: SpaceState,
    /// The entries.
    pub entries: Vec<SignedEntry>,
}

/// `POST /v1/spaces/{space}/members`: one entry, to follow the log's last. The same entry again is a success.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Append {
    /// The entry.
    pub entry: SignedEntry,
    /// What the invitee needs, sealed under the link's secret; with an invitation only.
    #[serde(with = "serde_bytes")]
    pub welcome: Option<Vec<u8>>,
    /// The server had the entry once and has lost it: an admin who holds it says it again, whoever made it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// `GET /v1/invitations/{id}`: for whoever has the link.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenInvitation {
    /// The space that it leads to.
    pub space: SpaceId,
    /// Sealed under the link's secret.
    #[serde(with = "serde_bytes")]
    pub welcome: Vec<u8>,
}

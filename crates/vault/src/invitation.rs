//! Invitations: a secret of 128 bits, which the link carries in its fragment and the server never sees.
//!
//! It gives, one way each, the invitation's id, the key that signs for whoever joins by it, and the key of
//! the *welcome* that lies at the server meanwhile: the space's newest key, and which membership log is
//! the right one. So neither side trusts the server for the other's keys.

use ed25519_dalek::{Signer, SigningKey};
use satchel_wire::members::{EntryHash, InvitationId, LABEL, MAX_WELCOME, Role};
use satchel_wire::{AccountId, SpaceId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::cipher::{Cipher, NONCE, TAG};
use crate::derive::derive;
use crate::entropy::{Entropy, NoEntropy, random};
use crate::space::SpaceKey;
use crate::{FORMAT, OpenError, SealError, padding};

/// Bytes of the checksum behind the secret.
const CHECK: usize = 4;

/// The secret of an invitation.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct InvitationSecret([u8; 16]);

/// The text is no invitation, or at least one character of it is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an invitation, or not a whole one")]
pub struct LinkError;

impl InvitationSecret {
    /// A new one.
    pub fn make(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        random(entropy).map(Self)
    }

    /// As it stands in a link: 40 hexadecimal digits, the last eight of them a checksum.
    pub fn text(&self) -> Zeroizing<String> {
        let bytes = self.0.iter().copied().chain(checksum(&self.0));
        Zeroizing::new(bytes.map(|byte| format!("{byte:02x}")).collect())
    }

    /// Reads [`Self::text`], in capitals too.
    ///
    /// # Errors
    /// [`LinkError`] for anything else.
    pub fn from_text(text: &str) -> Result<Self, LinkError> {
        let digits = text.trim().as_bytes();
        let mut bytes = Zeroizing::new([0; 16 + CHECK]);
        if digits.len() != 2 * bytes.len() || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(LinkError);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| LinkError)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| LinkError)?;
        }
        let (secret, check) = bytes.split_first_chunk::<16>().ok_or(LinkError)?;
        if checksum(secret) == check { Ok(Self(*secret)) } else { Err(LinkError) }
    }

    /// What the server calls it.
    pub fn id(&self) -> InvitationId {
        InvitationId(derive(None, &self.0, &[b"satchel/invitation/id/1"]))
    }

    /// Checks what it signed.
    pub fn public(&self) -> [u8; 32] {
        self.signing().verifying_key().to_bytes()
    }

    /// Signs the entry of whoever joins by it.
    pub fn sign_entry(&self, body: &[u8]) -> [u8; 64] {
        self.signing().sign(&[LABEL, body].concat()).to_bytes()
    }

    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&Zeroizing::new(derive(None, &self.0, &[b"satchel/invitation/sign/1"])))
    }

    fn sealing(&self) -> Cipher {
        Cipher::new(&Zeroizing::new(derive(None, &self.0, &[b"satchel/invitation/welcome/1"])))
    }
}

impl std::fmt::Debug for InvitationSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationSecret(..)")
    }
}

/// What somebody needs who was invited.
#[derive(Debug)]
pub struct Welcome {
    /// What the space is called.
    pub name: String,
    /// Its newest key.
    pub key: SpaceKey,
    /// How many entries the membership log had, this invitation not among them.
    pub n: u64,
    /// The hash of its last entry.
    pub head: EntryHash,
    /// The role that is given.
    pub role: Role,
    /// Who invites.
    pub inviter: AccountId,
    /// What she is called.
    pub inviter_name: String,
}

/// As it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    space: SpaceId,
    epoch: u32,
    #[serde(with = "serde_bytes")]
    key: [u8; 32],
    #[serde(with = "serde_bytes")]
    commitment: [u8; 32],
    name: String,
    n: u64,
    head: EntryHash,
    role: Role,
    inviter: AccountId,
    inviter_name: String,
}

impl Drop for Written {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// Seals a welcome under the invitation's secret.
///
/// # Errors
/// [`SealError::TooLarge`] where the names are too long for [`MAX_WELCOME`].
pub fn seal_welcome(
    secret: &InvitationSecret,
    welcome: &Welcome,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let text = Zeroizing::new(satchel_wire::to_cbor(&written(welcome)));
    let too_large = SealError::TooLarge { len: text.len(), max: MAX_WELCOME };
    let fits = |padded: &usize| 1 + NONCE + padded + TAG <= MAX_WELCOME;
    let padded = padding::padded_len(text.len()).filter(fits).ok_or(too_large)?;
    let mut out = vec![FORMAT];
    let fill = |out: &mut Vec<u8>| padding::pad(&text, padded, out);
    secret.sealing().seal(&context(secret.id()), &mut out, fill, entropy)?;
    Ok(out)
}

/// Opens a welcome and checks its key against its commitment.
///
/// # Errors
/// [`OpenError::Newer`] and [`OpenError::Damaged`].
pub fn open_welcome(secret: &InvitationSecret, sealed: &[u8]) -> Result<Welcome, OpenError> {
    let (format, rest) = sealed.split_first().ok_or(OpenError::Damaged)?;
    if *format != FORMAT {
        return Err(OpenError::Newer { format: *format });
    }
    let padded = secret.sealing().open(&context(secret.id()), rest).ok_or(OpenError::Damaged)?;
    let text = Zeroizing::new(padding::unpad(padded).ok_or(OpenError::Damaged)?);
    let mut written: Written = satchel_wire::from_cbor(&text).map_err(|_| OpenError::Damaged)?;
    let key = SpaceKey::from_root(written.space, written.epoch, Zeroizing::new(written.key));
    if key.commitment().0 != written.commitment {
        return Err(OpenError::Damaged);
    }
    let (name, inviter_name) = (std::mem::take(&mut written.name), std::mem::take(&mut written.inviter_name));
    let Written { n, head, role, inviter, .. } = written;
    Ok(Welcome { name, key, n, head, role, inviter, inviter_name })
}

fn written(welcome: &Welcome) -> Written {
    let Welcome { name, key, n, head, role, inviter, inviter_name } = welcome;
    Written {
        space: key.space(),
        epoch: key.epoch(),
        key: **key.root(),
        commitment: key.commitment().0,
        name: name.clone(),
        n: *n,
        head: *head,
        role: *role,
        inviter: *inviter,
        inviter_name: inviter_name.clone(),
    }
}

fn context(id: InvitationId) -> Vec<u8> {
    [b"satchel/welcome/1".as_slice(), &[FORMAT], &id.0].concat()
}

fn checksum(secret: &[u8; 16]) -> [u8; CHECK] {
    let hash: [u8; 32] = Sha256::digest([b"satchel/invitation/text/1".as_slice(), secret].concat()).into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

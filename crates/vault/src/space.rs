//! Space keys, one an epoch, and the seal of records.
//!
//! The keyring keeps a random root of 32 bytes; the sealing key and the commitment come from it by
//! HKDF under the space and epoch, once when the key is loaded. There is no derivation per record:
//! it would cost more than the cipher.

use satchel_wire::{DeviceId, Envelope, Etag, Header, MAX_CIPHERTEXT, RecordId, SpaceId, Stream};
use zeroize::Zeroizing;

use crate::cipher::{Cipher, NONCE, TAG};
use crate::derive::derive;
use crate::entropy::{Entropy, NoEntropy, random};
use crate::keyring::Keyring;
use crate::{FORMAT, OpenError, SealError, padding};

/// The longest record, in bytes: what still fits [`MAX_CIPHERTEXT`] when padded.
pub const MAX_PLAINTEXT: usize = 258_044;

const LABEL: &[u8; 16] = b"satchel/record/1";
const CONTEXT: usize = 16 + 1 + 16 + 16 + 1 + 4 + 1 + 32 + 8;

/// Names one key without telling it. AES-GCM does not commit to its key, so that a ciphertext could
/// be made to open under two; whoever compares commitments once an epoch rules that out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Commitment(pub [u8; 32]);

/// The key of one epoch of one space.
pub struct SpaceKey {
    space: SpaceId,
    epoch: u32,
    root: Zeroizing<[u8; 32]>,
    cipher: Cipher,
}

impl SpaceKey {
    /// A new key for an epoch of a space.
    pub fn make(space: SpaceId, epoch: u32, entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self::from_root(space, epoch, Zeroizing::new(random(entropy)?)))
    }

    pub(crate) fn from_root(space: SpaceId, epoch: u32, root: Zeroizing<[u8; 32]>) -> Self {
        let key = Zeroizing::new(purpose(space, epoch, &root, b"satchel/space/record/1"));
        Self { space, epoch, cipher: Cipher::new(&key), root }
    }

    pub(crate) fn root(&self) -> &Zeroizing<[u8; 32]> {
        &self.root
    }

    /// 32 bytes for one purpose of this space and epoch.
    pub(crate) fn purpose(&self, label: &[u8]) -> [u8; 32] {
        purpose(self.space, self.epoch, &self.root, label)
    }

    /// The same key once more, for whoever is to hold it too.
    pub fn again(&self) -> Self {
        Self::from_root(self.space, self.epoch, self.root.clone())
    }

    /// The space that it belongs to.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// The epoch that it belongs to.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// What names this key to those who hold it.
    pub fn commitment(&self) -> Commitment {
        Commitment(self.purpose(b"satchel/space/commitment/1"))
    }

    /// The header of a record that is to be sealed under this key.
    pub fn header(
        &self,
        record: RecordId,
        stream: Stream,
        replaces: Option<Etag>,
        device: DeviceId,
    ) -> Header {
        let Self { space, epoch, .. } = *self;
        Header { format: FORMAT, space, record, stream, epoch, replaces, device }
    }

    /// Opens a record of this space and epoch.
    pub fn open_record(&self, envelope: &Envelope) -> Result<Vec<u8>, OpenError> {
        let header = &envelope.header;
        if header.format != FORMAT {
            return Err(OpenError::Newer { format: header.format });
        }
        if (header.space, header.epoch) != (self.space, self.epoch) {
            return Err(OpenError::NoKey { space: header.space, epoch: header.epoch });
        }
        let padded = self.cipher.open(&context(header), &envelope.ciphertext);
        padded.and_then(padding::unpad).ok_or(OpenError::Damaged)
    }
}

impl std::fmt::Debug for SpaceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { space, epoch, .. } = self;
        f.debug_struct("SpaceKey").field("space", space).field("epoch", epoch).finish_non_exhaustive()
    }
}

/// Seals a record: content and header belong together from here on.
pub fn seal_record(
    key: &SpaceKey,
    header: Header,
    plaintext: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Envelope, SealError> {
    if (header.format, header.space, header.epoch) != (FORMAT, key.space, key.epoch) {
        return Err(SealError::Mismatch);
    }
    let too_large = SealError::TooLarge { len: plaintext.len(), max: MAX_PLAINTEXT };
    let padded = padding::padded_len(plaintext.len())
        .filter(|len| NONCE + len + TAG <= MAX_CIPHERTEXT)
        .ok_or(too_large)?;
    let mut ciphertext = Vec::with_capacity(NONCE + padded + TAG);
    key.cipher.seal(
        &context(&header),
        &mut ciphertext,
        |out| padding::pad(plaintext, padded, out),
        entropy,
    )?;
    Ok(Envelope { header, ciphertext })
}

/// Opens a record with the key of its space and epoch.
pub fn open_record(keyring: &Keyring, envelope: &Envelope) -> Result<Vec<u8>, OpenError> {
    let Header { format, space, epoch, .. } = envelope.header;
    if format != FORMAT {
        return Err(OpenError::Newer { format });
    }
    let key = keyring.key(space, epoch).ok_or(OpenError::NoKey { space, epoch })?;
    key.open_record(envelope)
}

fn purpose(space: SpaceId, epoch: u32, root: &[u8; 32], label: &[u8]) -> [u8; 32] {
    derive(None, root, &[label, &space.0, &epoch.to_be_bytes()])
}

/// The associated data: every field of the header at a fixed place.
fn context(header: &Header) -> [u8; CONTEXT] {
    let Header { format, space, record, stream, epoch, replaces, device } = header;
    let stream = match stream {
        Stream::State => 1,
        Stream::History => 2,
        Stream::Grave => 3,
    };
    let replaced = replaces.map_or([0; 32], |etag| etag.0);
    let parts: [&[u8]; 9] = [
        LABEL,
        &[*format],
        &space.0,
        &record.0,
        &[stream],
        &epoch.to_be_bytes(),
        &[u8::from(replaces.is_some())],
        &replaced,
        &device.0.to_be_bytes(),
    ];
    let mut out = [0; CONTEXT];
    let mut rest = out.as_mut_slice();
    for part in parts {
        let (place, after) = rest.split_at_mut(part.len());
        place.copy_from_slice(part);
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests;

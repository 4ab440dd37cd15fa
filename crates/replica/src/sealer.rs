//! Records to envelopes and back, with the keys of one unlocked space.

use crate::{Reason, ReplicaError, Version};
use satchel_domain::{Record, stamp::latest_allowed};
use satchel_vault::{
    DeviceKey, Entropy, Keyring, KeyringError, LocalKey, NoEntropy, OpenError, PageKey, PagePlace, SealError,
    SealedLocal, SigningKeys, SpaceKey,
};
use satchel_wire::{DeviceId, Envelope, Etag, RecordId, SpaceId, Stream};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

/// What unlocking gives: all that is needed to open and seal one space on one device.
pub struct Keys {
    /// The keys of every epoch.
    pub keyring: Keyring,
    /// For what only this device keeps.
    pub local: LocalKey,
    /// For the history that each device signs.
    pub signing: SigningKeys,
    /// For this device's pages.
    pub pages: PageKey,
    /// The space.
    pub space: SpaceId,
    /// This device.
    pub device: DeviceId,
    /// Random bytes for nonces.
    pub entropy: Box<dyn Entropy>,
}

pub(crate) struct Sealer {
    /// Grows when an epoch begins; borrowed for single calls only.
    keyring: RefCell<Keyring>,
    local: LocalKey,
    signing: SigningKeys,
    pages: PageKey,
    /// Identities whose signatures count: those of all who are or were members.
    trusted: RefCell<BTreeSet<[u8; 32]>>,
    /// This account's own.
    public: OnceCell<[u8; 32]>,
    pub(crate) space: SpaceId,
    pub(crate) device: DeviceId,
    entropy: RefCell<Box<dyn Entropy>>,
}

/// A record read from an envelope.
pub(crate) struct Opened {
    pub(crate) record: Record,
    /// Some stamp lay in the server's future and was moved back.
    pub(crate) clamped: bool,
    /// As they were sealed.
    pub(crate) bytes: Vec<u8>,
}

impl Sealer {
    pub(crate) fn new(keys: Keys) -> Self {
        let Keys { keyring, local, signing, pages, space, device, entropy } = keys;
        let (keyring, entropy) = (RefCell::new(keyring), RefCell::new(entropy));
        let (trusted, public) = (RefCell::default(), OnceCell::new());
        Self { keyring, local, signing, pages, trusted, public, space, device, entropy }
    }

    /// The epoch that new seals are under.
    pub(crate) fn epoch(&self) -> Result<u32, SealError> {
        let keyring = self.keyring.borrow();
        keyring.newest(self.space).map(satchel_vault::SpaceKey::epoch).ok_or(SealError::Mismatch)
    }

    /// Takes the key of another epoch.
    pub(crate) fn add_key(&self, key: SpaceKey) -> Result<(), KeyringError> {
        let mut keyring = self.keyring.borrow_mut();
        let spaces = keyring.spaces();
        let name =
            spaces.into_iter().find(|(space, _)| *space == key.space()).map(|(_, name)| name.to_owned());
        keyring.insert(&name.unwrap_or_default(), key)
    }

    /// Lends the keys and the randomness to a seal that is not of this room.
    pub(crate) fn with_keys<T>(&self, work: impl FnOnce(&Keyring, &mut dyn Entropy) -> T) -> T {
        work(&self.keyring.borrow(), &mut **self.entropy.borrow_mut())
    }

    pub(crate) fn local_key(&self) -> &LocalKey {
        &self.local
    }

    pub(crate) fn seal(
        &self,
        id: RecordId,
        record: &Record,
        replaces: Option<Etag>,
    ) -> Result<Envelope, SealError> {
        let stream = if record.is_grave() { Stream::Grave } else { Stream::State };
        self.seal_bytes(id, stream, &record.to_bytes(), replaces)
    }

    /// Seals a chunk of history.
    pub(crate) fn seal_chunk(
        &self,
        id: RecordId,
        chunk: &[u8],
        replaces: Option<Etag>,
    ) -> Result<Envelope, SealError> {
        self.seal_bytes(id, Stream::History, chunk, replaces)
    }

    /// Seals what [`Record::to_bytes`] wrote, or a chunk of history.
    pub(crate) fn seal_bytes(
        &self,
        id: RecordId,
        stream: Stream,
        bytes: &[u8],
        replaces: Option<Etag>,
    ) -> Result<Envelope, SealError> {
        let keyring = self.keyring.borrow();
        let key = keyring.newest(self.space).ok_or(SealError::Mismatch)?;
        let header = key.header(id, stream, replaces, self.device);
        satchel_vault::seal_record(key, header, bytes, &mut **self.entropy.borrow_mut())
    }

    /// Opens what a store or a server says is a chunk of history.
    pub(crate) fn open_history(&self, id: RecordId, envelope: &Envelope) -> Result<Vec<u8>, Reason> {
        let is_history = envelope.header.stream == Stream::History;
        if is_history { self.open_bytes(id, envelope) } else { Err(Reason::Unopenable) }
    }

    /// Opens what is sealed as record `id`, whatever it holds.
    pub(crate) fn open_bytes(&self, id: RecordId, envelope: &Envelope) -> Result<Vec<u8>, Reason> {
        let header = &envelope.header;
        if (header.space, header.record) != (self.space, id) {
            return Err(Reason::Unopenable);
        }
        satchel_vault::open_record(&self.keyring.borrow(), envelope).map_err(reason)
    }

    /// Whether this is sealed under an epoch whose key is not at hand, and may come.
    pub(crate) fn lacks_key(&self, envelope: &Envelope) -> bool {
        self.keyring.borrow().key(self.space, envelope.header.epoch).is_none()
    }

    /// Whether this is sealed under an epoch before the newest.
    pub(crate) fn is_before(&self, envelope: &Envelope) -> bool {
        self.epoch().is_ok_and(|newest| envelope.header.epoch < newest)
    }

    pub(crate) fn seal_page(&self, place: PagePlace, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(satchel_vault::seal_page(&self.pages, place, plain, &mut **self.entropy.borrow_mut())?)
    }

    pub(crate) fn open_page(&self, place: PagePlace, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        satchel_vault::open_page(&self.pages, place, sealed)
    }

    /// Opens what a store or a server says is record `id`; `at` is given for what the server had.
    pub(crate) fn open(
        &self,
        id: RecordId,
        envelope: &Envelope,
        at: Option<Version>,
    ) -> Result<Opened, Reason> {
        if envelope.header.stream == Stream::History {
            return Err(Reason::Unopenable);
        }
        let bytes = self.open_bytes(id, envelope)?;
        let mut record = Record::from_bytes(&bytes).map_err(|_| Reason::Unreadable)?;
        let clamped = at.is_some_and(|at| record.clamp(latest_allowed(at.received_ms)));
        Ok(Opened { record, clamped, bytes })
    }

    pub(crate) fn seal_local(&self, key: &str, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
        let sealed = satchel_vault::seal_local(&self.local, key, bytes, &mut **self.entropy.borrow_mut())?;
        Ok(sealed.into_bytes())
    }

    pub(crate) fn open_local(&self, key: &str, sealed: Vec<u8>) -> Result<Vec<u8>, OpenError> {
        satchel_vault::open_local(&self.local, key, &SealedLocal::from(sealed))
    }

    /// A local item's name that tells nothing to whoever reads the disk.
    pub(crate) fn local_name(&self, what: &[u8]) -> String {
        self.local.name(what).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Signs a body of this device's history.
    pub(crate) fn sign_chunk(&self, body: &[u8]) -> [u8; 64] {
        self.signing.sign_chunk(self.space, self.device, body)
    }

    /// What that is checked by; made when it is first needed.
    pub(crate) fn public_key(&self) -> [u8; 32] {
        *self.public.get_or_init(|| self.signing.public())
    }

    /// Counts the signatures of these identities, and of this account, and of nobody else.
    pub(crate) fn trust(&self, identities: BTreeSet<[u8; 32]>) {
        self.trusted.replace(identities);
    }

    pub(crate) fn trusts(&self, key: &[u8; 32]) -> bool {
        *key == self.public_key() || self.trusted.borrow().contains(key)
    }

    /// What a device of this account signed its history with before identities did, to check that.
    pub(crate) fn device_key(&self, device: DeviceId) -> DeviceKey {
        self.signing.device(device)
    }

    /// Lends the randomness to a seal that is not of this room.
    pub(crate) fn with_entropy<T>(&self, seal: impl FnOnce(&mut dyn Entropy) -> T) -> T {
        seal(&mut **self.entropy.borrow_mut())
    }

    pub(crate) fn random(&self) -> Result<u64, ReplicaError> {
        let mut bytes = [0; 8];
        self.entropy.borrow_mut().fill(&mut bytes).map_err(|NoEntropy| SealError::NoEntropy(NoEntropy))?;
        Ok(u64::from_be_bytes(bytes))
    }
}

fn reason(error: OpenError) -> Reason {
    match error {
        OpenError::Newer { .. } => Reason::Unreadable,
        OpenError::NoKey { .. } | OpenError::Damaged => Reason::Unopenable,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::specimen::{Specimen, same};

    /// Of device 1, with keys that come from `seed` alone.
    pub(crate) fn sealer(seed: u8) -> Sealer {
        Sealer::new(keys(seed))
    }

    pub(crate) fn keys(seed: u8) -> Keys {
        Specimen { space: SpaceId([5; 16]), byte: seed }.keys(1, 1, Box::new(same(seed)))
    }
}

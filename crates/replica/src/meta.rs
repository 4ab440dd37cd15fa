//! What a device keeps about itself: what it needs before it is unlocked, and how far it has read.

use crate::StoreError;
use satchel_wire::{DeviceId, Etag, Incarnation, SlotId, SlotRecord, SpaceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format that this app writes.
pub const META_FORMAT: u16 = 2;

/// What must be readable before anybody has unlocked. It holds no key in clear: the account secret alone
/// opens nothing without the passphrase, and the passphrase alone nothing without this device.
///
/// Kept as a CBOR map; entries that a newer app wrote are kept and written back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Meta {
    /// [`META_FORMAT`]; a higher one is [`crate::StoreError::Newer`].
    pub format: u16,
    /// Counts the writes of this, from 1; checked like a row's version.
    pub revision: u64,
    /// This device, in stamps and envelopes.
    pub device: DeviceId,
    /// The space that is kept here.
    pub space: SpaceId,
    /// The account secret: 128 random bits, also on the recovery sheet.
    #[serde(with = "serde_bytes")]
    pub account_secret: [u8; 16],
    /// The ways into the account, in rising order of their numbers.
    pub slots: Vec<SlotRecord>,
    /// The space keys, sealed under the account key.
    #[serde(with = "serde_bytes")]
    pub keyring: Vec<u8>,
    /// The revision of the account that slots and keyring are, from 1.
    pub account_revision: u64,
    /// What of them this device changed and the server does not have yet.
    #[serde(default)]
    pub unsent_account: UnsentAccount,
    /// Passkeys that were made on this device.
    #[serde(default)]
    pub passkeys: Vec<Passkey>,
    /// Whether the server knows the account.
    pub registered: bool,
    /// Where the server is, if not at the app's own origin.
    #[serde(default)]
    pub server: Option<String>,
    /// What a newer app wrote.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, ciborium::Value>,
}

/// A passkey of this device, which the platform must be asked for by name before anything is open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Passkey {
    /// The slot that it opens.
    pub slot: SlotId,
    /// The platform's name for it; no secret.
    #[serde(with = "serde_bytes")]
    pub credential: Vec<u8>,
}

/// Which parts of an account were changed here and not sent yet. Where the account moved on meanwhile, these
/// parts are put into what it is now.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct UnsentAccount {
    /// Ways that are new, another, or gone.
    pub slots: Vec<SlotId>,
    /// The keyring holds something new.
    pub keyring: bool,
    /// What the server still knows this device by, if the slot that opens it is not there yet: a login key,
    /// sealed as a local item.
    #[serde(default, with = "serde_bytes")]
    pub login: Option<Vec<u8>>,
}

impl UnsentAccount {
    /// Whether the server has everything.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty() && !self.keyring
    }
}

/// How far this device has read the space's log, and what it learned on the way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cursor {
    /// The server's incarnation at the last answer; `None` before the first.
    pub incarnation: Option<Incarnation>,
    /// Every row up to this number is here.
    pub seq: u64,
    /// 1, and one more each time the server's data was found restored or emptied.
    pub era: u32,
    /// In this era, what the server lacks is still to be offered again.
    pub sweeping: bool,
    /// The server's clock minus this device's, ms, at the last answer.
    pub offset_ms: i64,
    /// When everything was last in sync, by the server's clock, ms since 1970 UTC.
    pub synced_ms: Option<u64>,
    /// Erased records up to this number are forgotten, by the server and here.
    #[serde(default)]
    pub floor: u64,
    /// The first era whose numbers are of the same log as today's: an era that began because the log was purged
    /// reads the same one again.
    #[serde(default)]
    pub first_era: u32,
    /// Where the log was read up to when it was found purged and reading began again; 0 in any other case.
    #[serde(default)]
    pub read: u64,
    /// The last comparison that found no difference.
    #[serde(default)]
    pub verified: Option<Verified>,
    /// Another device was shown another log.
    #[serde(default)]
    pub forked: bool,
}

/// A comparison with the server's digest that found no difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verified {
    /// At which number.
    pub seq: u64,
    /// The root.
    pub root: Etag,
    /// When, by the server's clock, ms since 1970 UTC.
    pub at_ms: u64,
    /// How many records that covers.
    pub records: u64,
}

impl Default for Cursor {
    /// The start of the log, on a device that has met no server yet.
    fn default() -> Self {
        Self {
            incarnation: None,
            seq: 0,
            era: 1,
            sweeping: false,
            offset_ms: 0,
            synced_ms: None,
            floor: 0,
            first_era: 1,
            read: 0,
            verified: None,
            forked: false,
        }
    }
}

impl Cursor {
    /// The same, where the log that is read in this era turns out to be no older one: its numbers say nothing about
    /// what was confirmed before.
    pub(crate) fn of_other_log(self) -> Self {
        Self { first_era: self.era, read: 0, ..self }
    }

    /// Whether this was an earlier era of what is taken for the log of today.
    pub(crate) fn was_same_log(&self, era: u32) -> bool {
        (self.first_era..self.era).contains(&era)
    }

    /// Whether both stand at the same place of the same log: what a commit checks before it moves the cursor.
    pub fn same_place(&self, other: &Self) -> bool {
        (self.incarnation, self.seq, self.era, self.sweeping)
            == (other.incarnation, other.seq, other.era, other.sweeping)
    }
}

impl Meta {
    /// One way into the account.
    pub fn slot(&self, id: SlotId) -> Option<&SlotRecord> {
        self.slots.iter().find(|slot| slot.id == id)
    }

    /// As CBOR.
    pub fn encode(&self) -> Vec<u8> {
        satchel_wire::to_cbor(self)
    }

    /// Reads what [`Self::encode`] wrote, by this app or an older one.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a newer app's, [`StoreError::Damaged`] for anything else.
    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        #[derive(Deserialize)]
        struct Format {
            format: u16,
        }
        let Format { format } = satchel_wire::from_cbor(bytes).map_err(|_| damaged("meta"))?;
        if format > META_FORMAT {
            return Err(StoreError::Newer { found: format.into(), known: META_FORMAT.into() });
        }
        satchel_wire::from_cbor(bytes).map_err(|_| damaged("meta"))
    }
}

impl Cursor {
    /// As CBOR.
    pub fn encode(&self) -> Vec<u8> {
        satchel_wire::to_cbor(self)
    }

    /// Reads what [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        satchel_wire::from_cbor(bytes).map_err(|_| damaged("cursor"))
    }
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged { what: what.into() }
}

//! Everything that the server may see. A new field here is a privacy decision (R99).
//!
//! Bodies are CBOR ([`to_cbor`], [`from_cbor`]); errors are RFC 9457 problems in JSON.
//! The server learns: accounts (an opaque id and a public login key), devices, spaces, and for each
//! record its number, padded size, time of arrival and the device that wrote it. Nothing else.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

/// The media type of request and answer bodies.
pub const CBOR: &str = "application/cbor";
/// Most writes in one push.
pub const MAX_PUSH_WRITES: usize = 2_000;
/// Most bytes in one push body.
pub const MAX_PUSH_BYTES: usize = 1 << 20;
/// Most bytes in one sealed record.
pub const MAX_CIPHERTEXT: usize = 256 * 1024;
/// Most rows in one page of changes.
pub const MAX_CHANGES: u32 = 1_000;
/// Most bytes of ciphertext in one page of changes, unless a single row is larger.
pub const MAX_CHANGES_BYTES: usize = 2 << 20;

macro_rules! id16 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub struct $name(#[serde(with = "serde_bytes")] pub [u8; 16]);

        impl $name {
            /// Lower-case hexadecimal, 32 digits: for paths.
            pub fn to_hex(self) -> String {
                self.0.iter().map(|byte| format!("{byte:02x}")).collect()
            }

            /// Reads what [`Self::to_hex`] wrote; `None` for anything else.
            pub fn from_hex(text: &str) -> Option<Self> {
                if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return None;
                }
                let mut bytes = [0; 16];
                for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
                    *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
                }
                Some(Self(bytes))
            }
        }
    };
}

mod account;
pub mod digest;
mod files;
pub mod members;

pub use account::*;
pub use digest::Digest;
pub use files::*;

id16!(
    /// A space: the records that one group of people shares.
    SpaceId
);
id16!(
    /// A record within a space; random, made on the device.
    RecordId
);
id16!(
    /// An account: derived one-way from the account secret, so it names nobody.
    AccountId
);
id16!(
    /// Changes when the server's data was restored from a copy.
    Incarnation
);

/// A device: 64 random bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct DeviceId(pub u64);

/// SHA-256 of a stored ciphertext: its version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Etag(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl Etag {
    /// The version of these bytes.
    pub fn of(ciphertext: &[u8]) -> Self {
        Self(Sha256::digest(ciphertext).into())
    }
}

/// Which of a space's streams a row belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Stream {
    /// The newest state of each record.
    State,
    /// Who changed what when; convergence never depends on it.
    History,
    /// The state stream's last word on a record that was erased for good. It replaces the state by
    /// the usual compare-and-swap, and is dropped by the server once it is old enough.
    Grave,
}

/// What is bound to a ciphertext as associated data and known to the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// Format of the envelope; 1.
    pub format: u8,
    /// The space it belongs to.
    pub space: SpaceId,
    /// The record it is a version of.
    pub record: RecordId,
    /// The stream it belongs to.
    pub stream: Stream,
    /// The epoch of the key that sealed it.
    pub epoch: u32,
    /// The version that it replaces; `None` for the first.
    pub replaces: Option<Etag>,
    /// The device that sealed it.
    pub device: DeviceId,
}

/// A sealed record: header in clear, content opaque.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// What is bound to the ciphertext.
    pub header: Header,
    /// Nonce and ciphertext with its tag.
    #[serde(with = "serde_bytes")]
    pub ciphertext: Vec<u8>,
}

impl Envelope {
    /// The version that this envelope is.
    pub fn etag(&self) -> Etag {
        Etag::of(&self.ciphertext)
    }
}

/// What the device has last seen of a space.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// The last number it has applied.
    pub seq: u64,
    /// The digest root at that number, once devices keep one.
    pub root: Option<Etag>,
}

/// Whether a push is judged write by write, in runs or as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum PushMode {
    /// Each write stands alone.
    Each,
    /// All or nothing.
    All,
    /// Lengths of consecutive runs of writes: each run stands or falls together, apart from the others.
    Groups(Vec<u32>),
}

impl PushMode {
    /// The lengths of the runs that stand or fall together in a push of `writes` writes; `None` where
    /// the groups do not add up to it, which makes the push malformed.
    pub fn runs(&self, writes: usize) -> Option<Vec<usize>> {
        let runs = match self {
            Self::Each => vec![1; writes],
            Self::All => vec![writes],
            Self::Groups(lengths) => lengths.iter().map(|length| *length as usize).collect(),
        };
        let sum = runs.iter().try_fold(0_usize, |sum, run| sum.checked_add(*run));
        (sum == Some(writes) && runs.len() <= writes.max(1)).then_some(runs)
    }
}

/// `POST /v1/spaces/{space}/push`. Idempotent by content: no deduplication table is needed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Push {
    /// For logs only.
    pub push_id: u64,
    /// The incarnation that the device knows; `None` before its first answer.
    pub incarnation: Option<Incarnation>,
    /// The epoch that the device seals with.
    pub epoch: u32,
    /// What the device has last seen.
    pub seen: Seen,
    /// How to judge the writes.
    pub mode: PushMode,
    /// At most [`MAX_PUSH_WRITES`]; each envelope's header names what it replaces.
    pub writes: Vec<Envelope>,
}

/// The answer to a push: one verdict a write, in the same order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PushAnswer {
    /// Where the space stands now.
    pub space: SpaceState,
    /// What became of each write.
    pub verdicts: Vec<Verdict>,
}

/// How long a server keeps a grave, ms: whoever was away for less meets it; whoever was away for longer is told to
/// read all again.
pub const GRAVE_MS: u64 = 180 * 24 * 60 * 60 * 1_000;

/// What became of one write.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Verdict {
    /// Stored now, under this number.
    Accepted {
        /// Its number.
        seq: u64,
    },
    /// These very bytes were stored already: another answer was lost, or another tab has sent them too.
    Known {
        /// Their number.
        seq: u64,
        /// When they were stored, ms since 1970 UTC.
        received_ms: u64,
    },
    /// The record has another version by now; here it is, to be merged.
    Stale {
        /// The newest row, or `None` where the server has no row at all.
        current: Option<Row>,
    },
    /// Never to be stored; sending it again would not help.
    Refused {
        /// Why.
        reason: Refusal,
    },
}

impl Verdict {
    /// Under which number the write is stored, and since when, in an answer given at `server_ms`; `None` if it is not.
    pub fn stored(&self, server_ms: u64) -> Option<(u64, u64)> {
        match *self {
            Self::Accepted { seq } => Some((seq, server_ms)),
            Self::Known { seq, received_ms } => Some((seq, received_ms)),
            Self::Stale { .. } | Self::Refused { .. } => None,
        }
    }
}

/// Why a write can never be stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Refusal {
    /// The ciphertext is larger than [`MAX_CIPHERTEXT`].
    TooLarge,
    /// The header names another space, device or format than the push.
    Mismatch,
    /// The epoch is not the space's.
    Epoch,
    /// Another write of the same run (of the whole push in mode `all`) was stale or refused.
    Together,
}

/// One stored row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Its number in the space.
    pub seq: u64,
    /// When the server took it, ms since 1970 UTC.
    pub received_ms: u64,
    /// What was stored.
    pub envelope: Envelope,
}

/// Where a space stands; comes with every answer about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SpaceState {
    /// The highest number handed out.
    pub head: u64,
    /// The incarnation of the server's data.
    pub incarnation: Incarnation,
    /// The space's epoch.
    pub epoch: u32,
    /// Below this number tombstones are gone.
    pub purge_floor: u64,
    /// The server's clock, ms since 1970 UTC.
    pub server_ms: u64,
    /// How many entries the membership log has.
    #[serde(default)]
    pub members: u64,
}

/// `GET /v1/spaces/{space}/changes?since=N&limit=M`: the newest row of each record changed after `since`, in order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Changes {
    /// Where the space stands.
    pub space: SpaceState,
    /// Rows in rising order of their numbers.
    pub rows: Vec<Row>,
    /// The cursor after this page; equal to `head` when there is no more.
    pub next: u64,
}

/// One hint of `GET /v1/spaces/{space}/hints` (server-sent events; `data:` is this in JSON): no content.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hint {
    /// The highest number handed out.
    pub head: u64,
    /// How many entries the membership log has.
    #[serde(default)]
    pub members: u64,
}

/// An RFC 9457 problem, `application/problem+json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:satchel:problem:` and a code.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short sentence for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Why bytes are not a message.
#[derive(Debug, thiserror::Error)]
#[error("not a message of this protocol")]
pub struct Malformed;

/// Writes a message as CBOR.
pub fn to_cbor<T: Serialize>(message: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(message, &mut bytes).expect("writing to memory cannot fail for these types");
    bytes
}

/// Reads a message; anything else is [`Malformed`], never a panic.
pub fn from_cbor<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Malformed> {
    ciborium::from_reader(bytes).map_err(|_| Malformed)
}

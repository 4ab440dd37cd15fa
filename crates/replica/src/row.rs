//! One record as this device keeps it, and where it stands towards the server.

mod format1;
mod kept;

use satchel_wire::{Envelope, Etag, RecordId, Refusal, Stream};
use serde::{Deserialize, Serialize};

/// A version that the server has confirmed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// Which bytes.
    pub etag: Etag,
    /// Their number in the space.
    pub seq: u64,
    /// The [`crate::Cursor::era`] in which the server confirmed them: a restored server starts a new era,
    /// and what was confirmed only in an older one may be gone there.
    /// Eras count from 1; 0 is for what the server said it does not have.
    pub era: u32,
    /// When the server took them, ms since 1970 UTC: no stamp within is believed to be much later (section 3).
    pub received_ms: u64,
}

/// The last synced state, kept beside what is unsent: with it "both sides changed this field" is known exactly.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Base {
    /// Which version the server had.
    pub at: Version,
    /// Its bytes.
    pub envelope: Envelope,
}

impl Base {
    /// What the server once had, and does not have any more.
    pub(crate) fn gone(&self) -> Self {
        Self { at: Version { era: 0, ..self.at }, envelope: self.envelope.clone() }
    }
}

/// A place in the outbox: rows are offered in the order in which they first had something unsent.
/// Two rows may share a number; their ids decide then.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Turn(pub u64);

/// What is kept beside changes that the server does not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "kept::Unsent", into = "kept::Unsent")]
pub struct Unsent {
    /// The place in the outbox. Rows of one intent share it and are offered together.
    pub turn: Turn,
    /// The server's clock minus this device's, ms, as it was believed when the changes were stamped;
    /// `None` when that is not known.
    pub offset_ms: Option<i64>,
    /// When the last of the changes was made, ms since 1970 UTC by the same belief; [`u64::MAX`] when that is
    /// not known.
    pub at_ms: u64,
    /// The latest time in any stamp of the record, ms since 1970 UTC; [`u64::MAX`] when that is not known.
    pub latest_ms: u64,
}

impl From<Turn> for Unsent {
    /// Changes of which only the place is known.
    fn from(turn: Turn) -> Self {
        Self { turn, offset_ms: None, at_ms: u64::MAX, latest_ms: u64::MAX }
    }
}

/// Why a row is set aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Reason {
    /// No key at hand opens it, or it was altered.
    Unopenable,
    /// It opens, and what is inside is not a record that this app can read.
    Unreadable,
    /// The server refuses it for good.
    Refused(Refusal),
    /// The record was erased for good elsewhere, and something of ours was unsent.
    Erased,
}

/// What a row that is set aside holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "kept::Held", into = "kept::Held")]
pub struct Held {
    /// Where the version that is shown stands.
    pub ours: Ours,
    /// Versions that came and could not be read or joined yet, in the order of [`Version::place`].
    pub beside: Vec<Base>,
}

/// Where the version that is shown of a row that is set aside stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Ours {
    /// The server had exactly this.
    Synced(Version),
    /// Unsent, over what the server last had of it.
    Unsent(Option<Box<Base>>),
}

/// Where a row stands towards the server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RowState {
    /// The server has exactly this.
    Synced(Version),
    /// As far as we know the server has never had this record.
    New(Unsent),
    /// Changed here since the version in `base`.
    Edited {
        /// The last synced state.
        base: Box<Base>,
        /// What is kept beside the changes.
        unsent: Unsent,
    },
    /// Set aside: shown and counted, neither sent nor merged until it heals.
    Quarantined {
        /// Why.
        reason: Reason,
        /// What is kept.
        held: Held,
    },
}

impl RowState {
    /// The place in the outbox; `None` for what is not waiting to be sent.
    pub fn turn(&self) -> Option<Turn> {
        self.unsent().map(|unsent| unsent.turn)
    }

    /// What is kept beside changes that wait to be sent.
    pub fn unsent(&self) -> Option<&Unsent> {
        match self {
            Self::New(unsent) | Self::Edited { unsent, .. } => Some(unsent),
            Self::Synced(_) | Self::Quarantined { .. } => None,
        }
    }

    /// The newest version that the server is known to have had.
    pub fn server_version(&self) -> Option<Version> {
        match self {
            Self::New(_) => None,
            Self::Synced(at) => Some(*at),
            Self::Edited { base, .. } => Some(base.at),
            Self::Quarantined { held, .. } => held.server_version(),
        }
    }

    /// Whether something here was never acknowledged, so that erasing this device would lose it.
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::New(_) | Self::Edited { .. } => true,
            Self::Synced(_) => false,
            Self::Quarantined { held, .. } => matches!(held.ours, Ours::Unsent(_)),
        }
    }

    /// What an unsent state was made from.
    pub fn base(&self) -> Option<&Base> {
        match self {
            Self::Edited { base, .. } => Some(base),
            Self::Quarantined { held: Held { ours: Ours::Unsent(base), .. }, .. } => base.as_deref(),
            Self::New(_) | Self::Synced(_) | Self::Quarantined { .. } => None,
        }
    }

    /// The state after a new local write over `before`, which was in this state.
    pub(crate) fn edited(self, before: Envelope, unsent: Unsent) -> Self {
        let over = |at| Box::new(Base { at, envelope: before });
        match self {
            Self::New(_) => Self::New(unsent),
            Self::Edited { base, .. } => Self::Edited { base, unsent },
            Self::Synced(at) => Self::Edited { base: over(at), unsent },
            Self::Quarantined { reason, held: Held { ours, beside } } => {
                let base = match ours {
                    Ours::Synced(at) => Some(over(at)),
                    Ours::Unsent(base) => base,
                };
                match base {
                    _ if !beside.is_empty() => {
                        Self::Quarantined { reason, held: Held { ours: Ours::Unsent(base), beside } }
                    }
                    Some(base) => Self::Edited { base, unsent },
                    None => Self::New(unsent),
                }
            }
        }
    }
}

impl Version {
    /// Later answers of the server say later places, of one log or of several.
    pub(crate) fn place(&self) -> (u32, u64) {
        (self.era, self.seq)
    }
}

impl Ours {
    /// Where a row's own version stands.
    pub(crate) fn of(state: &RowState) -> Self {
        match state {
            RowState::Synced(at) => Self::Synced(*at),
            RowState::New(_) => Self::Unsent(None),
            RowState::Edited { base, .. } => Self::Unsent(Some(base.clone())),
            RowState::Quarantined { held, .. } => held.ours.clone(),
        }
    }

    /// The same, not set aside; `turn` is asked for where it waits from now on.
    pub(crate) fn freed(self, turn: impl FnOnce() -> Turn) -> RowState {
        match self {
            Self::Synced(at) => RowState::Synced(at),
            Self::Unsent(None) => RowState::New(turn().into()),
            Self::Unsent(Some(base)) => RowState::Edited { base, unsent: turn().into() },
        }
    }
}

impl Held {
    /// Nothing but the version that is shown.
    pub fn only(ours: Ours) -> Self {
        Self { ours, beside: Vec::new() }
    }

    /// The newest version that the server is known to have had.
    fn server_version(&self) -> Option<Version> {
        let ours = match &self.ours {
            Ours::Synced(at) => Some(*at),
            Ours::Unsent(base) => base.as_ref().map(|base| base.at),
        };
        // Of two at one place, what came last is what the server says.
        ours.into_iter().chain(self.beside.iter().map(|one| one.at)).max_by_key(Version::place)
    }
}

/// A row of the store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StoredRow {
    /// Whose row.
    pub id: RecordId,
    /// Counts this row's commits on this device, from 1; never sent.
    pub version: u64,
    /// The record as it is here, sealed; for an unsent one, what the outbox offers.
    pub envelope: Envelope,
    /// Where it stands towards the server.
    pub state: RowState,
}

/// Why bytes are not a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a row of this format")]
pub struct BadRow;

/// What a store must know of an encoded row, read without decoding it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RowHead {
    /// [`StoredRow::version`].
    pub version: u64,
    /// [`RowState::turn`].
    pub turn: Option<Turn>,
}

const FORMAT: u8 = 2;
/// Format, version, waiting or not, turn.
const HEAD: usize = 1 + 8 + 1 + 8;

impl StoredRow {
    /// Whether it is neither sent nor merged until it heals.
    pub fn is_set_aside(&self) -> bool {
        matches!(self.state, RowState::Quarantined { .. })
    }

    /// Whether it is a chunk of history and not a record.
    pub fn is_chunk(&self) -> bool {
        self.envelope.header.stream == Stream::History
    }

    /// The bytes a store keeps: format 2, version (8 bytes, big-endian), 1 if waiting, turn (8 bytes,
    /// big-endian), then the row in postcard.
    pub fn encode(&self) -> Vec<u8> {
        let turn = self.state.turn();
        let mut bytes = Vec::with_capacity(HEAD + 160 + self.envelope.ciphertext.len());
        bytes.push(FORMAT);
        bytes.extend(self.version.to_be_bytes());
        bytes.push(u8::from(turn.is_some()));
        bytes.extend(turn.map_or(0, |turn| turn.0).to_be_bytes());
        postcard::to_extend(self, bytes).expect("a row holds no type that postcard cannot write")
    }

    /// Reads what [`Self::encode`] wrote, in this version of the app or the first.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadRow> {
        let head = RowHead::read(bytes)?;
        let row: Self = match bytes[0] {
            FORMAT => postcard::from_bytes(&bytes[HEAD..]).map_err(|_| BadRow)?,
            _ => format1::read(&bytes[HEAD..])?,
        };
        let agrees = row.version == head.version && row.state.turn() == head.turn;
        if agrees { Ok(row) } else { Err(BadRow) }
    }
}

impl RowHead {
    /// Reads the head of an encoded row.
    pub fn read(bytes: &[u8]) -> Result<Self, BadRow> {
        if bytes.len() < HEAD || !matches!(bytes[0], format1::FORMAT | FORMAT) {
            return Err(BadRow);
        }
        let number = |at: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&bytes[at..at + 8]);
            u64::from_be_bytes(eight)
        };
        let turn = (bytes[9] == 1).then(|| Turn(number(10)));
        Ok(Self { version: number(1), turn })
    }
}

//! One person's data: what is here, handed out, and erased for good with a proof (R102).

use super::{BackupKind, History};
use satchel_domain::{RecordId, Value};
use serde::{Deserialize, Serialize};

/// What is done with everything about a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonAct {
    /// Gathers it; ends with [`super::Outcome::Person`].
    Gather {
        /// The partner.
        id: RecordId,
    },
    /// Erases for good what is about it alone; ends with [`super::Outcome::Erased`]. Cannot be taken back. Refused
    /// with [`super::FailureCode::NotInSync`] while anything waits or the server was not asked.
    Erase {
        /// The partner.
        id: RecordId,
    },
}

/// What is here about one partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPage {
    /// Its name.
    pub name: String,
    /// Its code for people.
    pub code: String,
    /// Records that are about it alone, by kind.
    pub own: Vec<(BackupKind, u32)>,
    /// Interactions with others in which it took part.
    pub took_part: u32,
    /// Persons who work there.
    pub people: u32,
    /// Texts of others that contain its name: they are found, not changed.
    pub named: u32,
    /// Forms begun and not finished that speak of it.
    pub drafts: u32,
    /// Of the records, with changes that only this device has.
    pub unsent: u32,
    /// Everything here is in sync: it can be erased.
    pub ready: bool,
}

/// Everything about one partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonFile {
    /// When it was gathered, ms since 1970 UTC.
    pub made_ms: u64,
    /// Its name.
    pub name: String,
    /// Its code for people.
    pub code: String,
    /// The partner first, then what happened, orders and tasks.
    pub records: Vec<PersonRecord>,
}

/// One record, readable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Which.
    pub id: RecordId,
    /// What it is.
    pub kind: BackupKind,
    /// It is another's, who shared it.
    pub shared: bool,
    /// Its fields by their ids, values as they are read.
    pub fields: Vec<(String, Value)>,
    /// What was changed.
    pub history: Option<History>,
}

/// What was erased: record ids and hashes, nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Names it.
    pub id: RecordId,
    /// When, ms since 1970 UTC.
    pub at_ms: u64,
    /// The code of the partner that it was.
    pub code: String,
    /// The member who did it; empty where she works alone.
    pub by: String,
    /// The device on which it was done, by its short code.
    pub device: String,
    /// What was erased.
    pub records: Vec<ErasedRecord>,
    /// Records of others from which it was taken off.
    pub taken_off: u32,
    /// Texts of others that contained the name, and still do.
    pub named: u32,
    /// Forms that were dropped.
    pub drafts: u32,
}

/// One record that was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedRecord {
    /// Which.
    pub id: RecordId,
    /// What it was.
    pub kind: BackupKind,
    /// SHA-256 of the sealed row that was here and on the server.
    pub before: [u8; 32],
    /// SHA-256 of the sealed grave that stands in its place.
    pub after: [u8; 32],
    /// How it stands now.
    pub state: ErasedState,
}

/// How an erased record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErasedState {
    /// The server has the grave, under this number.
    Confirmed(u64),
    /// The grave waits to be sent.
    Waiting,
    /// It came back: another device had written something that was not known when it was erased.
    Returned,
}

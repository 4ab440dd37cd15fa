//! Acts on many customers at once, on two that are one, and who is like somebody new.

use super::{HandOverTask, PartnerFilter, PartnerRow, TeamId};
use satchel_domain::{PartnerDraft, PartnerKind, PartnerType, RecordId};
use serde::{Deserialize, Serialize};

/// Which customers an act on many is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meant {
    /// These.
    These(Vec<RecordId>),
    /// Everybody whom a filter finds when the act is carried out.
    Found {
        /// Who is found.
        filter: PartnerFilter,
        /// But for these.
        but: Vec<RecordId>,
    },
}

/// Most customers that move into another workspace at once: they are written there in one go, so that nobody who is
/// named by another is lost on the way.
pub const MOST_MOVED: usize = 1_000;

/// What is done with each of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkChange {
    /// What they are to us.
    Type(PartnerType),
    /// They carry this tag from now on.
    Tag(String),
    /// They carry it no longer.
    Untag(String),
    /// Who looks after them; nobody in particular where there is none.
    Owner(Option<TeamId>),
    /// They go to the trash.
    Delete,
}

/// An act on many customers, taken back as one (R38, R39).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulk {
    /// Which customers.
    pub meant: Meant,
    /// What is done.
    pub change: BulkChange,
    /// A task at each customer that changes hands, which tells the new owner; for [`BulkChange::Owner`] only.
    pub task: Option<HandOverTask>,
}

/// What an act on many would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BulkPreview {
    /// How many are meant.
    pub meant: u32,
    /// How many of them it would change; the others are so already.
    pub changing: u32,
    /// The first of those that it would change, by name.
    pub first: Vec<PartnerRow>,
}

/// Who is chosen in a list that may show others by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickedIn {
    /// Who is chosen.
    pub meant: Meant,
    /// What the list shows.
    pub filter: PartnerFilter,
}

/// How many are chosen in a list that may show others by now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickedCount {
    /// How many are meant.
    pub meant: u32,
    /// How many of them the list does not show.
    pub unseen: u32,
}

/// Two partners are one (R3): `from` is shown as `into` from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// Who stays.
    pub into: RecordId,
    /// Who gives way; its id leads to the other.
    pub from: RecordId,
    /// What the person saw of who stays.
    pub seen: PartnerDraft,
    /// What she made of the two.
    pub draft: PartnerDraft,
}

/// Somebody who is being typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    /// Person or organisation.
    pub kind: PartnerKind,
    /// The name so far.
    pub name: String,
    /// The name of the organisation that she works for.
    pub company: String,
    /// Phone numbers so far.
    pub phones: Vec<String>,
    /// Mail addresses so far.
    pub mails: Vec<String>,
    /// Who is not meant: the partner itself, while it is edited.
    pub but: Option<RecordId>,
}

/// What two partners have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Common {
    /// A phone number, however it is written.
    Phone,
    /// A mail address.
    Mail,
    /// The name.
    Name,
    /// The name but for one letter, its order or its script.
    NearName,
    /// The organisation.
    Company,
}

/// Who is like somebody new.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// Who.
    pub partner: PartnerRow,
    /// How alike, in percent: a measure to sort by, not a probability.
    pub percent: u8,
    /// What they have in common.
    pub common: Vec<Common>,
}

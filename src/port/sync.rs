//! Where syncing stands, in terms that a screen can say in words.

use super::Mark;
use satchel_domain::{RecordId, Value};
use serde::{Deserialize, Serialize};

/// For the chip in the rail and the strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// In one word.
    pub phase: SyncPhase,
    /// Records on this device that the server does not have yet.
    pub waiting: u32,
    /// Entries in the review list.
    pub review: u32,
    /// Records set aside.
    pub aside: u32,
    /// When everything was on the server last, ms since 1970 UTC.
    pub synced_at_ms: Option<u64>,
    /// Since when there is no connection, ms since 1970 UTC.
    pub offline_since_ms: Option<u64>,
}

/// In one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncPhase {
    /// Locked, or not begun.
    Idle,
    /// Talking to the server.
    Syncing,
    /// Nothing waits, and the server's last number has been reached.
    Synced,
    /// Something waits for its next try.
    Waiting,
    /// No connection; everything works.
    Offline,
    /// The server cannot be used although it answers.
    Trouble(SyncTrouble),
}

/// Why an answering server cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SyncTrouble {
    /// What answers is not the sync server (HTML with 200: a captive portal).
    NotTheServer,
    /// It does not let this account in any more.
    Refused,
    /// It fails (5xx).
    ServerError,
    /// It asks for patience (429).
    Busy,
    /// This device's clock or version is not accepted.
    Incompatible,
}

/// The sync sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncPage {
    /// As in the rail.
    pub status: SyncStatus,
    /// Records in the workspace.
    pub records: u32,
    /// The newest twenty that wait.
    pub waiting: Vec<WaitingItem>,
    /// What both sides changed.
    pub review: Vec<ReviewItem>,
    /// What was set aside.
    pub aside: Vec<AsideItem>,
    /// Bytes used and available, where the browser tells.
    pub storage: Option<(u64, u64)>,
    /// Whether the browser promises to keep the storage.
    pub persistent: bool,
    /// The server, as `host:port`.
    pub server: String,
    /// Whether the server knows the account yet.
    pub registered: bool,
}

/// One record that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitingItem {
    /// The record.
    pub id: RecordId,
    /// What it is, for the icon and the sentence.
    pub kind: ItemKind,
    /// A name or a title.
    pub title: String,
    /// Whose, for an interaction, order or task; may be empty.
    pub partner: String,
    /// The partner to open at a tap.
    pub partner_id: Option<RecordId>,
    /// When it was changed on this device, ms since 1970 UTC.
    pub changed_ms: u64,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ItemKind {
    /// A partner.
    Partner(satchel_domain::PartnerKind),
    /// An interaction.
    Interaction(satchel_domain::RecordType),
    /// An order.
    Order,
    /// A task.
    Task,
    /// Something that a newer app knows.
    Unknown,
}

/// A field that two devices changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewItem {
    /// Names it in [`super::Command::Review`].
    pub key: String,
    /// The record.
    pub id: RecordId,
    /// What it is.
    pub kind: ItemKind,
    /// A name or a title.
    pub title: String,
    /// The partner to open at a tap.
    pub partner_id: Option<RecordId>,
    /// The field, by its id.
    pub field: String,
    /// What this device wrote.
    pub mine: Side,
    /// What the other device wrote.
    pub theirs: Side,
    /// Whether this device's value is the one that stands now.
    pub mine_stands: bool,
    /// The record was deleted on one side and edited on the other: it stays.
    pub restored: bool,
}

/// One side of a review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The value.
    pub value: Value,
    /// When it was written, ms since 1970 UTC.
    pub at_ms: u64,
}

/// What to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReviewChoice {
    /// What stands now.
    AsIs,
    /// This device's.
    Mine,
    /// The other device's.
    Theirs,
}

/// A record that was set aside; the rest goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AsideItem {
    /// The record.
    pub id: RecordId,
    /// A name or title, where it can be opened.
    pub title: String,
    /// The partner to open at a tap.
    pub partner_id: Option<RecordId>,
    /// Why.
    pub reason: AsideReason,
    /// [`Mark::Aside`] for what the server refused, [`Mark::Review`] for what cannot be opened here.
    pub mark: Mark,
}

/// Why a record was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AsideReason {
    /// Larger than a record may be.
    TooLarge,
    /// The server will not take it.
    Refused,
    /// Its seal does not open: damaged, or exchanged for another.
    Unopenable,
    /// It opens, but is not a record.
    Unreadable,
}

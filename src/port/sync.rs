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
    /// Files on this device that the server does not have whole yet.
    pub files: u32,
    /// Entries in the review list, with those that tell of what was lost, files included.
    pub review: u32,
    /// Records set aside.
    pub aside: u32,
    /// When everything was on the server last, ms since 1970 UTC.
    pub synced_at_ms: Option<u64>,
    /// Since when there is no connection, ms since 1970 UTC.
    pub offline_since_ms: Option<u64>,
    /// When this device and the server were last found to hold the very same records, ms since 1970 UTC.
    pub verified_at_ms: Option<u64>,
    /// How many records that look compared.
    pub verified_records: u32,
    /// The last look found a difference, which is being healed.
    pub differs: bool,
    /// The server contradicts what it said before: it shows different devices different logs.
    pub forked: bool,
    /// How far a long way in or out is; `None` while little is on its way.
    pub moving: Option<Moving>,
    /// Of older records, how many of how many were looked at to be sealed under the newest key; `None` while that
    /// is not under way.
    pub resealing: Option<(u32, u32)>,
}

/// How far a long way in or out is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// From the server or to it.
    pub way: Way,
    /// Records that have arrived.
    pub done: u32,
    /// Records in all, as far as is known.
    pub total: u32,
}

/// From the server or to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// From the server.
    In,
    /// To the server.
    Out,
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
    /// A sample workspace: nothing of it is ever sent.
    Apart,
}

/// Why an answering server cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SyncTrouble {
    /// What answers is not the sync server (HTML with 200: a captive portal).
    NotTheServer,
    /// It does not let this account in any more.
    Refused,
    /// It lets this device in no more: it was revoked on another one.
    Revoked,
    /// It knows another passphrase: that was changed on another device.
    PassphraseChanged,
    /// It knows this workspace as somebody else's: it was emptied, and another device was there first.
    SpaceTaken,
    /// Whoever began the newest epoch gave this device no key of it: nothing comes or goes until another admin begins
    /// one.
    KeyMissing,
    /// The person may only read any more: what she has not sent stays on this device until she may write again.
    ReadOnly,
    /// The person was removed from the team: what she has not sent stays on this device.
    Removed,
    /// The workspace was deleted for everybody: what is here stays on this device.
    Deleted,
    /// It fails (5xx).
    ServerError,
    /// It asks for patience (429).
    Busy,
    /// This device's clock or version is not accepted.
    Incompatible,
    /// What comes from the server finds no room on this device.
    DeviceFull,
    /// This device's store fails to keep what comes.
    DeviceStore,
    /// The server lets the workspace hold no more.
    SpaceFull,
}

/// The sync sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncPage {
    /// As in the rail.
    pub status: SyncStatus,
    /// Records in the workspace.
    pub records: u32,
    /// What waits, by whom it is for, newest first; as many groups as are worth reading.
    pub waiting: Vec<WaitingGroup>,
    /// How sending files goes.
    pub files: super::FilesStatus,
    /// What both sides changed.
    pub review: Vec<ReviewItem>,
    /// What was lost before it was sent, with a damaged part of this device's store.
    pub lost: Vec<LostItem>,
    /// Files that were lost in part before they were sent.
    pub lost_files: Vec<super::LostFile>,
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

/// What waits for one partner, or one record that is nobody's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitingGroup {
    /// What it is and how many of each, most first; the partner itself is among them if it was changed.
    pub parts: Vec<(ItemKind, u32)>,
    /// The name or title of the record, where it is only one.
    pub title: String,
    /// Whose; may be empty.
    pub partner: String,
    /// The partner to open at a tap.
    pub partner_id: Option<RecordId>,
    /// When the first of them was changed on this device, ms since 1970 UTC; 0 if that is not known.
    pub since_ms: u64,
    /// When the last of them was.
    pub until_ms: u64,
}

impl WaitingGroup {
    /// How many records.
    pub fn count(&self) -> u32 {
        self.parts.iter().map(|(_, count)| count).sum()
    }
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemKind {
    /// A partner.
    Partner(satchel_domain::PartnerKind),
    /// An interaction.
    Interaction(satchel_domain::RecordType),
    /// An order.
    Order,
    /// A task.
    Task,
    /// A saved view.
    View,
    /// Something that a newer app knows.
    Unknown,
}

/// Records that were never sent and lay in a part of this device's store that is damaged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LostItem {
    /// Names it in [`super::Command::PutAwayLost`].
    pub key: String,
    /// How many.
    pub count: u32,
    /// Those that can still be named, by whom they were for; without times.
    pub groups: Vec<WaitingGroup>,
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
    /// The device that wrote it, by a few characters that tell devices apart; may be empty.
    pub device: String,
}

/// What to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReviewChoice {
    /// What stands now.
    AsIs,
    /// This device's.
    Mine,
    /// The other device's.
    Theirs,
    /// What stands now; the other value, in these words, becomes a line of the partner's note or the entry's text.
    Both(String),
}

/// A record that was set aside; the rest goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AsideItem {
    /// The record.
    pub id: RecordId,
    /// What it is, where that can be told.
    pub kind: ItemKind,
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
    /// It was erased for good elsewhere while something here was unsent.
    Erased,
}

//! Backups: what a file holds, measured against what is here, and what came of bringing it in.

use serde::{Deserialize, Serialize};

/// A file that was verified and waits to be brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BackupId(pub u32);

/// What was written into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// Records, history apart.
    pub records: u64,
    /// Of them, with changes that the server does not have.
    pub unsent: u64,
    /// Files of which anything is in it.
    pub files: u64,
    /// The file's size in bytes.
    pub bytes: u64,
    /// When it was begun, ms since 1970 UTC.
    pub made_ms: u64,
}

/// Why a file is no whole backup of what is here. Places are in bytes from the file's beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackupFault {
    /// It is another kind of file.
    NotABackup,
    /// A newer app wrote it.
    Newer,
    /// It ends before its end.
    Cut {
        /// Where.
        at: u64,
    },
    /// What begins there is not what was written there.
    Damaged {
        /// Where.
        at: u64,
    },
    /// It is of another account than the one that is open, or than the device code that was typed.
    OtherAccount,
    /// It is of another workspace of this account.
    OtherWorkspace,
}

/// What a record is, as backups count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BackupKind {
    /// Customers.
    Partner,
    /// What happened.
    Interaction,
    /// Orders.
    Order,
    /// Tasks.
    Task,
    /// Saved views.
    View,
    /// What a newer app knows.
    Other,
}

/// Records of one kind in a file, measured against what is here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupCount {
    /// In the file.
    pub total: u32,
    /// Not here.
    pub new: u32,
    /// The file knows something that is not known here.
    pub newer: u32,
    /// The same here.
    pub same: u32,
    /// More is known here.
    pub older: u32,
}

/// A verified file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackupPreview {
    /// Names it in [`super::Command::RestoreBackup`].
    pub backup: BackupId,
    /// When it was begun, ms since 1970 UTC.
    pub made_ms: u64,
    /// The workspace's name.
    pub workspace: String,
    /// The file's size in bytes.
    pub bytes: u64,
    /// What it holds, kind by kind; graves and the trash are not counted here.
    pub kinds: Vec<(BackupKind, BackupCount)>,
    /// Records in its trash.
    pub trashed: u32,
    /// Records with changes that no server had.
    pub unsent: u32,
    /// Files of which anything is in it.
    pub files: u32,
    /// Records that cannot be read; what they hold stays sealed.
    pub unreadable: u32,
    /// Records that are here and not in the file; `None` where nothing is here.
    pub only_here: Option<u32>,
}

/// How a file is brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RestoreWay {
    /// Both are joined, field by field: the later value stands.
    Merge,
    /// Everything becomes what it was in the file; what came since goes into the trash.
    Replace,
}

/// What came of bringing a file in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreReport {
    /// Records that were not here.
    pub new: u32,
    /// Records that learned something.
    pub newer: u32,
    /// Records that were set back to what they were in the file.
    pub set_back: u32,
    /// Records that went into the trash because they are not in the file.
    pub trashed: u32,
    /// It was stopped; what was brought in stays, and the rest can be brought in again.
    pub cancelled: bool,
}

/// What is known of backups without the page's own memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPage {
    /// A restore was cut off before its end.
    pub cut_off: bool,
    /// Records in the workspace.
    pub records: u32,
    /// Records with changes that only this device has.
    pub unsent: u32,
    /// How far the log was read: another one after whatever came in or went out; says nothing else. What waits
    /// is not in it.
    pub mark: (u32, u64),
    /// Files that are not whole on this device: a backup would hold their previews only.
    pub files_elsewhere: u32,
    /// What else would be lost with this device.
    pub alone: OnThisDevice,
}

/// What is on this device alone, beside [`BackupPage::unsent`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnThisDevice {
    /// Photos and files that the server does not have whole.
    pub files: u32,
    /// Records that were set aside.
    pub aside: u32,
    /// Forms that were begun and not saved.
    pub forms: u32,
    /// A change of the account, such as another passphrase, that the server does not know. No backup replaces telling it.
    pub account: bool,
}

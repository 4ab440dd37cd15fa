//! What is told to everybody: whether there is a workspace, whether it is open, and where syncing stands.

use super::{FailureCode, PasskeyAsk, Standing, SyncStatus, WorkspaceRef};
use serde::{Deserialize, Serialize};

/// Told to everybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Workspaces that are on this device without the UI knowing of them: its memory was lost.
    Found(Vec<WorkspaceRef>),
    /// Whether there is a workspace, and whether it is open. Every request may be sent from then on.
    Session(Session),
    /// Where syncing stands.
    Sync(SyncStatus),
    /// What the person at this device may do.
    Standing(Standing),
    /// What a revoked device had not sent was taken in here.
    TakenIn {
        /// Its name; may be empty.
        device: String,
        /// Records that were changed by it.
        count: u32,
        /// Forms that were begun on it and not saved.
        drafts: u32,
        /// Photos and files of which something came.
        files: u32,
    },
    /// The engine met a defect of ours; what is on disk is safe.
    Broken {
        /// To be copied into a report: no content, no name.
        code: String,
    },
}

/// Whether there is a workspace, and whether it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Session {
    /// No workspace on this device.
    None,
    /// A workspace, sealed.
    Locked {
        /// The workspace; its name is empty if the UI did not remember it.
        workspace: WorkspaceRef,
        /// How many records wait to be sent; `None` if that cannot be known without the key.
        waiting: Option<u32>,
        /// When the next try is allowed after wrong passphrases, ms since 1970 UTC; 0 for now.
        retry_at_ms: u64,
        /// What opens it without the passphrase, where there is a passkey of this device.
        passkeys: Option<PasskeyAsk>,
    },
    /// Open.
    Open {
        /// The workspace, to be remembered by the UI.
        workspace: WorkspaceRef,
    },
    /// The UI remembers a workspace whose database the browser threw away.
    Lost {
        /// What is remembered of it.
        workspace: WorkspaceRef,
    },
    /// This device was revoked: what it had not sent was handed over, and everything on it erased.
    Erased {
        /// What it was called.
        workspace: WorkspaceRef,
        /// Records that were handed over.
        handed: u32,
        /// Forms that were begun and not saved, handed over too.
        drafts: u32,
        /// Photos and files that went along.
        files: u32,
    },
    /// The store cannot be used.
    Unusable(FailureCode),
}

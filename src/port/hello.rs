//! The first message, and what is told at any time: how the engine is to behave, and when to sync.

use serde::{Deserialize, Serialize};

/// How the engine is to behave; sent once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Where the sync server is, such as `https://sync.example.org` or, when it serves the app under a base
    /// path, `https://example.org/app`; `/v1/…` follows. Empty for the page's own origin.
    pub sync_origin: String,
    /// The IANA zone of the device.
    pub zone: String,
    /// `en` or `zh-CN`.
    pub locale: String,
    /// The workspace to open. With none, one that is found is taken, unless the UI knows of some: then a new one is
    /// to be added.
    pub workspace: Option<WorkspaceRef>,
    /// The names of the databases that the UI remembers.
    pub known: Vec<String>,
}

/// A workspace of this device, as the UI remembers it between visits. (Asking the browser to keep the
/// storage, `navigator.storage.persist`, is the UI's too: a worker is not allowed to ask.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceRef {
    /// The name of its database.
    pub id: String,
    /// Shown on the lock screen: the only name that is kept in clear.
    pub name: String,
}

impl WorkspaceRef {
    /// What the databases of sample workspaces begin with.
    pub const SAMPLE: &'static str = "satchel-sample-";

    /// Whether it holds made-up records: it is never synced, and its passphrase is known to everybody.
    pub fn is_sample(&self) -> bool {
        self.id.starts_with(Self::SAMPLE)
    }
}

/// Why it may be a good moment to sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nudge {
    /// The browser says there is a network.
    Online,
    /// The browser says there is none.
    Offline,
    /// The page became visible.
    Shown,
    /// The page is being hidden.
    Hidden,
    /// The person asked for it.
    Asked,
}

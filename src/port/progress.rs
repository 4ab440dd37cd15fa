//! How far a long command is.

use serde::{Deserialize, Serialize};

/// How far a long command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Units done (rows, bytes or records).
    pub done: u64,
    /// Units in all; 0 while unknown.
    pub total: u64,
}

/// What a long command is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Turning the passphrase into keys.
    Deriving,
    /// Reading and opening what is on this device.
    Opening,
    /// Asking the server.
    Fetching,
    /// Reading files; units are bytes.
    Reading,
    /// Writing records.
    Writing,
}

//! Hybrid logical clock stamps: the order in which writes win.

use crate::DeviceId;
use serde::{Deserialize, Serialize};

/// When and by whom a register was written. Ordered by time, then counter, then device;
/// total, so that every device picks the same winner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Milliseconds since 1970-01-01 UTC, corrected by the server's time; 48 bits are kept.
    pub ms: u64,
    /// Distinguishes writes within one millisecond; carries into `ms` when it is full.
    pub counter: u16,
    /// The device that wrote.
    pub device: DeviceId,
}

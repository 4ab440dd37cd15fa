//! Instants as people mean them: a point in time, the zone it was meant in, and how exact it is (D13).

use serde::{Deserialize, Serialize};

/// How exactly a moment is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// To the minute.
    #[default]
    Exact,
    /// The day matters, the time of day does not.
    AllDay,
    /// "Around then."
    Approximate,
}

/// A typed instant: UTC milliseconds, an IANA zone, and its precision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970-01-01 UTC; may be negative.
    pub utc_ms: i64,
    /// The IANA zone in which a person meant it, such as `Asia/Shanghai`.
    pub zone: String,
    /// How exactly it is known.
    pub precision: Precision,
}

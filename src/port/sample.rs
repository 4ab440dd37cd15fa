//! Made-up customers to look around with.

use serde::{Deserialize, Serialize};

/// How much is made up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SampleSize {
    /// A wholesaler's last eighteen months, told to be read.
    #[default]
    Story,
    /// So many customers of realistic sizes, ten interactions each, to measure with.
    Scale {
        /// How many.
        customers: u32,
    },
}

//! How much a customer is worth among all who buy (R62), in three steps.

use serde::{Deserialize, Serialize};

/// A step; A is best. The names are kept in saved views: never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tier {
    /// The best.
    A,
    /// Between the two.
    B,
    /// The others.
    C,
}

impl Tier {
    /// All of them, the best first.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// What is shown.
    pub fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
        }
    }
}

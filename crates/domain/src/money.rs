//! Money in minor units with its currency; never a float.

use serde::{Deserialize, Serialize};

/// An ISO 4217 code: three ASCII capitals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Currency(pub [u8; 3]);

/// An amount in a currency's minor unit (cents, fen; whole yen).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for what was given back.
    pub minor: i64,
    /// The currency they are counted in.
    pub currency: Currency,
}

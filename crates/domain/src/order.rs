//! Purchases: orders with their lines (R11, D12).

use crate::{Currency, External, Moment, RecordId};
use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OrderStatus {
    /// Placed.
    #[default]
    Placed,
    /// Delivered.
    Delivered,
    /// Paid.
    Paid,
    /// Called off.
    Cancelled,
}

/// One line of an order. Amounts are in the order's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// What was bought: a name, or a code where only that is known.
    pub product: String,
    /// Thousandths of a unit, so that 1.5 kg is 1,500.
    pub quantity_milli: i64,
    /// Price of one unit in ten-thousandths of the major unit, so that 0.0125 survives.
    pub unit_price_e4: i64,
    /// Discount in ten-thousandths: 500 is 5 %.
    pub discount_e4: u32,
}

/// An order as it is written or imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDraft {
    /// Who bought.
    pub partner: RecordId,
    /// The number that people call it by.
    pub number: String,
    /// When it was placed.
    pub at: Moment,
    /// Where it stands.
    pub status: OrderStatus,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Freight and the like, in minor units, on top of the lines.
    pub freight_minor: i64,
    /// A total that came without lines, in minor units.
    pub stated_total_minor: Option<i64>,
    /// Anything else.
    pub note: String,
    /// Where it was imported from.
    pub external: Option<External>,
}

/// An order as read from its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its identity.
    pub id: RecordId,
    /// Everything that can be written.
    pub entry: OrderDraft,
    /// In the trash.
    pub deleted: bool,
    /// When the record was first written, ms since 1970 UTC.
    pub created_ms: u64,
    /// When any field was last written, ms since 1970 UTC.
    pub edited_ms: u64,
}

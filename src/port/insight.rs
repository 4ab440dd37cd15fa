//! What the records say together: statistics of a period, and how a customer buys.

use super::PartnerRow;
use satchel_domain::{Method, Money, RecordType, Tier};
use serde::{Deserialize, Serialize};

/// A period and the one before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The local midnights that bound its days, ms since 1970 UTC, rising; one more than days.
    pub now: Vec<i64>,
    /// Those of the period before.
    pub before: Vec<i64>,
    /// How many of its days have begun: sums are compared with so many days of the period before.
    pub elapsed: u32,
    /// The local midnight before now, from which ages are counted.
    pub today_ms: i64,
}

/// A count in the period and in the same days of the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// In the period.
    pub now: u32,
    /// Before.
    pub before: u32,
}

/// What happened in a period, to an answer of [`super::Query::Statistics`]. An interaction counts once, if anybody
/// who took part is counted; cancelled orders do not count.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// How many customers are counted.
    pub customers: u32,
    /// Interactions.
    pub contacts: Pair,
    /// Customers who were contacted.
    pub reached: Pair,
    /// Orders.
    pub orders: Pair,
    /// Interactions on each day of the period.
    pub days: Vec<u32>,
    /// Interactions on each day of the period before.
    pub days_before: Vec<u32>,
    /// By method, the most first.
    pub methods: Vec<(Method, Pair)>,
    /// By type, the most first.
    pub types: Vec<(RecordType, Pair)>,
    /// Sums of the orders in each currency: in the period, before. Never added across currencies.
    pub bought: Vec<(Money, Money)>,
    /// Customers by the days since the last contact: up to each of [`Statistics::ages`], longer, never.
    pub ageing: Vec<u32>,
    /// The last days of the classes.
    pub ages: Vec<u32>,
    /// Who was contacted most in the period; people are among the contacts of whom they work for, where that one counts.
    pub by_contacts: Vec<(PartnerRow, u32)>,
    /// Who ordered most often in it, with the sums per currency.
    pub by_orders: Vec<(PartnerRow, u32, Vec<Money>)>,
    /// Customers by frequency (5 first) and recency (1 first); empty while there are too few with orders.
    pub rfm: Vec<[u32; 5]>,
    /// Customers of the tiers A, B, C.
    pub tiers: [u32; 3],
    /// From which sum of the three scores on the tier is A, and from which B.
    pub tiers_from: [u8; 2],
    /// Whether these are the usual ones.
    pub tiers_usual: bool,
    /// How many customers have orders.
    pub buyers: u32,
}

/// How lately, how often and for how much a customer buys, among all: 1 to 5, 5 is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scores {
    /// How lately.
    pub recency: u8,
    /// How often.
    pub frequency: u8,
    /// For how much, among those who buy in the same currency.
    pub monetary: u8,
    /// Of the sum.
    pub tier: Tier,
}

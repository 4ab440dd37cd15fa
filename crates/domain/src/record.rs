//! The mergeable document that every kind of thing is kept in.

use crate::{Stamp, Value};
use std::collections::BTreeMap;

/// What a record is. Unknown kinds are kept and written back untouched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A partner.
    Partner,
    /// An interaction.
    Interaction,
    /// An order.
    Order,
    /// A task.
    Task,
    /// Something that a newer app knows.
    Unknown(String),
}

/// A value and the stamp of its write; the highest stamp wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// What was written.
    pub value: Value,
    /// When and by whom.
    pub stamp: Stamp,
}

/// One record: registers and sets, merged field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Registers by field id.
    pub fields: BTreeMap<String, Register>,
    /// Sets by field id: element to (present, stamp).
    pub sets: BTreeMap<String, BTreeMap<Value, (bool, Stamp)>>,
    /// Top-level entries that a newer app wrote, kept verbatim.
    pub unknown: BTreeMap<String, Value>,
}

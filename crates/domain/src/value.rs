//! What a register can hold.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A self-describing value with a total order (floats by their bits), so that it can be a set's element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Value {
    /// Nothing: an emptied field, a removed list entry.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating number by its bits, kept for what a newer app wrote.
    Float(u64),
    /// Text.
    Text(String),
    /// Bytes: ids.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(BTreeMap<String, Value>),
}

//! What a register can hold.

use crate::{AccountId, RecordId};
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

impl Value {
    /// A time, ms since 1970 UTC.
    pub(crate) fn from_ms(ms: u64) -> Self {
        Self::Int(i64::try_from(ms).unwrap_or(i64::MAX))
    }

    /// Nothing, or text, a list or a map without content: kept as an absent field.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Map(map) => map.is_empty(),
            _ => false,
        }
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if it is a whole number.
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The identity, if it is 16 bytes.
    pub fn as_id(&self) -> Option<RecordId> {
        if let Self::Bytes(bytes) = self { bytes.as_slice().try_into().ok().map(RecordId) } else { None }
    }

    /// The entry of a map; [`Value::Null`] where there is none.
    pub fn get(&self, key: &str) -> &Self {
        if let Self::Map(map) = self { map.get(key).unwrap_or(&Self::Null) } else { &Self::Null }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<RecordId> for Value {
    fn from(id: RecordId) -> Self {
        Self::Bytes(id.0.to_vec())
    }
}

impl From<AccountId> for Value {
    fn from(id: AccountId) -> Self {
        Self::Bytes(id.0.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

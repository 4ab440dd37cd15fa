//! Identities: random, made on the device, and telling nothing.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A record's identity: 128 random bits. Not ordered by time, so that an id does not tell when (R1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId(pub [u8; 16]);

impl RecordId {
    /// Lower-case hexadecimal, 32 digits: for URLs and keys.
    pub fn to_hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The id that no record has: stands where a record names nobody.
    pub const NIL: Self = Self([0; 16]);

    /// A short code for people, such as `P-7F3K`: the first 20 bits in Crockford's base 32 (R3).
    pub fn short_code(self) -> String {
        format!("P-{}", crockford(u32::from_be_bytes([self.0[0], self.0[1], self.0[2], self.0[3]])))
    }

    /// Reads [`RecordId::to_hex`]'s form; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({})", self.to_hex())
    }
}

/// A file beside a record: 128 random bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(pub [u8; 16]);

impl FileId {
    /// Lower-case hexadecimal, 32 digits: for keys.
    pub fn to_hex(self) -> String {
        RecordId(self.0).to_hex()
    }

    /// Reads [`FileId::to_hex`]'s form; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        RecordId::from_hex(text).map(|id| Self(id.0))
    }
}

impl fmt::Debug for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileId({})", self.to_hex())
    }
}

/// The account of a member: who owns a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub [u8; 16]);

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({})", RecordId(self.0).to_hex())
    }
}

/// A device's identity inside stamps and envelopes: 64 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeviceId(pub u64);

impl DeviceId {
    /// A short code for people, such as `7F3K`: the first 20 bits in Crockford's base 32.
    pub fn short_code(self) -> String {
        crockford((self.0 >> 32) as u32)
    }
}

/// The first 20 bits of 32.
fn crockford(bits: u32) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    [27, 22, 17, 12].into_iter().map(|place| DIGITS[(bits >> place) as usize & 31] as char).collect()
}

//! Field ids: the names under which values are kept in records, for ever.
//!
//! An id is never reused and never renamed. An entry of a list lives under `list/key`.

/// Whether the record is in the trash.
pub const DELETED: &str = "deleted";
/// A partner's name.
pub const NAME: &str = "name";

//! Acts on many customers (R38, R39), and two customers that become one (R3).

mod bar;
mod bulk;
mod merge;
mod picked;
mod side;
mod whom;

pub use bar::PickBar;
pub use bulk::BulkSheet;
pub(crate) use merge::{AlikeRow, FieldByField};
pub use merge::{MergeSheet, Sides};
pub use picked::Picked;
pub use side::Choice;

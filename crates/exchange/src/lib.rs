//! Files in and out: delimited text of any dialect, and workbooks, to partners, orders and interactions, and text back;
//! contact cards to partners.
//!
//! Three steps, each of which a person can look at. [`Loader`] takes bytes and gives a [`Table`];
//! [`guess()`] proposes a [`FilePlan`]; [`Import`] follows the plans of all chosen files and yields what is
//! to be written, row by row, so that the caller can show progress and stop.
//!
//! Deliberately absent: files, clocks, `async`, a browser, and any writing. What is already here is
//! asked through [`Known`]; new identities, the time and its zone are arguments.

mod customer;
mod date;
mod decode;
mod dialect;
mod encoding;
mod guess;
mod header;
mod heading;
mod import;
mod interactions;
mod known;
mod load;
mod merge;
mod number;
mod order_rows;
mod orders;
mod overlay;
mod packed;
mod partner_rows;
mod partners;
mod plan;
mod problem;
mod reader;
mod repair;
mod table;
pub mod text;
mod units;
mod vcard;
mod vocabulary;
mod workbook;
mod write;

#[cfg(not(target_arch = "wasm32"))]
pub use decode::NativeDecoders;
pub use decode::{Decoder, Decoders, Undecodable};
pub use dialect::{Delimiter, Dialect, guess_dialect};
pub use encoding::{Encoding, FileKind, sniff, sniff_legacy};
pub use guess::{ColumnSurvey, Guess, Hints, guess};
pub use import::{Draft, Fate, FileReport, Import, ImportWrite, Outcome, World, customer_systems};
pub use known::{FixedZone, Known, Nothing, Zone};
pub use load::{Feed, Finish, Limits, LoadOptions, Loader, Refused, load};
pub use plan::{DateOrder, Existing, FilePlan, Role, Settings, Target};
pub use problem::{Fix, Problem, ProblemCode, Problems, Severity};
pub use reader::{RawRow, Reader, Unclosed};
pub use table::{Form, Row, Sheet, Table};
pub use write::{Cell, write_csv, write_row};

//! The words of the domain on screen: methods, types, outcomes, parts, labels, and their icons.
//!
//! Records keep values; here a value gets its word in the person's language, its icon, and its short
//! name for addresses.

mod icon;
pub mod slug;
mod time;
mod value;
mod words;

pub use icon::{method_icon, outcome_icon, outcome_tone, record_icon};
pub use time::{Reading, day_name, here_ms, local_day, moment_word, ms_of_day, reading};
pub use value::{field_word, value_word};
pub use words::{
    code_word, gender_word, kind_word, label_word, mark_word, method_word, outcome_word, partner_type_word,
    record_type_word, relationship_word, status_word,
};

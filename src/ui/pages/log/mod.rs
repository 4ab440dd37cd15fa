//! Logging what happened: three taps from a customer, and editing it later.

mod clipboard;
mod dictate;
mod fields;
mod form;
mod methods;
mod paste;
mod promise;
mod read;
mod settle;
mod sheet;
mod who;

pub(crate) use form::due_moment;
pub(crate) use paste::mail;
pub use sheet::{InteractionSheet, LogSheet};

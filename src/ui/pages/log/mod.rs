//! Logging what happened: three taps from a customer, and editing it later.

mod fields;
mod form;
mod methods;
mod promise;
mod sheet;
mod who;

pub(crate) use form::due_moment;
pub use sheet::{InteractionSheet, LogSheet};

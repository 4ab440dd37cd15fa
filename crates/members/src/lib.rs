//! The rules of a space's membership: who may change what about whom, and which log is to be believed.
//!
//! Pure: entries go in, a [`State`] or a typed refusal comes out; no disk, clock, key or `async`. The
//! server judges by these rules what it stores, and every device judges it again, so that a server that
//! lies gains nothing: it can keep entries back, but make none, change none and reorder none. That it
//! keeps some back shows as soon as a device has seen more ([`Doubt`]).
//!
//! An owner decides over everybody, an admin over viewers and editors; the last owner stays. Whoever is
//! removed takes no key of the next epoch along, because the same entry begins it.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot go on fails"))]

mod doubt;
mod keys;
mod refused;
mod rules;
mod state;

pub use doubt::{Doubt, catch_up};
pub use refused::Refused;
pub use rules::decides_over;
pub use state::{Invitation, Mark, Standing, State, read};

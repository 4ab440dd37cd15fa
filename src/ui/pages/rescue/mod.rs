//! The screens for a workspace that cannot be opened: what happened, what is safe, and a way on. Never a
//! blank page.

mod lost;
mod unusable;

pub use lost::Lost;
pub use unusable::Unusable;

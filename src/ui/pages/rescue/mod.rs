//! The screens for a workspace that cannot be opened: what happened, what is safe, and a way on. Never a
//! blank page.

mod erased;
mod lost;
mod unusable;

pub use erased::Erased;
pub use lost::Lost;
pub use unusable::Unusable;

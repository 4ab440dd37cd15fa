//! Made-up customers and what happened with them: nobody's data, the same for the same seed.
//!
//! [`Demo`] is the sample workspace: a wholesaler's last eighteen months, in one language, told to be read.
//! [`Scale`] makes any number of customers of realistic sizes to measure with. Both throw the same [`Dice`].
//!
//! Architecture invariant: no clock, no store, no key. What is now and which records are wanted is told.

mod demo;
mod dice;
mod scale;
mod words;

pub use demo::{Demo, Language, Made, Sizes, What};
pub use dice::Dice;
pub use scale::{Question, Scale};

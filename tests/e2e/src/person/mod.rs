//! What a person sets out to do, in the steps that the screens ask for.

mod backup;
mod customers;
mod folder;
mod history;
mod import;
mod team;
mod welcome;
mod workspaces;
mod writer;

pub use customers::NewCustomer;
pub use import::Counts;
pub use writer::Left;

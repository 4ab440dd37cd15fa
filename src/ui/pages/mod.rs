//! The screens.

pub mod customer;
pub mod customers;
pub mod draft;
pub mod import;
pub mod lock;
pub mod log;
pub mod memory;
pub mod more;
pub mod settings;
pub mod sync;
pub mod tasks;
pub mod today;
pub mod trash;
pub mod vocabulary;
pub mod welcome;

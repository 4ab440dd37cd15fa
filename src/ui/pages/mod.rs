//! The screens.

pub mod customer;
pub mod customers;
pub mod log;
pub mod tasks;
pub mod today;
pub mod trash;
pub mod vocabulary;

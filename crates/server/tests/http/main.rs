//! The server over real HTTP on loopback: routes, sign-in, limits, problems, the app, the process.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod accounts;
mod app;
mod client;
mod deletion;
mod devices;
mod files;
mod hints;
mod kills;
mod ledger;
mod limits;
mod login;
mod members;
mod process;
mod spaces;
mod speed;
mod stopping;

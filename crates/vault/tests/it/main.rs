//! The vault from outside, through its public doors only.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod account;
mod backup;
mod ed25519;
mod files;
mod grants;
mod invitations;
mod records;
mod revocation;
mod signing;
mod support;
mod vectors;

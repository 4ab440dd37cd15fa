//! What each route does: read the request, ask the log, answer.

pub(crate) mod accounts;
pub(crate) mod deletion;
pub(crate) mod devices;
pub(crate) mod files;
pub(crate) mod handover;
pub(crate) mod health;
pub(crate) mod hints;
pub(crate) mod members;
pub(crate) mod sessions;
pub(crate) mod spaces;

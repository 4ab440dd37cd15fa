//! The blind sync server.
//!
//! It keeps one sealed ciphertext per record, gives every accepted write the next number of its
//! space, and takes a write only if it replaces the version that the writer last saw. It holds no
//! key and reads no record: what it may learn is what `satchel-wire` names, and nothing else (R99).
//!
//! **Invariants.** Storage is reached only through the [`Log`] port. Nothing that a device sends can
//! make a request panic. No token, body, name or address is ever written to the log; ids of accounts only by
//! [`audit`].

mod access_log;
mod app;
mod audit;
mod blobs;
mod body;
mod config;
mod drain;
mod forwarded;
mod hub;
mod log;
mod login;
mod problem;
mod purging;
mod rates;
mod router;
mod routes;
mod serve;
mod service;
mod shares;
mod signed;
mod sqlite;
mod work;

pub use app::AppError;
pub use config::{Bound, Clock, Config, Limits, Origin, OriginError};
pub use log::{
    Account, Answer, Denied, Log, LogError, NewSession, Opened, Registered, Role, ServerSecret, Session,
    TokenHash,
};
pub use router::{Surroundings, router};
pub use serve::{Running, Server, StartError};
pub use service::Service;
pub use sqlite::{Quota, SqliteLog, SqliteOptions};

//! The room in which the whole product is tried: the published build and the real server, driven in a
//! real browser the way a person drives it.
//!
//! A test asks its [`stage::Stage`] for a server and for [`device::Device`]s; a device has a browser
//! profile that outlives the browser. Nothing here sleeps to synchronise: every step waits for what it
//! needs, up to a limit. What a person reads comes from the app's own locales ([`words::Words`]), so a
//! changed text changes the tests with it.

pub mod around;
pub mod axe;
pub mod canary;
pub mod content;
pub mod device;
pub mod devtools;
pub mod dice;
pub mod dress;
pub mod driver;
pub mod failure;
pub mod gate;
pub mod hands;
pub mod memory;
pub mod passkey;
pub mod person;
pub mod process;
pub mod samples;
pub mod say;
pub mod server;
pub mod settings;
pub mod site;
pub mod stage;
pub mod witness;
pub mod words;
pub mod wreck;

pub use failure::{Failure, Outcome, Verdict};

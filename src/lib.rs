//! Satchel, the app: the port between its two halves, and the halves.
//!
//! [`ui`] runs on the main thread and knows no key and no store; [`engine`] runs in a worker and
//! knows no screen. Each wasm module is built with only its own feature.

#[cfg(feature = "engine")]
pub mod engine;
pub mod port;
#[cfg(feature = "ui")]
pub mod ui;

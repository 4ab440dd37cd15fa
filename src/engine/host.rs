//! What the engine needs from the world: a clock, entropy, storage, a network, files and the UI.
//!
//! The engine itself decides and never touches a browser API; [`super::web::Web`] is the browser,
//! the tests bring a world of their own.

use crate::port::Reply;
use satchel_domain::RecordId;
use satchel_exchange::Decoders;
use satchel_replica::{FileStore, PageCipher, Store, StoreError};
use satchel_vault::PageKey;
use satchel_wire::Hint;
use std::future::Future;
use std::rc::Rc;

/// The world around the engine.
#[expect(async_fn_in_trait, reason = "the engine runs on one thread; nothing needs Send")]
pub trait Host: 'static {
    /// Where records are kept.
    type Store: Store + FileStore + 'static;
    /// A file that a person chose.
    type File: File + 'static;

    /// The device's clock, ms since 1970 UTC; may be wrong and may jump.
    fn now_ms(&self) -> u64;
    /// When a clock in the device's zone shows `local_ms` (ms since 1970, read locally), as ms since 1970 UTC.
    fn local_to_utc_ms(&self, local_ms: i64) -> i64;
    /// Fills with bytes from the system's source of randomness.
    fn entropy(&self, bytes: &mut [u8]);
    /// The platform's own AES-256-GCM with this key; without one the vault's is used.
    async fn page_cipher(&self, key: &PageKey) -> Option<Rc<dyn PageCipher>>;
    /// Unicode's normalisation form NFKC.
    fn nfkc(&self, text: &str) -> String;
    /// The encodings that the platform reads.
    fn decoders(&self) -> &dyn Decoders;
    /// Tells the UI.
    fn post(&self, reply: Reply);
    /// Chooses the sync server by its address (empty for the app's own origin) and tells its `host:port`.
    fn server(&self, origin: &str) -> String;
    /// From now on nothing is sent or heard, for as long as this world lives.
    fn cut_off(&self);
    /// The names of the databases that are there; empty where the platform does not tell.
    async fn store_names(&self) -> Vec<String>;
    /// Opens the database of this name, making it if it is not there.
    async fn open_store(&self, name: &str) -> Result<Self::Store, StoreError>;
    /// Deletes the database of this name, with everything in it.
    async fn erase_store(&self, name: &str) -> Result<(), StoreError>;
    /// Everything that the database of this name still holds, as it lies there: for a file to be kept.
    async fn dump_store(&self, name: &str) -> Result<Vec<u8>, StoreError>;
    /// Asks the sync server.
    async fn send(&self, call: Call) -> Result<Response, Unreachable>;
    /// Listens for hints of a space until the connection ends; calls `on_hint` for each.
    async fn listen(&self, call: Call, on_hint: Rc<dyn Fn(Hint)>) -> Result<(), Unreachable>;
    /// Waits.
    async fn sleep(&self, ms: u64);
    /// Lets waiting messages be handled before going on with long work.
    async fn breathe(&self);
    /// Runs a task beside the others.
    fn spawn(&self, task: impl Future<Output = ()> + 'static);
    /// Tells other tabs of this device that these records changed in the store.
    fn announce(&self, workspace: &str, ids: &[RecordId]);
    /// Runs `work` while no other tab syncs the same workspace, waiting for its turn.
    async fn alone<T>(&self, workspace: &str, work: impl Future<Output = T>) -> T;
    /// Whether the person asked the platform to send and fetch little; `false` where it does not tell.
    fn saves_data(&self) -> bool;
    /// Bytes used and available, where they can be known.
    async fn storage(&self) -> Option<(u64, u64)>;
    /// Whether the browser promises to keep the storage.
    async fn persisted(&self) -> bool;
}

/// A file that a person chose, read in slices.
#[expect(async_fn_in_trait, reason = "the engine runs on one thread; nothing needs Send")]
pub trait File {
    /// Its name.
    fn name(&self) -> String;
    /// Its size in bytes.
    fn size(&self) -> u64;
    /// The bytes from `start` up to `end` (exclusive, within the size).
    async fn read(&self, start: u64, end: u64) -> Result<Vec<u8>, UnreadableFile>;
}

/// The file is gone, or the device does not let it be read.
#[derive(Debug, thiserror::Error)]
#[error("the file cannot be read")]
pub struct UnreadableFile;

/// No answer: no network, no server, or a time-out.
#[derive(Debug, thiserror::Error)]
#[error("the server cannot be reached")]
pub struct Unreachable;

/// One request to the sync server.
#[derive(Debug, Clone)]
pub struct Call {
    /// Path and query below the server's origin, beginning with a slash.
    pub path: String,
    /// The bearer token.
    pub token: Option<String>,
    /// A CBOR body makes it a POST; without one it is a GET.
    pub body: Option<Vec<u8>>,
    /// Let it finish although the page is going away; for small bodies only.
    pub keepalive: bool,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Media type without parameters, lower case.
    pub media_type: String,
    /// Seconds to wait, from `Retry-After`.
    pub retry_after_s: Option<u64>,
    /// The body.
    pub body: Vec<u8>,
}

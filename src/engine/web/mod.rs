//! The browser as the engine's world: the only room of the engine that names a browser API.

mod cipher;
mod files;
mod http;
mod js;
mod tabs;
mod worker;

pub use cipher::import as page_cipher;
pub use worker::start;

use super::host::{Call, Host, Response, Unreachable};
use crate::port::Reply;
use satchel_domain::RecordId;
use satchel_exchange::Decoders;
use satchel_idb::IdbStore;
use satchel_replica::{PageCipher, StoreError};
use satchel_vault::PageKey;
use satchel_wire::Hint;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;

/// The browser's worker.
pub struct Web {
    /// The sync server's origin without a trailing slash.
    origin: RefCell<String>,
    cut_off: Cell<bool>,
    tabs: tabs::Tabs,
}

impl Web {
    fn new(tabs: tabs::Tabs) -> Self {
        Self { origin: RefCell::new(String::new()), cut_off: Cell::default(), tabs }
    }

    /// The server, unless none is to be reached.
    fn origin(&self) -> Result<String, Unreachable> {
        if self.cut_off.get() { Err(Unreachable) } else { Ok(self.origin.borrow().clone()) }
    }
}

impl Host for Web {
    type Store = IdbStore;
    type File = files::File;

    #[expect(clippy::disallowed_methods, reason = "the engine's one clock")]
    fn now_ms(&self) -> u64 {
        js_sys::Date::now() as u64
    }

    fn local_to_utc_ms(&self, local_ms: i64) -> i64 {
        js::local_to_utc_ms(local_ms)
    }

    #[expect(clippy::disallowed_methods, reason = "the engine's one source of randomness")]
    fn entropy(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a worker in a secure context has crypto.getRandomValues");
    }

    async fn page_cipher(&self, key: &PageKey) -> Option<Rc<dyn PageCipher>> {
        cipher::import(key).await
    }

    fn nfkc(&self, text: &str) -> String {
        js_sys::JsString::from(text).normalize("NFKC").into()
    }

    fn decoders(&self) -> &dyn Decoders {
        &files::BrowserDecoders
    }

    fn post(&self, reply: Reply) {
        worker::post(&reply);
    }

    fn server(&self, origin: &str) -> String {
        let page = js::scope().location().origin();
        let chosen = if origin.is_empty() { page.as_str() } else { origin.trim_end_matches('/') };
        *self.origin.borrow_mut() = chosen.to_owned();
        let place = chosen.split_once("://").map_or(chosen, |(_, place)| place);
        place.split('/').next().unwrap_or(place).to_owned()
    }

    fn cut_off(&self) {
        self.cut_off.set(true);
    }

    async fn store_names(&self) -> Vec<String> {
        js::database_names().await.unwrap_or_default()
    }

    async fn open_store(&self, name: &str) -> Result<IdbStore, StoreError> {
        IdbStore::open(name).await
    }

    async fn erase_store(&self, name: &str) -> Result<(), StoreError> {
        IdbStore::erase(name).await
    }

    async fn dump_store(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        satchel_idb::dump(name).await
    }

    async fn send(&self, call: Call) -> Result<Response, Unreachable> {
        http::send(&self.origin()?, call).await
    }

    async fn listen(&self, call: Call, on_hint: Rc<dyn Fn(Hint)>) -> Result<(), Unreachable> {
        http::listen(&self.origin()?, call, on_hint).await
    }

    async fn sleep(&self, ms: u64) {
        js::sleep(ms).await;
    }

    async fn breathe(&self) {
        js::sleep(0).await;
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        wasm_bindgen_futures::spawn_local(task);
    }

    fn announce(&self, workspace: &str, ids: &[RecordId]) {
        self.tabs.announce(workspace, ids);
    }

    async fn alone<T>(&self, workspace: &str, work: impl Future<Output = T>) -> T {
        let turn = tabs::take_turn(workspace).await;
        let done = work.await;
        drop(turn);
        done
    }

    fn saves_data(&self) -> bool {
        js::saves_data()
    }

    async fn storage(&self) -> Option<(u64, u64)> {
        let estimate = js::scope().navigator().storage().estimate().ok()?;
        let estimate: web_sys::StorageEstimate = JsFuture::from(estimate).await.ok()?.into();
        Some((estimate.get_usage()? as u64, estimate.get_quota()? as u64))
    }

    async fn persisted(&self) -> bool {
        let Ok(answer) = js::scope().navigator().storage().persisted() else { return false };
        JsFuture::from(answer).await.is_ok_and(|kept| kept.is_truthy())
    }
}

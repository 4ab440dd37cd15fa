//! The store on IndexedDB: envelopes in, envelopes out.
//!
//! Values are opaque bytes; nothing here can open one. Works on the window and in a worker.
//!
//! | object store | key | value |
//! |---|---|---|
//! | `rows` | record id, 16 bytes | [`satchel_replica::StoredRow::encode`] |
//! | `waiting` | turn, 8 bytes big-endian, then record id | nothing: the key says it all |
//! | `meta` | `device`, `cursor`, `pages` | CBOR |
//! | `locals` | the item's key | sealed bytes |
//! | `pages` | kind, then number, 5 bytes | a sealed page |
//! | `files` | file id, 16 bytes, then index, 4 bytes big-endian | a sealed chunk |
//!
//! `waiting` is a store of its own and not an index, so that a row stays one opaque value.
//!
//! **Invariant.** Everything is encoded before a transaction opens, and nothing but its own requests is
//! awaited while it is open: a browser commits a transaction that waits for anything else.

mod commit;
mod connection;
mod dump;
mod error;
mod files;
mod read;
mod rows;
mod schema;

pub use dump::dump;

use connection::Connection;
use indexed_db_futures::database::Database;
use satchel_replica::{
    Changeset, Chunks, Committed, Counts, Cursor, DamagedRow, FileStore, Found, LocalItem, Meta, PageKey,
    PageKind, Store, StoreError, StoredRow, Turn,
};
use satchel_wire::{FileId, RecordId};
use std::ops::RangeInclusive;

pub(crate) const ROWS: &str = "rows";
pub(crate) const WAITING: &str = "waiting";
pub(crate) const META: &str = "meta";
pub(crate) const LOCALS: &str = "locals";
pub(crate) const PAGES: &str = "pages";
pub(crate) const FILES: &str = "files";
/// The key of [`satchel_replica::PagesHead`] in `meta`.
pub(crate) const PAGES_HEAD: &str = "pages";
/// The key of the bootstrap data in `meta`.
pub(crate) const DEVICE: &str = "device";
/// The key of the cursor in `meta`.
pub(crate) const CURSOR: &str = "cursor";

/// A store in one IndexedDB database. Dropping it closes the connection; one that the browser closes is opened
/// again, once, by the next call.
pub struct IdbStore {
    connection: Connection,
}

impl IdbStore {
    /// Opens the database of this name, and brings it to the newest schema.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer app has upgraded it, [`StoreError::Blocked`] when another tab keeps
    /// an older version open and did not let go, [`StoreError::Unavailable`] where there is no IndexedDB.
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        Self::open_at(name, schema::VERSION).await
    }

    async fn open_at(name: &str, version: u32) -> Result<Self, StoreError> {
        Ok(Self { connection: Connection::open(name, version).await? })
    }

    /// Deletes the database of this name, with everything in it.
    ///
    /// # Errors
    /// As the platform says.
    pub async fn erase(name: &str) -> Result<(), StoreError> {
        let deleting = Database::delete_by_name(name).map_err(error::open_error)?;
        deleting.await.map_err(error::store_error)
    }

    /// Whether the connection is gone for now: closed by the browser, or for another tab's upgrade or erasure.
    pub fn is_closed(&self) -> bool {
        self.connection.is_closed()
    }
}

impl Store for IdbStore {
    async fn commit(&self, changeset: Changeset) -> Result<Committed, StoreError> {
        self.connection.with(async |db| commit::commit(&db, changeset.clone()).await).await
    }

    async fn scan(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        self.connection.with(async |db| rows::scan(&db, after, limit).await).await
    }

    async fn read(&self, ids: &[RecordId], pages: &[PageKey]) -> Result<Found, StoreError> {
        self.connection.with(async |db| read::read(&db, ids, pages).await).await
    }

    async fn pages(
        &self,
        kind: PageKind,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, Vec<u8>)>, StoreError> {
        self.connection.with(async |db| read::pages(&db, kind, after, limit).await).await
    }

    async fn page_numbers(&self, kind: PageKind) -> Result<Vec<u32>, StoreError> {
        self.connection.with(async |db| read::page_numbers(&db, kind).await).await
    }

    async fn waiting(
        &self,
        after: Option<(Turn, RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.connection.with(async |db| rows::waiting(&db, after, limit).await).await
    }

    async fn places(&self, turns: RangeInclusive<Turn>) -> Result<Vec<(Turn, RecordId)>, StoreError> {
        self.connection.with(async |db| rows::places(&db, &turns).await).await
    }

    async fn damaged_rows(&self) -> Result<Vec<DamagedRow>, StoreError> {
        self.connection.with(async |db| rows::damaged_rows(&db).await).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.connection.with(async |db| read::counts(&db).await).await
    }

    async fn meta(&self) -> Result<Option<Meta>, StoreError> {
        self.connection.with(async |db| read::meta(&db).await).await
    }

    async fn cursor(&self) -> Result<Cursor, StoreError> {
        self.connection.with(async |db| read::cursor(&db).await).await
    }

    async fn locals(&self, prefix: &str) -> Result<Vec<LocalItem>, StoreError> {
        self.connection.with(async |db| read::locals(&db, prefix).await).await
    }
}

impl FileStore for IdbStore {
    async fn keep_chunk(&self, file: FileId, index: u32, sealed: Vec<u8>) -> Result<(), StoreError> {
        self.connection.with(async |db| files::keep(&db, file, index, &sealed).await).await
    }

    async fn chunk(&self, file: FileId, index: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.connection.with(async |db| files::chunk(&db, file, index).await).await
    }

    async fn chunks(&self, file: Option<FileId>) -> Result<Chunks, StoreError> {
        self.connection.with(async |db| files::chunks(&db, file).await).await
    }

    async fn drop_chunks(&self, file: FileId) -> Result<(), StoreError> {
        self.connection.with(async |db| files::forget(&db, file).await).await
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use satchel_replica::conformance::meta;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    async fn a_tab_that_does_not_let_go_is_named_and_the_upgrade_is_whole_once_it_goes() {
        let name = "blocked";
        // An older app that listens to nobody.
        let older = schema::VERSION;
        let stubborn = Database::open(name).with_version(older).with_on_upgrade_needed(schema::upgrade);
        let stubborn = stubborn.await.expect("opens");
        assert_eq!(IdbStore::open_at(name, older + 1).await.err(), Some(StoreError::Blocked));
        stubborn.close();
        let store = IdbStore::open_at(name, older + 1).await.expect("opens once the other is gone");
        assert_eq!(store.counts().await.expect("counts").rows, 0);
    }

    #[wasm_bindgen_test]
    async fn a_connection_that_the_browser_closed_is_opened_again() {
        let store = IdbStore::open("closed").await.expect("opens");
        let first = Changeset { meta: Some(meta(1)), ..Changeset::default() };
        store.commit(first).await.expect("commits");
        store.connection.close();
        assert!(!store.is_closed(), "nobody was told");
        assert_eq!(store.meta().await, Ok(Some(meta(1))), "a read finds out, and reads again");
        store.connection.close();
        let second = Changeset { meta: Some(meta(2)), ..Changeset::default() };
        store.commit(second).await.expect("so does a write");
        assert_eq!(store.meta().await, Ok(Some(meta(2))));
    }
}

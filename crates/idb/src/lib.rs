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
//!
//! `waiting` is a store of its own and not an index, so that a row stays one opaque value.
//!
//! **Invariant.** Everything is encoded before a transaction opens, and nothing but its own requests is
//! awaited while it is open: a browser commits a transaction that waits for anything else.

mod commit;
mod error;
mod read;
mod schema;

use indexed_db_futures::database::{Database, VersionChangeEvent};
use indexed_db_futures::prelude::*;
use satchel_replica::{
    Changeset, Committed, Counts, Cursor, Found, LocalItem, Meta, PageKey, PageKind, Store, StoreError,
    StoredRow, Turn,
};
use satchel_wire::RecordId;
use std::cell::Cell;
use std::rc::Rc;

pub(crate) const ROWS: &str = "rows";
pub(crate) const WAITING: &str = "waiting";
pub(crate) const META: &str = "meta";
pub(crate) const LOCALS: &str = "locals";
pub(crate) const PAGES: &str = "pages";
/// The key of [`satchel_replica::PagesHead`] in `meta`.
pub(crate) const PAGES_HEAD: &str = "pages";
/// The key of the bootstrap data in `meta`.
pub(crate) const DEVICE: &str = "device";
/// The key of the cursor in `meta`.
pub(crate) const CURSOR: &str = "cursor";

/// A store in one IndexedDB database. Dropping it closes the connection.
pub struct IdbStore {
    db: Database,
    closed: Rc<Cell<bool>>,
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
        let gate = Rc::new(schema::Gate::default());
        let blocking = gate.clone();
        let opening = Database::open(name)
            .with_version(version)
            .with_on_blocked(move |_| {
                blocking.block();
                Ok(())
            })
            .with_on_upgrade_needed(schema::upgrade)
            .build()
            .map_err(error::open_error)?;
        let db = schema::unless_blocked(Box::pin(opening.into_future()), gate).await?;
        let store = Self { db, closed: Rc::default() };
        store.give_way()?;
        Ok(store)
    }

    /// Deletes the database of this name, with everything in it.
    ///
    /// # Errors
    /// As the platform says.
    pub async fn erase(name: &str) -> Result<(), StoreError> {
        let deleting = Database::delete_by_name(name).map_err(error::open_error)?;
        deleting.await.map_err(error::store_error)
    }

    /// Whether the connection is gone: closed by the browser, or for another tab's upgrade or erasure.
    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Another tab's upgrade must not wait for this one.
    fn give_way(&self) -> Result<(), StoreError> {
        let mut changes = self.db.version_changes().map_err(error::store_error)?;
        let (db, closed) = (self.db.clone(), self.closed.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let _asked: Option<VersionChangeEvent> = changes.recv().await;
            closed.set(true);
            db.close();
        });
        Ok(())
    }

    pub(crate) fn open_db(&self) -> Result<&Database, StoreError> {
        if self.closed.get() { Err(StoreError::Closed) } else { Ok(&self.db) }
    }
}

impl Drop for IdbStore {
    fn drop(&mut self) {
        self.closed.set(true);
        self.db.clone().close();
    }
}

impl Store for IdbStore {
    async fn commit(&self, changeset: Changeset) -> Result<Committed, StoreError> {
        commit::commit(self.open_db()?, changeset).await
    }

    async fn scan(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        read::scan(self.open_db()?, after, limit).await
    }

    async fn read(&self, ids: &[RecordId], pages: &[PageKey]) -> Result<Found, StoreError> {
        read::read(self.open_db()?, ids, pages).await
    }

    async fn pages(
        &self,
        kind: PageKind,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, Vec<u8>)>, StoreError> {
        read::pages(self.open_db()?, kind, after, limit).await
    }

    async fn page_numbers(&self, kind: PageKind) -> Result<Vec<u32>, StoreError> {
        read::page_numbers(self.open_db()?, kind).await
    }

    async fn waiting(
        &self,
        after: Option<(Turn, RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        read::waiting(self.open_db()?, after, limit).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        read::counts(self.open_db()?).await
    }

    async fn meta(&self) -> Result<Option<Meta>, StoreError> {
        read::meta(self.open_db()?).await
    }

    async fn cursor(&self) -> Result<Cursor, StoreError> {
        read::cursor(self.open_db()?).await
    }

    async fn locals(&self, prefix: &str) -> Result<Vec<LocalItem>, StoreError> {
        read::locals(self.open_db()?, prefix).await
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
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
}

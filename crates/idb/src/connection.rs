//! A connection that the browser may close: it is opened again, once, when it is needed next.

use crate::{error, read, schema};
use indexed_db_futures::database::{Database, VersionChangeEvent};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use satchel_replica::StoreError;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A connection to one database, by its name.
pub(crate) struct Connection {
    name: String,
    version: u32,
    open: RefCell<Open>,
}

impl Connection {
    pub(crate) async fn open(name: &str, version: u32) -> Result<Self, StoreError> {
        let open = RefCell::new(Open::at(name, version).await?);
        Ok(Self { name: name.to_owned(), version, open })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.open.borrow().closed.get()
    }

    /// Closes the connection and tells nobody, as a browser may.
    #[cfg(all(test, target_arch = "wasm32"))]
    pub(crate) fn close(&self) {
        self.open.borrow().db.clone().close();
    }

    /// Does something with the database; if the connection turns out to be gone, once more with a fresh one.
    /// What was under way when it went is in the database whole or not at all, and versions tell which.
    pub(crate) async fn with<T>(
        &self,
        work: impl AsyncFn(Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match work(self.db().await?).await {
            Err(StoreError::Closed) => {
                self.open.borrow().closed.set(true);
                work(self.db().await?).await
            }
            done => done,
        }
    }

    /// The database. One that has nothing in it when it is opened again was thrown away by the browser.
    async fn db(&self) -> Result<Database, StoreError> {
        if !self.is_closed() {
            return Ok(self.open.borrow().db.clone());
        }
        let fresh = Open::at(&self.name, self.version).await?;
        if read::meta(&fresh.db).await?.is_none() {
            return Err(StoreError::Gone);
        }
        let db = fresh.db.clone();
        self.open.replace(fresh);
        Ok(db)
    }
}

/// One opening of the database. Dropping it closes the connection.
struct Open {
    db: Database,
    closed: Rc<Cell<bool>>,
}

impl Open {
    async fn at(name: &str, version: u32) -> Result<Self, StoreError> {
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
        let open = Self { db, closed: Rc::default() };
        open.hear_of_its_end()?;
        open.give_way()?;
        Ok(open)
    }

    /// The browser closes connections by itself: when it clears the site's data, or after an error of its disk.
    fn hear_of_its_end(&self) -> Result<(), StoreError> {
        let closed = self.closed.clone();
        let on_close = Closure::once_into_js(move || closed.set(true));
        let listening = self.db.as_sys().add_event_listener_with_callback("close", on_close.unchecked_ref());
        listening.map_err(|_| StoreError::Other("no events".into()))
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
}

impl Drop for Open {
    fn drop(&mut self) {
        self.closed.set(true);
        self.db.clone().close();
    }
}

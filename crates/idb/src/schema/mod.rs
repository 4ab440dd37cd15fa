//! The schema, one file a step. A step that was released is never changed.

mod v1;
mod v2;
mod v3;

use crate::error::open_error;
use indexed_db_futures::database::{Database, VersionChangeEvent};
use indexed_db_futures::error::OpenDbError;
use js_sys::{Function, Reflect};
use satchel_replica::StoreError;
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The newest version of the schema.
pub(crate) const VERSION: u32 = 3;

/// Brings a database from the version that it has to [`VERSION`], step by step, in one transaction.
pub(crate) fn upgrade(event: VersionChangeEvent, db: Database) -> indexed_db_futures::Result<()> {
    // Versions are whole numbers that the platform hands out as floats.
    let from = event.old_version() as u32;
    if from < 1 {
        v1::upgrade(&db)?;
    }
    if from < 2 {
        v2::upgrade(&db)?;
    }
    if from < 3 {
        v3::upgrade(&db)?;
    }
    Ok(())
}

/// Tells whoever waits that another tab is in the way.
#[derive(Default)]
pub(crate) struct Gate {
    blocked: Cell<bool>,
    waiting: RefCell<Option<Waker>>,
}

impl Gate {
    pub(crate) fn block(&self) {
        self.blocked.set(true);
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

/// How long an opening may be silent, in ms. One that another tab is in the way of says so at once, but not
/// when it stands behind the request of a page that is gone.
const PATIENCE_MS: i32 = 10_000;

/// Ends the patience by and by.
fn lose_patience(gate: Rc<Gate>) {
    let block = Closure::once_into_js(move || gate.block());
    let global = js_sys::global();
    let later = Reflect::get(&global, &"setTimeout".into()).and_then(JsCast::dyn_into::<Function>);
    // Without timers it is waited for as long as it takes.
    let _ = later.and_then(|later| later.call2(&global, &block, &PATIENCE_MS.into()));
}

type Opening = Pin<Box<dyn Future<Output = Result<Database, OpenDbError>>>>;

/// Waits for the database, but not for a tab that does not let go of an older version, nor for ever. The request itself
/// cannot be taken back: it is seen to its end, so that the schema is whole whenever the other tab goes.
pub(crate) async fn unless_blocked(mut opening: Opening, gate: Rc<Gate>) -> Result<Database, StoreError> {
    lose_patience(gate.clone());
    let opened = std::future::poll_fn(|context| match opening.as_mut().poll(context) {
        Poll::Ready(opened) => Poll::Ready(Some(opened)),
        Poll::Pending if gate.blocked.get() => Poll::Ready(None),
        Poll::Pending => {
            gate.waiting.replace(Some(context.waker().clone()));
            Poll::Pending
        }
    })
    .await;
    if let Some(opened) = opened {
        return opened.map_err(open_error);
    }
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(db) = opening.await {
            db.close();
        }
    });
    Err(StoreError::Blocked)
}

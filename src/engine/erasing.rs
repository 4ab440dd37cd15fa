//! Erasing a workspace from this device: its keys are forgotten first, and what the browser does not let go of at once is
//! erased when the app next starts.
//!
//! Another tab that is asleep may hold the database open, or the browser may fail. So that nobody opens the workspace
//! again meanwhile, a mark that needs no key is laid into its database before. It says what lay there: where another tab
//! wrote something since, nothing is erased.

use super::Engine;
use super::failure::Outcome as Ended;
use super::files::KEPT;
use super::host::Host;
use super::session::DATABASE;
use super::workspace::DRAFTS;
use crate::port::{Event, FailureCode, RequestId, Session, WorkspaceRef};
use futures_util::future::{Either, select};
use satchel_replica::{Changeset, LocalItem, LocalPut, Store, StoreError};
use satchel_wire::{Etag, to_cbor};
use std::pin::pin;

/// The local item that says so, by what lay there then. Nothing is sealed in it.
const MARK: &str = "erase/begun";
/// Rows that are looked at at once.
const READ: usize = 500;
/// How long is waited for the browser before the person is told, ms.
const PATIENCE_MS: u64 = 5_000;

impl<H: Host> Engine<H> {
    /// Closes the workspace that is open or locked here, and erases it. Where another one is here by now, nothing is
    /// done.
    ///
    /// # Errors
    /// [`FailureCode::NotErased`]: it is closed all the same, and erased at the next start.
    pub(super) async fn erase_here(&self, but: Option<RequestId>, place: &WorkspaceRef) -> Ended<()> {
        if self.place().is_none_or(|here| here.id != place.id) {
            return Err(FailureCode::NotFound.into());
        }
        // Dropping it forgets the keys and ends its sync.
        self.close(but);
        // Without room for the mark it is erased all the same.
        let _ = self.mark(&place.id).await;
        // Other tabs let go of it.
        self.host.announce(&place.id, &[]);
        if self.is_erased(&place.id).await.is_err() {
            self.tell(Event::Session(Session::Unusable(FailureCode::NotErased)));
            return Err(FailureCode::NotErased.into());
        }
        self.nothing_here_any_more();
        // Other tabs find it gone when they look.
        self.host.announce(&place.id, &[]);
        Ok(())
    }

    /// Who has to wait for it is told, and waits on.
    async fn is_erased(&self, id: &str) -> Result<(), StoreError> {
        let erasing = pin!(self.host.erase_store(id));
        match select(erasing, pin!(self.host.sleep(PATIENCE_MS))).await {
            Either::Left((erased, _)) => erased,
            Either::Right(((), erasing)) => {
                self.tell(Event::Session(Session::Unusable(FailureCode::NotErased)));
                erasing.await
            }
        }
    }

    async fn mark(&self, id: &str) -> Ended<()> {
        Ok(lay_mark(&self.host.open_store(id).await?).await?)
    }

    /// Erases what was to be erased when this app ran last, and says what that was. What still cannot be is not opened.
    pub(super) async fn end_erasures(&self, remembered: Option<&WorkspaceRef>) -> Vec<String> {
        let mut names = self.host.store_names().await;
        if names.is_empty() {
            names.extend(remembered.map(|place| place.id.clone()));
        }
        let mut erased = Vec::new();
        for id in names.into_iter().filter(|name| name.starts_with(DATABASE)) {
            let Ok(store) = self.host.open_store(&id).await else { continue };
            let marked = is_marked(&store).await;
            if !marked {
                drop_mark(&store).await;
            }
            // What holds it open keeps it from being erased.
            drop(store);
            if marked && self.is_erased(&id).await.is_ok() {
                erased.push(id);
            }
        }
        erased
    }
}

/// Says in a database that it is to be erased as it is.
pub(super) async fn lay_mark(store: &impl Store) -> Result<(), StoreError> {
    let sealed = stands(store).await.map_or_else(Vec::new, Vec::from);
    let mark = LocalPut::Set(LocalItem { key: MARK.to_owned(), sealed });
    store.commit(Changeset { locals: vec![mark], ..Changeset::default() }).await.map(drop)
}

/// Whether a workspace was being erased, and nothing was written since.
pub(super) async fn is_marked(store: &impl Store) -> bool {
    let marks = store.locals(MARK).await.unwrap_or_default();
    let Some(mark) = marks.first() else { return false };
    stands(store).await.is_some_and(|now| mark.sealed == now)
}

/// A mark that speaks of something else is over: what was written since may be sent one day, and is not erased then.
async fn drop_mark(store: &impl Store) {
    if store.locals(MARK).await.is_ok_and(|marks| !marks.is_empty()) {
        let locals = vec![LocalPut::Remove(MARK.to_owned())];
        // The next start looks again.
        let _ = store.commit(Changeset { locals, ..Changeset::default() }).await;
    }
}

/// A hash of what lies there and perhaps nowhere else, as it lies sealed, and of how far the server was read: what was
/// written and sent moves that. `None` where it cannot be read.
async fn stands(store: &impl Store) -> Option<[u8; 32]> {
    let (counts, cursor) = (store.counts().await.ok()?, store.cursor().await.ok()?);
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let read = store.waiting(after, READ).await.ok()?;
        rows.extend(read.iter().map(|row| (row.id.0, row.envelope.etag().0)));
        match read.last().filter(|_| read.len() == READ) {
            Some(last) => after = Some((last.state.turn()?, last.id)),
            None => break,
        }
    }
    let mut kept = Vec::new();
    for prefix in [DRAFTS, KEPT] {
        let items = store.locals(prefix).await.ok()?.into_iter();
        kept.extend(items.map(|item| (item.key, Etag::of(&item.sealed).0)));
    }
    let read = (cursor.era, cursor.seq);
    Some(Etag::of(&to_cbor(&(counts.waiting, counts.pages.waiting, rows, kept, read))).0)
}

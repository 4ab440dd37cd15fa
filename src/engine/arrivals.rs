//! What came from elsewhere enters the book: when it is whole, and never over what a person wrote after it.

use super::host::Host;
use super::workspace::Workspace;
use satchel_domain::RecordId;
use satchel_replica::{Arrived, News, Outcome, TRASH_MS};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// So many records are held in memory until they may be shown; more are read again then.
const HELD: usize = 2_000;
/// Records that are read again at once.
const READ: usize = 1_000;
/// The trash is looked through this often, ms.
const ERASE_EVERY_MS: u64 = 60 * 60_000;

/// What has arrived and is not shown yet: the head that was set out for is not reached, so that something that
/// belongs together may be here in part.
#[derive(Default)]
pub(super) struct Arrivals {
    ids: RefCell<Vec<RecordId>>,
    /// The records of `ids`, as long as they are few.
    records: RefCell<Vec<Arrived>>,
    /// How the book stood before the first of them was committed.
    entered: Cell<Option<u64>>,
    /// What is to enter the book and could not be read.
    missed: RefCell<BTreeSet<RecordId>>,
    /// When the trash was last looked through.
    erased_ms: Cell<Option<u64>>,
}

impl Arrivals {
    /// Notes what could not be read.
    pub(super) fn missed(&self, ids: &[RecordId]) {
        self.missed.borrow_mut().extend(ids);
    }
}

impl<H: Host> Workspace<H> {
    /// Takes what a step brought; true when something entered the book. `entered` is how the book stood before
    /// the step: after the step's commit a person may have changed the same record again, and hers is there already.
    pub(super) async fn arrive(&self, news: News, entered: u64) -> bool {
        let arrivals = &self.syncing.arrivals;
        if !news.aside.is_empty() {
            self.host.announce(&self.id, &news.aside);
        }
        if !news.arrived.is_empty() && arrivals.entered.get().is_none() {
            arrivals.entered.set(Some(entered));
        }
        arrivals.ids.borrow_mut().extend(news.arrived.iter().map(|arrived| arrived.id));
        if arrivals.ids.borrow().len() <= HELD {
            arrivals.records.borrow_mut().extend(news.arrived);
        }
        // On a device that reads for the first time nothing is whole for long: it is shown as it comes.
        if news.is_whole || self.replica.cursor().synced_ms.is_none() {
            self.show_arrivals().await
        } else {
            false
        }
    }

    async fn show_arrivals(&self) -> bool {
        let arrivals = &self.syncing.arrivals;
        let (ids, records) = (arrivals.ids.take(), arrivals.records.take());
        let untouched = arrivals.entered.take() == Some(self.entered());
        if ids.is_empty() {
            return false;
        }
        if untouched && records.len() == ids.len() {
            self.take_in(records.iter().map(|arrived| (arrived.id, &arrived.record)));
        } else {
            for ids in ids.chunks(READ) {
                self.reload(ids).await;
            }
        }
        self.host.announce(&self.id, &ids);
        true
    }

    /// Reads once more what could not be read.
    pub(super) async fn reload_missed(&self) {
        let missed = self.syncing.arrivals.missed.take();
        if !missed.is_empty() {
            self.reload(&Vec::from_iter(missed)).await;
        }
    }

    /// Once in a while, when everything is in sync, what was in the trash for long is erased for good.
    pub(super) async fn erase_if_due(&self, outcome: &Outcome, now_ms: u64) {
        let last_ms = &self.syncing.arrivals.erased_ms;
        let due = last_ms.get().is_none_or(|at| now_ms.abs_diff(at) >= ERASE_EVERY_MS);
        if !due || !matches!(outcome, Outcome::Verified(_)) || self.may_write().is_err() {
            return;
        }
        last_ms.set(Some(now_ms));
        let ids = self.book.borrow().trashed_until(now_ms.saturating_sub(TRASH_MS));
        // What fails is tried again in an hour.
        if !ids.is_empty()
            && self.note_files_of(&ids).await.is_ok()
            && let Ok(erased) = self.replica.erase(&ids, now_ms).await
        {
            let _nothing_to_undo = self.took(erased);
            // What lies here still is tidied away, and the server is told with the next round.
            let _ = self.drop_noted_files().await;
        }
    }
}

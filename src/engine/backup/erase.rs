//! Removing the workspace from this device: not while something here is nowhere else.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::view::number;
use crate::engine::workspace::{DRAFTS, Workspace};
use crate::engine::{Engine, saved};
use crate::port::{Done, Event, FailureCode, OnThisDevice, Session};
use satchel_domain::RecordId;
use satchel_replica::Store;
use std::collections::BTreeSet;

/// Records that are read at once.
const READ: usize = 500;

impl<H: Host> Engine<H> {
    pub(in crate::engine) async fn erase_device(&self, discard: bool) -> Ended<Done> {
        let place = self.place().ok_or(FailureCode::NotFound)?;
        let would_lose = match self.opened() {
            _ if place.is_sample() => false,
            Some(open) => open.would_lose().await,
            None => self.would_lose_of(&place.id).await,
        };
        if would_lose && !discard {
            return Err(FailureCode::Unsent.into());
        }
        if let Some(open) = self.opened() {
            let before = open.work_here().await;
            open.end_session().await;
            // Signing out waits for the server: what another tab, or this one, wrote meanwhile stays.
            if !place.is_sample() && open.has_more_than(before.as_ref()).await {
                return Err(FailureCode::Unsent.into());
            }
        }
        // Dropping it forgets the keys and ends its sync.
        drop(self.open.take());
        self.host.erase_store(&place.id).await?;
        self.nothing_here_any_more();
        self.tell(Event::Session(Session::None));
        Ok(saved())
    }
}

/// What lies on this device and perhaps nowhere else, as it lay at some moment: for telling whether there is more by now.
#[derive(Default)]
pub(in crate::engine) struct Work {
    rows: BTreeSet<(RecordId, [u8; 32])>,
    forms: BTreeSet<(String, Vec<u8>)>,
}

impl<H: Host> Workspace<H> {
    /// What waits and what was begun, as the disk says; `None` where that cannot be read.
    pub(in crate::engine) async fn work_here(&self) -> Option<Work> {
        let mut work = Work::default();
        for ids in self.replica.waiting_ids().await.ok()?.chunks(READ) {
            let sealed = self.replica.how_sealed(ids).await.ok()?;
            work.rows.extend(sealed.into_iter().map(|row| (row.id, row.etag.0)));
        }
        let forms = self.replica.store().locals(DRAFTS).await.ok()?;
        work.forms.extend(forms.into_iter().map(|form| (form.key, form.sealed)));
        Some(work)
    }

    /// Whether something was written since then. Who could not be told before what there is, is not asked again.
    pub(in crate::engine) async fn has_more_than(&self, before: Option<&Work>) -> bool {
        let (Some(before), Some(now)) = (before, self.work_here().await) else { return false };
        !now.rows.is_subset(&before.rows) || !now.forms.is_subset(&before.forms)
    }

    /// Whether something here is on no server, and in no file that was written since. What cannot be known is lost.
    async fn would_lose(&self) -> bool {
        if self.whole().await.is_err() {
            return true;
        }
        // What cannot be read now counts as it was known last.
        let _ = self.count_waiting().await;
        let _ = self.look_at_files().await;
        let Ok(OnThisDevice { files, aside, forms, account }) = self.alone().await else { return true };
        let in_a_file = self.saved.get() == Some(self.written());
        account || (!in_a_file && [self.waiting_count(), files, aside, forms].iter().any(|count| *count > 0))
    }

    /// What is on this device alone, beside the records that wait.
    pub(super) async fn alone(&self) -> Ended<OnThisDevice> {
        Ok(OnThisDevice {
            files: self.files_waiting(),
            aside: number(self.replica.set_aside().len()),
            forms: number(self.replica.store().locals(DRAFTS).await?.len()),
            account: !self.apart && !self.fresh_meta().await.unsent_account.is_empty(),
        })
    }
}

//! Removing the workspace from this device: not while something here is nowhere else.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::view::number;
use crate::engine::workspace::{DRAFTS, Workspace};
use crate::engine::{Engine, saved};
use crate::port::{Done, Event, FailureCode, OnThisDevice, RequestId, Session};
use satchel_replica::Store;

impl<H: Host> Engine<H> {
    pub(in crate::engine) async fn erase_device(&self, id: RequestId, discard: bool) -> Ended<Done> {
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
            if let Some(before) = before.filter(|_| !place.is_sample())
                && open.has_more_than(&before).await
            {
                return Err(FailureCode::Unsent.into());
            }
        }
        self.erase_here(Some(id), &place).await?;
        self.tell(Event::Session(Session::None));
        Ok(saved())
    }
}

impl<H: Host> Workspace<H> {
    /// Whether something here is on no server, and in no file that was written since. What cannot be known is lost.
    async fn would_lose(&self) -> bool {
        if self.whole().await.is_err() {
            return true;
        }
        // What cannot be read now counts as it was known last.
        let _ = self.count_waiting().await;
        let _ = self.look_at_files().await;
        let Ok(OnThisDevice { files, aside, forms, account }) = self.alone().await else { return true };
        let in_a_file = self.is_in_a_file().await;
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

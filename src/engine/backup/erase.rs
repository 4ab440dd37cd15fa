//! Removing the workspace from this device: not while something here is nowhere else.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::workspace::Workspace;
use crate::engine::{Engine, saved};
use crate::port::{Done, Event, FailureCode, Session};

impl<H: Host> Engine<H> {
    pub(in crate::engine) async fn erase_device(&self, discard: bool) -> Ended<Done> {
        let place = self.place().ok_or(FailureCode::NotFound)?;
        let would_lose = match self.opened() {
            _ if place.is_sample() => false,
            Some(open) => open.would_lose().await,
            None => self.waiting_in(&place.id).await,
        };
        if would_lose && !discard {
            return Err(FailureCode::Unsent.into());
        }
        // Dropping it forgets the keys and ends its sync.
        if let Some(open) = self.open.take() {
            open.end_session().await;
        }
        self.host.erase_store(&place.id).await?;
        self.nothing_here_any_more();
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
        let unsent =
            self.waiting_count() > 0 || self.files_waiting() > 0 || !self.replica.set_aside().is_empty();
        unsent && self.saved.get() != Some(self.entered())
    }
}

//! Waiting for the sign-in: what a person changes about her team goes out under it.

use crate::engine::Cancel;
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::workspace::Workspace;
use crate::port::FailureCode;
use satchel_replica::{Fault, Wake};

/// How often it is looked whether there is a session, a breath between: some 40 s in a browser.
const PATIENCE: usize = 10_000;

impl<H: Host> Workspace<H> {
    /// Waits for the sign-in that the sync makes of itself: right after unlocking it is still under way.
    ///
    /// # Errors
    /// What the sync failed with meanwhile, and [`FailureCode::Cancelled`].
    pub(super) async fn signed_in(&self, cancel: &Cancel) -> Ended<()> {
        let before = self.syncing.failures.get();
        self.wake_sync(Wake::Focus);
        for _ in 0..PATIENCE {
            if self.token().is_some() {
                return Ok(());
            }
            if cancel.asked() {
                return Err(FailureCode::Cancelled.into());
            }
            if self.apart || self.syncing.failures.get() != before {
                break;
            }
            self.host.breathe().await;
        }
        Err(match self.syncing.last_fault.get() {
            Some(Fault::NotOurs) => FailureCode::NotTheServer,
            Some(Fault::Status { status: 500.., .. }) => FailureCode::ServerError,
            Some(Fault::Status { .. }) => FailureCode::Refused,
            _ => FailureCode::Unreachable,
        }
        .into())
    }
}

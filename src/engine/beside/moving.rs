//! Customers change territories, and come back by undo. Two workspaces are at work here at once: what they wait for lies
//! on the heap, because a thread's stack, and a worker's, is small.

use crate::engine::Engine;
use crate::engine::commands::count;
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::port::{Done, FailureCode, MOST_MOVED, Meant, Outcome, RequestId, Stage, UndoToken, WorkspaceRef};
use satchel_domain::RecordId;

/// What a move can be taken back by: where they are now.
#[derive(Clone)]
pub(in crate::engine) struct Moved {
    to: WorkspaceRef,
    partners: Vec<RecordId>,
}

impl<H: Host> Engine<H> {
    /// Moves customers with what happened into another workspace of the account, all or none.
    pub(in crate::engine) async fn move_partners(
        &self,
        id: RequestId,
        meant: &Meant,
        to: WorkspaceRef,
    ) -> Ended<Done> {
        let open = self.require()?;
        if to.id == open.id {
            return Err(FailureCode::AlreadyHere.into());
        }
        let partners = open.whom(meant);
        if partners.is_empty() {
            return Err(FailureCode::NotFound.into());
        }
        if partners.len() > MOST_MOVED {
            return Err(FailureCode::Invalid.into());
        }
        self.progress(id, Stage::Fetching, 0, 0).await;
        let behind = Box::pin(self.open_behind(&open, &to)).await?;
        let partners = Box::pin(open.transfer(&behind, &partners)).await?;
        let changed = count(partners.len());
        let undo = open.remember_move(Moved { to, partners });
        Ok(Done { outcome: Outcome::Changed { changed, same: 0 }, undo: Some(undo) })
    }

    /// Brings back what was moved away; it comes under ids of its own.
    pub(in crate::engine) async fn move_back(&self, token: UndoToken) -> Ended<Done> {
        let open = self.require()?;
        let Some(moved) = open.moved(token) else { return open.take_back(token).await };
        let behind = Box::pin(self.open_behind(&open, &moved.to)).await?;
        behind.settle().await?;
        Box::pin(behind.transfer(&open, &moved.partners)).await?;
        open.forget_move(token);
        // What is not sent now is sent when that workspace is opened.
        let _ = behind.settle().await;
        Ok(Done { outcome: Outcome::Saved, undo: None })
    }
}

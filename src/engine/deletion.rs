//! Deleting a workspace for everybody: at the server first, then here.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::keys::Entrance;
use super::workspace::Workspace;
use super::{Engine, account, saved};
use crate::port::{Done, Event, FailureCode, RequestId, Secret, Session, Stage};
use satchel_wire::DeleteSpace;
use satchel_wire::members::Role;

impl<H: Host> Engine<H> {
    /// Deletes the space with everything in it, by the passphrase that is asked again. Refused while what is here is
    /// in no file that was written since, unless the person has said that it may be lost.
    pub(super) async fn delete_workspace(
        &self,
        id: RequestId,
        passphrase: Secret,
        discard: bool,
    ) -> Ended<Done> {
        let (open, place) = (self.require()?, self.place().ok_or(FailureCode::NotFound)?);
        if open.apart || open.team.is_removed() || open.team.role() < Role::Owner {
            return Err(FailureCode::ReadOnly.into());
        }
        open.whole().await?;
        if !discard && !open.is_in_a_file().await {
            return Err(FailureCode::Unsent.into());
        }
        // Whoever says that it may be lost says so of what there is now, and of what cannot be read.
        let before = open.work_here().await;
        let has_more = async || match &before {
            Some(before) => open.has_more_than(before).await,
            None => false,
        };
        let (_, keys) = self.prove_again(id, &passphrase).await?;
        self.progress(id, Stage::Fetching, 0, 0).await;
        if has_more().await {
            return Err(FailureCode::Unsent.into());
        }
        let deleted = open.delete_at_server(&keys.entrance).await?;
        if has_more().await {
            // The server has forgotten it. What was written meanwhile stays, as it does with every member.
            if let Some(deleted) = deleted {
                open.believe_deleted(deleted).await;
            }
            return Err(FailureCode::Unsent.into());
        }
        drop(open);
        self.erase_here(Some(id), &place).await?;
        self.tell(Event::Session(Session::None));
        Ok(saved())
    }
}

impl<H: Host> Workspace<H> {
    /// A space that never met the server is nowhere else.
    async fn delete_at_server(&self, entrance: &Entrance) -> Ended<Option<DeleteSpace>> {
        let meta = self.fresh_meta().await;
        if !meta.registered {
            return Ok(None);
        }
        let identity = self.team.identity();
        Ok(Some(account::delete_space(&*self.host, &self.server, &meta, entrance, identity).await?))
    }
}

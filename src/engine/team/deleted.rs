//! A space that its owner deleted at the server: believed only if she signed it with the identity that the log names.
//! What lies on this device stays.

use super::Team;
use crate::engine::host::Host;
use crate::engine::transport::{self, Trouble};
use crate::engine::workspace::Workspace;
use satchel_replica::{Replica, Store};
use satchel_vault::deleted_by;
use satchel_wire::members::Role;
use satchel_wire::{AccountId, DeleteSpace, SpaceId, from_cbor, to_cbor};

/// The local item that holds what the owner signed.
const DELETED: &str = "members/deleted";

impl Team {
    /// Who deleted the space, if that is proved.
    pub(in crate::engine) fn deleted(&self) -> Option<AccountId> {
        self.deleted.get()
    }

    /// What was signed once is known at the next start too.
    pub(super) async fn recall_deleted<S: Store>(&self, replica: &Replica<S>, space: SpaceId) {
        let items = replica.locals(DELETED).await.unwrap_or_default();
        let said = items.first().and_then(|(_, bytes)| from_cbor::<DeleteSpace>(bytes).ok());
        self.deleted.set(said.and_then(|said| self.proved(&said, space)));
    }

    /// Who said so: an owner as the log has it, or the person herself where there is no log.
    fn proved(&self, said: &DeleteSpace, space: SpaceId) -> Option<AccountId> {
        let state = self.state.borrow();
        deleted_by(said, space, |account| match state.as_ref() {
            None => (account == self.account).then(|| self.identity.public().sign),
            Some(state) => {
                let member = state.members().get(&account)?;
                (member.role == Role::Owner).then_some(member.identity.sign)
            }
        })
    }
}

impl<H: Host> Workspace<H> {
    /// The server says that the space is gone: it has to show who said so. A server's word alone is one that lets
    /// nobody in: she goes on writing, and that waits.
    pub(in crate::engine) async fn hear_of_deletion(&self) {
        if self.team.deleted().is_some() {
            return;
        }
        let space = self.meta().space;
        let path = format!("/v1/spaces/{}/deleted", space.to_hex());
        let said: Result<DeleteSpace, Trouble> = transport::get(&*self.host, path, self.token()).await;
        if let Ok(said) = said {
            return self.believe_deleted(said).await;
        }
        self.tell_status();
        self.changed();
    }

    /// Somebody's word that the space is gone: taken if it is an owner's.
    pub(in crate::engine) async fn believe_deleted(&self, said: DeleteSpace) {
        if let Some(owner) = self.team.proved(&said, self.meta().space) {
            // What is not kept is shown again by the server.
            let _ = self.keep_local(DELETED, Some(&to_cbor(&said))).await;
            self.team.deleted.set(Some(owner));
        }
        self.tell_status();
        self.changed();
    }
}

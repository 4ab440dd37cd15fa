//! Which workspaces of the account are on this device, and bringing here those that are not.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::session::database_of;
use crate::engine::siblings::is_of;
use crate::engine::workspace::Workspace;
use crate::engine::{Engine, account, keys};
use crate::port::{Event, WorkspaceRef};
use satchel_replica::{Changeset, Durability, Store};
use satchel_wire::SpaceId;

impl<H: Host> Engine<H> {
    /// The other workspaces of this device that are the same account's.
    pub(in crate::engine) async fn others_of(&self, open: &Workspace<H>) -> Vec<WorkspaceRef> {
        let account = account::account_of(&open.meta());
        let names = open.replica.with_keys(|keyring, _| {
            let spaces = keyring.spaces().into_iter();
            spaces.map(|(space, name)| (space, name.to_owned())).collect::<Vec<_>>()
        });
        let there = self.host.store_names().await;
        let mut others = Vec::new();
        for (space, name) in names {
            let id = database_of(space);
            if id == open.id || !(there.is_empty() || there.contains(&id)) {
                continue;
            }
            let Ok(store) = self.host.open_store(&id).await else { continue };
            if is_of(&store, account).await.is_some() {
                others.push(WorkspaceRef { id, name });
            }
        }
        others
    }

    /// Brings the account's other workspaces to this device, each in a database of its own. What fails is brought by
    /// the device code another time.
    pub(in crate::engine) async fn bring_the_others(&self, member_of: &[SpaceId]) {
        let Some(open) = self.opened() else { return };
        let mut found = Vec::new();
        for space in member_of {
            if let Ok(Some(place)) = self.bring(&open, *space).await {
                found.push(place);
            }
        }
        if !found.is_empty() {
            self.tell(Event::Found(found));
        }
    }

    async fn bring(&self, open: &Workspace<H>, space: SpaceId) -> Ended<Option<WorkspaceRef>> {
        let name = open.replica.with_keys(|keyring, _| {
            let known = keyring.spaces().into_iter().find(|(known, _)| *known == space);
            known.map(|(_, name)| name.to_owned())
        });
        let Some(name) = name.filter(|_| space != open.meta().space) else { return Ok(None) };
        if self.is_here(space).await {
            return Ok(None);
        }
        let place = WorkspaceRef { id: database_of(space), name };
        let store = self.host.open_store(&place.id).await?;
        let meta = Some(keys::bootstrap_beside(&*self.host, &open.meta(), space));
        store.commit(Changeset { durability: Durability::Strict, meta, ..Changeset::default() }).await?;
        Ok(Some(place))
    }
}

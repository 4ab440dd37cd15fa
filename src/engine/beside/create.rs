//! Another workspace in the same account: a territory, with keys and a membership of its own.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::keys::{entropy, random};
use crate::engine::session::database_of;
use crate::engine::{Engine, keys};
use crate::port::{Done, FailureCode, RequestId, Stage, WorkspaceRef};
use satchel_replica::{Changeset, Durability, Store};
use satchel_vault::SpaceKey;
use satchel_wire::SpaceId;

impl<H: Host> Engine<H> {
    /// Makes it, founds its log so that the server knows it, and opens it in place of the one that is open. `me` is what
    /// its members see of the person.
    pub(in crate::engine) async fn create_beside(&self, id: RequestId, name: &str, me: &str) -> Ended<Done> {
        let open = self.require()?;
        if open.apart {
            return Err(FailureCode::Locked.into());
        }
        self.progress(id, Stage::Fetching, 0, 0).await;
        open.known_account().await?;
        let space = SpaceId(random(&*self.host));
        let key = SpaceKey::make(space, 1, &mut entropy(&*self.host))?;
        open.with_key(&open.account_key, name.trim(), &key).await?;
        let place = WorkspaceRef { id: database_of(space), name: name.trim().to_owned() };
        let meta = keys::bootstrap_beside(&*self.host, &open.meta(), space);
        let store = self.host.open_store(&place.id).await?;
        let changeset =
            Changeset { durability: Durability::Strict, meta: Some(meta), ..Changeset::default() };
        store.commit(changeset).await?;
        let behind = self.open_behind(&open, &place).await?;
        behind.begin_team(me).await?;
        drop((behind, open));
        self.switch_to(id, place).await
    }
}

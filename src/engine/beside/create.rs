//! Another workspace in the same account: a territory, with keys and a membership of its own.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::keys::{entropy, random};
use crate::engine::session::database_of;
use crate::engine::{Engine, keys};
use crate::port::{Done, FailureCode, RequestId, Stage, WorkspaceRef};
use satchel_replica::{Changeset, Durability, LocalPut, Store};
use satchel_vault::SpaceKey;
use satchel_wire::SpaceId;

impl<H: Host> Engine<H> {
    /// Makes it, founds its log so that the server knows it, and opens it in place of the one that is open. `me` is what
    /// its members see of the person. Where the server cannot be reached for its log, syncing founds it.
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
        let locals = vec![LocalPut::Set(open.to_be_founded(me)?)];
        let meta = Some(meta);
        store
            .commit(Changeset { durability: Durability::Strict, meta, locals, ..Changeset::default() })
            .await?;
        let behind = self.open_behind(&open, &place).await?;
        match behind.begin_team(me).await {
            Err(failure) if !is_for_later(failure.code) => return Err(failure),
            _ => drop((behind, open)),
        }
        self.switch_to(id, place).await
    }
}

/// Whether the server may found it another time.
fn is_for_later(code: FailureCode) -> bool {
    matches!(code, FailureCode::Unreachable | FailureCode::NotTheServer | FailureCode::ServerError)
}

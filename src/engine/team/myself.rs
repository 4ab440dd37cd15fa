//! Taking an invitation up as somebody who has a workspace here already: the same account and ways in, another space,
//! another database.

use super::super::account_sync::take;
use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::keys::{self, Entrance};
use super::super::session::database_of;
use super::super::transport::Trouble;
use super::super::workspace::Workspace;
use super::super::{Engine, account};
use super::joining::Here;
use crate::port::{Acceptance, Done, FailureCode, RequestId, Stage, WorkspaceRef};
use satchel_replica::Meta;
use satchel_vault::{AccountKey, SpaceKey};
use satchel_wire::{AccountContent, SlotId};

/// How often an account that another device is changing is looked at again.
const TRIES: usize = 4;

impl<H: Host> Engine<H> {
    /// Joins with the account of the workspace that is open, which is closed for the new one.
    pub(in crate::engine) async fn accept_as_myself(
        &self,
        id: RequestId,
        acceptance: Acceptance,
    ) -> Ended<Done> {
        let open = self.require()?;
        self.progress(id, Stage::Fetching, 0, 0).await;
        let by_account = |meta: &_| open.keys_of(meta);
        let again = self.still_joining(&acceptance.invitation, by_account).await;
        let (place, store, meta, keys) = match again {
            Some((place, store, meta, keys)) => {
                self.finish_joining(&store, &meta, &keys).await?;
                (place, store, meta, keys)
            }
            None => self.join_as_myself(id, &open, acceptance).await?,
        };
        drop(open);
        self.close(Some(id));
        self.enter_as_ours(id, place, store, meta, keys).await
    }

    /// Joins, in a database that holds nothing else yet.
    async fn join_as_myself(
        &self,
        id: RequestId,
        open: &Workspace<H>,
        acceptance: Acceptance,
    ) -> Ended<Here<H>> {
        let checked = self.check_invitation(&acceptance.invitation).await?;
        let space = checked.welcome.key.space();
        if self.is_here(space).await {
            return Err(FailureCode::AlreadyHere.into());
        }
        let meta = open.known_account().await?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (key, derived) = self.proved(&meta, &acceptance.passphrase).await?;
        let name = checked.welcome.name.clone();
        let content = open.with_key(&key, &name, &checked.welcome.key).await?;
        let entrance = Entrance { slot: SlotId::PASSPHRASE, login: derived.login };
        let (meta, keys) = keys::beside(&*self.host, &meta, &key, content, space, entrance)?;
        let place = WorkspaceRef { id: database_of(space), name };
        let store = self.join_space(checked, &place, &meta, &keys, acceptance.name.trim()).await?;
        Ok((place, store, meta, keys))
    }
}

impl<H: Host> Workspace<H> {
    /// What lies here of the account, once the server has the same.
    pub(in crate::engine) async fn known_account(&self) -> Ended<Meta> {
        if !self.meta().registered {
            self.register_account().await?;
        }
        self.sign_in_and_meet().await?;
        let meta = self.fresh_meta().await;
        if meta.unsent_account.is_empty() { Ok(meta) } else { Err(FailureCode::Unreachable.into()) }
    }

    /// Puts a space's key into the account's keyring, at the server and here.
    pub(in crate::engine) async fn with_key(
        &self,
        key: &AccountKey,
        name: &str,
        space_key: &SpaceKey,
    ) -> Ended<AccountContent> {
        let mut tries = 0;
        loop {
            let meta = self.fresh_meta().await;
            let content = keys::with_space(&*self.host, &meta, key, name, space_key.again())?;
            let replaces = meta.account_revision;
            let (entrance, server) = (self.entrance(), &self.server);
            match account::change(&*self.host, server, &meta, &entrance, replaces, &content).await {
                Err(Trouble::Conflict) if tries < TRIES => tries += 1,
                changed => {
                    changed?;
                    self.change_meta(|meta| take(meta, &content)).await?;
                    return Ok(content);
                }
            }
            self.sign_in_and_meet().await?;
        }
    }
}

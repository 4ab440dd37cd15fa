//! Taking an invitation up as somebody who has a workspace here already: the same account and ways in, another space,
//! another database.

use super::super::account_sync::take;
use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::keys::{self, Entrance};
use super::super::transport::Trouble;
use super::super::workspace::Workspace;
use super::super::{Engine, account};
use crate::port::{Acceptance, Done, FailureCode, RequestId, Stage};
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
        let kept = self.join_space(checked, &meta, &keys, acceptance.name.trim()).await?;
        drop(open);
        self.close(id);
        self.settle_with(id, name, meta, keys, kept).await
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

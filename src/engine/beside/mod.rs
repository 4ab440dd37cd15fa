//! Workspaces of one account beside each other: going from one to another without the passphrase, making one, and
//! moving customers between them.
//!
//! The account key opens all of them, and stays in this worker: nothing of it crosses the port, and nothing of it
//! is kept.

mod create;
mod moving;
mod spaces;
mod transfer;

use super::backup::Backups;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::import::Imports;
use super::keys::{self, Entrance, Keys};
use super::workspace::Workspace;
use super::{Engine, account};
use crate::port::{Done, FailureCode, RequestId, WorkspaceRef};
use satchel_replica::{Meta, Wake};
use std::rc::Rc;

pub(super) use moving::Moved;

/// How often the other workspace is synced before it is given up.
const ROUNDS: usize = 4;
/// How long the one that is shown is waited for.
const BREATHS: usize = 4_000;

impl<H: Host> Engine<H> {
    /// Closes the workspace that is open and opens another one of the same account.
    pub(super) async fn switch_to(&self, id: RequestId, place: WorkspaceRef) -> Ended<Done> {
        let open = self.require()?;
        if place.id == open.id {
            return Err(FailureCode::AlreadyHere.into());
        }
        let (store, meta, keys) = self.of_this_account(&open, &place).await?;
        drop(open);
        self.enter_instead(id, place, store, meta, keys).await
    }

    /// Closes the workspace that is open, for another one: what still runs for it is stopped where that is safe, and
    /// screens hear nothing of it any more.
    pub(super) fn close(&self, but: Option<RequestId>) {
        let running = self.running.borrow();
        running.iter().filter(|(id, _)| Some(**id) != but).for_each(|(_, cancel)| cancel.0.set(true));
        self.imports.replace(Imports::default());
        self.backups.replace(Backups::default());
        if let Some(open) = self.open.take() {
            open.unseen.set(true);
        }
    }

    /// Opens a workspace in place of the one that is open.
    async fn enter_instead(
        &self,
        id: RequestId,
        place: WorkspaceRef,
        store: H::Store,
        meta: Meta,
        keys: Keys,
    ) -> Ended<Done> {
        self.close(Some(id));
        self.gate.borrow_mut().place = Some(place.clone());
        let entered = self.enter(id, place, store, meta, keys).await;
        if entered.is_err() {
            self.tell_locked().await;
        }
        entered
    }

    /// Another workspace of this device, with its keys, if it is the same account's.
    async fn of_this_account(
        &self,
        open: &Workspace<H>,
        place: &WorkspaceRef,
    ) -> Ended<(H::Store, Meta, Keys)> {
        if open.apart || place.is_sample() {
            return Err(FailureCode::Locked.into());
        }
        let (store, meta) = self.bootstrap(&place.id).await?.ok_or(FailureCode::NotFound)?;
        let keys = open.keys_of(&meta)?;
        self.finish_joining(&store, &meta, &keys).await?;
        Ok((store, meta, keys))
    }

    /// Another workspace of the account, open behind the one that is shown: screens hear nothing of it.
    async fn open_behind(&self, open: &Workspace<H>, place: &WorkspaceRef) -> Ended<Rc<Workspace<H>>> {
        let (store, meta, keys) = self.of_this_account(open, place).await?;
        let (hello, server) = (self.hello.borrow().clone(), self.server.borrow().clone());
        let engine = self.this.clone();
        let behind =
            Workspace::open(&self.host, engine, place, &hello, server, store, meta, keys, |_, _| ()).await?;
        behind.unseen.set(true);
        behind.open_rest().await?;
        Ok(behind)
    }
}

impl<H: Host> Workspace<H> {
    /// The keys of another workspace of this account; refused for another account's.
    pub(super) fn keys_of(&self, meta: &Meta) -> Ended<Keys> {
        let account = account::account_of(meta);
        if account != account::account_of(&self.meta()) {
            return Err(FailureCode::Locked.into());
        }
        let (now, next) = (self.entrance(), self.entrances.borrow().last());
        let again = |entrance: &Entrance| Entrance { slot: entrance.slot, login: entrance.login.again() };
        let keys = keys::hold(&self.account_key, account, &meta.keyring, again(&now))?;
        match next {
            Some(next) => Ok(Keys { next: Some(again(&next)), ..keys }),
            None => Ok(keys.known_as(meta)),
        }
    }

    /// Syncs to the end. A workspace that nobody looks at is driven here; the other one drives itself.
    async fn settle(&self) -> Ended<()> {
        self.wake_sync(Wake::Focus);
        for _ in 0..if self.unseen.get() { ROUNDS } else { BREATHS } {
            if self.unseen.get() {
                self.wake_sync(Wake::Focus);
                self.host.alone(&self.id, self.round()).await;
                self.count_waiting().await?;
            } else {
                self.host.breathe().await;
            }
            if self.is_in_sync() {
                return Ok(());
            }
        }
        Err(FailureCode::NotInSync.into())
    }
}

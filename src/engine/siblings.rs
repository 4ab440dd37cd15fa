//! The account's other workspaces on this device: a way into the account that is changed in one is changed in all, in the
//! same command.
//!
//! Only the database in which it was changed tells the server. The others keep beside the new way what the server knew
//! before, to sign in by until it is told.

use super::account::account_of;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::session::{DATABASE, database_of};
use super::workspace::Workspace;
use crate::port::FailureCode;
use satchel_domain::sorted;
use satchel_replica::{Changeset, Durability, Meta, Store, StoreError};
use satchel_wire::{AccountId, SlotId, from_cbor, to_cbor};

/// The local item with the ways that were changed here and perhaps not yet in the others.
const CHANGED: &str = "account/beside";
/// How often a database that another tab is writing is tried.
const TRIES: usize = 4;

/// Whether a store holds a workspace of this account.
pub(super) async fn is_of<S: Store>(store: &S, account: AccountId) -> Option<Meta> {
    let meta = store.meta().await.ok().flatten()?;
    (account_of(&meta) == account).then_some(meta)
}

impl<H: Host> Workspace<H> {
    /// Notes that these ways are about to be changed here: cut off, it is repeated when the workspace is opened.
    pub(super) async fn changes_beside(&self, ways: &[SlotId]) -> Ended<()> {
        let mut all = self.changed_beside().await;
        all.extend(ways.iter().filter(|way| !all.contains(way)).copied().collect::<Vec<_>>());
        self.keep_local(CHANGED, Some(&to_cbor(&all))).await
    }

    async fn changed_beside(&self) -> Vec<SlotId> {
        self.local(CHANGED).await.and_then(|kept| from_cbor(&kept).ok()).unwrap_or_default()
    }

    /// Writes what was changed here into the account's other databases on this device.
    pub(super) async fn change_beside(&self) -> Ended<()> {
        let ways = self.changed_beside().await;
        if ways.is_empty() {
            return Ok(());
        }
        let ours = self.fresh_meta().await;
        for store in self.siblings().await? {
            lend_to(&store, &ours, &ways).await.map_err(|_| FailureCode::NotBeside)?;
        }
        self.keep_local(CHANGED, None).await
    }

    /// What the account's other databases have to tell the server stands here too, after something newer was taken.
    pub(super) async fn borrow_ways(&self) -> Ended<()> {
        let account = account_of(&self.meta());
        for store in self.siblings().await.unwrap_or_default() {
            let Some(theirs) = is_of(&store, account).await else { continue };
            self.change_meta(|meta| {
                let told_by_us = meta.unsent_account.slots.clone();
                let ways = theirs.unsent_account.slots.iter().filter(|way| !told_by_us.contains(way));
                lend(&theirs, meta, &ways.copied().collect::<Vec<_>>())
            })
            .await?;
        }
        Ok(())
    }

    /// The other databases of this device that are the same account's. One that the keyring names and that does not
    /// open fails all.
    async fn siblings(&self) -> Ended<Vec<H::Store>> {
        let account = account_of(&self.meta());
        let ours: Vec<String> = self.replica.with_keys(|keyring, _| {
            keyring.spaces().into_iter().map(|(space, _)| database_of(space)).collect()
        });
        let there = self.host.store_names().await;
        let names = if there.is_empty() { ours.clone() } else { there };
        let mut found = Vec::new();
        for name in names.into_iter().filter(|name| name.starts_with(DATABASE) && *name != self.id) {
            match self.host.open_store(&name).await {
                Ok(store) => {
                    if is_of(&store, account).await.is_some() {
                        found.push(store);
                    }
                }
                Err(_) if ours.contains(&name) => return Err(FailureCode::NotBeside.into()),
                Err(_) => {}
            }
        }
        Ok(found)
    }
}

async fn lend_to<S: Store>(store: &S, ours: &Meta, ways: &[SlotId]) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        let Some(mut meta) = store.meta().await? else { return Ok(()) };
        if !lend(ours, &mut meta, ways) {
            return Ok(());
        }
        meta.revision += 1;
        let changeset =
            Changeset { durability: Durability::Strict, meta: Some(meta), ..Changeset::default() };
        match store.commit(changeset).await {
            Err(StoreError::Stale(_)) => {}
            committed => return committed.map(drop),
        }
    }
    Err(StoreError::Blocked)
}

/// Puts ways into another database as they are here; what that one had to tell of them itself gives way. Where it is
/// newer by the server's word, only what the server is still to be told of.
fn lend(from: &Meta, to: &mut Meta, ways: &[SlotId]) -> bool {
    let before = to.clone();
    let is_older = from.account_revision < to.account_revision;
    let lent = |way: &&SlotId| !is_older || from.unsent_account.slots.contains(way);
    for way in ways.iter().filter(lent) {
        to.slots.retain(|slot| slot.id != *way);
        to.slots.extend(from.slot(*way).cloned());
        to.passkeys.retain(|passkey| passkey.slot != *way);
        to.passkeys.extend(from.passkeys.iter().filter(|passkey| passkey.slot == *way).cloned());
        to.unsent_account.slots.retain(|unsent| unsent != way);
        if *way == SlotId::PASSPHRASE || to.unsent_account.login.is_none() {
            to.unsent_account.login.clone_from(&from.unsent_account.login);
        }
    }
    sorted::sort_by_key(&mut to.slots, |slot| slot.id);
    *to != before
}

//! Keeping what lies at the server for the account and what lies here the same: ways in and space keys.
//!
//! A device takes what is newer and proved by the account key, and puts into it what it changed itself. What
//! is older at the server, because the server was set back, is replaced by what is here.

use super::account;
use super::host::Host;
use super::keys::Entrance;
use super::transport::Trouble;
use super::workspace::Workspace;
use satchel_domain::sorted;
use satchel_replica::{Meta, UnsentAccount};
use satchel_vault::{LoginKey, SealedLocal};
use satchel_wire::{AccountContent, SessionGrant};
use std::rc::Rc;

/// The local item with the way that this device signed in by before the server knew another one. A server that was
/// put back to an older copy knows only that one.
const BEFORE: &str = "account/login/before";
/// How often an account that another device is changing is looked at again.
const TRIES: usize = 4;

impl<H: Host> Workspace<H> {
    /// Signs in; what the server keeps for the account is then what is here. If that does not work out, it can
    /// wait for the next time: records need not.
    pub(super) async fn sign_in_and_meet(&self) -> Result<String, Trouble> {
        let mut tries = 0;
        loop {
            let meta = self.fresh_meta().await;
            let signed_in = self.sign_in_as_known(&meta).await;
            self.syncing.revoked.set(matches!(signed_in, Err(Trouble::Revoked)));
            let (grant, entrance) = match signed_in {
                Err(Trouble::Unauthorized) => self.sign_in_as_before(&meta).await?,
                signed_in => signed_in?,
            };
            self.syncing.answered_registration(None);
            tries += 1;
            match self.meet_account(grant.content, &entrance).await {
                Err(Trouble::Conflict) if tries < TRIES => {}
                _ => return Ok(grant.token),
            }
        }
    }

    /// Signs in by the way that the server knew last, or by one that was chosen since and that it may know by now.
    async fn sign_in_as_known(&self, meta: &Meta) -> Result<(SessionGrant, Rc<Entrance>), Trouble> {
        let entrances = self.entrances.borrow().all();
        for entrance in entrances {
            match account::sign_in(&*self.host, &self.server, meta, &entrance).await {
                Err(Trouble::Unauthorized) => {}
                grant => return Ok((grant?, entrance)),
            }
        }
        Err(Trouble::Unauthorized)
    }

    /// Signs in by the way that the server knew before. If it takes that, it was put back, and is given what is here.
    async fn sign_in_as_before(&self, meta: &Meta) -> Result<(SessionGrant, Rc<Entrance>), Trouble> {
        let sealed = self.local(BEFORE).await.ok_or(Trouble::Unauthorized)?;
        let opened = LoginKey::open(&SealedLocal(sealed), self.replica.local_key());
        let (slot, login) = opened.map_err(|_| Trouble::Unauthorized)?;
        let entrance = Rc::new(Entrance { slot, login });
        let grant = account::sign_in(&*self.host, &self.server, meta, &entrance).await?;
        Ok((grant, entrance))
    }

    /// Takes what is newer there, gives what is newer here.
    async fn meet_account(&self, there: AccountContent, entrance: &Entrance) -> Result<(), Trouble> {
        let proved = self.content.verify(account::account_of(&self.meta()), &there);
        let (before, replaces) = (self.meta().account_revision, there.revision);
        let mut meta =
            self.change_meta(|meta| proved && take(meta, &there)).await.map_err(|_| Trouble::Failed)?;
        if meta.account_revision != before {
            self.borrow_ways().await.map_err(|_| Trouble::Failed)?;
        }
        if proved {
            meta = self.agreed(&there).await?;
        }
        if meta.unsent_account.is_empty() && meta.account_revision <= replaces {
            return Ok(());
        }
        self.give_account(&meta, replaces, entrance).await
    }

    async fn give_account(&self, meta: &Meta, replaces: u64, entrance: &Entrance) -> Result<(), Trouble> {
        let revision = meta.account_revision.max(replaces) + u64::from(!meta.unsent_account.is_empty());
        let sent = Meta { account_revision: revision, ..meta.clone() };
        let content = account::content_of(&sent, &self.content);
        account::change(&*self.host, &self.server, meta, entrance, replaces, &content).await?;
        self.agreed(&content).await?;
        Ok(())
    }

    /// Makes the account known to a server that does not know it; all of it is there then.
    pub(super) async fn register_account(&self) -> Result<(), Trouble> {
        let meta = self.fresh_meta().await;
        let content = account::content_of(&meta, &self.content);
        // A space that she was invited to is another's to bring.
        let space = (!self.team.is_guest()).then_some(meta.space);
        let registered = account::register(&*self.host, &meta, &self.content, space).await;
        self.syncing.answered_registration(registered.as_ref().err().copied());
        registered?;
        self.agreed(&content).await?;
        Ok(())
    }

    /// The device's data as it is on the disk now: another tab may have changed it.
    pub(super) async fn fresh_meta(&self) -> Meta {
        self.change_meta(|_| false).await.unwrap_or_else(|_| self.meta())
    }

    /// What this device signs in by.
    pub(super) fn entrance(&self) -> Rc<Entrance> {
        self.entrances.borrow().now()
    }

    /// The server has this: nothing of it needs telling, and of the ways that were chosen the device signs in by the last
    /// one that stands in it.
    async fn agreed(&self, content: &AccountContent) -> Result<Meta, Trouble> {
        let known = self.entrances.borrow().known_in(content);
        let mut login = None;
        if let Some(known) = &known {
            self.remember_entrance().await;
            let sealed = known.seal(&*self.host, self.replica.local_key());
            login = Some(sealed.map_err(|_| Trouble::Failed)?);
        }
        let settled = self.change_meta(|now| settle(now, content, login.as_deref())).await;
        let meta = settled.map_err(|_| Trouble::Failed)?;
        if let Some(known) = known {
            self.entrances.borrow_mut().advance(&known);
        }
        Ok(meta)
    }

    /// Keeps what this device signs in by, before another way takes its place.
    pub(super) async fn remember_entrance(&self) {
        let sealed = self.entrance().seal(&*self.host, self.replica.local_key());
        // What cannot be kept is missed only by who meets an older copy of the server.
        if let Ok(sealed) = sealed {
            let _ = self.keep_local(BEFORE, Some(&sealed)).await;
        }
    }
}

/// Takes what another device made of the account, and keeps in it what was changed here; whether there was
/// anything to take.
pub(super) fn take(meta: &mut Meta, there: &AccountContent) -> bool {
    if there.revision <= meta.account_revision {
        return false;
    }
    let ours = std::mem::replace(&mut meta.slots, there.slots.clone());
    for id in &meta.unsent_account.slots {
        meta.slots.retain(|slot| slot.id != *id);
        meta.slots.extend(ours.iter().find(|slot| slot.id == *id).cloned());
    }
    sorted::sort_by_key(&mut meta.slots, |slot| slot.id);
    if !meta.unsent_account.keyring {
        meta.keyring = there.keyring.clone();
    }
    meta.account_revision = there.revision;
    true
}

/// Notes that the server has this, unless something was changed meanwhile: then by which login it knows this device.
/// Whether that is news.
fn settle(meta: &mut Meta, there: &AccountContent, login: Option<&[u8]>) -> bool {
    let before = meta.clone();
    if meta.slots == there.slots && meta.keyring == there.keyring {
        meta.unsent_account = UnsentAccount::default();
    } else if let Some(login) = login {
        meta.unsent_account.login = Some(login.to_vec());
    }
    meta.account_revision = meta.account_revision.max(there.revision);
    *meta != before
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_wire::{DeviceId, SlotId, SlotRecord, SpaceId};

    fn slot(id: SlotId, sealed: u8) -> SlotRecord {
        SlotRecord { id, kdf: None, login_key: [sealed; 32], sealed: vec![sealed] }
    }

    fn there(revision: u64, slots: Vec<SlotRecord>) -> AccountContent {
        AccountContent { revision, slots, keyring: vec![9], proof: [0; 32] }
    }

    fn here(unsent: &[SlotId], slots: Vec<SlotRecord>) -> Meta {
        let unsent_account = UnsentAccount { slots: unsent.to_vec(), ..UnsentAccount::default() };
        Meta {
            format: satchel_replica::META_FORMAT,
            revision: 1,
            device: DeviceId(1),
            space: SpaceId([1; 16]),
            account_secret: [1; 16],
            slots,
            keyring: vec![1],
            account_revision: 3,
            unsent_account,
            passkeys: Vec::new(),
            registered: true,
            server: None,
            unknown: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn what_is_newer_is_taken_and_what_was_changed_here_stays_in_it() {
        let (first, code, key) = (SlotId::PASSPHRASE, SlotId::RECOVERY, SlotId::FIRST_PASSKEY);
        let mut device = here(&[code, key], vec![slot(first, 1), slot(code, 1)]);
        let newer = there(4, vec![slot(first, 2), slot(code, 2), slot(key, 2)]);
        assert!(take(&mut device, &newer));
        assert_eq!(device.slots, [slot(first, 2), slot(code, 1)], "a new code, and a passkey that is gone");
        assert_eq!((device.account_revision, &device.keyring), (4, &vec![9]));
    }

    #[test]
    fn what_is_older_or_the_same_is_not_taken() {
        for revision in [1, 2, 3] {
            let mut device = here(&[], vec![slot(SlotId::PASSPHRASE, 1)]);
            let before = device.clone();
            assert!(!take(&mut device, &there(revision, vec![slot(SlotId::PASSPHRASE, 2)])));
            assert_eq!(device, before);
        }
    }

    #[test]
    fn what_changed_while_it_was_sent_is_sent_again() {
        let mut device = here(&[SlotId::PASSPHRASE], vec![slot(SlotId::PASSPHRASE, 3)]);
        settle(&mut device, &there(4, vec![slot(SlotId::PASSPHRASE, 2)]), Some(&[2]));
        assert_eq!(device.unsent_account.slots, [SlotId::PASSPHRASE]);
        assert_eq!(device.unsent_account.login, Some(vec![2]), "and signed by what was sent");
        let sent = AccountContent { keyring: device.keyring.clone(), ..there(5, device.slots.clone()) };
        settle(&mut device, &sent, None);
        assert!(device.unsent_account.is_empty() && device.account_revision == 5);
    }
}

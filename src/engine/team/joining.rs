//! Joining a team so that no crash leaves a member behind who has no device: what it takes lies sealed on this device
//! before the server hears of the entry, and goes once the log has it. Who opens the workspace meanwhile joins first.
//!
//! The same entry may be sent again as often as needed: a log that has it already says so. Where another entry was
//! faster it is made anew, which is kept before it is sent too, so that at most one of them can ever get in.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::keys::{Keys, entropy};
use super::super::transport::{self, Trouble};
use super::super::{Engine, account};
use super::KEPT;
use super::accept::Checked;
use crate::port::{Event, Failure, FailureCode, Secret, Session, WorkspaceRef};
use satchel_members::State;
use satchel_replica::{Changeset, Durability, LocalItem, LocalPut, Meta, Store};
use satchel_vault::{InvitationSecret, LocalKey, SealedLocal, open_local, seal_local, seal_name};
use satchel_wire::members::{Append, Change, Member, SignedEntry};
use satchel_wire::{SpaceState, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};

/// The local item that holds what joining takes, until the log is known to have the entry.
const JOINING: &str = "members/joining";
/// How often an entry is made anew that another one was faster than.
const TRIES: usize = 4;

/// A workspace on this device, with its keys.
pub(super) type Here<H> = (WorkspaceRef, <H as Host>::Store, Meta, Keys);

/// What joining takes.
#[derive(Serialize, Deserialize)]
struct Joining {
    /// The link's secret, to make the entry anew.
    invitation: Secret,
    /// What she is called.
    name: String,
    /// The entry that joins.
    entry: SignedEntry,
    /// What the log says with it.
    state: State,
}

impl<H: Host> Engine<H> {
    /// Keeps what joining takes in a new database, then joins. Where it is sure that the entry did not get in, nothing
    /// is left of it.
    pub(super) async fn join_space(
        &self,
        checked: Checked,
        place: &WorkspaceRef,
        meta: &Meta,
        keys: &Keys,
        name: &str,
    ) -> Ended<H::Store> {
        let joining = self.joining(checked, meta, keys, name)?;
        let item = self.kept(&keys.local, JOINING.to_owned(), &to_cbor(&joining))?;
        let store = self.lay_down(place, meta, vec![item]).await?;
        self.has_seen(&place.id);
        match self.join_as_kept(&store, meta, keys, joining).await {
            Err(failure) if is_over(failure.code) => {
                drop(store);
                self.host.erase_store(&place.id).await?;
                Err(failure)
            }
            ended => ended.map(|()| store),
        }
    }

    /// The workspace that is still to be joined by this invitation, if these are its keys.
    pub(super) async fn still_joining(
        &self,
        invitation: &Secret,
        keys_of: impl Fn(&Meta) -> Ended<Keys>,
    ) -> Option<Here<H>> {
        let link = InvitationSecret::from_text(&invitation.0).ok()?;
        for (place, store, meta) in self.all_here().await {
            if store.locals(JOINING).await.is_ok_and(|items| items.is_empty()) {
                continue;
            }
            let Ok(keys) = keys_of(&meta) else { continue };
            let kept = self.kept_joining(&store, &keys.local).await.ok().flatten();
            if kept.is_some_and(|kept| InvitationSecret::from_text(&kept.invitation.0) == Ok(link.clone())) {
                return Some((place, store, meta, keys));
            }
        }
        None
    }

    /// Joins, if that is still to be done here. What can never be done is said on a screen of its own, and stays: no
    /// server's word takes anything away.
    pub(in crate::engine) async fn finish_joining(
        &self,
        store: &H::Store,
        meta: &Meta,
        keys: &Keys,
    ) -> Ended<()> {
        let Some(joining) = self.kept_joining(store, &keys.local).await? else { return Ok(()) };
        self.join_as_kept(store, meta, keys, joining).await.inspect_err(|failure| {
            if is_over(failure.code) && self.opened().is_none() {
                self.tell(Event::Session(Session::Unusable(FailureCode::InvitationGone)));
            }
        })
    }

    /// Signs in and sends the entry that is kept; what the log says with it is kept then.
    async fn join_as_kept(
        &self,
        store: &H::Store,
        meta: &Meta,
        keys: &Keys,
        mut joining: Joining,
    ) -> Ended<()> {
        let server = self.server.borrow().clone();
        let token = account::sign_in(&*self.host, &server, meta, &keys.entrance).await?.token;
        let mut tries = 0;
        loop {
            match self.send_entry(meta, &token, &joining.entry).await {
                Err(Trouble::Conflict) if tries < TRIES => tries += 1,
                Err(Trouble::Gone) => return Err(FailureCode::InvitationGone.into()),
                sent => break sent?,
            }
            let checked = self.check_invitation(&joining.invitation).await?;
            joining = self.joining(checked, meta, keys, &joining.name)?;
            let item = self.kept(&keys.local, JOINING.to_owned(), &to_cbor(&joining))?;
            commit(store, vec![LocalPut::Set(item)]).await?;
        }
        let Joining { entry, state, .. } = joining;
        let items = [(KEPT.to_owned(), to_cbor(&state)), (super::lost::item(state.n()), to_cbor(&entry))];
        let kept = items.into_iter().map(|(key, bytes)| self.kept(&keys.local, key, &bytes));
        let mut locals = kept.map(|item| item.map(LocalPut::Set)).collect::<Ended<Vec<_>>>()?;
        locals.push(LocalPut::Remove(JOINING.to_owned()));
        commit(store, locals).await
    }

    async fn send_entry(&self, meta: &Meta, token: &str, entry: &SignedEntry) -> Result<(), Trouble> {
        let path = format!("/v1/spaces/{}/members", meta.space.to_hex());
        let append = Append { entry: entry.clone(), welcome: None, again: false };
        let _: SpaceState = transport::post(&*self.host, path, Some(token.to_owned()), &append).await?;
        Ok(())
    }

    /// The entry that joins, and what the log says with it.
    fn joining(&self, checked: Checked, meta: &Meta, keys: &Keys, name: &str) -> Ended<Joining> {
        let Checked { secret, welcome, mut state } = checked;
        let account = account::account_of(meta);
        let sealed = seal_name(&welcome.key, account, name, &mut entropy(&*self.host))?;
        let member = Member { account, identity: keys.identity.public(), name: sealed };
        let change = Change::Join { invite: secret.id(), member };
        let body = state.next(account, self.host.now_ms(), change).bytes();
        let signature = keys.identity.sign_entry(&body);
        let invitation = Some(secret.sign_entry(&body));
        let entry = SignedEntry { body, signature, invitation };
        state.follow(&entry).map_err(super::acts::refused)?;
        let (invitation, name) = (Secret(secret.text().to_string()), name.to_owned());
        Ok(Joining { invitation, name, entry, state })
    }

    async fn kept_joining(&self, store: &H::Store, local: &LocalKey) -> Ended<Option<Joining>> {
        let Some(LocalItem { key, sealed }) = store.locals(JOINING).await?.into_iter().next() else {
            return Ok(None);
        };
        let damaged = || Failure::from(FailureCode::StorageDamaged);
        let bytes = open_local(local, &key, &SealedLocal::from(sealed)).map_err(|_| damaged())?;
        from_cbor(&bytes).map(Some).map_err(|_| damaged())
    }

    fn kept(&self, local: &LocalKey, key: String, bytes: &[u8]) -> Ended<LocalItem> {
        let sealed = seal_local(local, &key, bytes, &mut entropy(&*self.host))?;
        Ok(LocalItem { key, sealed: sealed.into_bytes() })
    }
}

/// Whether another try would end like this one.
fn is_over(code: FailureCode) -> bool {
    use FailureCode::{InvitationGone, Refused, UnknownAccount};
    matches!(code, InvitationGone | Refused | UnknownAccount)
}

async fn commit(store: &impl Store, locals: Vec<LocalPut>) -> Ended<()> {
    let changeset = Changeset { durability: Durability::Strict, locals, ..Changeset::default() };
    store.commit(changeset).await?;
    Ok(())
}

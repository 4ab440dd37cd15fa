//! Taking an invitation up on a new device: first everything that the server shows is held against the link.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::keys::{self, Keys, entropy};
use super::super::transport;
use super::super::{Engine, account};
use super::KEPT;
use super::acts::shown;
use super::log::replay;
use crate::port::{Acceptance, Done, FailureCode, Invited, Outcome, RequestId, Secret, Stage};
use satchel_members::State;
use satchel_replica::{LocalItem, Meta};
use satchel_vault::{
    AccountSecret, InvitationSecret, LocalKey, Welcome, open_welcome, seal_local, seal_name,
};
use satchel_wire::members::{
    Append, Change, EntryHash, MAX_ENTRIES, Member, MemberLog, OpenInvitation, SignedEntry,
};
use satchel_wire::{SpaceState, to_cbor};

/// An invitation that holds: what its link opens, and the log that it leads to.
pub(super) struct Checked {
    secret: InvitationSecret,
    pub(super) welcome: Welcome,
    state: State,
}

impl<H: Host> Engine<H> {
    /// What an invitation says.
    pub(in crate::engine) async fn read_invitation(&self, text: &Secret) -> Ended<Done> {
        let Checked { welcome, .. } = self.check_invitation(text).await?;
        let Welcome { name, inviter_name, role, .. } = welcome;
        let invited = Invited { workspace: name, by: inviter_name, role: shown(role) };
        Ok(Done { outcome: Outcome::Invited(invited), undo: None })
    }

    /// Makes an account of her own for who was invited, joins, and opens the workspace.
    pub(in crate::engine) async fn accept(&self, id: RequestId, acceptance: Acceptance) -> Ended<Done> {
        self.require_nothing_here().await?;
        self.progress(id, Stage::Fetching, 0, 0).await;
        let checked = self.check_invitation(&acceptance.invitation).await?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (name, key) = (checked.welcome.name.clone(), checked.welcome.key.again());
        let (meta, keys) = keys::invited(&*self.host, &name, key, &acceptance.passphrase)?;
        account::register(&*self.host, &meta, &keys.content, None).await?;
        let kept = self.join_space(checked, &meta, &keys, acceptance.name.trim()).await?;
        self.settle_with(id, name, meta, keys, kept).await
    }

    /// Signs in and writes the entry that joins; what the log says then and that entry, for the device
    /// to keep.
    pub(super) async fn join_space(
        &self,
        mut checked: Checked,
        meta: &Meta,
        keys: &Keys,
        name: &str,
    ) -> Ended<Vec<LocalItem>> {
        let entry = self.join_entry(&checked, meta, keys, name)?;
        checked.state.follow(&entry).map_err(super::acts::refused)?;
        let server = self.server.borrow().clone();
        let grant = account::sign_in(&*self.host, &server, meta, &keys.entrance).await?;
        let path = format!("/v1/spaces/{}/members", meta.space.to_hex());
        let append = Append { entry: entry.clone(), welcome: None, again: false };
        let _: SpaceState = transport::post(&*self.host, path, Some(grant.token), &append).await?;
        let (state, place) = (&checked.state, super::lost::item(checked.state.n()));
        let items = [(KEPT.to_owned(), to_cbor(state)), (place, to_cbor(&entry))];
        items.into_iter().map(|(key, bytes)| self.kept(&keys.local, key, &bytes)).collect()
    }

    /// Opens the link, and believes the server's log only if it is the one that the link names.
    pub(super) async fn check_invitation(&self, text: &Secret) -> Ended<Checked> {
        let secret = InvitationSecret::from_text(&text.0).map_err(|_| FailureCode::MistypedInvitation)?;
        let path = format!("/v1/invitations/{}", secret.id().to_hex());
        let open: OpenInvitation = self.invited(&path).await?;
        let welcome = open_welcome(&secret, &open.welcome).map_err(|_| FailureCode::ServerLies)?;
        let entries = self.invited_log(&path).await?;
        let space = welcome.key.space();
        let state = replay(space, &entries).ok().flatten().ok_or(FailureCode::ServerLies)?;
        if holds(&secret, &welcome, &entries, &state) && open.space == space {
            Ok(Checked { secret, welcome, state })
        } else {
            Err(FailureCode::ServerLies.into())
        }
    }

    async fn invited<T: serde::de::DeserializeOwned>(&self, path: &str) -> Ended<T> {
        match transport::get(&*self.host, path.to_owned(), None).await {
            Err(transport::Trouble::NotFound) => Err(FailureCode::InvitationGone.into()),
            answer => Ok(answer?),
        }
    }

    async fn invited_log(&self, path: &str) -> Ended<Vec<SignedEntry>> {
        let mut entries = Vec::new();
        loop {
            let page: MemberLog = self.invited(&format!("{path}/members?since={}", entries.len())).await?;
            let count = page.entries.len();
            entries.extend(page.entries);
            if count < MAX_ENTRIES {
                return Ok(entries);
            }
        }
    }

    fn join_entry(&self, checked: &Checked, meta: &Meta, keys: &Keys, name: &str) -> Ended<SignedEntry> {
        let Checked { secret, welcome, state } = checked;
        let account = AccountSecret::from_bytes(meta.account_secret).account_id();
        let name = seal_name(&welcome.key, account, name, &mut entropy(&*self.host))?;
        let member = Member { account, identity: keys.identity.public(), name };
        let change = Change::Join { invite: secret.id(), member };
        let body = state.next(account, self.host.now_ms(), change).bytes();
        let signature = keys.identity.sign_entry(&body);
        let invitation = Some(secret.sign_entry(&body));
        Ok(SignedEntry { body, signature, invitation })
    }

    fn kept(&self, local: &LocalKey, key: String, bytes: &[u8]) -> Ended<LocalItem> {
        let sealed = seal_local(local, &key, bytes, &mut entropy(&*self.host))?;
        Ok(LocalItem { key, sealed: sealed.into_bytes() })
    }
}

/// Whether the log is the one that the welcome names, with this invitation open in it and this very key.
fn holds(secret: &InvitationSecret, welcome: &Welcome, entries: &[SignedEntry], state: &State) -> bool {
    let place = usize::try_from(welcome.n).ok().and_then(|n| n.checked_sub(1));
    let named: Option<EntryHash> = place.and_then(|at| entries.get(at)).map(SignedEntry::hash);
    let invitation = state.invitations().get(&secret.id());
    let open = invitation.is_some_and(|it| it.key == secret.public() && it.role == welcome.role);
    let mark = state.marks().get(&welcome.key.epoch());
    let key = mark.is_some_and(|mark| mark.commitment == welcome.key.commitment().0);
    named == Some(welcome.head) && open && key && state.epoch() == welcome.key.epoch()
}

//! Taking an invitation up on a new device: first everything that the server shows is held against the link, then what
//! joining takes is kept, and only then the server hears of it.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::keys;
use super::super::session::database_of;
use super::super::transport;
use super::super::{Engine, account};
use super::acts::shown;
use super::log::replay;
use crate::port::{Acceptance, Done, FailureCode, Invited, Outcome, RequestId, Secret, Stage, WorkspaceRef};
use satchel_members::State;
use satchel_vault::{InvitationSecret, Welcome, open_welcome};
use satchel_wire::members::{EntryHash, MAX_ENTRIES, MemberLog, OpenInvitation, SignedEntry};

/// An invitation that holds: what its link opens, and the log that it leads to.
pub(super) struct Checked {
    pub(super) secret: InvitationSecret,
    pub(super) welcome: Welcome,
    pub(super) state: State,
}

impl<H: Host> Engine<H> {
    /// What an invitation says.
    pub(in crate::engine) async fn read_invitation(&self, text: &Secret) -> Ended<Done> {
        let Checked { welcome, .. } = self.check_invitation(text).await?;
        let Welcome { name, inviter_name, role, .. } = welcome;
        let invited = Invited { workspace: name, by: inviter_name, role: shown(role) };
        Ok(Done { outcome: Outcome::Invited(invited), undo: None })
    }

    /// Makes an account of her own for who was invited, joins, and opens the workspace; or goes on where it stopped.
    pub(in crate::engine) async fn accept(&self, id: RequestId, acceptance: Acceptance) -> Ended<Done> {
        self.require_nothing_here().await?;
        let Acceptance { invitation, name, passphrase } = acceptance;
        self.progress(id, Stage::Fetching, 0, 0).await;
        let by_passphrase = |meta: &_| keys::open(&*self.host, meta, &passphrase);
        if let Some((place, store, meta, keys)) = self.still_joining(&invitation, by_passphrase).await {
            self.finish_joining(&store, &meta, &keys).await?;
            return self.enter_as_ours(id, place, store, meta, keys).await;
        }
        let checked = self.check_invitation(&invitation).await?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (workspace, key) = (checked.welcome.name.clone(), checked.welcome.key.again());
        let (meta, keys) = keys::invited(&*self.host, &workspace, key, &passphrase)?;
        account::register(&*self.host, &meta, &keys.content, None).await?;
        let place = WorkspaceRef { id: database_of(meta.space), name: workspace };
        let store = self.join_space(checked, &place, &meta, &keys, name.trim()).await?;
        self.enter_as_ours(id, place, store, meta, keys).await
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

//! The team as screens show it.

use super::super::host::Host;
use super::super::workspace::Workspace;
use crate::port::{self, TeamInvitation, TeamMember};
use satchel_domain::sorted;
use satchel_members::{State, decides_over};
use satchel_vault::open_name;
use satchel_wire::AccountId;
use satchel_wire::members::{Role, SealedName};

impl<H: Host> Workspace<H> {
    /// Who works here, and what the person at this device may change about it.
    pub(in crate::engine) async fn team_page(&self) -> port::Team {
        let log = self.entries_told().await;
        let role = self.team.role();
        let state = self.team.state.borrow();
        let gives = port::Role::ALL.into_iter().filter(|given| decides_over(role, to_wire(*given)));
        port::Team {
            role: from_wire(role),
            alone: state.is_none(),
            removed: self.team.is_removed(),
            deleted_by: self.team.deleted().map(|owner| match state.as_ref() {
                Some(state) => self.name_of(state, owner),
                None => String::new(),
            }),
            doubtful: self.team.is_doubtful(),
            members: state.as_ref().map(|state| self.members(state, role)).unwrap_or_default(),
            invitations: state.as_ref().map(|state| self.invitations(state, role)).unwrap_or_default(),
            gives: gives.collect(),
            log,
        }
    }

    /// Who made a record here owns it, in a team (R121); who works alone owns everything.
    pub(in crate::engine) fn creator(&self) -> Option<satchel_domain::AccountId> {
        let state = self.team.state.borrow();
        let is_team = state.as_ref().is_some_and(|state| state.members().len() > 1);
        is_team.then_some(satchel_domain::AccountId(self.team.account.0))
    }

    /// Whether somebody is a member.
    pub(in crate::engine) fn is_member(&self, account: satchel_domain::AccountId) -> bool {
        let state = self.team.state.borrow();
        state.as_ref().is_some_and(|state| state.members().contains_key(&AccountId(account.0)))
    }

    /// What a member is called, if she is one and her name opens.
    pub(in crate::engine) fn member_name(&self, account: satchel_domain::AccountId) -> Option<String> {
        let state = self.team.state.borrow();
        let name = self.name_of(state.as_ref()?, AccountId(account.0));
        Some(name).filter(|name| !name.is_empty())
    }

    /// What all members are called.
    pub(in crate::engine) fn member_names(&self) -> Vec<(satchel_domain::AccountId, String)> {
        let state = self.team.state.borrow();
        let name = |state: &State, account: &AccountId| {
            (satchel_domain::AccountId(account.0), self.name_of(state, *account))
        };
        let state = state.as_ref();
        state.into_iter().flat_map(|state| state.members().keys().map(|it| name(state, it))).collect()
    }

    fn members(&self, state: &State, role: Role) -> Vec<TeamMember> {
        let mut members: Vec<_> = state.members().iter().collect();
        sorted::sort_by_key(&mut members, |(_, member)| (std::cmp::Reverse(member.role), member.since));
        let shown = members.into_iter().map(|(account, member)| TeamMember {
            id: account.0,
            name: self.name_of(state, *account),
            before: member.before.as_ref().map(|name| self.opened_name(state, *account, name)),
            role: from_wire(member.role),
            since_ms: member.since_ms,
            me: *account == self.team.account,
            mine_to_decide: decides_over(role, member.role),
            keys: self.team.keys_of(state, *account),
        });
        shown.collect()
    }

    fn invitations(&self, state: &State, role: Role) -> Vec<TeamInvitation> {
        let shown = state.invitations().iter().map(|(id, invitation)| TeamInvitation {
            id: id.0,
            guest: self.team.guests.borrow().get(id).cloned().unwrap_or_default(),
            role: from_wire(invitation.role),
            expires_ms: invitation.expires_ms,
            by: self.name_of(state, invitation.by),
            mine_to_decide: decides_over(role, invitation.role),
        });
        shown.collect()
    }

    /// What a member is called; empty where that does not open.
    pub(super) fn name_of(&self, state: &State, account: AccountId) -> String {
        let member = state.members().get(&account).or_else(|| state.former().get(&account));
        member.map_or_else(String::new, |member| self.opened_name(state, account, &member.name))
    }

    fn opened_name(&self, state: &State, account: AccountId, name: &SealedName) -> String {
        let opened = self.replica.with_keys(|keyring, _| open_name(keyring, state.space(), account, name));
        opened.unwrap_or_default()
    }
}

impl<H: Host> Workspace<H> {
    /// What the member is or was called whose identity this is.
    pub(in crate::engine) fn name_of_signer(&self, sign: &[u8; 32]) -> Option<String> {
        let state = self.team.state.borrow();
        let state = state.as_ref()?;
        let all = state.members().iter().chain(state.former());
        let account = all.into_iter().find(|(_, member)| member.identity.sign == *sign).map(|(id, _)| *id)?;
        Some(self.name_of(state, account))
    }
}

pub(super) fn to_wire(role: port::Role) -> Role {
    match role {
        port::Role::Viewer => Role::Viewer,
        port::Role::Editor => Role::Editor,
        port::Role::Admin => Role::Admin,
        port::Role::Owner => Role::Owner,
    }
}

pub(super) fn from_wire(role: Role) -> port::Role {
    match role {
        Role::Viewer => port::Role::Viewer,
        Role::Editor => port::Role::Editor,
        Role::Admin => port::Role::Admin,
        Role::Owner => port::Role::Owner,
    }
}

//! What the log says, for people to read: what was changed about the team, by whom and when.
//!
//! Only entries that were believed when they were taken are kept, so nothing is judged here. A device that joined later
//! has the log from its own entry on.

use super::Team;
use super::lost;
use super::view::from_wire;
use crate::engine::host::Host;
use crate::engine::workspace::Workspace;
use crate::port::{TeamEntry, TeamEvent};
use satchel_members::{State, read};
use satchel_wire::members::{Body, Change, SignedEntry};
use satchel_wire::{AccountId, from_cbor};

/// How many of the newest entries are told.
const TOLD: u64 = 20;

impl Team {
    /// Remembers what an entry says; `None` where this device does not have it.
    pub(super) fn remember(&self, n: u64, entry: Option<&SignedEntry>) {
        let body = entry.and_then(|entry| read(entry).ok());
        let mut entries = self.entries.borrow_mut();
        entries.insert(n, body);
        while entries.len() as u64 > TOLD {
            entries.pop_first();
        }
    }
}

impl<H: Host> Workspace<H> {
    /// The newest entries, the newest first.
    pub(super) async fn entries_told(&self) -> Vec<TeamEntry> {
        let last = self.team.n();
        let newest = last.saturating_sub(TOLD) + 1..=last;
        for n in newest.clone() {
            if self.team.entries.borrow().contains_key(&n) {
                continue;
            }
            let entry = self.local(&lost::item(n)).await.and_then(|bytes| from_cbor(&bytes).ok());
            self.team.remember(n, entry.as_ref());
        }
        let (state, entries) = (self.team.state.borrow(), self.team.entries.borrow());
        let Some(state) = state.as_ref() else { return Vec::new() };
        let told = newest.rev().filter_map(|n| entries.get(&n)?.as_ref());
        told.map(|body| self.entry_told(state, body)).collect()
    }

    fn entry_told(&self, state: &State, body: &Body) -> TeamEntry {
        let name = |account: &AccountId| self.name_of(state, *account);
        let what = match &body.c {
            Change::Found { .. } => TeamEvent::Founded,
            Change::Invite { role, .. } => TeamEvent::Invited { role: from_wire(*role) },
            Change::Withdraw { .. } => TeamEvent::Withdrew,
            Change::Join { .. } => TeamEvent::Joined,
            Change::Role { account, role } => TeamEvent::Gave { name: name(account), role: from_wire(*role) },
            Change::Remove { accounts, .. } => {
                TeamEvent::Removed { names: accounts.iter().map(name).collect() }
            }
            Change::Rotate { .. } => TeamEvent::Rotated,
            Change::Leave => TeamEvent::Left,
            Change::Rename { .. } => TeamEvent::Renamed,
        };
        TeamEntry { n: body.n, at_ms: body.at, by: name(&body.by), what }
    }
}

//! Whose keys were compared in person, kept sealed on this device: the log alone says who is who, and a device that
//! never saw the person takes it at its word.

use super::Team;
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::saved;
use crate::engine::workspace::Workspace;
use crate::port::{self, Done, FailureCode, TeamId};
use satchel_members::State;
use satchel_replica::{Replica, Store};
use satchel_vault::{fingerprint, fingerprint_digits};
use satchel_wire::{AccountId, from_cbor, to_cbor};

/// The local item that holds their fingerprints.
const COMPARED: &str = "members/compared";

impl Team {
    pub(super) async fn recall_compared<S: Store>(&self, replica: &Replica<S>) {
        let items = replica.locals(COMPARED).await.unwrap_or_default();
        if let Some(compared) = items.into_iter().next().and_then(|(_, bytes)| from_cbor(&bytes).ok()) {
            self.compared.replace(compared);
        }
    }

    /// A member's keys as people compare them, and whether they were.
    pub(super) fn keys_of(&self, state: &State, account: AccountId) -> port::MemberKeys {
        let now = state.members().get(&account).map(|member| fingerprint(account, &member.identity));
        let compared = match (self.compared.borrow().get(&account), now) {
            (Some(then), Some(now)) if *then == now => port::Compared::Same,
            (Some(_), _) => port::Compared::Changed,
            (None, _) => port::Compared::No,
        };
        port::MemberKeys { digits: now.map(|now| fingerprint_digits(&now)).unwrap_or_default(), compared }
    }
}

impl<H: Host> Workspace<H> {
    /// Notes that a member's keys were compared, as these digits; or takes that back.
    pub(in crate::engine) async fn note_compared(&self, id: TeamId, seen: Option<&str>) -> Ended<Done> {
        let account = AccountId(id);
        let now = {
            let state = self.team.state.borrow();
            let member = state.as_ref().and_then(|state| state.members().get(&account));
            fingerprint(account, &member.ok_or(FailureCode::NotFound)?.identity)
        };
        let mut compared = self.team.compared.borrow().clone();
        match seen {
            // The screen may show keys that were exchanged since.
            Some(seen) if seen != fingerprint_digits(&now) => return Err(FailureCode::NotFound.into()),
            Some(_) => drop(compared.insert(account, now)),
            None => drop(compared.remove(&account)),
        }
        self.keep_local(COMPARED, Some(&to_cbor(&compared))).await?;
        self.team.compared.replace(compared);
        self.changed();
        Ok(saved())
    }
}

//! For whom invitations are: noted sealed on the device that made them, and nowhere else.

use super::Team;
use crate::engine::host::Host;
use crate::engine::workspace::Workspace;
use satchel_replica::{Replica, Store};
use satchel_wire::members::InvitationId;
use satchel_wire::{from_cbor, to_cbor};

/// The local item that holds them.
const GUESTS: &str = "members/guests";

impl Team {
    pub(super) async fn recall_guests<S: Store>(&self, replica: &Replica<S>) {
        let items = replica.locals(GUESTS).await.unwrap_or_default();
        if let Some(guests) = items.into_iter().next().and_then(|(_, bytes)| from_cbor(&bytes).ok()) {
            self.guests.replace(guests);
        }
    }
}

impl<H: Host> Workspace<H> {
    pub(super) async fn note_guest(&self, id: InvitationId, guest: &str) {
        if !guest.is_empty() {
            self.team.guests.borrow_mut().insert(id, guest.to_owned());
            self.keep_guests().await;
        }
    }

    /// Keeps the names for invitations that are still open.
    pub(super) async fn keep_guests(&self) {
        if let Some(state) = self.team.state.borrow().as_ref() {
            self.team.guests.borrow_mut().retain(|id, _| state.invitations().contains_key(id));
        }
        let guests = to_cbor(&*self.team.guests.borrow());
        // A name only decorates: without it the list shows the role.
        let _ = self.keep_local(GUESTS, Some(&guests)).await;
    }
}

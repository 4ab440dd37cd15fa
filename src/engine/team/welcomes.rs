//! The welcomes of open invitations, kept by the device that made them: a server that was set back to an older copy
//! has lost them, and with them what the links lead to. They are said again then, so that the links live again.
//!
//! A welcome is sealed under its link's secret, which is kept nowhere: this device cannot open it any more.

use super::Team;
use crate::engine::host::Host;
use crate::engine::transport::Trouble;
use crate::engine::workspace::Workspace;
use satchel_replica::{Replica, Store};
use satchel_wire::members::{Append, InvitationId};
use satchel_wire::{from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The local item that holds them.
const WELCOMES: &str = "members/welcomes";

/// What is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Welcomes {
    /// In which era the server had all of them; `None` where that is not sure.
    era: Option<u32>,
    open: BTreeMap<InvitationId, Welcome>,
}

/// One of them.
#[derive(Debug, Serialize, Deserialize)]
struct Welcome {
    /// The number of the entry that invites.
    n: u64,
    sealed: Vec<u8>,
}

impl Team {
    pub(super) async fn recall_welcomes<S: Store>(&self, replica: &Replica<S>) {
        let items = replica.locals(WELCOMES).await.unwrap_or_default();
        if let Some(kept) = items.into_iter().next().and_then(|(_, bytes)| from_cbor(&bytes).ok()) {
            self.welcomes.replace(kept);
        }
    }

    /// The server had lost entries: it may have lost welcomes.
    pub(super) fn doubt_welcomes(&self) {
        self.welcomes.borrow_mut().era = None;
    }

    /// Those of invitations that are still open, by their entries' numbers.
    fn open_welcomes(&self) -> Vec<(u64, Vec<u8>)> {
        let (state, mut welcomes) = (self.state.borrow(), self.welcomes.borrow_mut());
        if let Some(state) = state.as_ref() {
            welcomes.open.retain(|id, _| state.invitations().contains_key(id));
        }
        welcomes.open.values().map(|welcome| (welcome.n, welcome.sealed.clone())).collect()
    }
}

impl<H: Host> Workspace<H> {
    /// Keeps the welcome of an invitation that was just made by entry `n`.
    pub(super) async fn note_welcome(&self, id: InvitationId, n: u64, sealed: Vec<u8>) {
        let era = self.replica.cursor().era;
        {
            let mut welcomes = self.team.welcomes.borrow_mut();
            if welcomes.open.is_empty() {
                welcomes.era = Some(era);
            }
            welcomes.open.insert(id, Welcome { n, sealed });
        }
        self.keep_welcomes().await;
    }

    async fn keep_welcomes(&self) {
        let kept = to_cbor(&*self.team.welcomes.borrow());
        // What is not kept is lost with the page: the link lives on as long as the server has it.
        let _ = self.keep_local(WELCOMES, Some(&kept)).await;
    }

    /// Says welcomes again to a server whose data was found to be another than before.
    pub(super) async fn say_welcomes(&self) {
        let era = self.replica.cursor().era;
        let sure = self.team.welcomes.borrow().era == Some(era);
        if sure || self.token().is_none() || self.team.is_doubtful() || self.team.open_welcomes().is_empty() {
            return;
        }
        let entries = self.kept_entries().await;
        for (n, sealed) in self.team.open_welcomes() {
            let Some(entry) = entries.get(&n).cloned() else { continue };
            match self.append(&Append { entry, welcome: Some(sealed), again: false }).await {
                // What is not taken, because it is not open there any more, is not said for ever.
                Ok(_) | Err(Trouble::Conflict | Trouble::Refused) => {}
                Err(_) => return,
            }
        }
        self.team.welcomes.borrow_mut().era = Some(era);
        self.keep_welcomes().await;
    }
}

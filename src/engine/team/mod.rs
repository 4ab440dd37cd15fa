//! The team: the membership log as this device believes it, and what follows from it.
//!
//! The rules are `satchel_members`'. Here the log is read on at each sync, verified, and kept sealed, so that
//! a server that sets it back is caught; keys of epochs that began are taken out of it; and who may only
//! read does not write.

mod accept;
mod acts;
mod compared;
mod deleted;
mod entries;
mod guests;
mod joining;
mod log;
mod lost;
mod myself;
mod view;
mod waiting;
mod welcomes;

use self::welcomes::Welcomes;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::workspace::Workspace;
use crate::port::{Event, FailureCode, Reply, Standing};
use satchel_members::State;
use satchel_vault::{AccountSecret, Identity};
use satchel_wire::AccountId;
use satchel_wire::members::{Body, InvitationId, Role, SignedEntry};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// The local item that holds what the log said.
const KEPT: &str = "members/state";
/// The local item in which older versions kept that the server had said, unproved, that she is a member no more.
const REMOVED: &str = "members/removed";

/// Whether a local item says how the log stands: it goes with a backup, so that whoever restores one knows whose the
/// space is.
pub(super) fn is_of_team(item: &str) -> bool {
    item == KEPT || item.starts_with(lost::ENTRIES)
}

/// What is known of the team.
pub(super) struct Team {
    identity: Identity,
    account: AccountId,
    /// After the last entry that was read; `None` while the space has no log.
    state: RefCell<Option<State>>,
    /// The newest key came in, and what waits is still sealed under an older one.
    turned: Cell<bool>,
    /// How many entries the server says that there are.
    shown: Cell<u64>,
    /// For how many entries it was tried to read on; not tried again for the same.
    tried: Cell<Option<u64>>,
    /// The server showed another log than before.
    doubtful: Cell<bool>,
    /// The owner who deleted the space, where she signed that.
    deleted: Cell<Option<AccountId>>,
    /// For whom invitations are that were made on this device.
    guests: RefCell<BTreeMap<InvitationId, String>>,
    /// The welcomes of invitations that were made on this device.
    welcomes: RefCell<Welcomes>,
    /// The fingerprints of those whose keys were compared in person.
    compared: RefCell<BTreeMap<AccountId, [u8; 32]>>,
    /// Entries that were taken and are not kept yet, by their numbers.
    taken: RefCell<BTreeMap<u64, SignedEntry>>,
    /// What the newest entries say, by their numbers; `None` for one that this device does not have.
    entries: RefCell<BTreeMap<u64, Option<Body>>>,
    /// What screens were told last.
    told: Cell<Option<Standing>>,
}

impl Team {
    pub(super) fn new(identity: Identity, secret: &AccountSecret) -> Self {
        Self {
            identity,
            account: secret.account_id(),
            state: RefCell::default(),
            turned: Cell::default(),
            shown: Cell::default(),
            tried: Cell::default(),
            doubtful: Cell::default(),
            deleted: Cell::default(),
            guests: RefCell::default(),
            welcomes: RefCell::default(),
            compared: RefCell::default(),
            taken: RefCell::default(),
            entries: RefCell::default(),
            told: Cell::default(),
        }
    }

    /// What the person signs with.
    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Notes how many entries there are, as each answer about the space says.
    pub(super) fn shown(&self, entries: u64) {
        if self.shown.replace(entries) != entries {
            self.read_again();
        }
    }

    /// A hint tells how many entries there are; those of a server that knows of none tell nothing.
    pub(super) fn hinted(&self, entries: u64) {
        if entries > 0 {
            self.shown(entries);
        }
    }

    /// What was tried is tried again.
    pub(super) fn read_again(&self) {
        self.tried.set(None);
    }

    /// Whether she is out: by an entry of the log, or by the owner's signed word that the space is gone. That a server
    /// does not let her in is no proof of either.
    pub(super) fn is_removed(&self) -> bool {
        let state = self.state.borrow();
        self.deleted().is_some() || state.as_ref().is_some_and(|state| state.role(self.account).is_none())
    }

    fn standing(&self) -> Standing {
        let (role, deleted) = (view::from_wire(self.role()), self.deleted().is_some());
        Standing { role, removed: self.is_removed(), deleted }
    }

    /// The epoch that the log is in; `None` where there is no log.
    pub(super) fn epoch(&self) -> Option<u32> {
        self.state.borrow().as_ref().map(State::epoch)
    }

    pub(super) fn is_doubtful(&self) -> bool {
        self.doubtful.get()
    }

    /// What the person at this device may do. Who works alone is the owner.
    pub(super) fn role(&self) -> Role {
        let state = self.state.borrow();
        let role = state.as_ref().map(|state| state.role(self.account));
        role.map_or(Role::Owner, |role| role.unwrap_or(Role::Viewer))
    }

    /// Whether the space was another's first.
    pub(super) fn is_guest(&self) -> bool {
        let state = self.state.borrow();
        state.as_ref().is_some_and(|state| state.members().get(&self.account).is_none_or(|me| me.since > 1))
    }

    /// How many entries of the log were read.
    pub(super) fn n(&self) -> u64 {
        self.state.borrow().as_ref().map_or(0, State::n)
    }

    /// Whether there is something to read that was not tried yet.
    fn is_due(&self) -> bool {
        let shown = self.shown.get();
        (shown != self.n() || self.doubtful.get()) && self.tried.get() != Some(shown)
    }
}

impl<H: Host> Workspace<H> {
    /// Who may only read does not write, not even here: the server would never take it.
    pub(super) fn may_write(&self) -> Ended<()> {
        if self.team.standing().may_write() { Ok(()) } else { Err(FailureCode::ReadOnly.into()) }
    }

    /// Tells screens what the person may do, if that is another thing than it was.
    pub(super) fn tell_standing(&self) {
        let standing = self.team.standing();
        if self.team.told.replace(Some(standing)) != Some(standing) {
            self.host.post(Reply::Event(Event::Standing(standing)));
        }
    }
}

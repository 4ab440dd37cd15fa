//! A device of the team: a disk, a clock of its own, a network now and then, and tabs.

use crate::disk::Disk;
use crate::keys::meta;
use crate::oracle::{Clock, Violation, require};
use crate::tab::Tab;
use satchel_replica::{Changeset, Store};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

/// More requests than this in a minute from one device are no retries but a flood; an import is read in many pages.
const FLOOD: usize = 1_200;
const MINUTE_MS: u64 = 60_000;

/// One device.
pub(crate) struct Device {
    /// Its place in the team; the number in its stamps changes when it joins anew.
    pub(crate) place: u64,
    pub(crate) number: Cell<u64>,
    pub(crate) disk: Rc<Disk>,
    pub(crate) tabs: RefCell<Vec<Rc<Tab>>>,
    /// Its clock minus the true one, ms.
    skew_ms: Cell<i64>,
    /// How often its clock was set.
    set: Cell<u32>,
    /// The settings of its clock under which it was told the server's time, and remembers it.
    told: RefCell<BTreeSet<u32>>,
    /// Without a network until then.
    pub(crate) offline_until: Cell<u64>,
    /// It belongs to the team no more.
    pub(crate) gone: Cell<bool>,
    /// The highest epoch whose key it has been told.
    pub(crate) epoch: Cell<u32>,
    /// Whether its tabs agree on one that syncs.
    pub(crate) polite: bool,
    requests: RefCell<VecDeque<u64>>,
}

impl Device {
    pub(crate) fn new(place: u64, polite: bool) -> Self {
        let device = Self {
            place,
            number: Cell::new(0),
            disk: Rc::default(),
            tabs: RefCell::default(),
            skew_ms: Cell::new(0),
            set: Cell::new(0),
            told: RefCell::default(),
            offline_until: Cell::new(0),
            gone: Cell::new(false),
            epoch: Cell::new(1),
            polite,
            requests: RefCell::default(),
        };
        device.join_anew(place);
        device
    }

    /// An empty disk becomes a member's, under a number that no stamp has had.
    pub(crate) fn join_anew(&self, number: u64) {
        self.number.set(number);
        let first = Changeset { meta: Some(meta(number)), ..Changeset::default() };
        crate::run::at_once(self.disk.content().commit(first)).expect("an empty store takes it");
    }

    /// Sets its clock so far off the true one, ms.
    pub(crate) fn set_clock(&self, skew_ms: i64) {
        self.skew_ms.set(skew_ms);
        self.set.set(self.set.get() + 1);
    }

    /// Its clock, as it is set now.
    pub(crate) fn clock(&self) -> Clock {
        let set = self.set.get();
        Clock { place: self.place, set, told: self.told.borrow().contains(&set) }
    }

    /// An answer with the server's time is here.
    pub(crate) fn is_told_the_time(&self) {
        self.told.borrow_mut().insert(self.set.get());
    }

    /// What it knew of the time is lost with its disk, or with the end of it.
    pub(crate) fn forget_the_time(&self) {
        self.told.borrow_mut().clear();
    }

    /// The settings of its clock under which it was told the time.
    pub(crate) fn told(&self) -> BTreeSet<u32> {
        self.told.borrow().clone()
    }

    /// What its clock shows.
    pub(crate) fn wall(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.skew_ms.get())
    }

    /// When its clock will show this, by the true one.
    pub(crate) fn true_time(&self, wall: u64) -> u64 {
        wall.saturating_add_signed(-self.skew_ms.get())
    }

    pub(crate) fn is_online(&self, now: u64) -> bool {
        now >= self.offline_until.get()
    }

    /// A request is made: they are bounded.
    pub(crate) fn asked(&self, now: u64) -> Result<(), Violation> {
        let mut requests = self.requests.borrow_mut();
        requests.push_back(now);
        while requests.front().is_some_and(|at| at + MINUTE_MS < now) {
            requests.pop_front();
        }
        require(requests.len() <= FLOOD, 14, || format!("device {} floods the server", self.place))
    }
}

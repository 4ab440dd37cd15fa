//! What happens to a team in a run, one thing after the other.

use crate::device::Device;
use crate::disk::MOST_FORGOTTEN;
use crate::oracle::{Place, Violation, require};
use crate::plan::Fault;
use crate::tab::{self, Tab};
use crate::timeline::Owner;
use crate::world::World;
use crate::{burial, newer, person, probe};
use satchel_replica::Wake;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;
const YEAR_MS: u64 = 365 * DAY_MS;

/// Brings a team together and lets things happen to it.
pub(crate) struct Fate {
    world: Rc<World>,
    owners: Cell<Owner>,
    numbers: Cell<u64>,
}

impl Fate {
    pub(crate) fn new(world: &Rc<World>) -> Self {
        let fate =
            Self { world: world.clone(), owners: Cell::new(0), numbers: Cell::new(world.plan.devices) };
        for place in 1..=world.plan.devices {
            let device = Rc::new(Device::new(place, world.below(2) == 0));
            world.devices.borrow_mut().push(device.clone());
            fate.set_clock(&device);
            fate.open_tab(&device);
        }
        fate
    }

    /// Everything that happens before it becomes quiet.
    pub(crate) async fn storm(self: Rc<Self>) {
        for _ in 0..self.world.plan.actions {
            self.world.sleep(self.gap()).await;
            self.show_faces();
            self.let_time_go_by();
            self.change_versions();
            self.rot();
            self.next();
        }
    }

    fn gap(&self) -> u64 {
        let span = match self.world.below(20) {
            0..10 => 400,
            10..16 => 5_000,
            16..19 => 60_000,
            _ => HOUR_MS,
        };
        self.world.below(span)
    }

    fn next(self: &Rc<Self>) {
        let world = &self.world;
        let devices = world.devices.borrow().clone();
        let Some(device) = world.pick(&devices) else { return };
        match world.below(100) {
            0..55 => self.on_a_tab(&device, person::act),
            55..60 => self.look(&device),
            60..64 => self.other_tab(&device),
            64..68 => world.cloud.borrow_mut().copy(),
            _ => self.strike(&device),
        }
    }

    fn strike(self: &Rc<Self>, device: &Rc<Device>) {
        let fault = self.world.pick(Fault::strikes()).expect("there are faults");
        if !self.world.plan.faults.has(fault) {
            return self.on_a_tab(device, person::act);
        }
        match fault {
            Fault::Crash => self.crash(device),
            Fault::Power => self.power_cut(device),
            Fault::Evict => self.evict(device),
            Fault::Freeze => self.freeze(device),
            Fault::Clock => self.set_clock(device),
            Fault::Offline => self.go_offline(device),
            Fault::Restore => self.lose("the server is put back", || self.world.cloud.borrow_mut().restore()),
            Fault::Rollback => {
                self.lose("the server is put back in secret", || self.world.cloud.borrow_mut().roll_back());
            }
            Fault::Empty => {
                self.lose("the server has lost everything", || self.world.cloud.borrow_mut().empty())
            }
            Fault::Expire => self.world.cloud.borrow_mut().end_sessions(),
            Fault::Import => self.on_a_tab(device, person::import),
            Fault::Newer => newer::write(&self.world),
            Fault::Garbage => newer::spoil(&self.world),
            Fault::Rotate => self.rotate(device),
            _ => self.on_a_tab(device, person::act),
        }
    }

    fn let_time_go_by(&self) {
        if self.world.plan.faults.has(Fault::Purge) {
            let devices = self.world.devices.borrow().clone();
            let traveller = self.world.pick(&devices).expect("there are devices");
            burial::time_goes_by(&self.world, &traveller);
        }
    }

    /// A new app comes to a device: one of its tabs may stand still and keep the older version of the store open.
    fn change_versions(&self) {
        let world = &self.world;
        if !world.hits(Fault::Upgrade, 30) {
            return;
        }
        let devices = world.devices.borrow().clone();
        let device = world.pick(&devices).expect("there are devices");
        let blocked = if world.below(2) == 0 { world.below(HOUR_MS) } else { 0 };
        if let Some(tab) = self.tab_of(&device).filter(|_| blocked > 0) {
            world.time.freeze(tab.owner, world.now() + blocked);
        }
        device.disk.change_version(world.now() + blocked);
        world.note("device {} has a new app, blocked for {} s", &[device.place, blocked / 1_000]);
    }

    /// A device is off, and a row of it is another one when it is on again.
    fn rot(&self) {
        let world = &self.world;
        if !world.hits(Fault::Rot, 40) {
            return;
        }
        let devices = world.devices.borrow().clone();
        let device = world.pick(&devices).expect("there are devices");
        self.close_all(&device);
        self.lose("a row is damaged", || {
            let hit = device.disk.rot(world.roll(), world.below(3));
            // An older copy beneath it may count again, which the device sent long ago.
            world.oracle.borrow_mut().put_back |= hit;
            world.note("device {} has a damaged row: {}", &[device.place, hit.into()]);
        });
        self.open_tab(&device);
    }

    /// The server begins to show two faces, or is one again.
    fn show_faces(&self) {
        let world = &self.world;
        if !world.hits(Fault::Fork, 60) {
            return;
        }
        if world.cloud.borrow().is_forked() {
            return self.unite();
        }
        let places = 1..=world.plan.devices;
        let astray: BTreeSet<_> = places.filter(|_| world.below(2) == 0).collect();
        if !astray.is_empty() && astray.len() as u64 != world.plan.devices {
            world.note("the server shows two faces", &[]);
            world.oracle.borrow_mut().put_back = true;
            world.cloud.borrow_mut().fork(astray);
        }
    }

    fn unite(&self) {
        self.lose("the server has one face", || self.world.cloud.borrow_mut().unite());
    }

    fn tab_of(&self, device: &Device) -> Option<Rc<Tab>> {
        let tabs = device.tabs.borrow();
        self.world.pick(&tabs)
    }

    fn on_a_tab<F: Future<Output = ()> + 'static>(
        &self,
        device: &Device,
        act: impl FnOnce(Rc<World>, Rc<Tab>) -> F,
    ) {
        let Some(tab) = self.tab_of(device) else { return };
        let (act, at_work) = (act(self.world.clone(), tab.clone()), self.world.at_work.clone());
        self.world.time.spawn(tab.owner, async move {
            act.await;
            drop(at_work);
        });
    }

    fn open_tab(&self, device: &Rc<Device>) {
        self.owners.set(self.owners.get() + 1);
        tab::start(&self.world, device, self.owners.get());
    }

    /// A tab is opened, or one of several is closed.
    fn other_tab(&self, device: &Rc<Device>) {
        let open = device.tabs.borrow().len() as u64;
        if open < self.world.plan.tabs && self.world.below(3) > 0 {
            self.open_tab(device);
        } else if open > 1 {
            self.close(device);
        }
    }

    fn close(&self, device: &Device) {
        if let Some(tab) = self.tab_of(device) {
            self.world.note("tab {} ends", &[tab.owner]);
            self.world.time.kill(tab.owner);
            device.tabs.borrow_mut().retain(|other| other.owner != tab.owner);
        }
    }

    fn close_all(&self, device: &Device) {
        while !device.tabs.borrow().is_empty() {
            self.close(device);
        }
    }

    /// The app comes to the front, the network comes back, or a hint arrives.
    fn look(&self, device: &Device) {
        let wakes = [Wake::Focus, Wake::Online, Wake::Hint { head: self.world.cloud.borrow().head() }];
        let wake = self.world.pick(&wakes).expect("there are three");
        for tab in &*device.tabs.borrow() {
            if let Some(open) = &*tab.open.borrow() {
                open.wake(wake);
                self.world.time.rouse(tab.owner);
            }
        }
    }

    fn crash(&self, device: &Rc<Device>) {
        self.close(device);
        if device.tabs.borrow().is_empty() {
            self.open_tab(device);
        }
    }

    fn power_cut(&self, device: &Rc<Device>) {
        self.close_all(device);
        self.lose("the power is cut", || {
            let forgotten = device.disk.forget(self.world.below(MOST_FORGOTTEN as u64 + 1));
            if forgotten > 0 {
                device.forget_the_time();
            }
            self.world.note("device {} forgets {} commits", &[device.place, forgotten]);
            self.world.oracle.borrow_mut().put_back |= forgotten > 0;
        });
        self.open_tab(device);
    }

    fn evict(&self, device: &Rc<Device>) {
        self.close_all(device);
        self.lose("the browser clears a device", || {
            device.disk.evict();
            device.forget_the_time();
            self.numbers.set(self.numbers.get() + 1);
            device.join_anew(self.numbers.get());
        });
        self.open_tab(device);
    }

    fn freeze(&self, device: &Device) {
        let span = self.world.pick(&[30_000, HOUR_MS, 3 * DAY_MS]).unwrap_or(0);
        if let Some(tab) = self.tab_of(device) {
            self.world.note("tab {} stands still", &[tab.owner]);
            self.world.time.freeze(tab.owner, self.world.now() + self.world.below(span));
        }
    }

    fn set_clock(&self, device: &Device) {
        let world = &self.world;
        let wrong = world.plan.faults.has(Fault::Clock) && world.below(2) == 0;
        let span =
            if wrong { world.pick(&[HOUR_MS, 40 * DAY_MS, 4 * YEAR_MS]).unwrap_or(0) } else { 240_000 };
        let skew = i64::try_from(world.below(2 * span)).unwrap_or(0) - i64::try_from(span).unwrap_or(0);
        device.set_clock(skew);
        world.note("the clock of device {} is off by {} s", &[device.place, skew.unsigned_abs() / 1_000]);
    }

    /// A person travels; now and then the whole team does.
    fn go_offline(&self, device: &Device) {
        let span = self.world.pick(&[60_000, 6 * HOUR_MS, 6 * HOUR_MS, 30 * DAY_MS]).unwrap_or(0);
        let until = self.world.now() + self.world.below(span);
        device.offline_until.set(until);
        self.world.note("device {} is offline for {} s", &[device.place, (until - self.world.now()) / 1_000]);
        if self.world.below(2) == 0 {
            self.world.time.leap(self.world.below(span / 2));
        }
    }

    /// A new epoch begins. All are told its key when they unlock again, but for one who is a member no more.
    fn rotate(&self, removed: &Device) {
        let members = self.world.members();
        let begun = self.world.cloud.borrow().epoch() >= crate::cloud::LAST_EPOCH;
        if begun || members.len() < 2 || removed.gone.get() {
            return;
        }
        self.lose("a member is removed", || {
            self.world.cloud.borrow_mut().rotate();
            removed.gone.set(true);
        });
        for device in members.iter().filter(|device| device.place != removed.place) {
            device.epoch.set(crate::cloud::LAST_EPOCH);
        }
        if removed.tabs.borrow().is_empty() {
            return;
        }
        self.world.note("device {} belongs to the team no more", &[removed.place]);
    }

    /// Something takes copies away: what nobody holds afterwards is nobody's fault but fate's, unless a disk still promises
    /// it; what nobody held before was lost by the code.
    fn lose(&self, words: &'static str, event: impl FnOnce()) {
        self.world.note(words, &[]);
        let before = probe::held(&self.world);
        let log = self.world.cloud.borrow().which();
        self.world.check(self.all_held(&before));
        event();
        let after = probe::held(&self.world);
        self.world.check(self.all_kept(&after));
        let mut oracle = self.world.oracle.borrow_mut();
        oracle.put_back |= self.world.cloud.borrow().which() != log;
        let lost: Vec<_> = oracle.saved.iter().filter(|place| !after.contains(place)).copied().collect();
        oracle.excused.extend(lost);
    }

    /// What a person was told as saved is on her disk, whatever happened to other copies.
    fn all_kept(&self, held: &BTreeSet<Place>) -> Result<(), Violation> {
        let oracle = self.world.oracle.borrow();
        for device in self.world.members() {
            let promised = device.disk.promised.borrow();
            let mut missing = promised.difference(held);
            let lost = missing.find(|place| !oracle.may_lack(place) && !oracle.spoiled.contains(&place.0));
            require(lost.is_none(), 3, || {
                let (id, intent) = lost.expect("there is one");
                let place = device.place;
                format!(
                    "intent {intent} in record {} was saved on device {place} and is nowhere",
                    id.to_hex()
                )
            })?;
        }
        Ok(())
    }

    fn all_held(&self, held: &BTreeSet<Place>) -> Result<(), Violation> {
        let oracle = self.world.oracle.borrow();
        let lost = oracle.saved.iter().find(|place| {
            !held.contains(place) && !oracle.may_lack(place) && !oracle.spoiled.contains(&place.0)
        });
        require(lost.is_none(), 3, || {
            let (id, intent) = lost.expect("there is one");
            format!("intent {intent} in record {} was saved and is nowhere", id.to_hex())
        })
    }

    /// Faults stop; the devices of the team have a network and at least one tab, with all keys.
    pub(crate) fn calm(&self) {
        let world = &self.world;
        world.note("it becomes quiet", &[]);
        if world.cloud.borrow().is_forked() {
            self.unite();
        }
        world.calm.set(true);
        world.time.thaw();
        for device in world.members() {
            device.offline_until.set(0);
            // A new key, what another tab has set aside, and a new app are known after the next unlocking.
            let again = [Fault::Rotate, Fault::Purge, Fault::Upgrade];
            if again.iter().any(|fault| world.plan.faults.has(*fault)) {
                self.close_all(&device);
            }
            if device.tabs.borrow().is_empty() {
                self.open_tab(&device);
            }
        }
    }

    pub(crate) fn ask_again(&self) {
        for device in self.world.members() {
            self.on_a_tab(&device, person::offer_again);
        }
    }

    pub(crate) fn focus(&self) {
        for device in self.world.members() {
            for tab in &*device.tabs.borrow() {
                if let Some(open) = &*tab.open.borrow() {
                    open.wake(Wake::Focus);
                    self.world.time.rouse(tab.owner);
                }
            }
        }
    }
}

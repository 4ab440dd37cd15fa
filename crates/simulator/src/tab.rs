//! A tab: its own replica and sync machine over the disk that it shares, and the loop that drives them.

use crate::burial;
use crate::device::Device;
use crate::dice::Dice;
use crate::disk::SimStore;
use crate::form::Form;
use crate::keys::keys;
use crate::line::Line;
use crate::oracle::{Place, require};
use crate::plan::Fault;
use crate::probe;
use crate::slow::shelving;
use crate::timeline::Owner;
use crate::together::Screens;
use crate::world::World;
use satchel_domain::{Record, RecordId};
use satchel_replica::{
    Attention, Done, Edited, Outcome, Packed, Phase, Replica, ReplicaError, Status, Step, StoreError, Sync,
    Wake, carry_out,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How soon a tab that does not sync looks whether it should.
const LOOK_MS: u64 = 15_000;

/// A tab of a device.
pub(crate) struct Tab {
    pub(crate) owner: Owner,
    pub(crate) device: Rc<Device>,
    pub(crate) open: RefCell<Option<Rc<Open>>>,
}

/// A tab that is unlocked.
pub(crate) struct Open {
    pub(crate) replica: Replica<SimStore>,
    pub(crate) sync: RefCell<Sync>,
    line: Line,
    /// What was told as saved here and is not known to be on the server.
    pub(crate) saved: RefCell<Vec<Place>>,
    /// The last intent, for undo.
    pub(crate) last: RefCell<Vec<Edited>>,
    /// The form that stands open here.
    pub(crate) form: RefCell<Option<Form>>,
    /// When the trash was last looked through, ms.
    pub(crate) emptied_ms: Cell<u64>,
    /// What this tab shows.
    pub(crate) screens: RefCell<Screens>,
    /// How often this tab has been in sync.
    pub(crate) synced: Cell<u64>,
}

/// Opens a new tab on a device.
pub(crate) fn start(world: &Rc<World>, device: &Rc<Device>, owner: Owner) {
    let tab = Rc::new(Tab { owner, device: device.clone(), open: RefCell::default() });
    device.tabs.borrow_mut().push(tab.clone());
    world.note("device {} opens tab {}", &[device.place, owner]);
    world.time.spawn(owner, live(world.clone(), tab));
}

async fn live(world: Rc<World>, tab: Rc<Tab>) {
    loop {
        match Open::new(&world, &tab).await {
            Ok(open) => {
                let open = Rc::new(open);
                *tab.open.borrow_mut() = Some(open.clone());
                open.run(&world, &tab).await;
                *tab.open.borrow_mut() = None;
            }
            Err(error) => world.check(passing(&world, &error)),
        }
        world.sleep(1_000).await;
    }
}

/// An error that a fault of this run explains.
pub(crate) fn passing(world: &World, error: &ReplicaError) -> Result<(), crate::oracle::Violation> {
    use ReplicaError::{Contended, Missing, Nonsense, Seal, SetAside, Store};
    let explained = match error {
        Store(StoreError::Quota | StoreError::Closed | StoreError::Other(_) | StoreError::Stale(_)) => true,
        Store(StoreError::Blocked) => world.plan.faults.has(Fault::Upgrade),
        Nonsense | Contended => true,
        Seal(_) => world.plan.faults.has(Fault::Large),
        SetAside(..) => {
            // What is damaged is read again from the server; until then nobody can write to it.
            let beyond = [Fault::Garbage, Fault::Rotate, Fault::Rot];
            let causes = beyond.iter().chain(&[Fault::Withhold, Fault::Swap, Fault::Replay]);
            causes.copied().any(|fault| world.plan.faults.has(fault))
        }
        Missing(_) | Store(_) => false,
    };
    require(explained, 7, || format!("a device fails: {error}"))
}

impl Open {
    async fn new(world: &Rc<World>, tab: &Tab) -> Result<Self, ReplicaError> {
        let line = Line::new(world, &tab.device, tab.owner);
        let store = SimStore::new(world, &tab.device, tab.owner, line.log.clone());
        let keys = keys(tab.device.number.get(), tab.device.epoch.get(), Dice::new(world.roll()));
        let replica = Replica::open_shelved(store, keys, shelving(world)).await?;
        let mut screens = Screens::default();
        let batches = &world.oracle.borrow().batches.clone();
        let mut take = |some: Vec<(RecordId, Record)>| {
            screens.show(batches, some.iter().map(|(id, record)| (*id, record)));
        };
        replica.open_all(&mut take).await?;
        let sync = RefCell::new(Sync::new(replica.start().await?));
        Ok(Self {
            replica,
            sync,
            line,
            saved: RefCell::default(),
            form: RefCell::default(),
            emptied_ms: Cell::new(0),
            screens: RefCell::new(screens),
            last: RefCell::default(),
            synced: Cell::new(0),
        })
    }

    /// The loop; it ends when the connection to the store is lost.
    async fn run(&self, world: &World, tab: &Tab) {
        loop {
            if tab.waits_for_another(world) {
                world.time.nap(world.now() + LOOK_MS).await;
                continue;
            }
            let wall = || tab.device.wall(world.now());
            let step = self.sync.borrow_mut().poll(wall());
            if let Step::Idle { until } = step {
                self.pack(world).await;
                world
                    .time
                    .nap(tab.device.true_time(until).clamp(world.now() + 1, world.now() + 3_600_000))
                    .await;
                continue;
            }
            let done = carry_out(step, &self.replica, &self.line, wall).await;
            self.sync.borrow_mut().handle(done.outcome, wall(), world.roll());
            if self.look_back(world, tab, step, &done) {
                return;
            }
            if matches!(done.outcome, Outcome::Verified(_)) {
                burial::empty_trash(world, tab, self, &self.status(world, tab)).await;
            }
        }
    }

    /// There is time to pack.
    async fn pack(&self, world: &World) {
        if world.below(3) > 0 {
            return;
        }
        match self.replica.pack().await {
            Ok(packed) => world.note("        packed: {}", &[u64::from(packed == Packed::Some)]),
            Err(error) => world.check(passing(world, &error)),
        }
    }

    /// Judges how a step went; true when the store has to be opened again.
    fn look_back(&self, world: &World, tab: &Tab, step: Step, done: &Done) -> bool {
        let arrived = done.news.arrived.iter().map(|arrived| arrived.id);
        tab.device.disk.known.borrow_mut().extend(arrived);
        if let Some(error) = &done.error {
            world.check(passing(world, error));
        }
        self.show(world, tab, done);
        let status = self.status(world, tab);
        world.note(
            "tab {} is {}, {} wait, {} set aside",
            &[tab.owner, phase(&status), status.waiting, status.set_aside],
        );
        if status.phase == Phase::Synced {
            world.check(self.is_honest(world, tab));
        }
        if let Phase::NeedsAttention(attention @ (Attention::Forked | Attention::Differs)) = status.phase {
            world.check(is_no_false_alarm(world, attention));
            world.oracle.borrow_mut().roots.told |= attention == Attention::Forked;
        }
        if matches!(done.outcome, Outcome::Verified(_)) {
            self.is_whole(world, tab, &status);
        }
        let told = matches!(status.phase, Phase::NeedsAttention(Attention::SetAside | Attention::Forked));
        // An answer may have been under way for long, and others have written since.
        let head = world.cloud.borrow().head();
        let newest = status.verified.is_none_or(|checked| checked.seq >= head);
        let done_for_now = step == Step::Verify && newest && (status.phase == Phase::Synced || told);
        self.synced.set(self.synced.get() + u64::from(done_for_now));
        matches!(done.error, Some(ReplicaError::Store(StoreError::Closed)))
    }

    pub(crate) fn status(&self, world: &World, tab: &Tab) -> Status {
        self.sync.borrow().status(tab.device.wall(world.now()))
    }

    /// "Synced" is said: what was saved here before is on the server.
    fn is_honest(&self, world: &World, tab: &Tab) -> Result<(), crate::oracle::Violation> {
        let oracle = world.oracle.borrow();
        let mut saved = self.saved.borrow_mut();
        // What another tab has set aside, it tells; what one writes who is no member, nobody promised.
        let aside = tab.device.disk.aside.borrow();
        let promised = |place: &Place| !tab.device.gone.get() && !aside.contains(&place.0);
        saved.retain(|place| !oracle.confirmed.contains(place) && !oracle.may_lack(place) && promised(place));
        let first = saved.first();
        require(first.is_none(), 15, || {
            let (id, intent) = first.expect("there is one");
            format!("\"synced\" is said, and intent {intent} in record {} is only here", id.to_hex())
        })
    }

    /// What arrived enters the screens. Of several tabs each tells the others what it has shown: there is no one
    /// place to look at.
    fn show(&self, world: &World, tab: &Tab, done: &Done) {
        let is_first = self.replica.cursor().synced_ms.is_none();
        let whole = self.screens.borrow_mut().arrive(world, &done.news, is_first);
        if world.plan.tabs == 1 && !tab.device.gone.get() {
            world.check(whole);
        }
    }

    /// Both sides were found equal, and the server's digest is not lying: whatever it left out or exchanged on
    /// the way would have been noticed. Now and then, because it takes long.
    fn is_whole(&self, world: &World, tab: &Tab, status: &Status) {
        let cloud = world.cloud.borrow();
        let verified =
            status.verified.filter(|_| world.below(10) == 0 && self.line.log.get() == cloud.which());
        if let Some(checked) = verified.filter(|_| !tab.device.gone.get()) {
            world.check(probe::no_hole(world, &tab.device, &cloud, checked.seq));
        }
    }

    /// A person has saved something; every tab of the device hears of it.
    pub(crate) fn wake(&self, wake: Wake) {
        self.sync.borrow_mut().wake(wake);
    }
}

impl Tab {
    /// Another tab of this device syncs; one that stands still is not waited for.
    pub(crate) fn waits_for_another(&self, world: &World) -> bool {
        let tabs = self.device.tabs.borrow();
        let leader = tabs.iter().find(|tab| !world.time.is_frozen(tab.owner));
        self.device.polite && leader.is_some_and(|leader| leader.owner != self.owner)
    }
}

/// Invariant 12: a server that shows one log to everybody is not accused of showing two, nor one that tells the
/// truth of holding something else.
fn is_no_false_alarm(world: &World, attention: Attention) -> Result<(), crate::oracle::Violation> {
    let oracle = world.oracle.borrow();
    let right = if attention == Attention::Forked { oracle.roots.are_forked() } else { oracle.put_back };
    require(right, 12, || format!("an honest server is accused: {attention:?}"))
}

fn phase(status: &Status) -> u64 {
    match status.phase {
        Phase::Offline => 0,
        Phase::Waiting => 1,
        Phase::Syncing => 2,
        Phase::Synced => 3,
        Phase::NeedsAttention(_) => 4,
    }
}

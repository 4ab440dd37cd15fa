//! What all tasks of one run share.

use crate::cloud::Cloud;
use crate::device::Device;
use crate::dice::Dice;
use crate::lies::Lies;
use crate::oracle::{Oracle, Violation};
use crate::plan::{Fault, Plan};
use crate::timeline::Timeline;
use crate::trace::Trace;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// When every run begins, ms since 1970 UTC.
pub(crate) const BEGIN_MS: u64 = 1_700_000_000_000;

/// One team, its devices, its server and its bad luck.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) time: Timeline,
    pub(crate) dice: RefCell<Dice>,
    pub(crate) trace: RefCell<Trace>,
    pub(crate) cloud: RefCell<Cloud>,
    pub(crate) oracle: RefCell<Oracle>,
    pub(crate) lies: RefCell<Lies>,
    pub(crate) devices: RefCell<Vec<Rc<Device>>>,
    /// Held by everything that a person has begun and not ended.
    pub(crate) at_work: Rc<()>,
    /// No fault happens any more.
    pub(crate) calm: Cell<bool>,
    failure: RefCell<Option<(Violation, u64)>>,
}

impl World {
    pub(crate) fn new(plan: Plan) -> Rc<Self> {
        let mut dice = Dice::new(plan.seed ^ 0xd1ce);
        let trace = Trace::new(BEGIN_MS, plan.whole_trace);
        let cloud = Cloud::new(dice.roll());
        let mut oracle = Oracle::new();
        oracle.wrong_clocks = plan.faults.has(Fault::Clock);
        Rc::new(Self {
            plan,
            time: Timeline::new(BEGIN_MS),
            dice: RefCell::new(dice),
            trace: RefCell::new(trace),
            cloud: RefCell::new(cloud),
            oracle: RefCell::new(oracle),
            lies: RefCell::default(),
            devices: RefCell::default(),
            at_work: Rc::default(),
            calm: Cell::new(false),
            failure: RefCell::default(),
        })
    }

    /// Whether this fault happens now, so many times in a thousand where the run has it at all.
    pub(crate) fn hits(&self, fault: Fault, per_mille: u64) -> bool {
        !self.calm.get() && self.plan.faults.has(fault) && self.dice.borrow_mut().hits(per_mille)
    }

    pub(crate) fn roll(&self) -> u64 {
        self.dice.borrow_mut().roll()
    }

    pub(crate) fn below(&self, sides: u64) -> u64 {
        self.dice.borrow_mut().below(sides)
    }

    /// One of them.
    pub(crate) fn pick<T: Clone>(&self, of: &[T]) -> Option<T> {
        self.dice.borrow_mut().pick(of).cloned()
    }

    pub(crate) fn now(&self) -> u64 {
        self.time.now()
    }

    pub(crate) fn note(&self, words: &'static str, numbers: &[u64]) {
        self.trace.borrow_mut().note(self.time.now(), words, numbers);
    }

    /// An invariant does not hold: the run ends, and the first one counts.
    pub(crate) fn violated(&self, violation: Violation) {
        self.failure.borrow_mut().get_or_insert((violation, self.time.now()));
    }

    pub(crate) fn check(&self, outcome: Result<(), Violation>) {
        if let Err(violation) = outcome {
            self.violated(violation);
        }
    }

    pub(crate) fn failure(&self) -> Option<(Violation, u64)> {
        self.failure.borrow().clone()
    }

    /// Another task may go on.
    pub(crate) async fn pause(&self) {
        self.sleep(self.below(4)).await;
    }

    pub(crate) async fn sleep(&self, ms: u64) {
        // Never no time at all: whoever waits lets others run.
        self.time.until(self.now() + ms.max(1)).await;
    }

    /// One task goes on; false when nothing is left to do.
    pub(crate) fn step(&self) -> bool {
        self.time.step(|count| self.below(count))
    }

    /// Devices whose people still belong to the team.
    pub(crate) fn members(&self) -> Vec<Rc<Device>> {
        self.devices.borrow().iter().filter(|device| !device.gone.get()).cloned().collect()
    }
}

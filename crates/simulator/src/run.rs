//! One run, from a plan to a verdict.

use crate::fate::Fate;
use crate::judge::{Fairness, judge};
use crate::oracle::{Violation, require};
use crate::plan::{Fault, Plan};
use crate::probe;
use crate::timeline::WORLD;
use crate::world::{BEGIN_MS, World};
use satchel_replica::{Safeguard, safeguard};
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// More steps than any run takes: what goes on for longer never ends.
const MOST_STEPS: u64 = 3_000_000;
/// So long may it take after the last fault until all are in sync, ms.
const PATIENCE_MS: u64 = 6 * 3_600_000;

/// In so many rounds nothing is left to be sent.
const MOST_ROUNDS: usize = 12;

/// What came of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// SHA-256 over every event, in hexadecimal.
    pub trace: String,
    /// What did not hold, if anything.
    pub failure: Option<Violation>,
    /// The last events in words; all of them where the plan asked for it.
    pub lines: Vec<String>,
    /// Who won where fields were contested.
    pub fairness: Fairness,
    /// Intents of people.
    pub intents: u64,
    /// Rows that the server stored.
    pub stored: u64,
    /// The server contradicted itself before two devices.
    pub forked: bool,
    /// A device said so.
    pub fork_told: bool,
    /// How long it was in the world of the run, ms.
    pub lasted_ms: u64,
}

impl Outcome {
    /// A run that came to no end.
    pub(crate) fn panicked(words: String) -> Self {
        let failure = Some(Violation { invariant: 0, what: format!("it panicked: {words}") });
        let (trace, lines, fairness) = (String::new(), Vec::new(), Fairness::default());
        let (forked, fork_told) = (false, false);
        Self { trace, failure, lines, fairness, intents: 0, stored: 0, forked, fork_told, lasted_ms: 0 }
    }
}

/// Runs a future that waits for nothing outside itself.
pub(crate) fn at_once<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("memory makes nobody wait"),
    }
}

/// Runs it.
pub fn run(plan: &Plan) -> Outcome {
    leave_out(plan.without);
    let world = World::new(plan.clone());
    let fate = Rc::new(Fate::new(&world));
    let mut fairness = Fairness::default();
    match live(&world, &fate) {
        Ok(fair) => fairness = fair,
        Err(violation) => world.violated(violation),
    }
    let outcome = Outcome {
        trace: world.trace.borrow().digest(),
        failure: world.failure().map(|(violation, _)| violation),
        lines: world.trace.borrow().lines(),
        fairness,
        intents: world.oracle.borrow().saved.len() as u64,
        stored: world.cloud.borrow().head(),
        forked: world.oracle.borrow().roots.are_forked(),
        fork_told: world.oracle.borrow().roots.told,
        lasted_ms: world.now() - BEGIN_MS,
    };
    leave_out(None);
    world.time.clear();
    // Tabs and devices know each other: nobody else would let go of them.
    for device in world.devices.take() {
        device.tabs.take().iter().for_each(|tab| drop(tab.open.take()));
    }
    outcome
}

fn leave_out(without: Option<Safeguard>) {
    use satchel_ledger::Safeguard as Log;
    safeguard::leave_out(without);
    satchel_ledger::leave_out(match without {
        Some(Safeguard::CompareAndSwap) => Some(Log::CompareAndSwap),
        Some(Safeguard::EpochFence) => Some(Log::EpochFence),
        _ => None,
    });
}

fn live(world: &Rc<World>, fate: &Rc<Fate>) -> Result<Fairness, Violation> {
    let over = Rc::new(Cell::new(false));
    let (storm, set) = (fate.clone(), over.clone());
    world.time.spawn(WORLD, async move {
        storm.storm().await;
        set.set(true);
    });
    go_on(world, || over.get())?;
    fate.calm();
    // What was under way when it became quiet belongs to the storm: what people had begun, and answers that the
    // server had given before.
    go_on(world, || Rc::strong_count(&world.at_work) == 1)?;
    all_sync(world, fate)?;
    // What the server refused under the old epoch, or was erased meanwhile, waits until somebody asks for it; while
    // she does, another device may learn of an erasure.
    for _ in 0..questions(world) {
        all_sync(world, fate)?;
        fate.ask_again();
    }
    // What one device learns and sends in one round, the others learn in the next.
    all_sync(world, fate)?;
    for _ in 0..MOST_ROUNDS {
        let head = world.cloud.borrow().head();
        all_sync(world, fate)?;
        if head == world.cloud.borrow().head() {
            return judge(world);
        }
    }
    require(false, 7, || "the devices never come to rest".to_owned()).and(Ok(Fairness::default()))
}

/// How often people ask for what is set aside.
fn questions(world: &World) -> usize {
    let faults = world.plan.faults;
    if faults.has(Fault::Purge) { 3 } else { usize::from(faults.has(Fault::Rotate)) }
}

/// Lets every device of the team sync once.
fn all_sync(world: &Rc<World>, fate: &Fate) -> Result<(), Violation> {
    let before = synced(world);
    fate.focus();
    let deadline = world.now() + PATIENCE_MS;
    let all = || synced(world).iter().zip(&before).all(|(now, then)| now.1 > then.1);
    go_on(world, || world.now() > deadline || (all() && probe::nothing_waits(world)))?;
    require(probe::nothing_waits(world), 7, || "something stays unsent".to_owned())?;
    let stuck = synced(world).into_iter().zip(before).find(|(now, then)| now.1 <= then.1);
    require(stuck.is_none(), 7, || format!("tab {} does not get in sync", stuck.map_or(0, |(now, _)| now.0)))
}

/// How often each tab that syncs has been in sync.
fn synced(world: &World) -> Vec<(u64, u64)> {
    let mut counts = Vec::new();
    for device in world.members() {
        for tab in device.tabs.borrow().iter().filter(|tab| !tab.waits_for_another(world)) {
            let open = tab.open.borrow();
            counts.push((tab.owner, open.as_ref().map_or(0, |open| open.synced.get())));
        }
    }
    counts
}

fn go_on(world: &World, over: impl Fn() -> bool) -> Result<(), Violation> {
    for _ in 0..MOST_STEPS {
        if let Some((violation, _)) = world.failure() {
            return Err(violation);
        }
        if over() || !world.step() {
            return Ok(());
        }
    }
    require(false, 14, || "it goes on for ever".to_owned())
}

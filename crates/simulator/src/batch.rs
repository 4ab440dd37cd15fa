//! Many runs, one thread each, on all cores.

use crate::judge::Fairness;
use crate::oracle::Violation;
use crate::plan::{Faults, Plan};
use crate::run::{Outcome, run};
use satchel_replica::Safeguard;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Of a hundred thousand fields that were contested by edits more than an hour apart, in so many the older edit may
/// win: what a device was told of the time is not always on its disk when it sends.
pub const UNFAIR_PER_100_000: u64 = 1_000;
/// With fewer contested fields nothing can be said.
const FEW: u64 = 30;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Which seeds.
    pub seeds: Range<u64>,
    /// What is left out.
    pub without: Option<Safeguard>,
    /// What is taken instead of what a seed says.
    pub narrow: Narrow,
    /// How many at a time.
    pub threads: usize,
    /// It ends after so many failures.
    pub failures: usize,
}

/// What is taken instead of what a seed says.
#[derive(Clone, Copy, Default, Debug)]
pub struct Narrow {
    /// Devices.
    pub devices: Option<u64>,
    /// Tabs of a device, at most.
    pub tabs: Option<u64>,
    /// Things that happen.
    pub actions: Option<u64>,
    /// What goes wrong.
    pub faults: Option<Faults>,
}

impl Narrow {
    /// The plan of a seed, narrowed.
    pub fn plan(self, seed: u64) -> Plan {
        let plan = Plan::of(seed);
        Plan {
            devices: self.devices.unwrap_or(plan.devices),
            tabs: self.tabs.unwrap_or(plan.tabs),
            actions: self.actions.unwrap_or(plan.actions),
            faults: self.faults.unwrap_or(plan.faults),
            ..plan
        }
    }
}

/// What came of many runs.
#[derive(Clone, Default, Debug)]
pub struct Report {
    /// Runs.
    pub runs: u64,
    /// Plans that failed, by seed, with what did not hold.
    pub failures: BTreeMap<u64, (Plan, Violation)>,
    /// Who won where fields were contested.
    pub fairness: Fairness,
    /// Intents that were told as saved.
    pub intents: u64,
    /// Rows that the servers stored.
    pub stored: u64,
    /// Runs in which the server contradicted itself before two devices.
    pub forked: u64,
    /// Those of them in which a device said so.
    pub forks_told: u64,
    /// How long all of it lasted in the worlds of the runs, ms.
    pub lasted_ms: u64,
    traces: BTreeMap<u64, String>,
}

impl Report {
    fn add(&mut self, plan: Plan, outcome: Outcome) {
        self.runs += 1;
        self.fairness.contested += outcome.fairness.contested;
        self.fairness.unfair += outcome.fairness.unfair;
        self.intents += outcome.intents;
        self.stored += outcome.stored;
        self.forked += u64::from(outcome.forked);
        self.forks_told += u64::from(outcome.fork_told);
        self.lasted_ms += outcome.lasted_ms;
        self.traces.insert(plan.seed, outcome.trace);
        if let Some(violation) = outcome.failure {
            self.failures.insert(plan.seed, (plan, violation));
        }
    }

    /// Whether older edits won too often.
    pub fn is_unfair(&self) -> bool {
        let Fairness { contested, unfair } = self.fairness;
        contested >= FEW && unfair * 100_000 > contested * UNFAIR_PER_100_000
    }

    /// SHA-256 over the traces of all runs, in hexadecimal.
    pub fn trace(&self) -> String {
        let mut digest = Sha256::new();
        self.traces.values().for_each(|trace| digest.update(trace));
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Runs them all.
pub fn run_all(batch: &Batch) -> Report {
    let next = AtomicU64::new(batch.seeds.start);
    let report = Mutex::new(Report::default());
    std::thread::scope(|scope| {
        for _ in 0..batch.threads.max(1) {
            scope.spawn(|| work(batch, &next, &report));
        }
    });
    report.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn work(batch: &Batch, next: &AtomicU64, report: &Mutex<Report>) {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= batch.seeds.end {
            return;
        }
        let plan = batch.narrow.plan(seed).without(batch.without);
        let outcome = run_safely(&plan);
        let mut report = report.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        report.add(plan, outcome);
        if report.failures.len() >= batch.failures {
            return;
        }
    }
}

/// Runs it; a panic is a failure like any other.
pub fn run_safely(plan: &Plan) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| run(plan))).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        Outcome::panicked(words.unwrap_or_default())
    })
}

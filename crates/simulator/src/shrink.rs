//! A run that fails, made smaller for as long as it still fails in the same way.

use crate::batch::run_safely;
use crate::oracle::Violation;
use crate::plan::{Fault, Plan};

/// So many runs are tried.
const TRIES: usize = 250;

/// The smallest plan that was found, and what does not hold there.
pub fn shrink(plan: &Plan, violation: &Violation) -> (Plan, Violation) {
    let mut smallest = (plan.clone(), violation.clone());
    let mut tries = TRIES;
    while let Some(smaller) = one_smaller(&smallest.0, violation.invariant, &mut tries) {
        smallest = smaller;
    }
    smallest
}

fn one_smaller(plan: &Plan, invariant: u8, tries: &mut usize) -> Option<(Plan, Violation)> {
    candidates(plan).into_iter().find_map(|smaller| {
        *tries = tries.checked_sub(1)?;
        let violation = run_safely(&smaller).failure?;
        (violation.invariant == invariant).then_some((smaller, violation))
    })
}

/// The boldest first.
fn candidates(plan: &Plan) -> Vec<Plan> {
    let Plan { devices, tabs, actions, faults, .. } = *plan;
    let mut all = Vec::new();
    for fewer in [actions / 2, actions * 3 / 4, actions.saturating_sub(1)] {
        all.extend((fewer < actions).then(|| Plan { actions: fewer, ..plan.clone() }));
    }
    all.extend((devices > 1).then(|| Plan { devices: devices - 1, ..plan.clone() }));
    all.extend((tabs > 1).then(|| Plan { tabs: tabs - 1, ..plan.clone() }));
    let present = Fault::ALL.iter().filter(|fault| faults.has(**fault));
    all.extend(present.map(|fault| Plan { faults: faults.without(*fault), ..plan.clone() }));
    all
}

//! Years of a team's work in a second: devices with tabs, people, bad networks, bad disks and a server that is
//! put back, around the real replica, the real vault and the real log. One seed drives everything, and the same
//! seed gives the same trace, byte for byte.
//!
//! What must hold is in the protocol's list of invariants; what goes wrong is in [`Fault`]. Of the app only the
//! platform is replaced: disk, network, clock, randomness and the order in which tasks go on.

mod batch;
mod burial;
mod cloud;
mod device;
mod dice;
mod disk;
mod fate;
mod form;
mod judge;
mod keys;
mod lies;
mod line;
mod newer;
mod oracle;
mod person;
mod plan;
mod probe;
mod run;
mod shrink;
mod slow;
mod tab;
mod timeline;
mod together;
mod trace;
mod world;

pub use batch::{Batch, Narrow, Report, UNFAIR_PER_100_000, run_all, run_safely};
pub use judge::Fairness;
pub use oracle::Violation;
pub use plan::{Fault, Faults, Plan, safeguard_name, safeguard_named};
pub use run::{Outcome, run};
pub use shrink::shrink;

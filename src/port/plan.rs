//! A day on the road: the visits in their order, and where customers are.

use super::{Mark, PartnerRow};
use satchel_domain::{Address, Coordinates, RecordId, Task};
use serde::{Deserialize, Serialize};

/// What a person does with the plan of a day. Each is one to take back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PlanAct {
    /// The visits are made in this order: of each stop its tasks.
    Arrange(Vec<Vec<RecordId>>),
    /// These tasks are no visits.
    Aside(Vec<RecordId>),
    /// These tasks are visits again, last.
    Back(Vec<RecordId>),
    /// A customer is here.
    Locate {
        /// Who.
        partner: RecordId,
        /// Where; nowhere known any more where there is none.
        at: Option<Coordinates>,
    },
}

/// The visits of a day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Whom to visit, in order.
    pub stops: Vec<PlanStop>,
    /// Of the same day, but not to be visited; one task each.
    pub aside: Vec<PlanStop>,
    /// How many tasks with a customer were due before and are still open.
    pub late: u32,
}

/// One customer on the road.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanStop {
    /// Who.
    pub partner: PartnerRow,
    /// Her first address.
    pub address: Option<Address>,
    /// Where that is, if anybody was there.
    pub coordinates: Option<Coordinates>,
    /// What for, soonest first, and whether it is on the server.
    pub tasks: Vec<(Task, Mark)>,
}

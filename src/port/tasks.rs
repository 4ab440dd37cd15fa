//! Tasks: as a list, and as the days of a week.

use super::{Mark, PartnerRow};
use satchel_domain::Task;
use serde::{Deserialize, Serialize};

/// Tasks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskList {
    /// How many in all.
    pub total: u32,
    /// How many are open.
    pub open: u32,
    /// Position of the first row.
    pub offset: u32,
    /// The rows of the window.
    pub rows: Vec<TaskEntry>,
}

/// A task, for whom, and whether it is on the server.
pub type TaskEntry = (Task, Option<PartnerRow>, Mark);

/// The tasks of some days.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Week {
    /// Open ones that were due before, soonest first; not more than are looked at.
    pub late: Vec<TaskEntry>,
    /// How many of them there are in all.
    pub late_count: u32,
    /// Those due on these days, open or done, soonest first.
    pub due: Vec<TaskEntry>,
    /// Open ones without a day; not more than are looked at.
    pub undated: Vec<TaskEntry>,
    /// How many of them there are in all.
    pub undated_count: u32,
}

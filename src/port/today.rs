//! What the first screen shows.

use crate::port::{Mark, PartnerRow, TimelineEntry};
use satchel_domain::Task;
use serde::{Deserialize, Serialize};

/// The day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// Partners in the workspace, for the empty state.
    pub partners: u32,
    /// Open tasks overdue or due today, soonest first, with the partner, up to twenty.
    pub due: Vec<(Task, Option<PartnerRow>, Mark)>,
    /// How many of them there are in all.
    pub due_count: u32,
    /// Tasks done today.
    pub done: u32,
    /// Interactions logged for today, newest first.
    pub logged: Vec<(TimelineEntry, Option<PartnerRow>)>,
    /// Customers longest without contact although they bought or were visited before, up to five.
    pub quiet: Vec<PartnerRow>,
    /// Partners written about or edited last, newest first, up to eight.
    pub recent: Vec<PartnerRow>,
    /// Partners written about last, newest first, up to eight: for one-tap logging.
    pub again: Vec<PartnerRow>,
    /// One suggestion, with its reason.
    pub suggestion: Option<Suggestion>,
}

/// Somebody to think of, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Who.
    pub partner: PartnerRow,
    /// Days since the last contact.
    pub days: u32,
    /// Days that usually lie between two contacts (median).
    pub usual_days: u32,
    /// How many contacts the median rests on.
    pub contacts: u32,
}

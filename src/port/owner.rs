//! Who looks after a customer.

use super::TeamId;
use satchel_domain::{Moment, RecordId};
use serde::{Deserialize, Serialize};

/// Customers change hands (R121).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Which customers.
    pub partners: Vec<RecordId>,
    /// Who looks after them from now on; nobody in particular where there is none.
    pub to: Option<TeamId>,
    /// A task at each customer that tells the new owner; none where only the owner is set.
    pub task: Option<HandOverTask>,
}

/// What the new owner is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOverTask {
    /// Who hands over what, and the note.
    pub title: String,
    /// By when it is to be looked at.
    pub due: Option<Moment>,
}

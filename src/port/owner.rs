//! Who looks after a customer.

use super::{PartnerFilter, TeamId};
use satchel_domain::{Moment, RecordId};
use serde::{Deserialize, Serialize};

/// Customers change hands (R121).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandOver {
    /// Which customers.
    pub whose: Whose,
    /// Who looks after them from now on; nobody in particular where there is none.
    pub to: Option<TeamId>,
    /// A task at each customer that tells the new owner; none where only the owner is set.
    pub task: Option<HandOverTask>,
}

/// Which customers are meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Whose {
    /// These.
    These(Vec<RecordId>),
    /// All that a list shows.
    Listed(Box<PartnerFilter>),
}

/// What the new owner is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOverTask {
    /// Who hands over what, and the note.
    pub title: String,
    /// By when it is to be looked at.
    pub due: Option<Moment>,
}

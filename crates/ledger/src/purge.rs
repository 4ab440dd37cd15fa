//! Forgetting erased records for good.

use satchel_wire::{GRAVE_MS, RecordId, SpaceState};

use crate::{Grave, Rows};

/// Graves to be dropped, and the floor that rises with them in the same transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purge {
    /// The records whose rows go.
    pub records: Vec<RecordId>,
    /// The space's new purge floor: no grave has a number up to it.
    pub floor: u64,
}

/// At most `limit` graves that are old enough at the state's `server_ms`; `None` where there are none.
///
/// They go in order of their numbers, up to the first that is too young. So after each batch no grave
/// is left at or below the floor, and every device knows from the floor alone which are gone.
///
/// # Errors
/// The store's own.
pub fn purge<R: Rows>(rows: &R, state: SpaceState, limit: usize) -> Result<Option<Purge>, R::Error> {
    let old = |grave: &Grave| grave.received_ms.saturating_add(GRAVE_MS) <= state.server_ms;
    let graves: Vec<_> = rows.graves(limit)?.into_iter().take_while(old).collect();
    Ok(graves.last().map(|last| Purge {
        floor: last.seq.max(state.purge_floor),
        records: graves.iter().map(|grave| grave.record).collect(),
    }))
}

//! Which customers are chosen: some by name, or all that the list shows but for some.

use crate::port::{Meant, PartnerFilter, PickedCount};
use satchel_domain::RecordId;
use std::collections::BTreeSet;

/// Customers chosen in the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picked {
    /// Everybody whom the list shows, but for [`Picked::ids`]; else those alone.
    pub all: bool,
    /// Who is chosen, or left out.
    pub ids: BTreeSet<RecordId>,
}

impl Picked {
    /// One customer.
    pub fn one(id: RecordId) -> Self {
        Self { all: false, ids: [id].into() }
    }

    /// Everybody whom the list shows.
    pub fn everybody() -> Self {
        Self { all: true, ids: BTreeSet::new() }
    }

    /// Whether a customer is chosen.
    pub fn has(&self, id: RecordId) -> bool {
        self.ids.contains(&id) != self.all
    }

    /// Chooses a customer, or leaves it out.
    pub fn set(&mut self, id: RecordId, chosen: bool) {
        if chosen == self.all {
            self.ids.remove(&id);
        } else {
            self.ids.insert(id);
        }
    }

    /// Chooses a customer that is not chosen, or the other way round.
    pub fn toggle(&mut self, id: RecordId) {
        self.set(id, !self.has(id));
    }

    /// How many are chosen, of a list of `total`. Of whom was left out of all, the list may show nobody any more: what
    /// is `known` goes first there.
    pub fn count(&self, total: u32, known: Option<PickedCount>) -> u32 {
        let ids = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        match (self.all, known) {
            (true, Some(known)) if !self.ids.is_empty() => known.meant,
            (true, _) => total.saturating_sub(ids),
            (false, _) => ids,
        }
    }

    /// As the engine is told; `filter` is what the list shows.
    pub fn meant(&self, filter: PartnerFilter) -> Meant {
        let ids = self.ids.iter().copied().collect();
        if self.all { Meant::Found { filter, but: ids } } else { Meant::These(ids) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_some_and_some_alone() {
        let [one, two] = [RecordId([1; 16]), RecordId([2; 16])];
        let mut some = Picked::one(one);
        some.toggle(two);
        some.toggle(one);
        assert!(!some.has(one) && some.has(two));
        assert_eq!((some.count(9, None), some.meant(PartnerFilter::default())), (1, Meant::These(vec![two])));
        let mut all = Picked::everybody();
        all.toggle(one);
        assert!(!all.has(one) && all.has(two));
        all.set(one, false);
        assert_eq!(all.count(9, None), 8);
        let known = Some(PickedCount { meant: 9, unseen: 0 });
        assert_eq!(all.count(9, known), 9, "who was left out is not in the list any more");
        let filter = PartnerFilter::default();
        assert_eq!(all.meant(filter.clone()), Meant::Found { filter, but: vec![one] });
    }
}

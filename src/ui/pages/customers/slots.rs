//! Places on the screen that rows pass through: a list that is scrolled writes into those that went out of sight, instead
//! of making new ones (R51).

use crate::port::{Mark, PartnerList, PartnerRow};
use crate::ui::platform::dom;
use leptos::html;
use leptos::prelude::*;
use satchel_domain::{PartnerKind, RecordId};
use web_sys::Element;

/// Which rows are in the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// Position of the first.
    offset: u32,
    /// How many.
    count: u32,
    /// How many places there are for them: row `n` stands in place `n` modulo this.
    places: u32,
}

impl Shown {
    /// After an answer with so many rows. Places stay when rows become fewer: at the end of a list fewer are seen.
    fn next(self, offset: u32, count: u32) -> Self {
        Self { offset, count, places: self.places.max(count) }
    }

    /// The places that are in use, rising.
    pub(super) fn slots(self) -> Vec<u32> {
        let mut slots: Vec<u32> =
            (self.offset..self.offset + self.count).map(|at| at % self.places).collect();
        slots.sort_unstable();
        slots
    }

    /// The position of the row in a place; `None` for a place that is not in use.
    fn at(self, slot: u32) -> Option<u32> {
        let ahead = (slot + self.places).checked_sub(self.offset.checked_rem(self.places)?)? % self.places;
        (ahead < self.count).then_some(self.offset + ahead)
    }
}

/// Follows the answers of a list.
pub(super) fn shown(list: ReadSignal<Option<PartnerList>>) -> Memo<Shown> {
    Memo::new(move |before: Option<&Shown>| {
        let before = before.copied().unwrap_or_default();
        list.with(|list| match list {
            Some(list) => before.next(list.offset, u32::try_from(list.rows.len()).unwrap_or(0)),
            None => Shown { count: 0, ..before },
        })
    })
}

/// One place.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// Which.
    pub(super) number: u32,
    /// The position of its row in the list.
    pub(super) at: Memo<u32>,
    /// Its row; the last one while it has none.
    pub(super) row: Memo<PartnerRow>,
}

impl Slot {
    /// A place that follows the list.
    pub(super) fn new(list: ReadSignal<Option<PartnerList>>, shown: Memo<Shown>, number: u32) -> Self {
        let at = Memo::new(move |before: Option<&u32>| {
            shown.get().at(number).or(before.copied()).unwrap_or_default()
        });
        let row = Memo::new(move |before: Option<&PartnerRow>| {
            let found = list.with(|list| {
                let list = list.as_ref()?;
                list.rows.get(at.get().checked_sub(list.offset)? as usize).cloned()
            });
            found.or_else(|| before.cloned()).unwrap_or_else(nobody)
        });
        Self { number, at, row }
    }
}

/// What stands in a place that has never had a row.
fn nobody() -> PartnerRow {
    PartnerRow {
        id: RecordId([0; 16]),
        kind: PartnerKind::Person,
        name: String::new(),
        aside: String::new(),
        letter: '#',
        next_step: None,
        last_contact_ms: None,
        phone: String::new(),
        bought: Vec::new(),
        mark: Mark::Synced,
    }
}

/// Keeps the rows in the page in the order in which they are seen, for who has the page read out.
pub(super) fn keep_order(shown: Memo<Shown>, rows: NodeRef<html::Ul>) {
    Effect::new(move |before: Option<Shown>| {
        let now = shown.get();
        if let Some(rows) = rows.get() {
            leave_focus(before.unwrap_or(now), now);
            put_in_order(&rows, now, before.is_some_and(|before| before.offset > now.offset));
        }
        now
    });
}

/// Takes the focus from a row that went out of sight: it is not meant for the one that took the place.
fn leave_focus(before: Shown, now: Shown) {
    let Some(focused) = dom::focused() else { return };
    let row = focused.closest(".list-r").ok().flatten();
    let slot = row.and_then(|row| slot_of(&row));
    if slot.is_some_and(|slot| before.at(slot) != now.at(slot)) {
        drop(focused.blur());
    }
}

/// Moves only rows that came in, for one that stays may have the focus: these come in above when the list is scrolled `up`,
/// and else below.
fn put_in_order(rows: &Element, shown: Shown, up: bool) {
    let children = rows.children();
    let in_use = |row: Element| Some((shown.at(slot_of(&row)?)?, row));
    let mut order: Vec<(u32, Element)> =
        (0..children.length()).filter_map(|at| in_use(children.item(at)?)).collect();
    if order.is_sorted_by_key(|(at, _)| *at) {
        return;
    }
    let mut free = if up { rows.first_element_child() } else { rows.last_element_child() };
    order.sort_by_key(|(at, _)| if up { i64::from(*at) } else { -i64::from(*at) });
    for (_, row) in order {
        match &free {
            Some(there) if *there == row => {}
            Some(there) if up => drop(there.before_with_node_1(&row)),
            Some(there) => drop(there.after_with_node_1(&row)),
            None => return,
        }
        free = if up { row.next_element_sibling() } else { row.previous_element_sibling() };
    }
}

fn slot_of(row: &Element) -> Option<u32> {
    row.get_attribute("data-slot")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_writes_only_the_places_that_went_out_of_sight_r51() {
        let before = Shown::default().next(8, 32);
        let now = before.next(12, 32);
        assert_eq!((before.slots(), now.slots()), ((0..32).collect(), (0..32).collect()));
        let written: Vec<u32> = (0..32).filter(|slot| before.at(*slot) != now.at(*slot)).collect();
        assert_eq!(written, [8, 9, 10, 11]);
        assert_eq!((now.at(8), now.at(11), now.at(12)), (Some(40), Some(43), Some(12)));
    }

    #[test]
    fn every_row_has_one_place_and_every_place_one_row() {
        let full = Shown::default().next(0, 32);
        for (offset, count) in [(0, 0), (0, 5), (0, 32), (40, 32), (999, 7)] {
            let shown = full.next(offset, count);
            let mut rows: Vec<u32> = shown.slots().into_iter().filter_map(|slot| shown.at(slot)).collect();
            rows.sort_unstable();
            assert_eq!(rows, (offset..offset + count).collect::<Vec<_>>());
        }
        assert_eq!(Shown::default().at(3), None);
    }
}

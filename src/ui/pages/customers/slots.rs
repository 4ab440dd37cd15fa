//! Places on the screen that rows pass through: a list that is scrolled writes into those that went out of sight, instead
//! of making new ones (R51).
//!
//! Each answer is dealt out by hand, to the places that it changes: were every place to follow the list, each of its
//! parts would be woken by every answer, and a step would cost as much as making all rows anew. What is seen is written
//! at once, what lies beyond the edges over the next frames, so that none of them takes long.

use super::list::{Listed, row_at};
use crate::port::PartnerList;
use crate::ui::platform::dom;
use leptos::html;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::cmp::Reverse;
use std::ops::Range;
use std::time::Duration;
use web_sys::Element;

/// So long after the last step scrolling rests.
const REST: Duration = Duration::from_millis(200);

/// So many rows out of sight are written in a frame. A list that is scrolled by a fifth of its height in each frame brings
/// in fewer.
const ROWS_A_FRAME: usize = 3;

/// Which rows are in the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shown {
    /// Position of the first.
    offset: u32,
    /// How many.
    count: u32,
    /// How many places there are for them: row `n` stands in place `n` modulo this.
    places: u32,
}

impl Shown {
    /// After an answer with so many rows of `total`. Where there are more, there are as many places as rows; places stay
    /// when rows become fewer at the end of a list.
    fn next(self, offset: u32, count: u32, total: u32) -> Self {
        let places = if count < total { count } else { self.places.max(count) };
        Self { offset, count, places }
    }

    fn of(self, list: Option<&PartnerList>) -> Self {
        match list {
            Some(list) => self.next(list.offset, u32::try_from(list.rows.len()).unwrap_or(0), list.total),
            None => Self { count: 0, ..self },
        }
    }

    /// The places that are in use, rising.
    fn numbers(self) -> Vec<u32> {
        let mut numbers: Vec<u32> =
            (self.offset..self.offset + self.count).map(|at| at % self.places).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The position of the row in a place; `None` for a place that is not in use.
    fn at(self, number: u32) -> Option<u32> {
        let ahead = (number + self.places).checked_sub(self.offset.checked_rem(self.places)?)? % self.places;
        (ahead < self.count).then_some(self.offset + ahead)
    }
}

/// One place.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// Which.
    pub(super) number: u32,
    /// The position of its row in the list.
    pub(super) at: RwSignal<u32>,
    /// Its row.
    pub(super) listed: RwSignal<Listed>,
    /// Whether Tab stops here.
    pub(super) stop: RwSignal<bool>,
}

impl Slot {
    /// Whether it shows the row at a position as it is now.
    fn shows(self, at: u32, list: &PartnerList) -> bool {
        self.at.try_get_untracked().is_none_or(|now| now == at)
            && self.listed.try_with_untracked(|now| now.is_at(list, at)) != Some(false)
    }

    /// Shows another row, or the same one as it is now.
    fn show(self, at: u32, list: &PartnerList) {
        if self.at.try_get_untracked().is_some_and(|before| before != at) {
            self.at.set(at);
        }
        if self.listed.try_with_untracked(|before| before.is_at(list, at)) == Some(false) {
            row_at(list, at).into_iter().for_each(|listed| self.listed.set(listed));
        }
    }

    fn stop_if(self, stops: bool) {
        if self.stop.try_get_untracked().is_some_and(|before| before != stops) {
            self.stop.set(stops);
        }
    }
}

/// All places of a list.
#[derive(Clone, Copy)]
pub(super) struct Slots {
    list: ReadSignal<Option<PartnerList>>,
    stops_at: Memo<u32>,
    /// The positions that are seen.
    in_sight: Callback<(), Range<u32>>,
    shown: RwSignal<Shown>,
    live: StoredValue<Vec<Slot>>,
    /// Whether the next frame writes on.
    writing: StoredValue<bool>,
}

impl Slots {
    /// Places that follow a list, in the order in which they are seen.
    pub(super) fn of(
        list: ReadSignal<Option<PartnerList>>,
        stops_at: Memo<u32>,
        in_sight: Callback<(), Range<u32>>,
        rows: NodeRef<html::Ul>,
    ) -> Self {
        let (shown, live) = (RwSignal::new(Shown::default()), StoredValue::new(Vec::new()));
        let slots = Self { list, stops_at, in_sight, shown, live, writing: StoredValue::new(false) };
        Effect::new(move || slots.deal());
        Effect::new(move || {
            let stops_at = stops_at.get();
            let live: Vec<Slot> = live.get_value();
            live.into_iter().for_each(|slot| slot.stop_if(slot.at.try_get_untracked() == Some(stops_at)));
        });
        keep_order(shown, rows);
        slots
    }

    /// The places that are in use.
    pub(super) fn numbers(self) -> Vec<u32> {
        self.shown.get().numbers()
    }

    /// A place that comes into use; to be called inside of what it draws.
    pub(super) fn begin(self, number: u32) -> Option<Slot> {
        let at = self.shown.get_untracked().at(number)?;
        let listed = self.list.with_untracked(|list| row_at(list.as_ref()?, at))?;
        let stop = RwSignal::new(self.stops_at.get_untracked() == at);
        let slot = Slot { number, at: RwSignal::new(at), listed: RwSignal::new(listed), stop };
        self.live.update_value(|live| live.push(slot));
        on_cleanup(move || {
            self.live.try_update_value(|live| live.retain(|other| other.at != slot.at));
        });
        Some(slot)
    }

    fn deal(self) {
        let now = self.list.with(|list| self.shown.get_untracked().of(list.as_ref()));
        if self.shown.get_untracked() != now {
            self.shown.set(now);
        }
        let stops_at = self.stops_at.get_untracked();
        for slot in self.live.get_value() {
            now.at(slot.number).into_iter().for_each(|at| slot.stop_if(at == stops_at));
        }
        self.write(0);
    }

    /// Writes what is seen and so many more; the next frames write the rest, from the newest answer. What is written
    /// between two frames would be laid out once for whoever asks where the list stands, and once more for the screen.
    fn write(self, more: usize) {
        // A frame later the list may be gone.
        let Some((now, live)) = self.shown.try_get_untracked().zip(self.live.try_get_value()) else { return };
        let left = self.list.try_with_untracked(|list| {
            let list = list.as_ref()?;
            let places = live.into_iter().filter_map(|slot| Some((now.at(slot.number)?, slot)));
            let mut wrong: Vec<(u32, Slot)> = places.filter(|(at, slot)| !slot.shows(*at, list)).collect();
            let turn = turn(&mut wrong, &self.in_sight.run(()), more);
            wrong.drain(..turn).for_each(|(at, slot)| slot.show(at, list));
            Some(!wrong.is_empty())
        });
        if left.flatten() == Some(true) && !self.writing.get_value() {
            self.writing.set_value(true);
            request_animation_frame(move || {
                if self.writing.try_update_value(|writing| *writing = false).is_some() {
                    self.write(ROWS_A_FRAME);
                }
            });
        }
    }
}

/// Puts first what is to be written now, and says how much that is: all that is in sight, and so many more, the nearest.
fn turn<T>(wrong: &mut [(u32, T)], in_sight: &Range<u32>, more: usize) -> usize {
    let away = |at: u32| in_sight.start.saturating_sub(at).max((at + 1).saturating_sub(in_sight.end));
    wrong.sort_unstable_by_key(|(at, _)| (away(*at), Reverse(*at)));
    let seen = wrong.partition_point(|(at, _)| away(*at) == 0);
    (seen + more).min(wrong.len())
}

/// Keeps the rows in the page in the order in which they are seen, for who has the page read out. That is done once
/// scrolling rests: a row that is moved is laid out anew with all that is in it, and nothing seen depends on the order.
fn keep_order(shown: RwSignal<Shown>, rows: NodeRef<html::Ul>) {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let order = move || {
        let there = rows.try_get_untracked().flatten().zip(shown.try_get_untracked());
        there.into_iter().for_each(|(rows, shown)| put_in_order(&rows, shown));
    };
    Effect::new(move |before: Option<Shown>| {
        let now = shown.get();
        if rows.get().is_some() {
            leave_focus(before.unwrap_or(now), now);
        }
        // By then places that come into use are in the page.
        let later = set_timeout_with_handle(order, REST).ok();
        waiting.update_value(|waiting| {
            std::mem::replace(waiting, later).into_iter().for_each(|earlier| earlier.clear());
        });
        now
    });
}

/// Takes the focus from a row that went out of sight: it is not meant for the one that took the place.
fn leave_focus(before: Shown, now: Shown) {
    let Some(focused) = dom::focused() else { return };
    let row = focused.closest(".list-r").ok().flatten();
    let number = row.and_then(|row| number_of(&row));
    if number.is_some_and(|number| before.at(number) != now.at(number)) {
        drop(focused.blur());
    }
}

/// Moves rows around one that stays where it is: the one that has the focus, which would lose it, or else the one in the
/// middle, around which few stand wrong.
fn put_in_order(rows: &Element, shown: Shown) {
    let children = rows.children();
    let in_use = |row: Element| Some((shown.at(number_of(&row)?)?, row));
    let mut order: Vec<(u32, Element)> =
        (0..children.length()).filter_map(|at| in_use(children.item(at)?)).collect();
    if order.is_sorted_by_key(|(at, _)| *at) {
        return;
    }
    order.sort_by_key(|(at, _)| *at);
    let focused = dom::focused();
    let has_focus = |(_, row): &(u32, Element)| focused.as_deref().is_some_and(|it| row.contains(Some(it)));
    let fixed = order.iter().position(has_focus).unwrap_or(order.len() / 2);
    let (above, below) = order.split_at(fixed);
    for pair in below.windows(2) {
        let [(_, row), (_, next)] = pair else { continue };
        if row.next_element_sibling().as_ref() != Some(next) {
            drop(row.after_with_node_1(next));
        }
    }
    let mut next = below.first().map(|(_, row)| row);
    for (_, row) in above.iter().rev() {
        if let Some(next) = next.filter(|next| next.previous_element_sibling().as_ref() != Some(row)) {
            drop(next.before_with_node_1(row));
        }
        next = Some(row);
    }
}

fn number_of(row: &Element) -> Option<u32> {
    row.get_attribute("data-slot")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_writes_only_the_places_that_went_out_of_sight_r51() {
        let before = Shown::default().next(8, 32, 90);
        let now = before.next(12, 32, 90);
        assert_eq!((before.numbers(), now.numbers()), ((0..32).collect(), (0..32).collect()));
        let written: Vec<u32> = (0..32).filter(|number| before.at(*number) != now.at(*number)).collect();
        assert_eq!(written, [8, 9, 10, 11]);
        assert_eq!((now.at(8), now.at(11), now.at(12)), (Some(40), Some(43), Some(12)));
    }

    #[test]
    fn what_is_seen_is_written_at_once_and_the_rest_by_and_by_r51() {
        let turns = |positions: Range<u32>, in_sight: Range<u32>| {
            let mut wrong: Vec<(u32, ())> = positions.map(|at| (at, ())).collect();
            let turn = turn(&mut wrong, &in_sight, 3);
            wrong[..turn].iter().map(|(at, ())| *at).collect::<Vec<_>>()
        };
        assert_eq!(turns(40..44, 20..32), [40, 41, 42]);
        assert_eq!(turns(8..12, 20..32), [11, 10, 9]);
        assert_eq!(turns(8..40, 20..24), [23, 22, 21, 20, 24, 19, 25]);
        assert_eq!(turns(20..22, 20..32), [21, 20]);
        assert!(turns(0..0, 20..32).is_empty());
    }

    #[test]
    fn every_row_has_one_place_and_every_place_one_row() {
        let full = Shown::default().next(0, 32, 32);
        for (offset, count) in [(0, 0), (0, 5), (0, 32), (40, 32), (999, 7)] {
            let shown = full.next(offset, count, count);
            let mut rows: Vec<u32> = shown.numbers().into_iter().filter_map(|at| shown.at(at)).collect();
            rows.sort_unstable();
            assert_eq!(rows, (offset..offset + count).collect::<Vec<_>>());
        }
        assert_eq!(Shown::default().at(3), None);
    }
}

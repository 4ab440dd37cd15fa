//! The list pane: what is asked for follows from what is seen, and only that is drawn.

use super::filter::QUIET_DAYS;
use super::head::Head;
use super::none::Nothing;
use super::pick::Picking;
use super::rail::Rail;
use super::row::CustomerRow;
use super::scroll::{self, Layout};
use super::slots::{Slot, Slots};
use super::swipe::{Swipe, Under};
use super::table::{HEAD_REM, TABLE_ROW_REM, TableRows};
use crate::port::{Cells, PartnerList, PartnerRow, PartnerSort, Query, Rows, Window};
use crate::ui::components::Skeleton;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::memory::{Memory, use_memory};
use crate::ui::platform::{clock, dom};
use crate::ui::session::use_session;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use satchel_domain::{RecordId, Tier};
use std::ops::Range;

/// The rail is of use from so many rows on.
const RAIL_FROM: u32 = 15;
/// From this width of the window on, rows are lower, as the style has it.
const WIDE_PX: f64 = 1360.0;
const ROW_REM: f64 = 4.25;
const ROW_REM_WIDE: f64 = 3.75;
const LETTER_REM: f64 = 1.75;

/// A customer as the list has it.
#[derive(Clone, PartialEq)]
pub(super) struct Listed {
    pub(super) row: PartnerRow,
    pub(super) tier: Option<Tier>,
    /// What only a table shows.
    pub(super) cells: Option<Cells>,
}

/// What is seen of the list, and what is drawn for it.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    list: ReadSignal<Option<PartnerList>>,
    pub(super) layout: Memo<Layout>,
    /// Offset and limit of the rows that are asked for and drawn.
    drawn: Memo<(u32, u32)>,
    /// As lines or as a table.
    shown: RwSignal<Rows>,
    /// Row height and viewport height in CSS pixels.
    pub(super) size: RwSignal<(f64, f64)>,
    /// Where the scroller said last that it stands, in CSS pixels.
    heard: StoredValue<i32>,
    /// The row on which Tab stops.
    pub(super) stop: RwSignal<u32>,
    pub(super) picking: Picking,
    pub(super) memory: Memory,
}

/// The list with everything above it.
#[component]
pub(super) fn ListPane(
    /// Who is open beside it.
    chosen: Memo<Option<RecordId>>,
    /// As lines or as a table.
    wanted: Memo<Rows>,
) -> impl IntoView {
    let seen = see(wanted);
    let list = seen.list;
    follow_shape(seen, wanted);
    reveal_chosen(seen, chosen);
    let some = Memo::new(move |_| list.with(|list| list.as_ref().map(|list| list.total > 0)));
    let state = Memo::new(move |_| (some.get(), seen.shown.get()));
    let no_customers =
        Signal::derive(move || list.with(|list| list.as_ref().is_some_and(|list| list.all == 0)));
    view! {
        <div class="pane pane-list">
            <Head list=list />
            {move || match state.get() {
                (None, _) => view! { <div class="scroll list-s"><Skeleton lines=8 /></div> }.into_any(),
                (Some(false), _) => view! { <div class="scroll list-s"><Nothing no_customers=no_customers /></div> }.into_any(),
                (Some(true), Rows::Lines) => view! { <Lines seen=seen chosen=chosen /> }.into_any(),
                (Some(true), Rows::Table) => view! { <TableRows seen=seen chosen=chosen /> }.into_any(),
            }}
        </div>
    }
}

/// Asks for the rows around what is seen.
fn see(wanted: Memo<Rows>) -> Seen {
    let (session, memory) = (use_session(), use_memory());
    let shown = RwSignal::new(wanted.get_untracked());
    let size = RwSignal::new((row_px(shown.get_untracked()), 800.0));
    let (answer, set_answer) = signal(None::<(u32, Vec<(char, u32)>)>);
    let layout = Memo::new(move |_| {
        let by_name = shown.get() == Rows::Lines && memory.view.with(|view| view.sort == PartnerSort::Name);
        let (total, letters) = answer.get().unwrap_or_default();
        let letters = if by_name { letters } else { Vec::new() };
        Layout { total, letters, row: size.get().0, letter: LETTER_REM * dom::rem_px() }
    });
    let drawn =
        Memo::new(move |_| layout.with(|layout| scroll::window(layout, memory.scrolled.get(), size.get().1)));
    let list = session.watch::<PartnerList>(move || {
        let (offset, limit) = drawn.get();
        let quiet_since_ms = clock::midnight(clock::now_ms(), -QUIET_DAYS);
        memory.view.with(|view| Query::Partners {
            filter: view.filter_since(quiet_since_ms, clock::midnight(clock::now_ms(), 0)),
            sort: view.sort,
            window: Window { offset, limit },
            rows: shown.get(),
        })
    });
    // The layout follows from an answer to what follows from the layout: the port stands between the two.
    Effect::new(move || {
        let now = list.with(|list| list.as_ref().map(|list| (list.total, list.letters.clone())));
        // All rows are laid out by it: they are not woken for nothing.
        if answer.with_untracked(|before| *before != now) {
            set_answer.set(now);
        }
    });
    let (heard, stop) = (StoredValue::new(0), RwSignal::new(0));
    Seen { list, layout, drawn, shown, size, heard, stop, picking: Picking::new(), memory }
}

/// Goes from lines to a table and back; the row that was seen at the top stays there.
fn follow_shape(seen: Seen, wanted: Memo<Rows>) {
    Effect::new(move || {
        let (rows, Seen { layout, memory, .. }) = (wanted.get(), seen);
        if seen.shown.get_untracked() == rows {
            return;
        }
        let first = layout.with_untracked(|layout| layout.row_at(memory.scrolled.get_untracked()));
        seen.shown.set(rows);
        seen.size.update(|(row, _)| *row = row_px(rows));
        let top = layout.with_untracked(|layout| layout.top(first));
        memory.scrolled.set(if first == 0 { 0.0 } else { top });
    });
}

/// Brings the row of the customer that was opened into view, once: however it was opened, it is seen in the list.
fn reveal_chosen(seen: Seen, chosen: Memo<Option<RecordId>>) {
    let revealed = RwSignal::new(None::<RecordId>);
    let place = use_session().watch_if::<(RecordId, Option<u32>)>(move || {
        let id = chosen.get().filter(|id| revealed.get() != Some(*id))?;
        let quiet_since_ms = clock::midnight(clock::now_ms(), -QUIET_DAYS);
        Some(seen.memory.view.with(|view| Query::Place {
            id,
            filter: view.filter_since(quiet_since_ms, clock::midnight(clock::now_ms(), 0)),
            sort: view.sort,
        }))
    });
    Effect::new(move || {
        if let Some((of, Some(at))) = place.get().filter(|(of, _)| Some(*of) == chosen.get())
            && at < seen.total()
        {
            untrack(|| seen.reveal(at));
            revealed.set(Some(of));
        }
    });
}

/// Row heights follow the text size and the width of the window, as the style does.
fn row_px(shown: Rows) -> f64 {
    let rem = match shown {
        Rows::Table => TABLE_ROW_REM,
        Rows::Lines if dom::width_px() >= WIDE_PX => ROW_REM_WIDE,
        Rows::Lines => ROW_REM,
    };
    dom::rem_px() * rem
}

impl Seen {
    pub(super) fn total(self) -> u32 {
        self.layout.with(|layout| layout.total)
    }

    /// Whether it stands under letters: sorted by name, and not by how well a text matches.
    fn by_name(self) -> bool {
        self.layout.with(|layout| !layout.letters.is_empty())
    }

    /// The positions of the rows that are drawn.
    pub(super) fn rows(self) -> Vec<u32> {
        let (offset, limit) = self.drawn.get();
        (offset..(offset + limit).min(self.total())).collect()
    }

    /// The positions of the rows that are seen, in part at least.
    fn in_sight(self) -> Range<u32> {
        let top = self.memory.scrolled.get_untracked();
        let bottom = top + self.size.get_untracked().1;
        self.layout.with_untracked(|layout| layout.row_at(top)..layout.row_at(bottom) + 1)
    }

    /// The letters above the rows that are drawn.
    fn letters(self) -> Vec<char> {
        let (offset, limit) = self.drawn.get();
        let drawn = |row: &u32| (offset..offset + limit).contains(row);
        self.layout.with(|layout| {
            layout.letters.iter().filter(|(_, row)| drawn(row)).map(|(letter, _)| *letter).collect()
        })
    }

    /// The row on which Tab stops: the one that had the focus last, if it is drawn.
    pub(super) fn stops_at(self) -> u32 {
        let (offset, limit) = self.drawn.get();
        let here = self.stop.get();
        let first = self.layout.with(|layout| layout.row_at(self.memory.scrolled.get()));
        if (offset..offset + limit).contains(&here) { here } else { first }
    }

    /// Moves the focus by the arrow keys, bringing the row into view.
    pub(super) fn step(self, event: &KeyboardEvent) {
        let (here, last) =
            (self.stop.get_untracked(), self.layout.with_untracked(|layout| layout.total.saturating_sub(1)));
        let next = match event.key().as_str() {
            "ArrowDown" => (here + 1).min(last),
            "ArrowUp" => here.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            _ => return self.pick(event, here),
        };
        event.prevent_default();
        if event.shift_key() {
            self.picking.stretch(here, next);
        }
        self.stop.set(next);
        self.reveal(next);
        focus_row(next, ROW_FRAMES);
    }

    /// Chooses by the keyboard: Space the row that has the focus, Ctrl A all, Escape nobody any more.
    fn pick(self, event: &KeyboardEvent, here: u32) {
        let on = self.picking.on_untracked();
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            key if key == " " || (on && key == "Enter") => {
                let found = self.list.with_untracked(|list| row_at(list.as_ref()?, here));
                found.into_iter().for_each(|found| self.picking.toggle(here, found.row.id));
            }
            "a" if on && command => self.picking.all(),
            "Escape" if on => self.picking.stop(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// The customer at a position; nothing while it is on its way.
    pub(super) fn listed(self, index: u32) -> Memo<Option<Listed>> {
        Memo::new(move |_| self.list.with(|list| row_at(list.as_ref()?, index)))
    }

    /// The scroller was scrolled by hand.
    pub(super) fn hear(self, event: &web_sys::Event) {
        let top = event_target::<web_sys::Element>(event).scroll_top();
        self.heard.set_value(top);
        self.memory.scrolled.set(f64::from(top));
    }

    fn reveal(self, row: u32) {
        let (row_px, viewport) = self.size.get_untracked();
        let scrolled = self.memory.scrolled.get_untracked();
        let (top, letter) = self.layout.with_untracked(|layout| (layout.top(row), layout.letter));
        if top - letter < scrolled {
            self.memory.scrolled.set((top - letter).max(0.0));
        } else if top + row_px > scrolled + viewport {
            self.memory.scrolled.set(top + row_px - viewport);
        }
    }
}

/// The scroller with its rows, letters and rail.
#[component]
fn Lines(seen: Seen, chosen: Memo<Option<RecordId>>) -> impl IntoView {
    let i18n = use_i18n();
    let scrolled = seen.memory.scrolled;
    let scroller = NodeRef::<html::Div>::new();
    follow(seen, scroller, chosen);
    let swipe = Swipe::new(seen.picking);
    let top = Callback::new(move |row: u32| seen.layout.with(|layout| layout.top(row)));
    let letter = Memo::new(move |_| seen.layout.with(|layout| layout.letter_at(scrolled.get())));
    let rows = NodeRef::<html::Ul>::new();
    let in_sight = Callback::new(move |()| seen.in_sight());
    let slots = Slots::of(seen.list, Memo::new(move |_| seen.stops_at()), in_sight, rows);
    view! {
        <div
            class="scroll list-s"
            node_ref=scroller
            on:scroll=move |event| seen.hear(&event)
            on:keydown=move |event| seen.step(&event)
        >
            <Show when=move || seen.by_name()>
                <div class="letter letter-now" aria-hidden="true">{move || letter.get().map(|letter| letter.to_string())}</div>
            </Show>
            <div class="list-a" style:block-size=move || seen.layout.with(|layout| format!("{}px", layout.height()))>
                <For each=move || seen.letters() key=|letter| *letter children=move |letter| view! { <Letter seen=seen letter=letter /> } />
                <Under swipe=swipe top=top />
                <ul class="list" node_ref=rows aria-label=move || t_string!(i18n, customers.list)>
                    <For
                        each=move || slots.numbers()
                        key=|number| *number
                        children=move |number| slots.begin(number).map(|here| view! { <Row seen=seen here=here chosen=chosen swipe=swipe /> })
                    />
                </ul>
            </div>
        </div>
        <Show when=move || { seen.by_name() && seen.total() >= RAIL_FROM }>
            <Rail layout=seen.layout letter=letter on_jump=move |top| scrolled.set(top) />
        </Show>
    }
}

/// Keeps the scroller where the memory says, and measures it. While the pane is hidden beside a wide customer it has no
/// height, and nothing is learned from it; where it is shown again, it is brought to where it was.
pub(super) fn follow(seen: Seen, scroller: NodeRef<html::Div>, chosen: Memo<Option<RecordId>>) {
    // A frame later the list may be gone.
    let place = move || {
        let Some(element) = scroller.try_get_untracked().flatten().filter(|it| it.client_height() > 0) else {
            return;
        };
        let shape = seen.shown.get_untracked();
        let above = if shape == Rows::Table { HEAD_REM * dom::rem_px() } else { 0.0 };
        seen.size.try_set((row_px(shape), f64::from(element.client_height()) - above));
        let wanted = seen.memory.scrolled.get_untracked();
        if element.scroll_top() != wanted.round() as i32 {
            element.set_scroll_top(wanted.round() as i32);
            // A short list does not go so far: what is remembered is where it stands.
            let stands = f64::from(element.scroll_top());
            if (stands - wanted).abs() >= 1.0 {
                seen.memory.scrolled.try_set(stands);
            }
        }
    };
    Effect::new(move |before: Option<Option<RecordId>>| {
        let (wanted, now) = (seen.memory.scrolled.get().round() as i32, chosen.get());
        // What a hand scrolls to is there already; to ask would lay out the page once more in each frame.
        let by_hand = before == Some(now) && seen.heard.get_value() == wanted;
        if scroller.get().is_some() && !by_hand {
            request_animation_frame(place);
        }
        now
    });
    Effect::new(move || {
        if let Some(element) = scroller.get() {
            dom::watch_size(&element, place);
        }
    });
}

/// A letter above its first row. Decoration: the rows are a plain list for who hears it.
#[component]
fn Letter(seen: Seen, letter: char) -> impl IntoView {
    let top = move || {
        seen.layout.with(|layout| layout.top_of_letter(letter)).map(|top| format!("translateY({top}px)"))
    };
    view! { <div class="letter list-l" aria-hidden="true" style:transform=top>{letter.to_string()}</div> }
}

/// A row, and another one as soon as this one is out of sight.
#[component]
fn Row(seen: Seen, here: Slot, chosen: Memo<Option<RecordId>>, swipe: Swipe) -> impl IntoView {
    let at = here.at;
    let top = move || seen.layout.with(|layout| format!("translateY({}px)", layout.top(at.get())));
    view! {
        <li
            class="list-r"
            data-slot=here.number.to_string()
            style:transform=top
            style:block-size=move || format!("{}px", seen.size.get().0)
            aria-posinset=move || (at.get() + 1).to_string()
            aria-setsize=move || seen.total().to_string()
            on:focusin=move |_| seen.stop.set(at.get_untracked())
        >
            <CustomerRow here=here chosen=chosen picking=seen.picking swipe=swipe />
        </li>
    }
}

/// Frames in which a row is waited for that was not drawn yet: a second.
const ROW_FRAMES: u32 = 60;

/// Moves the focus to a row as soon as it is drawn.
fn focus_row(row: u32, frames: u32) {
    request_animation_frame(move || {
        let wanted = format!(
            ".list-r[aria-posinset='{}'] .cust, .ctab-r[aria-rowindex='{}'] .ctab-a",
            row + 1,
            row + 2
        );
        match frames.checked_sub(1) {
            Some(left) if !dom::is_there(&wanted) => focus_row(row, left),
            _ => dom::focus_first(&wanted),
        }
    });
}

impl Listed {
    /// Whether a list has this at a position; a list that does not reach so far has nothing else there.
    pub(super) fn is_at(&self, list: &PartnerList, index: u32) -> bool {
        let Some(at) = index.checked_sub(list.offset).map(|at| at as usize) else { return true };
        let tier = list.tiers.get(at).copied().flatten();
        list.rows
            .get(at)
            .is_none_or(|row| (row, tier, list.cells.get(at)) == (&self.row, self.tier, self.cells.as_ref()))
    }
}

pub(super) fn row_at(list: &PartnerList, index: u32) -> Option<Listed> {
    let at = index.checked_sub(list.offset)? as usize;
    let row = list.rows.get(at)?.clone();
    Some(Listed { row, tier: list.tiers.get(at).copied().flatten(), cells: list.cells.get(at).cloned() })
}

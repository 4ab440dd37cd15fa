//! The customer list, and beside it where there is room: one customer.

mod chips;
mod filter;
mod head;
mod list;
mod none;
mod pick;
mod rail;
mod row;
mod scroll;
mod slots;
mod swipe;
mod table;

pub use chips::Pick;
pub use filter::{QUIET_DAYS, View};
pub use row::ContactAge;
pub use table::use_usual_columns;

use self::list::ListPane;
use crate::port::Rows;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::CustomerPane;
use crate::ui::pages::memory::use_memory;
use crate::ui::platform::dom;
use crate::ui::routes::{Place, Tab, use_nav};
use leptos::ev;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// The list with one customer beside it, or one of the two on a phone.
#[component]
pub fn Customers() -> impl IntoView {
    let nav = use_nav();
    let chosen = Memo::new(move |_| match nav.place() {
        Place::Customer(id, _) => Some(id),
        _ => None,
    });
    let tabled = tabled();
    let wanted = Memo::new(move |_| match chosen.get() {
        None if tabled.get() => Rows::Table,
        _ => Rows::Lines,
    });
    let class = Memo::new(move |_| match (nav.place(), tabled.get()) {
        (Place::Customer(_, Tab::Brief), false) => "panes panes-list panes-open",
        (Place::Customer(_, Tab::Brief), true) => "panes panes-list panes-open panes-tabled",
        (Place::Customer(..), false) => "panes panes-customer",
        (Place::Customer(..), true) => "panes panes-customer panes-tabled",
        (_, false) => "panes panes-list",
        (_, true) => "panes panes-table",
    });
    let wide = Memo::new(move |_| matches!(nav.place(), Place::Customer(_, tab) if tab != Tab::Brief));
    move_focus(chosen);
    view! {
        <main class=move || class.get()>
            <ListPane chosen=chosen wanted=wanted />
            <div class="pane pane-detail" class:pane-wide=move || wide.get()>
                {move || match chosen.get() {
                    Some(id) => view! { <CustomerPane id=id /> }.into_any(),
                    None => view! { <ChooseOne /> }.into_any(),
                }}
            </div>
        </main>
    }
}

/// From this width of the window on there is room for a table, as the style has it.
const TABLE_PX: f64 = 1100.0;

/// Whether customers are shown as a table: it is wanted, and there is room.
fn tabled() -> Memo<bool> {
    let memory = use_memory();
    let room = RwSignal::new(dom::width_px() >= TABLE_PX);
    let resized = window_event_listener(ev::resize, move |_| room.set(dom::width_px() >= TABLE_PX));
    on_cleanup(move || resized.remove());
    Memo::new(move |_| room.get() && memory.rows.get() == Rows::Table)
}

/// Stands where a customer will be.
#[component]
fn ChooseOne() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="choose">
            <h2>{move || t_string!(i18n, customers.choose_title)}</h2>
            <p>{move || t_string!(i18n, customers.choose_text)}</p>
        </div>
    }
}

/// Frames in which the heading of a customer that was opened is waited for: three seconds.
const HEADING_FRAMES: u32 = 180;

/// Moves the focus to the customer's heading as soon as it is drawn.
fn focus_heading_soon(frames: u32) {
    const HEADING: &str = ".pane-detail .ch h1";
    request_animation_frame(move || match document().query_selector(HEADING) {
        Ok(Some(_)) => dom::focus_heading(HEADING),
        _ if frames > 0 => focus_heading_soon(frames - 1),
        _ => {}
    });
}

/// To the heading of the customer that was opened, and back to its row when it was closed.
fn move_focus(chosen: Memo<Option<RecordId>>) {
    Effect::new(move |before: Option<Option<RecordId>>| {
        let now = chosen.get();
        match (before, now) {
            (Some(was), Some(is)) if was != Some(is) => {
                focus_heading_soon(HEADING_FRAMES);
            }
            (Some(Some(was)), None) => {
                request_animation_frame(move || dom::focus_first(&format!("#c-{}", was.to_hex())));
            }
            _ => {}
        }
        now
    });
}

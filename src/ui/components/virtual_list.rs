//! A list of any length that draws only what is seen: every row is equally high.

use crate::port::Window;
use crate::ui::platform::dom;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Rows drawn beyond each edge.
const MARGIN: u32 = 12;
/// Windows move in steps of this many rows, so that a little scrolling asks nothing.
const STEP: u32 = 16;

/// The rows to draw for what is seen.
pub(crate) fn window_for(first_seen: u32, seen: u32, total: u32) -> Window {
    let offset = first_seen.saturating_sub(MARGIN) / STEP * STEP;
    let end = (first_seen + seen + MARGIN).div_ceil(STEP) * STEP;
    Window { offset: offset.min(total), limit: end.saturating_sub(offset).max(2 * STEP) }
}

/// The list. `window` is written as the reader scrolls: query it, and draw `row` from the answer.
#[component]
pub fn VirtualList<F>(
    /// What the list is of.
    #[prop(into)]
    label: Signal<String>,
    /// How many rows there are.
    #[prop(into)]
    total: Signal<u32>,
    /// Height of a row, in rem.
    row_rem: f64,
    /// The rows that are drawn.
    window: RwSignal<Window>,
    /// Draws the row with this position.
    row: F,
) -> impl IntoView
where
    F: Fn(u32) -> AnyView + Copy + Send + Sync + 'static,
{
    let scroller = NodeRef::<html::Div>::new();
    let row_px = RwSignal::new(row_rem * 16.0);
    let measure = move || {
        row_px.set(row_rem * dom::rem_px());
        let Some(element) = scroller.get_untracked() else { return };
        let px = row_px.get_untracked();
        let first = (f64::from(element.scroll_top()) / px).max(0.0) as u32;
        let seen = (f64::from(element.client_height()) / px).ceil() as u32;
        let next = window_for(first, seen, total.get_untracked());
        if window.get_untracked() != next {
            window.set(next);
        }
    };
    Effect::new(move || {
        total.track();
        if scroller.get().is_some() {
            measure();
        }
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let drawn = move || {
        let at = window.get();
        (at.offset..(at.offset + at.limit).min(total.get())).collect::<Vec<_>>()
    };
    let item = move |index: u32| {
        view! {
            <li
                class="vl-r"
                style:transform=move || format!("translateY({}px)", f64::from(index) * row_px.get())
                style:block-size=move || format!("{}px", row_px.get())
                aria-posinset=(index + 1).to_string()
                aria-setsize=move || total.get().to_string()
            >
                {row(index)}
            </li>
        }
    };
    view! {
        <div class="scroll vl" node_ref=scroller tabindex="-1" on:scroll=move |_| measure() on:keydown=move |event| step(&event, scroller, row_px.get_untracked())>
            <ul class="vl-l" aria-label=move || label.get() style:block-size=move || format!("{}px", f64::from(total.get()) * row_px.get())>
                <For each=drawn key=|index| *index children=item />
            </ul>
        </div>
    }
}

/// Arrows move the focus from row to row.
fn step(event: &KeyboardEvent, scroller: NodeRef<html::Div>, row_px: f64) {
    let by = match event.key().as_str() {
        "ArrowDown" => 1.0,
        "ArrowUp" => -1.0,
        _ => return,
    };
    let Some(scroller) = scroller.get_untracked() else { return };
    let Some(here) = dom::focused().and_then(|focused| focused.closest(".vl-r").ok().flatten()) else {
        return;
    };
    let position =
        here.get_attribute("aria-posinset").and_then(|at| at.parse::<f64>().ok()).unwrap_or(1.0) + by;
    let selector = format!(".vl-r[aria-posinset='{position}'] :is(a, button)");
    let Ok(Some(next)) = scroller.query_selector(&selector) else { return };
    event.prevent_default();
    if let Ok(next) = next.dyn_into::<HtmlElement>() {
        drop(next.focus());
    }
    let top = (position - 1.0) * row_px;
    let seen = f64::from(scroller.scroll_top());
    if top < seen || top + row_px > seen + f64::from(scroller.client_height()) {
        scroller.set_scroll_top((top - f64::from(scroller.client_height()) / 2.0) as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::window_for;

    #[test]
    fn windows_cover_what_is_seen_and_move_in_steps() {
        for first in [0, 1, 15, 16, 99_990] {
            let window = window_for(first, 13, 100_000);
            assert!(window.offset <= first && first + 13 <= window.offset + window.limit);
        }
        assert_eq!(window_for(100, 13, 100_000), window_for(101, 13, 100_000));
        assert_eq!(window_for(0, 13, 0).offset, 0);
    }
}

//! Dragging a visit to another place by its number. The buttons beside it do the same by a press.

use super::use_road;
use crate::ui::i18n::{t_string, use_i18n};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// A visit that is being dragged: from which place, over which.
#[derive(Clone, Copy, Default)]
pub(super) struct Drag(RwSignal<Option<(usize, usize)>>);

impl Drag {
    /// Classes of the stop at a place while something is dragged.
    pub(super) fn class(self, place: usize) -> &'static str {
        match self.0.get() {
            Some((from, _)) if from == place => "plan-s plan-drag",
            Some((from, over)) if over == place && from > place => "plan-s plan-above",
            Some((from, over)) if over == place && from < place => "plan-s plan-below",
            _ => "plan-s",
        }
    }
}

/// The number of a visit, by which it is dragged.
#[component]
pub(super) fn Handle(
    /// Where it stands.
    place: usize,
) -> impl IntoView {
    let (i18n, road) = (use_i18n(), use_road());
    let drag = road.drag.0;
    let begin = move |event: PointerEvent| {
        if event.button() == 0 && event.is_primary() {
            event.prevent_default();
            let handle = event.current_target().and_then(|at| at.dyn_into::<Element>().ok());
            if let Some(handle) = handle {
                drop(handle.set_pointer_capture(event.pointer_id()));
            }
            drag.set(Some((place, place)));
        }
    };
    let follow = move |event: PointerEvent| {
        if drag.with_untracked(Option::is_some) {
            drag.set(Some((place, under(f64::from(event.client_y()), place))));
        }
    };
    let end = move |_| {
        let Some((from, over)) = drag.get_untracked() else { return };
        drag.set(None);
        road.move_to(from, over, t_string!(i18n, plan.moved).to_owned());
    };
    view! {
        <span
            class="plan-n num"
            aria-hidden="true"
            on:pointerdown=begin
            on:pointermove=follow
            on:pointerup=end
            on:pointercancel=move |_| drag.set(None)
        >
            {place + 1}
        </span>
    }
}

/// The place whose row lies under a height of the window; where there is none, `otherwise`.
fn under(y: f64, otherwise: usize) -> usize {
    let Ok(rows) = document().query_selector_all("[data-stop]") else { return otherwise };
    let rows = (0..rows.length()).filter_map(|k| rows.item(k)?.dyn_into::<Element>().ok());
    let bottoms: Vec<f64> = rows.map(|row| row.get_bounding_client_rect().bottom()).collect();
    let above = bottoms.iter().filter(|bottom| **bottom < y).count();
    if bottoms.is_empty() { otherwise } else { above.min(bottoms.len() - 1) }
}

//! Where the focus goes when a tap takes away what has it: to the row that comes into its place, else to the heading.

use crate::ui::platform::dom;
use leptos::prelude::*;
use std::iter::successors;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

/// A control that may go with what it acts on.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// Where it was when it was pressed.
    pressed: StoredValue<Option<Spot>, LocalStorage>,
}

/// The list of a row, if it stands in one, and how many are before it.
#[derive(Debug, Clone)]
struct Spot {
    list: Option<Element>,
    before: u32,
}

/// Minds the focus of a control of the calling component; `control` selects it in its row.
pub fn use_leaving(control: &'static str) -> Leaving {
    let leaving = Leaving { pressed: StoredValue::new_local(None) };
    on_cleanup(move || {
        if let Some(spot) = leaving.pressed.try_get_value().flatten() {
            request_animation_frame(move || spot.pass_on(control));
        }
    });
    leaving
}

impl Leaving {
    /// It was pressed.
    pub fn press(self, event: &MouseEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let row = target.and_then(|target| target.closest("li").ok().flatten());
        let spot = Spot {
            list: row.as_ref().and_then(|row| row.parent_element()),
            before: row.as_ref().map_or(0, rows_before),
        };
        self.pressed.set_value(Some(spot));
    }
}

fn rows_before(row: &Element) -> u32 {
    let before = successors(row.previous_element_sibling(), Element::previous_element_sibling);
    u32::try_from(before.count()).unwrap_or(u32::MAX)
}

impl Spot {
    /// Whoever has put the focus elsewhere meanwhile keeps it there.
    fn pass_on(self, control: &str) {
        if dom::focused().is_some_and(|focused| focused.tag_name() != "BODY") {
            return;
        }
        match self.next(control) {
            Some(next) => drop(next.focus()),
            None => dom::focus_heading("#content h1"),
        }
    }

    /// The control of the row that stands there now, or of the last one.
    fn next(&self, control: &str) -> Option<HtmlElement> {
        let list = self.list.as_ref().filter(|list| list.is_connected())?;
        let controls = list.query_selector_all(control).ok()?;
        let last = controls.length().checked_sub(1)?;
        controls.item(self.before.min(last))?.dyn_into().ok()
    }
}

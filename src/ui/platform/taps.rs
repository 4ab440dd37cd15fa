//! The second tap of a double tap belongs to what the first one hit. Where that has gone meanwhile, such as a sheet's
//! Save or the circle of a task, it would do something to whatever came into its place; there it does nothing.

use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MouseEvent, PointerEvent};

/// A finger that taps again does so within this time,
const WITHIN_MS: f64 = 400.0;
/// and this near, in CSS pixels.
const WITHIN_PX: f64 = 24.0;
/// What takes a tap as a whole, with everything inside of it.
const CONTROLS: &str = "button, a, summary, input, select, textarea, [role='option'], [role^='menuitem']";
/// Says which record a control acts on, where the control stays and the record is another one after a tap.
const ACTS_ON: &str = "data-of";

/// When and where, in milliseconds of the page's life and CSS pixels of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Tap {
    at_ms: f64,
    x: f64,
    y: f64,
}

/// What a tap hits.
#[derive(Debug, Clone, PartialEq)]
struct Hit {
    control: Element,
    acts_on: Option<String>,
}

/// Watches all taps for as long as the page lives. What the keyboard presses is none.
pub fn follow() {
    let by_mouse = Rc::new(Cell::new(true));
    let seen = Rc::clone(&by_mouse);
    let down = move |event: PointerEvent| seen.set(event.pointer_type() == "mouse");
    listen("pointerdown", &Closure::<dyn Fn(PointerEvent)>::new(down).into_js_value());
    let last = RefCell::new(None::<(Tap, Hit)>);
    let click = move |event: MouseEvent| look(&event, by_mouse.get(), &last);
    listen("click", &Closure::<dyn Fn(MouseEvent)>::new(click).into_js_value());
}

/// Before anything on the page hears of it.
fn listen(name: &str, listener: &JsValue) {
    drop(window().add_event_listener_with_callback_and_bool(name, listener.unchecked_ref(), true));
}

fn look(event: &MouseEvent, by_mouse: bool, last: &RefCell<Option<(Tap, Hit)>>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(hit) = target.filter(|_| event.detail() > 0).map(hit_at) else { return };
    let tap = Tap { at_ms: event.time_stamp(), x: event.client_x().into(), y: event.client_y().into() };
    let mut last = last.borrow_mut();
    match last.as_mut() {
        Some((before, first))
            if tap.repeats(*before, event.detail(), by_mouse) && !still_there(*before, first) =>
        {
            before.at_ms = tap.at_ms;
            event.prevent_default();
            event.stop_immediate_propagation();
        }
        _ => *last = Some((tap, hit)),
    }
}

impl Tap {
    /// Whether it belongs to the same double tap. Browsers count the clicks of a mouse; those of a finger not all.
    fn repeats(self, before: Self, clicks: i32, by_mouse: bool) -> bool {
        let near = (self.x - before.x).hypot(self.y - before.y) <= WITHIN_PX;
        clicks > 1 || (!by_mouse && near && self.at_ms - before.at_ms <= WITHIN_MS)
    }
}

/// Whether what was hit lies where it was.
fn still_there(tap: Tap, hit: &Hit) -> bool {
    let found = document().element_from_point(tap.x as f32, tap.y as f32);
    found.map(hit_at).as_ref() == Some(hit)
}

/// The control that takes a tap. A label's is its field, which the browser clicks after it.
fn hit_at(target: Element) -> Hit {
    let closest = |what: &str| target.closest(what).ok().flatten();
    let control = match closest("label") {
        Some(label) => field_of(&label).unwrap_or(label),
        None => closest(CONTROLS).unwrap_or_else(|| target.clone()),
    };
    Hit { acts_on: control.get_attribute(ACTS_ON), control }
}

fn field_of(label: &Element) -> Option<Element> {
    match label.get_attribute("for") {
        Some(id) => document().get_element_by_id(&id),
        None => label.query_selector("input, select, textarea").ok().flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::Tap;

    const FIRST: Tap = Tap { at_ms: 1_000.0, x: 300.0, y: 700.0 };

    #[test]
    fn a_finger_repeats_soon_and_near() {
        let again = Tap { at_ms: 1_250.0, x: 308.0, y: 694.0 };
        assert!(again.repeats(FIRST, 1, false));
        assert!(!Tap { at_ms: 1_500.0, ..again }.repeats(FIRST, 1, false), "it has waited");
        assert!(!Tap { x: 330.0, ..again }.repeats(FIRST, 1, false), "it went elsewhere");
    }

    #[test]
    fn a_mouse_repeats_when_the_browser_says_so() {
        let again = Tap { at_ms: 1_050.0, ..FIRST };
        assert!(again.repeats(FIRST, 2, true));
        assert!(!again.repeats(FIRST, 1, true));
    }
}

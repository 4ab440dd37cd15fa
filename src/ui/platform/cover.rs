//! What stands in the task switcher: phones take a picture of the page when it is left, so that it is covered then.

use leptos::ev;
use leptos::prelude::*;

/// Says on the root element that the page is left; the style sheet covers it. `away` is out of sight; `aside`
/// only lost the focus, which matters where the switcher takes its picture before the page is hidden.
const LEFT: &str = "data-left";

/// Covers the page whenever it is left, for as long as it lives.
pub fn follow() {
    let look = || mark(if document().hidden() { Some("away") } else { None });
    window_event_listener_untyped("visibilitychange", move |_| look());
    window_event_listener_untyped("pagehide", |_| mark(Some("away")));
    window_event_listener_untyped("pageshow", move |_| look());
    window_event_listener(ev::blur, move |_| mark(Some(if document().hidden() { "away" } else { "aside" })));
    window_event_listener(ev::focus, move |_| look());
}

fn mark(left: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    match left {
        Some(how) => drop(root.set_attribute(LEFT, how)),
        None => drop(root.remove_attribute(LEFT)),
    }
}

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
    window_event_listener(ev::blur, move |_| match document().hidden() {
        true => mark(Some("away")),
        // Beside another app on one screen it is read while the other one is used.
        false if shares_the_screen() => {}
        false => mark(Some("aside")),
    });
    window_event_listener(ev::focus, move |_| look());
}

/// Whether another app has a part of the screen.
fn shares_the_screen() -> bool {
    let window = window();
    let px = |length: Result<wasm_bindgen::JsValue, _>| length.ok().and_then(|length| length.as_f64());
    let Ok(screen) = window.screen() else { return false };
    let (Some(width), Some(height)) = (px(window.outer_width()), px(window.outer_height())) else {
        return false;
    };
    is_a_part(
        (width, height),
        (f64::from(screen.width().unwrap_or(0)), f64::from(screen.height().unwrap_or(0))),
    )
}

/// Whether a window is clearly smaller than its screen, whichever way round that says its sides.
fn is_a_part((width, height): (f64, f64), (wide, high): (f64, f64)) -> bool {
    let (least, most) = (width.min(height), width.max(height));
    let (short, long) = (wide.min(high), wide.max(high));
    width * height > 0.0 && (least < 0.75 * short || most < 0.75 * long)
}

fn mark(left: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    match left {
        Some(how) => drop(root.set_attribute(LEFT, how)),
        None => drop(root.remove_attribute(LEFT)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_a_part;

    #[test]
    fn half_a_screen_is_a_part_and_bars_leave_it_whole() {
        assert!(!is_a_part((390.0, 844.0), (390.0, 844.0)));
        assert!(!is_a_part((844.0, 360.0), (390.0, 844.0)), "on its side, below the bar of an address");
        assert!(is_a_part((590.0, 820.0), (1180.0, 820.0)));
        assert!(is_a_part((1180.0, 400.0), (820.0, 1180.0)));
        assert!(!is_a_part((0.0, 0.0), (390.0, 844.0)), "nothing is known");
    }
}

//! The keyboard on the screen. Where the browser does not make the page smaller for it (iOS), what is fixed to the lower
//! edge would lie behind it: the style sheet is told how much of the page it covers.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlElement, VisualViewport};

/// The property of the root element that says it, a length.
const COVERED: &str = "--covered";
/// Less than this is a bar of the browser, in CSS pixels.
const LEAST_PX: f64 = 80.0;

/// Keeps telling it for as long as the page lives.
pub fn follow() {
    let Some(viewport) = window().visual_viewport() else { return };
    let looked_at = viewport.clone();
    let look = Closure::<dyn Fn()>::new(move || tell(&looked_at)).into_js_value();
    for event in ["resize", "scroll"] {
        drop(viewport.add_event_listener_with_callback(event, look.unchecked_ref()));
    }
}

fn tell(viewport: &VisualViewport) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let (Some(root), Ok(height)) = (root, window().inner_height()) else { return };
    let covered = covered_px(
        height.as_f64().unwrap_or(0.0),
        viewport.height(),
        viewport.offset_top(),
        viewport.scale(),
    );
    drop(match covered {
        0.0 => root.style().remove_property(COVERED).map(drop),
        px => root.style().set_property(COVERED, &format!("{px:.0}px")),
    });
}

/// How much of the page's lower edge is covered, in CSS pixels. Who has zoomed in sees a part: nothing covers the rest.
fn covered_px(page: f64, seen: f64, top: f64, scale: f64) -> f64 {
    let covered = page - seen - top;
    if (scale - 1.0).abs() < 0.01 && covered >= LEAST_PX { covered } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::covered_px;

    #[test]
    fn a_keyboard_covers_and_a_zoom_or_a_bar_does_not() {
        assert_eq!(covered_px(844.0, 508.0, 0.0, 1.0), 336.0);
        assert_eq!(covered_px(844.0, 508.0, 100.0, 1.0), 236.0, "scrolled up by the browser");
        assert_eq!(covered_px(508.0, 508.0, 0.0, 1.0), 0.0, "the page was made smaller");
        assert_eq!(covered_px(844.0, 800.0, 0.0, 1.0), 0.0);
        assert_eq!(covered_px(844.0, 422.0, 0.0, 2.0), 0.0);
    }
}

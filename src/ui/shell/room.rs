//! Room for messages while a sheet is open on a phone: they stand above it, or in a gap that is made between what scrolls
//! in it and its end. So they cover nothing that is pressed, and nothing above them moves.

use crate::ui::platform::dom;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Classes of the root: messages stand above the sheet, or in it.
const ABOVE: &str = "said-above";
const WITHIN: &str = "said-within";
/// Properties of the root, lengths: from where the sheet begins, what messages need, how high the sheet's foot is.
const TOP: &str = "--sheet-top";
const SAID: &str = "--said";
const FOOT: &str = "--sheet-foot";
/// Between a message and what stands beside it, in CSS pixels.
const AIR_PX: f64 = 8.0;
/// Less than this must not be left of what scrolls, in CSS pixels.
const LEAST_PX: f64 = 160.0;

/// Where messages stand.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stand {
    /// Above it, which does not grow into so many CSS pixels at the upper edge.
    Above(f64),
    /// In a gap of so many CSS pixels.
    Within(f64),
}

/// Makes room for messages that are so high, in CSS pixels; false where there is no sheet that can give it.
pub(super) fn make(message_px: f64) -> bool {
    if message_px <= 0.0 {
        return is_made();
    }
    clear();
    let Some(sheet) = first(".sheet") else { return false };
    let Some(scrolls) = sheet.query_selector(".sheet-b").ok().flatten() else { return false };
    let foot_px = sheet.query_selector(".sheet-f").ok().flatten().map_or(0.0, |foot| height(&foot));
    let top_px = sheet.get_bounding_client_rect().top();
    let Some(stand) = stand(top_px, height(&scrolls), foot_px, message_px) else { return false };
    let (class, said_px) = match stand {
        Stand::Above(said_px) => (ABOVE, said_px),
        Stand::Within(said_px) => (WITHIN, said_px),
    };
    for (name, px) in [(TOP, top_px), (SAID, said_px), (FOOT, foot_px)] {
        tell(name, Some(px));
    }
    dom::mark_root(class, true);
    true
}

/// Whether there is room already.
pub(super) fn is_made() -> bool {
    dom::is_there(&format!(":root:is(.{ABOVE}, .{WITHIN})"))
}

/// The sheet has its room to itself again.
pub(super) fn clear() {
    [ABOVE, WITHIN].into_iter().for_each(|class| dom::mark_root(class, false));
    [TOP, SAID, FOOT].into_iter().for_each(|name| tell(name, None));
}

fn stand(top_px: f64, scrolls_px: f64, foot_px: f64, message_px: f64) -> Option<Stand> {
    let above_px = message_px + 2.0 * AIR_PX;
    if top_px >= above_px {
        return Some(Stand::Above(above_px));
    }
    // A foot has its own room above.
    let gap_px = if foot_px > 0.0 { message_px + AIR_PX } else { above_px };
    (scrolls_px - gap_px >= LEAST_PX).then_some(Stand::Within(gap_px))
}

fn first(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

fn height(element: &Element) -> f64 {
    element.get_bounding_client_rect().height()
}

fn tell(name: &str, px: Option<f64>) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let Some(style) = root.map(|root| root.style()) else { return };
    drop(match px {
        Some(px) => style.set_property(name, &format!("{px:.0}px")),
        None => style.remove_property(name).map(drop),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stands_above_a_short_sheet_and_in_a_gap_of_a_tall_one() {
        assert_eq!(stand(300.0, 400.0, 0.0, 56.0), Some(Stand::Above(72.0)));
        assert_eq!(stand(24.0, 700.0, 0.0, 56.0), Some(Stand::Within(72.0)));
        assert_eq!(stand(24.0, 600.0, 100.0, 56.0), Some(Stand::Within(64.0)), "above its foot");
        assert_eq!(stand(24.0, 200.0, 100.0, 56.0), None, "a keyboard has left too little");
    }
}

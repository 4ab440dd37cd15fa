//! Where things lie on the screen, from top to bottom.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// From where to where something lies, in CSS pixels below the upper edge of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Its upper edge.
    pub top: f64,
    /// Its lower edge.
    pub bottom: f64,
}

impl Band {
    /// Where an element lies; `None` where it takes no room.
    pub fn of(element: &Element) -> Option<Self> {
        let lies = element.get_bounding_client_rect();
        (lies.height() > 0.0).then(|| Self { top: lies.top(), bottom: lies.bottom() })
    }

    /// Where an element lies with a class, or without; it keeps what was asked for last.
    pub fn with_class(element: &Element, class: &str, on: bool) -> Option<Self> {
        element.class_list().toggle_with_force(class, on).ok()?;
        Self::of(element)
    }

    /// Where everything lies that matches.
    pub fn all(selector: &str) -> Vec<Self> {
        let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
        let element = |n| found.item(n)?.dyn_into::<Element>().ok();
        (0..found.length()).filter_map(element).filter_map(|element| Self::of(&element)).collect()
    }

    /// Whether two lie beside each other.
    pub fn meets(self, other: Self) -> bool {
        self.top < other.bottom && other.top < self.bottom
    }
}

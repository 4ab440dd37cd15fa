//! The address bar: one signal of where we are, links that do not load a page, and a way back.
//!
//! The router of the framework is absent on purpose: it finds a view for a path by types, while here
//! a path is read into one enum ([`crate::ui::routes`]) and the shell matches on it.

use crate::ui::platform::boot;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlAnchorElement, MouseEvent};

/// Where we are, below the base folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Without the base, with a leading slash.
    pub path: String,
    /// Without the question mark.
    pub query: String,
}

/// The address bar.
#[derive(Debug, Clone, Copy)]
pub struct History {
    address: RwSignal<Address>,
    /// How many entries of the browser's history are this page's own work.
    depth: StoredValue<u32>,
}

impl History {
    /// Begins to follow the address bar; to be called once, at the root.
    pub fn follow() -> Self {
        let history = Self { address: RwSignal::new(current()), depth: StoredValue::new(0) };
        window_event_listener(ev::popstate, move |_| {
            history.depth.update_value(|depth| *depth = depth.saturating_sub(1));
            history.address.set(current());
        });
        window_event_listener(ev::click, move |event| history.take_click(&event));
        history
    }

    /// Where we are.
    pub fn address(self) -> ReadSignal<Address> {
        self.address.read_only()
    }

    /// Goes to a path with query, both below the base, leaving a way back.
    pub fn push(self, to: &str) {
        self.move_to(to, true);
    }

    /// Enters where we are once more.
    pub fn mark(self) {
        self.push(&full_of(&self.address.get_untracked()));
    }

    /// Goes there in place of where we are.
    pub fn replace(self, to: &str) {
        self.move_to(to, false);
    }

    /// Goes back if that stays in the app, else to `otherwise`.
    pub fn back_or(self, otherwise: &str) {
        let ours = self.depth.get_value() > 0;
        match window().history() {
            Ok(browser) if ours => drop(browser.back()),
            _ => self.replace(otherwise),
        }
    }

    fn move_to(self, to: &str, leave_way_back: bool) {
        let Ok(browser) = window().history() else { return };
        let url = full(to);
        let done = if leave_way_back {
            browser.push_state_with_url(&JsValue::NULL, "", Some(&url))
        } else {
            browser.replace_state_with_url(&JsValue::NULL, "", Some(&url))
        };
        if done.is_err() {
            return;
        }
        if leave_way_back {
            self.depth.update_value(|depth| *depth += 1);
        }
        self.address.set(current());
    }

    fn take_click(self, event: &MouseEvent) {
        let plain = !(event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key());
        if event.default_prevented() || event.button() != 0 || !plain {
            return;
        }
        let Some(to) = link_under(event) else { return };
        event.prevent_default();
        if to != full_of(&self.address.get_untracked()) {
            self.push(&to);
        }
    }
}

/// The full path for an address below the base, for `href`.
pub fn full(below: &str) -> String {
    format!("{}{}", boot::base(), below.trim_start_matches('/'))
}

fn full_of(address: &Address) -> String {
    let mark = if address.query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", address.path, address.query)
}

fn current() -> Address {
    let location = window().location();
    Address {
        path: below_base(&location.pathname().unwrap_or_default()),
        query: location.search().unwrap_or_default().trim_start_matches('?').to_owned(),
    }
}

fn below_base(path: &str) -> String {
    let base = boot::base();
    format!("/{}", path.strip_prefix(base.as_str()).unwrap_or_default())
}

/// Path and query below the base of the link that was clicked, if it stays in the app.
fn link_under(event: &MouseEvent) -> Option<String> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    if !link.target().is_empty()
        || link.has_attribute("download")
        || link.get_attribute("href")?.starts_with('#')
    {
        return None;
    }
    let ours =
        link.origin() == window().location().origin().ok()? && link.pathname().starts_with(&boot::base());
    ours.then(|| format!("{}{}", below_base(&link.pathname()), link.search()))
}

//! The device code that a QR code of another device carries in its link's fragment. As with an invitation, it leaves
//! the address bar at once and stays in memory only.

use super::invitation::{link_with, take_marked};
use crate::port::Secret;
use leptos::ev;
use leptos::prelude::*;

/// What stands before it in a link.
const MARK: &str = "#d=";

/// The device code that a link brought, until somebody joins with it.
#[derive(Debug, Clone, Copy)]
pub struct Joining(RwSignal<Option<Secret>>);

/// The device code that a link brought.
pub fn use_joining() -> Joining {
    expect_context()
}

impl Joining {
    /// Takes what the address bar has, and what comes while the page is open; to be called once, at the root.
    pub fn follow() -> Self {
        let kept = RwSignal::new(take_marked(MARK));
        window_event_listener(ev::hashchange, move |_| {
            if let Some(code) = take_marked(MARK) {
                kept.set(Some(code));
            }
        });
        Self(kept)
    }

    /// Whether there is one.
    pub fn is_there(self) -> bool {
        self.0.with(Option::is_some)
    }

    /// Takes it; it is asked for once.
    pub fn take(self) -> Option<Secret> {
        self.0.try_update_untracked(Option::take).flatten()
    }
}

/// The address of the app, as it is typed on another device.
pub fn home() -> String {
    link_with("", "")
}

/// The link that brings a device code to another device.
pub fn link(code: &str) -> String {
    link_with(MARK, code)
}

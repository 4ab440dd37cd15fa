//! The secret of an invitation, which a link carries in its fragment.
//!
//! It is taken out of the address bar, and with that out of the browser's history, as soon as the page runs: it
//! stays in memory only, and a page that is loaded anew has forgotten it.

use crate::port::Secret;
use crate::ui::platform::boot;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// What stands before it in a link.
const MARK: &str = "#i=";

/// The invitation that a link brought, until somebody takes it up or puts it away.
#[derive(Debug, Clone, Copy)]
pub struct Invitation(RwSignal<Option<Secret>>);

/// The invitation that a link brought.
pub fn use_invitation() -> Invitation {
    expect_context()
}

impl Invitation {
    /// Takes what the address bar has, and what comes while the page is open; to be called once, at the root.
    pub fn follow() -> Self {
        let kept = RwSignal::new(take());
        window_event_listener(ev::hashchange, move |_| {
            if let Some(secret) = take() {
                kept.set(Some(secret));
            }
        });
        Self(kept)
    }

    /// Its secret, as it stands in the link; not looked at yet.
    pub fn get(self) -> Option<Secret> {
        self.0.get()
    }

    /// As [`Invitation::get`], without being told of changes.
    pub fn get_untracked(self) -> Option<Secret> {
        self.0.get_untracked()
    }

    /// Forgets it.
    pub fn forget(self) {
        self.0.set(None);
    }
}

/// The link of an invitation.
pub fn link(Secret(text): &Secret) -> String {
    link_with(MARK, text)
}

/// A link with a secret in its fragment.
pub(super) fn link_with(mark: &str, text: &str) -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{}{mark}{text}", boot::base())
}

fn take() -> Option<Secret> {
    take_marked(MARK)
}

/// Takes the secret behind a mark out of the address bar.
pub(super) fn take_marked(mark: &str) -> Option<Secret> {
    let location = window().location();
    let hash = location.hash().ok()?;
    let text = hash.strip_prefix(mark)?.to_owned();
    let clean = format!("{}{}", location.pathname().ok()?, location.search().unwrap_or_default());
    let browser = window().history().ok()?;
    browser.replace_state_with_url(&JsValue::NULL, "", Some(&clean)).ok()?;
    Some(Secret(text))
}

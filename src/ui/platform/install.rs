//! Installing the app: the browser's own offer, kept until the person asks for it.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// How the app can be installed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Install {
    /// It is installed already, or nothing is known about installing.
    Nothing,
    /// The browser offers it at a tap.
    Offered,
    /// By hand: Share, then "Add to Home Screen".
    ByHand,
}

/// The browser's offer.
#[derive(Debug, Clone, Copy)]
pub struct Installer {
    state: RwSignal<Install>,
    offer: StoredValue<Option<JsValue>, LocalStorage>,
}

impl Installer {
    /// Begins to listen for the offer; to be called once, at the root.
    pub fn follow() -> Self {
        let state = if is_installed() || !is_apple_touch() { Install::Nothing } else { Install::ByHand };
        let installer = Self { state: RwSignal::new(state), offer: StoredValue::new_local(None) };
        window_event_listener_untyped("beforeinstallprompt", move |event| {
            event.prevent_default();
            installer.offer.set_value(Some(event.into()));
            installer.state.set(Install::Offered);
        });
        window_event_listener_untyped("appinstalled", move |_| installer.state.set(Install::Nothing));
        installer
    }

    /// What is possible now.
    pub fn state(self) -> Install {
        self.state.get()
    }

    /// Whether it runs as an app of its own already.
    pub fn is_installed(self) -> bool {
        is_installed()
    }

    /// Shows the browser's own question.
    pub fn ask(self) {
        let Some(offer) = self.offer.get_value() else { return };
        self.offer.set_value(None);
        self.state.set(Install::Nothing);
        let prompt =
            Reflect::get(&offer, &"prompt".into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
        if let Some(prompt) = prompt {
            drop(prompt.call0(&offer));
        }
    }
}

fn is_installed() -> bool {
    window().match_media("(display-mode: standalone)").ok().flatten().is_some_and(|query| query.matches())
}

/// Whether this is one of Apple's devices, on a desk or in a hand.
pub fn is_apple() -> bool {
    is_apple_touch() || window().navigator().user_agent().is_ok_and(|agent| agent.contains("Macintosh"))
}

fn is_apple_touch() -> bool {
    Reflect::has(&window().navigator(), &"standalone".into()).unwrap_or(false)
}

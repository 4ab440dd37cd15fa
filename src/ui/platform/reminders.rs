//! Reminders by the system, at a task's time: while the workspace is open, on this device, for who wants them.
//!
//! What the system shows outlives a lock and may lie on a locked screen: it names no customer and no task, only that
//! something is due.

use super::settings;
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission, ServiceWorkerRegistration};

const KEY: &str = "satchel.reminders";
/// A newer reminder takes the place of the one before it.
const TAG: &str = "satchel-tasks";

/// Whether reminders are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminders {
    /// They are wanted, and the system shows them.
    On,
    /// They are not wanted.
    Off,
    /// The system was told not to show them: only its own settings change that.
    Blocked,
    /// This browser has none.
    Absent,
}

impl Reminders {
    /// As it stands now.
    pub fn now() -> Self {
        if !Reflect::has(&window(), &"Notification".into()).unwrap_or(false) {
            return Self::Absent;
        }
        match (Notification::permission(), settings::read(KEY).unwrap_or(false)) {
            (NotificationPermission::Denied, _) => Self::Blocked,
            (NotificationPermission::Granted, true) => Self::On,
            _ => Self::Off,
        }
    }

    /// Switches them; the system may ask the person.
    pub async fn switch(on: bool) -> Self {
        if on && let Ok(asked) = Notification::request_permission() {
            drop(JsFuture::from(asked).await);
        }
        settings::keep(KEY, on);
        Self::now()
    }
}

/// Shows a reminder, which leads to the tasks.
pub async fn show(title: &str, text: &str) {
    let options = NotificationOptions::new();
    options.set_body(text);
    options.set_tag(TAG);
    // Phones show what the service worker shows, and nothing else.
    match registration().await {
        Some(worker) => drop(worker.show_notification_with_options(title, &options)),
        None => drop(Notification::new_with_options(title, &options)),
    }
}

async fn registration() -> Option<ServiceWorkerRegistration> {
    let workers =
        Reflect::get(&window().navigator(), &"serviceWorker".into()).ok().filter(JsValue::is_truthy)?;
    let get: js_sys::Function = Reflect::get(&workers, &"getRegistration".into()).ok()?.dyn_into().ok()?;
    let found = get.call0(&workers).ok()?.unchecked_into::<js_sys::Promise>();
    JsFuture::from(found).await.ok()?.dyn_into().ok()
}

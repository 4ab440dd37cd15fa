//! The service worker: whether a newer version of the app waits, and applying it.

use super::boot;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MessageChannel, MessageEvent, ServiceWorkerContainer, ServiceWorkerRegistration};

/// A newer version of the app.
#[derive(Debug, Clone, Copy)]
pub struct Update {
    waiting: RwSignal<bool>,
}

impl Update {
    /// Begins to watch for one; to be called once, at the root. The start script registers the worker.
    pub fn follow() -> Self {
        let update = Self { waiting: RwSignal::new(false) };
        if let Some(container) = container() {
            spawn_local(async move {
                let Ok(ready) = container.ready() else { return };
                if let Ok(registration) = JsFuture::from(ready).await {
                    update.watch(registration.unchecked_into());
                }
            });
        }
        update
    }

    /// Whether one waits.
    pub fn waits(self) -> bool {
        self.waiting.get()
    }

    /// Applies it: the page loads again as soon as the new version has taken over.
    pub fn apply(self) {
        let Some(container) = container() else { return };
        let reload = Closure::once_into_js(|| drop(window().location().reload()));
        container.set_oncontrollerchange(Some(reload.unchecked_ref()));
        spawn_local(async move {
            let Ok(ready) = container.ready() else { return };
            let Ok(registration) = JsFuture::from(ready).await else { return };
            if let Some(worker) = registration.unchecked_into::<ServiceWorkerRegistration>().waiting() {
                drop(worker.post_message(&"activate".into()));
            }
        });
    }

    fn watch(self, registration: ServiceWorkerRegistration) {
        self.look(&registration);
        let seen = registration.clone();
        let found = Closure::<dyn FnMut()>::new(move || {
            let Some(installing) = seen.installing() else { return };
            let seen = seen.clone();
            let changed = Closure::<dyn FnMut()>::new(move || self.look(&seen));
            installing.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
            changed.forget(); // one for each version, as long as the page lives
        });
        registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
        found.forget(); // lives as long as the page
    }

    fn look(self, registration: &ServiceWorkerRegistration) {
        let first_visit = container().is_none_or(|container| container.controller().is_none());
        self.waiting.set(registration.waiting().is_some() && !first_visit);
    }
}

/// What the service worker that serves this page answers to a message; `None` where there is none, or it says nothing.
pub async fn ask(message: &str) -> Option<JsValue> {
    let worker = container()?.controller()?;
    let channel = MessageChannel::new().ok()?;
    let (ours, theirs) = (channel.port1(), js_sys::Array::of1(&channel.port2()));
    let answered = js_sys::Promise::new(&mut |resolve, _| {
        let told =
            Closure::once_into_js(move |event: MessageEvent| resolve.call1(&JsValue::NULL, &event.data()));
        ours.set_onmessage(Some(told.unchecked_ref()));
    });
    worker.post_message_with_transferable(&message.into(), &theirs).ok()?;
    JsFuture::from(answered).await.ok().filter(|answer| !answer.is_undefined())
}

/// Whether the page would be here again after loading it anew, without a network: it came from the service worker,
/// which still has it.
pub async fn brings_back() -> bool {
    let controlled = container().is_some_and(|container| container.controller().is_some());
    controlled && cached(&boot::base()).await.is_ok_and(|page| !page.is_undefined())
}

/// What the service worker's caches hold under an address; undefined for nothing.
async fn cached(address: &str) -> Result<JsValue, JsValue> {
    let caches = js_sys::Reflect::get(&window(), &"caches".into())?;
    let look: js_sys::Function = js_sys::Reflect::get(&caches, &"match".into())?.dyn_into()?;
    JsFuture::from(look.call1(&caches, &address.into())?.unchecked_into::<js_sys::Promise>()).await
}

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let present = js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker")).unwrap_or(false);
    present.then(|| navigator.service_worker())
}

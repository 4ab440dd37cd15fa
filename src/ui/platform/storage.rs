//! The browser's promise to keep what is stored; only the page may ask for it.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Asks the browser to keep the storage; must come from a tap or key. `then` is told whether it does.
pub fn ask_to_keep(then: impl FnOnce(bool) + 'static) {
    if !can_ask() {
        return then(false);
    }
    let asked = window().navigator().storage().persist();
    spawn_local(async move {
        let kept = match asked {
            Ok(promise) => JsFuture::from(promise).await.is_ok_and(|kept| kept.is_truthy()),
            Err(_) => false,
        };
        then(kept);
    });
}

/// The storage manager is absent outside secure contexts.
fn can_ask() -> bool {
    js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("storage")).is_ok_and(|it| it.is_truthy())
}

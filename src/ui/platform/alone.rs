//! Work that one tab does for all: a Web Lock that is taken or left, never waited for.

use super::js::{call, get, object};
use leptos::prelude::window;
use std::future::Future;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::future_to_promise;

/// Does the work unless another tab is at it. Where a browser has no locks, it is done.
pub async fn alone(name: &str, work: impl Future<Output = ()> + 'static) {
    let locks = get(&window().navigator(), "locks");
    if locks.is_falsy() {
        return work.await;
    }
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            return JsValue::UNDEFINED;
        }
        let held = async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        };
        future_to_promise(held).into()
    });
    let options = object(&[("ifAvailable", true.into())]);
    // The page is going if it fails, and the lock with it.
    drop(call(&locks, "request", &[name.into(), options, granted]).await);
}

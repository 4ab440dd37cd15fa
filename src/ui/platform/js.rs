//! What `web-sys` does not know yet: methods and entries of the browser's objects by their names.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Calls a method that gives a promise, and waits for it.
pub(super) async fn call(of: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(of, &method.into())?.dyn_into()?;
    let promise: Promise = method.apply(of, &arguments.iter().collect::<Array>())?.dyn_into()?;
    JsFuture::from(promise).await
}

/// An entry, or `undefined`.
pub(super) fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// What an error calls itself, such as `NotAllowedError`.
pub(super) fn error_name(error: &JsValue) -> String {
    get(error, "name").as_string().unwrap_or_default()
}

/// A plain object.
pub(super) fn object(parts: &[(&str, JsValue)]) -> JsValue {
    let made = Object::new();
    for (name, value) in parts {
        // A plain object takes any entry.
        drop(Reflect::set(&made, &(*name).into(), value));
    }
    made.into()
}

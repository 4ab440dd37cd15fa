//! Where handles of folders are kept: a database of the browser is the only place that takes them. Nothing else lies in it.
//!
//! Spoken to by names, as the folder itself: typed bindings would be for these three requests alone.

use super::Folder;
use crate::ui::platform::js::get;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const DATABASE: &str = "folders";
const HANDLES: &str = "handles";

/// Keeps the folder of a workspace.
pub async fn keep(workspace: &str, folder: &Folder) -> bool {
    ask("readwrite", "put", &[folder.0.clone(), workspace.into()]).await.is_ok()
}

/// The folder of a workspace.
pub async fn kept(workspace: &str) -> Option<Folder> {
    let found = ask("readonly", "get", &[workspace.into()]).await.ok()?;
    found.is_object().then_some(Folder(found))
}

/// Forgets it; what lies in the folder stays.
pub async fn forget(workspace: &str) {
    // A database that cannot be opened has nothing to forget.
    drop(ask("readwrite", "delete", &[workspace.into()]).await);
}

/// Asks the store one thing, and lets go of the database: another tab may want to remove it.
async fn ask(mode: &str, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let database = open().await?;
    let asked = told(&database, "transaction", &[HANDLES.into(), mode.into()])
        .and_then(|transaction| told(&transaction, "objectStore", &[HANDLES.into()]))
        .and_then(|handles| told(&handles, method, arguments));
    let answer = match asked {
        Ok(request) => answered(&request).await,
        Err(error) => Err(error),
    };
    drop(told(&database, "close", &[]));
    answer
}

async fn open() -> Result<JsValue, JsValue> {
    let request = told(&get(&window(), "indexedDB"), "open", &[DATABASE.into(), 1.into()])?;
    let fresh = request.clone();
    let make = Closure::once_into_js(move || {
        // If it fails the opening fails with it.
        drop(told(&get(&fresh, "result"), "createObjectStore", &[HANDLES.into()]));
    });
    Reflect::set(&request, &"onupgradeneeded".into(), &make)?;
    answered(&request).await
}

async fn answered(request: &JsValue) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let done = request.clone();
        let succeed =
            Closure::once_into_js(move || drop(resolve.call1(&JsValue::UNDEFINED, &get(&done, "result"))));
        let fail = Closure::once_into_js(move || drop(reject.call0(&JsValue::UNDEFINED)));
        // A request takes any listener.
        drop(Reflect::set(request, &"onsuccess".into(), &succeed));
        drop(Reflect::set(request, &"onerror".into(), &fail));
    });
    JsFuture::from(promise).await
}

/// Calls a method that answers at once.
fn told(of: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(of, &method.into())?.dyn_into()?;
    method.apply(of, &arguments.iter().collect::<Array>())
}

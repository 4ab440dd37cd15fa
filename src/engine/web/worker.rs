//! The worker's door: frames in, frames out.

use super::{Web, files::File, tabs::Tabs};
use crate::engine::Engine;
use crate::port::{Event, Reply, Request};
use std::cell::OnceCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Starts the engine: listens for requests and tells the UI so.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        // Where, never what: a panic's message may hold a record's content.
        let place = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        post(&Reply::Event(Event::Broken { code: place }));
    }));
    let slot: Rc<OnceCell<Rc<Engine<Web>>>> = Rc::default();
    let listener = Rc::clone(&slot);
    let tabs = Tabs::join(move |workspace, ids| {
        if let Some(engine) = listener.get() {
            engine.changed_elsewhere(&workspace, ids);
        }
    });
    let engine = slot.get_or_init(|| Engine::new(Web::new(tabs)));
    listen(Rc::clone(engine));
    send(&js_sys::Uint8Array::new_with_length(0));
}

fn listen(engine: Rc<Engine<Web>>) {
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some((request, files)) = read(&event.data()) else { return };
        engine.handle(request, files);
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
}

fn read(frame: &JsValue) -> Option<(Request, Vec<File>)> {
    let bytes = js_sys::Reflect::get(frame, &"bytes".into()).ok()?.dyn_into::<js_sys::Uint8Array>().ok()?;
    let request = postcard::from_bytes(&bytes.to_vec()).ok()?;
    let files = js_sys::Reflect::get(frame, &"files".into()).ok()?;
    let files = js_sys::Array::from(&if files.is_undefined() { js_sys::Array::new().into() } else { files });
    let files = files.iter().filter_map(|file| file.dyn_into().ok()).map(File).collect();
    Some((request, files))
}

/// Sends a reply to the UI; its bytes are handed over uncopied.
pub(super) fn post(reply: &Reply) {
    if let Ok(bytes) = postcard::to_allocvec(reply) {
        send(&js_sys::Uint8Array::from(bytes.as_slice()));
    }
}

fn send(bytes: &js_sys::Uint8Array) {
    let transfer = js_sys::Array::of1(&bytes.buffer());
    // Fails only when the page is gone, and then nobody listens.
    let _ = scope().post_message_with_transfer(bytes, &transfer);
}

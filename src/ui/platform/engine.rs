//! The engine's worker: starting it, talking to it, ending it.
//!
//! A request travels as `{bytes, files}`: postcard, and the chosen files uncopied beside it. A reply is
//! a plain `Uint8Array`. The worker posts an empty one as soon as it listens; until then
//! requests wait here.

use crate::port::{Reply, Request};
use js_sys::{Array, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes from the worker.
pub enum Signal {
    /// An answer of the engine.
    Reply(Box<Reply>),
    /// The worker did not start, died, or sent what is not a reply; a code without content.
    Broken(&'static str),
}

/// A running worker. Dropping it ends the worker and everything that it holds in memory.
pub struct Engine {
    worker: Worker,
    early: Rc<RefCell<Option<Vec<JsValue>>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Engine {
    /// Starts the worker at `url`. `hear` is called for everything that comes from it.
    ///
    /// # Errors
    /// The browser has no module workers, or forbids this one.
    pub fn start(url: &str, hear: Rc<dyn Fn(Signal)>) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(url, &options)?;
        let early = Rc::new(RefCell::new(Some(Vec::new())));
        let on_message = on_message(worker.clone(), Rc::clone(&early), Rc::clone(&hear));
        let on_error = Closure::<dyn FnMut(_)>::new(move |_: ErrorEvent| hear(Signal::Broken("W1")));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, early, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request with the files that belong to it.
    pub fn post(&self, request: &Request, files: &[File]) {
        let Ok(bytes) = postcard::to_allocvec(request) else { return };
        let message = parcel(&bytes, files);
        match self.early.borrow_mut().as_mut() {
            Some(early) => early.push(message),
            None => send(&self.worker, &message),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn on_message(
    worker: Worker,
    early: Rc<RefCell<Option<Vec<JsValue>>>>,
    hear: Rc<dyn Fn(Signal)>,
) -> Closure<dyn FnMut(MessageEvent)> {
    Closure::new(move |event: MessageEvent| {
        let waiting = early.borrow_mut().take();
        for message in waiting.into_iter().flatten() {
            send(&worker, &message);
        }
        let Ok(bytes) = event.data().dyn_into::<Uint8Array>() else { return };
        if bytes.length() == 0 {
            return; // it listens
        }
        hear(match postcard::from_bytes(&bytes.to_vec()) {
            Ok(reply) => Signal::Reply(Box::new(reply)),
            Err(_) => Signal::Broken("W2"),
        });
    })
}

fn parcel(bytes: &[u8], files: &[File]) -> JsValue {
    let message = Object::new();
    let list: Array = files.iter().collect();
    // Setting a property of a fresh plain object cannot fail.
    drop(Reflect::set(&message, &"bytes".into(), &Uint8Array::from(bytes)));
    drop(Reflect::set(&message, &"files".into(), &list));
    message.into()
}

fn send(worker: &Worker, message: &JsValue) {
    // Bytes and files can always be cloned; a worker that has ended drops them.
    drop(worker.post_message(message));
}

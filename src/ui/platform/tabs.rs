//! The other tabs of this app: locking a workspace in one locks it in all.

use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "satchel-lock";

/// A line to the other tabs.
pub struct Tabs {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// Opens the line; `None` where the browser has none. `hear` is told the workspace that another tab locks.
    pub fn open(hear: Rc<dyn Fn(&str)>) -> Option<Self> {
        let channel = BroadcastChannel::new(CHANNEL).ok()?;
        let on_message = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| {
            if let Some(workspace) = event.data().as_string() {
                hear(&workspace);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    /// Tells the others that this one locked a workspace.
    pub fn lock_all(&self, workspace: &str) {
        drop(self.channel.post_message(&workspace.into()));
    }
}

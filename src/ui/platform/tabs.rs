//! The other tabs of this app: locking one by hand locks them all.

use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "satchel-lock";
/// Said in the place of a workspace's database for all of them; no database is called so.
const EVERY: &str = "*";

/// What another tab tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told<'a> {
    /// The workspace with this database was locked, or removed.
    One(&'a str),
    /// Everything that is the person's was locked.
    Every,
}

/// A line to the other tabs.
pub struct Tabs {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// Opens the line; `None` where the browser has none. `hear` is told what another tab locks.
    pub fn open(hear: Rc<dyn Fn(Told)>) -> Option<Self> {
        let channel = BroadcastChannel::new(CHANNEL).ok()?;
        let on_message = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| {
            match event.data().as_string().as_deref() {
                Some(EVERY) => hear(Told::Every),
                Some(workspace) => hear(Told::One(workspace)),
                None => {}
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    /// Tells the others what this one locked.
    pub fn tell(&self, told: Told) {
        let message = match told {
            Told::One(workspace) => workspace,
            Told::Every => EVERY,
        };
        drop(self.channel.post_message(&message.into()));
    }
}

//! Other tabs of this device: telling them what changed, and syncing one at a time.
//!
//! Both are courtesies. Nothing is lost without them: the store checks versions, the server compares and swaps.

use super::js;
use futures_util::future::{Either, select};
use satchel_domain::RecordId;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

/// The channel between the engines of one origin.
pub(super) struct Tabs {
    channel: Option<BroadcastChannel>,
    _listener: Option<Closure<dyn FnMut(MessageEvent)>>,
}

impl Tabs {
    /// Joins the channel; `on_news` is told a workspace's name and the records that another tab changed.
    pub(super) fn join(on_news: impl Fn(String, Vec<RecordId>) + 'static) -> Self {
        let Ok(channel) = BroadcastChannel::new("satchel-records") else {
            return Self { channel: None, _listener: None };
        };
        let listener = Closure::new(move |event: MessageEvent| {
            if let Some((workspace, ids)) = event.data().as_string().as_deref().and_then(read) {
                on_news(workspace, ids);
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Self { channel: Some(channel), _listener: Some(listener) }
    }

    /// Tells the other tabs: ids only, in one line of text.
    pub(super) fn announce(&self, workspace: &str, ids: &[RecordId]) {
        let Some(channel) = &self.channel else { return };
        let mut line = workspace.to_owned();
        for id in ids {
            line.push(' ');
            line.push_str(&id.to_hex());
        }
        // A closed channel only means that other tabs look later.
        let _ = channel.post_message(&JsValue::from_str(&line));
    }
}

fn read(line: &str) -> Option<(String, Vec<RecordId>)> {
    let mut words = line.split(' ');
    let workspace = words.next()?.to_owned();
    let ids = words.map(RecordId::from_hex).collect::<Option<_>>()?;
    Some((workspace, ids))
}

/// The turn to sync; given on when dropped.
pub(super) struct Turn {
    release: Option<js_sys::Function>,
}

impl Turn {
    fn free() -> Self {
        Self { release: None }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // Fails only when the page is already going, which releases the lock too.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// How long a tab waits for its turn: a frozen tab may hold it for ever.
const PATIENCE_MS: u64 = 15_000;
/// How long it waits when that was in vain before, until the lock was given up after all.
const LITTLE_PATIENCE_MS: u64 = 200;

thread_local! {
    /// Somebody has held the lock for too long, and holds it still.
    static IN_VAIN: Cell<bool> = const { Cell::new(false) };
}

/// Waits for the Web Lock of a workspace's sync. Without Web Locks, or when a frozen tab keeps the lock too
/// long, the turn is ours all the same.
pub(super) async fn take_turn(workspace: &str) -> Turn {
    let locks = js_sys::Reflect::get(&js::scope().navigator(), &"locks".into());
    let request =
        locks.and_then(|locks| Ok((js_sys::Reflect::get(&locks, &"request".into())?.dyn_into()?, locks)));
    let Ok((request, locks)) = request else { return Turn::free() };
    let asked = Asked::new(request, &locks, workspace);
    let patience = if IN_VAIN.get() { LITTLE_PATIENCE_MS } else { PATIENCE_MS };
    let patience = std::pin::pin!(js::sleep(patience));
    match select(JsFuture::from(asked.granted.clone()), patience).await {
        Either::Left((Ok(_), _)) => Turn { release: asked.release },
        Either::Left((Err(_), _)) => Turn::free(),
        Either::Right(_) => {
            asked.given_up.set(true);
            IN_VAIN.set(true);
            Turn::free()
        }
    }
}

/// A request for the lock.
struct Asked {
    granted: js_sys::Promise,
    release: Option<js_sys::Function>,
    /// Nobody waits any more: a late grant is given back at once.
    given_up: Rc<Cell<bool>>,
}

impl Asked {
    fn new(request: js_sys::Function, locks: &JsValue, workspace: &str) -> Self {
        let mut release = None;
        let held = js_sys::Promise::new(&mut |resolve, _| release = Some(resolve));
        let given_up = Rc::new(Cell::new(false));
        let granted = js_sys::Promise::new(&mut |resolve, reject| {
            let (held, given_up) = (held.clone(), Rc::clone(&given_up));
            let on_grant = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
                let _ = resolve.call0(&JsValue::UNDEFINED);
                IN_VAIN.set(false);
                if given_up.get() { JsValue::UNDEFINED } else { held.into() }
            });
            let name = JsValue::from_str(&format!("satchel-sync {workspace}"));
            if request.call2(locks, &name, &on_grant).is_err() {
                let _ = reject.call0(&JsValue::UNDEFINED);
            }
        });
        Self { granted, release, given_up }
    }
}

//! Moments at which syncing is worth a try: the network came or went, the page was shown or hidden.

use crate::port::Nudge;
use leptos::ev;
use leptos::prelude::*;

/// Calls `nudge` at each such moment, for as long as the page lives.
pub fn follow(nudge: impl Fn(Nudge) + Clone + 'static) {
    let tell = |what: Nudge| {
        let nudge = nudge.clone();
        move || nudge(what)
    };
    let (online, offline, hidden) = (tell(Nudge::Online), tell(Nudge::Offline), tell(Nudge::Hidden));
    window_event_listener(ev::online, move |_| online());
    window_event_listener(ev::offline, move |_| offline());
    window_event_listener_untyped("pagehide", move |_| hidden());
    window_event_listener_untyped("visibilitychange", move |_| {
        nudge(if document().hidden() { Nudge::Hidden } else { Nudge::Shown });
    });
}

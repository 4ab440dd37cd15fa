//! Dragging a task to another day with a mouse or a pen. A finger scrolls; the task's menu does the same for it.

use chrono::NaiveDate;
use leptos::prelude::*;
use satchel_domain::RecordId;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent};

/// A pointer that moves so far, in CSS pixels, drags.
const SLACK_PX: i32 = 6;

/// Where a task may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// On a day.
    Day(NaiveDate),
    /// Beside the days.
    NoDay,
}

impl Target {
    /// Its name in the page.
    pub(super) fn code(self) -> String {
        self.day().map(|day| day.to_string()).unwrap_or_default()
    }

    /// The day, if it is one.
    pub(super) fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Day(day) => Some(day),
            Self::NoDay => None,
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        if code.is_empty() { Some(Self::NoDay) } else { code.parse().ok().map(Self::Day) }
    }
}

/// A pointer that went down on a card. What it does is heard by all that holds the days: it leaves the card at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    task: RecordId,
    from: (i32, i32),
    /// Where it is now, once it drags; nothing while it is over nothing that takes tasks.
    over: Option<Option<Target>>,
}

/// What is being dragged.
#[derive(Clone, Copy, Default)]
pub(super) struct Drag {
    held: RwSignal<Option<Held>>,
    /// Something was dropped: the click that follows is not meant.
    dropped: StoredValue<bool>,
}

impl Drag {
    /// Whether something is over this.
    pub(super) fn is_over(self, target: Target) -> bool {
        self.held.with(|held| held.is_some_and(|held| held.over == Some(Some(target))))
    }

    /// Whether this is dragged.
    pub(super) fn is_of(self, task: RecordId) -> bool {
        self.held.with(|held| held.is_some_and(|held| held.task == task && held.over.is_some()))
    }

    /// A pointer comes down on a task.
    pub(super) fn begin(self, event: &PointerEvent, task: RecordId) {
        self.dropped.set_value(false);
        let on_button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let on_button =
            on_button.is_some_and(|target| target.closest("button, .menu").is_ok_and(|at| at.is_some()));
        if event.pointer_type() != "touch" && event.button() == 0 && event.is_primary() && !on_button {
            let from = (event.client_x(), event.client_y());
            self.held.set(Some(Held { task, from, over: None }));
        }
    }

    /// It moves.
    pub(super) fn follow(self, event: &PointerEvent) {
        let Some(held) = self.held.get_untracked() else { return };
        let (x, y) = (event.client_x(), event.client_y());
        let far = (x - held.from.0).abs().max((y - held.from.1).abs()) > SLACK_PX;
        if held.over.is_none() && !far {
            return;
        }
        if held.over.is_none()
            && let Some(card) = event.current_target().and_then(|at| at.dyn_into::<Element>().ok())
        {
            drop(card.set_pointer_capture(event.pointer_id()));
        }
        let now = Held { over: Some(under(x, y)), ..held };
        if now != held {
            self.held.set(Some(now));
        }
    }

    /// It goes up: which task was dropped where, if one was dragged at all.
    pub(super) fn end(self) -> Option<(RecordId, Target)> {
        let held = self.held.get_untracked()?;
        self.stop();
        let over = held.over?;
        self.dropped.set_value(true);
        Some((held.task, over?))
    }

    /// It leaves all days before it drags: it is not followed there.
    pub(super) fn leave(self) {
        if self.held.with_untracked(|held| held.is_some_and(|held| held.over.is_none())) {
            self.stop();
        }
    }

    /// The browser took it over.
    pub(super) fn stop(self) {
        self.held.set(None);
    }

    /// Keeps the click after a drop from opening the task.
    pub(super) fn swallow(self, event: &MouseEvent) {
        if self.dropped.get_value() {
            self.dropped.set_value(false);
            event.prevent_default();
            event.stop_propagation();
        }
    }
}

/// What takes tasks at a point of the window.
fn under(x: i32, y: i32) -> Option<Target> {
    let at = document().element_from_point(x as f32, y as f32)?;
    Target::from_code(&at.closest("[data-day]").ok()??.get_attribute("data-day")?)
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn targets_have_names_of_their_own() {
        let day = Target::Day("2026-11-23".parse().expect("a date"));
        for target in [day, Target::NoDay] {
            assert_eq!(Target::from_code(&target.code()), Some(target));
        }
        assert_eq!(Target::from_code("soon"), None);
    }
}

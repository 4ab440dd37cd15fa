//! Locking by itself: after minutes without a touch, and when the page is hidden if so wished.

use super::Session;
use crate::ui::platform::{clock, settings};
use leptos::prelude::*;
use std::time::Duration;

/// When to lock without being told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockAfter {
    /// After so many minutes without a touch.
    pub minutes: u32,
    /// As soon as the page is hidden.
    pub on_hide: bool,
}

const MINUTES: &str = "satchel.lock-minutes";
const ON_HIDE: &str = "satchel.lock-on-hide";
const USUAL_MINUTES: u32 = 15;
const MINUTE_MS: i64 = 60_000;
/// When a page of this app was touched last, ms since 1970 UTC: whoever works in one tab is not locked by another.
const TOUCHED: &str = "satchel.touched";
/// How often that is told to the other tabs, ms.
const TELL_EVERY_MS: i64 = 5_000;

impl LockAfter {
    /// The minutes that can be chosen.
    pub const CHOICES: [u32; 3] = [1, 5, 15];

    /// What is set.
    pub fn kept() -> Self {
        let minutes = settings::read(MINUTES).filter(|minutes| Self::CHOICES.contains(minutes));
        Self { minutes: minutes.unwrap_or(USUAL_MINUTES), on_hide: settings::read(ON_HIDE).unwrap_or(false) }
    }

    /// Whether to lock after so long without a touch, in ms. A page that is hidden by a camera or a file chooser, open
    /// for so long, is at work.
    fn is_due(self, idle_ms: i64, hidden: bool, choosing_ms: Option<i64>) -> bool {
        let limit_ms = i64::from(self.minutes) * MINUTE_MS;
        let at_work = choosing_ms.is_some_and(|choosing_ms| (0..limit_ms).contains(&choosing_ms));
        idle_ms >= limit_ms || self.on_hide && hidden && !at_work
    }

    /// Sets it, from the next look on.
    pub fn keep(self) {
        settings::keep(MINUTES, self.minutes);
        settings::keep(ON_HIDE, self.on_hide);
    }
}

pub(super) fn follow(session: Session) {
    const LOOK_EVERY: Duration = Duration::from_secs(10);
    let (touched, told) = (StoredValue::new(clock::now_ms()), StoredValue::new(0));
    let touch = move || {
        let now = clock::now_ms();
        touched.set_value(now);
        session.no_longer_choosing();
        if (now - told.get_value()).abs() >= TELL_EVERY_MS {
            told.set_value(now);
            settings::keep(TOUCHED, now);
        }
    };
    for event in ["pointerdown", "keydown", "wheel", "touchmove"] {
        window_event_listener_untyped(event, move |_| touch());
    }
    let look = move || {
        let now = clock::now_ms();
        // A time that is still to come was told under another clock.
        let elsewhere = settings::read(TOUCHED).filter(|at| *at <= now).unwrap_or(0);
        let (set, idle_ms) = (LockAfter::kept(), now - touched.get_value().max(elsewhere));
        let choosing_ms = session.choosing_since().map(|since| now - since);
        let due = set.is_due(idle_ms, document().hidden(), choosing_ms);
        // Locking ends the engine: an import goes on to its end first, and the next look locks.
        if due && !session.is_importing() {
            session.lock_by_itself();
        }
    };
    set_interval(look, LOOK_EVERY);
    // Timers sleep with the device, so look at once when it wakes.
    window_event_listener_untyped("visibilitychange", move |_| {
        if !document().hidden() {
            session.no_longer_choosing();
        }
        look();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_may_hide_the_page_for_as_long_as_nobody_touching_it_may_take() {
        let hides = LockAfter { minutes: 5, on_hide: true };
        assert!(hides.is_due(0, true, None));
        assert!(!hides.is_due(0, false, None));
        assert!(!hides.is_due(60_000, true, Some(60_000)));
        assert!(hides.is_due(0, true, Some(5 * MINUTE_MS)));
        assert!(hides.is_due(5 * MINUTE_MS, true, Some(60_000)));
        // Begun under another clock.
        assert!(hides.is_due(0, true, Some(-1)));
        assert!(!LockAfter { on_hide: false, ..hides }.is_due(0, true, None));
    }
}

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
        let due = idle_ms >= i64::from(set.minutes) * MINUTE_MS || set.on_hide && document().hidden();
        // Locking ends the engine: an import goes on to its end first, and the next look locks.
        if due && !session.is_importing() {
            session.lock();
        }
    };
    set_interval(look, LOOK_EVERY);
    // Timers sleep with the device, so look at once when it wakes.
    window_event_listener_untyped("visibilitychange", move |_| look());
}

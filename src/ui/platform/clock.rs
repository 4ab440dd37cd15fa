//! The clock, the zone, and local midnights.

use js_sys::{Date, Intl, Object, Reflect};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// Now, ms since 1970 UTC.
#[expect(clippy::disallowed_methods, reason = "the room of the page's clock")]
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// Calls back once, after so long, unless the calling component is gone by then.
pub fn after(time: Duration, then: impl FnOnce() + 'static) {
    if let Ok(timer) = set_timeout_with_handle(then, time) {
        on_cleanup(move || timer.clear());
    }
}

/// The device's IANA zone; `UTC` where the browser will not say.
pub fn zone() -> String {
    let options = Intl::DateTimeFormat::new(&js_sys::Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".into())
}

/// Local midnight before and after a moment, ms since 1970 UTC.
pub fn day_of(ms: i64) -> (i64, i64) {
    (midnight(ms, 0), midnight(ms, 1))
}

/// Local midnight `days` days after the one before `ms`, across changes of summer time.
pub fn midnight(ms: i64, days: i32) -> i64 {
    let date = date_of(ms);
    let (year, month, day) = (date.get_full_year(), date.get_month() as i32, date.get_date() as i32);
    Date::new_with_year_month_day(year, month, day + days).get_time() as i64
}

/// Local midnight of the first day of the month `months` after the one of `ms`.
pub fn month(ms: i64, months: i32) -> i64 {
    let date = date_of(ms);
    Date::new_with_year_month_day(date.get_full_year(), date.get_month() as i32 + months, 1).get_time() as i64
}

/// The local month of a moment, 0 for January.
pub fn month_of(ms: i64) -> i32 {
    date_of(ms).get_month() as i32
}

/// The local day of the week of a moment, 0 for Monday.
pub fn weekday(ms: i64) -> i32 {
    (date_of(ms).get_day() as i32 + 6) % 7
}

/// The day of the month, from 1.
pub fn day_of_month(ms: i64) -> u32 {
    date_of(ms).get_date()
}

/// Whole local days from `from` to `to`; negative when `to` comes first.
pub fn days_between(from_ms: i64, to_ms: i64) -> i64 {
    const DAY: i64 = 86_400_000;
    let span = midnight(to_ms, 0) - midnight(from_ms, 0);
    (span + span.signum() * DAY / 2) / DAY
}

/// `2026-11-21T09:30` for a `datetime-local` field, in the device's zone.
pub fn to_local_input(ms: i64) -> String {
    let date = date_of(ms);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// Reads what [`to_local_input`] writes, or a plain `2026-11-21` as local midnight.
pub fn from_local_input(text: &str) -> Option<i64> {
    let whole = if text.len() == 10 { format!("{text}T00:00") } else { text.to_owned() };
    let ms = Date::new(&JsValue::from_str(&whole)).get_time();
    ms.is_finite().then_some(ms as i64)
}

/// A clock for screens: read it to be drawn again each minute.
pub fn every_minute() -> ReadSignal<i64> {
    every(Duration::from_secs(60))
}

/// A clock that moves at a pace, for as long as the calling component lives.
pub fn every(pace: Duration) -> ReadSignal<i64> {
    let (now, set_now) = signal(now_ms());
    if let Ok(handle) = set_interval_with_handle(move || set_now.set(now_ms()), pace) {
        on_cleanup(move || handle.clear());
    }
    now
}

fn date_of(ms: i64) -> Date {
    Date::new(&JsValue::from_f64(ms as f64))
}

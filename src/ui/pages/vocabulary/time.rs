//! Local days, between what the platform counts and what the pure parts of the pages compute with.

use crate::ui::i18n::{Locale, td_string};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{Format, When};
use chrono::NaiveDate;
use satchel_domain::{Moment, Precision};

/// The moment and the zone in which forms are read, and how a day's text becomes a moment.
pub struct Reading {
    /// Now, ms since 1970 UTC.
    pub now_ms: i64,
    /// The device's IANA zone.
    pub zone: String,
    /// The local day of now.
    pub today: NaiveDate,
    /// Reads `2026-11-21` or `2026-11-21T09:30` in the device's zone.
    pub local: fn(&str) -> Option<i64>,
}

/// The reading of this device at this moment.
pub fn reading() -> Reading {
    let now_ms = clock::now_ms();
    Reading { now_ms, zone: clock::zone(), today: local_day(now_ms), local: clock::from_local_input }
}

/// The local day of a moment, ms since 1970 UTC.
pub fn local_day(ms: i64) -> NaiveDate {
    let text = clock::to_local_input(ms);
    text.split('T').next().and_then(|day| day.parse().ok()).unwrap_or_default()
}

/// The instant at which a moment begins here: a day without a time of day begins at local midnight,
/// wherever it was written (D13).
pub fn here_ms(moment: &Moment) -> i64 {
    match (moment.precision, moment.day(0).ymd()) {
        (Precision::AllDay, Some((year, month, day))) => {
            NaiveDate::from_ymd_opt(year, month, day).map_or(moment.utc_ms, ms_of_day)
        }
        _ => moment.utc_ms,
    }
}

/// A moment in words; a day without a time of day shows none.
pub fn moment_word(format: Format, moment: &Moment, how: When) -> String {
    match (moment.precision, how) {
        (Precision::AllDay, When::Time) => String::new(),
        (Precision::AllDay, When::Moment) => format.when(here_ms(moment), When::Day),
        _ => format.when(here_ms(moment), how),
    }
}

/// Local midnight at the beginning of a day, ms since 1970 UTC.
pub fn ms_of_day(day: NaiveDate) -> i64 {
    clock::from_local_input(&day.to_string()).unwrap_or_default()
}

/// `Today`, `Yesterday`, or `12 Nov`; with the weekday beside it.
pub fn day_name(locale: Locale, format: Format, day: NaiveDate, today: NaiveDate) -> (String, String) {
    let ms = ms_of_day(day);
    let with_weekday = format.when(ms, When::WeekDay);
    match (today - day).num_days() {
        0 => (td_string!(locale, customer.tl.today).to_owned(), with_weekday),
        1 => (td_string!(locale, customer.tl.yesterday).to_owned(), with_weekday),
        _ => (format.when(ms, When::Day), format.weekday(ms)),
    }
}

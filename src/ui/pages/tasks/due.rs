//! When a task is due, in words.

use crate::ui::i18n::{Locale, td_string};
use crate::ui::pages::log::due_moment;
use crate::ui::pages::vocabulary::{here_ms, reading};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{Format, When};
use chrono::NaiveDate;
use satchel_domain::{Moment, Precision};

/// Days ahead up to which "in 3 days" says more than a date.
const NEAR_DAYS: i64 = 2;

/// `2 days late`, `tomorrow`, `Fri 20 Nov`, by local days; with the time of day where there is one.
pub fn due_word(locale: Locale, format: Format, due: &Moment) -> String {
    let day = day_word(locale, format, here_ms(due));
    match due.precision {
        Precision::AllDay => day,
        Precision::Exact | Precision::Approximate => format!("{day} {}", format.when(due.utc_ms, When::Time)),
    }
}

fn day_word(locale: Locale, format: Format, due_ms: i64) -> String {
    match clock::days_between(clock::now_ms(), due_ms) {
        -1 => td_string!(locale, tasks.due_late_single).to_owned(),
        days if days < 0 => {
            td_string!(locale, tasks.due_late, count = format.number(-days as f64)).to_string()
        }
        0..=NEAR_DAYS => format.relative_day(due_ms),
        _ => format.when(due_ms, When::WeekDay),
    }
}

/// Whether the day it is due lies behind.
pub fn is_late(due_ms: i64) -> bool {
    clock::days_between(clock::now_ms(), due_ms) < 0
}

/// The same time of day on another day, the whole day where there is none; `None` for no day.
pub fn on_day(due: Option<&Moment>, day: Option<NaiveDate>) -> Option<Moment> {
    let day = day?;
    let reading = reading();
    let at = due.filter(|due| due.precision != Precision::AllDay).and_then(|due| {
        let text = clock::to_local_input(due.utc_ms);
        let ms = (reading.local)(&format!("{day}T{}", text.split_once('T')?.1))?;
        Some(Moment { precision: due.precision, ..Moment::exact(ms, reading.zone.clone()) })
    });
    at.or_else(|| due_moment(&day.to_string(), &reading, &mut Vec::new()))
}

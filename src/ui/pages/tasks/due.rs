//! When a task is due, in words.

use crate::ui::i18n::{Locale, td_string};
use crate::ui::pages::log::due_moment;
use crate::ui::pages::vocabulary::{here_ms, reading};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{Format, When};
use chrono::NaiveDate;
use satchel_domain::{Moment, Precision, Task};

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
        _ => near_word(format, due_ms),
    }
}

/// `yesterday`, `tomorrow`, `Fri 20 Nov`.
fn near_word(format: Format, at_ms: i64) -> String {
    match clock::days_between(clock::now_ms(), at_ms).abs() {
        0..=NEAR_DAYS => format.relative_day(at_ms),
        _ => format.when(at_ms, When::WeekDay),
    }
}

/// When there is something to do, or when it was done: what is done is not late, whenever it was due. `None` for what
/// has neither.
pub fn task_word(locale: Locale, format: Format, task: &Task) -> Option<String> {
    match state(task) {
        State::Done(done_ms) => {
            Some(td_string!(locale, tasks.done_on, day = near_word(format, done_ms)).to_string())
        }
        State::Open(due) => Some(due_word(locale, format, due?)),
    }
}

/// Whether a task is open, and by when.
enum State<'a> {
    Open(Option<&'a Moment>),
    Done(i64),
}

fn state(task: &Task) -> State<'_> {
    match task.done_ms {
        Some(done_ms) => State::Done(i64::try_from(done_ms).unwrap_or(i64::MAX)),
        None => State::Open(task.entry.due.as_ref()),
    }
}

/// Whether it is still to be done although the day it was due lies behind.
pub fn is_late(task: &Task) -> bool {
    match state(task) {
        State::Open(Some(due)) => clock::days_between(clock::now_ms(), here_ms(due)) < 0,
        State::Open(None) | State::Done(_) => false,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{RecordId, TaskDraft};

    fn task(done_ms: Option<u64>, due: Option<Moment>) -> Task {
        let entry = TaskDraft { due, ..TaskDraft::default() };
        Task { id: RecordId::NIL, entry, done_ms, deleted: false, created_ms: 0, edited_ms: 0 }
    }

    #[test]
    fn what_is_done_is_said_to_be_done_and_never_late() {
        let due = Moment::exact(1, "UTC");
        assert!(matches!(state(&task(None, Some(due.clone()))), State::Open(Some(open)) if *open == due));
        assert!(matches!(state(&task(Some(9), Some(due))), State::Done(9)));
        assert!(matches!(state(&task(Some(9), None)), State::Done(9)));
        assert!(matches!(state(&task(None, None)), State::Open(None)));
    }
}

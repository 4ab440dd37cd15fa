//! Putting a task off, and taking it along in a calendar.

use super::calendar::{self, Event};
use super::due::on_day;
use crate::port::Command;
use crate::ui::components::{Menu, MenuItem};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::vocabulary::{here_ms, local_day, ms_of_day};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::{clock, dom, file};
use crate::ui::session::{Said, use_session};
use chrono::{Datelike, Days, NaiveDate};
use leptos::prelude::*;
use satchel_domain::{Task, TaskDraft};

/// Until when a task is put off, or by when it is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// This day.
    Today,
    /// The next day.
    Tomorrow,
    /// The first day of the next week.
    Monday,
    /// The same day of the next week.
    Week,
    /// No day.
    Someday,
}

impl Until {
    /// The day, reckoned from today; `None` for someday.
    pub(super) fn day(self, today: NaiveDate) -> Option<NaiveDate> {
        let days = match self {
            Self::Today => 0,
            Self::Tomorrow => 1,
            Self::Monday => 7 - u64::from(today.weekday().num_days_from_monday()),
            Self::Week => 7,
            Self::Someday => return None,
        };
        today.checked_add_days(Days::new(days))
    }

    /// The word for it.
    pub(super) fn word(self, locale: Locale) -> &'static str {
        match self {
            Self::Today => td_string!(locale, tasks.today),
            Self::Tomorrow => td_string!(locale, tasks.later_menu.tomorrow),
            Self::Monday => td_string!(locale, tasks.later_menu.monday),
            Self::Week => td_string!(locale, tasks.later_menu.week),
            Self::Someday => td_string!(locale, tasks.later_menu.someday),
        }
    }
}

/// The menu of an open task: later, or into a calendar.
#[component]
pub(super) fn TaskMenu(
    /// The task.
    task: Task,
    /// For whom; may be empty.
    partner: String,
    /// Days that it may be moved to, in place of those that usually come next.
    #[prop(optional, into)]
    days: Option<Memo<Vec<NaiveDate>>>,
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let title = task.entry.title.clone();
    let to_calendar = use_calendar();
    let task = StoredValue::new((task, partner));
    let put_off = move |day: Option<NaiveDate>| {
        let (task, _) = task.get_value();
        let draft = TaskDraft { due: on_day(task.entry.due.as_ref(), day), ..task.entry.clone() };
        let said = Said::new(t_string!(i18n, tasks.later_menu.put_off)).about(draft.title.clone());
        session.act(Command::EditTask { id: task.id, seen: task.entry, draft }, said);
    };
    let items = move || {
        let later = |until: Until| MenuItem {
            icon: if until == Until::Someday { "pause" } else { "clock" },
            label: until.word(i18n.get_locale()).to_owned(),
            on_choose: Callback::new(move |()| put_off(until.day(local_day(clock::now_ms())))),
        };
        let here = task.with_value(|(task, _)| task.entry.due.as_ref().map(|due| local_day(here_ms(due))));
        let to = |day: NaiveDate| MenuItem {
            icon: "today",
            label: format.when(ms_of_day(day), When::WeekDay),
            on_choose: Callback::new(move |()| put_off(Some(day))),
        };
        let near: Vec<MenuItem> = match days {
            Some(days) => days.get().into_iter().filter(|day| Some(*day) != here).map(to).collect(),
            None => [Until::Tomorrow, Until::Monday].map(later).into(),
        };
        let calendar = MenuItem {
            icon: "today",
            label: t_string!(i18n, tasks.later_menu.calendar).to_owned(),
            on_choose: Callback::new(move |()| {
                to_calendar(vec![task.get_value()]);
            }),
        };
        let may = session.may_write();
        let all = near.into_iter().chain([Until::Week, Until::Someday].map(later));
        all.filter(|_| may).chain([calendar]).collect::<Vec<_>>()
    };
    let label = move || t_string!(i18n, tasks.later_menu.label, title = title.clone()).to_string();
    view! { <Menu label=Signal::derive(label) items=Signal::derive(items) /> }
}

/// Hands tasks, each with for whom it is, to the person's calendar: a file that the system opens with it. The file is
/// in clear, which is said.
pub(super) fn use_calendar() -> impl Fn(Vec<(Task, String)>) + Copy + Send + Sync + 'static {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    move |tasks| {
        let open = tasks.iter().filter(|(task, _)| task.done_ms.is_none());
        let events: Vec<Event> = open.filter_map(|(task, partner)| Event::of(task, partner)).collect();
        let locale = i18n.get_locale_untracked();
        if events.is_empty() {
            return session.toasts().hint(td_string!(locale, tasks.later_menu.calendar_none));
        }
        let name = file::dated("satchel-tasks", clock::now_ms(), "ics");
        dom::save_file(&name, "text/calendar", calendar::file(&events).as_bytes());
        let count = format.count(events.len() as u64);
        let said = td_string!(locale, tasks.later_menu.calendar_note, count = count).to_string();
        session.toasts().say(said, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_is_a_day_that_comes() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let thursday = day("2026-11-19");
        let all = [Until::Today, Until::Tomorrow, Until::Monday, Until::Week, Until::Someday];
        let days = all.map(|until| until.day(thursday).map(|day| day.to_string()));
        let wanted = [Some("2026-11-19"), Some("2026-11-20"), Some("2026-11-23"), Some("2026-11-26"), None];
        assert_eq!(days.each_ref().map(Option::as_deref), wanted);
        assert_eq!(Until::Monday.day(day("2026-11-23")), Some(day("2026-11-30")), "not the same day");
    }
}

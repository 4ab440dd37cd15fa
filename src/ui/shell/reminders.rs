//! Reminds of tasks when their time comes, while the workspace is open.

use crate::port::{Query, TaskList, Window};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::here_ms;
use crate::ui::platform::clock;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::reminders::{self, Reminders};
use crate::ui::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use satchel_domain::{Precision, Task};

/// Tasks looked at: the next ones to come stand first.
const NEXT: u32 = 200;

/// Begins to look at the clock each minute; to be called once, inside what is shown while the workspace is open.
pub(super) fn follow_reminders() {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let list = session.watch::<TaskList>(|| Query::Tasks { window: Window { offset: 0, limit: NEXT } });
    let now = clock::every_minute();
    Effect::new(move |before: Option<i64>| {
        let now = now.get();
        let due = list.with_untracked(|list| {
            let tasks = list.as_ref().map(|list| list.rows.as_slice()).unwrap_or_default();
            come_due(tasks.iter().map(|(task, ..)| task), before.unwrap_or(now), now)
        });
        if let Some(&last) = due.last()
            && Reminders::now() == Reminders::On
        {
            let time = format.when(last, When::Time);
            let text = match due.len() {
                1 => t_string!(i18n, tasks.remind, time = time).to_string(),
                more => t_string!(i18n, tasks.remind_more, count = format.count(more as u64), time = time)
                    .to_string(),
            };
            let title = t_string!(i18n, common.app);
            spawn_local(async move { reminders::show(title, &text).await });
        }
        now
    });
}

/// When those open tasks are due, ms since 1970 UTC, whose time came after one moment and not after another. A task for
/// a whole day has no time.
fn come_due<'a>(tasks: impl Iterator<Item = &'a Task>, after_ms: i64, until_ms: i64) -> Vec<i64> {
    let timed = tasks.filter(|task| task.done_ms.is_none()).filter_map(|task| task.entry.due.as_ref());
    let mut due: Vec<i64> = timed
        .filter(|due| due.precision == Precision::Exact)
        .map(here_ms)
        .filter(|due| (after_ms + 1..=until_ms).contains(due))
        .collect();
    due.sort_unstable();
    due
}

//! Tasks and the trash.

use crate::timeline::Span;
use crate::{Book, TaskList, TaskRow, Trash, Week, Window};
use satchel_domain::{RecordId, Task, sorted};

/// Tasks shown as due before a week.
const LATE_SHOWN: usize = 20;
/// Tasks without a day shown beside a week.
const UNDATED_SHOWN: usize = 50;

impl Book {
    /// When a task is due here, ms since 1970 UTC.
    pub(crate) fn due_ms(&self, task: &Task) -> Option<i64> {
        task.entry.due.as_ref().map(|due| self.zone.here(due))
    }

    /// Where an open task stands among the others: by due time, those without last.
    pub(crate) fn due_place(&self, task: &Task) -> (i64, RecordId) {
        (self.due_ms(task).unwrap_or(i64::MAX), task.id)
    }

    /// Open tasks by due time, those without last; then those done, latest first. Tasks of partners
    /// in the trash wait there with them.
    pub fn tasks(&self, window: Window) -> TaskList {
        let open = || self.open_tasks();
        let done =
            || self.done.iter().rev().filter_map(|(_, id)| self.task(*id)).filter(|task| self.in_sight(task));
        let open_len = open().count();
        TaskList {
            total: open_len + done().count(),
            open: open_len,
            rows: window.of(open().chain(done())).map(|task| self.task_row(task)).collect(),
        }
    }

    /// The tasks between two local midnights, ms since 1970 UTC, with what was due before and what has no day. Tasks of
    /// partners in the trash wait there with them.
    pub fn week(&self, from_ms: i64, to_ms: i64) -> Week {
        let span = Span::new(Some(from_ms), Some(to_ms));
        let mut week = Week::default();
        let mut due: Vec<&Task> = Vec::new();
        for task in self.open_tasks() {
            match self.due_ms(task) {
                None => {
                    push(&mut week.undated, &mut week.undated_count, UNDATED_SHOWN, || self.task_row(task))
                }
                Some(due_ms) if span.contains(due_ms) => due.push(task),
                Some(due_ms) if span.ends_after(due_ms) => {
                    push(&mut week.late, &mut week.late_count, LATE_SHOWN, || self.task_row(task));
                }
                Some(_) => {}
            }
        }
        let on_these_days = |task: &&Task| self.due_ms(task).is_some_and(|due_ms| span.contains(due_ms));
        let done = self.done.iter().filter_map(|(_, id)| self.task(*id));
        due.extend(done.filter(|task| self.in_sight(task)).filter(on_these_days));
        sorted::sort_by_key(&mut due, |task| self.due_place(task));
        week.due = due.into_iter().map(|task| self.task_row(task)).collect();
        week
    }

    pub(crate) fn open_tasks(&self) -> impl Iterator<Item = &Task> {
        self.open.iter().filter_map(|(_, id)| self.task(*id)).filter(|task| self.in_sight(task))
    }

    pub(crate) fn task_row(&self, task: &Task) -> TaskRow {
        (task.clone(), task.entry.partner.and_then(|partner| self.partner_row(partner)))
    }

    pub(crate) fn in_sight(&self, task: &Task) -> bool {
        task.entry.partner.is_none_or(|partner| self.is_deleted(self.resolve(partner)) != Some(true))
    }

    /// What was put in the trash at or before this, ms since 1970 UTC.
    pub fn trashed_until(&self, at_ms: u64) -> Vec<RecordId> {
        self.trash.range(..=(at_ms, RecordId([u8::MAX; 16]))).map(|(_, id)| *id).collect()
    }

    /// What is in the trash, deleted last first.
    pub fn trash(&self, window: Window) -> Trash {
        let newest_first = window.of(self.trash.iter().rev());
        let rows = newest_first.filter_map(|(at_ms, id)| Some((self.whole(*id)?, *at_ms)));
        Trash { total: self.trash.len(), rows: rows.collect() }
    }
}

/// Counts one more, and keeps it where there is room.
fn push(rows: &mut Vec<TaskRow>, count: &mut usize, most: usize, row: impl FnOnce() -> TaskRow) {
    *count += 1;
    if rows.len() < most {
        rows.push(row());
    }
}

//! Tasks and the trash.

use crate::{Book, TaskList, TaskRow, Trash, Window};
use satchel_domain::{RecordId, Task};

/// Where an open task stands among the others: by due time, those without last.
pub(crate) fn due(task: &Task) -> (i64, RecordId) {
    (task.entry.due.as_ref().map_or(i64::MAX, |due| due.utc_ms), task.id)
}

impl Book {
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

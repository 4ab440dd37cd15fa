//! What this browser remembers of backups, in clear: when, how often, never what.

use super::folder::{self, Trouble, Written};
use super::{clock, settings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen_futures::spawn_local;

const KEY: &str = "satchel.backups";
const PLANS: &str = "satchel.folders";
const DAY_MS: i64 = 86_400_000;
/// What failed, or was stopped, is not tried again by itself before, ms.
const REST_MS: i64 = 3_600_000;

/// How backups of one workspace are kept up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habit {
    /// When the last one was made, ms since 1970 UTC.
    pub last_ms: Option<i64>,
    /// Since when this browser knows the workspace, ms since 1970 UTC.
    pub since_ms: i64,
    /// A reminder after so many days; 0 for none.
    pub every_days: u32,
}

impl Habit {
    /// The days that can be chosen.
    pub const CHOICES: [u32; 3] = [1, 7, 0];

    /// Whether a reminder is due.
    pub fn is_due(self, now_ms: i64) -> bool {
        let since = self.last_ms.unwrap_or(self.since_ms);
        self.every_days > 0 && now_ms.saturating_sub(since) >= i64::from(self.every_days) * DAY_MS
    }
}

/// What is remembered of a workspace.
pub fn habit(workspace: &str) -> Habit {
    let mut all = all();
    let new = || Habit { last_ms: None, since_ms: clock::now_ms(), every_days: 7 };
    match all.get(workspace) {
        Some(habit) => *habit,
        None => {
            let habit = *all.entry(workspace.to_owned()).or_insert_with(new);
            settings::keep(KEY, all);
            habit
        }
    }
}

/// Remembers it.
pub fn keep(workspace: &str, habit: Habit) {
    let mut all = all();
    all.insert(workspace.to_owned(), habit);
    settings::keep(KEY, all);
}

/// How often a backup is written into a folder without being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Every {
    /// Once a day.
    Day,
    /// Once a week.
    Week,
    /// Once a day, if something changed or is not sent.
    Change,
}

/// Backups of one workspace into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How often.
    pub every: Every,
    /// What was written and should be there still, the oldest first.
    pub files: Vec<Written>,
    /// When the last one was written, ms since 1970 UTC.
    pub last_ms: Option<i64>,
    /// What had changed by then.
    pub mark: (u32, u64),
    /// When the last one that failed did, ms since 1970 UTC, and why.
    pub failed: Option<(i64, Trouble)>,
    /// When one was last begun by itself, ms since 1970 UTC.
    pub tried_ms: i64,
    /// The name of one that is being written, or was when the browser died.
    pub begun: Option<String>,
}

/// How things stand when it is asked whether a backup is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// ms since 1970 UTC.
    pub now_ms: i64,
    /// Local days since the last one.
    pub days: i64,
    /// What has changed by now.
    pub mark: (u32, u64),
    /// Records that wait to be sent.
    pub unsent: u32,
}

impl Plan {
    /// How many files are kept.
    pub const KEPT: usize = 5;
    /// What can be chosen.
    pub const CHOICES: [Every; 3] = [Every::Day, Every::Week, Every::Change];

    /// For a folder that was just chosen.
    pub fn new(every: Every) -> Self {
        let (files, mark) = (Vec::new(), (0, 0));
        Self { every, files, last_ms: None, mark, failed: None, tried_ms: 0, begun: None }
    }

    /// Whether one is to be written.
    pub fn is_due(&self, at: Standing) -> bool {
        let changed = at.mark != self.mark || at.unsent > 0;
        let is_time = match self.every {
            _ if self.last_ms.is_none() => true,
            Every::Day => at.days >= 1,
            Every::Week => at.days >= 7,
            Every::Change => at.days >= 1 && changed,
        };
        is_time && !(0..REST_MS).contains(&at.now_ms.saturating_sub(self.tried_ms))
    }

    /// Takes in what was written; the files that are too many now.
    pub fn wrote(&mut self, file: Written, now_ms: i64, mark: (u32, u64)) -> Vec<Written> {
        self.files.push(file);
        (self.last_ms, self.mark, self.failed, self.tried_ms) = (Some(now_ms), mark, None, 0);
        self.files.drain(..self.files.len().saturating_sub(Self::KEPT)).collect()
    }
}

/// The plan of a workspace, if a folder was chosen for it.
pub fn plan(workspace: &str) -> Option<Plan> {
    plans().remove(workspace)
}

/// Remembers a plan, or that there is none.
pub fn keep_plan(workspace: &str, plan: Option<Plan>) {
    let mut all = plans();
    match plan {
        Some(plan) => all.insert(workspace.to_owned(), plan),
        None => all.remove(workspace),
    };
    settings::keep(PLANS, all);
}

fn plans() -> BTreeMap<String, Plan> {
    settings::read(PLANS).unwrap_or_default()
}

/// Forgets a workspace that was removed.
pub fn forget(workspace: &str) {
    let mut all = all();
    all.remove(workspace);
    settings::keep(KEY, all);
    if plan(workspace).is_some() {
        keep_plan(workspace, None);
        let workspace = workspace.to_owned();
        spawn_local(async move { folder::forget(&workspace).await });
    }
}

fn all() -> BTreeMap<String, Habit> {
    settings::read(KEY).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_is_due_after_the_days_that_were_chosen_and_never_where_none_is_wanted() {
        let habit = Habit { last_ms: Some(10 * DAY_MS), since_ms: 0, every_days: 7 };
        assert!(!habit.is_due(17 * DAY_MS - 1) && habit.is_due(17 * DAY_MS));
        assert!(!Habit { every_days: 0, ..habit }.is_due(1_000 * DAY_MS));
        assert!(Habit { last_ms: None, ..habit }.is_due(7 * DAY_MS), "it was never made");
    }

    fn written(nth: u64) -> Written {
        Written { name: format!("{nth}.satchel"), bytes: nth, modified_ms: 1 }
    }

    fn at(days: i64, mark: (u32, u64), unsent: u32) -> Standing {
        Standing { now_ms: 100 * DAY_MS, days, mark, unsent }
    }

    #[test]
    fn a_folder_gets_a_file_when_its_time_has_come() {
        for every in Plan::CHOICES {
            assert!(Plan::new(every).is_due(at(0, (0, 0), 0)), "the first one at once");
        }
        let with = |every| Plan { last_ms: Some(1), mark: (1, 7), ..Plan::new(every) };
        let due = |every, days, mark, unsent| with(every).is_due(at(days, mark, unsent));
        assert!(!due(Every::Day, 0, (1, 9), 3) && due(Every::Day, 1, (1, 7), 0));
        assert!(!due(Every::Week, 6, (1, 9), 3) && due(Every::Week, 7, (1, 7), 0));
        assert!(!due(Every::Change, 0, (1, 9), 3) && !due(Every::Change, 9, (1, 7), 0));
        assert!(due(Every::Change, 1, (1, 8), 0) && due(Every::Change, 1, (1, 7), 1));
    }

    #[test]
    fn what_failed_rests_an_hour_even_under_a_clock_that_went_back() {
        let tried = |ago: i64| Plan { tried_ms: 100 * DAY_MS - ago, ..Plan::new(Every::Day) };
        assert!(!tried(REST_MS - 1).is_due(at(1, (0, 0), 0)) && tried(REST_MS).is_due(at(1, (0, 0), 0)));
        assert!(tried(-DAY_MS).is_due(at(1, (0, 0), 0)), "tried tomorrow");
    }

    #[test]
    fn so_many_files_are_kept_and_the_oldest_go() {
        let mut plan = Plan { failed: Some((1, Trouble::Full)), ..Plan::new(Every::Day) };
        for nth in 1..=5 {
            assert!(plan.wrote(written(nth), 9, (1, nth)).is_empty());
        }
        assert_eq!(plan.wrote(written(6), 10, (2, 1)), [written(1)]);
        assert_eq!((plan.files.len(), plan.files.first()), (Plan::KEPT, Some(&written(2))));
        assert_eq!((plan.last_ms, plan.mark, plan.failed), (Some(10), (2, 1), None));
    }
}

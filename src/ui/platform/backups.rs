//! What this browser remembers of backups, in clear: when, how often, never what.

use super::{clock, settings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const KEY: &str = "satchel.backups";
const DAY_MS: i64 = 86_400_000;

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

/// Forgets a workspace that was removed.
pub fn forget(workspace: &str) {
    let mut all = all();
    all.remove(workspace);
    settings::keep(KEY, all);
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
}

//! A history in days: which entries stand under which heading, and what presets of time mean (R46).

use chrono::{Datelike, Days, NaiveDate};

/// Neighbouring entries of one local day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayGroup<T> {
    /// The day.
    pub day: NaiveDate,
    /// Its entries, in their order.
    pub entries: Vec<T>,
}

/// Groups sorted entries by day.
pub fn by_day<T>(entries: impl IntoIterator<Item = T>, day_of: impl Fn(&T) -> NaiveDate) -> Vec<DayGroup<T>> {
    let mut groups: Vec<DayGroup<T>> = Vec::new();
    for entry in entries {
        let day = day_of(&entry);
        match groups.last_mut() {
            Some(group) if group.day == day => group.entries.push(entry),
            _ => groups.push(DayGroup { day, entries: vec![entry] }),
        }
    }
    groups
}

/// A stretch of time that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Since midnight.
    Today,
    /// Since Monday.
    ThisWeek,
    /// The last thirty days, today included.
    Days30,
    /// The last ninety days, today included.
    Days90,
}

impl Span {
    /// All of them, shortest first.
    pub const ALL: [Self; 4] = [Self::Today, Self::ThisWeek, Self::Days30, Self::Days90];

    /// Its first day.
    pub fn first_day(self, today: NaiveDate) -> NaiveDate {
        let back = match self {
            Self::Today => 0,
            Self::ThisWeek => today.weekday().num_days_from_monday().into(),
            Self::Days30 => 29,
            Self::Days90 => 89,
        };
        today.checked_sub_days(Days::new(back)).unwrap_or(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn entries_of_a_day_stand_together() {
        let entries = [("a", day("2026-11-19")), ("b", day("2026-11-19")), ("c", day("2026-11-12"))];
        let groups = by_day(entries, |(_, day)| *day);
        let names: Vec<Vec<&str>> =
            groups.iter().map(|group| group.entries.iter().map(|(name, _)| *name).collect()).collect();
        assert_eq!(names, [vec!["a", "b"], vec!["c"]]);
    }

    #[test]
    fn presets_begin_where_they_say_r46() {
        let thursday = day("2026-11-19");
        assert_eq!(Span::Today.first_day(thursday), thursday);
        assert_eq!(Span::ThisWeek.first_day(thursday), day("2026-11-16"));
        assert_eq!(Span::Days30.first_day(thursday), day("2026-10-21"));
        assert_eq!(Span::Days90.first_day(thursday), day("2026-08-22"));
    }
}

//! Which period is looked at: its days and those of the one before, as local midnights.

use crate::port::Period;
use crate::ui::platform::clock;

/// The longest period that can be chosen, in days: three years.
const MOST_DAYS: usize = 1_096;
/// Up to so many days, each has a bar of its own.
const DAILY: usize = 14;
/// Days of a bar otherwise.
const WEEK: usize = 7;

/// A period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Span {
    /// This week, from Monday.
    Week,
    /// This month.
    Month,
    /// This quarter.
    #[default]
    Quarter,
    /// This year.
    Year,
    /// From one day to another, both included; local midnights, ms since 1970 UTC.
    Chosen {
        /// The first day.
        from_ms: i64,
        /// The last.
        to_ms: i64,
    },
}

impl Span {
    /// The first local midnights of the period, of what follows it, and of the one before.
    fn bounds(self, now_ms: i64) -> (i64, i64, i64) {
        let months = |first: i32, length: i32| {
            let at = |months| clock::month(now_ms, months);
            (at(first), at(first + length), at(first - length))
        };
        match self {
            Self::Week => {
                let monday = clock::midnight(now_ms, -clock::weekday(now_ms));
                (monday, clock::midnight(monday, 7), clock::midnight(monday, -7))
            }
            Self::Month => months(0, 1),
            Self::Quarter => months(-(clock::month_of(now_ms) % 3), 3),
            Self::Year => months(-clock::month_of(now_ms), 12),
            Self::Chosen { from_ms, to_ms } => {
                let (from_ms, to_ms) = (from_ms.min(to_ms), from_ms.max(to_ms));
                let days = i32::try_from(clock::days_between(from_ms, to_ms)).unwrap_or(0) + 1;
                (clock::midnight(from_ms, 0), clock::midnight(to_ms, 1), clock::midnight(from_ms, -days))
            }
        }
    }

    /// Its days, and those before.
    pub fn period(self, now_ms: i64) -> Period {
        let (from, to, before) = self.bounds(now_ms);
        let now = midnights(from, to);
        let begun = now.iter().filter(|edge| **edge <= now_ms).count().min(now.len().saturating_sub(1));
        let elapsed = u32::try_from(begun).unwrap_or(0);
        Period { now, before: midnights(before, from), elapsed, today_ms: clock::midnight(now_ms, 0) }
    }
}

fn midnights(from: i64, to: i64) -> Vec<i64> {
    let mut edges = vec![from];
    while let Some(last) = edges.last().copied().filter(|last| *last < to && edges.len() <= MOST_DAYS) {
        edges.push(clock::midnight(last, 1));
    }
    edges
}

/// Whether each of so many days has a bar of its own.
pub(super) fn is_daily(days: usize) -> bool {
    days <= DAILY
}

/// The day on which each bar begins, and behind the last one where it ends: a bar is a day, or a week from Monday on. The
/// first and the last week may be cut.
pub(super) fn cuts(days: usize, first_monday: usize) -> Vec<usize> {
    let step = if is_daily(days) { 1 } else { WEEK };
    let mondays = (first_monday % step..days).step_by(step);
    std::iter::once(0).chain(mondays.filter(|day| *day > 0)).chain((days > 0).then_some(days)).collect()
}

/// Days added up to bars; those that are not there count nothing.
pub(super) fn bars(days: &[u32], cuts: &[usize]) -> Vec<u32> {
    let sum = |from: usize, to: usize| days.iter().take(to).skip(from).sum();
    cuts.iter().zip(cuts.iter().skip(1)).map(|(from, to)| sum(*from, *to)).collect()
}

/// The top of an axis that holds `most`, with a middle that is a whole number.
pub(super) fn axis(most: u32) -> u32 {
    let mut unit = 1_u32;
    loop {
        if let Some(top) = [2, 4, 10].into_iter().map(|step| step * unit).find(|top| *top >= most) {
            return top;
        }
        unit = unit.saturating_mul(10);
    }
}

/// The step of the ramp, 0 to 5, for so many where `most` is the most.
pub(super) fn heat(count: u32, most: u32) -> u32 {
    if count == 0 { 0 } else { (count * 5).div_ceil(most.max(1)).clamp(1, 5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_days_or_weeks_from_monday_on_and_hold_all_days() {
        let days = [1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(bars(&days, &cuts(days.len(), 3)), days);
        let month = [1; 31];
        let weeks = |first_monday| bars(&month, &cuts(month.len(), first_monday));
        assert_eq!(weeks(0), [7, 7, 7, 7, 3]);
        assert_eq!(weeks(4), [4, 7, 7, 7, 6]);
        assert_eq!(weeks(3), [3, 7, 7, 7, 7]);
        assert_eq!(bars(&month[..9], &cuts(31, 4)), [4, 5, 0, 0, 0]);
        assert_eq!(bars(&[], &cuts(0, 2)), [0; 0]);
    }

    #[test]
    fn an_axis_holds_its_highest_bar_and_has_a_whole_middle() {
        for most in 0..500 {
            let top = axis(most);
            assert!(top >= most && top.is_multiple_of(2) && (most < 2 || top <= most * 5), "{most}: {top}");
        }
    }

    #[test]
    fn the_ramp_begins_at_one_and_ends_with_the_most() {
        assert_eq!([0, 1, 2, 9, 10].map(|count| heat(count, 10)), [0, 1, 1, 5, 5]);
        assert_eq!(heat(1, 1), 5);
    }
}

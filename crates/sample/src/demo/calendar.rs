//! Days counted back from today, and the hours at which people work.

use crate::dice::Dice;
use satchel_domain::moment::DAY_MS;
use satchel_domain::{Day, Moment};

const MINUTE_MS: i64 = 60_000;
const NOON_MS: i64 = DAY_MS / 2;

/// Where and when the person is.
#[derive(Clone, Copy)]
pub(super) struct Calendar<'a> {
    pub(super) now_ms: i64,
    pub(super) midnight_ms: i64,
    pub(super) zone: &'a str,
}

impl Calendar<'_> {
    /// A moment of a working day so many days ago, in working hours; never later than a minute ago.
    pub(super) fn ago(&self, days: usize, dice: &mut Dice) -> Moment {
        let minute = 8 * 60 + 5 * dice.below(10 * 12) as i64;
        let at = self.working_day(days) + minute * MINUTE_MS;
        Moment::exact(at.min(self.now_ms - MINUTE_MS), self.zone)
    }

    /// The whole day so many days from today.
    pub(super) fn day(&self, ahead: i64) -> Moment {
        Moment::all_day(self.local_day(self.midnight_ms + ahead * DAY_MS), self.zone)
    }

    /// Today at a minute of the day.
    pub(super) fn today_at(&self, minute: i64) -> Moment {
        Moment::exact(self.midnight_ms + minute * MINUTE_MS, self.zone)
    }

    /// When that day began; a weekend's days are the Friday before, but for today.
    fn working_day(&self, days: usize) -> i64 {
        let begin = self.midnight_ms - days as i64 * DAY_MS;
        // 1970-01-01 was a Thursday.
        let back = match (self.local_day(begin).0 + 3).rem_euclid(7) {
            weekday @ 5.. if days > 0 => weekday - 4,
            _ => 0,
        };
        begin - i64::from(back) * DAY_MS
    }

    /// The date of a local midnight: by noon every zone is on the day that it is in UTC, or close to it.
    fn local_day(&self, midnight_ms: i64) -> Day {
        Day::of(midnight_ms + NOON_MS, 0)
    }
}

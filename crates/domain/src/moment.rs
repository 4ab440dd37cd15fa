//! Instants as people mean them: a point in time, the zone it was meant in, and how exact it is (D13).

use crate::{Record, entry, field};
use chrono::{DateTime, Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// How exactly a moment is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// To the minute.
    #[default]
    Exact,
    /// The day matters, the time of day does not: the instant is that day's midnight in UTC, and the
    /// day is read in UTC wherever one is.
    AllDay,
    /// "Around then."
    Approximate,
}

/// A typed instant: UTC milliseconds, an IANA zone, and its precision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970-01-01 UTC; may be negative.
    pub utc_ms: i64,
    /// The IANA zone in which a person meant it, such as `Asia/Shanghai`.
    pub zone: String,
    /// How exactly it is known.
    pub precision: Precision,
}

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;
/// The first and last year that a date may lie in.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A calendar day, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

impl Day {
    /// The day with this date; `None` where there is no such date, such as 30 February.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        Some(Self(NaiveDate::from_ymd_opt(year, month, day)?.to_epoch_days()))
    }

    /// Year, month 1–12, day of the month; `None` far outside of any calendar.
    pub fn ymd(self) -> Option<(i32, u32, u32)> {
        let date = NaiveDate::from_epoch_days(self.0)?;
        Some((date.year(), date.month(), date.day()))
    }

    /// The day on which an instant falls where clocks are `offset_minutes` ahead of UTC.
    pub fn of(utc_ms: i64, offset_minutes: i32) -> Self {
        let local = utc_ms.saturating_add(i64::from(offset_minutes) * 60_000);
        let day = local.div_euclid(DAY_MS).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        Self(i32::try_from(day).unwrap_or_default())
    }

    /// Its midnight in UTC, ms since 1970 UTC.
    pub fn midnight_ms(self) -> i64 {
        i64::from(self.0) * DAY_MS
    }
}

impl Moment {
    /// A point in time, in the zone in which a person meant it.
    pub fn exact(utc_ms: i64, zone: impl Into<String>) -> Self {
        Self { utc_ms, zone: zone.into(), precision: Precision::Exact }
    }

    /// A day without a time of day.
    pub fn all_day(day: Day, zone: impl Into<String>) -> Self {
        Self { utc_ms: day.midnight_ms(), zone: zone.into(), precision: Precision::AllDay }
    }

    /// The day on which it falls where clocks are `offset_minutes` ahead of UTC; a moment that is a
    /// day is that day everywhere (D13).
    pub fn day(&self, offset_minutes: i32) -> Day {
        let offset = if self.precision == Precision::AllDay { 0 } else { offset_minutes };
        Day::of(self.utc_ms, offset)
    }

    /// Whether it lies in [`YEARS`].
    pub fn in_range(&self) -> bool {
        DateTime::from_timestamp_millis(self.utc_ms).is_some_and(|time| YEARS.contains(&time.year()))
    }

    /// When a record says that it happened; when it was written, if it does not say.
    pub(crate) fn read(record: &Record) -> Self {
        let created = || Self::exact(i64::try_from(record.created_ms()).unwrap_or(i64::MAX), "UTC");
        entry::moment(record.value(field::AT)).unwrap_or_else(created)
    }
}

/// Whole days from one instant to another, rounded down.
pub fn days_between(from_ms: i64, to_ms: i64) -> i64 {
    to_ms.saturating_sub(from_ms).div_euclid(DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_know_the_calendar() {
        assert_eq!(Day::from_ymd(1970, 1, 1), Some(Day(0)));
        assert_eq!(Day::from_ymd(2021, 2, 29), None);
        assert_eq!(Day::from_ymd(1996, 7, 4).and_then(Day::ymd), Some((1996, 7, 4)));
        assert_eq!(Day(i32::MAX).ymd(), None);
    }

    #[test]
    fn a_day_is_the_same_day_everywhere_d13() {
        let day = Day(18_628);
        assert_eq!(Day::from_ymd(2021, 1, 1), Some(day));
        for offset in [-720, 0, 480, 840] {
            assert_eq!(Moment::all_day(day, "Asia/Shanghai").day(offset), day);
        }
        let evening = Moment::exact(day.midnight_ms() + 20 * 3_600_000, "Asia/Shanghai");
        assert_eq!(evening.day(480), Day(day.0 + 1), "past midnight in Shanghai");
        assert_eq!(evening.day(0), day);
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for ms in [i64::MIN, i64::MAX] {
            let moment = Moment::exact(ms, "UTC");
            assert!(!moment.in_range());
            let _ = moment.day(840);
            let _ = days_between(ms, -1);
        }
    }
}

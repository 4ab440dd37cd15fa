//! Where days begin (D13): the rule of the device's clocks, asked once a day and remembered.
//!
//! A day without a time of day is kept as that day's midnight in UTC, which lies on the day before wherever clocks are
//! behind UTC. So no instant of the book is that midnight: what comes in stands where its day begins here, and whoever
//! compares, counts or shows instants need not know how exact they are.

use satchel_domain::{Day, Moment, Precision};
use std::cell::RefCell;
use std::fmt;

/// Days that are remembered: from 1970 on, to the middle of the next century.
const REMEMBERED: usize = 0x1_0000;

/// The rule of the clocks of one place, summer time and all.
pub struct Zone {
    /// When a clock here shows a time (ms since 1970, read locally), as ms since 1970 UTC.
    local_to_utc_ms: Box<dyn Fn(i64) -> i64>,
    /// Where days begin that were asked about, by their number: it is asked for each instant of a history.
    begun: RefCell<Vec<Option<i64>>>,
}

impl Default for Zone {
    /// UTC.
    fn default() -> Self {
        Self::new(|local_ms| local_ms)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zone").finish_non_exhaustive()
    }
}

impl Zone {
    /// The place whose clocks show a time (ms since 1970, read locally) at the instant that is answered, ms since 1970
    /// UTC; of a time that is left out there, the instant that it would have been.
    pub fn new(local_to_utc_ms: impl Fn(i64) -> i64 + 'static) -> Self {
        Self { local_to_utc_ms: Box::new(local_to_utc_ms), begun: RefCell::default() }
    }

    /// When a day begins here, ms since 1970 UTC.
    pub fn begins_ms(&self, day: Day) -> i64 {
        let place = usize::try_from(day.0).ok().filter(|place| *place < REMEMBERED);
        let Some(place) = place else { return self.ask(day) };
        let mut begun = self.begun.borrow_mut();
        if begun.len() <= place {
            begun.resize(place + 1, None);
        }
        *begun[place].get_or_insert_with(|| self.ask(day))
    }

    /// No clock shows days that are in no calendar.
    fn ask(&self, day: Day) -> i64 {
        let midnight_ms = day.midnight_ms();
        if day.ymd().is_some() { (self.local_to_utc_ms)(midnight_ms) } else { midnight_ms }
    }

    /// The day here on which an instant lies.
    pub fn day(&self, at_ms: i64) -> Day {
        let near = Day::of(at_ms, 0);
        let next = Day(near.0.saturating_add(1));
        if at_ms < self.begins_ms(near) {
            Day(near.0.saturating_sub(1))
        } else if at_ms < self.begins_ms(next) {
            near
        } else {
            next
        }
    }

    /// The instant for which something stands here: the beginning of its day where it has no time of day.
    pub(crate) fn here_ms(&self, at_ms: i64, precision: Precision) -> i64 {
        match precision {
            Precision::AllDay => self.begins_ms(Day::of(at_ms, 0)),
            Precision::Exact | Precision::Approximate => at_ms,
        }
    }

    /// The same of a moment, ms since 1970 UTC.
    pub fn here(&self, moment: &Moment) -> i64 {
        self.here_ms(moment.utc_ms, moment.precision)
    }

    /// Whether clocks still go as they did when they were asked.
    pub fn holds(&self) -> bool {
        let begun = self.begun.borrow();
        (0..).map(Day).zip(begun.iter()).all(|(day, begins)| begins.is_none_or(|ms| self.ask(day) == ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::moment::DAY_MS;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn every_instant_lies_on_the_day_that_clocks_show_d13() {
        for minutes in [-600, -210, 0, 480, 780] {
            let ahead = minutes * 60_000;
            let zone = Zone::new(move |local_ms| local_ms - ahead);
            let day = Day(20_000);
            let begins = zone.begins_ms(day);
            assert_eq!(begins, day.midnight_ms() - ahead, "{minutes} minutes ahead");
            for (at_ms, on) in [
                (begins - 1, 19_999),
                (begins, 20_000),
                (begins + DAY_MS - 1, 20_000),
                (begins + DAY_MS, 20_001),
            ] {
                assert_eq!(zone.day(at_ms), Day(on), "{minutes} minutes ahead");
            }
            assert_eq!(zone.here(&Moment::all_day(day, "UTC")), begins);
            assert_eq!(zone.here(&Moment::exact(begins + 1, "UTC")), begins + 1);
        }
    }

    /// Clocks are put on from the end of day 9 by an hour: the first hour of day 10 is left out.
    #[test]
    fn a_day_whose_midnight_is_left_out_begins_an_hour_later_d13() {
        let zone =
            Zone::new(
                |local_ms| {
                    if local_ms < 10 * DAY_MS + HOUR { local_ms + 3 * HOUR } else { local_ms + 2 * HOUR }
                },
            );
        let begins = zone.begins_ms(Day(10));
        assert_eq!(begins, 10 * DAY_MS + 3 * HOUR);
        assert_eq!((zone.day(begins - 1), zone.day(begins)), (Day(9), Day(10)));
        assert_eq!(zone.begins_ms(Day(11)) - begins, 23 * HOUR);
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        let zone = Zone::new(|_| panic!("nobody's clock shows such days"));
        for at_ms in [i64::MIN, i64::MAX] {
            let _ = zone.day(at_ms);
            let _ = zone.here_ms(at_ms, Precision::AllDay);
        }
        assert!(zone.holds());
    }

    #[test]
    fn a_rule_that_changed_no_longer_holds() {
        let ahead = std::rc::Rc::new(std::cell::Cell::new(0));
        let here = std::rc::Rc::clone(&ahead);
        let zone = Zone::new(move |local_ms| local_ms - here.get());
        assert!(zone.holds());
        let _ = zone.begins_ms(Day(1));
        ahead.set(HOUR);
        assert!(!zone.holds());
    }
}

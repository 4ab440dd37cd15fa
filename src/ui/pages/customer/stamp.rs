//! When a message was sent, as programs for conversations write it when text is copied or exported (R21).

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// A date and a time as written. Which of two numbers is the day and which the month may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    date: Date,
    time: NaiveTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Date {
    /// Year, month, day.
    Known(NaiveDate),
    /// Two numbers that may be day and month or month and day, and the year.
    Either(u32, u32, i32),
    /// Without a year.
    Yearless,
}

impl Stamp {
    /// The time of day, as `20:41`.
    pub fn clock(self) -> String {
        self.time.format("%H:%M").to_string()
    }
}

/// Reads `2026/11/19 20:41`, `19/11/2026, 20:41:05`, `11/19/26, 8:41 PM`, `2026年11月19日 20:41`; nothing around it.
pub fn stamp(text: &str) -> Option<Stamp> {
    let mut words = text.split([' ', ',', '\u{a0}', '\u{202f}']).filter(|word| !word.is_empty());
    let (date, time, half) = (words.next()?, words.next()?, words.next());
    if words.next().is_some() {
        return None;
    }
    Some(Stamp { date: day(date)?, time: clock(time, half)? })
}

/// When the last of some messages was sent; `None` where none says so, or days and months cannot be told apart.
pub fn last(stamps: impl Iterator<Item = Stamp> + Clone) -> Option<NaiveDateTime> {
    let day_first = stamps.clone().find_map(|stamp| match stamp.date {
        Date::Either(first, second, _) if first > 12 || second > 12 => Some(first > 12),
        _ => None,
    });
    let at = |stamp: Stamp| {
        let date = match (stamp.date, day_first) {
            (Date::Known(date), _) => date,
            (Date::Either(same, other, year), _) if same == other => {
                NaiveDate::from_ymd_opt(year, same, same)?
            }
            (Date::Either(day, month, year), Some(true)) | (Date::Either(month, day, year), Some(false)) => {
                NaiveDate::from_ymd_opt(year, month, day)?
            }
            (Date::Either(..), None) | (Date::Yearless, _) => return None,
        };
        Some(date.and_time(stamp.time))
    };
    stamps.filter_map(at).max()
}

/// Numbers with the same mark between them.
fn day(text: &str) -> Option<Date> {
    let text = text.trim_end_matches('日');
    let mark = ['/', '-', '.', '年', '月'].into_iter().find(|mark| text.contains(*mark))?;
    let parts: Vec<&str> = match mark {
        '年' => text.split(['年', '月']).collect(),
        mark => text.split(mark).collect(),
    };
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 4);
    match (&parts[..], mark) {
        ([month, day], '/' | '-' | '月') => {
            let fits = (1..=12).contains(&number(month)?) && (1..=31).contains(&number(day)?);
            fits.then_some(Date::Yearless)
        }
        ([year, month, day], '/' | '-' | '.' | '年') if year.len() == 4 => {
            known(number(year)?, number(month)?, number(day)?)
        }
        ([day, month, year], '.') => known(full(year)?, number(month)?, number(day)?),
        ([first, second, year], '/' | '-') => {
            let (first, second, year) = (number(first)?, number(second)?, full(year)?);
            let fits = known(year, first, second).or(known(year, second, first)).is_some();
            Some(Date::Either(first, second, i32::try_from(year).ok()?)).filter(|_| fits)
        }
        _ => None,
    }
}

fn known(year: u32, month: u32, day: u32) -> Option<Date> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(Date::Known)
}

/// A year of four digits, or of two in this century.
fn full(year: &str) -> Option<u32> {
    let number = year.parse::<u32>().ok()?;
    match year.len() {
        2 => Some(2_000 + number),
        4 => Some(number),
        _ => None,
    }
}

/// `20:41`, `20:41:05`, `8:41` with `PM` after it.
fn clock(text: &str, half: Option<&str>) -> Option<NaiveTime> {
    let numbers: Vec<u32> = text.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let (hour, minute, second) = match numbers[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let hour = match half.map(str::to_lowercase).as_deref() {
        None => hour,
        Some("am" | "a.m.") if (1..=12).contains(&hour) => hour % 12,
        Some("pm" | "p.m.") if (1..=12).contains(&hour) => hour % 12 + 12,
        Some(_) => return None,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Option<String> {
        let stamps: Vec<Stamp> = texts.iter().filter_map(|text| stamp(text)).collect();
        last(stamps.into_iter()).map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string())
    }

    #[test]
    fn stamps_are_read_as_programs_write_them_r21() {
        let table = [
            ("2026/11/19 20:41", "2026-11-19 20:41:00"),
            ("2026-11-19  20:41:05", "2026-11-19 20:41:05"),
            ("2026年11月19日 20:41", "2026-11-19 20:41:00"),
            ("19/11/2026, 20:41", "2026-11-19 20:41:00"),
            ("11/19/26, 8:41\u{202f}PM", "2026-11-19 20:41:00"),
            ("19.11.2026 20:41", "2026-11-19 20:41:00"),
            ("11/11/26, 12:05 AM", "2026-11-11 00:05:00"),
        ];
        for (text, at) in table {
            assert_eq!(of(&[text]).as_deref(), Some(at), "{text}");
        }
    }

    #[test]
    fn what_may_be_day_or_month_is_told_by_another_message_or_not_at_all() {
        assert_eq!(of(&["05/11/2026, 20:41"]), None);
        assert!(stamp("11-19 20:41").is_some() && of(&["11-19 20:41", "11月19日 20:41"]).is_none());
        let told = of(&["25/10/2026, 9:00", "05/11/2026, 20:41"]);
        assert_eq!(told.as_deref(), Some("2026-11-05 20:41:00"));
        let told = of(&["10/25/26, 9:00 AM", "11/05/26, 8:41 PM"]);
        assert_eq!(told.as_deref(), Some("2026-11-05 20:41:00"));
    }

    #[test]
    fn the_last_one_counts_wherever_it_stands() {
        assert_eq!(of(&["2026/11/19 20:44", "2026/11/19 20:41"]).as_deref(), Some("2026-11-19 20:44:00"));
    }

    #[test]
    fn what_is_no_stamp_is_none() {
        for text in [
            "",
            "20:41",
            "2026/11/19",
            "2026/13/40 20:41",
            "19/11/2026 25:00",
            "1/2/3 4:05",
            "a b",
            "19/11/2026 20:41 x",
            "2026/11/19 13:05 PM",
        ] {
            assert_eq!(stamp(text), None, "{text:?}");
        }
    }
}

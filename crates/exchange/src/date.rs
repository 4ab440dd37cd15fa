//! Dates in many forms. Day and month are told apart over a whole column, never cell by cell.

use crate::known::Zone;
use crate::plan::DateOrder;
use crate::text::narrow;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use satchel_domain::{Day, Moment, moment::YEARS};

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// A day.
    Day(NaiveDate),
    /// A day and a time as a clock on the wall showed it.
    Local(NaiveDateTime),
    /// An instant: the text named its zone.
    Instant(i64),
}

/// Reads a date; `None` for what is none, or lies outside of the domain's [`YEARS`].
pub(crate) fn parse_date(cell: &str, order: DateOrder) -> Option<When> {
    let text = narrow(cell);
    let text = text.trim();
    if let Some(instant) = with_zone(text) {
        return Some(instant);
    }
    let (day, rest) = split_day(text);
    let date = day_of(day, order)?;
    match time_of(rest)? {
        Some(time) => Some(When::Local(date.and_time(time))),
        None => Some(When::Day(date)),
    }
}

/// What a column's dates say about their order, and a value that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OrderEvidence {
    /// No date in the column depends on it.
    Unneeded,
    /// Some date can be read in one way only.
    Certain(DateOrder),
    /// Every date can be read both ways, such as this one.
    Open(String),
}

/// Looks through a column. Where both orders have evidence the one with more wins.
pub(crate) fn order_evidence<'a>(cells: impl Iterator<Item = &'a str>) -> OrderEvidence {
    let (mut day_first, mut month_first, mut open) = (0u32, 0u32, None);
    for cell in cells {
        let text = narrow(cell);
        let Some([first, second, third]) = three_numbers(split_day(text.trim()).0) else { continue };
        if first.1 == 4 || third.1 == 1 {
            continue;
        }
        match (first.0 > 12, second.0 > 12) {
            (true, false) => day_first += 1,
            (false, true) => month_first += 1,
            (false, false) if first.0 != second.0 => open = open.or_else(|| Some(cell.to_owned())),
            _ => {}
        }
    }
    match (day_first, month_first, open) {
        (0, 0, None) => OrderEvidence::Unneeded,
        (0, 0, Some(cell)) => OrderEvidence::Open(cell),
        (day, month, _) if day >= month => OrderEvidence::Certain(DateOrder::DayFirst),
        _ => OrderEvidence::Certain(DateOrder::MonthFirst),
    }
}

/// RFC 3339 and its looser relatives: `2024-08-13T18:04:34.666+00:00`, `…Z`, `2024-08-13 18:04 +0200`.
fn with_zone(text: &str) -> Option<When> {
    let spaced = text.replacen('T', " ", 1);
    let zoned = spaced.strip_suffix(['Z', 'z']).map_or_else(|| spaced.clone(), |rest| format!("{rest}+0000"));
    ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%d %H:%M%#z"]
        .iter()
        .find_map(|form| DateTime::parse_from_str(&zoned, form).ok())
        .map(|instant| When::Instant(instant.timestamp_millis()))
        .or_else(|| {
            DateTime::parse_from_rfc2822(text).ok().map(|instant| When::Instant(instant.timestamp_millis()))
        })
}

/// The part with the day and the part with the time.
fn split_day(text: &str) -> (&str, &str) {
    if let Some(at) = text.find(['日', '号']) {
        let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
        return (&text[..end], text[end..].trim());
    }
    if let Some((day, time)) =
        text.split_once('T').filter(|(day, _)| day.ends_with(|c: char| c.is_ascii_digit()))
    {
        return (day, time);
    }
    let cut = text.match_indices(' ').find(|(at, _)| {
        text[*at..].contains(':') && !text[at + 1..].trim().contains(' ') || is_time_from(&text[at + 1..])
    });
    cut.map_or((text, ""), |(at, _)| (&text[..at], text[at + 1..].trim()))
}

fn is_time_from(rest: &str) -> bool {
    rest.split_once(':').is_some_and(|(hour, _)| {
        !hour.is_empty() && hour.len() <= 2 && hour.bytes().all(|b| b.is_ascii_digit())
    })
}

fn day_of(day: &str, order: DateOrder) -> Option<NaiveDate> {
    let date =
        chinese(day).or_else(|| numeric(day, order)).or_else(|| named_month(day)).or_else(|| compact(day))?;
    YEARS.contains(&date.year()).then_some(date)
}

fn chinese(day: &str) -> Option<NaiveDate> {
    let (year, rest) = day.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.trim_end_matches(['日', '号']);
    NaiveDate::from_ymd_opt(year.trim().parse().ok()?, month.trim().parse().ok()?, day.trim().parse().ok()?)
}

/// Three numbers with their numbers of digits, between `/`, `-` or `.`.
fn three_numbers(day: &str) -> Option<[(u32, usize); 3]> {
    let mut parts = day.split(['/', '-', '.']).map(|part| {
        let part = part.trim();
        let digits = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok().map(|number| (number, part.len()))).flatten()
    });
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

fn numeric(day: &str, order: DateOrder) -> Option<NaiveDate> {
    let [first, second, third] = three_numbers(day)?;
    if first.1 == 4 {
        return NaiveDate::from_ymd_opt(first.0 as i32, second.0, third.0);
    }
    let year = if third.1 == 4 { third.0 } else { short_year(third.0) };
    let (month, day) = match order {
        DateOrder::DayFirst => (second.0, first.0),
        DateOrder::MonthFirst => (first.0, second.0),
    };
    NaiveDate::from_ymd_opt(year as i32, month, day)
}

/// `69` is 1969, `68` is 2068: the POSIX reading.
fn short_year(year: u32) -> u32 {
    if year < 69 { 2000 + year } else { 1900 + year }
}

/// `4 Jul 1996`, `July 4, 1996`, `04-Jul-96`.
fn named_month(day: &str) -> Option<NaiveDate> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = day.to_lowercase();
    let words: Vec<&str> = lower.split([' ', '-', ',', '.', '/']).filter(|word| !word.is_empty()).collect();
    let [a, b, c] = words.as_slice() else { return None };
    let month_at = |word: &str| {
        let start = word.get(..3).filter(|_| word.chars().all(char::is_alphabetic))?;
        MONTHS.iter().position(|month| *month == start).map(|at| at as u32 + 1)
    };
    let (month, day) = match (month_at(a), month_at(b)) {
        (Some(month), None) => (month, b),
        (None, Some(month)) => (month, a),
        _ => return None,
    };
    let digits = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let year: u32 = c.parse().ok()?;
    let year = if c.len() <= 2 { short_year(year) } else { year };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, digits.parse().ok()?)
}

/// `19970101`, or a spreadsheet's day number (days since 1899-12-30), with a fraction of a day.
fn compact(day: &str) -> Option<NaiveDate> {
    let whole = day.split('.').next()?;
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u32 = whole.parse().ok()?;
    match (whole.len(), day.len() == whole.len()) {
        (8, true) => NaiveDate::from_ymd_opt((number / 10_000) as i32, number / 100 % 100, number % 100),
        (5, _) => NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(u64::from(number))),
        _ => None,
    }
}

/// `Some(None)` for no time, `None` for something that is none.
#[allow(clippy::option_option, reason = "absent and wrong are different answers")]
fn time_of(rest: &str) -> Option<Option<NaiveTime>> {
    if rest.is_empty() {
        return Some(None);
    }
    let upper = rest.to_uppercase();
    ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(&upper, form).ok())
        .map(Some)
}

/// How the dates of a column become moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateColumn {
    /// Day or month first.
    pub(crate) order: DateOrder,
    /// Whether every time in the column is midnight, so that the times mean nothing.
    pub(crate) days_only: bool,
}

impl DateColumn {
    /// Looks through a column.
    pub(crate) fn survey<'a>(cells: impl Iterator<Item = &'a str>, order: DateOrder) -> Self {
        let mut dates = cells.filter_map(|cell| parse_date(cell, order));
        let days_only = dates.all(|when| match when {
            When::Day(_) => true,
            When::Local(local) => local.time() == NaiveTime::MIN,
            When::Instant(_) => false,
        });
        Self { order, days_only }
    }

    /// The moment that a cell means; `None` for what is no date.
    pub(crate) fn moment(self, cell: &str, zone: &dyn Zone) -> Option<Moment> {
        let moment = match parse_date(cell, self.order)? {
            When::Instant(utc_ms) => Moment::exact(utc_ms, zone.name()),
            When::Local(local) if !self.days_only => {
                Moment::exact(zone.to_utc_ms(local.and_utc().timestamp_millis()), zone.name())
            }
            When::Local(local) => Moment::all_day(Day(local.date().to_epoch_days()), zone.name()),
            When::Day(day) => Moment::all_day(Day(day.to_epoch_days()), zone.name()),
        };
        moment.in_range().then_some(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use satchel_domain::Precision;

    fn shown(cell: &str, order: DateOrder) -> String {
        match parse_date(cell, order) {
            Some(When::Day(day)) => day.to_string(),
            Some(When::Local(local)) => local.to_string(),
            Some(When::Instant(ms)) => format!("{ms}"),
            None => "none".into(),
        }
    }

    #[test]
    fn forms() {
        let cases = [
            ("1996-07-04 00:00:00.000", "1996-07-04 00:00:00"),
            ("1996-07-04", "1996-07-04"),
            ("1996/7/4", "1996-07-04"),
            ("4.7.1996", "1996-07-04"),
            ("04/07/96", "1996-07-04"),
            ("4/7/1996 5:30 PM", "1996-07-04 17:30:00"),
            ("2024-08-13T18:04:34.666+00:00", "1723572274666"),
            ("2024-08-13T18:04:34Z", "1723572274000"),
            ("2024-08-13T18:04", "2024-08-13 18:04:00"),
            ("2021年1月1日", "2021-01-01"),
            ("2021年1月1日 10:00", "2021-01-01 10:00:00"),
            ("19970101", "1997-01-01"),
            ("44197", "2021-01-01"),
            ("44197.5", "2021-01-01"),
            ("4 Jul 1996", "1996-07-04"),
            ("July 4, 1996", "1996-07-04"),
            ("04-Jul-96", "1996-07-04"),
            ("2021-02-30", "none"),
            ("0", "none"),
            ("soon", "none"),
            ("2021-13-01", "none"),
            ("1/2/3/4", "none"),
            ("", "none"),
        ];
        for (cell, expected) in cases {
            assert_eq!(shown(cell, DateOrder::DayFirst), expected, "{cell}");
        }
        assert_eq!(shown("4/7/1996", DateOrder::MonthFirst), "1996-04-07");
    }

    #[test]
    fn the_order_is_decided_over_the_column() {
        let evidence = |cells: &[&str]| order_evidence(cells.iter().copied());
        assert_eq!(evidence(&["3/4/2021", "25/4/2021"]), OrderEvidence::Certain(DateOrder::DayFirst));
        assert_eq!(evidence(&["3/4/2021", "4/25/2021"]), OrderEvidence::Certain(DateOrder::MonthFirst));
        assert_eq!(evidence(&["3/4/2021", "5/5/2021"]), OrderEvidence::Open("3/4/2021".into()));
        assert_eq!(evidence(&["2021-03-04", "5/5/2021"]), OrderEvidence::Unneeded);
    }

    #[test]
    fn midnight_everywhere_means_days() {
        let zone = crate::FixedZone { name: "Asia/Shanghai".into(), ahead_minutes: 480 };
        let cells = ["1996-07-04 00:00:00.000", "1996-07-05 00:00:00.000"];
        let column = DateColumn::survey(cells.into_iter(), DateOrder::DayFirst);
        let moment = column.moment(cells[0], &zone).unwrap();
        assert_eq!((moment.utc_ms, moment.precision), (836_438_400_000, Precision::AllDay));
        let column = DateColumn::survey([cells[0], "1996-07-05 10:00"].into_iter(), DateOrder::DayFirst);
        assert_eq!(column.moment(cells[0], &zone).unwrap().precision, Precision::Exact);
    }

    proptest! {
        #[test]
        fn never_panics(text in "[0-9/: .T年月日Z+a-z-]{0,24}|.{0,20}") {
            parse_date(&text, DateOrder::DayFirst);
            parse_date(&text, DateOrder::MonthFirst);
            order_evidence([text.as_str()].into_iter());
        }
    }
}

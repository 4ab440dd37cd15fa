//! Chinese times that look ahead: 周五前, 下周二, 三天内, 12月3日前, 月底前.

use super::Found;
use super::english::{in_week, month_end, next_date, next_weekday};
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// A date without 前 this far ahead is one that is past and lacks its year.
const SOON_DAYS: i64 = 180;

/// The first time in `clause` that looks ahead.
pub(super) fn find(clause: &str, today: NaiveDate) -> Option<Found> {
    let mut digit_before = false;
    clause.char_indices().find_map(|(start, letter)| {
        let inside_number = digit_before && letter.is_ascii_digit();
        digit_before = letter.is_ascii_digit();
        let rest = if inside_number { return None } else { &clause[start..] };
        let (after, due) = at(rest, today)?;
        Some(Found { start, end: clause.len() - after.len(), due })
    })
}

/// A time at the head of `text`: what follows it, and its day.
fn at(text: &str, today: NaiveDate) -> Option<(&str, NaiveDate)> {
    relative_day(text, today)
        .or_else(|| week_day(text, today))
        .or_else(|| span(text, today))
        .or_else(|| month_day(text, today))
        .or_else(|| month_edge(text, today))
}

fn relative_day(text: &str, today: NaiveDate) -> Option<(&str, NaiveDate)> {
    for (word, days) in [("大后天", 3), ("后天", 2), ("明天", 1), ("明日", 1), ("明早", 1)] {
        if let Some(rest) = text.strip_prefix(word) {
            return Some((deadline(rest).unwrap_or(rest), today + Days::new(days)));
        }
    }
    let rest = text.strip_prefix("今天").or_else(|| text.strip_prefix("今晚"))?;
    Some((deadline(rest)?, today))
}

fn week_day(text: &str, today: NaiveDate) -> Option<(&str, NaiveDate)> {
    let (rest, weeks) = match (text.strip_prefix('下'), text.strip_prefix(['这', '本'])) {
        (Some(rest), _) => (rest.strip_prefix('个').unwrap_or(rest), Some(1)),
        (_, Some(rest)) => (rest, Some(0)),
        _ => (text, None),
    };
    let rest = rest
        .strip_prefix('周')
        .or_else(|| rest.strip_prefix("星期"))
        .or_else(|| rest.strip_prefix("礼拜"))?;
    let Some((day, rest)) = day_of_week(rest) else {
        let next = (weeks == Some(1)).then(|| in_week(today, 1, Weekday::Fri))?;
        return Some((deadline(rest).unwrap_or(rest), next));
    };
    match weeks {
        Some(1) => Some((deadline(rest).unwrap_or(rest), in_week(today, 1, day))),
        Some(_) => Some((deadline(rest)?, in_week(today, 0, day))).filter(|(_, due)| *due >= today),
        None => Some((deadline(rest)?, next_weekday(today, day))),
    }
}

fn day_of_week(text: &str) -> Option<(Weekday, &str)> {
    let first = text.chars().next()?;
    let day = match first {
        '一' => Weekday::Mon,
        '二' => Weekday::Tue,
        '三' => Weekday::Wed,
        '四' => Weekday::Thu,
        '五' => Weekday::Fri,
        '六' => Weekday::Sat,
        '日' | '天' | '末' => Weekday::Sun,
        _ => return None,
    };
    Some((day, &text[first.len_utf8()..]))
}

fn span(text: &str, today: NaiveDate) -> Option<(&str, NaiveDate)> {
    let (amount, rest) = number(text)?;
    let rest = rest.strip_prefix('个').unwrap_or(rest);
    let (days, rest) = if let Some(rest) = rest.strip_prefix('天') {
        (amount, rest)
    } else if let Some(rest) = rest.strip_prefix('周').or_else(|| rest.strip_prefix("星期")) {
        (amount * 7, rest)
    } else {
        let due = today.checked_add_months(Months::new(amount))?;
        return Some((within(rest.strip_prefix('月')?)?, due));
    };
    Some((within(rest)?, today + Days::new(u64::from(days))))
}

fn month_day(text: &str, today: NaiveDate) -> Option<(&str, NaiveDate)> {
    let (first, rest) = digits(text)?;
    if let Some(rest) = rest.strip_prefix(['日', '号']) {
        return Some((deadline(rest)?, this_or_next_month(today, first)?));
    }
    let (day, rest) = digits(rest.strip_prefix('月')?.trim_start())?;
    let rest = rest.strip_prefix(['日', '号']).unwrap_or(rest);
    let due = next_date(today, first, day)?;
    match deadline(rest) {
        Some(rest) => Some((rest, due)),
        None => ((due - today).num_days() <= SOON_DAYS).then_some((rest, due)),
    }
}

fn month_edge(text: &str, today: NaiveDate) -> Option<(&str, NaiveDate)> {
    for (word, months) in [("下个月底", 1), ("下月底", 1), ("本月底", 0), ("这个月底", 0), ("月底", 0)]
    {
        if let Some(rest) = text.strip_prefix(word) {
            return Some((deadline(rest).unwrap_or(rest), month_end(today + Months::new(months))?));
        }
    }
    None
}

fn this_or_next_month(today: NaiveDate, day: u32) -> Option<NaiveDate> {
    let this = today.with_day(day).filter(|due| *due >= today);
    this.or_else(|| (today.with_day(1)? + Months::new(1)).with_day(day))
}

/// What follows 前, 之前, 以前 or 内.
fn deadline(text: &str) -> Option<&str> {
    ["之前", "以前", "前", "之内", "以内", "内"].iter().find_map(|word| text.strip_prefix(word))
}

/// What follows 内 or 后.
fn within(text: &str) -> Option<&str> {
    ["之内", "以内", "内", "之后", "以后", "后"].iter().find_map(|word| text.strip_prefix(word))
}

fn digits(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

fn number(text: &str) -> Option<(u32, &str)> {
    const NAMES: &str = "一二三四五六七八九十";
    let found = digits(text).or_else(|| {
        let first = text.chars().next()?;
        let amount =
            if first == '两' { 2 } else { 1 + NAMES.chars().position(|name| name == first)? as u32 };
        Some((amount, &text[first.len_utf8()..]))
    });
    found.filter(|(amount, _)| (1..=400).contains(amount))
}

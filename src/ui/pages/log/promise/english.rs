//! English times that look ahead: "by Friday", "next Tuesday", "in 3 days", "by 20 Nov".

use super::Found;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// The first time in `clause` that looks ahead.
pub(super) fn find(clause: &str, today: NaiveDate) -> Option<Found> {
    let words = words(clause);
    (0..words.len()).find_map(|from| {
        let (count, due) = at(&words[from..], today)?;
        let last = &words[from + count - 1];
        Some(Found { start: words[from].start, end: last.start + last.bytes, due })
    })
}

struct Word {
    start: usize,
    bytes: usize,
    text: String,
}

fn words(clause: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for part in clause.split_whitespace() {
        let start = part.as_ptr() as usize - clause.as_ptr() as usize;
        let text = part.trim_matches(|edge: char| !edge.is_alphanumeric()).to_ascii_lowercase();
        words.push(Word { start, bytes: part.len(), text });
    }
    words
}

/// A time that begins with the first word: how many words it takes, and its day.
fn at(words: &[Word], today: NaiveDate) -> Option<(usize, NaiveDate)> {
    let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
    match text(0) {
        "by" | "before" | "until" | "till" => {
            let skip = if text(1) == "the" { 2 } else { 1 };
            let (count, due) = deadline(words.get(skip..)?, today)?;
            Some((skip + count, due))
        }
        "tomorrow" | "next" | "this" => deadline(words, today),
        "in" | "within" => {
            let amount = number(text(1))?;
            let due = span(amount, text(2), today)?;
            Some((3, due))
        }
        _ => None,
    }
}

/// A day that needs no preposition of its own.
fn deadline(words: &[Word], today: NaiveDate) -> Option<(usize, NaiveDate)> {
    let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
    match (text(0), text(1)) {
        ("today" | "tonight", _) => Some((1, today)),
        ("tomorrow", _) => Some((1, today + Days::new(1))),
        ("next", "week") => Some((2, in_week(today, 1, Weekday::Fri))),
        ("next", "month") => Some((2, month_end(today + Months::new(1))?)),
        ("next", name) => Some((2, in_week(today, 1, weekday(name)?))),
        ("this", name) => ahead(in_week(today, 0, weekday(name)?), today).map(|due| (2, due)),
        ("end", _) => end_of(words, today),
        ("month", "end") => Some((2, month_end(today)?)),
        (name, _) if weekday(name).is_some() => Some((1, next_weekday(today, weekday(name)?))),
        (iso, _) if iso.len() == 10 => ahead(iso.parse().ok()?, today).map(|due| (1, due)),
        _ => month_and_day(words, today),
    }
}

fn end_of(words: &[Word], today: NaiveDate) -> Option<(usize, NaiveDate)> {
    let rest: Vec<&str> = words.iter().take(4).map(|word| word.text.as_str()).collect();
    match rest.as_slice() {
        ["end", "of", "the" | "this", "month", ..] => Some((4, month_end(today)?)),
        ["end", "of", "month", ..] => Some((3, month_end(today)?)),
        ["end", "of", "the" | "this", "week", ..] => Some((4, in_week(today, 0, Weekday::Fri).max(today))),
        ["end", "of", "week", ..] => Some((3, in_week(today, 0, Weekday::Fri).max(today))),
        _ => None,
    }
}

fn month_and_day(words: &[Word], today: NaiveDate) -> Option<(usize, NaiveDate)> {
    let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
    if let Some(day) = ordinal(text(0)) {
        let skip = if text(1) == "of" { 2 } else { 1 };
        return Some((skip + 1, next_date(today, month(text(skip))?, day)?));
    }
    Some((2, next_date(today, month(text(0))?, ordinal(text(1))?)?))
}

fn number(word: &str) -> Option<u64> {
    const NAMES: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let named = NAMES.iter().position(|name| *name == word).map(|at| at as u64 + 1);
    let article = (word == "a").then_some(1);
    named.or(article).or_else(|| word.parse().ok()).filter(|amount| (1..=400).contains(amount))
}

fn span(amount: u64, unit: &str, today: NaiveDate) -> Option<NaiveDate> {
    match unit {
        "day" | "days" => today.checked_add_days(Days::new(amount)),
        "week" | "weeks" => today.checked_add_days(Days::new(amount * 7)),
        "month" | "months" => today.checked_add_months(Months::new(u32::try_from(amount).ok()?)),
        _ => None,
    }
}

fn ordinal(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    let known = matches!(suffix, "" | "st" | "nd" | "rd" | "th");
    known.then(|| digits.parse().ok()).flatten().filter(|day| (1..=31).contains(day))
}

fn weekday(word: &str) -> Option<Weekday> {
    (word.len() >= 3).then(|| word.parse().ok()).flatten()
}

fn month(word: &str) -> Option<u32> {
    (word.len() >= 3)
        .then(|| word.parse::<chrono::Month>().ok())
        .flatten()
        .map(|month| month.number_from_month())
}

/// The next such weekday after today.
pub(super) fn next_weekday(today: NaiveDate, day: Weekday) -> NaiveDate {
    let days = (day.num_days_from_monday() + 7 - today.weekday().num_days_from_monday()) % 7;
    today + Days::new(if days == 0 { 7 } else { u64::from(days) })
}

/// That weekday in this week (0) or a later one; weeks begin on Monday.
pub(super) fn in_week(today: NaiveDate, weeks: u64, day: Weekday) -> NaiveDate {
    let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
    monday + Days::new(weeks * 7 + u64::from(day.num_days_from_monday()))
}

/// The last day of the month of `day`.
pub(super) fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// The next such date that is not past.
pub(super) fn next_date(today: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    let this_year = NaiveDate::from_ymd_opt(today.year(), month, day)?;
    if this_year >= today {
        return Some(this_year);
    }
    NaiveDate::from_ymd_opt(today.year() + 1, month, day)
}

fn ahead(due: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    (due >= today).then_some(due)
}

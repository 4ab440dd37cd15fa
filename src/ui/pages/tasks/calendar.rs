//! Tasks for a calendar of the person's own (RFC 5545): one event each, on its day. Tasks without a day are in no
//! calendar.

use crate::ui::pages::vocabulary::{here_ms, local_day};
use chrono::{DateTime, Days, NaiveDate};
use satchel_domain::{Precision, Task};

/// Octets of a line before it is folded.
const LINE: usize = 73;

/// One task as the file tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Stays the same at every export, so that a calendar that takes the file again changes the event it has.
    pub uid: String,
    /// What is to be done, with for whom.
    pub summary: String,
    /// The local day; a moment of it in UTC, ms since 1970, where the task has one.
    pub day: NaiveDate,
    /// See [`Event::day`].
    pub at_ms: Option<i64>,
    /// When it was last changed, ms since 1970 UTC.
    pub edited_ms: u64,
}

impl Event {
    /// Of a task; `None` for one without a day. `partner` is for whom; may be empty.
    pub fn of(task: &Task, partner: &str) -> Option<Self> {
        let due = task.entry.due.as_ref()?;
        let summary = match partner.is_empty() {
            true => task.entry.title.clone(),
            false => format!("{} · {partner}", task.entry.title),
        };
        Some(Self {
            uid: format!("{}@satchel", task.id.to_hex()),
            summary,
            day: local_day(here_ms(due)),
            at_ms: (due.precision == Precision::Exact).then_some(due.utc_ms),
            edited_ms: task.edited_ms,
        })
    }

    fn write(&self, out: &mut String) {
        let mut line = |text: &str| fold(text, out);
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", self.uid));
        line(&format!("DTSTAMP:{}", utc(self.edited_ms.cast_signed())));
        match self.at_ms {
            Some(at) => {
                line(&format!("DTSTART:{}", utc(at)));
                line("DURATION:PT30M");
            }
            None => {
                let next = self.day.checked_add_days(Days::new(1)).unwrap_or(self.day);
                line(&format!("DTSTART;VALUE=DATE:{}", self.day.format("%Y%m%d")));
                line(&format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")));
                line("TRANSP:TRANSPARENT");
            }
        }
        line(&format!("SUMMARY:{}", escaped(&self.summary)));
        line("END:VEVENT");
    }
}

/// The file.
pub fn file(events: &[Event]) -> String {
    let mut out = String::new();
    ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Satchel//Tasks//EN", "CALSCALE:GREGORIAN"]
        .into_iter()
        .for_each(|line| fold(line, &mut out));
    events.iter().for_each(|event| event.write(&mut out));
    fold("END:VCALENDAR", &mut out);
    out
}

fn utc(ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            '\r' => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A line with its end, folded between letters.
fn fold(line: &str, out: &mut String) {
    let mut room = LINE;
    for letter in line.chars() {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        out.push(letter);
        room -= letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(summary: &str, at_ms: Option<i64>) -> Event {
        let day = "2026-11-20".parse().expect("a date");
        Event { uid: "01@satchel".into(), summary: summary.into(), day, at_ms, edited_ms: 1_795_077_120_000 }
    }

    #[test]
    fn a_task_on_a_day_is_an_event_of_that_day() {
        let text = file(&[event("Quote; 40 × P-204, by Friday", None)]);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[0], "BEGIN:VCALENDAR");
        assert!(
            lines.contains(&"DTSTART;VALUE=DATE:20261120") && lines.contains(&"DTEND;VALUE=DATE:20261121")
        );
        assert!(lines.contains(&"SUMMARY:Quote\\; 40 × P-204\\, by Friday"), "{text}");
        assert!(lines.contains(&"DTSTAMP:20261119T083200Z"), "{text}");
        assert_eq!(lines[lines.len() - 2..], ["END:VCALENDAR", ""]);
    }

    #[test]
    fn a_task_at_a_time_keeps_it() {
        let text = file(&[event("Call", Some(1_795_077_120_000))]);
        assert!(text.contains("DTSTART:20261119T083200Z\r\nDURATION:PT30M\r\n"), "{text}");
    }

    #[test]
    fn long_lines_are_folded_between_letters_and_read_back_whole() {
        let summary = "发送报价".repeat(30);
        let text = file(&[event(&summary, None)]);
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{summary}\r\n")));
    }
}

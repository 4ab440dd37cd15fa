//! What a pasted text is: a conversation or a mail, and what is said in it about who, when and what (R21). The text
//! itself is kept as it was pasted.

use crate::ui::pages::customer::{Message, messages, sent_last};
use chrono::{DateTime, NaiveDateTime};

/// What a text was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pasted {
    /// A conversation.
    Chat(Chat),
    /// A mail.
    Mail(Mail),
}

/// A conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chat {
    /// Everybody who spoke but us.
    pub speakers: Vec<String>,
    /// When its last message was sent, as a `datetime-local` field writes it; empty where that is not said.
    pub at: String,
}

/// The header lines of a mail, and where its text begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    /// From whom, as written.
    pub from: String,
    /// To whom, as written.
    pub to: String,
    /// When, as a `datetime-local` field writes it, by the sender's clock; empty where it was not read.
    pub at: String,
    /// When, ms since 1970 UTC, where the mail says by which clock.
    pub sent_ms: Option<i64>,
    /// About what.
    pub subject: String,
    /// Everything after the header lines.
    pub body: String,
}

/// A header line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    From,
    To,
    Date,
    Subject,
    /// One that says nothing that is used.
    Other,
}

/// Reads a text; `None` for one in somebody's own words.
pub fn read(text: &str) -> Option<Pasted> {
    if let Some(mail) = mail(text) {
        return Some(Pasted::Mail(mail));
    }
    let found = messages(text, &[]);
    let mut speakers: Vec<String> = Vec::new();
    for message in found.iter().filter(|message| !message.mine) {
        if !speakers.contains(&message.speaker) {
            speakers.push(message.speaker.clone());
        }
    }
    let at = sent_last(&found).map(written).unwrap_or_default();
    is_talk(&found).then_some(Pasted::Chat(Chat { speakers, at }))
}

/// Whether it is more than lines with labels, such as `Price: 40`: a message says when, one is ours, or somebody speaks
/// again.
fn is_talk(messages: &[Message]) -> bool {
    let again =
        |(at, message): (usize, &Message)| messages[..at].iter().any(|it| it.speaker == message.speaker);
    messages.iter().any(|message| message.mine || message.at.is_some())
        || messages.iter().enumerate().any(again)
}

impl Pasted {
    /// By what the customer may be found: names of who spoke, or addresses and names of a mail.
    pub fn clues(&self) -> Vec<String> {
        match self {
            Self::Chat(chat) => chat.speakers.clone(),
            Self::Mail(mail) => {
                let both = [&mail.from, &mail.to].into_iter().flat_map(|line| people(line));
                both.collect()
            }
        }
    }
}

/// Addresses, or names where there is none, of a line such as `Li Ming <li@example.com>; Wang`.
fn people(line: &str) -> Vec<String> {
    let one = |part: &str| {
        let inner = part.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner);
        let found = inner.unwrap_or(part).trim().trim_matches('"');
        (!found.is_empty()).then(|| found.to_owned())
    };
    line.split([';', ',', '；']).filter_map(one).collect()
}

/// The header lines at the beginning: a mail has from and subject at least.
pub fn mail(text: &str) -> Option<Mail> {
    let mut mail = Mail::default();
    let mut seen = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        match header(bare) {
            Some((which, value)) => {
                seen.push(which);
                mail.put(which, value);
            }
            None if bare.is_empty() && seen.is_empty() => {}
            None => break,
        }
        at += line.len();
    }
    let whole = seen.contains(&Header::From) && seen.contains(&Header::Subject);
    mail.body = text[at..].trim().to_owned();
    whole.then_some(mail)
}

impl Mail {
    fn put(&mut self, which: Header, value: &str) {
        match which {
            Header::From => value.clone_into(&mut self.from),
            Header::To => value.clone_into(&mut self.to),
            Header::Subject => value.clone_into(&mut self.subject),
            Header::Date => {
                self.at = moment(value).unwrap_or_default();
                self.sent_ms =
                    DateTime::parse_from_rfc2822(value.trim()).ok().map(|at| at.timestamp_millis());
            }
            Header::Other => {}
        }
    }
}

/// A header line in the words that mail programs use for it.
fn header(line: &str) -> Option<(Header, &str)> {
    let (name, value) = line.split_once([':', '：'])?;
    let which = match name.trim().to_lowercase().as_str() {
        "from" | "von" | "发件人" | "寄件人" | "寄件者" => Header::From,
        "to" | "an" | "收件人" | "收件者" => Header::To,
        "date" | "sent" | "datum" | "gesendet" | "发送时间" | "日期" | "时间" | "寄件日期" => {
            Header::Date
        }
        "subject" | "betreff" | "主题" | "主旨" => Header::Subject,
        "cc" | "bcc" | "kopie" | "抄送" | "密送" | "reply-to" | "message-id" => Header::Other,
        _ => return None,
    };
    Some((which, value.trim()))
}

/// A date and time as mail programs write them.
fn moment(text: &str) -> Option<String> {
    const FORMATS: [&str; 12] = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M",
        "%Y/%m/%d %H:%M",
        "%Y年%m月%d日 %H:%M",
        "%d.%m.%Y %H:%M",
        "%d %B %Y %H:%M",
        "%d %B %Y %H:%M:%S",
        "%B %d, %Y %H:%M",
        "%B %d, %Y %I:%M %p",
        "%d %B %Y at %H:%M",
        "%d. %B %Y %H:%M",
    ];
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc2822(text) {
        return Some(written(at.naive_local()));
    }
    let text = without_weekday(text);
    let read =
        |text: &str| FORMATS.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    read(&text).map(written)
}

/// As a `datetime-local` field writes it.
fn written(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}

/// The same without the day of the week: before a comma in Latin, in `(周四)` or `星期四` in Chinese.
fn without_weekday(text: &str) -> String {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let weekday = |word: &str| {
        let word = word.trim().to_lowercase();
        word.len() >= 2 && DAYS.iter().any(|day| day.starts_with(&word))
    };
    let rest = match text.split_once(',') {
        Some((first, rest)) if weekday(first) => rest.trim(),
        _ => text,
    };
    let mut kept = String::new();
    let mut inside = false;
    for letter in rest.chars() {
        match letter {
            '(' | '（' => inside = true,
            ')' | '）' => inside = false,
            _ if inside => {}
            _ => kept.push(letter),
        }
    }
    let words = kept.split_whitespace().filter(|word| !word.starts_with("星期") && !word.starts_with('周'));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_lines_are_read_in_three_languages_r21() {
        let english = "From: Li Ming <liming@example.com>\nSent: Thursday, 19 November 2026 09:12\nTo: Chen Lan\nSubject: Quote for P-204\n\nPlease send it by Friday.\nRegards";
        let german = "Von: Jonas Lindqvist <jonas@example.com>\nGesendet: 19.11.2026 09:12\nAn: Chen\nBetreff: Angebot";
        let chinese = "发件人：李明 <liming@example.com>\n发送时间：2026年11月19日(星期四) 09:12\n收件人：陈岚\n主题：报价\n\n周五前发。";
        for (text, subject) in [(english, "Quote for P-204"), (german, "Angebot"), (chinese, "报价")] {
            let read = mail(text).expect("a mail");
            assert_eq!((read.at.as_str(), read.subject.as_str()), ("2026-11-19T09:12", subject), "{text}");
        }
        let abroad = "From: Li <li@example.com>\nDate: Thu, 19 Nov 2026 09:12:00 +0800\nSubject: Quote";
        assert_eq!(mail(abroad).and_then(|mail| mail.sent_ms), Some(1_795_050_720_000), "01:12 in London");
        let read = mail(english).expect("a mail");
        assert_eq!(read.sent_ms, None);
        assert_eq!(read.body, "Please send it by Friday.\nRegards");
        assert_eq!(Pasted::Mail(read).clues(), ["liming@example.com", "Chen Lan"]);
    }

    #[test]
    fn dates_are_read_as_programs_write_them() {
        for text in [
            "Thu, 19 Nov 2026 09:12:00 +0800",
            "2026-11-19 09:12",
            "2026/11/19 09:12",
            "Thu, November 19, 2026 9:12 AM",
            "2026年11月19日 09:12",
            "19. November 2026 09:12",
        ] {
            assert_eq!(moment(text).as_deref(), Some("2026-11-19T09:12"), "{text}");
        }
        assert_eq!(moment("yesterday"), None);
    }

    #[test]
    fn a_conversation_names_who_spoke_and_a_note_is_neither() {
        let chat = "李明: 下个月的量大概多少？\n我: 先按三十箱准备。\n李明: 好的";
        let speakers = vec!["李明".to_owned()];
        assert_eq!(read(chat), Some(Pasted::Chat(Chat { speakers: speakers.clone(), at: String::new() })));
        let timed = "李明 2026/11/19 20:41\n又漏了\n我 2026/11/19 20:44\n明天来";
        let at = "2026-11-19T20:44".to_owned();
        assert_eq!(read(timed), Some(Pasted::Chat(Chat { speakers, at })));
        for note in [
            "",
            "Budget: 40k\nDeadline: Friday",
            "Wants 40 pumps. Subject: price",
            "From the fair: three contacts",
            "Met at 14:30",
        ] {
            assert_eq!(read(note), None, "{note}");
        }
    }
}

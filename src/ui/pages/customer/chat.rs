//! A pasted conversation as speech bubbles (R21). The text itself is kept as it was pasted.

use super::stamp::{self, Stamp};
use chrono::NaiveDateTime;
use satchel_domain::Method;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who spoke, as written.
    pub speaker: String,
    /// What was said.
    pub text: String,
    /// Whether we said it.
    pub mine: bool,
    /// When it was sent, where the text says so.
    pub at: Option<Stamp>,
}

/// The beginning of a message.
struct Head<'a> {
    /// Who spoke; empty for a line of the program's own.
    speaker: &'a str,
    text: &'a str,
    at: Option<Stamp>,
}

/// Whether a method leaves conversations behind.
pub fn talks(method: Method) -> bool {
    matches!(method, Method::WeChat | Method::Chat | Method::Sms)
}

/// Longer names than this before a colon are sentences.
const NAME_CHARS: usize = 24;

/// The messages of a conversation with `names`; empty when the text is not a conversation.
pub fn messages(text: &str, names: &[&str]) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for line in text.lines().map(bare).filter(|line| !line.is_empty()) {
        match head(line) {
            Some(Head { speaker: "", .. }) => {}
            Some(Head { speaker, text, at }) => {
                messages.push(Message {
                    speaker: speaker.to_owned(),
                    text: text.to_owned(),
                    mine: false,
                    at,
                });
            }
            None => match messages.last_mut() {
                Some(last) => append(&mut last.text, line),
                None => return Vec::new(),
            },
        }
    }
    if messages.len() < 2 {
        return Vec::new();
    }
    mark_mine(&mut messages, names);
    messages
}

/// One line of what was said: of a conversation its first message that says something, without the lines around it.
pub fn first_line(text: &str) -> String {
    let said = messages(text, &[]).into_iter().find(|message| !message.text.is_empty());
    let first = |text: &str| text.lines().next().unwrap_or_default().trim().to_owned();
    said.map_or_else(|| first(text), |said| format!("{}: {}", said.speaker, first(&said.text)))
}

fn append(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// When the last message was sent; `None` where the conversation does not say, or not clearly.
pub fn sent_last(messages: &[Message]) -> Option<NaiveDateTime> {
    stamp::last(messages.iter().filter_map(|message| message.at))
}

/// Without the marks of direction that exports begin their lines with.
fn bare(line: &str) -> &str {
    line.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{200e}' | '\u{200f}'))
}

/// `李明：好的`, `Li: fine`, or a line that says when as well.
fn head(line: &str) -> Option<Head<'_>> {
    if let Some((speaker, at)) = name_then_stamp(line) {
        return Some(Head { speaker, text: "", at: Some(at) });
    }
    if let Some((at, rest)) = stamp_then_rest(line) {
        // What the program says itself has no speaker: "Messages are encrypted".
        let (speaker, text) = spoken(rest).unwrap_or_default();
        return Some(Head { speaker, text, at: Some(at) });
    }
    let (speaker, text) = spoken(line)?;
    Some(Head { speaker, text, at: None })
}

fn spoken(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.split_once(['：', ':'])?;
    let digits_around = name.ends_with(|edge: char| edge.is_ascii_digit())
        && text.starts_with(|edge: char| edge.is_ascii_digit());
    let address = text.starts_with("//");
    (is_name(name) && !digits_around && !address).then(|| (name.trim(), text.trim()))
}

fn is_name(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty() && name.chars().count() <= NAME_CHARS
}

/// `李明 2026/11/19 20:41`, `Li Ming, [19.11.2026 20:41]`.
fn name_then_stamp(line: &str) -> Option<(&str, Stamp)> {
    let bracketed = line.strip_suffix(']').and_then(|line| line.rsplit_once(", ["));
    let (name, at) = bracketed.or_else(|| {
        let (head, _) = line.rsplit_once(' ')?;
        Some(line.split_at(head.trim_end().rfind(' ')?))
    })?;
    Some((name.trim(), stamp::stamp(at)?)).filter(|(name, _)| is_name(name))
}

/// `[19/11/2026, 20:41:05] Li: fine`, `19/11/2026, 20:41 - Li: fine`.
fn stamp_then_rest(line: &str) -> Option<(Stamp, &str)> {
    let bracketed = line.strip_prefix('[').and_then(|line| line.split_once(']'));
    let (at, rest) = bracketed.or_else(|| line.split_once(" - "))?;
    Some((stamp::stamp(at)?, rest.trim()))
}

fn mark_mine(messages: &mut [Message], names: &[&str]) {
    const ME: [&str; 4] = ["me", "i", "我", "我方"];
    let is_me = |speaker: &str| ME.contains(&speaker.to_lowercase().as_str());
    let is_them = |speaker: &str| names.contains(&speaker);
    let me = messages.iter().any(|message| is_me(&message.speaker));
    let them = messages.iter().any(|message| is_them(&message.speaker));
    for message in messages {
        message.mine = if me { is_me(&message.speaker) } else { them && !is_them(&message.speaker) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, names: &[&str]) -> Vec<(String, String, bool)> {
        messages(text, names)
            .into_iter()
            .map(|message| (message.speaker, message.text, message.mine))
            .collect()
    }

    #[test]
    fn speakers_are_read_from_colons() {
        let text = "李明：阀座又漏了\n2 号线停着等\n我：明天我带安装包过去 14:30";
        let expected = [
            ("李明".to_owned(), "阀座又漏了\n2 号线停着等".to_owned(), false),
            ("我".to_owned(), "明天我带安装包过去 14:30".to_owned(), true),
        ];
        assert_eq!(told(text, &["李明"]), expected);
    }

    #[test]
    fn an_export_names_its_speakers_above_the_text() {
        let text = "李明 2026/11/19 20:41\n又漏了\n陈岚 2026/11/19 20:44\n我明天来";
        let speakers: Vec<bool> = messages(text, &["李明"]).iter().map(|message| message.mine).collect();
        assert_eq!(speakers, [false, true]);
        assert_eq!(first_line(text), "李明: 又漏了");
        assert_eq!(first_line("Confirmed 14:30.\nWants more."), "Confirmed 14:30.");
    }

    #[test]
    fn exports_say_when_and_their_own_lines_are_nobodys_r21() {
        let android = "19/11/2026, 20:40 - Messages are end-to-end encrypted.\n19/11/2026, 20:41 - Li Ming: leaks again\nline 2 waits\n19/11/2026, 20:44 - Chen Lan: coming tomorrow 9:30";
        let ios = "\u{200e}[19/11/2026, 20:41:00] Li Ming: leaks again\nline 2 waits\n[19/11/2026, 20:44:00] Chen Lan: coming tomorrow 9:30";
        let other = "Li Ming, [19.11.2026 20:41]\nleaks again\nline 2 waits\nChen Lan, [19.11.2026 20:44]\ncoming tomorrow 9:30";
        for text in [android, ios, other] {
            let found = messages(text, &["Li Ming"]);
            let told: Vec<(&str, &str)> =
                found.iter().map(|message| (message.speaker.as_str(), message.text.as_str())).collect();
            assert_eq!(
                told,
                [("Li Ming", "leaks again\nline 2 waits"), ("Chen Lan", "coming tomorrow 9:30")],
                "{text}"
            );
            assert_eq!(
                sent_last(&found).map(|at| at.to_string()).as_deref(),
                Some("2026-11-19 20:44:00"),
                "{text}"
            );
        }
        assert_eq!(sent_last(&messages("李明: 好\n我: 行", &[])), None);
    }

    #[test]
    fn a_note_is_not_a_conversation() {
        for text in [
            "",
            "Confirmed 14:30. Wants the Q1 price.",
            "Agenda: price\nno more",
            "see https://example.org\nand",
        ] {
            assert_eq!(messages(text, &[]), Vec::new(), "{text:?}");
        }
    }
}

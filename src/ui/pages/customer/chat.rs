//! A pasted conversation as speech bubbles (R21). The text itself is kept as it was pasted.

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who spoke, as written.
    pub speaker: String,
    /// What was said.
    pub text: String,
    /// Whether we said it.
    pub mine: bool,
}

/// Longer names than this before a colon are sentences.
const NAME_CHARS: usize = 24;

/// The messages of a conversation with `names`; empty when the text is not a conversation.
pub fn messages(text: &str, names: &[&str]) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match speaker(line) {
            Some((speaker, text)) => {
                messages.push(Message { speaker: speaker.to_owned(), text: text.to_owned(), mine: false });
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

/// `李明：好的`, `Li: fine`, or a line of a WeChat export: `李明 2026/11/19 20:41`.
fn speaker(line: &str) -> Option<(&str, &str)> {
    if let Some(name) = exported(line) {
        return Some((name, ""));
    }
    let (name, text) = line.split_once(['：', ':'])?;
    let digits_around = name.ends_with(|edge: char| edge.is_ascii_digit())
        && text.starts_with(|edge: char| edge.is_ascii_digit());
    let address = text.starts_with("//");
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_CHARS && !digits_around && !address;
    fits.then(|| (name, text.trim()))
}

/// The name in front of a date and a time that end the line.
fn exported(line: &str) -> Option<&str> {
    let time = line.rsplit(' ').next()?;
    let is_time = time.contains(':') && time.chars().all(|letter| letter.is_ascii_digit() || letter == ':');
    let head = line[..line.len() - time.len()].trim_end();
    let date = head.rsplit(' ').next()?;
    let is_date = date.len() >= 5
        && date.starts_with(|edge: char| edge.is_ascii_digit())
        && date
            .chars()
            .all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | '/' | '.' | '年' | '月' | '日'));
    let name = head[..head.len() - date.len()].trim_end();
    (is_time && is_date && !name.is_empty() && name.chars().count() <= NAME_CHARS).then_some(name)
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

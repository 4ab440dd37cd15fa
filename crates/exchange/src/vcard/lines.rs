//! Contact cards to logical lines, as a stream: what was folded is joined, pictures are not kept.

/// Properties that hold bytes, which nobody asks for.
const BINARY: &[&str] = &["PHOTO", "LOGO", "SOUND", "KEY"];

/// What stands in a line, which says how it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Text,
    /// Quoted-printable: goes on after a `=` at its end.
    Quoted,
    /// Base64: only what stands before its value is kept.
    Binary,
}

/// One logical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The line as if it had never been folded.
    pub(crate) text: String,
    /// Where it starts, as a text editor numbers lines, from 1.
    pub(crate) number: u32,
    /// Whether it was longer than the limit; its text ends there.
    pub(crate) cut: bool,
    content: Content,
}

impl Line {
    fn new(text: String, number: u32, cut: bool) -> Self {
        let head = text.split(':').next().unwrap_or_default();
        match content_of(&head.to_ascii_uppercase()) {
            Content::Binary => {
                Self { text: format!("{head}:"), number, cut: false, content: Content::Binary }
            }
            content => Self { text, number, cut, content },
        }
    }

    fn goes_on_in(&self, next: &str) -> bool {
        let soft = self.content == Content::Quoted && self.text.ends_with('=') && frame(next).is_none();
        // Some programs write base64 without folding it; nothing of it looks like a property.
        let loose = self.content == Content::Binary && !next.contains(':') && !next.is_empty();
        soft || loose || next.starts_with([' ', '\t'])
    }

    fn append(&mut self, next: &str, cut: bool, limit: usize) {
        if self.content == Content::Binary {
            return;
        }
        let soft = self.content == Content::Quoted && self.text.ends_with('=');
        let next = if soft {
            self.text.pop();
            next
        } else {
            next.get(1..).unwrap_or_default()
        };
        self.cut |= cut | !push(&mut self.text, next, limit);
    }
}

/// What the part before the value says of it, in capitals.
fn content_of(head: &str) -> Content {
    let mut parts = head.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let name = name.rsplit('.').next().unwrap_or_default();
    let encoding = |part: &str| match part.strip_prefix("ENCODING=").unwrap_or(part) {
        "QUOTED-PRINTABLE" => Some(Content::Quoted),
        "BASE64" | "B" => Some(Content::Binary),
        _ => None,
    };
    if BINARY.contains(&name) { Content::Binary } else { parts.find_map(encoding).unwrap_or(Content::Text) }
}

/// Appends what fits; says whether that was all.
fn push(text: &mut String, more: &str, limit: usize) -> bool {
    let room = limit.saturating_sub(text.len());
    text.push_str(&more[..more.floor_char_boundary(room)]);
    more.len() <= room
}

/// The lines between which a card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Begin,
    End,
}

/// Whether a line begins or ends a card.
pub(crate) fn frame(line: &str) -> Option<Frame> {
    let (name, value) = line.trim().split_once(':')?;
    if !value.trim().eq_ignore_ascii_case("VCARD") {
        return None;
    }
    match name.trim() {
        name if name.eq_ignore_ascii_case("BEGIN") => Some(Frame::Begin),
        name if name.eq_ignore_ascii_case("END") => Some(Frame::End),
        _ => None,
    }
}

/// Joins what was folded.
#[derive(Debug)]
pub(crate) struct Lines {
    limit: usize,
    number: u32,
    after_cr: bool,
    /// The line of the file that is under way, and whether it was cut.
    part: (String, bool),
    /// The logical line that may go on.
    whole: Option<Line>,
}

impl Lines {
    /// At the start of a text. Logical lines end at `limit` bytes, and say so.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, number: 1, after_cr: false, part: Default::default(), whole: None }
    }

    /// Reads on, and gives the logical lines that are known to be whole.
    pub(crate) fn feed(&mut self, text: &str) -> Vec<Line> {
        let mut done = Vec::new();
        for piece in text.split_inclusive(['\r', '\n']) {
            if std::mem::take(&mut self.after_cr) && piece == "\n" {
                continue;
            }
            let line = piece.trim_end_matches(['\r', '\n']);
            self.part.1 |= !push(&mut self.part.0, line, self.limit);
            if line.len() < piece.len() {
                self.after_cr = piece.ends_with('\r');
                self.end_line(&mut done);
            }
        }
        done
    }

    /// Ends the text.
    pub(crate) fn finish(&mut self) -> Vec<Line> {
        let mut done = Vec::new();
        self.end_line(&mut done);
        done.extend(self.whole.take());
        done
    }

    fn end_line(&mut self, done: &mut Vec<Line>) {
        let (text, cut) = std::mem::take(&mut self.part);
        let number = self.number;
        self.number = number.saturating_add(1);
        if let Some(whole) = self.whole.as_mut().filter(|whole| whole.goes_on_in(&text)) {
            whole.append(&text, cut, self.limit);
            return;
        }
        done.extend(self.whole.take());
        if !text.trim().is_empty() {
            self.whole = Some(Line::new(text, number, cut));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, piece: usize) -> Vec<(u32, String)> {
        let mut lines = Lines::new(60);
        let mut rest = text;
        let mut done = Vec::new();
        while !rest.is_empty() {
            let cut = rest.floor_char_boundary(piece).max(rest.chars().next().map_or(1, char::len_utf8));
            done.extend(lines.feed(&rest[..cut]));
            rest = &rest[cut..];
        }
        done.extend(lines.finish());
        done.into_iter().map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn folded_lines_are_joined_wherever_they_are_cut() {
        #[allow(clippy::type_complexity, reason = "a table of cases")]
        let cases: &[(&str, &[(u32, &str)])] = &[
            ("FN:Anna\r\nTEL:1\r\n", &[(1, "FN:Anna"), (2, "TEL:1")]),
            ("NOTE:one \n two\n\tthree\nTEL:1", &[(1, "NOTE:one twothree"), (4, "TEL:1")]),
            ("FN:Anna\r\rTEL:1\r", &[(1, "FN:Anna"), (3, "TEL:1")]),
            (
                "N;ENCODING=QUOTED-PRINTABLE:=E5=BC=\r\n=A0;\r\nTEL:1",
                &[(1, "N;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0;"), (3, "TEL:1")],
            ),
            (
                "NOTE;QUOTED-PRINTABLE:torn=\nEND:VCARD",
                &[(1, "NOTE;QUOTED-PRINTABLE:torn="), (2, "END:VCARD")],
            ),
            ("PHOTO;ENCODING=b;\n TYPE=JPEG:/9j/\n 4AAQ\nTEL:1", &[(1, "PHOTO;ENCODING=b;:"), (4, "TEL:1")]),
            ("item1.PHOTO;BASE64:\n/9j/\n4AAQ\n\nTEL:1", &[(1, "item1.PHOTO;BASE64:"), (5, "TEL:1")]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(at, text)| (*at, (*text).to_owned())).collect();
            for piece in [1, 2, 100] {
                assert_eq!(lines(text, piece), expected, "{text:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_line_over_the_limit_is_cut_and_said_and_a_picture_is_no_long_line() {
        let mut lines = Lines::new(20);
        let mut done =
            lines.feed(&format!("NOTE:{}\n {}\nPHOTO:{}\n", "é".repeat(6), "é".repeat(9), "x".repeat(90)));
        done.extend(lines.finish());
        let told: Vec<_> = done.iter().map(|line| (line.text.as_str(), line.cut)).collect();
        assert_eq!(told, [("NOTE:ééééééé", true), ("PHOTO:", false)]);
    }
}

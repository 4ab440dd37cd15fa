//! How a file separates its cells: guessed from its beginning.

use serde::{Deserialize, Serialize};

/// What stands between two cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Delimiter {
    /// `,`
    #[default]
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
    /// Any run of spaces and tabs; such files have no quotes and no empty cells.
    Whitespace,
}

impl Delimiter {
    /// The character, a space for [`Delimiter::Whitespace`].
    pub fn as_char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
            Self::Pipe => '|',
            Self::Whitespace => ' ',
        }
    }

    /// The delimiter that [`Delimiter::as_char`] gives, if any.
    pub fn from_char(character: char) -> Option<Self> {
        [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe, Self::Whitespace]
            .into_iter()
            .find(|delimiter| delimiter.as_char() == character)
    }

    pub(crate) fn matches(self, byte: u8) -> bool {
        match self {
            Self::Whitespace => matches!(byte, b' ' | b'\t'),
            other => char::from(byte) == other.as_char(),
        }
    }
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// What stands between two cells.
    pub delimiter: Delimiter,
    /// The quote, `"` or `'`; `None` where quotes mean nothing.
    pub quote: Option<u8>,
    /// Whether a space after a delimiter belongs to it (`a, b`).
    pub skip_space: bool,
    /// Lines before the table that are no part of it (`sep=;`).
    pub skip_lines: u32,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: Delimiter::Comma, quote: Some(b'"'), skip_space: false, skip_lines: 0 }
    }
}

/// How many lines are looked at.
const SAMPLE_LINES: usize = 200;

/// Guesses from the beginning of a text; its last line may be cut off.
pub fn guess_dialect(sample: &str, chosen: Option<Delimiter>) -> Dialect {
    if let Some(delimiter) = separator_line(sample) {
        let rest = sample.split_once('\n').map_or("", |(_, rest)| rest);
        return finish(rest, chosen.unwrap_or(delimiter), 1);
    }
    finish(sample, chosen.unwrap_or_else(|| guess_delimiter(sample)), 0)
}

fn finish(sample: &str, delimiter: Delimiter, skip_lines: u32) -> Dialect {
    let quote = if delimiter == Delimiter::Whitespace { None } else { Some(guess_quote(sample, delimiter)) };
    Dialect { delimiter, quote, skip_space: has_spaced_cells(sample, delimiter), skip_lines }
}

/// `sep=;`, the first line that Excel writes and hides.
fn separator_line(sample: &str) -> Option<Delimiter> {
    let line = sample.lines().next()?.trim_matches(['"', ' ', '\u{feff}']);
    let rest = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and(line.get(4..))?;
    let mut characters = rest.chars();
    let delimiter = Delimiter::from_char(characters.next().unwrap_or('\t'))?;
    characters.next().is_none().then_some(delimiter)
}

/// Lines of the sample as the quote `"` groups them, with what is quoted blanked out.
fn bare_lines(sample: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut quoted = false;
    for character in sample.chars() {
        match character {
            '"' => quoted = !quoted,
            '\n' if !quoted => lines.push(String::new()),
            '\r' => {}
            other if !quoted => lines.last_mut().into_iter().for_each(|line| line.push(other)),
            _ => {}
        }
        if lines.len() > SAMPLE_LINES {
            break;
        }
    }
    if lines.len() > 2 {
        lines.pop();
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// The delimiter that cuts most lines into the same number of cells.
fn guess_delimiter(sample: &str) -> Delimiter {
    let lines = bare_lines(sample);
    let score = |delimiter: Delimiter| -> u64 {
        let counts: Vec<usize> =
            lines.iter().map(|line| line.bytes().filter(|byte| delimiter.matches(*byte)).count()).collect();
        consistency(&counts)
    };
    let order = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab, Delimiter::Pipe];
    let mut best = (0, Delimiter::Comma);
    for delimiter in order {
        let score = score(delimiter);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    if best.0 == 0 && is_whitespace_table(&lines) { Delimiter::Whitespace } else { best.1 }
}

/// How many lines agree on the most frequent positive count, weighed by how many cells that makes:
/// 0 when most lines lack the delimiter.
fn consistency(counts: &[usize]) -> u64 {
    let positive = counts.iter().filter(|count| **count > 0).count();
    if positive == 0 || positive * 2 < counts.len() {
        return 0;
    }
    let mut sorted: Vec<usize> = counts.iter().copied().filter(|count| *count > 0).collect();
    sorted.sort_unstable();
    let agreeing = sorted.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
    let share = (agreeing * 1000 / counts.len()) as u64;
    share * share + positive as u64 * 1000 / counts.len() as u64
}

/// At least two lines, all of the same number (two or more) of words, nearly all with digits.
fn is_whitespace_table(lines: &[String]) -> bool {
    let counts: Vec<usize> = lines.iter().map(|line| line.split_whitespace().count()).collect();
    let Some(first) = counts.first().copied().filter(|count| *count >= 2) else { return false };
    let numeric = lines.iter().filter(|line| line.bytes().any(|byte| byte.is_ascii_digit())).count();
    lines.len() >= 2 && counts.iter().all(|count| *count == first) && numeric * 10 >= lines.len() * 9
}

/// `'` only where cells begin and end with it and none does with `"`.
fn guess_quote(sample: &str, delimiter: Delimiter) -> u8 {
    let opened_by = |quote: char| {
        sample
            .lines()
            .take(SAMPLE_LINES)
            .flat_map(|line| line.split(delimiter.as_char()))
            .map(str::trim)
            .filter(|cell| cell.len() >= 2 && cell.starts_with(quote) && cell.ends_with(quote))
            .count()
    };
    if opened_by('"') == 0 && opened_by('\'') >= 3 { b'\'' } else { b'"' }
}

/// Whether nearly every delimiter is followed by a space.
fn has_spaced_cells(sample: &str, delimiter: Delimiter) -> bool {
    let lines = bare_lines(sample);
    let (mut spaced, mut all) = (0usize, 0usize);
    for line in &lines {
        let cells = line.split(delimiter.as_char()).skip(1);
        for cell in cells.filter(|cell| !cell.is_empty()) {
            all += 1;
            spaced += usize::from(cell.starts_with(' '));
        }
    }
    delimiter != Delimiter::Whitespace && all > 0 && spaced * 10 >= all * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters() {
        let cases = [
            ("a,b,c\n1,2,3\n", Delimiter::Comma, false, 0),
            ("a;b;c\n1,5;2,5;3\n", Delimiter::Semicolon, false, 0),
            ("name;note\nAnna;one, two, three\nBen;four\n", Delimiter::Semicolon, false, 0),
            ("a\tb\n1\t2\n", Delimiter::Tab, false, 0),
            ("a|b|c\n1|2|3\n", Delimiter::Pipe, false, 0),
            ("rec, name\n1, x\n2, y\n", Delimiter::Comma, true, 0),
            ("sep=;\r\na;b\r\n1,2;3\r\n", Delimiter::Semicolon, false, 1),
            (" 04 0001 19970101  2   29.33\n 21 0002 19970102 13   9.33\n", Delimiter::Whitespace, false, 0),
            ("name\nAnna Berg\nBen Carl\n", Delimiter::Comma, false, 0),
            ("n,\"a;b;c\"\n1,\"x;y;z\"\n", Delimiter::Comma, false, 0),
            ("", Delimiter::Comma, false, 0),
        ];
        for (sample, delimiter, skip_space, skip_lines) in cases {
            let dialect = guess_dialect(sample, None);
            assert_eq!(
                (dialect.delimiter, dialect.skip_space, dialect.skip_lines),
                (delimiter, skip_space, skip_lines),
                "{sample}"
            );
        }
        assert_eq!(guess_dialect("'a','b'\n'1','2'\n'3','4'", None).quote, Some(b'\''));
    }
}

//! Tables out: CSV that a spreadsheet shows and never executes.

use crate::text;

/// One cell to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Text: what would start a formula gets an apostrophe in front, which [`text::unmarked`] takes away again.
    Text(&'a str),
    /// A number that was formatted by the caller: digits, a point, a leading minus; written as it is.
    Number(&'a str),
}

/// Appends one row, ended by CR LF (RFC 4180).
pub fn write_row<'a>(out: &mut String, cells: impl IntoIterator<Item = Cell<'a>>) {
    let start = out.len();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match cell {
            Cell::Number(number) if is_plain_number(number) => out.push_str(number),
            Cell::Number(text) | Cell::Text(text) => write_text(out, text),
        }
    }
    if out.len() == start {
        // An empty line would be no row at all.
        out.push_str("\"\"");
    }
    out.push_str("\r\n");
}

/// Rows of text as a whole file, with the mark by which spreadsheets know UTF-8.
pub fn write_csv<'a, R>(rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator<Item = &'a str>,
{
    let mut out = String::from("\u{feff}");
    for row in rows {
        write_row(&mut out, row.into_iter().map(Cell::Text));
    }
    out
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let parts = digits.split('.');
    parts.clone().count() <= 2
        && parts.into_iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn write_text(out: &mut String, cell: &str) {
    let marked = text::starts_like_formula(cell.trim_start_matches('\''));
    let quoted = marked
        || cell.contains([',', '"', '\n', '\r', ';', '\t'])
        || cell.starts_with(' ')
        || cell.ends_with(' ');
    if quoted {
        out.push('"');
    }
    if marked {
        out.push('\'');
    }
    for character in cell.chars() {
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    if quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dialect, RawRow, Reader};
    use proptest::prelude::*;

    #[test]
    fn formulas_are_made_harmless() {
        let cases = [
            ("=1+1", "\"'=1+1\""),
            ("+49 30", "\"'+49 30\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\tx", "\"'\tx\""),
            ("'=x", "\"''=x\""),
            ("plain", "plain"),
            ("a \"b\"", "\"a \"\"b\"\"\""),
        ];
        for (cell, written) in cases {
            let mut out = String::new();
            write_row(&mut out, [Cell::Text(cell)]);
            assert_eq!(out.trim_end_matches("\r\n"), written);
        }
        let mut out = String::new();
        write_row(&mut out, [Cell::Number("-5.30"), Cell::Number("=1")]);
        assert_eq!(out, "-5.30,\"'=1\"\r\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(rows in prop::collection::vec(prop::collection::vec("[a-c =+@',;\"\\r\\n\\t-]{0,6}|.{0,6}", 1..5), 0..6)) {
            let text = write_csv(rows.iter().map(|row| row.iter().map(String::as_str)));
            let mut read: Vec<Vec<String>> = Vec::new();
            let mut emit = |row: &RawRow| {
                read.push(row.cells().map(|cell| text::unmarked(cell).to_owned()).collect());
                true
            };
            let mut reader = Reader::new(Dialect::default(), 1000);
            reader.feed(text.strip_prefix('\u{feff}').unwrap(), &mut emit);
            prop_assert_eq!(reader.finish(&mut emit), Ok(()));
            prop_assert_eq!(read, rows);
        }
    }
}

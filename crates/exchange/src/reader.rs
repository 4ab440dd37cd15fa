//! Delimited text to rows, as a stream: chunks of any size in, rows out, one row in memory.
//!
//! Written by hand rather than on `csv-core`, which drops blank lines (so that row numbers would no
//! longer be those of the spreadsheet) and ends a file silently inside a quote. What a well-formed
//! file means is `csv-core`'s reading; the tests compare the two.

use crate::dialect::{Delimiter, Dialect};

/// One row as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRow {
    /// As a spreadsheet numbers it, from 1; blank rows count.
    pub number: u32,
    /// The line on which it starts, as a text editor numbers it, from 1.
    pub line: u32,
    /// Whether a cell was larger than the limit; its text ends there.
    pub oversize: bool,
    text: String,
    ends: Vec<usize>,
}

impl RawRow {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cell at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether every cell is empty or white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The cells, verbatim.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.oversize = false;
    }
}

/// A quote that never closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// The row in which it stands.
    pub row: u32,
    /// The line on which the quote opened.
    pub line: u32,
    /// How many lines follow that one; nothing of them was read.
    pub lines_lost: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    RowStart,
    CellStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

/// The state machine.
#[derive(Debug)]
pub struct Reader {
    dialect: Dialect,
    cell_limit: usize,
    state: State,
    row: RawRow,
    cell_start: usize,
    line: u32,
    quote_line: u32,
    after_cr: bool,
}

impl Reader {
    /// A reader at the start of a text. Cells end at `cell_limit` bytes, and their row says so.
    pub fn new(dialect: Dialect, cell_limit: usize) -> Self {
        Self {
            dialect,
            cell_limit,
            state: State::RowStart,
            row: RawRow { number: 1, line: 1, ..RawRow::default() },
            cell_start: 0,
            line: 1,
            quote_line: 1,
            after_cr: false,
        }
    }

    /// Reads on; every row that ends in `text` goes to `emit`. `emit` returns whether to go on.
    pub fn feed(&mut self, text: &str, emit: &mut impl FnMut(&RawRow) -> bool) -> bool {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let run = self.run_length(&bytes[at..]);
            if run > 0 {
                self.push(&text[at..at + run]);
                at += run;
                continue;
            }
            if !self.special(bytes[at], emit) {
                return false;
            }
            at += 1;
        }
        true
    }

    /// Ends the text: the last row, or where the quote opened that swallowed the end.
    ///
    /// # Errors
    /// [`Unclosed`] when the text ends inside a quote; the row that it belongs to is not emitted.
    pub fn finish(&mut self, emit: &mut impl FnMut(&RawRow) -> bool) -> Result<(), Unclosed> {
        match self.state {
            State::RowStart => {}
            State::Quoted => {
                let lines_lost = self.line - self.quote_line;
                return Err(Unclosed { row: self.row.number, line: self.quote_line, lines_lost });
            }
            State::CellStart | State::Plain | State::QuoteInQuoted => {
                self.end_row(emit);
            }
        }
        Ok(())
    }

    /// How many bytes from here on mean only themselves. They end before an ASCII byte or with the
    /// piece, so always between characters.
    fn run_length(&mut self, bytes: &[u8]) -> usize {
        let starting = matches!(self.state, State::RowStart | State::CellStart | State::QuoteInQuoted);
        if starting {
            if self.is_special_at_start(bytes[0]) {
                return 0;
            }
            self.state = State::Plain;
        }
        let quoted = self.state == State::Quoted;
        let ends = |byte: &u8| match byte {
            b'\n' | b'\r' => true,
            byte if quoted => Some(*byte) == self.dialect.quote,
            byte => self.dialect.delimiter.matches(*byte),
        };
        bytes.iter().position(ends).unwrap_or(bytes.len())
    }

    fn is_special_at_start(&self, byte: u8) -> bool {
        let skipped = byte == b' ' && self.dialect.skip_space;
        matches!(byte, b'\n' | b'\r')
            || skipped
            || Some(byte) == self.dialect.quote
            || self.dialect.delimiter.matches(byte)
    }

    fn special(&mut self, byte: u8, emit: &mut impl FnMut(&RawRow) -> bool) -> bool {
        let second_of_crlf = std::mem::take(&mut self.after_cr) && byte == b'\n';
        let ends_line = matches!(byte, b'\r' | b'\n');
        self.after_cr = byte == b'\r';
        if ends_line && !second_of_crlf {
            self.line += 1;
        }
        match self.state {
            State::Quoted => self.inside_quotes(byte),
            _ if second_of_crlf => {}
            _ if ends_line => return self.end_row(emit),
            _ => self.outside_quotes(byte),
        }
        true
    }

    fn inside_quotes(&mut self, byte: u8) {
        if Some(byte) == self.dialect.quote {
            self.state = State::QuoteInQuoted;
        } else {
            self.push(char::from(byte).encode_utf8(&mut [0; 4]));
        }
    }

    /// A delimiter, a quote, or a space to be skipped; line ends are handled before.
    fn outside_quotes(&mut self, byte: u8) {
        let starting = matches!(self.state, State::RowStart | State::CellStart);
        if self.dialect.delimiter.matches(byte) {
            if !(starting && self.dialect.delimiter == Delimiter::Whitespace) {
                self.end_cell();
                self.state = State::CellStart;
            }
        } else if Some(byte) == self.dialect.quote {
            if starting {
                self.quote_line = self.line;
            } else {
                self.push("\"");
            }
            self.state = State::Quoted;
        }
    }

    fn push(&mut self, text: &str) {
        self.after_cr = false;
        let room = (self.cell_start + self.cell_limit).saturating_sub(self.row.text.len());
        if text.len() <= room {
            self.row.text.push_str(text);
        } else {
            self.row.oversize = true;
            self.row.text.push_str(&text[..text.floor_char_boundary(room)]);
        }
    }

    fn end_cell(&mut self) {
        self.cell_start = self.row.text.len();
        self.row.ends.push(self.cell_start);
    }

    fn end_row(&mut self, emit: &mut impl FnMut(&RawRow) -> bool) -> bool {
        let trailing = self.dialect.delimiter == Delimiter::Whitespace && self.state == State::CellStart;
        if self.state != State::RowStart && !trailing {
            self.end_cell();
        }
        let go_on = self.row.is_empty() || emit(&self.row);
        self.row.clear();
        self.row.number += 1;
        self.row.line = self.line;
        self.cell_start = 0;
        self.state = State::RowStart;
        go_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cells end at 400 bytes.
    fn read(dialect: Dialect, text: &str, piece: usize) -> (Vec<RawRow>, Result<(), Unclosed>) {
        let mut reader = Reader::new(dialect, 400);
        let mut rows = Vec::new();
        let mut emit = |row: &RawRow| {
            rows.push(row.clone());
            true
        };
        let mut rest = text;
        while !rest.is_empty() {
            let cut = rest.floor_char_boundary(piece).max(rest.chars().next().map_or(1, char::len_utf8));
            reader.feed(&rest[..cut], &mut emit);
            rest = &rest[cut..];
        }
        let end = reader.finish(&mut emit);
        (rows, end)
    }

    fn cells(rows: &[RawRow]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.cells().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn forms() {
        let cases: &[(&str, &str, &[&[&str]])] = &[
            ("plain", "a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]),
            ("no last line end", "a,b\r\n1,", &[&["a", "b"], &["1", ""]]),
            ("old mac", "a,b\r1,2\r", &[&["a", "b"], &["1", "2"]]),
            ("quotes", "\"a,\"\"x\"\"\",b\n", &[&["a,\"x\"", "b"]]),
            ("line in a cell", "\"a\r\nb\",c", &[&["a\r\nb", "c"]]),
            ("quote inside", "5\" pipe,b", &[&["5\" pipe", "b"]]),
            ("text after a quote", "\"a\"b,c", &[&["ab", "c"]]),
            ("empty quotes", "\"\"\n", &[&[""]]),
            ("only delimiters", ",,\n", &[&["", "", ""]]),
            ("wide", "张,李\n\"王,\",é", &[&["张", "李"], &["王,", "é"]]),
        ];
        for (name, text, expected) in cases {
            for piece in [1, 2, 100] {
                let (rows, end) = read(Dialect::default(), text, piece);
                assert_eq!(cells(&rows), *expected, "{name}");
                assert_eq!(end, Ok(()), "{name}");
            }
        }
    }

    #[test]
    fn rows_and_lines_are_those_a_person_sees() {
        let (rows, _) = read(Dialect::default(), "h,i\n\n\"a\nb\",c\r\nd,e\n\n\nf", 3);
        let at: Vec<_> = rows.iter().map(|row| (row.number, row.line)).collect();
        assert_eq!(at, [(1, 1), (3, 3), (4, 5), (7, 8)]);
    }

    #[test]
    fn an_unclosed_quote_names_its_line_and_keeps_what_was_before() {
        let (rows, end) = read(Dialect::default(), "a,b\n1,2\n3,\"x\n4,5\n6,7\n", 4);
        assert_eq!(cells(&rows), [["a", "b"], ["1", "2"]]);
        assert_eq!(end, Err(Unclosed { row: 3, line: 3, lines_lost: 3 }));
    }

    #[test]
    fn white_space_and_skipped_spaces() {
        let white = Dialect { delimiter: Delimiter::Whitespace, quote: None, ..Dialect::default() };
        let (rows, _) = read(white, " 04 0001  1997 \r\n\r\n 5\t6", 2);
        assert_eq!(cells(&rows), [vec!["04", "0001", "1997"], vec!["5", "6"]]);
        let spaced = Dialect { skip_space: true, ..Dialect::default() };
        let (rows, _) = read(spaced, "a, \"b, c\", d\n", 100);
        assert_eq!(cells(&rows), [["a", "b, c", "d"]]);
    }

    #[test]
    fn a_cell_over_the_limit_is_cut_and_said() {
        let (rows, _) = read(Dialect::default(), &format!("a,{},c\nd,e,f", "é".repeat(500)), 7);
        assert_eq!(rows.iter().map(|row| row.oversize).collect::<Vec<_>>(), [true, false]);
        assert_eq!(cells(&rows)[0], ["a".to_owned(), "é".repeat(200), "c".to_owned()]);
    }

    /// What `csv-core` makes of the same bytes.
    fn oracle(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv_core::Reader::new();
        let (mut input, mut rows, mut row) = (text.as_bytes(), Vec::new(), Vec::new());
        let mut cell = Vec::new();
        loop {
            let mut out = [0; 64];
            let (result, read, written) = reader.read_field(input, &mut out);
            input = &input[read..];
            cell.extend_from_slice(&out[..written]);
            match result {
                csv_core::ReadFieldResult::Field { record_end } => {
                    row.push(String::from_utf8(std::mem::take(&mut cell)).unwrap());
                    if record_end {
                        rows.push(std::mem::take(&mut row));
                    }
                }
                csv_core::ReadFieldResult::End => return rows,
                csv_core::ReadFieldResult::InputEmpty | csv_core::ReadFieldResult::OutputFull => {}
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_csv_core(text in "[ab,\"\r\n é]{0,60}", piece in 1usize..9) {
            let (rows, end) = read(Dialect::default(), &text, piece);
            if end.is_ok() {
                prop_assert_eq!(cells(&rows), oracle(&text));
            }
        }
    }
}

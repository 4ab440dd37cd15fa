//! A sheet's rows and cells.

use super::contents::Contents;
use super::grid::{Grid, Kind, Merged};
use super::strings::{Gathered, Strings, push_unescaped};
use super::value::shown;
use super::xml::{Sink, Tag};
use crate::{Limits, Refused};
use std::rc::Rc;

/// Columns that a sheet can have, and rows.
const COLUMNS: u16 = 16_384;
const ROWS: u32 = 1_048_576;

/// How a cell says what it holds.
#[derive(Clone, Copy)]
enum Holds {
    Number,
    Shared,
    Text,
    Truth,
    Error,
}

impl Holds {
    fn of(tag: &Tag<'_>) -> Self {
        match tag.raw("t").as_deref() {
            Some("s") => Self::Shared,
            Some("str" | "inlineStr" | "d") => Self::Text,
            Some("b") => Self::Truth,
            Some("e") => Self::Error,
            _ => Self::Number,
        }
    }
}

/// The cell that is being read.
struct Open {
    column: u16,
    style: u32,
    holds: Holds,
}

/// Reads a sheet.
pub(super) struct Sheet {
    contents: Rc<Contents>,
    strings: Rc<Strings>,
    grid: Grid,
    row: u32,
    /// The column of a cell that does not say where it is.
    next: u16,
    cell: Option<Open>,
    gathered: Gathered,
    text: String,
}

impl Sheet {
    pub(super) fn new(contents: Rc<Contents>, strings: Rc<Strings>, limits: Limits) -> Self {
        Self {
            contents,
            strings,
            grid: Grid::new(limits),
            row: 0,
            next: 0,
            cell: None,
            gathered: Gathered::default(),
            text: String::new(),
        }
    }

    /// What was read.
    pub(super) fn into_grid(self) -> Grid {
        self.grid
    }

    fn begin_cell(&mut self, tag: &Tag<'_>) -> Result<(), Refused> {
        let column = match tag.raw("r") {
            Some(place) => place_of(&place).ok_or(Refused::DamagedWorkbook)?.0,
            None => self.next,
        };
        if column >= COLUMNS {
            return Err(Refused::DamagedWorkbook);
        }
        self.next = column + 1;
        let style = tag.number("s").unwrap_or_default();
        self.cell = Some(Open { column, style, holds: Holds::of(tag) });
        self.gathered.clear();
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Refused> {
        let Some(Open { column, style, holds }) = self.cell.take() else { return Ok(()) };
        let written = &self.gathered.text;
        if written.trim().is_empty() {
            return Ok(());
        }
        match holds {
            Holds::Shared => {
                let shared = written.trim().parse().ok().and_then(|at| self.strings.get(at));
                let text = shared.ok_or(Refused::DamagedWorkbook)?;
                if text.trim().is_empty() { Ok(()) } else { self.grid.push(column, Kind::Text, text) }
            }
            Holds::Text => {
                self.text.clear();
                push_unescaped(&mut self.text, written);
                self.grid.push(column, Kind::Text, &self.text)
            }
            Holds::Truth => {
                let word = if written.trim() == "0" { "FALSE" } else { "TRUE" };
                self.grid.push(column, Kind::Text, word)
            }
            Holds::Error => self.grid.push(column, Kind::Error, written),
            Holds::Number => {
                let format = self.contents.formats.of(style);
                let text = shown(written, format, self.contents.from_1904);
                self.grid.push(column, Kind::Number, &text)
            }
        }
    }
}

impl Sink for Sheet {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Result<(), Refused> {
        match name {
            "row" => {
                let said = tag.number("r").filter(|number| *number > self.row);
                self.row = said.unwrap_or(self.row.saturating_add(1));
                self.next = 0;
                if self.row > ROWS {
                    return Err(Refused::DamagedWorkbook);
                }
            }
            "c" => self.begin_cell(tag)?,
            "mergeCell" => {
                if let Some(merged) = tag.raw("ref").as_deref().and_then(merged) {
                    self.grid.merge(merged)?;
                }
            }
            name => self.gathered.open(name),
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Refused> {
        match name {
            "row" => self.grid.end_row(self.row),
            "c" => self.end_cell(),
            name => {
                self.gathered.close(name);
                Ok(())
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.gathered.take(text);
    }
}

/// Column, from 0, and row, from 1, of a place such as `AB12`.
fn place_of(place: &str) -> Option<(u16, u32)> {
    let digits = place.find(|character: char| character.is_ascii_digit())?;
    let (letters, row) = place.split_at(digits);
    let column = letters.bytes().try_fold(0u16, |column, letter| {
        let letter = letter.to_ascii_uppercase();
        let value = letter.is_ascii_uppercase().then(|| u16::from(letter - b'A') + 1)?;
        column.checked_mul(26)?.checked_add(value)
    })?;
    Some((column.checked_sub(1)?, row.parse().ok()?))
}

/// Cells below each other that are shown as one, from a range such as `A2:A4`.
fn merged(range: &str) -> Option<Merged> {
    let (from, to) = range.split_once(':')?;
    let ((column, first), (_, last)) = (place_of(from)?, place_of(to)?);
    (last > first).then_some(Merged { column, first, last })
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn places_are_read() {
        let cases = [
            ("A1", Some((0, 1))),
            ("Z9", Some((25, 9))),
            ("AA10", Some((26, 10))),
            ("XFD1048576", Some((16_383, 1_048_576))),
            ("a1", Some((0, 1))),
            ("1", None),
            ("A", None),
            ("", None),
            ("ZZZZZZ1", None),
            ("Ä1", None),
        ];
        for (place, expected) in cases {
            assert_eq!(place_of(place), expected, "{place}");
        }
    }
}

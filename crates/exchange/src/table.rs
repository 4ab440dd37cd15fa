//! A file as a table in memory: one text, cells by their ends, rows by their first cell.

use crate::{Dialect, Encoding, ProblemCode, Problems, RawRow, Target, text};

/// Where a row stands and which cells are its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowMeta {
    pub(crate) number: u32,
    pub(crate) line: u32,
    first: u32,
    pub(crate) cells: u32,
}

impl RowMeta {
    /// A place in the file that no row was kept of.
    pub(crate) fn at(number: u32, line: u32) -> Self {
        Self { number, line, first: 0, cells: 0 }
    }
}

/// How a file holds its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// As lines of cells.
    Delimited(Dialect),
    /// As contact cards; each column's meaning is known.
    Cards(Vec<Target>),
    /// As a sheet of a workbook.
    Workbook {
        /// Its sheets that hold something; of a workbook of which a sheet was asked for, that one.
        sheets: Vec<Sheet>,
        /// Which one this is.
        chosen: u32,
    },
}

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Which one it is, among those that are not hidden.
    pub at: u32,
    /// Its name.
    pub name: String,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Table {
    /// The file's name.
    pub name: String,
    /// The encoding that it was read in.
    pub encoding: Encoding,
    /// How it holds its rows.
    pub form: Form,
    /// The column headers; empty texts where the file has none.
    pub headers: Vec<String>,
    /// Whether the first row was taken for a header.
    pub has_header: bool,
    /// What was odd about it as a table.
    pub problems: Problems,
    /// Rows that were read and cannot be used (too long, not to be aligned).
    pub rows_left_out: u32,
    text: String,
    starts: Vec<u32>,
    rows: Vec<RowMeta>,
}

/// One row of a [`Table`]; of contact cards, one card.
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    table: &'t Table,
    meta: RowMeta,
}

impl<'t> Row<'t> {
    /// As a spreadsheet numbers it; of contact cards, which one it is, from 1.
    pub fn number(&self) -> u32 {
        self.meta.number
    }

    /// As a text editor numbers the line on which it starts.
    pub fn line(&self) -> u32 {
        self.meta.line
    }

    /// A cell verbatim; empty beyond the row's end.
    pub fn raw(&self, column: usize) -> &'t str {
        if column < self.meta.cells as usize {
            self.table.cell(self.meta.first as usize + column)
        } else {
            ""
        }
    }

    /// A cell's value: trimmed, and empty for every spelling of "nothing".
    pub fn value(&self, column: usize) -> &'t str {
        text::present(self.raw(column))
    }
}

impl Table {
    pub(crate) fn new(name: &str, encoding: Encoding, form: Form) -> Self {
        Self {
            name: name.to_owned(),
            encoding,
            form,
            headers: Vec::new(),
            has_header: false,
            problems: Problems::default(),
            rows_left_out: 0,
            text: String::new(),
            starts: vec![0],
            rows: Vec::new(),
        }
    }

    /// Which sheet of a workbook it is.
    pub fn sheet(&self) -> Option<u32> {
        match &self.form {
            Form::Workbook { chosen, .. } => Some(*chosen),
            Form::Delimited(_) | Form::Cards(_) => None,
        }
    }

    /// How many columns it has.
    pub fn width(&self) -> usize {
        self.headers.len()
    }

    /// How many rows below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row below the header.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row by its position, from 0.
    pub fn row(&self, at: usize) -> Option<Row<'_>> {
        self.rows.get(at).map(|meta| Row { table: self, meta: *meta })
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|meta| Row { table: self, meta: *meta })
    }

    /// The values of a column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows().map(move |row| row.value(column))
    }

    /// How many bytes of text are held.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn metas(&self) -> &[RowMeta] {
        &self.rows
    }

    fn cell(&self, at: usize) -> &str {
        let bounds = self.starts.get(at).zip(self.starts.get(at + 1));
        bounds.map_or("", |(start, end)| &self.text[*start as usize..*end as usize])
    }

    pub(crate) fn push(&mut self, row: &RawRow) {
        self.push_cells(row.number, row.line, row.cells());
    }

    pub(crate) fn push_cells<'c>(&mut self, number: u32, line: u32, cells: impl Iterator<Item = &'c str>) {
        let meta = self.store(number, line, cells);
        self.rows.push(meta);
    }

    fn store<'c>(&mut self, number: u32, line: u32, cells: impl Iterator<Item = &'c str>) -> RowMeta {
        let first = self.starts.len() - 1;
        for cell in cells {
            self.text.push_str(cell);
            self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        let cells = self.starts.len() - 1 - first;
        RowMeta { number, line, first: u32::try_from(first).unwrap_or(u32::MAX), cells: cells as u32 }
    }

    /// Puts other cells in a row's place.
    pub(crate) fn replace(&mut self, at: usize, cells: &[String]) {
        let Some(old) = self.rows.get(at).copied() else { return };
        self.rows[at] = self.store(old.number, old.line, cells.iter().map(String::as_str));
    }

    /// Drops the first rows.
    pub(crate) fn drop_first(&mut self, count: usize) {
        self.rows.drain(..count.min(self.rows.len()));
    }

    /// Keeps the rows whose position passes.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        let mut keep = keep.iter();
        self.rows.retain(|_| keep.next().copied().unwrap_or(true));
    }

    /// Notes a problem of a row.
    pub(crate) fn note(&mut self, row: RowMeta, column: Option<usize>, code: ProblemCode, value: &str) {
        self.problems.add(crate::Problem {
            file: 0,
            row: row.number,
            line: row.line,
            column,
            code,
            value: value.to_owned(),
            skipped: code.severity() == crate::Severity::Skipped,
        });
    }

    /// Notes that there is a header and nothing below it.
    pub(crate) fn note_no_rows(&mut self) {
        if self.is_empty() && self.problems.list.is_empty() {
            self.note(RowMeta::at(0, 0), None, ProblemCode::NoRows, "");
        }
    }

    /// The first cells of a row as one text, to recognise it by.
    pub(crate) fn excerpt(&self, at: usize) -> String {
        let Some(row) = self.row(at) else { return String::new() };
        (0..row.meta.cells as usize).map(|column| row.raw(column)).take(4).collect::<Vec<_>>().join(" ")
    }
}

//! The cells of a sheet that hold something, and the table that they make.

use super::{MOST_CELLS, MOST_COLUMNS};
use crate::table::{Form, RowMeta, Table};
use crate::{Encoding, Limits, ProblemCode, Refused};

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    /// A formula's complaint in a value's place, such as `#N/A`.
    Error,
}

#[derive(Clone, Copy)]
struct Cell {
    column: u16,
    kind: Kind,
    start: u32,
    end: u32,
}

struct GridRow {
    number: u32,
    first: usize,
    end: usize,
}

/// Cells of one column that a sheet shows as one.
pub(super) struct Merged {
    pub(super) column: u16,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// What was read of a sheet.
pub(super) struct Grid {
    limits: Limits,
    rows: Vec<GridRow>,
    cells: Vec<Cell>,
    text: String,
    merged: Vec<Merged>,
    /// Rows with a cell that is too long, and how each begins.
    oversize: Vec<(u32, String)>,
    is_oversize: bool,
}

impl Grid {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            rows: Vec::new(),
            cells: Vec::new(),
            text: String::new(),
            merged: Vec::new(),
            oversize: Vec::new(),
            is_oversize: false,
        }
    }

    /// How many rows hold something.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes a cell of the row that is being read.
    pub(super) fn push(&mut self, column: u16, kind: Kind, text: &str) -> Result<(), Refused> {
        if text.len() > self.limits.cell {
            self.is_oversize = true;
            return Ok(());
        }
        let start = self.text.len();
        self.text.push_str(text);
        if self.text.len() > self.limits.text || self.cells.len() >= MOST_CELLS {
            return Err(Refused::LargeWorkbook);
        }
        let place = |at: usize| u32::try_from(at).map_err(|_| Refused::LargeWorkbook);
        self.cells.push(Cell { column, kind, start: place(start)?, end: place(self.text.len())? });
        Ok(())
    }

    /// Ends the row; one without a value is none.
    pub(super) fn end_row(&mut self, number: u32) -> Result<(), Refused> {
        let first = self.rows.last().map_or(0, |row| row.end);
        let cells = &self.cells[first..];
        if std::mem::take(&mut self.is_oversize) {
            let start = cells.first().map_or("", |cell| self.text_of(*cell)).to_owned();
            self.oversize.push((number, start));
            self.cells.truncate(first);
        } else if cells.iter().any(|cell| cell.kind != Kind::Error) {
            self.rows.push(GridRow { number, first, end: self.cells.len() });
        } else {
            self.cells.truncate(first);
        }
        // One more than the limit, for the header.
        let most = self.limits.rows as usize + 1;
        let too_many = self.rows.len() > most || self.oversize.len() > most;
        if too_many { Err(Refused::TooManyRows(self.limits.rows)) } else { Ok(()) }
    }

    /// Takes cells that are shown as one.
    pub(super) fn merge(&mut self, merged: Merged) -> Result<(), Refused> {
        if self.merged.len() >= MOST_CELLS {
            return Err(Refused::LargeWorkbook);
        }
        self.merged.push(merged);
        Ok(())
    }

    fn text_of(&self, cell: Cell) -> &str {
        &self.text[cell.start as usize..cell.end as usize]
    }

    fn cells_of(&self, row: &GridRow) -> &[Cell] {
        &self.cells[row.first..row.end]
    }

    /// The table: columns without any value are left out, wherever they stand.
    pub(super) fn into_table(self, name: &str, form: Form) -> Result<Table, Refused> {
        let (places, width) = self.columns();
        if width > MOST_COLUMNS || width.saturating_mul(self.rows.len()) > MOST_CELLS {
            return Err(Refused::LargeWorkbook);
        }
        let mut table = Table::new(name, Encoding::Utf8, form);
        let mut repeated = self.repeated()?.into_iter().peekable();
        let place = |column: u16| places.get(usize::from(column)).copied().flatten();
        for (at, row) in self.rows.iter().enumerate() {
            let mut values = vec![""; width];
            for cell in self.cells_of(row) {
                match (cell.kind, place(cell.column)) {
                    (Kind::Error, column) => {
                        let value = self.text_of(*cell);
                        table.note(
                            RowMeta::at(row.number, row.number),
                            column,
                            ProblemCode::ErrorCell,
                            value,
                        );
                    }
                    (_, Some(column)) => values[column] = self.text_of(*cell),
                    (_, None) => {}
                }
            }
            while let Some((_, cell)) = repeated.next_if(|(row, _)| *row == at) {
                if let Some(value) = place(cell.column).and_then(|column| values.get_mut(column))
                    && value.is_empty()
                {
                    *value = self.text_of(cell);
                }
            }
            table.push_cells(row.number, row.number, values.into_iter());
        }
        for (number, start) in &self.oversize {
            table.note(RowMeta::at(*number, *number), None, ProblemCode::CellTooLong, start);
            table.rows_left_out += 1;
        }
        Ok(table)
    }

    /// The place of each column that has a value, and how many there are.
    fn columns(&self) -> (Vec<Option<usize>>, usize) {
        let mut places = Vec::new();
        for cell in self.cells.iter().filter(|cell| cell.kind != Kind::Error) {
            let at = usize::from(cell.column);
            places.resize(places.len().max(at + 1), None);
            places[at] = Some(0);
        }
        let mut width = 0;
        for place in places.iter_mut().flatten() {
            *place = width;
            width += 1;
        }
        (places, width)
    }

    /// Texts that stand for several rows, by the position of each further row. A number stands for itself: an amount is
    /// not to be counted twice. Nor is a header repeated below itself.
    fn repeated(&self) -> Result<Vec<(usize, Cell)>, Refused> {
        let mut found = Vec::new();
        let header = self.rows.iter().find(|row| self.cells_of(row).len() > 1);
        let header = header.map_or(u32::MAX, |row| row.number);
        for merged in self.merged.iter().filter(|merged| merged.first > header) {
            let Ok(at) = self.rows.binary_search_by_key(&merged.first, |row| row.number) else { continue };
            let is_it = |cell: &&Cell| cell.column == merged.column && cell.kind == Kind::Text;
            let Some(cell) = self.cells_of(&self.rows[at]).iter().find(is_it) else { continue };
            let further = (at + 1..self.rows.len()).take_while(|at| self.rows[*at].number <= merged.last);
            found.extend(further.map(|at| (at, *cell)));
            if found.len() > MOST_CELLS {
                return Err(Refused::LargeWorkbook);
            }
        }
        found.sort_by_key(|(at, _)| *at);
        Ok(found)
    }
}

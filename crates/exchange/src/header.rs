//! Where the table begins in the file: titles above it, and whether its first row is a header.

use crate::table::Table;
use crate::{DateOrder, ProblemCode, date, heading, number, text};

/// How many rows are looked at.
const SAMPLE: usize = 200;
/// How many rows above the header may be a title.
const PREAMBLE: usize = 10;

/// Finds the header, or goes by what a person chose, and fixes the table's width.
pub(crate) fn settle(table: &mut Table, chosen: Option<bool>) {
    let width = usual_width(table);
    if chosen != Some(false) {
        drop_preamble(table, width);
    }
    table.has_header = chosen.unwrap_or_else(|| first_row_is_header(table));
    let mut headers = if table.has_header { first_row(table) } else { Vec::new() };
    while headers.len() > width && headers.last().is_some_and(String::is_empty) {
        headers.pop();
    }
    headers.resize(headers.len().max(width), String::new());
    if table.has_header {
        table.drop_first(1);
    }
    table.headers = headers;
}

/// The most frequent number of cells; of two equally frequent the larger.
fn usual_width(table: &Table) -> usize {
    let mut widths: Vec<u32> = table.metas().iter().take(SAMPLE).map(|meta| meta.cells).collect();
    widths.sort_unstable();
    let most = widths.chunk_by(|a, b| a == b).max_by_key(|same| same.len());
    most.and_then(<[u32]>::first).map_or(0, |width| *width as usize)
}

fn first_row(table: &Table) -> Vec<String> {
    let cells = table.metas().first().map_or(0, |meta| meta.cells as usize);
    table.row(0).map_or_else(Vec::new, |row| (0..cells).map(|at| row.raw(at).trim().to_owned()).collect())
}

/// Rows at the top with one value only, in a table of three columns and more.
fn drop_preamble(table: &mut Table, width: usize) {
    let filled = |at: usize| {
        let row = table.row(at);
        row.map_or(usize::MAX, |row| {
            (0..width.max(1)).filter(|column| !row.value(*column).is_empty()).count()
        })
    };
    let titles = (0..PREAMBLE.min(table.len())).take_while(|at| width >= 3 && filled(*at) <= 1).count();
    if titles == 0 || titles >= table.len() {
        return;
    }
    let (first, title) = (table.metas()[0], table.excerpt(0));
    table.note(first, None, ProblemCode::Preamble, title.trim());
    table.drop_first(titles);
}

fn first_row_is_header(table: &Table) -> bool {
    let first = first_row(table);
    let filled: Vec<&str> =
        first.iter().map(|cell| text::present(cell)).filter(|cell| !cell.is_empty()).collect();
    let known = filled.iter().filter(|cell| heading::concept(cell).is_some()).count();
    if filled.is_empty() || filled.len() * 2 < first.len() {
        return false;
    }
    if filled.iter().any(|cell| is_typed(cell)) {
        return known * 2 >= filled.len();
    }
    if known > 0 {
        return true;
    }
    let repeated = first
        .iter()
        .enumerate()
        .any(|(column, cell)| table.column(column).skip(1).take(SAMPLE).any(|value| value == cell));
    let typed_below = (0..first.len()).any(|column| table.column(column).skip(1).take(SAMPLE).any(is_typed));
    typed_below || !repeated
}

/// Whether the cell is something that a header is not: a number, a date, a mail address.
fn is_typed(cell: &str) -> bool {
    number::is_number(cell) || text::is_mail(cell) || date::parse_date(cell, DateOrder::DayFirst).is_some()
}

//! Rows whose cells do not match the columns.
//!
//! Programs that write no quotes tear a cell such as `Rua do Paço, 67` in two. What belongs together
//! follows from the other rows: each column has its kind of content, and a cell that begins with a
//! space in a file whose cells do not is the second half of something. A torn row is put together
//! where one way is clearly the likeliest, and reported; otherwise it is left out, and reported.

use crate::table::Table;
use crate::{DateOrder, Delimiter, ProblemCode, date, number, text};
use satchel_domain::sorted;
use std::collections::HashSet;

/// How many regular rows a column's profile is made of.
const PROFILED: usize = 2_000;
/// How many cells too many are tried.
const MOST_EXTRA: usize = 6;
/// How much likelier the best way must be than the next, in nats (about 4.5 to 1).
const MARGIN: f32 = 1.5;

/// Pads short rows, puts torn ones together, leaves out what stays unclear.
pub(crate) fn align(table: &mut Table, delimiter: Delimiter) {
    let width = table.width();
    let irregular: Vec<usize> =
        (0..table.len()).filter(|at| table.metas()[*at].cells as usize != width).collect();
    if irregular.is_empty() || width == 0 {
        return;
    }
    let profiles: Vec<Profile> = (0..width).map(|column| Profile::of(table, column)).collect();
    let mut keep = vec![true; table.len()];
    for at in irregular {
        keep[at] = align_row(table, at, &profiles, delimiter);
    }
    table.rows_left_out += keep.iter().filter(|kept| !**kept).count() as u32;
    table.retain(&keep);
}

/// Whether the row can be used.
fn align_row(table: &mut Table, at: usize, profiles: &[Profile], delimiter: Delimiter) -> bool {
    let meta = table.metas()[at];
    let Some(row) = table.row(at) else { return false };
    let cells: Vec<String> = (0..meta.cells as usize).map(|column| row.raw(column).to_owned()).collect();
    let excerpt = table.excerpt(at);
    if cells.len() < profiles.len() {
        table.note(meta, None, ProblemCode::TooFewCells, &excerpt);
        return true;
    }
    if let Some(shorter) = without_trailing(&cells, profiles) {
        table.replace(at, &shorter);
        return true;
    }
    let Some((column, joined)) = join(&cells, profiles, delimiter.as_char()) else {
        table.note(meta, None, ProblemCode::TooManyCells, &excerpt);
        return false;
    };
    table.note(meta, Some(column), ProblemCode::JoinedCells, &joined[column]);
    table.replace(at, &joined);
    true
}

/// The row without delimiters at its end, where the cells before them fit their columns no worse than
/// any way of putting torn ones together.
fn without_trailing(cells: &[String], profiles: &[Profile]) -> Option<Vec<String>> {
    let (kept, rest) = cells.split_at(profiles.len());
    if rest.iter().any(|cell| !cell.trim().is_empty()) {
        return None;
    }
    let fit: f32 = kept.iter().zip(profiles).map(|(cell, profile)| profile.fit(cell)).sum();
    let extra = rest.len().min(MOST_EXTRA);
    let ways = best_two(&cells[..profiles.len() + extra], profiles, ',', extra);
    ways.first().is_none_or(|(best, _)| fit + MARGIN >= *best).then(|| kept.to_vec())
}

/// The kinds of content that are told apart.
const CLASSES: usize = 9;

fn class(cell: &str) -> usize {
    let value = text::present(cell);
    let has_space = value.contains(char::is_whitespace);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if value.is_empty() {
        0
    } else if text::is_mail(value) {
        1
    } else if value.bytes().all(|byte| byte.is_ascii_digit()) {
        2
    } else if number::is_number(value) {
        3
    } else if date::parse_date(value, DateOrder::DayFirst).is_some() {
        4
    } else if text::is_phone(value) {
        5
    } else if digits > 0 && !has_space {
        6
    } else if has_space {
        7
    } else {
        8
    }
}

/// What a column holds in regular rows.
struct Profile {
    rows: f32,
    classes: [f32; CLASSES],
    begins_with_space: f32,
    values: HashSet<String>,
}

impl Profile {
    fn of(table: &Table, column: usize) -> Self {
        let mut profile =
            Self { rows: 0.0, classes: [0.0; CLASSES], begins_with_space: 0.0, values: HashSet::new() };
        let regular = (0..table.len()).filter(|at| table.metas()[*at].cells as usize == table.width());
        for cell in regular.take(PROFILED).filter_map(|at| table.row(at)).map(|row| row.raw(column)) {
            profile.rows += 1.0;
            profile.classes[class(cell)] += 1.0;
            profile.begins_with_space += f32::from(u8::from(cell.starts_with(' ')));
            profile.values.insert(cell.to_owned());
        }
        profile
    }

    /// How well the cell fits, as a logarithm of a likelihood.
    fn fit(&self, cell: &str) -> f32 {
        let kind = (self.classes[class(cell)] + 0.5) / (self.rows + 0.5 * CLASSES as f32);
        let spaced = (self.begins_with_space + 0.1) / (self.rows + 0.2);
        let space = if cell.starts_with(' ') { spaced } else { 1.0 - spaced };
        let seen = if self.values.contains(cell) { 2.0 } else { 0.0 };
        kind.ln() + space.ln() + seen
    }
}

/// A way to spread the cells over the columns: how well it fits, and how many extra cells each column takes.
type Way = (f32, Vec<usize>);

/// The cells put together, and the first column that took more than one.
fn join(cells: &[String], profiles: &[Profile], delimiter: char) -> Option<(usize, Vec<String>)> {
    let extra = cells.len() - profiles.len();
    if extra > MOST_EXTRA {
        return None;
    }
    let ways = best_two(cells, profiles, delimiter, extra);
    let (best, spread) = ways.first()?;
    if ways.get(1).is_some_and(|(next, _)| best - next < MARGIN) {
        return None;
    }
    let mut at = 0;
    let mut joined = Vec::with_capacity(profiles.len());
    for taken in spread {
        joined.push(glue(&cells[at..=at + taken], delimiter));
        at += taken + 1;
    }
    Some((spread.iter().position(|taken| *taken > 0)?, joined))
}

/// The two likeliest ways, by dynamic programming over columns and extra cells used so far.
fn best_two(cells: &[String], profiles: &[Profile], delimiter: char, extra: usize) -> Vec<Way> {
    let mut used: Vec<Vec<Way>> = vec![Vec::new(); extra + 1];
    used[0].push((0.0, Vec::new()));
    for (column, profile) in profiles.iter().enumerate() {
        let mut next: Vec<Vec<Way>> = vec![Vec::new(); extra + 1];
        for (before, ways) in used.iter().enumerate() {
            for taken in 0..=extra - before {
                let first = column + before;
                let fit = profile.fit(&glue(&cells[first..=first + taken], delimiter))
                    + seams(&cells[first..=first + taken]);
                for (score, spread) in ways {
                    let spread = spread.iter().copied().chain([taken]).collect();
                    next[before + taken].push((score + fit, spread));
                }
            }
        }
        for ways in &mut next {
            sorted::sort_by(ways, |a, b| b.0.total_cmp(&a.0));
            ways.truncate(2);
        }
        used = next;
    }
    used.pop().unwrap_or_default()
}

/// A seam is likelier where the second half begins with a space.
fn seams(cells: &[String]) -> f32 {
    cells.iter().skip(1).map(|cell| if cell.starts_with(' ') { -0.5 } else { -2.5 }).sum()
}

fn glue(cells: &[String], delimiter: char) -> String {
    cells.join(delimiter.encode_utf8(&mut [0; 4]))
}

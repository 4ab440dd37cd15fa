//! Contact cards (vCard 2.1, 3.0 and 4.0) to a table: one row a card, columns whose meaning is known.
//!
//! Written by hand: cards are read as a stream within the limits of any other file, a card that is not
//! whole is told by its number and line, and values in GBK are decoded by the platform.

mod card;
mod charset;
mod column;
mod lines;
mod property;

use crate::decode::Decoders;
use crate::load::{Limits, Refused};
use crate::table::{Form, RowMeta, Table};
use crate::{Encoding, ProblemCode, Target};
use card::Cells;
use column::Column;
use lines::{Frame, Line, Lines, frame};
use property::Property;
use std::collections::BTreeMap;

/// Whether a text is one of contact cards.
pub(crate) fn is_cards(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    start.split(['\r', '\n']).next().is_some_and(|line| frame(line) == Some(Frame::Begin))
}

/// Reads cards, piece by piece.
pub(crate) struct Cards {
    table: Table,
    limits: Limits,
    lines: Lines,
    open: Option<Open>,
    /// Whether the card of an agent stands inside the open one.
    nested: bool,
    /// How many cards have begun.
    begun: u32,
    /// Bytes of all properties so far.
    bytes: usize,
    done: Vec<(RowMeta, Cells)>,
}

/// A card that has begun.
struct Open {
    place: RowMeta,
    properties: Vec<Property>,
    /// The beginning of a line that is too long.
    cut: Option<String>,
}

impl Cards {
    pub(crate) fn new(name: &str, encoding: Encoding, limits: Limits) -> Self {
        Self {
            table: Table::new(name, encoding, Form::Cards(Vec::new())),
            limits,
            lines: Lines::new(limits.cell),
            open: None,
            nested: false,
            begun: 0,
            bytes: 0,
            done: Vec::new(),
        }
    }

    /// Reads on.
    pub(crate) fn read(&mut self, text: &str, decoders: &dyn Decoders) -> Result<(), Refused> {
        let lines = self.lines.feed(text);
        lines.into_iter().try_for_each(|line| self.take(line, decoders))
    }

    /// Ends the text.
    pub(crate) fn finish(mut self, decoders: &dyn Decoders) -> Result<Table, Refused> {
        let lines = self.lines.finish();
        lines.into_iter().try_for_each(|line| self.take(line, decoders))?;
        self.unended(decoders);
        Ok(laid_out(self.table, self.done))
    }

    fn take(&mut self, line: Line, decoders: &dyn Decoders) -> Result<(), Refused> {
        match frame(&line.text) {
            Some(Frame::Begin) if self.agent_begins() => self.nested = true,
            Some(Frame::Begin) => self.begin(line.number, decoders)?,
            Some(Frame::End) if self.nested => self.nested = false,
            Some(Frame::End) => self.end(&line, decoders),
            None if self.nested => {}
            None => self.property(line)?,
        }
        Ok(())
    }

    /// Version 2.1 writes the card of somebody's agent into hers.
    fn agent_begins(&self) -> bool {
        let last = self.open.as_ref().and_then(|open| open.properties.last());
        !self.nested && last.is_some_and(|last| last.name == "AGENT")
    }

    fn begin(&mut self, line: u32, decoders: &dyn Decoders) -> Result<(), Refused> {
        self.unended(decoders);
        if self.done.len() >= self.limits.rows as usize {
            return Err(Refused::TooManyRows(self.limits.rows));
        }
        self.begun = self.begun.saturating_add(1);
        let place = RowMeta::at(self.begun, line);
        self.open = Some(Open { place, properties: Vec::new(), cut: None });
        Ok(())
    }

    fn property(&mut self, line: Line) -> Result<(), Refused> {
        self.bytes = self.bytes.saturating_add(line.text.len());
        if self.bytes > self.limits.text {
            return Err(Refused::TooLarge(self.limits.text));
        }
        let property = Property::parse(&line.text);
        match (&mut self.open, property) {
            (Some(open), _) if line.cut => open.cut = open.cut.take().or(Some(line.text)),
            (Some(open), Some(property)) => open.properties.push(property),
            _ => self.broken(&line),
        }
        Ok(())
    }

    fn broken(&mut self, line: &Line) {
        let place = RowMeta::at(self.begun, line.number);
        self.table.note(place, None, ProblemCode::BrokenLine, &line.text);
    }

    fn end(&mut self, line: &Line, decoders: &dyn Decoders) {
        let Some(open) = self.open.take() else { return self.broken(line) };
        if let Some(start) = &open.cut {
            return self.leave_out(open.place, ProblemCode::CellTooLong, start);
        }
        match card::read(&open.properties, decoders) {
            Some(cells) => self.done.push((open.place, cells)),
            None => self.leave_out(open.place, ProblemCode::GroupCard, ""),
        }
    }

    /// A card without an end may lack anything: it is left out, and told with its name.
    fn unended(&mut self, decoders: &dyn Decoders) {
        self.nested = false;
        let Some(open) = self.open.take() else { return };
        let cells = card::read(&open.properties, decoders).unwrap_or_default();
        let name = cells.iter().find(|(column, _)| column.target == Target::Name);
        self.leave_out(open.place, ProblemCode::UnendedCard, name.map_or("", |(_, name)| name));
    }

    fn leave_out(&mut self, place: RowMeta, code: ProblemCode, value: &str) {
        self.table.note(place, None, code, value);
        self.table.rows_left_out += 1;
    }
}

/// The cards as rows, under the columns that any of them fills.
fn laid_out(mut table: Table, cards: Vec<(RowMeta, Cells)>) -> Table {
    let mut columns = BTreeMap::from([(Column::name(), 0)]);
    for (column, _) in cards.iter().flat_map(|(_, cells)| cells) {
        if !columns.contains_key(column) {
            columns.insert(column.clone(), 0);
        }
    }
    columns.values_mut().enumerate().for_each(|(at, place)| *place = at);
    table.has_header = true;
    table.headers = columns.keys().map(Column::header).collect();
    table.form = Form::Cards(columns.keys().map(|column| column.target.clone()).collect());
    for (place, cells) in cards {
        let mut row = vec![String::new(); columns.len()];
        for (column, value) in cells {
            if let Some(at) = columns.get(&column) {
                row[*at] = value;
            }
        }
        table.push_cells(place.number, place.line, row.iter().map(String::as_str));
    }
    table
}

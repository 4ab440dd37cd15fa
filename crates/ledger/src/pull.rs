//! One page of changes, bounded by count and by bytes.

use std::ops::ControlFlow;

use satchel_wire::{Changes, MAX_CHANGES, MAX_CHANGES_BYTES, Row, SpaceState};

use crate::{Denied, Rows};

/// From where to read, and how much.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The cursor; 0 reads everything anew.
    pub since: u64,
    /// Most rows.
    pub limit: u32,
    /// The purge floor when the reader began to read from 0: what was dropped up to there it never had.
    pub floor: u64,
}

/// The newest row of each record changed after the cursor, in order; `state` is of the same snapshot.
///
/// # Errors
/// The store's own.
pub fn changes<R: Rows>(
    rows: &R,
    state: SpaceState,
    span: Span,
) -> Result<Result<Changes, Denied>, R::Error> {
    let Span { since, limit, floor } = span;
    // From 0 everything is read anew, so no grave is missed.
    if since != 0 && since < state.purge_floor && floor < state.purge_floor {
        return Ok(Err(Denied::Purged));
    }
    let mut page = Page::new(limit.clamp(1, MAX_CHANGES));
    rows.after(since, &mut |row| page.take(row))?;
    Ok(Ok(page.finish(state)))
}

/// A page being filled.
struct Page {
    rows: Vec<Row>,
    bytes: usize,
    limit: usize,
    more: bool,
}

impl Page {
    fn new(limit: u32) -> Self {
        Self { rows: Vec::new(), bytes: 0, limit: limit as usize, more: false }
    }

    /// Adds a row if there is room. The first row always has room.
    fn take(&mut self, row: Row) -> ControlFlow<()> {
        let bytes = self.bytes + row.envelope.ciphertext.len();
        let full = self.rows.len() >= self.limit || bytes > MAX_CHANGES_BYTES;
        if full && !self.rows.is_empty() {
            self.more = true;
            return ControlFlow::Break(());
        }
        self.bytes = bytes;
        self.rows.push(row);
        ControlFlow::Continue(())
    }

    fn finish(self, space: SpaceState) -> Changes {
        let last = self.rows.last().map(|row| row.seq);
        let next = if self.more { last.unwrap_or(space.head) } else { space.head };
        Changes { space, rows: self.rows, next }
    }
}

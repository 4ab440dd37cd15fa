//! Where each row of the customer list lies, for a list that draws only what is seen (R51).
//!
//! Letters stand above their first row when the list is sorted by name, so that a row's place depends
//! on how many letters came before it.

/// What the list is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// How many rows.
    pub total: u32,
    /// Letters that are shown and their first rows, rising; empty when none are shown.
    pub letters: Vec<(char, u32)>,
    /// Height of a row in CSS pixels.
    pub row: f64,
    /// Height of a letter in CSS pixels.
    pub letter: f64,
}

impl Layout {
    /// Height of the whole list.
    pub fn height(&self) -> f64 {
        f64::from(self.total) * self.row + self.letters.len() as f64 * self.letter
    }

    /// Top edge of a row.
    pub fn top(&self, row: u32) -> f64 {
        let letters = self.letters.iter().take_while(|(_, first)| *first <= row).count();
        f64::from(row) * self.row + letters as f64 * self.letter
    }

    /// The row that lies at a height; the last one below the end.
    pub fn row_at(&self, y: f64) -> u32 {
        let (mut low, mut high) = (0, self.total.saturating_sub(1));
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.top(middle) - self.heading(middle) <= y {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }

    /// The letter under which the row at a height is filed.
    pub fn letter_at(&self, y: f64) -> Option<char> {
        let row = self.row_at(y);
        self.letters.iter().rev().find(|(_, first)| *first <= row).map(|(letter, _)| *letter)
    }

    /// Where to scroll to for a letter, or for the next one that is present.
    pub fn top_of_letter(&self, letter: char) -> Option<f64> {
        let (_, row) = self.letters.iter().find(|(present, _)| *present >= letter).or(self.letters.last())?;
        Some(self.top(*row) - self.letter)
    }

    fn heading(&self, row: u32) -> f64 {
        if self.letters.iter().any(|(_, first)| *first == row) { self.letter } else { 0.0 }
    }
}

/// Rows that are drawn beyond each edge of what is seen, so that scrolling finds them there.
const MARGIN_ROWS: u32 = 12;

/// Windows move in steps of this many rows: an answer is read in one frame and written over the next ones, and scrolling by
/// a row asks nothing.
const STEP_ROWS: u32 = 8;

/// The rows to ask for: offset and limit around what is seen. The limit depends on the screen alone, so that as many rows
/// come in below as go out above.
pub fn window(layout: &Layout, scroll_top: f64, viewport: f64) -> (u32, u32) {
    let seen = (viewport.max(0.0) / layout.row.max(1.0)).ceil() as u32 + 1;
    let limit = (seen + 2 * MARGIN_ROWS + STEP_ROWS).next_multiple_of(STEP_ROWS);
    let first = layout.row_at(scroll_top.max(0.0)).saturating_sub(MARGIN_ROWS);
    ((first / STEP_ROWS * STEP_ROWS).min(layout.total.saturating_sub(limit)), limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        Layout { total: 100_000, letters: vec![('A', 0), ('B', 2), ('Z', 99_999)], row: 68.0, letter: 28.0 }
    }

    #[test]
    fn rows_lie_below_their_letters() {
        let layout = layout();
        assert_eq!((layout.top(0), layout.top(1), layout.top(2)), (28.0, 96.0, 192.0));
        assert_eq!(layout.height(), 6_800_084.0);
    }

    #[test]
    fn a_height_finds_its_row() {
        let layout = layout();
        for row in [0, 1, 2, 3, 500, 99_998, 99_999] {
            assert_eq!(layout.row_at(layout.top(row) + 1.0), row);
        }
        assert_eq!(layout.row_at(1e12), 99_999);
        assert_eq!(Layout::default().row_at(10.0), 0);
    }

    #[test]
    fn the_rail_leads_to_the_letter_or_the_next() {
        let layout = layout();
        assert_eq!(layout.top_of_letter('B'), Some(164.0));
        assert_eq!(layout.top_of_letter('C'), layout.top_of_letter('Z'));
        assert_eq!(layout.letter_at(165.0), Some('B'));
        assert_eq!(Layout::default().top_of_letter('A'), None);
    }

    #[test]
    fn windows_cover_what_is_seen_and_move_in_steps_r51() {
        let layout = layout();
        for scroll in [0.0, 1_000.0, 400_000.0, 6_799_000.0] {
            let (offset, limit) = window(&layout, scroll, 900.0);
            assert!(offset <= layout.row_at(scroll) && layout.row_at(scroll + 900.0) < offset + limit);
        }
        assert_eq!(window(&layout, 30_000.0, 900.0), window(&layout, 30_068.0, 900.0));
        let (offset, limit) = window(&layout, 6_799_000.0, 900.0);
        assert_eq!((offset + limit, limit), (100_000, window(&layout, 0.0, 900.0).1));
        assert_eq!(window(&Layout::default(), 500.0, 900.0).0, 0);
    }
}

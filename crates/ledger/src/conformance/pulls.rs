//! Pages of changes.

use satchel_wire::{MAX_CHANGES_BYTES, MAX_CIPHERTEXT};

use super::{NOW, Subject, fill, numbers, read_all};
use crate::Span;

/// (since, limit) → (numbers, next); a limit of 0 still makes progress.
pub fn pages_are_bounded_by_count(log: &mut impl Subject) {
    fill(log, 7, 8);
    let table: [(u64, u32, &[u64], u64); 6] = [
        (0, 3, &[1, 2, 3], 3),
        (3, 3, &[4, 5, 6], 6),
        (6, 3, &[7], 7),
        (7, 3, &[], 7),
        (0, 7, &[1, 2, 3, 4, 5, 6, 7], 7),
        (0, 0, &[1], 1),
    ];
    for (since, limit, expected, next) in table {
        let page = log.changes(Span { since, limit, floor: 0 }, NOW).expect("not denied");
        assert_eq!(numbers(&page.rows), expected);
        assert_eq!((page.next, page.space.head), (next, 7));
    }
}

/// As many of the largest records as fit.
pub fn pages_are_bounded_by_bytes(log: &mut impl Subject) {
    let fit = (MAX_CHANGES_BYTES / MAX_CIPHERTEXT) as u32;
    fill(log, fit + 1, MAX_CIPHERTEXT);
    let page = log.changes(Span { since: 0, limit: 100, floor: 0 }, NOW).expect("not denied");
    assert_eq!((page.rows.len() as u32, page.next), (fit, u64::from(fit)));
    assert_eq!(read_all(log, 0, 100).0.len() as u32, fit + 1);
}

/// A device that is ahead of a restored log.
pub fn a_cursor_beyond_the_head_gets_nothing(log: &mut impl Subject) {
    fill(log, 2, 8);
    for since in [3, u64::MAX] {
        let page = log.changes(Span { since, limit: 10, floor: 0 }, NOW).expect("not denied");
        assert_eq!((page.rows.len(), page.next, page.space.head), (0, 2, 2));
    }
}

//! The book that followed every change equals one built from scratch (R36, D3, D15).

mod common;

use common::any::{any_change, difference};
use proptest::prelude::*;
use satchel_book::{Book, Zone};
use satchel_domain::{Record, RecordId};
use std::collections::BTreeMap;

proptest! {
    #[test]
    fn following_changes_equals_building_from_scratch(changes in prop::collection::vec(any_change(), 0..60)) {
        let mut followed = Book::new();
        let mut last: BTreeMap<RecordId, Record> = BTreeMap::new();
        for (id, record) in changes {
            followed.apply(id, record.as_ref());
            match record {
                Some(record) => last.insert(id, record),
                None => last.remove(&id),
            };
        }
        let mut rebuilt = Book::new();
        for (id, record) in last.iter().rev() {
            rebuilt.apply(*id, Some(record));
        }
        prop_assert_eq!(difference(&followed, &rebuilt), None);

        for id in last.keys() {
            followed.apply(*id, None);
        }
        prop_assert_eq!(difference(&followed, &Book::new()), None, "taking everything out leaves nothing");
    }

    #[test]
    fn moving_to_another_zone_equals_building_there_d13(
        changes in prop::collection::vec(any_change(), 0..60),
        moved_after in 0usize..60,
    ) {
        let honolulu = || Zone::new(|local_ms| local_ms + 10 * 3_600_000);
        let (mut moved, mut there) = (Book::new(), Book::new());
        there.set_zone(honolulu());
        for (at, (id, record)) in changes.iter().enumerate() {
            if at == moved_after {
                moved.set_zone(honolulu());
            }
            moved.apply(*id, record.as_ref());
            there.apply(*id, record.as_ref());
        }
        if changes.len() <= moved_after {
            moved.set_zone(honolulu());
        }
        prop_assert_eq!(difference(&moved, &there), None);
    }
}

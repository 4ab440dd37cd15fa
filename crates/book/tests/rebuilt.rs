//! The book that followed every change equals one built from scratch (R36, D3, D15).

mod common;

use common::any::{any_change, difference};
use proptest::prelude::*;
use satchel_book::Book;
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
}

//! A book opened from briefs and texts is the book of the records that they were made of.
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::any::{any_change, difference};
use common::*;
use proptest::prelude::*;
use satchel_book::{BadBrief, Book, Class, brief};
use satchel_domain::{Kind, Method, Moment, Record, RecordId, Relationship, field, merge_writes};

/// What a page does: the brief, and later the text.
fn put_in_parts(book: &mut Book, id: RecordId, record: Option<&Record>) {
    let brief = record.and_then(|record| brief(id, record));
    let Some((record, brief)) = record.zip(brief) else { return book.apply(id, None) };
    book.apply_brief(id, brief.class, &brief.bytes).unwrap();
    if book.lacks_text(id) {
        book.put_text(id, record.value(field::CONTENT).as_text().unwrap());
    }
}

proptest! {
    #[test]
    fn briefs_and_texts_make_the_book_of_the_records(changes in prop::collection::vec(any_change(), 0..60)) {
        let (mut by_records, mut by_briefs) = (Book::new(), Book::new());
        for (id, record) in changes {
            by_records.apply(id, record.as_ref());
            put_in_parts(&mut by_briefs, id, record.as_ref());
        }
        prop_assert_eq!(difference(&by_records, &by_briefs), None);
    }

    #[test]
    fn bad_bytes_are_told_and_change_nothing(
        (id, record) in any_change(), event in any::<bool>(),
        cut in any::<prop::sample::Index>(), flipped in 1u8.., noise in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let class = if event { Class::Event } else { Class::Card };
        let mut book = Book::new();
        book.apply(id, record.as_ref());
        let whole = record.as_ref().and_then(|record| brief(id, record)).map_or(noise.clone(), |it| it.bytes);
        let mut broken = whole.clone();
        if !broken.is_empty() {
            let at = cut.index(broken.len());
            broken[at] ^= flipped;
            prop_assert_eq!(Book::new().apply_brief(id, class, &whole[..at]), Err(BadBrief), "cut short");
        }
        for bytes in [broken, noise] {
            let mut tried = Book::new();
            tried.apply(id, record.as_ref());
            match tried.apply_brief(id, class, &bytes) {
                Err(BadBrief) => prop_assert_eq!(difference(&book, &tried), None),
                Ok(()) => prop_assert!(difference(&tried, &tried).is_none(), "answers whatever it was told"),
            }
        }
    }
}

#[test]
fn cards_are_told_from_events_and_hang_on_their_partner() {
    let meeting = with(event(id(1), Method::Visit, DAY), id(2), Relationship::Attendee);
    let cases = [
        (partner(&zhang_san()), Class::Card, id(9)),
        (task(Some(id(1)), "T", None), Class::Card, id(1)),
        (task(None, "T", None), Class::Card, RecordId::NIL),
        (interaction(&meeting), Class::Event, id(1)),
        (order_record(&order(id(1), DAY, "Tea", 1, 1)), Class::Event, id(1)),
    ];
    for (record, class, cluster) in cases {
        let brief = brief(id(9), &record).unwrap();
        assert_eq!((brief.class, brief.cluster), (class, cluster), "{record:?}");
    }
    assert_eq!(brief(id(9), &Record::new(Kind::Unknown("deal".into()))), None);
}

#[test]
fn a_text_is_missing_until_it_is_told_and_again_after_its_record_was_replaced() {
    let mut draft = event(id(1), Method::Phone, DAY);
    draft.content = "讨论订单".into();
    let told = brief(id(9), &interaction(&draft)).unwrap();
    let nothing = brief(id(8), &interaction(&event(id(1), Method::Phone, DAY))).unwrap();
    let mut book = Book::new();
    book.apply_brief(id(9), told.class, &told.bytes).unwrap();
    book.apply_brief(id(8), nothing.class, &nothing.bytes).unwrap();
    assert_eq!((book.texts_missing(), book.lacks_text(id(9)), book.lacks_text(id(8))), (1, true, false));
    assert_eq!(book.search_interactions("订单", 9), []);
    book.put_text(id(9), "讨论订单");
    assert_eq!((book.texts_missing(), book.search_interactions("订单", 9).len()), (0, 1));
    book.apply_brief(id(9), told.class, &told.bytes).unwrap();
    assert_eq!((book.texts_missing(), book.search_interactions("订单", 9).len()), (1, 0));
    book.put_text(id(1), "nobody");
    book.put_text(id(77), "nobody");
    book.apply(id(9), None);
    assert_eq!(book.texts_missing(), 0);
}

#[test]
fn a_brief_holds_no_content() {
    let mut draft = event(id(1), Method::Phone, DAY);
    draft.content = "CANARY".into();
    let bytes = brief(id(9), &interaction(&draft)).unwrap().bytes;
    assert!(!bytes.windows(6).any(|part| part == b"CANARY"));
    assert!(bytes.len() < 80, "{} bytes", bytes.len());
}

#[test]
fn the_same_interaction_is_known_again_by_its_content_even_without_its_text() {
    let mut draft = event(id(1), Method::Phone, DAY);
    draft.content = "讨论订单".into();
    let told = brief(id(9), &interaction(&draft)).unwrap();
    let mut book = Book::new();
    book.apply_brief(id(9), told.class, &told.bytes).unwrap();
    assert!(book.has_interaction(&draft));
    draft.content.push('!');
    assert!(!book.has_interaction(&draft));
}

/// Pages on disks hold such bytes: whoever changes them, or what they mean, raises [`satchel_book::BRIEF_FORMAT`]
/// and writes them here anew.
#[test]
fn the_bytes_of_this_format_are_these() {
    let mut meeting = with(event(id(1), Method::Visit, DAY), id(2), Relationship::Attendee);
    (meeting.content, meeting.place, meeting.minutes) = ("讨论订单".into(), "北京".into(), Some(30));
    let cases = [
        (edited(&partner(&zhang_san()), merge_writes(id(3))), PARTNER),
        (deleted(&interaction(&meeting)), INTERACTION),
        (order_record(&order(id(1), DAY, "Tea", 1, 1)), ORDER),
        (task(Some(id(1)), "T", Some(Moment::exact(DAY, "UTC"))), TASK),
    ];
    let hex = |record| {
        brief(id(9), record).unwrap().bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let wrong: Vec<String> = cases
        .iter()
        .map(|(record, bytes)| (hex(record), *bytes))
        .filter(|(now, then)| now != then)
        .map(|(now, _)| now)
        .collect();
    assert_eq!((satchel_book::BRIEF_FORMAT, wrong), (5, Vec::new()));
}

const PARTNER: &str = "000006e5bca0e4b889010000010a30303030303030303031066d6f62696c650b31333830303030303030\
    30010a3030303030303030303204776f726b147a68616e6773616e406578616d706c652e636f6d00000000000000000000010303\
    0303030303030303030303030303e807d00f00097a68616e672073616e3e6ee5bca0e4b8890a737a68616e672073616e0a703133\
    3830303030303030300a6d7a68616e6773616e406578616d706c652e636f6d0a63702d313434670a";
const INTERACTION: &str = "00010101010101010101010101010101010000000080f0b2520d417369612f5368616e6768616906e58c97e4ba\
    ac011e0102020202020202020202020202020202018aafe6c7050000e807d00f01d00f";
const ORDER: &str = "010101010101010101010101010101010105313032343880f0b252035554430000434e590103546561d00fa09c\
    010000000000e807e80700";
const TASK: &str = "01010101010101010101010101010101010101540180f0b2520355544300000000e807e80700";

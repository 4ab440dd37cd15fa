//! What was said is found by its words, the same in the palette, a timeline and a filter (R19, R40, R49, R54).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::*;
use satchel_book::{AnyRecord, Book, Happened, PartnerFilter, PartnerSort, TimelineFilter};
use satchel_domain::{
    Condition, Contact, InteractionDraft, Method, OrderDraft, PartnerDraft, PartnerKind, RecordId, Selection,
};
use std::collections::BTreeSet;

/// Content and place; the later ones happened later. Each is about a customer of its own, number 100 and on.
const SAID: [(&str, &str); 7] = [
    ("asked for a quote on 140 pumps,\nvalves too", "Berlin"),
    ("quote for valves sent; pumps later", ""),
    ("the warehouse in Zürich was opened", ""),
    ("报价单已经发送，等待总经理确认", "上海"),
    ("确认付款条件，报价下周", "杭州"),
    ("her number is 13812345678", ""),
    ("pump quotation: quote on hold, quote on paper", ""),
];

fn talks() -> Book {
    let mut book = Book::new();
    for (number, (content, place)) in (1u8..).zip(SAID) {
        let who = id(100 + number);
        book.apply(who, Some(&partner(&person(&format!("P{number}")))));
        let draft = InteractionDraft {
            content: content.into(),
            place: place.into(),
            ..event(who, Method::Phone, DAY * i64::from(number))
        };
        book.apply(id(number), Some(&interaction(&draft)));
    }
    book
}

/// What was typed, and which are found, in this order.
const NEEDLES: [(&str, &[u8]); 19] = [
    ("quote", &[7, 2, 1]),
    ("pumps quote", &[2, 1]),
    ("QUOTE pump", &[7, 2, 1]),
    ("valves, pumps", &[2, 1]),
    // As a phrase first, though it is older.
    ("quote on", &[7, 1]),
    ("quote for", &[2, 1]),
    ("for a", &[1]),
    // Beginnings of words only, if they are Latin.
    ("ware zur", &[3]),
    ("house", &[]),
    ("uote", &[]),
    // Chinese anywhere, in any order.
    ("报价 确认", &[5, 4]),
    ("确认 报价", &[5, 4]),
    ("总经理 报价单", &[4]),
    ("确认付款", &[5]),
    // Numbers anywhere.
    ("5678", &[6]),
    // The place is said, too.
    ("berlin pumps", &[1]),
    ("上海 报价", &[4]),
    ("quote 报价", &[]),
    ("，", &[]),
];

fn told(record: &AnyRecord) -> RecordId {
    let AnyRecord::Interaction(interaction) = record else { panic!("no interaction: {record:?}") };
    interaction.id
}

fn ids(numbers: &[u8]) -> BTreeSet<RecordId> {
    numbers.iter().copied().map(id).collect()
}

#[test]
fn all_words_find_in_any_order_the_phrase_first_r19_r40() {
    let book = talks();
    for (needle, expected) in NEEDLES {
        let expected: Vec<_> = expected.iter().copied().map(id).collect();
        let said: Vec<_> = book.search_interactions(needle, 99).iter().map(|entry| entry.what.id()).collect();
        assert_eq!(said, expected, "{needle}");
        for limit in 0..=expected.len() {
            let found = book.find_records(needle, limit);
            let found: Vec<_> = found.iter().map(told).collect();
            assert_eq!(found, expected[..limit], "{needle}, {limit}");
        }
    }
}

#[test]
fn a_phrase_comes_before_newer_words() {
    let mut book = Book::new();
    book.apply(id(9), Some(&partner(&person("Anna"))));
    for (number, content) in (1u8..).zip(["offer a discount of five percent", "a discount was on the offer"])
    {
        let draft = InteractionDraft {
            content: content.into(),
            ..event(id(9), Method::Mail, DAY * i64::from(number))
        };
        book.apply(id(number), Some(&interaction(&draft)));
    }
    let found = |text: &str| -> Vec<_> {
        book.search_interactions(text, 9).iter().map(|entry| entry.what.id()).collect()
    };
    assert_eq!(found("offer a discount"), [id(1), id(2)]);
    assert_eq!(found("discount offer"), [id(2), id(1)]);
}

#[test]
fn a_timeline_and_a_filter_find_what_the_palette_finds_r46_r49_r54() {
    let book = talks();
    for (needle, expected) in NEEDLES.into_iter().filter(|(needle, _)| *needle != "，") {
        let filter = TimelineFilter { text: needle.into(), ..TimelineFilter::default() };
        let who = (1..=7).map(|number| id(100 + number));
        let told: BTreeSet<_> = who
            .flat_map(|who| book.timeline(who, &filter, ALL).entries)
            .map(|entry| entry.what.id())
            .collect();
        assert_eq!(told, ids(expected), "{needle}");
        let contact = Condition::Contact(Contact { text: needle.into(), ..Contact::default() });
        let meant: BTreeSet<_> = book.selected_ids(&Selection::of(contact), 0).into_iter().collect();
        assert_eq!(meant, expected.iter().map(|number| id(100 + number)).collect(), "{needle}");
    }
}

#[test]
fn an_order_is_found_by_words_of_all_of_it_its_codes_anywhere_r19_r40() {
    let mut book = Book::new();
    book.apply(id(9), Some(&partner(&person("Anna"))));
    let draft = OrderDraft {
        number: "SO-2024-0012".into(),
        note: "to the warehouse".into(),
        ..order(id(9), DAY, "Xk200 pump", 1_000, 500)
    };
    book.apply(id(1), Some(&order_record(&draft)));
    let filter = |text: &str| TimelineFilter { text: text.into(), ..TimelineFilter::default() };
    for (text, is_found) in [
        ("pump warehouse", true),
        ("0012 pump to", true),
        ("k200", true),
        ("o-2024", true),
        ("house", false),
        ("pump valve", false),
    ] {
        let palette: Vec<_> = book.find_records(text, 9);
        assert_eq!(matches!(palette[..], [AnyRecord::Order(_)]), is_found, "{text}");
        let told = book.timeline(id(9), &filter(text), ALL).entries;
        assert_eq!(
            matches!(&told[..], [one] if matches!(one.what, Happened::Order { .. })),
            is_found,
            "{text}"
        );
    }
}

#[test]
fn a_company_is_meant_by_its_words_in_any_order_r49() {
    let mut book = Book::new();
    for (number, name) in [(1, "Nordic Harbour Foods"), (2, "华为 贸易")] {
        let firm = PartnerDraft { kind: PartnerKind::Organisation, ..person(name) };
        book.apply(id(number), Some(&partner(&firm)));
        let of = PartnerDraft { organisation: Some(id(number)), ..person(&format!("P{number}")) };
        book.apply(id(10 + number), Some(&partner(&of)));
    }
    for (text, who) in [("foods harbour", 11), ("arbour", 11), ("华为贸易", 12), ("贸易 华为", 12)] {
        let meant = book.selected_ids(&Selection::of(Condition::Company(text.into())), 0);
        assert_eq!(meant, [id(who)], "{text}");
    }
}

#[test]
fn a_customers_note_is_read_by_the_same_words_r40() {
    let mut book = Book::new();
    let noted =
        PartnerDraft { note: "call 13812345678, prefers walnuts; 对花生过敏".into(), ..person("Anna") };
    book.apply(id(1), Some(&partner(&noted)));
    for (text, total) in [("5678", 1), ("walnuts call", 1), ("过敏 花生", 1), ("alnuts", 0)] {
        let filter = PartnerFilter { text: text.into(), ..PartnerFilter::default() };
        assert_eq!(book.partners(&filter, PartnerSort::Name, ALL, |_| true).total, total, "{text}");
    }
}

//! Selections: and, or, not, and every condition against a naive reading of the opened records (R46–R49).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::any::any_change;
use common::*;
use proptest::prelude::*;
use satchel_book::{AnyRecord, Book, Happened, PartnerFilter, PartnerSort, TimelineFilter};
use satchel_domain::{
    Address, Condition, Contact, Day, Group, Join, Method, OrderStatus, PartnerDraft, PartnerKind,
    PartnerType, RecordId, RecordType, Selection, Term, Tier, Time,
};

const TODAY: i64 = 5 * DAY;

fn any_time() -> impl Strategy<Value = Time> {
    prop_oneof![
        (0u32..4, prop::option::of(0u32..6)).prop_map(|(least, most)| Time::Ago { least, most }),
        (0i32..6, 0i32..6).prop_map(|(from, to)| Time::Between { from: Day(from), to: Day(to) }),
    ]
}

fn any_contact() -> impl Strategy<Value = Condition> {
    let text = prop_oneof![Just(""), Just("tee"), Just("讨论"), Just("TEA")];
    let method = prop::option::of((0..Method::ALL.len()).prop_map(|at| Method::ALL[at]));
    let kind = prop::option::of(prop_oneof![Just(RecordType::Visit), Just(RecordType::Call)]);
    (method, kind, prop::option::of(any_time()), text).prop_map(|(method, record_type, time, text)| {
        Condition::Contact(Contact { method, record_type, time, text: text.into() })
    })
}

fn any_condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        Just(Condition::Kind(PartnerKind::Person)),
        Just(Condition::Type(PartnerType::Customer)),
        Just(Condition::Tag("vip".into())),
        Just(Condition::City("Berlin".into())),
        Just(Condition::Company("宏".into())),
        any_time().prop_map(Condition::LastContact),
        any_contact(),
        Just(Condition::Owner(None)),
        Just(Condition::OpenTask),
        Just(Condition::OverdueTask),
        Just(Condition::Tier(Tier::C)),
        prop::option::of(any_time()).prop_map(Condition::Ordered),
    ]
}

fn join() -> impl Strategy<Value = Join> {
    prop_oneof![Just(Join::All), Just(Join::Any)]
}

fn any_selection() -> impl Strategy<Value = Selection> {
    let term = (any::<bool>(), any_condition()).prop_map(|(not, is)| Term { not, is });
    let group = (join(), prop::collection::vec(term, 0..3)).prop_map(|(join, terms)| Group { join, terms });
    (join(), prop::collection::vec(group, 0..3)).prop_map(|(join, groups)| Selection { join, groups })
}

fn any_book() -> impl Strategy<Value = Book> {
    prop::collection::vec(any_change(), 0..40).prop_map(|changes| {
        let mut book = Book::new();
        for (id, record) in changes {
            book.apply(id, record.as_ref());
        }
        book
    })
}

/// What a person would find by reading everything.
fn oracle(book: &Book, who: RecordId, condition: &Condition) -> bool {
    let card = book.card(who, TODAY).unwrap();
    let within = |time: &Time, at_ms: i64| {
        let day = at_ms.div_euclid(DAY);
        match time {
            Time::Ago { least: 0, most } => most.is_none_or(|most| 5 - day <= i64::from(most)),
            Time::Ago { least, most } => {
                5 - day >= i64::from(*least) && most.is_none_or(|most| 5 - day <= i64::from(most))
            }
            Time::Between { from, to } => i64::from(from.0) <= day && day <= i64::from(to.0),
        }
    };
    let timeline = |text: &str| {
        book.timeline(who, &TimelineFilter { text: text.into(), ..TimelineFilter::default() }, ALL).entries
    };
    match condition {
        Condition::Text(_) => unreachable!("held against the search by a test of its own"),
        Condition::Kind(kind) => card.partner.card.kind == *kind,
        Condition::Type(kind) => card.partner.card.partner_type == *kind,
        Condition::Tag(tag) => card.partner.card.tags.contains(tag),
        Condition::City(city) => card.partner.card.addresses.iter().any(|it| it.city == *city),
        Condition::Company(part) => card.organisation.is_some_and(|row| row.name.contains(part.as_str())),
        Condition::Owner(owner) => card.partner.card.owner == *owner,
        Condition::LastContact(time) => card.summary.last_ms.is_some_and(|last| within(time, last)),
        Condition::Contact(wanted) => timeline(&wanted.text).into_iter().any(|entry| match entry.what {
            Happened::Interaction(it) => {
                wanted.method.is_none_or(|method| method == it.entry.method)
                    && wanted.record_type.as_ref().is_none_or(|kind| *kind == it.entry.record_type)
                    && wanted.time.as_ref().is_none_or(|time| within(time, it.entry.at.utc_ms))
            }
            Happened::Order { .. } => false,
        }),
        Condition::OpenTask => !card.tasks.is_empty(),
        Condition::OverdueTask => {
            card.tasks.iter().any(|task| task.entry.due.as_ref().is_some_and(|due| due.utc_ms < TODAY))
        }
        Condition::Tier(tier) => card.scores.is_some_and(|scores| book.tiers().of(scores) == *tier),
        Condition::Ordered(time) => timeline("").into_iter().any(|entry| match entry.what {
            Happened::Order { order, .. } => {
                order.entry.status != OrderStatus::Cancelled
                    && time.as_ref().is_none_or(|time| within(time, order.entry.at.utc_ms))
            }
            Happened::Interaction(_) => false,
        }),
    }
}

fn everybody(book: &Book) -> Vec<RecordId> {
    book.all_partners().map(|partner| partner.id).collect()
}

fn terms(terms: &[(bool, Condition)], join: Join) -> Selection {
    let terms = terms.iter().map(|(not, is)| Term { not: *not, is: is.clone() }).collect();
    Selection { join: Join::All, groups: vec![Group { join, terms }] }
}

proptest! {
    #[test]
    fn a_selection_finds_what_reading_finds_r49(book in any_book(), selection in any_selection()) {
        let mut expected = everybody(&book);
        expected.retain(|who| selection.judge(|condition| oracle(&book, *who, condition)));
        prop_assert_eq!(&book.selected_ids(&selection, TODAY), &expected);
        let filter = PartnerFilter { selection, today_ms: TODAY, ..PartnerFilter::default() };
        let list = book.partners(&filter, PartnerSort::Name, ALL, |_| true);
        prop_assert_eq!(list.rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "the list agrees");
    }

    #[test]
    fn two_selections_together_are_those_in_both(book in any_book(), a in any_selection(), b in any_selection()) {
        let (both, other) = (book.selected_ids(&a, TODAY), book.selected_ids(&b, TODAY));
        let expected: Vec<_> = both.into_iter().filter(|who| other.contains(who)).collect();
        prop_assert_eq!(book.selected_ids(&a.and(b), TODAY), expected);
    }

    #[test]
    fn and_or_not_keep_their_laws(book in any_book(), a in any_condition(), b in any_condition()) {
        let of = |selection: &Selection| book.selected_ids(selection, TODAY);
        let (all, none) = (everybody(&book), Vec::<RecordId>::new());
        let (yes, no) = (|it: &Condition| (false, it.clone()), |it: &Condition| (true, it.clone()));
        prop_assert_eq!(of(&Selection::default()), all.clone());
        prop_assert_eq!(of(&terms(&[yes(&a), no(&a)], Join::Any)), all.clone(), "one or its opposite");
        prop_assert_eq!(of(&terms(&[yes(&a), no(&a)], Join::All)), none, "never both");
        prop_assert_eq!(of(&terms(&[yes(&a), yes(&b)], Join::All)), of(&terms(&[yes(&b), yes(&a)], Join::All)));
        let neither = of(&terms(&[no(&a), no(&b)], Join::All));
        let either = of(&terms(&[yes(&a), yes(&b)], Join::Any));
        let mut rest = all;
        rest.retain(|who| !either.contains(who));
        prop_assert_eq!(neither, rest, "not (a or b) is not a and not b");
        let grouped = Selection {
            join: Join::All,
            groups: vec![
                Group { join: Join::Any, terms: vec![Term { not: false, is: a.clone() }] },
                Group { join: Join::Any, terms: vec![Term { not: false, is: b.clone() }] },
                Group::default(),
            ],
        };
        prop_assert_eq!(of(&grouped), of(&terms(&[yes(&a), yes(&b)], Join::All)), "groups join as conditions do");
    }
}

#[test]
fn a_text_finds_whom_the_search_finds() {
    let vip = PartnerDraft { tags: ["vip".to_owned()].into(), ..zhang_san() };
    let book = book(&[(id(1), &partner(&vip)), (id(2), &partner(&person("Zoe Smith")))]);
    for text in ["zs", "张", "1380", "zoe"] {
        let found: Vec<_> = book.find(text, 9, None).into_iter().map(|row| row.id).collect();
        let mut selected = book.selected_ids(&Selection::of(Condition::Text(text.into())), TODAY);
        selected.sort_by_key(|who| found.iter().position(|it| it == who));
        assert_eq!(selected, found, "{text}");
    }
}

#[test]
fn cities_are_compared_without_case_and_counted_once_a_customer() {
    let at = |city: &str| Address { city: city.into(), ..Address::default() };
    let two = PartnerDraft { addresses: vec![at("Berlin"), at("Berlin "), at("Lyon")], ..person("A") };
    let book = book(&[
        (id(1), &partner(&two)),
        (id(2), &partner(&PartnerDraft { addresses: vec![at("Berlin")], ..person("B") })),
    ]);
    assert_eq!(book.cities(), [("Berlin".to_owned(), 2), ("Lyon".to_owned(), 1)]);
    assert_eq!(book.selected_ids(&Selection::of(Condition::City("berlin".into())), TODAY).len(), 2);
}

#[test]
fn a_saved_view_is_kept_listed_and_taken_back() {
    use satchel_domain::{Kind, ViewDraft};
    let named = |name: &str| {
        let draft = ViewDraft { name: name.into(), ..ViewDraft::default() };
        satchel_domain::create(
            Kind::View,
            draft.create(),
            &mut satchel_domain::Clock::new(satchel_domain::DeviceId(1)),
            1,
        )
    };
    let (b, a) = (named("b"), named("A"));
    let mut book = book(&[(id(1), &b), (id(2), &a)]);
    let names = |book: &Book| book.views().into_iter().map(|view| view.entry.name).collect::<Vec<_>>();
    assert_eq!(names(&book), ["A", "b"]);
    book.apply(id(2), Some(&deleted(&a)));
    assert_eq!(
        (names(&book), book.is_deleted(id(2)), book.trash(ALL).total),
        (vec!["b".to_owned()], Some(true), 1)
    );
    assert!(matches!(&book.trash(ALL).rows[0].0, AnyRecord::View(view) if view.entry.name == "A"));
    book.apply(id(2), Some(&restored(&deleted(&a))));
    assert_eq!(names(&book).len(), 2);
    book.apply(id(1), None);
    assert!(
        !book.contains(id(1)) && !matches!(book.record(id(2)).map(|it| it.what), Some(AnyRecord::Task(_)))
    );
}

#[test]
fn conditions_of_one_text_ask_each_their_own_way() {
    let firm = partner(&PartnerDraft { kind: PartnerKind::Organisation, ..person("宏达贸易") });
    let people = [("张三", Some(id(1))), ("宏达", None)]
        .map(|(name, organisation)| partner(&PartnerDraft { organisation, ..person(name) }));
    let book = book(&[(id(1), &firm), (id(2), &people[0]), (id(3), &people[1])]);
    let both = |join| {
        let conditions = [Condition::Text("宏达".into()), Condition::Company("宏达".into())];
        let terms = conditions.into_iter().map(|is| Term { not: false, is }).collect();
        book.selected_ids(&Selection { join, groups: vec![Group { join, terms }] }, TODAY)
    };
    assert_eq!(both(Join::All), [id(2)]);
    assert_eq!(both(Join::Any).len(), 3);
}

//! Contacts with an organisation's people are contacts with the organisation (R23, R33, R36, R46, R56).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::*;
use satchel_book::{Book, Period, Statistics, TimelineFilter};
use satchel_domain::{
    Condition, ContactPoint, Method, Moment, PartnerDraft, PartnerKind, Record, RecordId, Relationship,
    Selection, Time, merge_writes,
};

const FIRM: u8 = 1;
const OTHER_FIRM: u8 = 2;
const ANNA: u8 = 3;

fn firm(name: &str) -> Record {
    partner(&PartnerDraft { kind: PartnerKind::Organisation, ..person(name) })
}

fn works_for(name: &str, firm: u8) -> Record {
    partner(&PartnerDraft { organisation: Some(id(firm)), ..person(name) })
}

fn visit(who: u8, day: i64) -> Record {
    interaction(&event(id(who), Method::Visit, day * DAY))
}

/// Two firms; Anna, who works for the first, was visited on day 5, and the first was written to on day 3.
fn visited() -> Book {
    let mail = interaction(&event(id(FIRM), Method::Mail, 3 * DAY));
    book(&[
        (id(FIRM), &firm("宏达")),
        (id(OTHER_FIRM), &firm("Kaiser")),
        (id(ANNA), &works_for("Anna", FIRM)),
        (id(10), &visit(ANNA, 5)),
        (id(11), &mail),
    ])
}

/// How many contacts, how many of them with its people only, and the day of the last.
fn contacts(book: &Book, who: u8) -> (u32, u32, Option<i64>) {
    let summary = book.summary(id(who));
    (summary.count, summary.with_people, summary.last_ms.map(|ms| ms / DAY))
}

fn entries(book: &Book, who: u8, filter: &TimelineFilter) -> Vec<(RecordId, Option<RecordId>)> {
    let entries = book.timeline(id(who), filter, ALL).entries.into_iter();
    entries.map(|entry| (entry.what.id(), entry.through)).collect()
}

#[test]
fn an_organisation_was_contacted_when_its_people_were_r23_r36() {
    let book = visited();
    assert_eq!(contacts(&book, FIRM), (2, 1, Some(5)));
    assert_eq!(contacts(&book, ANNA), (1, 0, Some(5)));
    assert_eq!(contacts(&book, OTHER_FIRM), (0, 0, None));
    let summary = book.summary(id(FIRM));
    assert_eq!(summary.by_method, [(Method::Visit, 1), (Method::Mail, 1)]);
    assert_eq!(book.partner_row(id(FIRM)).unwrap().last_contact_ms, Some(5 * DAY));
    let card = book.card(id(FIRM), 6 * DAY).unwrap();
    let last: Vec<_> = card.last_three.iter().map(|(it, name)| (it.id, name.as_str())).collect();
    assert_eq!(last, [(id(10), "Anna"), (id(11), "")], "and whom it was with is said");
    let aggregate = book.aggregates().find(|it| it.partner == id(FIRM)).unwrap();
    assert_eq!((aggregate.count, aggregate.last_method), (2, Some(Method::Visit)));
}

#[test]
fn an_organisation_owes_what_its_people_were_promised_and_they_have_what_is_its_own_r33() {
    let owed =
        |who: u8, title: &str, day: i64| task(Some(id(who)), title, Some(Moment::exact(day * DAY, "UTC")));
    let phones = vec![ContactPoint::new("work", "030 1234")];
    let card = PartnerDraft { kind: PartnerKind::Organisation, phones, ..person("宏达") };
    let mut book = book(&[
        (id(FIRM), &partner(&card)),
        (id(ANNA), &works_for("Anna", FIRM)),
        (id(10), &owed(ANNA, "quote", 5)),
        (id(11), &owed(FIRM, "visit", 6)),
        (id(12), &order_record(&order(id(FIRM), 4 * DAY, "Tea", 1, 900))),
    ]);
    let owes = |book: &Book, who: u8| -> Vec<String> {
        book.card(id(who), 9 * DAY).unwrap().tasks.into_iter().map(|task| task.entry.title).collect()
    };
    assert_eq!(
        (owes(&book, FIRM).join(" "), owes(&book, ANNA).join(" ")),
        ("quote visit".into(), "quote".into())
    );
    let next = |who: u8| book.partner_row(id(who)).unwrap().next_step;
    assert_eq!(
        (next(FIRM).as_deref(), next(ANNA).as_deref()),
        (Some("quote"), Some("quote")),
        "the list agrees"
    );
    let firm = book.card(id(ANNA), 9 * DAY).unwrap().firm.unwrap();
    let reached: Vec<_> = firm.card.phones.iter().map(|point| point.value.as_str()).collect();
    assert_eq!((reached, firm.orders, firm.last_order.map(|it| it.id)), (vec!["030 1234"], 1, Some(id(12))));
    assert!(book.card(id(FIRM), 9 * DAY).unwrap().firm.is_none());
    book.apply(id(ANNA), Some(&deleted(&works_for("Anna", FIRM))));
    assert_eq!(owes(&book, FIRM), ["visit"]);
}

#[test]
fn the_history_of_an_organisation_names_the_person_and_shows_its_own_alone_r41_r50() {
    let book = visited();
    let all = TimelineFilter::default();
    assert_eq!(entries(&book, FIRM, &all), [(id(10), Some(id(ANNA))), (id(11), None)]);
    assert_eq!(entries(&book, ANNA, &all), [(id(10), None)]);
    let found = book.timeline(id(FIRM), &all, ALL);
    assert_eq!(found.entries[0].with, [(id(ANNA), "Anna".to_owned(), Relationship::Primary)]);
    assert_eq!((found.summary.count, found.summary.with_people), (2, 1));

    let own = TimelineFilter { own: true, ..TimelineFilter::default() };
    assert_eq!(entries(&book, FIRM, &own), [(id(11), None)]);
    let found = book.timeline(id(FIRM), &own, ALL);
    assert_eq!((found.total, found.all, found.summary.with_people), (1, 2, 0));
    assert_eq!(entries(&book, ANNA, &own), [(id(10), None)]);
}

#[test]
fn what_both_took_part_in_counts_once_and_as_its_own() {
    let mut book = visited();
    let meeting = with(event(id(FIRM), Method::Visit, 7 * DAY), id(ANNA), Relationship::Attendee);
    book.apply(id(12), Some(&interaction(&meeting)));
    assert_eq!(contacts(&book, FIRM), (3, 1, Some(7)));
    assert_eq!(entries(&book, FIRM, &TimelineFilter::default())[0], (id(12), None));
}

#[test]
fn contacts_go_along_when_a_person_changes_her_firm() {
    let mut book = visited();
    book.apply(id(ANNA), Some(&works_for("Anna", OTHER_FIRM)));
    assert_eq!((contacts(&book, FIRM), contacts(&book, OTHER_FIRM)), ((1, 0, Some(3)), (1, 1, Some(5))));
    book.apply(id(ANNA), Some(&partner(&person("Anna"))));
    assert_eq!((contacts(&book, FIRM), contacts(&book, OTHER_FIRM)), ((1, 0, Some(3)), (0, 0, None)));
    let anna = works_for("Anna", FIRM);
    book.apply(id(ANNA), Some(&anna));
    assert_eq!(contacts(&book, FIRM), (2, 1, Some(5)));
    book.apply(id(ANNA), Some(&deleted(&anna)));
    assert_eq!(contacts(&book, FIRM), (1, 0, Some(3)), "who is in the trash works nowhere");
    book.apply(id(ANNA), Some(&restored(&deleted(&anna))));
    assert_eq!(contacts(&book, FIRM), (2, 1, Some(5)));
}

#[test]
fn contacts_follow_merged_firms_and_people_r3() {
    let mut book = visited();
    book.apply(id(FIRM), Some(&edited(&firm("宏达"), merge_writes(id(OTHER_FIRM)))));
    assert_eq!(contacts(&book, OTHER_FIRM), (2, 1, Some(5)));
    book.apply(id(FIRM), Some(&firm("宏达")));
    assert_eq!((contacts(&book, FIRM), contacts(&book, OTHER_FIRM)), ((2, 1, Some(5)), (0, 0, None)));
    book.apply(id(4), Some(&partner(&person("Anna again"))));
    book.apply(id(12), Some(&visit(4, 8)));
    assert_eq!(contacts(&book, FIRM).2, Some(5));
    book.apply(id(4), Some(&edited(&partner(&person("Anna again")), merge_writes(id(ANNA)))));
    assert_eq!(contacts(&book, FIRM), (3, 2, Some(8)), "who was one of its people all along");
}

fn most_contacted(found: &Statistics) -> Vec<(&str, u32)> {
    found.by_contacts.iter().map(|(row, count)| (row.name.as_str(), *count)).collect()
}

#[test]
fn ageing_methods_and_selections_count_its_people_r46_r56() {
    let book = visited();
    let edges = |from: i64| (from..=from + 10).map(|day| day * DAY).collect();
    let period = Period { now: edges(0), before: edges(-10), elapsed: 10, today_ms: 9 * DAY };
    let firms = Selection::of(Condition::Kind(PartnerKind::Organisation));
    let found = book.statistics(&firms, &period);
    assert_eq!((found.contacts.now, found.reached.now), (2, 1));
    assert_eq!((found.ageing[0], found.ageing.last()), (1, Some(&1)), "the other was never contacted");
    assert_eq!(most_contacted(&found), [("宏达", 2)]);
    let all = book.statistics(&Selection::default(), &period);
    assert_eq!((all.contacts.now, all.reached.now), (2, 2), "one visit is one contact, whoever it reached");
    assert_eq!(most_contacted(&all), [("宏达", 2)], "Anna is among the contacts of her firm");
    let people = book.statistics(&Selection::of(Condition::Kind(PartnerKind::Person)), &period);
    assert_eq!(most_contacted(&people), [("Anna", 1)], "and stands for herself where firms do not count");
    let lately = Selection::of(Condition::LastContact(Time::last(4)));
    assert_eq!(book.selected_ids(&lately, 9 * DAY), [id(ANNA), id(FIRM)]);
}

#[test]
fn a_firm_whose_people_were_visited_is_not_quiet() {
    let mut book = visited();
    let quiet = |book: &Book, day: i64| {
        book.today(day * DAY, (day + 1) * DAY).quiet.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(quiet(&book, 34), Vec::<RecordId>::new());
    book.apply(id(10), None);
    assert_eq!(quiet(&book, 34), [id(FIRM)]);
}

#[test]
fn the_same_note_with_a_person_is_not_yet_one_with_her_firm() {
    let book = visited();
    assert!(book.has_interaction(&event(id(ANNA), Method::Visit, 5 * DAY)));
    assert!(!book.has_interaction(&event(id(FIRM), Method::Visit, 5 * DAY)));
}

/// R46: a quiet organisation is named by its people, whom one calls; without any of them, by itself.
#[test]
fn a_quiet_organisation_is_not_named_beside_its_people() {
    let mut book = visited();
    let quiet = |book: &Book| {
        let rows = book.today(100 * DAY, 101 * DAY).quiet.into_iter();
        rows.map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(quiet(&book), ["Anna"]);
    book.apply(id(ANNA), None);
    assert_eq!(quiet(&book), ["宏达"]);
}

#[test]
fn one_visit_reaches_one_customer() {
    let book = visited();
    let edges = |from: i64| (from..=from + 10).map(|day| day * DAY).collect();
    let days =
        |from: i64| Period { now: edges(from), before: edges(from - 10), elapsed: 10, today_ms: from * DAY };
    let reached = |selection: &Selection, from| {
        let found: Statistics = book.statistics(selection, &days(from));
        (found.contacts.now, found.reached.now)
    };
    assert_eq!(reached(&Selection::default(), 4), (1, 1), "Anna was visited, and nobody else");
    assert_eq!(reached(&Selection::default(), 0), (2, 2), "the firm was written to by its name");
    let firms = Selection::of(Condition::Kind(PartnerKind::Organisation));
    assert_eq!(reached(&firms, 4), (1, 1), "where Anna does not count, she stands for her firm");
}

#[test]
fn nobody_is_her_own_organisation() {
    let anna = works_for("Anna", ANNA);
    let book = book(&[(id(ANNA), &anna), (id(10), &visit(ANNA, 5))]);
    let card = book.card(id(ANNA), 9 * DAY).unwrap();
    assert_eq!((card.organisation, card.people.len(), card.summary.with_people), (None, 0, 0));
    assert_eq!(book.partner_row(id(ANNA)).unwrap().aside, "");
    let edges = |from: i64| (from..=from + 10).map(|day| day * DAY).collect();
    let period = Period { now: edges(0), before: Vec::new(), elapsed: 10, today_ms: 0 };
    let found = book.statistics(&Selection::default(), &period);
    assert_eq!(found.by_contacts.len(), 1, "she stands in her own line");
}

#[test]
fn whom_her_organisation_was_merged_into_works_for_nobody_until_that_is_taken_back() {
    let merged = edited(&firm("宏达"), merge_writes(id(ANNA)));
    let anna = works_for("Anna", FIRM);
    let mut book = book(&[(id(FIRM), &merged), (id(ANNA), &anna), (id(10), &visit(ANNA, 5))]);
    let card = book.card(id(ANNA), 9 * DAY).unwrap();
    assert_eq!((card.organisation, card.people.len(), contacts(&book, ANNA)), (None, 0, (1, 0, Some(5))));
    book.apply(id(FIRM), Some(&firm("宏达")));
    let people = book.card(id(FIRM), 9 * DAY).unwrap().people;
    assert_eq!((people.len(), contacts(&book, FIRM)), (1, (1, 1, Some(5))));
}

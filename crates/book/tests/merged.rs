//! Partners that were merged into others (R3): whose history is whose, whatever arrives when.
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::*;
use satchel_book::{Book, PartnerFilter, PartnerSort, TimelineFilter};
use satchel_domain::{
    Method, Moment, Partner, PartnerDraft, PartnerKind, Record, RecordId, Relationship, merge_writes,
    unmerge_writes,
};

fn merged(name: &str, into: RecordId) -> Record {
    edited(&partner(&person(name)), merge_writes(into))
}

/// One call, one order and one task.
fn hung_on(partner: RecordId, number: u8) -> [(RecordId, Record); 3] {
    let due = Some(Moment::exact(DAY, "UTC"));
    [
        (id(number), interaction(&event(partner, Method::Phone, DAY))),
        (id(number + 1), order_record(&order(partner, DAY, "Tea", 1, 5))),
        (id(number + 2), task(Some(partner), "T", due)),
    ]
}

fn put(book: &mut Book, records: &[(RecordId, Record)]) {
    records.iter().for_each(|(id, record)| book.apply(*id, Some(record)));
}

/// Interactions, history, orders, open tasks.
fn hanging(book: &Book, partner: RecordId) -> (u32, usize, usize, usize) {
    let history = book.timeline(partner, &TimelineFilter::default(), ALL).total;
    let card = book.card(partner, DAY).unwrap();
    (book.summary(partner).count, history, card.orders, card.tasks.len())
}

fn listed(book: &Book) -> Vec<String> {
    let list = book.partners(&PartnerFilter::default(), PartnerSort::Name, ALL, |_| true);
    list.rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn what_hung_on_the_one_hangs_on_the_other_and_comes_back() {
    let (anna, double) = (partner(&person("Anna")), partner(&person("Anna again")));
    let mut book = book(&[(id(1), &anna), (id(2), &double)]);
    put(&mut book, &hung_on(id(1), 10));
    put(&mut book, &hung_on(id(2), 20));
    assert_eq!((listed(&book).len(), hanging(&book, id(2))), (2, (1, 2, 1, 1)));

    book.apply(id(2), Some(&edited(&double, merge_writes(id(1)))));
    assert_eq!((listed(&book), book.partners_len()), (vec!["Anna".to_owned()], 1));
    assert_eq!(hanging(&book, id(1)), (2, 4, 2, 2));
    assert_eq!((book.resolve(id(2)), hanging(&book, id(2))), (id(1), (2, 4, 2, 2)), "old ids lead there");
    assert_eq!(book.card(id(2), DAY).unwrap().partner.id, id(1));
    let named = |text: &str| book.find(text, 9, None).into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(named("again"), ["Anna"], "by the old name");
    assert_eq!(named(&id(2).short_code()), ["Anna"], "and by the old code");
    assert_eq!(book.today(DAY, 2 * DAY).logged[1].1.as_ref().map(|row| row.id), Some(id(1)));
    assert!(book.tasks(ALL).rows.iter().all(|(_, row)| row.as_ref().map(|row| row.id) == Some(id(1))));
    assert!(book.has_interaction(&event(id(2), Method::Phone, DAY)));

    book.apply(id(2), Some(&edited(&edited(&double, merge_writes(id(1))), unmerge_writes())));
    assert_eq!((listed(&book).len(), book.resolve(id(2))), (2, id(2)));
    assert_eq!((hanging(&book, id(1)), hanging(&book, id(2))), ((1, 2, 1, 1), (1, 2, 1, 1)));
}

#[test]
fn the_record_of_the_merged_partner_stays_as_it_is() {
    let record = merged("Anna again", id(1));
    let book = book(&[(id(1), &partner(&person("Anna"))), (id(2), &record)]);
    let held = book.partner(id(2)).unwrap();
    assert_eq!((held.merged_into, held.card.name.as_str()), (Some(id(1)), "Anna again"));
    assert_eq!(Partner::read(id(2), &edited(&record, unmerge_writes())).unwrap().merged_into, None);
}

#[test]
fn a_merge_counts_as_soon_as_the_other_partner_is_here_in_whatever_order() {
    let records = [
        (id(1), partner(&person("Anna"))),
        (id(2), merged("B", id(1))),
        (id(3), merged("C", id(2))),
        (id(9), interaction(&event(id(3), Method::Phone, DAY))),
    ];
    for first in 0..records.len() {
        for backwards in [false, true] {
            let mut order: Vec<usize> = (0..4).map(|at| (first + at) % 4).collect();
            if backwards {
                order.reverse();
            }
            let mut book = Book::new();
            order.iter().for_each(|at| book.apply(records[*at].0, Some(&records[*at].1)));
            assert_eq!((listed(&book), book.resolve(id(3))), (vec!["Anna".to_owned()], id(1)), "{order:?}");
            assert_eq!(book.summary(id(1)).count, 1, "{order:?}");

            book.apply(id(1), None);
            assert_eq!(
                (listed(&book), book.resolve(id(3))),
                (vec!["B".to_owned()], id(2)),
                "{order:?}: gone"
            );
            assert_eq!(book.summary(id(2)).count, 1, "what nobody stands for stands for itself");
        }
    }
}

#[test]
fn of_partners_merged_into_each_other_the_least_id_stands_for_all() {
    let ring = [(id(3), merged("C", id(2))), (id(2), merged("B", id(3))), (id(4), merged("D", id(3)))];
    let mut book = Book::new();
    put(&mut book, &ring);
    put(&mut book, &hung_on(id(4), 20));
    put(&mut book, &hung_on(id(3), 30));
    assert_eq!(listed(&book), ["B"]);
    assert_eq!([2, 3, 4].map(|number| book.resolve(id(number))), [id(2); 3]);
    assert_eq!(hanging(&book, id(2)), (2, 4, 2, 2));
    let own = merged("E", id(5));
    book.apply(id(5), Some(&own));
    assert_eq!((listed(&book).len(), book.resolve(id(5))), (2, id(5)), "merged into itself is not merged");
}

#[test]
fn who_took_part_twice_by_a_merge_is_shown_once() {
    let meeting = with(event(id(1), Method::Visit, DAY), id(2), Relationship::Attendee);
    let meeting = with(meeting, id(3), Relationship::Attendee);
    let records = [
        (id(1), partner(&person("Anna"))),
        (id(2), partner(&person("Ben"))),
        (id(3), merged("Benjamin", id(2))),
        (id(9), interaction(&meeting)),
    ];
    let mut book = Book::new();
    put(&mut book, &records);
    let entries = book.timeline(id(1), &TimelineFilter::default(), ALL).entries;
    assert_eq!(entries[0].with, [(id(2), "Ben".to_owned(), Relationship::Attendee)]);
    assert_eq!(book.summary(id(2)).count, 1, "the meeting is one of his, not two");
    let attended = TimelineFilter { relationship: Some(Relationship::Attendee), ..TimelineFilter::default() };
    assert_eq!(book.timeline(id(3), &attended, ALL).total, 1);
}

#[test]
fn people_of_a_merged_company_work_for_the_other_and_what_is_in_the_trash_waits_there() {
    let company = |name: &str| PartnerDraft { kind: PartnerKind::Organisation, ..person(name) };
    let worker = PartnerDraft { organisation: Some(id(2)), ..person("Worker") };
    let (acme, old) = (partner(&company("Acme")), partner(&company("Old Acme")));
    let mut book =
        book(&[(id(1), &acme), (id(2), &edited(&old, merge_writes(id(1)))), (id(3), &partner(&worker))]);
    assert_eq!(book.partner_row(id(3)).unwrap().aside, "Acme");
    assert_eq!(book.card(id(1), 0).unwrap().people.len(), 1);
    assert_eq!(book.find("acme", 9, None).len(), 2);

    put(&mut book, &hung_on(id(2), 20));
    book.apply(id(1), Some(&deleted(&acme)));
    assert_eq!((listed(&book), book.tasks(ALL).total), (vec!["Worker".to_owned()], 0));
    assert_eq!(book.today(DAY, 2 * DAY).logged.len(), 0);
    book.apply(id(1), Some(&acme));
    assert_eq!((listed(&book).len(), book.tasks(ALL).total), (2, 1));
}

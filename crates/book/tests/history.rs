//! Histories and their aggregates (R23, R36, R41, R42, R46–R50, R142, R143, D1–D5, D7, D13–D15).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::*;
use satchel_book::{Happened, TimelineFilter, Window, Zone};
use satchel_domain::{
    ContactPoint, Day, Method, Moment, OrderDraft, OrderStatus, PartnerDraft, RecordType, Relationship,
};

const ANY: TimelineFilter = TimelineFilter {
    types: Vec::new(),
    methods: Vec::new(),
    orders: false,
    from_ms: None,
    to_ms: None,
    relationship: None,
    text: String::new(),
    own: false,
};

#[test]
fn the_first_record_makes_the_history_row_r142_d1() {
    // Customer 1, 2021-01-01 10:00, 电话, "与客户讨论订单".
    let at_ms = 1_609_466_400_000;
    let mut draft = event(id(1), Method::Phone, at_ms);
    draft.content = "与客户讨论订单".into();
    let (customer, record) = (partner(&person("客户1")), interaction(&draft));
    let book = book(&[(id(1), &customer), (id(9), &record)]);
    let summary = book.summary(id(1));
    assert_eq!((summary.count, summary.last_ms, summary.last_method), (1, Some(at_ms), Some(Method::Phone)));
    assert_eq!(summary.first_ms, Some(at_ms));
    assert_eq!(book.timeline(id(1), &ANY, ALL).total, 1);
    assert_eq!(book.search_interactions("讨论订单", 5).len(), 1);
}

#[test]
fn methods_are_counted_apart_with_first_and_last_d2_r23() {
    let mut book = book(&[(id(1), &partner(&zhang_san()))]);
    for (number, method) in [Method::Phone, Method::Visit, Method::Phone].into_iter().enumerate() {
        let number = u8::try_from(number).unwrap();
        book.apply(id(10 + number), Some(&interaction(&event(id(1), method, DAY * i64::from(number)))));
    }
    let summary = book.summary(id(1));
    assert_eq!(summary.by_method, [(Method::Phone, 2), (Method::Visit, 1)]);
    assert_eq!(summary.by_type, [(RecordType::Call, 2), (RecordType::Visit, 1)]);
    assert_eq!((summary.first_ms, summary.last_ms), (Some(0), Some(2 * DAY)));
}

#[test]
fn the_aggregate_follows_deletes_edits_and_late_arrivals_d3() {
    let first = interaction(&event(id(1), Method::Phone, 5 * DAY));
    let last = interaction(&event(id(1), Method::Visit, 9 * DAY));
    let mut book = book(&[(id(1), &partner(&zhang_san())), (id(11), &first), (id(12), &last)]);
    assert_eq!(book.summary(id(1)).last_method, Some(Method::Visit));

    book.apply(id(12), Some(&deleted(&last)));
    let summary = book.summary(id(1));
    assert_eq!(
        (summary.count, summary.last_ms, summary.last_method),
        (1, Some(5 * DAY), Some(Method::Phone))
    );

    book.apply(id(12), Some(&restored(&deleted(&last))));
    assert_eq!(book.summary(id(1)).last_ms, Some(9 * DAY));

    book.apply(id(13), Some(&interaction(&event(id(1), Method::Mail, DAY))));
    let summary = book.summary(id(1));
    assert_eq!((summary.first_ms, summary.last_ms), (Some(DAY), Some(9 * DAY)), "inserted with an old date");

    let moved = interaction(&event(id(1), Method::Letter, 20 * DAY));
    book.apply(id(13), Some(&moved));
    let summary = book.summary(id(1));
    assert_eq!((summary.first_ms, summary.last_method), (Some(5 * DAY), Some(Method::Letter)), "edited");
}

#[test]
fn deleting_twice_or_what_is_not_there_is_no_error_d5() {
    let record = interaction(&event(id(1), Method::Phone, DAY));
    let mut book = book(&[(id(11), &record)]);
    book.apply(id(11), Some(&deleted(&record)));
    book.apply(id(11), Some(&deleted(&record)));
    book.apply(id(99), None);
    assert_eq!(book.is_deleted(id(11)), Some(true));
    assert_eq!(book.is_deleted(id(99)), None);
    assert_eq!((book.summary(id(1)).count, book.trash(ALL).total), (0, 1));
    book.apply(id(11), None);
    assert_eq!((book.trash(ALL).total, book.contains(id(11))), (0, false));
}

#[test]
fn same_or_different_mails_identify_nobody_r143_d4() {
    let with_mail = |name: &str, mail: &str| {
        partner(&PartnerDraft { mails: vec![ContactPoint::new("", mail)], ..person(name) })
    };
    for (john, jane) in [("john@example.com", "jane@example.com"), ("Both@example.com", "both@EXAMPLE.com ")]
    {
        let (a, b) = (with_mail("John", john), with_mail("Jane", jane));
        let mut book = book(&[(id(1), &a), (id(2), &b)]);
        assert!(book.by_mail(john).contains(&id(1)) && book.by_mail(jane).contains(&id(2)));
        let same = john.eq_ignore_ascii_case(jane.trim());
        assert_eq!(
            book.by_mail(john).len(),
            if same { 2 } else { 1 },
            "every match, never the first only (R41)"
        );
        book.apply(id(2), Some(&deleted(&b)));
        assert_eq!(book.by_mail(john), [id(1)], "deleting Jane leaves John");
        assert_eq!(book.find("john", 9, None).len(), 1);
    }
}

#[test]
fn every_participant_sees_the_record_once_r42_d7() {
    let meeting = with(event(id(1), Method::Visit, DAY), id(2), Relationship::Attendee);
    let meeting = with(meeting, id(2), Relationship::Payer);
    let (a, b) = (partner(&person("A")), partner(&person("B")));
    let record = interaction(&meeting);
    let mut book = book(&[(id(1), &a), (id(2), &b), (id(9), &record)]);
    let theirs = book.timeline(id(2), &ANY, ALL);
    assert_eq!((theirs.total, theirs.summary.count, book.summary(id(2)).count), (1, 1, 1));
    let entry = &theirs.entries[0];
    assert_eq!(entry.part, Relationship::Attendee);
    assert_eq!(
        entry.with,
        [(id(1), "A".to_owned(), Relationship::Primary), (id(2), "B".to_owned(), Relationship::Payer)]
    );
    let mine = book.timeline(id(1), &ANY, ALL);
    assert_eq!((mine.entries[0].part.clone(), mine.entries[0].with.len()), (Relationship::Primary, 2));

    let payer = meeting.participants.iter().find(|part| part.relationship == Relationship::Payer).unwrap();
    let attendee =
        meeting.participants.iter().find(|part| part.relationship == Relationship::Attendee).unwrap();
    book.apply(id(9), Some(&edited(&record, vec![payer.write(false), attendee.write(false)])));
    assert_eq!((book.timeline(id(2), &ANY, ALL).total, book.timeline(id(1), &ANY, ALL).total), (0, 1));
}

#[test]
fn a_partner_may_arrive_after_its_history() {
    let record = interaction(&event(id(1), Method::Visit, DAY));
    let mut book = book(&[(id(9), &record)]);
    book.apply(id(1), Some(&partner(&person("A"))));
    assert_eq!(book.card(id(1), 2 * DAY).unwrap().summary.count, 1);
    assert_eq!(book.partner_row(id(1)).unwrap().last_contact_ms, Some(DAY));
}

#[test]
fn records_are_filtered_by_type_method_time_part_and_text_r46_r50() {
    let mut visit = with(event(id(1), Method::Visit, DAY), id(2), Relationship::Referrer);
    visit.content = "Élodie asked for a quote".into();
    let call = event(id(1), Method::Phone, 5 * DAY);
    let bought = order_record(&order(id(1), 3 * DAY, "Tea", 2, 10));
    let book = book(&[
        (id(1), &partner(&person("A"))),
        (id(9), &interaction(&visit)),
        (id(10), &interaction(&call)),
        (id(11), &bought),
    ]);
    let total = |filter: TimelineFilter| book.timeline(id(1), &filter, ALL).total;
    assert_eq!(total(ANY), 3);
    assert_eq!(total(TimelineFilter { types: vec![RecordType::Call], ..ANY }), 1);
    assert_eq!(total(TimelineFilter { orders: true, ..ANY }), 1);
    assert_eq!(total(TimelineFilter { orders: true, types: vec![RecordType::Call], ..ANY }), 2);
    assert_eq!(total(TimelineFilter { methods: vec![Method::Visit, Method::Phone], ..ANY }), 2);
    assert_eq!(total(TimelineFilter { from_ms: Some(3 * DAY), to_ms: Some(5 * DAY), ..ANY }), 1);
    assert_eq!(total(TimelineFilter { from_ms: Some(3 * DAY), ..ANY }), 2);
    assert_eq!(total(TimelineFilter { text: "ELODIE".into(), ..ANY }), 1);
    assert_eq!(total(TimelineFilter { text: "tea".into(), ..ANY }), 1);
    let referrer = TimelineFilter { relationship: Some(Relationship::Referrer), ..ANY };
    assert_eq!((total(referrer.clone()), book.timeline(id(2), &referrer, ALL).total), (0, 1));
    let filtered = book.timeline(id(1), &TimelineFilter { methods: vec![Method::Visit], ..ANY }, ALL);
    assert_eq!((filtered.summary.count, filtered.summary.last_ms, filtered.all), (1, Some(DAY), 3));
}

#[test]
fn orders_stand_beside_interactions_newest_first_in_windows() {
    let mut book = book(&[(id(1), &partner(&person("A")))]);
    for number in 0..10u8 {
        let at_ms = DAY * i64::from(number);
        book.apply(id(100 + number), Some(&interaction(&event(id(1), Method::Chat, at_ms))));
        book.apply(id(200 + number), Some(&order_record(&order(id(1), at_ms + 1, "Tea", 1, 1))));
    }
    let page = book.timeline(id(1), &ANY, Window { offset: 1, limit: 3 });
    let ids: Vec<_> = page.entries.iter().map(|entry| entry.what.id()).collect();
    assert_eq!((page.total, ids), (20, vec![id(109), id(208), id(108)]));
    assert!(matches!(page.entries[1].what, Happened::Order { total, .. } if total.minor == 100));
    assert_eq!(book.timeline(id(1), &ANY, Window { offset: 99, limit: 3 }).entries, []);
}

#[test]
fn what_was_bought_is_summed_per_currency_without_what_was_called_off_r11() {
    let first = order(id(1), DAY, "Tea", 3, 100);
    let second =
        OrderDraft { currency: satchel_domain::Currency::USD, ..order(id(1), 2 * DAY, "Tea", 1, 900) };
    let off = OrderDraft { status: OrderStatus::Cancelled, ..order(id(1), 3 * DAY, "Pot", 9, 100) };
    let (a, b, c) = (order_record(&first), order_record(&second), order_record(&off));
    let mut book = book(&[(id(1), &partner(&person("A"))), (id(9), &a), (id(10), &b), (id(11), &c)]);
    let card = book.card(id(1), 4 * DAY).unwrap();
    let sums: Vec<_> = card.bought.iter().map(|money| (money.currency.code(), money.minor)).collect();
    assert_eq!(sums, [("USD", 90_000), ("CNY", 30_000)]);
    assert_eq!((card.orders, card.products), (3, vec![("Tea".to_owned(), 4_000)]));
    assert_eq!(card.last_order.map(|order| order.id), Some(id(11)));
    book.apply(id(10), Some(&deleted(&b)));
    assert_eq!(book.card(id(1), 4 * DAY).unwrap().bought.len(), 1);
    let everything: i64 = i64::MAX / 10_000;
    book.apply(id(12), Some(&order_record(&order(id(1), DAY, "Sun", everything / 1_000, 10_000))));
    assert!(book.card(id(1), DAY).is_some(), "sums that do not fit do not panic");
}

#[test]
fn an_order_for_nothing_is_no_purchase_whatever_came_and_went() {
    let (free, paid) =
        (order_record(&order(id(1), DAY, "Tea", 1, 0)), order_record(&order(id(1), DAY, "Tea", 1, 5)));
    let mut book = book(&[(id(1), &partner(&person("A"))), (id(9), &free)]);
    assert_eq!(book.partner_row(id(1)).unwrap().bought, []);
    book.apply(id(10), Some(&paid));
    book.apply(id(10), None);
    assert_eq!(book.partner_row(id(1)).unwrap().bought, []);
}

#[test]
fn a_method_is_never_absent_d14() {
    let record = satchel_domain::create(
        satchel_domain::Kind::Interaction,
        vec![satchel_domain::Write::Set { field: "partner".into(), value: id(1).into() }],
        &mut satchel_domain::Clock::new(satchel_domain::DeviceId(1)),
        7,
    );
    let book = book(&[(id(9), &record)]);
    assert_eq!(book.summary(id(1)).last_method, Some(Method::Other));
}

#[test]
fn the_card_shows_the_last_three_the_weeks_and_the_usual_gap() {
    let mut book = book(&[(id(1), &partner(&person("A")))]);
    for (number, day) in [0i64, 10, 20, 34, 44].into_iter().enumerate() {
        let number = u8::try_from(number).unwrap();
        book.apply(id(100 + number), Some(&interaction(&event(id(1), Method::Chat, day * DAY))));
    }
    let card = book.card(id(1), 45 * DAY).unwrap();
    let last: Vec<_> = card.last_three.iter().map(|(interaction, _)| interaction.id).collect();
    assert_eq!(last, [id(104), id(103), id(102)]);
    assert_eq!(card.usual_gap_days, Some(10));
    assert_eq!((card.weeks.len(), &card.weeks[19..]), (26, &[1, 0, 1, 1, 0, 1, 1][..]));
    assert_eq!(card.weeks.iter().sum::<u32>(), 5);
}

#[test]
fn a_day_without_a_time_is_logged_on_that_day_d13() {
    let day = Day::from_ymd(2021, 3, 4).unwrap();
    let mut draft = event(id(1), Method::Visit, 0);
    draft.at = Moment::all_day(day, "Asia/Shanghai");
    let mut book = book(&[(id(1), &partner(&person("A"))), (id(9), &interaction(&draft))]);
    for hours in [-8, 0, 8] {
        book.set_zone(Zone::new(move |local_ms| local_ms - hours * 3_600_000));
        let midnight = day.midnight_ms() - hours * 3_600_000;
        assert_eq!(book.today(midnight, midnight + DAY).logged.len(), 1, "{hours} hours ahead");
        assert_eq!(book.today(midnight + DAY, midnight + 2 * DAY).logged.len(), 0);
    }
}

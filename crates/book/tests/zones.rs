//! A day without a time of day is that day wherever the device is: in lists, counts, orders and searches (D13).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::*;
use satchel_book::{Book, Happened, PartnerFilter, PartnerSort, Period, Statistics, TimelineFilter, Zone};
use satchel_domain::{
    Condition, Day, InteractionDraft, Method, Moment, OrderDraft, RecordId, Selection, Time,
};

const HOUR: i64 = 3_600_000;
/// 23 November 2026.
const TODAY: Day = Day(20_780);
const CUSTOMER: u8 = 1;

/// Clocks a fixed time ahead of UTC, as minutes.
const FIXED: [i64; 5] = [-600, -210, 0, 480, 780];

fn fixed(minutes: i64) -> Zone {
    Zone::new(move |local_ms| local_ms - minutes * 60_000)
}

/// Los Angeles in 2026: eight hours behind, seven from 8 March to 1 November, at two in the morning.
fn los_angeles() -> Zone {
    Zone::new(|local_ms| {
        let summer = day(2026, 3, 8).midnight_ms() + 2 * HOUR..day(2026, 11, 1).midnight_ms() + 2 * HOUR;
        local_ms + if summer.contains(&local_ms) { 7 * HOUR } else { 8 * HOUR }
    })
}

fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd(year, month, day).unwrap()
}

fn ago(days: i32) -> Day {
    Day(TODAY.0 - days)
}

fn everywhere() -> impl Iterator<Item = (String, Zone)> {
    let fixed = FIXED.into_iter().map(|minutes| (format!("{minutes} minutes ahead"), fixed(minutes)));
    fixed.chain([("Los Angeles".to_owned(), los_angeles())])
}

/// A book in which one customer was met in the evening before today, and today without a time.
fn met(zone: Zone) -> Book {
    let mut book = book(&[(id(CUSTOMER), &partner(&person("张三")))]);
    book.set_zone(zone);
    let evening = book.zone().begins_ms(TODAY) - 4 * HOUR;
    book.apply(id(10), Some(&interaction(&event(id(CUSTOMER), Method::Phone, evening))));
    book.apply(id(11), Some(&interaction(&on(TODAY))));
    book
}

fn on(day: Day) -> InteractionDraft {
    InteractionDraft { at: Moment::all_day(day, "Europe/Berlin"), ..event(id(CUSTOMER), Method::Visit, 0) }
}

fn period(book: &Book, days: std::ops::RangeInclusive<i32>) -> Period {
    let edges = |from: i32, to: i32| (from..=to).map(|day| book.zone().begins_ms(Day(day))).collect();
    let (from, to) = (*days.start(), days.end() + 1);
    Period {
        now: edges(from, to),
        before: edges(2 * from - to, from),
        elapsed: usize::try_from(to - from).unwrap(),
        today_ms: book.zone().begins_ms(TODAY),
    }
}

fn counted(book: &Book, days: std::ops::RangeInclusive<i32>) -> Statistics {
    book.statistics(&Selection::default(), &period(book, days))
}

fn meant(book: &Book, condition: Condition) -> Vec<RecordId> {
    book.selected_ids(&Selection::of(condition), book.zone().begins_ms(TODAY))
}

#[test]
fn the_last_contact_is_on_the_day_that_was_meant_d13() {
    for (place, zone) in everywhere() {
        let book = met(zone);
        let midnight = book.zone().begins_ms(TODAY);
        let list = book.partners(&PartnerFilter::default(), PartnerSort::Recent, ALL, |_| true);
        assert_eq!(list.rows[0].last_contact_ms, Some(midnight), "{place}");
        let card = book.card(id(CUSTOMER), midnight + 9 * HOUR).unwrap();
        assert_eq!(card.summary.last_ms, Some(midnight), "{place}");
        assert_eq!(card.summary.last_method, Some(Method::Visit), "{place}: the day after the evening");
        assert_eq!(card.last_three[0].0.id, id(11), "{place}");
        assert_eq!(card.weeks.last(), Some(&2), "{place}");
        assert_eq!(book.aggregates().next().unwrap().last_ms, Some(midnight), "{place}");
        let timeline = book.timeline(id(CUSTOMER), &TimelineFilter::default(), ALL);
        let order: Vec<_> = timeline.entries.iter().map(|entry| entry.what.id()).collect();
        assert_eq!(order, [id(11), id(10)], "{place}");
    }
}

#[test]
fn a_moment_is_told_as_it_was_read_d13() {
    for (place, zone) in everywhere() {
        let book = met(zone);
        assert_eq!(book.interaction(id(11)).unwrap().entry.at, on(TODAY).at, "{place}");
        assert!(book.has_interaction(&on(TODAY)), "{place}");
    }
}

#[test]
fn the_day_and_its_filters_hold_what_was_meant_for_it_d13() {
    for (place, zone) in everywhere() {
        let book = met(zone);
        let begins = |day: i32| book.zone().begins_ms(Day(TODAY.0 + day));
        let logged = |day| book.today(begins(day), begins(day + 1)).logged.len();
        assert_eq!([logged(-1), logged(0), logged(1)], [1, 1, 0], "{place}");
        let filter =
            TimelineFilter { from_ms: Some(begins(0)), to_ms: Some(begins(1)), ..TimelineFilter::default() };
        let timeline = book.timeline(id(CUSTOMER), &filter, ALL);
        assert_eq!(timeline.entries.iter().map(|it| it.what.id()).collect::<Vec<_>>(), [id(11)], "{place}");
        let open_ended = TimelineFilter { from_ms: None, to_ms: Some(begins(0)), ..filter };
        assert_eq!(book.timeline(id(CUSTOMER), &open_ended, ALL).total, 1, "{place}");
        let today = Time::Ago { least: 0, most: Some(0) };
        assert_eq!(meant(&book, Condition::LastContact(today)), [id(CUSTOMER)], "{place}");
        let tomorrow = Time::Between { from: Day(TODAY.0 + 1), to: Day(TODAY.0 + 1) };
        assert_eq!(meant(&book, Condition::LastContact(tomorrow)), [], "{place}");
    }
}

#[test]
fn statistics_count_the_day_that_was_meant_d13() {
    for (place, zone) in everywhere() {
        let mut book = met(zone);
        let found = counted(&book, TODAY.0 - 1..=TODAY.0 + 1);
        assert_eq!(found.days, [1, 1, 0], "{place}");
        assert_eq!(found.ageing[0], 1, "{place}");
        book.apply(id(10), None);
        for (days, class) in [(7, 0), (8, 1), (30, 1), (31, 2), (180, 4), (181, 5)] {
            book.apply(id(11), Some(&interaction(&on(ago(days)))));
            let ageing = counted(&book, TODAY.0..=TODAY.0).ageing;
            assert_eq!(ageing.iter().position(|count| *count == 1), Some(class), "{place}: {days} days ago");
        }
    }
}

#[test]
fn the_days_between_contacts_are_days_here_d13() {
    for (place, zone) in everywhere() {
        let mut book = met(zone);
        book.apply(id(10), Some(&interaction(&on(ago(10)))));
        let morning = book.zone().begins_ms(ago(20)) + HOUR;
        book.apply(id(12), Some(&interaction(&event(id(CUSTOMER), Method::Chat, morning))));
        book.apply(id(13), Some(&interaction(&on(ago(20)))));
        assert_eq!(book.card(id(CUSTOMER), 0).unwrap().usual_gap_days, Some(10), "{place}");
        let begins = |day: i32| book.zone().begins_ms(Day(TODAY.0 + day));
        assert_eq!(
            book.today(begins(15), begins(16)).suggestion,
            None,
            "{place}: not more than half as long"
        );
        let suggestion = book.today(begins(16), begins(17)).suggestion.unwrap();
        assert_eq!((suggestion.days, suggestion.usual_days), (16, 10), "{place}");
    }
}

#[test]
fn promises_stand_in_the_order_of_their_days_d13() {
    for (place, zone) in everywhere() {
        let mut book = met(zone);
        let midnight = book.zone().begins_ms(TODAY);
        let due = [
            (20, "evening before", Moment::exact(midnight - 4 * HOUR, "UTC")),
            (21, "today", Moment::all_day(TODAY, "UTC")),
            (22, "this morning", Moment::exact(midnight + 9 * HOUR, "UTC")),
        ];
        for (number, title, due) in due.into_iter().rev() {
            book.apply(id(number), Some(&task(Some(id(CUSTOMER)), title, Some(due))));
        }
        let titles = |rows: &[satchel_book::TaskRow]| -> Vec<String> {
            rows.iter().map(|(task, _)| task.entry.title.clone()).collect()
        };
        let all = ["evening before", "today", "this morning"];
        assert_eq!(titles(&book.tasks(ALL).rows), all, "{place}");
        let week = book.week(midnight, book.zone().begins_ms(Day(TODAY.0 + 1)));
        assert_eq!(
            (titles(&week.due), titles(&week.late)),
            (all[1..].iter().map(|it| (*it).to_owned()).collect(), vec!["evening before".to_owned()]),
            "{place}"
        );
        let plan = book.plan(midnight, book.zone().begins_ms(Day(TODAY.0 + 1)), None);
        assert_eq!((plan.stops[0].tasks[0].entry.title.as_str(), plan.late), ("today", 1), "{place}");
        book.apply(id(20), None);
        assert_eq!(book.next_task(id(CUSTOMER)).unwrap().id, id(21), "{place}");
        assert_eq!(meant(&book, Condition::OverdueTask), [], "{place}: today is not over");
        book.apply(
            id(21),
            Some(&task(Some(id(CUSTOMER)), "yesterday", Some(Moment::all_day(ago(1), "UTC")))),
        );
        assert_eq!(meant(&book, Condition::OverdueTask), [id(CUSTOMER)], "{place}");
    }
}

#[test]
fn orders_count_on_the_day_that_was_meant_d13() {
    for (place, zone) in everywhere() {
        let mut book = met(zone);
        let late = book.zone().begins_ms(TODAY) - HOUR;
        let whole_day =
            OrderDraft { at: Moment::all_day(TODAY, "UTC"), ..order(id(CUSTOMER), 0, "Tea", 1, 5) };
        book.apply(id(30), Some(&order_record(&order(id(CUSTOMER), late, "Tea", 1, 5))));
        book.apply(id(31), Some(&order_record(&whole_day)));
        let (_, habit) = book.habits()[0];
        assert_eq!((habit.first, habit.last, habit.days), (ago(1), TODAY, 2), "{place}");
        let found = counted(&book, TODAY.0..=TODAY.0);
        assert_eq!((found.orders.now, found.orders.before), (1, 1), "{place}");
        assert_eq!(book.card(id(CUSTOMER), 0).unwrap().last_order.unwrap().id, id(31), "{place}");
        let timeline = book.timeline(id(CUSTOMER), &TimelineFilter::default(), ALL);
        let orders = timeline.entries.iter().filter(|entry| matches!(entry.what, Happened::Order { .. }));
        assert_eq!(orders.map(|entry| entry.what.id()).collect::<Vec<_>>(), [id(31), id(30)], "{place}");
        let ordered = Condition::Ordered(Some(Time::Ago { least: 0, most: Some(0) }));
        assert_eq!(meant(&book, ordered), [id(CUSTOMER)], "{place}");
        let found: Vec<_> = book.find_records("tea", 9).iter().map(|it| book.zone().here(at(it))).collect();
        assert_eq!(found, [late + HOUR, late], "{place}");
    }
}

fn at(record: &satchel_book::AnyRecord) -> &Moment {
    match record {
        satchel_book::AnyRecord::Order(order) => &order.entry.at,
        other => panic!("{other:?} is no order"),
    }
}

/// In the half of the year in which clocks go otherwise than today, and on the two days on which they are moved.
#[test]
fn summer_time_moves_no_day_d13() {
    for day in [
        day(2026, 3, 7),
        day(2026, 3, 8),
        day(2026, 3, 9),
        day(2026, 7, 4),
        day(2026, 11, 1),
        day(2026, 11, 2),
    ] {
        let mut book = met(los_angeles());
        book.apply(id(10), None);
        book.apply(id(11), Some(&interaction(&on(day))));
        let begins = book.zone().begins_ms(day);
        assert_eq!(counted(&book, day.0 - 1..=day.0 + 1).days, [0, 1, 0], "{day:?}");
        assert_eq!(counted(&book, day.0 - 200..=day.0 + 1).days[200], 1, "{day:?}");
        for at_ms in [begins, begins + 30 * 60_000, book.zone().begins_ms(Day(day.0 + 1)) - 1] {
            book.apply(id(12), Some(&interaction(&event(id(CUSTOMER), Method::Chat, at_ms))));
            let ago = u32::try_from(TODAY.0 - day.0).unwrap();
            let on_it = Time::Ago { least: ago, most: Some(ago) };
            assert_eq!(meant(&book, Condition::LastContact(on_it)), [id(CUSTOMER)], "{day:?}");
            let on_it = Time::Between { from: day, to: day };
            assert_eq!(meant(&book, Condition::LastContact(on_it)), [id(CUSTOMER)], "{day:?}");
        }
    }
}

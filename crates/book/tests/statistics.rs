//! Statistics of a period, and how customers buy (R29, R55–R59, R62).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.
#![allow(clippy::print_stdout)] // A test says what it skips.

mod common;

use common::any::any_change;
use common::*;
use proptest::prelude::*;
use satchel_book::{AGES, Book, Pair, Period, Statistics, Zone};
use satchel_domain::{
    Condition, Day, Method, Moment, Money, OrderDraft, PartnerKind, RecordId, RecordType, Relationship,
    Selection,
};
use std::collections::BTreeSet;

/// Days from `from` on; the period before is as long.
fn period(from: i64, days: i64, elapsed: usize, today: i64) -> Period {
    let edges = |from: i64| (from..=from + days).map(|day| day * DAY).collect();
    Period { now: edges(from), before: edges(from - days), elapsed, today_ms: today * DAY }
}

fn everybody(book: &Book, period: &Period) -> Statistics {
    book.statistics(&Selection::default(), period)
}

fn pair(now: u32, before: u32) -> Pair {
    Pair { now, before }
}

#[test]
fn a_period_is_compared_with_as_many_days_of_the_one_before_r59() {
    let [who, other] = [partner(&person("张三")), partner(&person("Zoe"))];
    let mut book = book(&[(id(1), &who), (id(2), &other)]);
    let visits = [(10, 3), (10, 7), (11, 8), (12, 10), (13, 10), (14, 12)];
    for (number, day) in visits {
        book.apply(id(number), Some(&interaction(&event(id(1), Method::Visit, day * DAY + 1))));
    }
    let call = with(event(id(1), Method::Phone, 11 * DAY), id(2), Relationship::Attendee);
    book.apply(id(20), Some(&interaction(&call)));
    // Days 10 to 13, of which two have begun, beside days 6 to 9.
    let found = everybody(&book, &period(10, 4, 2, 11));
    assert_eq!(found.days, [2, 1, 1, 0]);
    assert_eq!(found.days_before, [0, 1, 1, 0]);
    assert_eq!(found.contacts, pair(4, 1), "day 8 is not over yet when day 12 has not begun");
    assert_eq!(found.methods, [(Method::Visit, pair(3, 1)), (Method::Phone, pair(1, 0))]);
    assert_eq!(found.types, [(RecordType::Visit, pair(3, 1)), (RecordType::Call, pair(1, 0))]);
    assert_eq!(found.reached, pair(2, 1));
    let top: Vec<_> = found.by_contacts.iter().map(|(row, count)| (row.name.as_str(), *count)).collect();
    assert_eq!(top, [("张三", 4), ("Zoe", 1)], "who took part was contacted too");
    let zoe = book.statistics(&Selection::of(Condition::Text("Zoe".into())), &period(10, 4, 2, 11));
    assert_eq!((zoe.customers, zoe.contacts), (1, pair(1, 0)));
}

#[test]
fn days_of_23_and_25_hours_keep_their_contacts() {
    const HOUR: i64 = 3_600_000;
    let mut book = book(&[(id(1), &partner(&person("Zoe")))]);
    let edges = vec![-HOUR, 23 * HOUR, 46 * HOUR, 71 * HOUR];
    for (number, at) in
        [(10, 22 * HOUR), (11, 23 * HOUR), (12, 46 * HOUR - 1), (13, 46 * HOUR), (14, 71 * HOUR)]
    {
        book.apply(id(number), Some(&interaction(&event(id(1), Method::Visit, at))));
    }
    let mut whole_day = event(id(1), Method::Visit, 2 * DAY);
    whole_day.at = Moment::all_day(Day(2), "Europe/Berlin");
    book.apply(id(15), Some(&interaction(&whole_day)));
    book.set_zone(Zone::new(|local_ms| local_ms - if local_ms < 2 * DAY { HOUR } else { 2 * HOUR }));
    let period = Period { now: edges, before: Vec::new(), elapsed: 3, today_ms: 46 * HOUR };
    assert_eq!(everybody(&book, &period).days, [1, 2, 2]);
}

#[test]
fn ages_are_counted_by_days_and_never_is_apart_r56() {
    let mut book = Book::new();
    let ages = [0, 7, 8, 30, 31, 60, 61, 90, 91, 180, 181, 400];
    for (number, age) in (1..).zip(ages) {
        book.apply(id(number), Some(&partner(&person("A"))));
        book.apply(
            id(100 + number),
            Some(&interaction(&event(id(number), Method::Visit, (1000 - age) * DAY + 5))),
        );
    }
    book.apply(id(99), Some(&partner(&person("Never"))));
    assert_eq!(everybody(&book, &period(990, 20, 20, 1000)).ageing, [2, 2, 2, 2, 2, 2, 1]);
    assert_eq!(AGES.len() + 2, 7);
}

fn bought(number: u8, who: u8, day: i64, price: i64, currency: satchel_domain::Currency) -> (u8, OrderDraft) {
    (number, OrderDraft { currency, ..order(id(who), day * DAY, "Tea", 1, price) })
}

#[test]
fn money_is_never_added_across_currencies() {
    use satchel_domain::Currency;
    let mut book = book(&[(id(1), &partner(&person("A"))), (id(2), &partner(&person("B")))]);
    let orders = [
        bought(10, 1, 10, 5, Currency::CNY),
        bought(11, 1, 11, 7, Currency::USD),
        bought(12, 2, 11, 9, Currency::CNY),
        bought(13, 2, 7, 2, Currency::CNY),
    ];
    for (number, draft) in &orders {
        book.apply(id(*number), Some(&order_record(draft)));
    }
    let found = everybody(&book, &period(10, 4, 4, 13));
    let money = |minor, currency| Money { minor, currency };
    assert_eq!(
        found.bought,
        [
            (money(1400, Currency::CNY), money(200, Currency::CNY)),
            (money(700, Currency::USD), money(0, Currency::USD))
        ]
    );
    assert_eq!(found.orders, pair(3, 1));
    let top: Vec<_> =
        found.by_orders.iter().map(|(row, count, spent)| (row.name.as_str(), *count, spent.len())).collect();
    assert_eq!(top, [("A", 2, 2), ("B", 1, 1)]);
    assert_eq!((found.buyers, found.rfm.len()), (2, 0), "two are too few to be ranked");
}

/// The first customers of Fader and Hardie's CDNOW sample and the next three buyers of the same day: days with a
/// repeated purchase, weeks from the first to the last, mean of the repeated ones, as published.
#[test]
fn purchases_are_summed_up_as_published_r29() {
    let day = |month, day| Day::from_ymd(1997, month, day).unwrap().0.into();
    let first = [(day(1, 1), 2933), (day(1, 18), 2973), (day(8, 2), 1496)];
    let second = [(day(1, 1), 6334), (day(1, 13), 1177)];
    let mut book = book(&[(id(1), &partner(&person("1"))), (id(2), &partner(&person("2")))]);
    let all = first.iter().map(|it| (1, it)).chain(second.iter().map(|it| (2, it)));
    for (number, (who, (day, cents))) in (10..).zip(all) {
        let mut draft = order(id(who), day * DAY, "CD", 1, 0);
        draft.lines[0].unit_price_e4 = cents * 100;
        book.apply(id(number), Some(&order_record(&draft)));
    }
    let habits = book.habits();
    let weeks = |days: i32| (f64::from(days) / 7.0 * 100.0).round() / 100.0;
    let seen: Vec<_> =
        habits.iter().map(|(_, it)| (it.days - 1, weeks(it.last.0 - it.first.0), it.spent.minor)).collect();
    assert_eq!(seen, [(2, 30.43, 2933 + 2973 + 1496), (1, 1.71, 6334 + 1177)]);
    let end = Day::from_ymd(1997, 9, 30).unwrap();
    assert!((weeks(end.0 - habits[0].1.first.0) - 38.86).abs() < 1e-9);
}

/// All 2,357 customers of the calibration period, where the data lies beside the project.
#[test]
fn the_whole_published_summary_is_rebuilt() {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cdnow");
    let read = |name| std::fs::read_to_string(folder.join(name));
    let (Ok(sample), Ok(summary)) = (read("CDNOW_sample.txt"), read("cdnow_customers_summary.csv")) else {
        println!("skipped: the CDNOW data is not beside the project");
        return;
    };
    let made = |kind: u8, number: u32| {
        let mut id = [kind; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        RecordId(id)
    };
    let mut book = Book::new();
    for (row, line) in (0..).zip(sample.lines()) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let number = |text: &str| text.parse::<u32>().unwrap();
        let (who, date) = (made(1, number(cells[1])), cells[2]);
        let day = Day::from_ymd(date[..4].parse().unwrap(), number(&date[4..6]), number(&date[6..])).unwrap();
        if day > Day::from_ymd(1997, 9, 30).unwrap() {
            continue;
        }
        book.apply(who, Some(&partner(&person(&format!("{:0>5}", cells[1])))));
        book.apply(made(2, row), Some(&order_record(&order(who, day.midnight_ms(), "CD", 1, 1))));
    }
    let habits = book.habits();
    let weeks = |days: i32| f64::from(days) / 7.0;
    let mut equal = 0;
    for (line, (_, habit)) in summary.lines().skip(1).zip(&habits) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let seen = [f64::from(habit.days - 1), weeks(habit.last.0 - habit.first.0)];
        equal += usize::from(seen.iter().zip(&cells[1..3]).all(|(a, b)| (a - b).abs() <= 0.005));
    }
    assert_eq!((equal, habits.len()), (2357, 2357));
}

/// Who was reached when this one was: itself, or the organisation where only that is meant.
fn stand_in(book: &Book, meant: &[RecordId], one: RecordId) -> Option<RecordId> {
    let one = book.resolve(one);
    let firm = || book.partner(one).filter(|it| !it.deleted)?.card.organisation.map(|it| book.resolve(it));
    [Some(one), firm()].into_iter().flatten().find(|who| meant.contains(who))
}

/// Counted from the timelines, without a column.
fn recount(book: &Book, meant: &[RecordId], period: &Period) -> (u32, Vec<u32>, usize) {
    let mut seen = BTreeSet::new();
    let mut days = vec![0; period.now.len() - 1];
    let mut reached = BTreeSet::new();
    for who in meant {
        let timeline = book.timeline(*who, &satchel_book::TimelineFilter::default(), ALL);
        for entry in timeline.entries {
            let satchel_book::Happened::Interaction(interaction) = entry.what else { continue };
            let at = interaction.entry.at.utc_ms;
            let Some(day) = period.now.windows(2).position(|edges| edges[0] <= at && at < edges[1]) else {
                continue;
            };
            let others = interaction.entry.participants.iter().map(|part| part.partner);
            let named = others.chain([interaction.entry.partner]);
            reached.extend(named.filter_map(|one| stand_in(book, meant, one)));
            if seen.insert(interaction.id) {
                days[day] += 1;
            }
        }
    }
    (u32::try_from(seen.len()).unwrap(), days, reached.len())
}

proptest! {
    #[test]
    fn columns_count_what_timelines_hold_r36(changes in prop::collection::vec(any_change(), 0..40), person in any::<bool>()) {
        let mut book = Book::new();
        for (id, record) in changes {
            book.apply(id, record.as_ref());
        }
        let kind = if person { PartnerKind::Person } else { PartnerKind::Organisation };
        for selection in [Selection::default(), Selection::of(Condition::Kind(kind))] {
            let period = period(2, 3, 3, 4);
            let found = book.statistics(&selection, &period);
            let meant = book.selected_ids(&selection, period.today_ms);
            let (contacts, days, reached) = recount(&book, &meant, &period);
            prop_assert_eq!(found.customers, meant.len());
            prop_assert_eq!((found.contacts.now, &found.days), (contacts, &days));
            prop_assert_eq!(found.reached.now as usize, reached);
            prop_assert_eq!(found.methods.iter().map(|(_, it)| it.now).sum::<u32>(), contacts);
            prop_assert_eq!(found.types.iter().map(|(_, it)| it.now).sum::<u32>(), contacts);
            prop_assert_eq!(found.ageing.iter().sum::<u32>() as usize, meant.len());
        }
    }
}

//! Lists, finding, the day, tasks and the trash (R4, R5, R38, R40, R51, R144).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::*;
use satchel_book::{AnyRecord, Book, Direction, PartnerFilter, PartnerSort, Tiers, Window};
use satchel_domain::{
    AccountId, Address, Condition, External, Method, Moment, PartnerDraft, PartnerKind, PartnerType,
    RecordId, Relationship, Selection, Tier, done_writes,
};
use std::collections::BTreeSet;

fn organisation(name: &str) -> PartnerDraft {
    PartnerDraft { kind: PartnerKind::Organisation, ..person(name) }
}

fn names(rows: &[satchel_book::PartnerRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

#[test]
fn anything_finds_zhang_san_r144() {
    let records: Vec<_> =
        ["李四", "Zoe Smith", "Sam Zhang", "王五"].iter().map(|name| partner(&person(name))).collect();
    let mut book = book(&[(id(1), &partner(&zhang_san()))]);
    for (number, record) in records.iter().enumerate() {
        book.apply(id(10 + u8::try_from(number).unwrap()), Some(record));
    }
    for text in ["zs", "zhang", "zhangsan", "张", "1380", "ZHANGSAN@"] {
        assert!(names(&book.find(text, 10, None)).contains(&"张三"), "{text}");
    }
    assert_eq!(
        names(&book.find("zhang", 10, None)),
        ["张三", "Sam Zhang"],
        "a name that begins so comes first"
    );
    assert_eq!(names(&book.find("zs", 10, None)), ["张三", "Zoe Smith"]);
    assert!(book.find("  ", 10, None).is_empty());
    assert!(book.find("zs", 10, Some(PartnerKind::Organisation)).is_empty());
    let list = book.partners(
        &PartnerFilter { text: "zs".into(), ..PartnerFilter::default() },
        PartnerSort::Name,
        ALL,
        |_| true,
    );
    assert_eq!((list.total, list.all), (2, 5));
}

#[test]
fn people_are_found_by_their_company_and_follow_its_name() {
    let company = partner(&organisation("宏达贸易"));
    let worker =
        partner(&PartnerDraft { organisation: Some(id(1)), position: "经理".into(), ..zhang_san() });
    // The person arrives first.
    let mut book = book(&[(id(2), &worker), (id(1), &company)]);
    assert_eq!(names(&book.find("hongda", 9, None)), ["宏达贸易", "张三"]);
    assert_eq!(names(&book.find("宏达", 9, None)), ["宏达贸易", "张三"]);
    assert_eq!(book.partner_row(id(2)).unwrap().aside, "宏达贸易");
    let card = book.card(id(1), 0).unwrap();
    assert_eq!((names(&[card.people[0].0.clone()]), card.people[0].1.as_str()), (vec!["张三"], "经理"));
    assert_eq!(book.card(id(2), 0).unwrap().organisation.unwrap().id, id(1));

    book.apply(id(1), Some(&partner(&organisation("Grand Trading"))));
    assert_eq!(book.find("宏达", 9, None).len(), 0);
    assert_eq!(names(&book.find("grand", 9, None)), ["Grand Trading", "张三"]);
    book.apply(id(1), Some(&deleted(&company)));
    assert_eq!(book.find("grand", 9, None).len(), 0);
    assert_eq!(book.partner_row(id(2)).unwrap().aside, "");
}

#[test]
fn the_list_is_sorted_by_pinyin_among_latin_with_a_rail_r4() {
    let mut book = satchel_book::Book::new();
    for (number, name) in ["张三", "Zoe", "Adam", "阿里", "王五", "7-Eleven"].iter().enumerate() {
        book.apply(id(u8::try_from(number).unwrap() + 1), Some(&partner(&person(name))));
    }
    let list =
        book.partners(&PartnerFilter::default(), PartnerSort::Name, Window { offset: 1, limit: 3 }, |_| true);
    assert_eq!(names(&list.rows), ["Adam", "王五", "张三"]);
    assert_eq!(list.letters, [('A', 0), ('W', 2), ('Z', 3), ('#', 5)]);
    assert_eq!((list.total, list.rows[1].letter), (6, 'W'));
}

#[test]
fn a_partner_stands_at_the_position_at_which_it_is_listed() {
    let (a, b, c) = (partner(&person("A")), partner(&organisation("B")), partner(&person("C")));
    let book = book(&[(id(1), &a), (id(2), &b), (id(3), &c)]);
    let place =
        |number: u8, filter: &PartnerFilter| book.place(id(number), filter, PartnerSort::Name, |_| true);
    assert_eq!([1, 2, 3].map(|number| place(number, &PartnerFilter::default())), [Some(0), Some(1), Some(2)]);
    let people = PartnerFilter { kind: Some(PartnerKind::Person), ..PartnerFilter::default() };
    assert_eq!([1, 2, 3].map(|number| place(number, &people)), [Some(0), None, Some(1)]);
}

#[test]
fn partners_are_filtered_and_sorted_r5_r56() {
    let owner = Some(AccountId([7; 16]));
    let vip = PartnerDraft { tags: BTreeSet::from(["vip".into()]), owner, ..person("A") };
    let supplier = PartnerDraft { partner_type: PartnerType::Supplier, ..organisation("B") };
    let quiet = person("C");
    let mut book = book(&[(id(1), &partner(&vip)), (id(2), &partner(&supplier)), (id(3), &partner(&quiet))]);
    book.apply(id(11), Some(&interaction(&event(id(1), Method::Visit, 5 * DAY))));
    book.apply(id(12), Some(&interaction(&event(id(2), Method::Visit, 9 * DAY))));
    book.apply(id(13), Some(&order_record(&order(id(3), DAY, "Tea", 1, 50))));
    book.apply(id(14), Some(&order_record(&order(id(1), DAY, "Tea", 1, 10))));
    let list = |filter: PartnerFilter, sort| {
        let list = book.partners(&filter, sort, ALL, |_| true);
        names(&list.rows).join("")
    };
    let any = PartnerFilter::default;
    assert_eq!(list(any(), PartnerSort::Quietest), "CAB");
    assert_eq!(list(any(), PartnerSort::Recent), "BAC");
    assert_eq!(list(any(), PartnerSort::Value), "CAB");
    assert_eq!(list(PartnerFilter { tag: Some("vip".into()), ..any() }, PartnerSort::Name), "A");
    assert_eq!(
        list(PartnerFilter { kind: Some(PartnerKind::Organisation), ..any() }, PartnerSort::Name),
        "B"
    );
    assert_eq!(
        list(PartnerFilter { partner_type: Some(PartnerType::Customer), ..any() }, PartnerSort::Name),
        "AC"
    );
    assert_eq!(list(PartnerFilter { quiet_since_ms: Some(6 * DAY), ..any() }, PartnerSort::Name), "AC");
    assert_eq!(list(PartnerFilter { owner, ..any() }, PartnerSort::Name), "A");
    let waiting = book.partners(&any(), PartnerSort::Name, ALL, |partner| partner == id(3));
    assert_eq!(names(&waiting.rows), ["C"]);
    assert_eq!(book.tags(), [("vip".to_owned(), 1)]);
}

#[test]
fn a_row_tells_the_next_step_phone_city_and_purchases() {
    let city = Address { city: "Berlin".into(), ..Address::default() };
    let mut book =
        book(&[(id(1), &partner(&PartnerDraft { addresses: vec![city], ..organisation("Acme") }))]);
    book.apply(id(11), Some(&task(Some(id(1)), "later", Some(Moment::exact(9 * DAY, "UTC")))));
    let sooner = task(Some(id(1)), "sooner", Some(Moment::exact(5 * DAY, "UTC")));
    book.apply(id(12), Some(&sooner));
    book.apply(id(13), Some(&task(Some(id(1)), "some day", None)));
    let row = book.partner_row(id(1)).unwrap();
    assert_eq!((row.next_step.as_deref(), row.aside.as_str()), (Some("sooner"), "Berlin"));
    book.apply(id(12), Some(&edited(&sooner, done_writes(Some(7)))));
    assert_eq!(book.partner_row(id(1)).unwrap().next_step.as_deref(), Some("later"));
    let tasks = book.tasks(ALL);
    let titles: Vec<_> = tasks.rows.iter().map(|(task, _)| task.entry.title.as_str()).collect();
    assert_eq!((tasks.open, tasks.total, titles), (2, 3, vec!["later", "some day", "sooner"]));
}

#[test]
fn imported_things_are_known_again_even_from_the_trash_r119() {
    let external = External { system: "customerid".into(), id: "ALFKI".into() };
    let record = partner(&PartnerDraft { external: Some(external.clone()), ..person("A") });
    let mut book = book(&[(id(1), &record)]);
    assert_eq!(book.by_external(&external), [id(1)]);
    book.apply(id(1), Some(&deleted(&record)));
    assert_eq!(book.by_external(&external), [id(1)]);
    book.apply(id(1), None);
    assert_eq!(book.by_external(&external), [] as [RecordId; 0]);
}

#[test]
fn names_phones_and_mails_are_looked_up_however_written_r40() {
    let book = book(&[(id(1), &partner(&zhang_san())), (id(2), &partner(&person("Élodie Ｗu")))]);
    assert_eq!(book.by_phone("138-0000 0000"), [id(1)]);
    assert_eq!(book.by_name(" elodie wu "), [id(2)]);
    assert_eq!(book.by_mail("ZHANGSAN@example.com"), [id(1)]);
    assert_eq!(book.by_phone(""), [] as [RecordId; 0]);
}

#[test]
fn the_trash_shows_what_was_deleted_last_first_r38() {
    let (a, b) = (partner(&person("A")), task(None, "T", None));
    let mut book = book(&[(id(1), &deleted(&a)), (id(2), &b)]);
    let later = {
        let mut record = b.clone();
        let mut clock = satchel_domain::Clock::new(satchel_domain::DeviceId(1));
        satchel_domain::apply(&mut record, satchel_domain::delete_writes(), &mut clock, 9_000);
        record
    };
    book.apply(id(2), Some(&later));
    let trash = book.trash(ALL);
    assert!(matches!(trash.rows[0], (AnyRecord::Task(_), 9_000)));
    assert!(matches!(trash.rows[1], (AnyRecord::Partner(_), 2_000)));
    assert_eq!(book.partners_len(), 0);
    book.apply(id(1), Some(&restored(&deleted(&a))));
    assert_eq!((book.partners_len(), book.trash(ALL).total), (1, 1));
}

#[test]
fn the_day_gathers_what_is_due_done_logged_and_quiet() {
    let (now, tomorrow) = (100 * DAY, 101 * DAY);
    let mut book = book(&[
        (id(1), &partner(&person("Regular"))),
        (id(2), &partner(&person("Forgotten"))),
        (id(3), &partner(&person("Never"))),
    ]);
    for (number, day) in [60i64, 67, 74, 81].into_iter().enumerate() {
        let record = interaction_at(&event(id(1), Method::WeChat, day * DAY), 5_000 + number as u64);
        book.apply(id(20 + u8::try_from(number).unwrap()), Some(&record));
    }
    book.apply(id(30), Some(&interaction_at(&event(id(2), Method::Phone, 10 * DAY), 4_000)));
    book.apply(
        id(31),
        Some(&interaction_at(
            &with(event(id(3), Method::Video, now + 5), id(1), Relationship::Attendee),
            9_000,
        )),
    );
    book.apply(id(40), Some(&task(Some(id(1)), "overdue", Some(Moment::exact(99 * DAY, "UTC")))));
    book.apply(id(41), Some(&task(None, "tomorrow", Some(Moment::exact(tomorrow, "UTC")))));
    book.apply(id(42), Some(&task(None, "some day", None)));
    let done_ms = u64::try_from(now).unwrap() + 1;
    book.apply(id(43), Some(&edited(&task(None, "done", None), done_writes(Some(done_ms)))));

    let today = book.today(now, tomorrow);
    let due: Vec<_> =
        today.due.iter().map(|(task, row)| (task.entry.title.as_str(), row.is_some())).collect();
    assert_eq!(due, [("overdue", true)]);
    assert_eq!((today.partners, today.done, today.logged.len()), (3, 1, 1));
    assert_eq!(names(&today.quiet), ["Forgotten"]);
    assert_eq!(names(&today.recent)[0], "Never", "written about last");
    assert_eq!(names(&today.again), ["Never", "Regular", "Forgotten"]);
    assert_eq!(book.last_method(), Method::Video);
    assert_eq!(today.suggestion, None, "Regular has a task, and was there today");

    book.apply(id(40), None);
    book.apply(id(31), None);
    let suggestion = book.today(now, tomorrow).suggestion.unwrap();
    assert_eq!(suggestion.partner.name, "Regular");
    assert_eq!((suggestion.days, suggestion.usual_days, suggestion.contacts), (19, 7, 4));
}

#[test]
fn only_who_was_logged_before_is_logged_again() {
    let mut book = book(&[(id(1), &partner(&person("Logged"))), (id(2), &partner(&person("New")))]);
    book.apply(id(30), Some(&interaction_at(&event(id(1), Method::Phone, 10 * DAY), 4_000)));
    let today = book.today(11 * DAY, 12 * DAY);
    assert_eq!((names(&today.again), today.recent.len()), (vec!["Logged"], 2));
    book.apply(id(30), None);
    assert_eq!(book.today(11 * DAY, 12 * DAY).again, []);
}

#[test]
fn a_day_shows_twenty_tasks_and_counts_them_all() {
    let mut book = satchel_book::Book::new();
    for number in 1..=30 {
        let due = Moment::exact(DAY + 30 - i64::from(number), "UTC");
        book.apply(id(number), Some(&task(None, &number.to_string(), Some(due))));
    }
    let today = book.today(DAY, 2 * DAY);
    assert_eq!((today.due.len(), today.due_count), (20, 30));
    assert_eq!(today.due[0].0.entry.title, "30", "the soonest first");
}

#[test]
fn a_week_holds_what_is_due_in_it_with_what_is_late_and_what_has_no_day() {
    let (monday, next) = (102 * DAY, 109 * DAY);
    let mut book = satchel_book::Book::new();
    let at = |ms: i64| Some(Moment::exact(ms, "UTC"));
    for (number, due) in [(1, at(next - 1)), (2, at(monday)), (3, at(next)), (4, at(monday - 1)), (5, None)] {
        book.apply(id(number), Some(&task(None, &number.to_string(), due)));
    }
    let sunday = task(None, "6", Some(Moment::all_day(satchel_domain::Day(108), "UTC")));
    book.apply(id(6), Some(&edited(&sunday, done_writes(Some(9)))));
    for number in 20..80 {
        book.apply(id(number), Some(&task(None, "late", at(i64::from(number)))));
        book.apply(id(100 + number), Some(&task(None, "some day", None)));
    }
    let week = book.week(monday, next);
    let titles = |rows: &[satchel_book::TaskRow]| {
        rows.iter().map(|(task, _)| task.entry.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&week.due), ["2", "6", "1"], "the day that is done among them, the next Monday not");
    assert_eq!((week.late.len(), week.late_count), (20, 61));
    assert_eq!((week.undated.len(), week.undated_count), (50, 61));
    assert_eq!(titles(&book.week(next, next + 7 * DAY).due), ["3"]);
}

#[test]
fn what_hangs_on_a_partner_in_the_trash_waits_with_it() {
    let customer = partner(&person("A"));
    let mut book = book(&[(id(1), &customer)]);
    book.apply(id(11), Some(&interaction(&event(id(1), Method::Visit, DAY + 5))));
    book.apply(id(12), Some(&task(Some(id(1)), "T", Some(Moment::exact(DAY, "UTC")))));
    book.apply(id(1), Some(&deleted(&customer)));
    let today = book.today(DAY, 2 * DAY);
    assert_eq!((today.due.len(), today.logged.len(), today.recent.len()), (0, 0, 0));
    assert_eq!((book.tasks(ALL).total, book.week(DAY, 2 * DAY).due.len()), (0, 0));
    book.apply(id(1), Some(&restored(&deleted(&customer))));
    let today = book.today(DAY, 2 * DAY);
    assert_eq!((today.due.len(), today.logged.len(), today.recent.len()), (1, 1, 1));
}

#[test]
fn an_empty_book_answers_everything() {
    let book = satchel_book::Book::new();
    assert_eq!(book.partners(&PartnerFilter::default(), PartnerSort::Value, ALL, |_| true).total, 0);
    assert_eq!(book.card(id(1), 0), None);
    assert_eq!(book.record(id(1)), None);
    let today = book.today(i64::MIN, i64::MAX);
    assert_eq!((today.partners, today.due.len()), (0, 0));
    let backwards = book.today(5 * DAY, -5 * DAY);
    assert_eq!(backwards.logged.len(), 0);
}

#[test]
fn who_is_used_stands_first_among_equals_and_never_before_a_better_match() {
    let mut book = book(&[
        (id(1), &partner(&person("Anna Berg"))),
        (id(2), &partner(&person("Anna Brandt"))),
        (id(3), &partner(&person("Anna"))),
    ]);
    assert_eq!(names(&book.find("anna", 9, None)), ["Anna", "Anna Berg", "Anna Brandt"]);
    book.used_mut().note(id(2), DAY, 1.0);
    assert_eq!(names(&book.find("anna", 9, None)), ["Anna", "Anna Brandt", "Anna Berg"]);
    book.used_mut().note(id(1), 2 * DAY, 2.0);
    assert_eq!(names(&book.find("anna", 9, None)), ["Anna", "Anna Berg", "Anna Brandt"]);
}

#[test]
fn a_table_sorts_by_each_of_its_columns_in_both_directions_r49() {
    let city = |city: &str| vec![Address { city: city.into(), ..Address::default() }];
    let works = |name: &str, at: u8, place: &str| PartnerDraft {
        organisation: Some(id(at)),
        addresses: city(place),
        ..person(name)
    };
    let mut book = book(&[
        (id(1), &partner(&PartnerDraft { owner: Some(AccountId([8; 16])), ..works("A", 4, "无锡") })),
        (id(2), &partner(&PartnerDraft { owner: Some(AccountId([9; 16])), ..works("B", 5, "Berlin") })),
        (id(3), &partner(&person("C"))),
        (id(4), &partner(&organisation("Zeta"))),
        (id(5), &partner(&organisation("阿里"))),
    ]);
    for (number, who) in [(11, 2), (12, 2), (13, 1)] {
        book.apply(id(number), Some(&interaction(&event(id(who), Method::Visit, DAY))));
    }
    book.apply(id(21), Some(&task(Some(id(3)), "Later", Some(Moment::exact(9 * DAY, "UTC")))));
    book.apply(id(22), Some(&task(Some(id(1)), "Soon", Some(Moment::exact(2 * DAY, "UTC")))));
    book.apply(id(23), Some(&order_record(&order(id(1), DAY, "Tea", 1, 10))));
    book.apply(id(24), Some(&order_record(&order(id(3), DAY, "Tea", 1, 50))));
    book.set_owners(vec![(AccountId([8; 16]), "张三".into()), (AccountId([9; 16]), "Anna".into())]);
    let list = |sort: PartnerSort| {
        let people = PartnerFilter { kind: Some(PartnerKind::Person), ..PartnerFilter::default() };
        names(&book.partners(&people, sort, ALL, |_| true).rows).join("")
    };
    let both = |of: fn(Direction) -> PartnerSort| [Direction::Rising, Direction::Falling].map(of).map(list);
    assert_eq!(list(PartnerSort::NameFalling), "CBA");
    assert_eq!(list(PartnerSort::ValueRising), "ACB", "who bought nothing is last");
    assert_eq!(both(PartnerSort::Company), ["BAC", "ABC"], "by pinyin, and who has none is last");
    assert_eq!(both(PartnerSort::City), ["BAC", "ABC"]);
    assert_eq!(both(PartnerSort::Contacts), ["CAB", "BAC"]);
    assert_eq!(both(PartnerSort::Owner), ["BAC", "ABC"], "by what members are called");
    assert_eq!(both(PartnerSort::NextStep), ["ACB", "CAB"]);
}

#[test]
fn tiers_follow_every_order_and_partner_that_comes_or_goes_r62() {
    let buyers: Vec<_> = (1..=5).map(|number| (id(number), partner(&person(&number.to_string())))).collect();
    let records: Vec<_> = buyers.iter().map(|(id, record)| (*id, record)).collect();
    let mut book = book(&records);
    let tiers = |book: &Book| {
        let by_tier =
            book.partners(&PartnerFilter::default(), PartnerSort::Tier(Direction::Rising), ALL, |_| true);
        let letter = |tier: &Option<Tier>| tier.map_or('-', Tier::letter);
        (by_tier.tiers.iter().map(letter).collect::<String>(), names(&by_tier.rows).join(""))
    };
    let best = |book: &Book| book.selected_ids(&Selection::of(Condition::Tier(Tier::A)), 0);
    let said = |book: &Book, expected: (&str, &str)| {
        assert_eq!(tiers(book), (expected.0.to_owned(), expected.1.to_owned()));
    };
    for number in 1..=4 {
        let bought = order(id(number), i64::from(number) * DAY, "Tea", 1, i64::from(number));
        book.apply(id(10 + number), Some(&order_record(&bought)));
    }
    said(&book, ("-----", "12345"));
    book.apply(id(15), Some(&order_record(&order(id(5), 5 * DAY, "Tea", 1, 5))));
    said(&book, ("BBCCC", "54321"));
    book.apply(id(16), Some(&order_record(&order(id(3), 6 * DAY, "Tea", 1, 9))));
    said(&book, ("ABCCC", "35421"));
    assert_eq!(best(&book), [id(3)]);
    book.set_tiers(Tiers { a: 11, b: 5 });
    said(&book, ("ABBBC", "35421"));
    book.apply(id(1), Some(&deleted(&buyers[0].1)));
    said(&book, ("----", "2345"));
    book.apply(id(1), Some(&buyers[0].1));
    said(&book, ("ABBBC", "35421"));
    book.apply(id(16), None);
    assert_eq!(best(&book), [id(5)], "her second order is gone");
}

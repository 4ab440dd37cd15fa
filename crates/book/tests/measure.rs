//! How quick and how small the book is with 10,000 partners and 100,000 interactions:
//! `cargo test -p satchel-book --release --test measure -- --ignored --nocapture`.
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.
#![allow(clippy::print_stdout)] // Numbers for people.
#![allow(unsafe_code)] // Counting what is allocated takes an allocator.
#![allow(clippy::disallowed_methods)] // Measuring takes a clock.

mod common;

use common::DAY;
use common::data::{Made, made_id, made_interaction, made_partner};
use satchel_book::{Book, Brief, PartnerFilter, PartnerSort, Period, TimelineFilter, Window, brief};
use satchel_domain::{Condition, Contact, Selection, Time, field};
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const PARTNERS: usize = 10_000;
const INTERACTIONS: usize = 100_000;
const PAGE: Window = Window { offset: 0, limit: 50 };

/// Bytes that are allocated now.
static HELD: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call is handed on unchanged; counting touches no memory that is handed out.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is handed on.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Prints the median and the slowest but one in twenty, in ms.
fn measure<T>(what: &str, times: usize, mut run: impl FnMut(usize) -> T) {
    let mut took: Vec<f64> = (0..times)
        .map(|time| {
            let begin = Instant::now();
            black_box(run(time));
            begin.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    println!("{what:<44} p50 {:>9.3} ms   p95 {:>9.3} ms", took[times / 2], took[times * 19 / 20]);
}

/// Runs once; prints ms and the bytes that stay for each of `count`.
fn fill(what: &str, count: usize, run: impl FnOnce()) {
    let (before, begin) = (HELD.load(Ordering::Relaxed), Instant::now());
    run();
    let ms = begin.elapsed().as_secs_f64() * 1_000.0;
    let bytes = HELD.load(Ordering::Relaxed) as f64 - before as f64;
    println!("{what:<44} {ms:>13.1} ms   {:>9.1} bytes each", bytes / count as f64);
}

fn briefs(records: &[Made]) -> Vec<Brief> {
    records.iter().map(|(id, record)| brief(*id, record).unwrap()).collect()
}

fn apply(book: &mut Book, records: &[Made], briefs: &[Brief]) {
    for ((id, _), brief) in records.iter().zip(briefs) {
        book.apply_brief(*id, brief.class, &brief.bytes).unwrap();
    }
}

#[test]
#[ignore = "a measurement, for a release build"]
fn measure_the_book() {
    let partners: Vec<Made> = (0..PARTNERS).map(|number| made_partner(number).0).collect();
    let events: Vec<Made> = (0..INTERACTIONS).map(|number| made_interaction(number, PARTNERS).0).collect();
    let (cards, told) = (briefs(&partners), briefs(&events));
    let size = |briefs: &[Brief]| briefs.iter().map(|brief| brief.bytes.len()).sum::<usize>() / briefs.len();
    println!("briefs: {} bytes a partner, {} bytes an interaction", size(&cards), size(&told));
    let contents: Vec<_> =
        events.iter().map(|(id, record)| (*id, record.value(field::CONTENT).as_text().unwrap())).collect();

    let mut book = Book::new();
    fill("apply_brief of 10,000 partners", PARTNERS, || apply(&mut book, &partners, &cards));
    measure("first list page", 1, |_| list(&book, "", PartnerSort::Name));
    fill("apply_brief of 100,000 interactions", INTERACTIONS, || apply(&mut book, &events, &told));
    fill("put_text of 100,000 interactions", INTERACTIONS, || {
        contents.iter().for_each(|(id, content)| book.put_text(*id, content));
    });
    println!(
        "text: {} bytes each",
        contents.iter().map(|(_, text)| text.len()).sum::<usize>() / INTERACTIONS
    );

    for (what, text) in [
        ("prefix", "ann"),
        ("two characters", "王伟"),
        ("initials", "zxy"),
        ("one letter", "z"),
        ("pinyin", "zhangwei"),
        ("one slip", "kelelr"),
        ("one slip, two words", "anna smtih"),
        ("one slip, beginning of a part", "schnied"),
        ("characters that read the same", "李立"),
        ("nobody in Chinese characters", "欧阳璧"),
        ("a firm that reads the same", "深圳维科技"),
        ("a street", "路77"),
        ("a city as it is spelled", "shenzhen"),
        ("a company by its initials", "hzlw"),
        ("phone", "1387"),
        ("nobody", "qqqqqq"),
    ] {
        measure(&format!("find: {what}"), 50, |_| book.find(text, 20, None));
    }
    measure("list: all by name", 50, |_| list(&book, "", PartnerSort::Name));
    measure("list: all by value", 50, |_| list(&book, "", PartnerSort::Value));
    measure("list: all by last contact", 50, |_| list(&book, "", PartnerSort::Recent));
    measure("list: searched", 50, |_| list(&book, "zhang", PartnerSort::Name));
    measure("list: searched in Chinese", 50, |_| list(&book, "李立", PartnerSort::Name));
    measure("timeline", 500, |time| timeline(&book, time, ""));
    measure("timeline with a text", 500, |time| timeline(&book, time, "报价"));
    for text in ["报价", "zürich", "a", "not to be found", "competitor offered five"] {
        measure(&format!("full text: {text}"), 30, |_| book.search_interactions(text, 50));
    }
    measure("aggregates of all partners", 50, |_| book.aggregates().map(|it| it.count).sum::<u32>());
    let today_ms = 1_735_000_000_000_i64.div_euclid(DAY) * DAY;
    let edges = |from: i64| (0..=365).map(|day| today_ms + (day - from) * DAY).collect();
    let year = Period { now: edges(364), before: edges(729), elapsed: 365, today_ms };
    measure("statistics of a year and the one before", 50, |_| {
        book.statistics(&Selection::default(), &year).contacts.now
    });
    for (what, is) in [
        ("tag", Condition::Tag("vip".into())),
        ("last contact", Condition::LastContact(Time::last(90))),
        ("a contact with a text", Condition::Contact(Contact { text: "报价".into(), ..Contact::default() })),
        ("search", Condition::Text("zhang".into())),
    ] {
        let selection = Selection::of(is);
        measure(&format!("selection: {what}"), 50, |_| book.selected_ids(&selection, today_ms).len());
        measure(&format!("statistics of it: {what}"), 20, |_| {
            book.statistics(&selection, &year).contacts.now
        });
    }
    measure("summaries of all partners", 50, |_| {
        (0..PARTNERS).map(|number| book.summary(made_id(1, number)).count).sum::<u32>()
    });
    measure("card", 500, |time| book.card(made_id(1, time), 1_800_000_000_000));
    measure("today", 50, |_| book.today(1_700_000_000_000, 1_700_086_400_000));
    measure("replace an interaction", 500, |time| {
        let (id, record) = &events[time * 97];
        book.apply(*id, Some(record));
    });
}

fn list(book: &Book, text: &str, sort: PartnerSort) -> usize {
    let filter = PartnerFilter { text: text.into(), ..PartnerFilter::default() };
    book.partners(&filter, sort, PAGE, |_| true).rows.len()
}

fn timeline(book: &Book, number: usize, text: &str) -> usize {
    let filter = TimelineFilter { text: text.into(), ..TimelineFilter::default() };
    book.timeline(made_id(1, number * 17 % PARTNERS), &filter, PAGE).entries.len()
}

//! Any record, and everything that a book can be asked.

use super::*;
use proptest::prelude::*;
use satchel_book::{PartnerFilter, PartnerSort, TimelineFilter};
use satchel_domain::{Day, External, PartnerKind, done_writes, merge_writes};

fn partner_id() -> impl Strategy<Value = RecordId> {
    (1u8..5).prop_map(id)
}

/// An instant, or a day without a time.
fn any_moment() -> impl Strategy<Value = Moment> {
    (0i32..6, any::<bool>()).prop_map(|(day, exact)| match exact {
        true => Moment::exact(i64::from(day) * DAY, "Asia/Shanghai"),
        false => Moment::all_day(Day(day), "Asia/Shanghai"),
    })
}

fn any_partner() -> impl Strategy<Value = Record> {
    let name = prop_oneof![Just("张三"), Just("Zoe"), Just("宏达"), Just("")];
    let into = prop_oneof![3 => Just(None), 1 => partner_id().prop_map(Some)];
    let parts = (name, any::<bool>(), prop::option::of(partner_id()), 0u8..3, any::<bool>(), into);
    parts.prop_map(|(name, person, organisation, number, vip, into)| {
        let record = partner(&PartnerDraft {
            name: name.into(),
            kind: if person { PartnerKind::Person } else { PartnerKind::Organisation },
            organisation,
            phones: vec![ContactPoint::new("", format!("138{number}"))],
            mails: vec![ContactPoint::new("", format!("{number}@example.com"))],
            tags: if vip { BTreeSet::from(["vip".into()]) } else { BTreeSet::new() },
            external: Some(External { system: "s".into(), id: number.to_string() }),
            ..PartnerDraft::default()
        });
        into.map_or(record.clone(), |into| edited(&record, merge_writes(into)))
    })
}

fn any_event() -> impl Strategy<Value = Record> {
    let part = prop_oneof![Just(Relationship::Attendee), Just(Relationship::Payer)];
    let others = prop::collection::vec((partner_id(), part), 0..3);
    let text = prop_oneof![Just(""), Just("Über Tee"), Just("讨论订单"), Just("tea")];
    (partner_id(), 0..Method::ALL.len(), any_moment(), others, 0u64..3, text.clone(), text).prop_map(
        |(partner, method, at, others, written, content, place)| {
            let mut draft = event(partner, Method::ALL[method], 0);
            (draft.at, draft.content, draft.place) = (at, content.into(), place.into());
            let draft = others.into_iter().fold(draft, |draft, (who, part)| with(draft, who, part));
            interaction_at(&draft, 1_000 + written)
        },
    )
}

fn any_order() -> impl Strategy<Value = Record> {
    let currency = prop_oneof![Just(Currency::CNY), Just(Currency::USD)];
    let status = prop_oneof![Just(OrderStatus::Placed), Just(OrderStatus::Cancelled)];
    (partner_id(), any_moment(), -5i64..50, currency, status).prop_map(
        |(partner, at, price, currency, status)| {
            order_record(&OrderDraft { at, currency, status, ..order(partner, 0, "Tea", 1, price) })
        },
    )
}

fn any_task() -> impl Strategy<Value = Record> {
    (prop::option::of(partner_id()), prop::option::of(any_moment()), prop::option::of(0u64..9))
        .prop_map(|(partner, due, done)| edited(&task(partner, "T", due), done_writes(done)))
}

pub(crate) fn any_change() -> impl Strategy<Value = (RecordId, Option<Record>)> {
    let of = |range: std::ops::Range<u8>| range.prop_map(id);
    let fate = |record: Record, fate: u8| match fate {
        0 => None,
        1 => Some(deleted(&record)),
        _ => Some(record),
    };
    prop_oneof![
        (of(1..5), any_partner(), 0u8..6).prop_map(move |(id, record, f)| (id, fate(record, f))),
        (of(10..16), any_event(), 0u8..6).prop_map(move |(id, record, f)| (id, fate(record, f))),
        (of(20..24), any_order(), 0u8..6).prop_map(move |(id, record, f)| (id, fate(record, f))),
        (of(30..34), any_task(), 0u8..6).prop_map(move |(id, record, f)| (id, fate(record, f))),
        of(1..40).prop_map(|id| (id, Some(Record::new(Kind::Unknown("deal".into()))))),
    ]
}

/// Everything that a screen could ask, as text.
fn everything(book: &Book) -> String {
    let mut answers = String::new();
    let mut say = |answer: &dyn std::fmt::Debug| answers.push_str(&format!("{answer:#?}\n"));
    for sort in [PartnerSort::Name, PartnerSort::Quietest, PartnerSort::Recent, PartnerSort::Value] {
        say(&book.partners(&PartnerFilter::default(), sort, ALL, |_| true));
    }
    for number in 0..40 {
        say(&book.card(id(number), 4 * DAY));
        say(&book.timeline(id(number), &TimelineFilter::default(), ALL));
        say(&book.timeline(id(number), &TimelineFilter { own: true, ..Default::default() }, ALL));
        say(&book.record(id(number)));
        say(&(book.is_deleted(id(number)), book.resolve(id(number)), book.summary(id(number))));
    }
    for text in ["zs", "张", "hongda", "1380", "example", "宏达"] {
        say(&book.find(text, 99, None));
    }
    for text in ["uber", "讨论", "tea", "e"] {
        say(&book.search_interactions(text, 3));
        for number in 1..5 {
            say(&book.timeline(id(number), &TimelineFilter { text: text.into(), ..Default::default() }, ALL));
        }
    }
    for number in 0..3 {
        say(&book.by_phone(&format!("138{number}")));
        say(&book.by_mail(&format!("{number}@example.com")));
        say(&book.by_external(&External { system: "s".into(), id: number.to_string() }));
    }
    say(&book.by_name("zoe"));
    say(&(book.tags(), book.tasks(ALL), book.trash(ALL), book.today(2 * DAY, 3 * DAY)));
    say(&book.aggregates().collect::<Vec<_>>());
    say(&(book.partners_len(), book.interactions_len(), book.texts_missing()));
    answers
}

/// The first lines in which two books differ, with what stands before them.
pub(crate) fn difference(a: &Book, b: &Book) -> Option<String> {
    let (a, b) = (everything(a), everything(b));
    let (a, b): (Vec<_>, Vec<_>) = (a.lines().collect(), b.lines().collect());
    let at = (0..a.len().max(b.len())).find(|at| a.get(*at) != b.get(*at))?;
    let before = a[at.saturating_sub(20)..at].join("\n");
    Some(format!("{before}\n<<< {:?}\n>>> {:?}", a.get(at), b.get(at)))
}

//! Records as the engine would hand them in.
#![allow(dead_code)]

pub(crate) mod any;
pub(crate) mod data;

use satchel_book::{Book, Window};
use satchel_domain::{
    Clock, ContactPoint, Currency, DeviceId, InteractionDraft, Kind, Method, Moment, OrderDraft, OrderLine,
    OrderStatus, Participation, PartnerDraft, Record, RecordId, Relationship, TaskDraft, Write, apply,
    create, delete_writes, restore_writes,
};
use std::collections::BTreeSet;

pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const ALL: Window = Window { offset: 0, limit: usize::MAX };

pub(crate) fn id(number: u8) -> RecordId {
    RecordId([number; 16])
}

fn written(kind: Kind, writes: Vec<Write>, ms: u64) -> Record {
    create(kind, writes, &mut Clock::new(DeviceId(1)), ms)
}

pub(crate) fn partner(draft: &PartnerDraft) -> Record {
    let mut key = 0u64;
    let mut entropy = || {
        key += 1;
        key << 24
    };
    written(Kind::Partner, draft.create(&mut entropy), 1_000)
}

pub(crate) fn person(name: &str) -> PartnerDraft {
    PartnerDraft { name: name.into(), ..PartnerDraft::default() }
}

pub(crate) fn zhang_san() -> PartnerDraft {
    PartnerDraft {
        phones: vec![ContactPoint::new("mobile", "13800000000")],
        mails: vec![ContactPoint::new("work", "zhangsan@example.com")],
        ..person("张三")
    }
}

pub(crate) fn event(partner: RecordId, method: Method, at_ms: i64) -> InteractionDraft {
    InteractionDraft {
        partner,
        record_type: method.default_type(),
        method,
        at: Moment::exact(at_ms, "Asia/Shanghai"),
        minutes: None,
        content: String::new(),
        outcome: None,
        place: String::new(),
        participants: BTreeSet::new(),
    }
}

pub(crate) fn with(
    mut draft: InteractionDraft,
    partner: RecordId,
    relationship: Relationship,
) -> InteractionDraft {
    draft.participants.insert(Participation { partner, relationship });
    draft
}

pub(crate) fn interaction(draft: &InteractionDraft) -> Record {
    interaction_at(draft, 1_000)
}

pub(crate) fn interaction_at(draft: &InteractionDraft, written_ms: u64) -> Record {
    written(Kind::Interaction, draft.create(), written_ms)
}

pub(crate) fn order(partner: RecordId, at_ms: i64, product: &str, units: i64, price: i64) -> OrderDraft {
    let line = OrderLine {
        product: product.into(),
        quantity_milli: units * 1_000,
        unit_price_e4: price * 10_000,
        discount_e4: 0,
    };
    OrderDraft {
        partner,
        number: "10248".into(),
        at: Moment::exact(at_ms, "UTC"),
        status: OrderStatus::Placed,
        currency: Currency::CNY,
        lines: vec![line],
        freight_minor: 0,
        stated_total_minor: None,
        note: String::new(),
        external: None,
    }
}

pub(crate) fn order_record(draft: &OrderDraft) -> Record {
    written(Kind::Order, draft.create(), 1_000)
}

pub(crate) fn task(partner: Option<RecordId>, title: &str, due: Option<Moment>) -> Record {
    written(
        Kind::Task,
        TaskDraft { partner, title: title.into(), due, ..TaskDraft::default() }.create(),
        1_000,
    )
}

pub(crate) fn edited(record: &Record, writes: Vec<Write>) -> Record {
    let mut record = record.clone();
    apply(&mut record, writes, &mut Clock::new(DeviceId(1)), 2_000);
    record
}

pub(crate) fn deleted(record: &Record) -> Record {
    edited(record, delete_writes())
}

pub(crate) fn restored(record: &Record) -> Record {
    edited(record, restore_writes())
}

pub(crate) fn book(records: &[(RecordId, &Record)]) -> Book {
    let mut book = Book::new();
    for (id, record) in records {
        book.apply(*id, Some(record));
    }
    book
}

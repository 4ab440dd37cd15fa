//! The engine as a whole, with the real server's logic behind it and no browser.

mod attached;
mod attacks;
mod backup;
mod beside;
mod carried;
mod clocks;
mod compared;
mod contents;
mod damage;
mod deletion;
mod disk;
mod drafts;
mod epochs;
mod erased_forms;
mod erasing;
mod files;
mod found_open;
mod handed_parts;
mod handover;
mod history;
mod import;
mod joining;
mod lost;
mod lost_files;
mod many;
mod moved;
mod passkeys;
mod patience;
mod person;
mod places;
mod plan;
mod put_back;
mod record;
mod removal;
mod renaming;
mod resealing;
mod restored;
mod review;
mod rotation;
mod scale;
mod siblings;
mod sync;
mod team;
mod views;
mod ways;
mod welcomes;
mod world;

use crate::port::{Answer, PartnerFilter, PartnerSort, Query, Rows, Window};
use satchel_domain::{ContactPoint, InteractionDraft, Method, Moment, PartnerDraft, RecordId, RecordType};
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use world::{Device, MORNING_MS, Server, Tab};

/// Runs a test on one thread, as a worker would.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, test);
}

fn clock() -> Arc<AtomicU64> {
    Arc::new(AtomicU64::new(MORNING_MS))
}

/// One device with an open workspace.
async fn alone() -> (Device, Tab) {
    let clock = clock();
    let device = Device::new(&Server::start(&clock), &clock, 1);
    let tab = device.tab().await;
    tab.create_workspace().await;
    (device, tab)
}

fn person(name: &str, phone: &str, mail: &str) -> PartnerDraft {
    let points = |label: &str, value: &str| {
        if value.is_empty() { Vec::new() } else { vec![ContactPoint::new(label, value)] }
    };
    PartnerDraft {
        name: name.into(),
        phones: points("mobile", phone),
        mails: points("work", mail),
        ..PartnerDraft::default()
    }
}

fn talk(partner: RecordId, method: Method, utc_ms: i64, content: &str) -> InteractionDraft {
    InteractionDraft {
        partner,
        record_type: RecordType::Call,
        method,
        at: Moment::exact(utc_ms, "Asia/Shanghai"),
        minutes: None,
        content: content.into(),
        outcome: None,
        place: String::new(),
        participants: BTreeSet::new(),
    }
}

async fn names(tab: &Tab, text: &str) -> Vec<String> {
    match tab.ask(Query::Find { text: text.into(), limit: 20, kind: None }).await {
        Answer::Find(rows) => rows.into_iter().map(|row| row.name).collect(),
        other => panic!("not a find: {other:?}"),
    }
}

async fn partners(tab: &Tab) -> u32 {
    let window = Window { offset: 0, limit: 10 };
    let (filter, sort) = (PartnerFilter::default(), PartnerSort::Name);
    match tab.ask(Query::Partners { filter, sort, window, rows: Rows::Lines }).await {
        Answer::Partners(list) => list.total,
        other => panic!("not a list: {other:?}"),
    }
}

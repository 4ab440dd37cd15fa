//! The first rows as they would be brought in; nothing is written.

use super::convert;
use super::known::{Here, Index};
use super::run::HostZone;
use crate::engine::workspace::Workspace;
use crate::engine::{Cancel, Engine, Host};
use crate::port::{FilePlan, ImportId, ImportPreview, PreviewRow, RowFate};
use satchel_domain::{OrderDraft, PartnerDraft};
use satchel_exchange::{Draft, Fate, Import, Outcome, Table, World};

/// Rows of earlier files that are followed to show one file as it will be.
const FOLLOWED: u64 = 20_000;
/// Rows that are followed at once.
const STEP: usize = 200;
/// Values shown beside a title.
const DETAILS: usize = 4;

impl<H: Host> Engine<H> {
    pub(in crate::engine) async fn preview(
        &self,
        open: &Workspace<H>,
        import: ImportId,
        plans: &[FilePlan],
        file: u32,
        rows: u32,
    ) -> ImportPreview {
        let Ok(files) = self.imports.borrow().get(import) else { return ImportPreview::default() };
        let Ok(prepared) = self.prepare(&files, plans, &Cancel::default()).await else {
            return ImportPreview::default();
        };
        let Some(source) = prepared.source_of(file as usize) else { return ImportPreview::default() };
        let mut running = prepared.import();
        let outcomes = follow(open, &mut running, source, rows as usize);
        let table = &prepared.sources[source].0;
        let rows = outcomes.iter().map(|outcome| row(outcome, &running, table)).collect();
        ImportPreview { rows }
    }
}

fn follow<H: Host>(open: &Workspace<H>, import: &mut Import, file: usize, rows: usize) -> Vec<Outcome> {
    let book = open.book.borrow();
    let index = Index::of(&book);
    let known = Here { book: &book, index: &index };
    let zone = HostZone { host: &*open.host, name: &open.zone };
    let now_ms = i64::try_from(open.host.now_ms()).unwrap_or(i64::MAX);
    let mut new_id = || open.new_id();
    let mut world = World { known: &known, zone: &zone, now_ms, new_id: &mut new_id };
    let mut found = Vec::new();
    while found.len() < rows && import.progress().0 < FOLLOWED {
        let outcomes = import.step(&mut world, STEP);
        if outcomes.is_empty() {
            break;
        }
        found.extend(outcomes.into_iter().filter(|outcome| outcome.file == file));
    }
    found.truncate(rows);
    found
}

fn row(outcome: &Outcome, import: &Import, table: &Table) -> PreviewRow {
    let own = outcome.writes.iter().find(|write| !write.is_related);
    let (title, details) = own.map_or_else(|| cells(outcome.row, table), |write| words(&write.draft));
    let found =
        import.reports()[outcome.file].problems.list.iter().filter(|problem| problem.row == outcome.row);
    let fate = match outcome.fate {
        Fate::Create => RowFate::Create,
        Fate::Update => RowFate::Update,
        Fate::Unchanged => RowFate::Unchanged,
        Fate::Skip => RowFate::Skip,
    };
    PreviewRow {
        row: outcome.row.into(),
        fate,
        title,
        details,
        problems: convert::problems(found, Some(table)),
    }
}

/// A row that makes nothing is shown by its own cells.
fn cells(number: u32, table: &Table) -> (String, Vec<String>) {
    let Some(row) = table.rows().find(|row| row.number() == number) else { return Default::default() };
    let mut values =
        (0..table.width()).map(|column| row.value(column).to_owned()).filter(|value| !value.is_empty());
    let title = values.next().unwrap_or_default();
    (title, values.take(DETAILS).collect())
}

fn words(draft: &Draft) -> (String, Vec<String>) {
    match draft {
        Draft::Partner(partner) => (partner.name.clone(), partner_details(partner)),
        Draft::Order(order) => (order.number.clone(), order_details(order)),
        Draft::Interaction(interaction) => (interaction.content.clone(), Vec::new()),
    }
}

fn partner_details(partner: &PartnerDraft) -> Vec<String> {
    let points = partner.phones.iter().chain(&partner.mails).map(|point| point.value.clone());
    let cities = partner.addresses.iter().map(|address| address.city.clone());
    let all = [partner.position.clone()].into_iter().chain(points).chain(cities);
    all.filter(|value| !value.is_empty()).take(DETAILS).collect()
}

fn order_details(order: &OrderDraft) -> Vec<String> {
    let total = order.total().map(|money| format!("{} {}", money.to_decimal(), money.currency.code()));
    let products = order.lines.iter().map(|line| line.product.clone());
    total.into_iter().chain(products).filter(|value| !value.is_empty()).take(DETAILS).collect()
}

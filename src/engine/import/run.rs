//! Bringing files in: batch by batch, each durable before the next begins.

use super::known::{Here, Index};
use super::{Prepared, convert};
use crate::engine::failure::Outcome as Ended;
use crate::engine::session::progress;
use crate::engine::undo::Touched;
use crate::engine::workspace::{Many, Workspace};
use crate::engine::{Cancel, Engine, Host};
use crate::port::{self, Done, FailureCode, ImportId, ImportReport, Outcome, RequestId, Stage};
use satchel_domain::{InteractionDraft, Kind, OrderDraft, PartnerDraft, RecordId, Revision};
use satchel_exchange::{Draft, FileReport, Import, ImportWrite, World, Zone};
use satchel_replica::{Change, Edit, Pace};
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Rows that become durable together.
const BATCH: usize = 500;
/// Partners that the report offers for a look.
const SHOWN: usize = 20;

/// Hands the thread back between chunks; whether to stop is decided between batches.
pub(in crate::engine) struct Breathing<'h, H>(pub(in crate::engine) &'h H);

impl<H: Host> Pace for Breathing<'_, H> {
    async fn breathe(&mut self, _done: usize, _total: usize) -> ControlFlow<()> {
        self.0.breathe().await;
        ControlFlow::Continue(())
    }
}

/// The device's zone.
pub(super) struct HostZone<'h, H> {
    pub(super) host: &'h H,
    pub(super) name: &'h str,
}

impl<H: Host> Zone for HostZone<'_, H> {
    fn name(&self) -> &str {
        self.name
    }

    fn to_utc_ms(&self, local_ms: i64) -> i64 {
        self.host.local_to_utc_ms(local_ms)
    }
}

impl<H: Host> Engine<H> {
    pub(in crate::engine) async fn import(
        &self,
        id: RequestId,
        import: ImportId,
        plans: Vec<port::FilePlan>,
        cancel: Cancel,
    ) -> Ended<Done> {
        let open = self.require()?;
        let files = self.imports.borrow().get(import)?;
        let prepared = self.prepare(&files, &plans, &cancel).await?;
        if let Some(fault) = prepared.sources.iter().find_map(|(_, plan)| plan.fault()) {
            debug_assert_eq!(fault, satchel_exchange::ProblemCode::NothingMapped);
            return Err(FailureCode::UnreadableFile.into());
        }
        let mut running = Running::new(&open, &prepared);
        let ended = running
            .go_on(&cancel, |done, total| self.host.post(progress(id, Stage::Writing, done, total)))
            .await;
        let (touched, report) = running.report(&prepared, ended);
        if report.failed.is_none() && !report.cancelled {
            self.imports.borrow_mut().forget(import);
        }
        Ok(Done { outcome: Outcome::Imported(report), undo: open.remember(touched) })
    }
}

/// An import under way.
struct Running<'w, H: Host> {
    open: &'w Workspace<H>,
    index: Index,
    import: Import,
    touched: Vec<Touched>,
    partners: Vec<RecordId>,
    /// The reports up to the last batch that is durable.
    reports: Vec<FileReport>,
}

impl<'w, H: Host> Running<'w, H> {
    fn new(open: &'w Workspace<H>, prepared: &Prepared) -> Self {
        let import = prepared.import();
        let reports = import.reports().to_vec();
        let index = Index::of(&open.book.borrow());
        Self { open, index, import, touched: Vec::new(), partners: Vec::new(), reports }
    }

    /// Goes on to the end, or until it is stopped; says whether it was stopped.
    async fn go_on(&mut self, cancel: &Cancel, on_batch: impl Fn(u64, u64)) -> Ended<bool> {
        loop {
            let Some(writes) = self.step() else { return Ok(false) };
            self.batch(writes).await?;
            self.reports = self.import.reports().to_vec();
            let (done, total) = self.import.progress();
            on_batch(done, total);
            if cancel.asked() && done < total {
                return Ok(true);
            }
        }
    }

    /// The next batch's writes; `None` at the end.
    fn step(&mut self) -> Option<Vec<ImportWrite>> {
        let open = self.open;
        let book = open.book.borrow();
        let known = Here { book: &book, index: &self.index };
        let zone = HostZone { host: &*open.host, name: &open.zone };
        let now_ms = i64::try_from(open.host.now_ms()).unwrap_or(i64::MAX);
        let mut new_id = || open.new_id();
        let mut world = World { known: &known, zone: &zone, now_ms, new_id: &mut new_id };
        let outcomes = self.import.step(&mut world, BATCH);
        (!outcomes.is_empty()).then(|| outcomes.into_iter().flat_map(|outcome| outcome.writes).collect())
    }

    async fn batch(&mut self, writes: Vec<ImportWrite>) -> Ended<()> {
        let edits = self.edits(writes);
        if edits.is_empty() {
            self.open.host.breathe().await;
            return Ok(());
        }
        let Many { touched, failed } = self.open.bring_many(&edits, &mut Breathing(&*self.open.host)).await?;
        self.touched.extend(touched);
        failed.map_or(Ok(()), Err)
    }

    fn edits(&mut self, writes: Vec<ImportWrite>) -> Vec<Edit> {
        let book = self.open.book.borrow();
        // What earlier writes of this batch made of a record is not in the book yet.
        let mut pending: HashMap<RecordId, Draft> = HashMap::new();
        let mut edits = Vec::with_capacity(writes.len());
        for ImportWrite { id, mut draft, .. } in writes {
            let made = pending.remove(&id);
            let seen = || match &draft {
                Draft::Partner(_) => book.partner(id).map(|it| Draft::Partner(Box::new(it.card.clone()))),
                Draft::Order(_) => book.order(id).map(|it| Draft::Order(Box::new(it.entry.clone()))),
                // An import brings interactions that are not here, or none.
                Draft::Interaction(_) => None,
            };
            let here = if made.is_none() { seen() } else { None };
            if let (None, None, Draft::Partner(new)) = (&made, &here, &mut draft) {
                new.owner = new.owner.or_else(|| self.open.creator());
            }
            if matches!(draft, Draft::Partner(_)) && self.partners.len() < SHOWN {
                self.partners.push(id);
            }
            let entropy = &mut || self.open.random_u64();
            let change = match &here {
                Some(seen) => updated(seen, &draft, entropy),
                None => change(made.as_ref(), &draft, entropy),
            };
            edits.push(Edit { id, change });
            pending.insert(id, draft);
        }
        edits
    }

    fn report(self, prepared: &Prepared, ended: Ended<bool>) -> (Vec<Touched>, ImportReport) {
        let report = ImportReport {
            files: self
                .reports
                .iter()
                .enumerate()
                .map(|(at, report)| file_report(at, report, prepared))
                .collect(),
            cancelled: matches!(ended, Ok(true)),
            failed: ended.err().map(|failure| failure.code),
            partners: self.partners,
        };
        (self.touched, report)
    }
}

/// What the file says of a record that is here, written over what the person was shown of it: what came meanwhile is not
/// replaced unasked.
fn updated(seen: &Draft, draft: &Draft, entropy: &mut dyn FnMut() -> u64) -> Change {
    match (seen, draft) {
        (Draft::Partner(from), Draft::Partner(to)) => Change::Revise(Revision::of_partner(from, to, entropy)),
        (Draft::Order(from), Draft::Order(to)) => Change::Revise(Revision::of_order(from, to)),
        _ => change(Some(seen), draft, entropy),
    }
}

/// The writes of a new record, or over what an earlier row of the same batch made of it.
fn change(before: Option<&Draft>, draft: &Draft, entropy: &mut dyn FnMut() -> u64) -> Change {
    match (before, draft) {
        (Some(Draft::Partner(from)), Draft::Partner(to)) => {
            Change::Write(PartnerDraft::diff(from, to, entropy))
        }
        (Some(Draft::Order(from)), Draft::Order(to)) => Change::Write(OrderDraft::diff(from, to)),
        (Some(Draft::Interaction(from)), Draft::Interaction(to)) => {
            Change::Write(InteractionDraft::diff(from, to))
        }
        (_, Draft::Partner(to)) => Change::Create(Kind::Partner, to.create(entropy)),
        (_, Draft::Order(to)) => Change::Create(Kind::Order, to.create()),
        (_, Draft::Interaction(to)) => Change::Create(Kind::Interaction, to.create()),
    }
}

fn file_report(at: usize, report: &FileReport, prepared: &Prepared) -> port::FileReport {
    let table = prepared.sources.get(at).map(|(table, _)| &**table);
    let mut problems = convert::problems(report.problems.list.iter(), table);
    let place = prepared.places.get(at).copied().unwrap_or(at);
    for problem in &mut problems {
        problem.file = u32::try_from(place).unwrap_or(u32::MAX);
    }
    port::FileReport {
        name: report.name.clone(),
        created: report.created,
        updated: report.updated,
        unchanged: report.unchanged,
        skipped: report.skipped,
        related: report.related,
        problems,
        counts: convert::counts(&report.problems),
    }
}

//! Files in: read in slices, understood by `exchange`, written in batches, stopped where it is safe.

mod convert;
mod inspect;
mod known;
mod load;
mod preview;
mod run;

pub(super) use run::Breathing;

use crate::port::{self, FailureCode, ImportId, ImportSheet};
use satchel_exchange::{FilePlan, Guess, Import, LoadOptions, Refused, Settings, Table};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::host::Host;
use super::{Cancel, Engine};

/// Files that were inspected and wait for their plan.
pub(super) struct Imports<F> {
    next: u32,
    held: BTreeMap<u32, Rc<Vec<Chosen<F>>>>,
}

/// One chosen file.
struct Chosen<F> {
    file: F,
    /// As it was read last; read again when the person says otherwise about its header.
    table: RefCell<Result<Arc<Table>, Refused>>,
    guess: RefCell<Option<Guess>>,
    /// The sheets of a workbook that hold something.
    sheets: Vec<ImportSheet>,
    /// Which of them the person chose, also where it cannot be used.
    sheet: Cell<Option<u32>>,
}

impl<F> Default for Imports<F> {
    fn default() -> Self {
        Self { next: 0, held: BTreeMap::new() }
    }
}

impl<F> Imports<F> {
    fn hold(&mut self, files: Vec<Chosen<F>>) -> ImportId {
        self.next += 1;
        self.held.insert(self.next, Rc::new(files));
        ImportId(self.next)
    }

    fn get(&self, import: ImportId) -> Result<Rc<Vec<Chosen<F>>>, FailureCode> {
        self.held.get(&import.0).cloned().ok_or(FailureCode::NotFound)
    }

    pub(super) fn forget(&mut self, import: ImportId) {
        self.held.remove(&import.0);
    }
}

impl<H: Host> Engine<H> {
    /// The exchange's import of these files by these plans. A file whose header is seen otherwise is read again.
    async fn prepare(
        &self,
        files: &[Chosen<H::File>],
        plans: &[port::FilePlan],
        cancel: &Cancel,
    ) -> Result<Prepared, FailureCode> {
        let mut prepared = Prepared { sources: Vec::new(), places: Vec::new() };
        for (place, (chosen, plan)) in files.iter().zip(plans).enumerate() {
            let plan = convert::plan_in(plan);
            let Some(table) = self.table(chosen, &plan, cancel).await? else { continue };
            prepared.sources.push((table, fitted(plan, chosen)));
            prepared.places.push(place);
        }
        Ok(prepared)
    }

    async fn table(
        &self,
        chosen: &Chosen<H::File>,
        plan: &FilePlan,
        cancel: &Cancel,
    ) -> Result<Option<Arc<Table>>, FailureCode> {
        let held = chosen.table.borrow().clone();
        let Ok(table) = held else { return Ok(None) };
        if table.has_header == plan.has_header {
            return Ok(Some(table));
        }
        let has_header = Some(plan.has_header);
        let options = LoadOptions { has_header, sheet: table.sheet(), ..LoadOptions::default() };
        let again = load::load(&*self.host, &chosen.file, options, cancel, |_| {}).await?.map(Arc::new);
        *chosen.table.borrow_mut() = again.clone();
        Ok(again.ok())
    }
}

/// Files that can be brought in, and where each stood among those that were chosen.
struct Prepared {
    sources: Vec<(Arc<Table>, FilePlan)>,
    places: Vec<usize>,
}

impl Prepared {
    fn import(&self) -> Import {
        Import::new(self.sources.clone(), Settings::default())
    }

    /// Where a chosen file stands among the sources.
    fn source_of(&self, place: usize) -> Option<usize> {
        self.places.iter().position(|found| *found == place)
    }
}

/// A plan has a meaning for each column, whatever the screen sent.
fn fitted<F>(mut plan: FilePlan, chosen: &Chosen<F>) -> FilePlan {
    let width = chosen.guess.borrow().as_ref().map_or(plan.targets.len(), |guess| guess.columns.len());
    plan.targets.resize(width, satchel_exchange::Target::Ignore);
    plan
}

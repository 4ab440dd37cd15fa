//! Looking at chosen files: what they are, how they would be read, what is odd about them.

use super::{Chosen, convert, load};
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::File;
use crate::engine::session::progress;
use crate::engine::{Cancel, Engine, Host};
use crate::port::{
    self, Done, FailureCode, FilePlan, FileRole, ImportColumn, ImportId, InspectedFile, Inspection, Outcome,
    RequestId, Stage,
};
use satchel_domain::Currency;
use satchel_exchange::{DateOrder, Hints, LoadOptions, guess};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

impl<H: Host> Engine<H> {
    pub(in crate::engine) async fn inspect(
        &self,
        id: RequestId,
        files: Vec<H::File>,
        cancel: Cancel,
    ) -> Ended<Done> {
        self.require()?;
        if files.is_empty() {
            return Err(FailureCode::NotFound.into());
        }
        let total = files.iter().map(File::size).sum();
        let mut before = 0;
        let mut chosen = Vec::with_capacity(files.len());
        for file in files {
            let size = file.size();
            let on_read = |read| self.host.post(progress(id, Stage::Reading, before + read, total));
            let table = load::load(&*self.host, &file, LoadOptions::default(), &cancel, on_read).await?;
            before += size;
            let guess = RefCell::new(table.as_ref().ok().map(|table| guess(table, self.hints())));
            let sheets = table.as_ref().map(convert::sheets).unwrap_or_default();
            let table = RefCell::new(table.map(Arc::new));
            chosen.push(Chosen { file, table, guess, sheets, sheet: Cell::new(None) });
        }
        let files = all_inspected(&chosen);
        let import = self.imports.borrow_mut().hold(chosen);
        Ok(Done { outcome: Outcome::Inspected(Inspection { import, files }), undo: None })
    }

    /// Reads another sheet of a workbook in place of the one that was read.
    pub(in crate::engine) async fn choose_sheet(
        &self,
        id: RequestId,
        import: ImportId,
        file: u32,
        sheet: u32,
        cancel: Cancel,
    ) -> Ended<Done> {
        self.require()?;
        let files = self.imports.borrow().get(import)?;
        let chosen = files.get(file as usize).ok_or(FailureCode::NotFound)?;
        let options = LoadOptions { sheet: Some(sheet), ..LoadOptions::default() };
        let total = chosen.file.size();
        let on_read = |read| self.host.post(progress(id, Stage::Reading, read, total));
        let table = load::load(&*self.host, &chosen.file, options, &cancel, on_read).await?;
        chosen.sheet.set(Some(sheet));
        *chosen.guess.borrow_mut() = table.as_ref().ok().map(|table| guess(table, self.hints()));
        *chosen.table.borrow_mut() = table.map(Arc::new);
        let inspection = Inspection { import, files: all_inspected(&files) };
        Ok(Done { outcome: Outcome::Inspected(inspection), undo: None })
    }

    /// What a file that does not say is taken to mean, by the person's language.
    fn hints(&self) -> Hints {
        if self.hello.borrow().locale.starts_with("zh") {
            Hints { currency: Currency::CNY, date_order: DateOrder::MonthFirst }
        } else {
            Hints { currency: Currency::USD, date_order: DateOrder::DayFirst }
        }
    }
}

fn all_inspected<F: File>(files: &[Chosen<F>]) -> Vec<InspectedFile> {
    files.iter().enumerate().map(|(at, chosen)| inspected(at, chosen)).collect()
}

fn inspected<F: File>(at: usize, chosen: &Chosen<F>) -> InspectedFile {
    let (name, bytes) = (chosen.file.name(), chosen.file.size());
    let (held, guess) = (chosen.table.borrow(), chosen.guess.borrow());
    let (Ok(table), Some(guess)) = (&*held, &*guess) else {
        let unusable = held
            .as_ref()
            .err()
            .map_or(port::ProblemCode::Unreadable, |refused| convert::code(refused.code()));
        let (sheets, sheet) = (chosen.sheets.clone(), chosen.sheet.get());
        return InspectedFile { sheets, sheet, ..unusable_file(name, bytes, unusable) };
    };
    let columns = guess.columns.iter().map(|column| ImportColumn {
        header: column.header.clone(),
        samples: column.samples.clone(),
        filled: column.filled,
    });
    let listed = table.problems.list.iter();
    let mut problems = convert::problems(listed, Some(table));
    for problem in &mut problems {
        problem.file = u32::try_from(at).unwrap_or(u32::MAX);
    }
    InspectedFile {
        name,
        bytes,
        encoding: table.encoding.label().to_uppercase(),
        form: convert::form(table),
        rows: table.len() as u64,
        sheets: chosen.sheets.clone(),
        sheet: table.sheet(),
        columns: columns.collect(),
        plan: convert::plan_out(&guess.plan),
        problems,
        counts: convert::counts(&table.problems),
        unusable: None,
    }
}

fn unusable_file(name: String, bytes: u64, why: port::ProblemCode) -> InspectedFile {
    let plan = FilePlan {
        role: FileRole::Skip,
        targets: Vec::new(),
        currency: Currency::NONE,
        date_order: port::DateOrder::DayFirst,
        customer_system: String::new(),
        has_header: true,
    };
    InspectedFile {
        name,
        bytes,
        encoding: String::new(),
        form: port::FileForm::Delimited(','),
        rows: 0,
        sheets: Vec::new(),
        sheet: None,
        columns: Vec::new(),
        plan,
        problems: Vec::new(),
        counts: vec![(why, 1)],
        unusable: Some(why),
    }
}

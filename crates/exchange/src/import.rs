//! Follows the plans: row by row, what is to be written.
//!
//! Products first, then partners, orders with their lines, and interactions, so that each finds what
//! it refers to. Nothing is written here; a step says what should be, and whether it is new.

use crate::guess::{namespace, stem};
use crate::known::{Known, Zone};
use crate::orders::Amounts;
use crate::overlay::{Overlay, View};
use crate::partners::Oddity;
use crate::plan::{FilePlan, Role, Settings, Target};
use crate::table::Table;
use crate::units::{self, Place, Unit};
use crate::{Problem, ProblemCode, Problems, customer};
use satchel_domain::{InteractionDraft, OrderDraft, PartnerDraft, PartnerType, RecordId};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What an import needs from outside while it runs.
pub struct World<'w> {
    /// What is here already. The writes of a finished step may or may not be in it yet.
    pub known: &'w dyn Known,
    /// Where local times become instants.
    pub zone: &'w dyn Zone,
    /// Now, ms since 1970 UTC.
    pub now_ms: i64,
    /// New random identities.
    pub new_id: &'w mut dyn FnMut() -> RecordId,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fate {
    /// A new record.
    Create,
    /// Here already, with other values.
    Update,
    /// Here already, and the same; or only a name for others' lines.
    Unchanged,
    /// Left out, with a reason.
    Skip,
}

/// What is to be written, whole: for an update, what is here with the file's values in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Draft {
    /// A partner.
    Partner(Box<PartnerDraft>),
    /// An order.
    Order(Box<OrderDraft>),
    /// An interaction.
    Interaction(Box<InteractionDraft>),
}

/// One record to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportWrite {
    /// Its identity.
    pub id: RecordId,
    /// Whether it is new; otherwise it is here, or in an earlier write of this import.
    pub is_new: bool,
    /// Whether it came along with the row: a person's organisation, a contact person, packed purchases.
    pub is_related: bool,
    /// What it should be.
    pub draft: Draft,
}

/// What came of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which of the files.
    pub file: usize,
    /// The row as a spreadsheet numbers it.
    pub row: u32,
    /// What became of it.
    pub fate: Fate,
    /// What is to be written, in this order: what others refer to comes first. Several rows of one order
    /// have its write at the first.
    pub writes: Vec<ImportWrite>,
}

/// What came of one file so far. In the end `created + updated + unchanged + skipped` is its rows;
/// all are 0 for a file that is not to be brought in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Rows that became new records.
    pub created: u64,
    /// Rows that change records.
    pub updated: u64,
    /// Rows that were here already.
    pub unchanged: u64,
    /// Rows left out.
    pub skipped: u64,
    /// Records made besides the rows themselves.
    pub related: u64,
    /// Why rows were left out or cells were doubtful.
    pub problems: Problems,
}

/// One file with what was decided about it as a whole.
pub(crate) struct Source {
    pub(crate) table: Arc<Table>,
    pub(crate) plan: FilePlan,
    pub(crate) amounts: Amounts,
    /// The namespace of the rows' own identities, or of rows without one.
    pub(crate) system: String,
    pub(crate) usual_type: PartnerType,
    /// The namespace in which its customers are found; decided at its first row that has one.
    pub(crate) customer_system: Option<String>,
}

impl Source {
    fn new(table: Arc<Table>, plan: FilePlan) -> Self {
        let own = plan.column(&Target::ExternalId).or_else(|| plan.column(&Target::OrderId));
        let system = own.map_or_else(|| format!("{}.row", stem(&table.name)), |at| namespace(&table, at));
        let supplies = system.contains("supplier") || system.contains("vendor") || system.contains("供应商");
        Self {
            amounts: Amounts::survey(&table, &plan),
            usual_type: if supplies { PartnerType::Supplier } else { PartnerType::Customer },
            system,
            customer_system: plan.customer_system.clone().filter(|system| !system.is_empty()),
            table,
            plan,
        }
    }
}

/// An import under way.
pub struct Import {
    pub(crate) sources: Vec<Source>,
    pub(crate) settings: Settings,
    pub(crate) overlay: Overlay,
    pub(crate) products: HashMap<String, String>,
    /// Identities and whole rows met before, by file.
    pub(crate) seen: HashSet<(usize, String)>,
    /// How often rows without an identity were the same.
    pub(crate) repeats: HashMap<(usize, String), u32>,
    reports: Vec<FileReport>,
    units: Vec<Unit>,
    at: usize,
    done: u64,
    total: u64,
}

impl Import {
    /// Prepares an import of these files together; their order is kept in every `file` number.
    pub fn new(files: Vec<(Arc<Table>, FilePlan)>, settings: Settings) -> Self {
        let sources: Vec<Source> = files.into_iter().map(|(table, plan)| Source::new(table, plan)).collect();
        let mut reports: Vec<FileReport> = Vec::new();
        for (file, source) in sources.iter().enumerate() {
            let mut report = FileReport { name: source.table.name.clone(), ..FileReport::default() };
            report.problems.absorb(file, &source.table.problems);
            let wanted = source.plan.role != Role::Skip;
            report.skipped = if wanted { u64::from(source.table.rows_left_out) } else { 0 };
            reports.push(report);
        }
        let (units, products) = units::all(&sources);
        let total = units.iter().map(|unit| unit.places().count() as u64).sum();
        Self {
            sources,
            settings,
            overlay: Overlay::default(),
            products,
            seen: HashSet::new(),
            repeats: HashMap::new(),
            reports,
            units,
            at: 0,
            done: 0,
            total,
        }
    }

    /// Goes on for about `rows` rows. An empty answer: everything is done.
    pub fn step(&mut self, world: &mut World<'_>, rows: usize) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        while outcomes.len() < rows && self.at < self.units.len() {
            let unit = self.units[self.at].clone();
            self.at += 1;
            let before = outcomes.len();
            self.unit(&unit, world, &mut outcomes);
            for outcome in &outcomes[before..] {
                self.count(outcome);
            }
        }
        outcomes
    }

    /// Rows done, and rows in all.
    pub fn progress(&self) -> (u64, u64) {
        (self.done, self.total)
    }

    /// What came of each file so far.
    pub fn reports(&self) -> &[FileReport] {
        &self.reports
    }

    fn unit(&mut self, unit: &Unit, world: &mut World<'_>, outcomes: &mut Vec<Outcome>) {
        match unit {
            Unit::Product(place) => outcomes.push(self.outcome(*place, Fate::Unchanged, Vec::new())),
            Unit::Partner(place) => {
                let outcome = self.partner_row(*place, world);
                outcomes.push(outcome);
            }
            Unit::Order { rows, lines } => self.order(rows, lines, world, outcomes),
            Unit::Loose { key, lines } => self.loose_lines(key, lines, world, outcomes),
            Unit::Interaction(place) => {
                let outcome = self.interaction_row(*place, world);
                outcomes.push(outcome);
            }
        }
    }

    fn count(&mut self, outcome: &Outcome) {
        self.done += 1;
        let report = &mut self.reports[outcome.file];
        match outcome.fate {
            Fate::Create => report.created += 1,
            Fate::Update => report.updated += 1,
            Fate::Unchanged => report.unchanged += 1,
            Fate::Skip => report.skipped += 1,
        }
        report.related +=
            outcome.writes.iter().filter(|write| write.is_related && write.is_new).count() as u64;
    }

    pub(crate) fn view<'a>(&'a self, known: &'a dyn Known) -> View<'a> {
        View { overlay: &self.overlay, known }
    }

    pub(crate) fn outcome(&self, place: Place, fate: Fate, writes: Vec<ImportWrite>) -> Outcome {
        let row = self.sources[place.file].table.row(place.row).map_or(0, |row| row.number());
        Outcome { file: place.file, row, fate, writes }
    }

    /// Notes a problem and leaves the row out.
    pub(crate) fn skip(&mut self, place: Place, oddity: Oddity) -> Outcome {
        self.note(place, oddity, true);
        self.outcome(place, Fate::Skip, Vec::new())
    }

    /// Notes a problem of a row.
    pub(crate) fn note(&mut self, place: Place, (column, code, value): Oddity, skipped: bool) {
        let row = self.sources[place.file].table.row(place.row);
        let (row, line) = row.map_or((0, 0), |row| (row.number(), row.line()));
        let problem = Problem { file: place.file, row, line, column, code, value, skipped };
        self.reports[place.file].problems.add(problem);
    }

    pub(crate) fn note_all(&mut self, place: Place, oddities: Vec<Oddity>) {
        for oddity in oddities {
            self.note(place, oddity, false);
        }
    }

    /// The customer that a row of orders or interactions names, made if the settings say so.
    pub(crate) fn customer(
        &mut self,
        place: Place,
        world: &mut World<'_>,
    ) -> Result<(RecordId, Vec<ImportWrite>), Oddity> {
        if self.sources[place.file].customer_system.is_none() {
            let source = &self.sources[place.file];
            let system = customer::best_system(&source.table, &source.plan, self.view(world.known));
            self.sources[place.file].customer_system = system;
        }
        let source = &self.sources[place.file];
        let found = customer::find(source, place.row, self.view(world.known));
        match found {
            Err((column, ProblemCode::UnknownCustomer, value)) if self.settings.create_customers => {
                Ok(self.new_customer(place.file, column, value, world))
            }
            other => other.map(|id| (id, Vec::new())),
        }
    }

    fn new_customer(
        &mut self,
        file: usize,
        column: Option<usize>,
        name: String,
        world: &mut World<'_>,
    ) -> (RecordId, Vec<ImportWrite>) {
        let source = &self.sources[file];
        let draft = customer::from_identity(source, column, &name);
        let id = (world.new_id)();
        self.overlay.put_partner(id, &draft);
        (id, vec![ImportWrite { id, is_new: true, is_related: true, draft: Draft::Partner(Box::new(draft)) }])
    }
}

/// The namespaces in which the customers of a file could be looked up, with how many of its first few
/// hundred identities each knows, the best first.
pub fn customer_systems(table: &Table, plan: &FilePlan, known: &dyn Known) -> Vec<(String, usize)> {
    let overlay = Overlay::default();
    customer::systems(table, plan, View { overlay: &overlay, known })
}

/// Whether the role needs a customer.
pub(crate) fn needs_customer(role: Role) -> bool {
    matches!(role, Role::Orders | Role::Interactions)
}

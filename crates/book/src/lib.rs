//! What is open in memory: every record opened, kept in the order in which screens ask for it.
//!
//! A record comes in by its [`brief`] and, for interactions, a text to be found by: [`Book::apply`] makes both of a
//! record, [`Book::apply_brief`] and [`Book::put_text`] take them from where they were kept. Everything else is
//! derived, and follows each change at once: timelines, aggregates, look-ups, the trash. Replacing a record
//! takes the old one out exactly as it was put in, so the book is always what one built from scratch
//! would be, in whatever order records arrive.
//!
//! Deliberately absent: storage, keys, `async`, clocks, and the contents of interactions: answers leave them empty,
//! and [`Shows`] names what is to be filled in. Times arrive as arguments.

mod alike;
mod brief;
mod card;
mod entry;
mod everything;
mod facts;
mod files;
mod fold;
mod han;
mod hang;
mod keys;
mod letters;
mod list;
mod lookup;
mod partners;
mod person;
mod plan;
mod readings;
mod rfm;
mod roman;
mod said;
mod search;
mod selection;
mod shows;
mod slab;
mod sought;
mod sound;
mod statistics;
mod tasks;
mod terms;
mod texts;
mod ties;
mod timeline;
mod today;
mod typo;
mod used;
mod views;
mod words;
mod zone;

pub use alike::{Alike, Common, Newcomer};
pub use brief::{BRIEF_FORMAT, BadBrief, Brief, Class, brief};
pub use files::FiledMark;
pub use fold::fold;
pub use person::About;
pub use rfm::{Habit, RFM_LEAST, Scores, Tiers};
pub use shows::Shows;
pub use sought::{Excerpt, excerpt};
pub use statistics::{AGES, Pair, Period, Statistics};
pub use used::Used;
pub use views::*;
pub use zone::Zone;

use entry::{Event, Handle, OrderEntry};
use facts::Facts;
use lookup::Externals;
use partners::{ById, PartnerNo, Partners};
use roman::SortKey;
use satchel_domain::sorted;
use satchel_domain::{AccountId, Interaction, Order, Partner, Record, RecordId, Task, View, field};
use slab::Slab;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use terms::Terms;
use texts::Texts;
use words::Words;

/// The open records of one workspace and everything that is derived from them.
#[derive(Debug, Default)]
pub struct Book {
    records: HashMap<RecordId, Handle, ById>,
    partners: Partners,
    events: Slab<Event>,
    facts: Facts,
    orders: Slab<OrderEntry>,
    tasks: Slab<Task>,
    /// Partners that are neither in the trash nor merged into another, by name.
    by_name: BTreeMap<SortKey, PartnerNo>,
    /// Interactions that are not in the trash.
    events_len: usize,
    /// Interactions whose content was not told yet.
    texts_missing: usize,
    texts: Texts,
    /// Open tasks by due time, those without last.
    open: BTreeSet<(i64, RecordId)>,
    /// Tasks done, by when.
    done: BTreeSet<(u64, RecordId)>,
    /// What is in the trash, by when it was put there.
    trash: BTreeSet<(u64, RecordId)>,
    trashed_ms: HashMap<RecordId, u64, ById>,
    externals: Externals,
    /// Saved views, in the trash or not.
    views: BTreeMap<RecordId, View>,
    words: Words,
    terms: Terms,
    /// With whom the person has to do; no record says it.
    used: Used,
    /// Who works here, by name.
    owners: Vec<AccountId>,
    tiers: Tiers,
    /// The scores of all partners, by number, while they hold: any order or partner may change them.
    scored: OnceCell<Vec<Option<Scores>>>,
    /// Where days begin.
    zone: Zone,
}

/// A brief that was read.
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::large_enum_variant, reason = "taken apart as soon as it is read, never kept")
)]
enum Opened<'a> {
    Card(brief::Card),
    Event(brief::Event<'a>),
}

impl Book {
    /// A book with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// From which sums of scores on the tiers begin.
    pub fn tiers(&self) -> Tiers {
        self.tiers
    }

    /// Lets the tiers begin elsewhere.
    pub fn set_tiers(&mut self, tiers: Tiers) {
        self.tiers = tiers;
    }

    /// Where days begin; UTC until [`Self::set_zone`] says otherwise.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// With whom the person has to do, for the order among equal matches.
    pub fn used(&self) -> &Used {
        &self.used
    }

    /// As [`Self::used`], to be changed.
    pub fn used_mut(&mut self) -> &mut Used {
        &mut self.used
    }

    /// Puts a record in, replaces it, or (with `None`) takes it out. Kinds that this app does not
    /// know are not kept.
    pub fn apply(&mut self, id: RecordId, record: Option<&Record>) {
        let brief = record.and_then(|record| brief(id, record));
        let applied =
            brief.is_some_and(|Brief { class, bytes, .. }| self.apply_brief(id, class, &bytes).is_ok());
        match record {
            Some(record) if applied => {
                self.put_text(id, record.value(field::CONTENT).as_text().unwrap_or_default());
            }
            _ => self.replace(id, None),
        }
    }

    /// Puts a record in, or replaces it, by its [`brief`]: like [`Self::apply`] but for the text that an
    /// interaction is found by, which [`Self::put_text`] adds. Bad bytes change nothing.
    pub fn apply_brief(&mut self, id: RecordId, class: Class, bytes: &[u8]) -> Result<(), BadBrief> {
        let opened = match class {
            Class::Card => Opened::Card(brief::decoded(bytes)?),
            Class::Event => Opened::Event(brief::decoded(bytes)?),
        };
        self.replace(id, Some(opened));
        Ok(())
    }

    fn replace(&mut self, id: RecordId, opened: Option<Opened<'_>>) {
        self.take_out(id);
        if let Some(opened) = opened {
            self.put_in(id, opened);
        }
    }

    fn put_in(&mut self, id: RecordId, opened: Opened<'_>) {
        let (about, handle) = match opened {
            Opened::Card(brief::Card::Partner(brief)) => (brief.about, self.add_partner(id, brief)),
            Opened::Card(brief::Card::Task(brief)) => (brief.about, Some(self.add_task(brief.task(id)))),
            Opened::Card(brief::Card::View(brief)) => (brief.about, Some(self.add_view(id, brief))),
            Opened::Event(brief::Event::Interaction(brief)) => (brief.about, Some(self.add_event(id, brief))),
            Opened::Event(brief::Event::Order(brief)) => (brief.about, Some(self.add_order(brief.order(id)))),
        };
        let Some(handle) = handle else { return };
        if let Some(at_ms) = about.deleted_ms {
            self.trash.insert((at_ms, id));
            self.trashed_ms.insert(id, at_ms);
        }
        self.records.insert(id, handle);
    }

    fn take_out(&mut self, id: RecordId) {
        let Some(handle) = self.records.remove(&id) else { return };
        if let Some(at_ms) = self.trashed_ms.remove(&id) {
            self.trash.remove(&(at_ms, id));
        }
        match handle {
            Handle::Partner(number) => self.remove_partner(number),
            Handle::Event(number) => self.remove_event(number),
            Handle::Order(number) => self.remove_order(number),
            Handle::Task(number) => self.remove_task(number),
            Handle::View => {
                self.views.remove(&id);
            }
        }
    }

    /// The content of an interaction, to be found by; of anything else it is passed over. Whoever reads contents
    /// after briefs asks [`Self::lacks_text`] first: a newer content may have been told meanwhile.
    pub fn put_text(&mut self, id: RecordId, content: &str) {
        let Some(Handle::Event(number)) = self.records.get(&id).copied() else { return };
        self.forget_text(number);
        let Some(event) = self.events.get_mut(number) else { return };
        if event.mark.is_some() || !content.is_empty() {
            self.texts_missing -= usize::from(event.lacks_text());
            event.text = Some(self.texts.put(number, content));
        }
    }

    /// Whether this is an interaction with a content that is not searched yet.
    pub fn lacks_text(&self, id: RecordId) -> bool {
        self.event(id).is_some_and(Event::lacks_text)
    }

    /// How many interactions have a content that is not searched yet.
    pub fn texts_missing(&self) -> usize {
        self.texts_missing
    }

    fn event(&self, id: RecordId) -> Option<&Event> {
        if let Handle::Event(number) = self.records.get(&id)? { self.events.get(*number) } else { None }
    }

    /// Whether a record is here, in the trash or not.
    pub fn contains(&self, id: RecordId) -> bool {
        self.records.contains_key(&id)
    }

    /// How many records are here, those in the trash too.
    pub fn records_len(&self) -> usize {
        self.records.len()
    }

    /// Whether a record is in the trash; `None` when it is not here.
    pub fn is_deleted(&self, id: RecordId) -> Option<bool> {
        self.contains(id).then(|| self.trashed_ms.contains_key(&id))
    }

    /// The partner that stands for this one: itself, unless it was merged into another that is here.
    pub fn resolve(&self, id: RecordId) -> RecordId {
        self.root(id).map_or(id, |root| self.partners.id(Some(root)))
    }

    fn root(&self, id: RecordId) -> Option<PartnerNo> {
        Some(self.partners.root(self.partners.find(id)?))
    }

    /// A partner, in the trash or merged or not.
    pub fn partner(&self, id: RecordId) -> Option<&Partner> {
        let Handle::Partner(number) = self.records.get(&id)? else { return None };
        self.partners.entry(*number).map(|entry| &entry.partner)
    }

    /// An interaction, in the trash or not, without its content.
    pub fn interaction(&self, id: RecordId) -> Option<Interaction> {
        self.event(id).map(|event| event.view(&self.partners, &self.words))
    }

    /// An order, in the trash or not.
    pub fn order(&self, id: RecordId) -> Option<&Order> {
        let Handle::Order(number) = self.records.get(&id)? else { return None };
        self.orders.get(*number).map(|entry| &entry.order)
    }

    /// A task, in the trash or not.
    pub fn task(&self, id: RecordId) -> Option<&Task> {
        if let Handle::Task(number) = self.records.get(&id)? { self.tasks.get(*number) } else { None }
    }

    fn add_view(&mut self, id: RecordId, brief: brief::ViewBrief) -> Handle {
        self.views.insert(id, View { id, entry: brief.entry, newer: brief.newer });
        Handle::View
    }

    /// A saved view, in the trash or not.
    pub fn view(&self, id: RecordId) -> Option<&View> {
        self.views.get(&id)
    }

    /// The saved views that are not in the trash, by name.
    pub fn views(&self) -> Vec<View> {
        let kept = self.views.values().filter(|view| !self.trashed_ms.contains_key(&view.id));
        let mut views: Vec<View> = kept.cloned().collect();
        sorted::sort_by_cached_key(&mut views, |view| (fold(&view.entry.name), view.id));
        views
    }

    /// The name of the partner that stands for this one, in the trash or not; empty when it is not here.
    pub fn name(&self, id: RecordId) -> &str {
        let entry = self.root(id).and_then(|root| self.partners.entry(root));
        entry.map_or("", |entry| &entry.partner.card.name)
    }

    /// How many partners there are, without the trash and those that were merged into others.
    pub fn partners_len(&self) -> usize {
        self.by_name.len()
    }

    /// How many interactions there are, the trash not counted.
    pub fn interactions_len(&self) -> usize {
        self.events_len
    }

    /// Every partner that is listed, by name.
    pub fn all_partners(&self) -> impl Iterator<Item = &Partner> {
        self.live_partners().map(|(_, entry)| &entry.partner)
    }
}

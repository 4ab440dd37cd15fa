//! What is open in memory: every record opened, kept in the order in which screens ask for it.
//!
//! [`Book::apply`] is the one way in. Everything else is derived from the records it was given, and
//! follows each of them at once: timelines, aggregates, look-ups, the trash. Replacing a record
//! takes the old one out exactly as it was put in, so the book is always what one built from scratch
//! would be, in whatever order records arrive.
//!
//! Deliberately absent: storage, keys, `async`, clocks. Times arrive as arguments.

mod brief;
mod card;
mod entry;
mod fold;
mod list;
mod lookup;
mod roman;
mod search;
mod tasks;
mod ties;
mod timeline;
mod today;
mod views;

pub use brief::{BRIEF_FORMAT, BadBrief, Brief, Class, brief};
pub use fold::fold;
pub use views::*;

use brief::{InteractionBrief, PartnerBrief};
use entry::{Entry, Event, OrderEntry, PartnerEntry, When, Words};
use lookup::Lookup;
use roman::SortKey;
use satchel_domain::{External, Interaction, Order, Partner, Record, RecordId, Task, field};
use std::collections::{BTreeSet, HashMap};
use ties::Ties;

/// The open records of one workspace and everything that is derived from them.
#[derive(Debug, Default)]
pub struct Book {
    records: HashMap<RecordId, Entry>,
    /// What hangs on each partner.
    ties: HashMap<RecordId, Ties>,
    /// Live partners by name.
    by_name: BTreeSet<(SortKey, RecordId)>,
    /// Live interactions by when they happened.
    happened: BTreeSet<When>,
    /// Live interactions by when they were written.
    written: BTreeSet<(u64, RecordId)>,
    /// Open tasks by due time, those without last.
    open: BTreeSet<(i64, RecordId)>,
    /// Tasks done, by when.
    done: BTreeSet<(u64, RecordId)>,
    /// What is in the trash, by when it was put there.
    trash: BTreeSet<(u64, RecordId)>,
    trashed_ms: HashMap<RecordId, u64>,
    lookup: Lookup,
    words: Words,
}

/// A brief that was read.
enum Opened<'a> {
    Card(brief::Card),
    Event(brief::Event<'a>),
}

impl Book {
    /// A book with nothing in it.
    pub fn new() -> Self {
        Self::default()
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

    /// The content of an interaction, to be found by; anything else is not kept.
    pub fn put_text(&mut self, id: RecordId, content: &str) {
        if let Some(Entry::Interaction(event)) = self.records.get_mut(&id) {
            event.content = Some(content.into());
        }
    }

    /// Whether this is an interaction whose content is not searched yet.
    pub fn lacks_text(&self, id: RecordId) -> bool {
        self.event(id).is_some_and(|event| event.content.is_none())
    }

    /// How many interactions have a content that is not searched yet.
    pub fn texts_missing(&self) -> usize {
        self.records.keys().filter(|id| self.lacks_text(**id)).count()
    }

    fn replace(&mut self, id: RecordId, opened: Option<Opened<'_>>) {
        let called = self.company(id).map(str::to_owned);
        self.take_out(id);
        if let Some(opened) = opened {
            self.put_in(id, opened);
        }
        if self.company(id) != called.as_deref() {
            self.rename_company(id);
        }
    }

    fn put_in(&mut self, id: RecordId, opened: Opened<'_>) {
        let (about, entry) = match opened {
            Opened::Card(brief::Card::Partner(brief)) => (brief.about, self.add_partner(id, brief)),
            Opened::Card(brief::Card::Task(brief)) => (brief.about, self.add_task(brief.task(id))),
            Opened::Event(brief::Event::Interaction(brief)) => (brief.about, self.add_event(id, brief)),
            Opened::Event(brief::Event::Order(brief)) => (brief.about, self.add_order(brief.order(id))),
        };
        if let Some(at_ms) = about.deleted_ms {
            self.trash.insert((at_ms, id));
            self.trashed_ms.insert(id, at_ms);
        }
        self.records.insert(id, entry);
    }

    fn take_out(&mut self, id: RecordId) {
        let Some(entry) = self.records.remove(&id) else { return };
        if let Some(at_ms) = self.trashed_ms.remove(&id) {
            self.trash.remove(&(at_ms, id));
        }
        match entry {
            Entry::Partner(entry) => self.remove_partner(*entry),
            Entry::Interaction(event) => self.remove_event(&event),
            Entry::Order(entry) => self.remove_order(&entry),
            Entry::Task(task) => self.remove_task(&task),
        }
    }

    fn add_partner(&mut self, id: RecordId, brief: PartnerBrief) -> Entry {
        let company = brief.card.organisation.and_then(|company| self.company(company)).unwrap_or_default();
        let entry = PartnerEntry::new(id, brief, company);
        let partner = &entry.partner;
        self.lookup.add_external(partner.card.external.as_ref(), partner.id);
        if !partner.deleted {
            self.by_name.insert((entry.sort.clone(), partner.id));
            self.lookup.add(partner);
            if let Some(company) = partner.card.organisation {
                self.ties.entry(company).or_default().people.insert(partner.id);
            }
        }
        Entry::Partner(Box::new(entry))
    }

    fn remove_partner(&mut self, entry: PartnerEntry) {
        let PartnerEntry { partner, sort, .. } = entry;
        self.lookup.remove_external(partner.card.external.as_ref(), partner.id);
        if !partner.deleted {
            self.by_name.remove(&(sort, partner.id));
            self.lookup.remove(&partner);
            if let Some(company) = partner.card.organisation {
                self.untie(company, |ties| {
                    ties.people.remove(&partner.id);
                });
            }
        }
    }

    fn add_event(&mut self, id: RecordId, brief: InteractionBrief<'_>) -> Entry {
        let event = Event::new(id, brief, &mut self.words);
        if !event.deleted {
            for partner in event.partners() {
                self.ties.entry(partner).or_default().add_event(&event);
            }
            self.happened.insert(event.when());
            self.written.insert((event.created_ms, event.id));
        }
        Entry::Interaction(Box::new(event))
    }

    fn remove_event(&mut self, event: &Event) {
        if !event.deleted {
            for partner in event.partners() {
                self.untie(partner, |ties| ties.remove_event(event));
            }
            self.happened.remove(&event.when());
            self.written.remove(&(event.created_ms, event.id));
        }
    }

    fn add_order(&mut self, order: Order) -> Entry {
        let entry = OrderEntry::new(order);
        self.lookup.add_external(entry.order.entry.external.as_ref(), entry.order.id);
        if !entry.order.deleted && entry.order.entry.partner != RecordId::NIL {
            self.ties.entry(entry.order.entry.partner).or_default().add_order(&entry);
        }
        Entry::Order(Box::new(entry))
    }

    fn remove_order(&mut self, entry: &OrderEntry) {
        self.lookup.remove_external(entry.order.entry.external.as_ref(), entry.order.id);
        if !entry.order.deleted {
            self.untie(entry.order.entry.partner, |ties| ties.remove_order(entry));
        }
    }

    fn add_task(&mut self, task: Task) -> Entry {
        match task.done_ms {
            _ if task.deleted => {}
            Some(done_ms) => {
                self.done.insert((done_ms, task.id));
            }
            None => {
                self.open.insert(tasks::due(&task));
                if let Some(partner) = task.entry.partner {
                    self.ties.entry(partner).or_default().tasks.insert(tasks::due(&task));
                }
            }
        }
        Entry::Task(Box::new(task))
    }

    fn remove_task(&mut self, task: &Task) {
        match task.done_ms {
            _ if task.deleted => {}
            Some(done_ms) => {
                self.done.remove(&(done_ms, task.id));
            }
            None => {
                self.open.remove(&tasks::due(task));
                if let Some(partner) = task.entry.partner {
                    self.untie(partner, |ties| {
                        ties.tasks.remove(&tasks::due(task));
                    });
                }
            }
        }
    }

    fn untie(&mut self, partner: RecordId, change: impl FnOnce(&mut Ties)) {
        if let Some(ties) = self.ties.get_mut(&partner) {
            change(ties);
            if ties.is_empty() {
                self.ties.remove(&partner);
            }
        }
    }

    /// People are found by their company's name: when it changes, so do their keys.
    fn rename_company(&mut self, company: RecordId) {
        let name = self.company(company).unwrap_or_default().to_owned();
        let people = self.ties.get(&company).into_iter().flat_map(|ties| &ties.people);
        for person in people {
            if let Some(Entry::Partner(entry)) = self.records.get_mut(person) {
                entry.keys.set_company(&name);
            }
        }
    }

    /// The name of a partner that is not in the trash.
    fn company(&self, id: RecordId) -> Option<&str> {
        self.live_partner(id).map(|entry| entry.partner.card.name.as_str())
    }

    fn live_partner(&self, id: RecordId) -> Option<&PartnerEntry> {
        match self.records.get(&id) {
            Some(Entry::Partner(entry)) if !entry.partner.deleted => Some(entry),
            _ => None,
        }
    }

    fn event(&self, id: RecordId) -> Option<&Event> {
        if let Some(Entry::Interaction(event)) = self.records.get(&id) { Some(event) } else { None }
    }

    fn order_entry(&self, id: RecordId) -> Option<&OrderEntry> {
        if let Some(Entry::Order(entry)) = self.records.get(&id) { Some(entry) } else { None }
    }

    /// Whether a record is here, in the trash or not.
    pub fn contains(&self, id: RecordId) -> bool {
        self.records.contains_key(&id)
    }

    /// Whether a record is in the trash; `None` when it is not here.
    pub fn is_deleted(&self, id: RecordId) -> Option<bool> {
        self.records.get(&id).map(Entry::deleted)
    }

    /// A partner, in the trash or not.
    pub fn partner(&self, id: RecordId) -> Option<&Partner> {
        if let Some(Entry::Partner(entry)) = self.records.get(&id) { Some(&entry.partner) } else { None }
    }

    /// An interaction, in the trash or not.
    pub fn interaction(&self, id: RecordId) -> Option<Interaction> {
        self.event(id).map(|event| event.view(&self.words))
    }

    /// An order, in the trash or not.
    pub fn order(&self, id: RecordId) -> Option<&Order> {
        self.order_entry(id).map(|entry| &entry.order)
    }

    /// A task, in the trash or not.
    pub fn task(&self, id: RecordId) -> Option<&Task> {
        if let Some(Entry::Task(task)) = self.records.get(&id) { Some(task) } else { None }
    }

    /// A partner's name, in the trash or not; empty when it is not here.
    pub fn name(&self, id: RecordId) -> &str {
        self.partner(id).map_or("", |partner| &partner.card.name)
    }

    /// How many partners there are, the trash not counted.
    pub fn partners_len(&self) -> usize {
        self.by_name.len()
    }

    /// How many interactions there are, the trash not counted.
    pub fn interactions_len(&self) -> usize {
        self.happened.len()
    }

    /// Every partner that is not in the trash, by name.
    pub fn all_partners(&self) -> impl Iterator<Item = &Partner> {
        self.by_name.iter().filter_map(|(_, id)| self.partner(*id))
    }

    /// Every partner with this phone number, however it is written (R40, R41).
    pub fn by_phone(&self, phone: &str) -> &[RecordId] {
        self.lookup.by_phone(phone)
    }

    /// Every partner with this mail address, however it is written (R40, R41, D4).
    pub fn by_mail(&self, mail: &str) -> &[RecordId] {
        self.lookup.by_mail(mail)
    }

    /// Every partner of this name, whatever its case, width and diacritics.
    pub fn by_name(&self, name: &str) -> &[RecordId] {
        self.lookup.by_name(name)
    }

    /// Every partner and order that was imported as this, in the trash too: the same pair is the
    /// same thing at the next import (R119).
    pub fn by_external(&self, external: &External) -> &[RecordId] {
        self.lookup.by_external(external)
    }
}

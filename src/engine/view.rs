//! The book's answers in the port's words, with the one thing that the book does not know: what is on the server.

use super::host::Host;
use super::workspace::Workspace;
use crate::port::{self, ItemKind};
use satchel_book as book;
use satchel_book::Shows;
use satchel_domain::{AccountId, Record, RecordId, Task, field};
use std::collections::HashMap;
use std::ops::Range;

/// What a record is called in a list of mixed things.
pub(super) struct Title {
    pub(super) kind: ItemKind,
    pub(super) text: String,
    pub(super) partner: String,
    pub(super) partner_id: Option<RecordId>,
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(super) fn window(window: port::Window) -> book::Window {
    book::Window { offset: window.offset as usize, limit: window.limit as usize }
}

pub(super) fn partner_filter(filter: &port::PartnerFilter) -> book::PartnerFilter {
    book::PartnerFilter {
        text: filter.text.clone(),
        kind: filter.kind,
        partner_type: filter.partner_type.clone(),
        tag: filter.tag.clone(),
        quiet_since_ms: filter.quiet_since_ms,
        owner: filter.owner.map(AccountId),
        selection: filter.selection.clone(),
        today_ms: filter.today_ms,
    }
}

pub(super) fn partner_sort(sort: port::PartnerSort) -> book::PartnerSort {
    match sort {
        port::PartnerSort::Name => book::PartnerSort::Name,
        port::PartnerSort::Quietest => book::PartnerSort::Quietest,
        port::PartnerSort::Recent => book::PartnerSort::Recent,
        port::PartnerSort::Value => book::PartnerSort::Value,
        port::PartnerSort::NameFalling => book::PartnerSort::NameFalling,
        port::PartnerSort::ValueRising => book::PartnerSort::ValueRising,
        port::PartnerSort::Company(to) => book::PartnerSort::Company(direction(to)),
        port::PartnerSort::City(to) => book::PartnerSort::City(direction(to)),
        port::PartnerSort::Owner(to) => book::PartnerSort::Owner(direction(to)),
        port::PartnerSort::Contacts(to) => book::PartnerSort::Contacts(direction(to)),
        port::PartnerSort::NextStep(to) => book::PartnerSort::NextStep(direction(to)),
        port::PartnerSort::Tier(to) => book::PartnerSort::Tier(direction(to)),
    }
}

fn direction(to: port::Direction) -> book::Direction {
    match to {
        port::Direction::Rising => book::Direction::Rising,
        port::Direction::Falling => book::Direction::Falling,
    }
}

pub(super) fn timeline_filter(filter: port::TimelineFilter) -> book::TimelineFilter {
    let port::TimelineFilter { types, methods, orders, from_ms, to_ms, relationship, text, own } = filter;
    book::TimelineFilter { types, methods, orders, from_ms, to_ms, relationship, text, own }
}

pub(super) fn summary(summary: book::Summary) -> port::Summary {
    let book::Summary { count, first_ms, last_ms, last_method, with_people, by_method, by_type } = summary;
    port::Summary { count, first_ms, last_ms, last_method, with_people, by_method, by_type }
}

pub(super) fn any_record(record: book::AnyRecord) -> port::AnyRecord {
    match record {
        book::AnyRecord::Partner(partner) => port::AnyRecord::Partner(partner),
        book::AnyRecord::Interaction(interaction) => port::AnyRecord::Interaction(interaction),
        book::AnyRecord::Order(order) => port::AnyRecord::Order(order),
        book::AnyRecord::Task(task) => port::AnyRecord::Task(task),
        book::AnyRecord::View(view) => port::AnyRecord::View(view),
    }
}

impl<H: Host> Workspace<H> {
    pub(super) fn row(&self, row: book::PartnerRow) -> port::PartnerRow {
        let book::PartnerRow { id, kind, name, aside, letter, next_step, last_contact_ms, phone, bought } =
            row;
        let mark = self.mark(id);
        port::PartnerRow { id, kind, name, aside, letter, next_step, last_contact_ms, phone, bought, mark }
    }

    pub(super) fn rows(&self, rows: Vec<book::PartnerRow>) -> Vec<port::PartnerRow> {
        rows.into_iter().map(|row| self.row(row)).collect()
    }

    pub(super) fn entry(&self, entry: book::TimelineEntry) -> port::TimelineEntry {
        let book::TimelineEntry { what, with, part, through } = entry;
        let mark = self.mark(what.id());
        let what = match what {
            book::Happened::Interaction(interaction) => port::Happened::Interaction(interaction),
            book::Happened::Order { order, total } => port::Happened::Order { order, total },
        };
        port::TimelineEntry { what, with, part, through, files: Vec::new(), mark }
    }

    pub(super) fn task(
        &self,
        (task, partner): book::TaskRow,
    ) -> (Task, Option<port::PartnerRow>, port::Mark) {
        let mark = self.mark(task.id);
        (task, partner.map(|partner| self.row(partner)), mark)
    }

    pub(super) fn card(&self, card: book::PartnerCard, review: Vec<port::ReviewItem>) -> port::PartnerCard {
        let id = card.partner.id;
        port::PartnerCard {
            code: card.partner.code(),
            team: self.creator().is_some(),
            owner: card.partner.card.owner.and_then(|owner| self.member_name(owner)).unwrap_or_default(),
            mark: self.mark(id),
            trashed: self.book.borrow().is_deleted(id) == Some(true),
            organisation: card.organisation.map(|organisation| self.row(organisation)),
            firm: card.firm.map(|firm| port::Firm {
                card: firm.card,
                orders: number(firm.orders),
                last_order: firm.last_order,
            }),
            people: card.people.into_iter().map(|(row, position)| (self.row(row), position)).collect(),
            summary: summary(card.summary),
            weeks: card.weeks,
            usual_gap_days: card.usual_gap_days,
            tasks: card
                .tasks
                .into_iter()
                .map(|task| (self.mark(task.id), task))
                .map(|(a, b)| (b, a))
                .collect(),
            last_three: card.last_three,
            last_order: card.last_order,
            orders: number(card.orders),
            orders_counted: number(card.orders_counted),
            files: number(card.files),
            bought: card.bought,
            products: card.products,
            scores: card.scores.map(|scores| super::insight::scores(scores, self.book.borrow().tiers())),
            review: review.into_iter().filter(|item| item.id == id).collect(),
            partner: card.partner,
        }
    }

    pub(super) fn today(&self, today: book::Today) -> port::Today {
        let logged = today.logged.into_iter();
        port::Today {
            partners: number(today.partners),
            due: today.due.into_iter().map(|task| self.task(task)).collect(),
            due_count: number(today.due_count),
            done: number(today.done),
            logged: logged.map(|(entry, row)| (self.entry(entry), row.map(|row| self.row(row)))).collect(),
            quiet: self.rows(today.quiet),
            recent: self.rows(today.recent),
            again: self.rows(today.again),
            suggestion: today.suggestion.map(|it| port::Suggestion {
                partner: self.row(it.partner),
                days: it.days,
                usual_days: it.usual_days,
                contacts: it.contacts,
            }),
        }
    }

    /// Puts the contents of the interactions into an answer of the book, which does not keep them. What cannot be
    /// read stays empty.
    pub(super) async fn fill(&self, answer: &mut impl Shows) {
        let mut held = answer.interactions_mut();
        let ids: Vec<RecordId> = held.iter().map(|interaction| interaction.id).collect();
        if ids.is_empty() {
            return;
        }
        let records = self.replica.records(&ids).await.unwrap_or_default();
        let contents: HashMap<RecordId, &Record> = records.iter().map(|(id, record)| (*id, record)).collect();
        for interaction in &mut held {
            let content =
                contents.get(&interaction.id).and_then(|record| record.value(field::CONTENT).as_text());
            interaction.entry.content = content.unwrap_or_default().to_owned();
        }
    }

    /// Tasks, orders and interactions that hold the words of a text.
    pub(super) async fn find_records(&self, text: &str, limit: u32) -> Vec<port::Found> {
        let mut found = self.book.borrow().find_records(text, limit as usize);
        self.fill(&mut found).await;
        found.into_iter().filter_map(|record| self.told_of(record, text)).collect()
    }

    fn told_of(&self, record: book::AnyRecord, text: &str) -> Option<port::Found> {
        let (id, at) = match &record {
            book::AnyRecord::Partner(_) | book::AnyRecord::View(_) => return None,
            book::AnyRecord::Interaction(it) => (it.id, Some(&it.entry.at)),
            book::AnyRecord::Order(it) => (it.id, Some(&it.entry.at)),
            book::AnyRecord::Task(it) => (it.id, it.entry.due.as_ref()),
        };
        let at_ms = at.map(|at| self.book.borrow().zone().here(at));
        let said = match &record {
            book::AnyRecord::Interaction(it) => book::excerpt(&it.entry.content, text),
            _ => None,
        };
        let Title { kind, text: title, partner, .. } = self.title(record)?;
        let named = || book::excerpt(&title, text);
        let shown =
            said.or_else(named).unwrap_or_else(|| book::Excerpt { text: title.clone(), marks: Vec::new() });
        let mark =
            |mark: &Range<usize>| Some((u32::try_from(mark.start).ok()?, u32::try_from(mark.end).ok()?));
        let marks = shown.marks.iter().filter_map(mark).collect();
        Some(port::Found { id, kind, title: shown.text, marks, partner, at_ms })
    }

    /// What records are called; `None` for those that are not in the book.
    pub(super) async fn titles(&self, ids: &[RecordId]) -> Vec<Option<Title>> {
        let mut cards: Vec<Option<book::RecordCard>> =
            ids.iter().map(|id| self.book.borrow().record(*id)).collect();
        self.fill(&mut cards).await;
        cards.into_iter().map(|card| self.title(card?.what)).collect()
    }

    /// As [`Self::titles`], without asking the disk: what is named by its contents stays without a name.
    pub(super) fn outline(&self, id: RecordId) -> Option<Title> {
        let card = self.book.borrow().record(id);
        self.title(card?.what)
    }

    fn title(&self, record: book::AnyRecord) -> Option<Title> {
        let book = self.book.borrow();
        Some(title_of(record, |partner| book.name(partner).to_owned()))
    }
}

/// What a record is called; `name` knows the partners.
pub(super) fn title_of(record: book::AnyRecord, name: impl Fn(RecordId) -> String) -> Title {
    let whose = |partner: RecordId| (name(partner), Some(partner));
    let (kind, text, (partner, partner_id)) = match record {
        book::AnyRecord::Partner(it) => {
            (ItemKind::Partner(it.card.kind), it.card.name, (String::new(), Some(it.id)))
        }
        book::AnyRecord::Interaction(it) => (
            ItemKind::Interaction(it.entry.record_type),
            first_line(&it.entry.content),
            whose(it.entry.partner),
        ),
        book::AnyRecord::Order(it) => (ItemKind::Order, it.entry.number, whose(it.entry.partner)),
        book::AnyRecord::Task(it) => {
            (ItemKind::Task, it.entry.title, it.entry.partner.map_or((String::new(), None), whose))
        }
        book::AnyRecord::View(it) => (ItemKind::View, it.entry.name, (String::new(), None)),
    };
    Title { kind, text, partner, partner_id }
}

/// The beginning of a note: one line, some eighty characters.
fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

//! One partner with everything that belongs to it, on one screen (R33, R131).

use crate::entry::Event;
use crate::partners::PartnerNo;
use crate::slab::Slab;
use crate::ties::Ties;
use crate::{Aggregate, Book, Firm, PartnerCard, PartnerRow, Summary};
use satchel_domain::sorted;
use satchel_domain::{Interaction, Order, RecordId, Task, moment::DAY_MS};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Weeks of history that a card shows.
const WEEKS: usize = 26;
/// Interactions that a card shows.
const LAST: usize = 3;
/// Products that a card names.
const PRODUCTS: usize = 5;

impl Book {
    /// The card of a partner, in the trash or not; of whom it was merged into, if it was. Weeks are counted back
    /// from `until_ms`.
    pub fn card(&self, id: RecordId, until_ms: i64) -> Option<PartnerCard> {
        let number = self.root(id)?;
        let partner = self.partners.entry(number)?.partner.clone();
        let ties = self.partners.ties(number);
        let newest = ties.events.iter().rev().filter_map(|number| self.events.get(*number));
        let company = partner.card.organisation.filter(|company| self.root(*company) != Some(number));
        Some(PartnerCard {
            organisation: company.and_then(|company| self.partner_row(company)),
            firm: company.and_then(|company| self.firm(company)),
            people: self.people(ties),
            summary: self.summary_of(number),
            weeks: weeks(ties, &self.events, until_ms),
            usual_gap_days: ties.usual_gap_days(&self.events, &self.zone),
            tasks: self.owed(ties),
            last_three: newest.take(LAST).map(|event| self.last_one(number, event)).collect(),
            last_order: self.last_order(ties),
            orders: ties.orders.len(),
            orders_counted: self.orders_counted(ties),
            files: self.files_len(ties),
            bought: ties.bought(),
            products: self.products(ties),
            scores: self.scores(number),
            partner,
        })
    }

    /// Open tasks, with those of the people who work there, soonest first.
    fn owed(&self, ties: &Ties) -> Vec<Task> {
        let all: BTreeSet<_> = self.owing(ties).flat_map(|ties| &ties.tasks).collect();
        all.into_iter().filter_map(|(_, task)| self.task(*task)).cloned().collect()
    }

    /// The first of them, with when it is due.
    pub(crate) fn owed_first(&self, number: PartnerNo) -> Option<(i64, RecordId)> {
        self.owing(self.partners.ties(number)).filter_map(|ties| ties.tasks.first()).min().copied()
    }

    /// Itself, and the people who work there.
    fn owing<'b>(&'b self, ties: &'b Ties) -> impl Iterator<Item = &'b Ties> {
        let live = ties.people.iter().filter(|number| self.partners.live(**number).is_some());
        std::iter::once(ties).chain(live.map(|number| self.partners.ties(*number)))
    }

    /// What somebody who works there has from it.
    fn firm(&self, company: RecordId) -> Option<Firm> {
        let number = self.root(company)?;
        let (card, ties) = (&self.partners.live(number)?.partner.card, self.partners.ties(number));
        Some(Firm { card: card.clone(), orders: ties.orders.len(), last_order: self.last_order(ties) })
    }

    fn last_order(&self, ties: &Ties) -> Option<Order> {
        let last = ties.orders.last().and_then(|number| self.orders.get(*number));
        last.map(|entry| entry.order.clone())
    }

    /// The communication aggregate of a partner (R23, R36).
    pub fn summary(&self, id: RecordId) -> Summary {
        self.root(id).map(|number| self.summary_of(number)).unwrap_or_default()
    }

    fn summary_of(&self, number: PartnerNo) -> Summary {
        let ties = self.partners.ties(number);
        let events = ties.events.iter().filter_map(|number| self.events.get(*number));
        // Who has no people took part in everything that hangs there.
        let events = events.filter(|_| !ties.people.is_empty());
        let with_people = events.filter(|event| !self.took_part(event, number)).count();
        Summary {
            with_people: u32::try_from(with_people).unwrap_or(u32::MAX),
            ..ties.summary(&self.events, &self.words)
        }
    }

    fn last_one(&self, number: PartnerNo, event: &Event) -> (Interaction, String) {
        let through = self.through(event, number).map(|(who, _)| self.name(self.partners.id(Some(who))));
        (event.view(&self.partners, &self.words), through.unwrap_or_default().to_owned())
    }

    /// The communication of every listed partner at a glance, by name: no more is reckoned than was kept.
    pub fn aggregates(&self) -> impl Iterator<Item = Aggregate> {
        self.live_partners().map(|(number, entry)| {
            let ties = self.partners.ties(number);
            let event = |number: Option<&u32>| self.events.get(*number?);
            let (first, last) = (event(ties.events.first()), event(ties.events.last()));
            Aggregate {
                partner: entry.partner.id,
                count: ties.tally.count,
                first_ms: first.map(|event| event.at_ms),
                last_ms: last.map(|event| event.at_ms),
                last_method: last.map(|event| event.method),
                by_method: ties.tally.by_method,
            }
        })
    }

    fn people(&self, ties: &Ties) -> Vec<(PartnerRow, String)> {
        let live = ties.people.iter().filter_map(|number| Some((*number, self.partners.live(*number)?)));
        let mut people: Vec<_> = live.collect();
        sorted::sort_by(&mut people, |(_, a), (_, b)| a.sort.cmp(&b.sort));
        people
            .into_iter()
            .map(|(number, entry)| (self.row(number, entry), entry.partner.card.position.clone()))
            .collect()
    }

    /// How many orders are in the sums: those that were not cancelled.
    fn orders_counted(&self, ties: &Ties) -> usize {
        ties.orders
            .iter()
            .filter_map(|number| self.orders.get(*number))
            .filter(|entry| entry.counts())
            .count()
    }

    /// What was bought most, in thousandths of units.
    fn products(&self, ties: &Ties) -> Vec<(String, i64)> {
        let entries = ties.orders.iter().filter_map(|number| self.orders.get(*number));
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for line in entries.filter(|entry| entry.counts()).flat_map(|entry| &entry.order.entry.lines) {
            let sum = sums.entry(&line.product).or_default();
            *sum = sum.saturating_add(line.quantity_milli);
        }
        let mut products: Vec<_> =
            sums.into_iter().filter(|(product, sum)| !product.is_empty() && *sum > 0).collect();
        sorted::sort_by_key(&mut products, |(_, sum)| Reverse(*sum));
        products.into_iter().take(PRODUCTS).map(|(product, sum)| (product.to_owned(), sum)).collect()
    }
}

fn weeks(ties: &Ties, events: &Slab<Event>, until_ms: i64) -> Vec<u32> {
    let mut weeks = vec![0; WEEKS];
    let newest_first = ties.events.iter().rev().filter_map(|number| events.get(*number));
    for event in newest_first.filter(|event| event.at_ms < until_ms) {
        let age = (until_ms.saturating_sub(1).saturating_sub(event.at_ms)) / (7 * DAY_MS);
        match usize::try_from(age) {
            Ok(age) if age < WEEKS => weeks[WEEKS - 1 - age] += 1,
            _ => break,
        }
    }
    weeks
}

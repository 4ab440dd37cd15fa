//! One partner with everything that belongs to it, on one screen (R33, R131).

use crate::ties::Ties;
use crate::{Book, PartnerCard, PartnerRow, Summary};
use satchel_domain::{RecordId, Task, moment::DAY_MS};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Weeks of history that a card shows.
const WEEKS: usize = 26;
/// Interactions that a card shows.
const LAST: usize = 3;
/// Products that a card names.
const PRODUCTS: usize = 5;

impl Book {
    /// A partner's card, in the trash or not; weeks are counted back from `until_ms`.
    pub fn card(&self, id: RecordId, until_ms: i64) -> Option<PartnerCard> {
        let partner = self.partner(id)?.clone();
        let nothing = Ties::default();
        let ties = self.ties.get(&id).unwrap_or(&nothing);
        let newest = ties.events.iter().rev();
        Some(PartnerCard {
            organisation: partner.card.organisation.and_then(|company| self.partner_row(company)),
            people: self.people(ties),
            summary: ties.summary(&self.records, &self.words),
            weeks: weeks(ties, until_ms),
            usual_gap_days: ties.usual_gap_days(),
            tasks: ties.tasks.iter().filter_map(|(_, task)| self.task(*task)).cloned().collect::<Vec<Task>>(),
            last_three: newest.take(LAST).filter_map(|when| self.interaction(when.id)).collect(),
            last_order: ties.orders.last().and_then(|when| self.order(when.id)).cloned(),
            orders: ties.orders.len(),
            bought: ties.bought(),
            products: self.products(ties),
            partner,
        })
    }

    /// The communication aggregate of a partner (R23, R36).
    pub fn summary(&self, id: RecordId) -> Summary {
        self.ties.get(&id).map(|ties| ties.summary(&self.records, &self.words)).unwrap_or_default()
    }

    fn people(&self, ties: &Ties) -> Vec<(PartnerRow, String)> {
        let mut people: Vec<_> = ties.people.iter().filter_map(|id| self.live_partner(*id)).collect();
        people.sort_by(|a, b| a.sort.cmp(&b.sort));
        people.into_iter().map(|entry| (self.row(entry), entry.partner.card.position.clone())).collect()
    }

    /// What was bought most, in thousandths of units.
    fn products(&self, ties: &Ties) -> Vec<(String, i64)> {
        let entries = ties.orders.iter().filter_map(|when| self.order_entry(when.id));
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for line in entries.filter(|entry| entry.counts()).flat_map(|entry| &entry.order.entry.lines) {
            let sum = sums.entry(&line.product).or_default();
            *sum = sum.saturating_add(line.quantity_milli);
        }
        let mut products: Vec<_> =
            sums.into_iter().filter(|(product, sum)| !product.is_empty() && *sum > 0).collect();
        products.sort_by_key(|(_, sum)| Reverse(*sum));
        products.into_iter().take(PRODUCTS).map(|(product, sum)| (product.to_owned(), sum)).collect()
    }
}

fn weeks(ties: &Ties, until_ms: i64) -> Vec<u32> {
    let mut weeks = vec![0; WEEKS];
    for when in ties.events.iter().rev().filter(|when| when.at_ms < until_ms) {
        let age = (until_ms.saturating_sub(1).saturating_sub(when.at_ms)) / (7 * DAY_MS);
        match usize::try_from(age) {
            Ok(age) if age < WEEKS => weeks[WEEKS - 1 - age] += 1,
            _ => break,
        }
    }
    weeks
}

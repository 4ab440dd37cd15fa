//! What hangs on a partner, kept up to date with every record that comes or goes (R23, R36, D1–D3).

use crate::entry::{Event, OrderEntry, When};
use crate::partners::PartnerNo;
use crate::slab::Slab;
use crate::views::Summary;
use crate::words::Words;
use crate::zone::Zone;
use satchel_domain::sorted;
use satchel_domain::{Currency, Method, Money, RecordId, RecordType};
use std::collections::BTreeSet;

/// Counts of interactions by method and type; adding and removing are exact inverses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) count: u32,
    pub(crate) by_method: [u32; Method::ALL.len()],
    /// By the number of the type's code.
    by_type: Vec<(u32, u32)>,
}

impl Tally {
    pub(crate) fn add(&mut self, event: &Event) {
        self.count += 1;
        self.by_method[event.method as usize] += 1;
        match self.by_type.iter_mut().find(|(kind, _)| *kind == event.record_type) {
            Some((_, count)) => *count += 1,
            None => self.by_type.push((event.record_type, 1)),
        }
    }

    fn remove(&mut self, event: &Event) {
        self.count -= 1;
        self.by_method[event.method as usize] -= 1;
        if let Some(at) = self.by_type.iter().position(|(kind, _)| *kind == event.record_type) {
            self.by_type[at].1 -= 1;
            if self.by_type[at].1 == 0 {
                self.by_type.swap_remove(at);
            }
        }
    }

    /// With the first and last of what was counted.
    pub(crate) fn summary(&self, first: Option<&Event>, last: Option<&Event>, words: &Words) -> Summary {
        let by_type =
            self.by_type.iter().map(|(kind, count)| (RecordType::from_code(words.word(*kind)), *count));
        let by_method = Method::ALL.iter().map(|method| (*method, self.by_method[*method as usize]));
        Summary {
            count: self.count,
            first_ms: first.map(|event| event.at_ms),
            last_ms: last.map(|event| event.at_ms),
            last_method: last.map(|event| event.method),
            with_people: 0,
            by_method: most_first(by_method.filter(|(_, count)| *count > 0)),
            by_type: most_first(by_type),
        }
    }
}

/// Sorted by count, the most first; equal counts by their key.
fn most_first<K: Ord>(counts: impl Iterator<Item = (K, u32)>) -> Vec<(K, u32)> {
    let mut counts: Vec<_> = counts.collect();
    sorted::sort_by(&mut counts, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// What hangs on one partner, also through those that were merged into it.
#[derive(Debug, Default)]
pub(crate) struct Ties {
    /// Interactions in which it, or somebody who works there, took part in any way, by time (R42).
    pub(crate) events: Vec<u32>,
    pub(crate) tally: Tally,
    /// Orders, by time.
    pub(crate) orders: Vec<u32>,
    bought: Vec<(Currency, i128)>,
    /// Open tasks by due time, those without last.
    pub(crate) tasks: BTreeSet<(i64, RecordId)>,
    /// The people of an organisation, in no order.
    pub(crate) people: Vec<PartnerNo>,
}

/// Where something stands, or would, among things by time.
fn place(held: &[u32], when: &When, of: impl Fn(u32) -> Option<When>) -> Result<usize, usize> {
    held.binary_search_by(|number| of(*number).as_ref().cmp(&Some(when)))
}

/// As [`Vec::insert`], with room for an eighth more where there is none: a history is read more often than it grows,
/// and there are many.
fn insert(held: &mut Vec<u32>, at: usize, number: u32) {
    if held.len() == held.capacity() {
        held.reserve_exact(held.len() / 8 + 1);
    }
    held.insert(at, number);
}

impl Ties {
    pub(crate) fn add_event(&mut self, number: u32, events: &Slab<Event>) {
        let Some(event) = events.get(number) else { return };
        if let Err(at) = place(&self.events, &event.when(), |other| events.get(other).map(Event::when)) {
            insert(&mut self.events, at, number);
            self.tally.add(event);
        }
    }

    pub(crate) fn remove_event(&mut self, number: u32, events: &Slab<Event>) {
        let Some(event) = events.get(number) else { return };
        if let Ok(at) = place(&self.events, &event.when(), |other| events.get(other).map(Event::when)) {
            self.events.remove(at);
            self.tally.remove(event);
        }
    }

    pub(crate) fn add_order(&mut self, number: u32, orders: &Slab<OrderEntry>) {
        let Some(entry) = orders.get(number) else { return };
        if let Err(at) = place(&self.orders, &entry.when(), |other| orders.get(other).map(OrderEntry::when)) {
            self.orders.insert(at, number);
            if entry.counts() {
                self.buy(entry.total.currency, i128::from(entry.total.minor));
            }
        }
    }

    pub(crate) fn remove_order(&mut self, number: u32, orders: &Slab<OrderEntry>) {
        let Some(entry) = orders.get(number) else { return };
        if let Ok(at) = place(&self.orders, &entry.when(), |other| orders.get(other).map(OrderEntry::when)) {
            self.orders.remove(at);
            if entry.counts() {
                self.buy(entry.total.currency, -i128::from(entry.total.minor));
            }
        }
    }

    /// A sum of nothing is not kept, however it came about: adding and removing stay exact inverses.
    fn buy(&mut self, currency: Currency, minor: i128) {
        let at = match self.bought.binary_search_by_key(&currency, |(currency, _)| *currency) {
            Ok(at) => at,
            Err(at) => {
                self.bought.insert(at, (currency, 0));
                at
            }
        };
        self.bought[at].1 += minor;
        if self.bought[at].1 == 0 {
            self.bought.remove(at);
        }
    }

    /// The last contact, ms since 1970 UTC: the latest interaction, however it came in (D3).
    pub(crate) fn last_contact_ms(&self, events: &Slab<Event>) -> Option<i64> {
        Some(events.get(*self.events.last()?)?.at_ms)
    }

    /// What was bought, per currency, the largest first.
    pub(crate) fn bought(&self) -> Vec<Money> {
        let money = |(currency, sum): &(Currency, i128)| Money { minor: clamped(*sum), currency: *currency };
        let mut bought: Vec<Money> = self.bought.iter().map(money).collect();
        sorted::sort_by_key(&mut bought, |money| std::cmp::Reverse(comparable(*money)));
        bought
    }

    /// What the list is sorted by: the largest of the sums in different currencies, unconverted.
    pub(crate) fn value(&self) -> i128 {
        let sums =
            self.bought.iter().map(|(currency, sum)| Money { minor: clamped(*sum), currency: *currency });
        sums.map(comparable).max().unwrap_or(0)
    }

    /// The days that usually lie between two days with contact: the median of the latest, if there
    /// are three such days or more.
    pub(crate) fn usual_gap_days(&self, events: &Slab<Event>, zone: &Zone) -> Option<u32> {
        const LATEST: usize = 64;
        let latest = self.events.iter().rev().take(LATEST).filter_map(|number| events.get(*number));
        let mut days: Vec<i32> = latest.map(|event| zone.day(event.at_ms).0).collect();
        days.dedup();
        let mut gaps: Vec<i32> = days.windows(2).map(|pair| pair[0].saturating_sub(pair[1])).collect();
        if gaps.len() < 2 {
            return None;
        }
        gaps.sort_unstable();
        u32::try_from(gaps[gaps.len() / 2]).ok()
    }

    pub(crate) fn summary(&self, events: &Slab<Event>, words: &Words) -> Summary {
        let event = |number: Option<&u32>| events.get(*number?);
        self.tally.summary(event(self.events.first()), event(self.events.last()), words)
    }
}

fn clamped(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

/// Amounts of different currencies on one scale of decimal places (not of worth).
fn comparable(money: Money) -> i128 {
    i128::from(money.minor) * 10_000 / i128::from(money.currency.minor_units())
}

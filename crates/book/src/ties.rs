//! What hangs on a partner, kept up to date with every record that comes or goes (R23, R36, D1–D3).

use crate::entry::{Entry, Event, OrderEntry, When, Words};
use crate::views::Summary;
use satchel_domain::{Currency, Method, Money, RecordId, RecordType, moment::DAY_MS};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Counts of interactions by method and type; adding and removing are exact inverses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    count: u32,
    by_method: BTreeMap<Method, u32>,
    by_type: BTreeMap<u32, u32>,
}

impl Tally {
    pub(crate) fn add(&mut self, event: &Event) {
        self.count += 1;
        *self.by_method.entry(event.method).or_default() += 1;
        *self.by_type.entry(event.record_type).or_default() += 1;
    }

    fn remove(&mut self, event: &Event) {
        self.count = self.count.saturating_sub(1);
        take_one(&mut self.by_method, event.method);
        take_one(&mut self.by_type, event.record_type);
    }

    /// With the first and last of what was counted.
    pub(crate) fn summary(&self, first: Option<&Event>, last: Option<&Event>, words: &Words) -> Summary {
        let by_type =
            self.by_type.iter().map(|(kind, count)| (RecordType::from_code(words.word(*kind)), *count));
        Summary {
            count: self.count,
            first_ms: first.map(|event| event.at_ms),
            last_ms: last.map(|event| event.at_ms),
            last_method: last.map(|event| event.method),
            by_method: most_first(self.by_method.iter().map(|(method, count)| (*method, *count))),
            by_type: most_first(by_type),
        }
    }
}

fn take_one<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K) {
    if let Some(count) = counts.get_mut(&key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}

/// Sorted by count, the most first; equal counts by their key.
fn most_first<K: Ord>(counts: impl Iterator<Item = (K, u32)>) -> Vec<(K, u32)> {
    let mut counts: Vec<_> = counts.collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// What hangs on one partner: kept by its id, whether or not the partner itself is here yet.
#[derive(Debug, Default)]
pub(crate) struct Ties {
    /// Interactions in which it took part in any way, by time (R42).
    pub(crate) events: BTreeSet<When>,
    pub(crate) tally: Tally,
    /// Orders, by time.
    pub(crate) orders: BTreeSet<When>,
    bought: BTreeMap<Currency, i128>,
    /// Open tasks by due time, those without last.
    pub(crate) tasks: BTreeSet<(i64, RecordId)>,
    /// The people of an organisation.
    pub(crate) people: BTreeSet<RecordId>,
}

impl Ties {
    pub(crate) fn add_event(&mut self, event: &Event) {
        if self.events.insert(event.when()) {
            self.tally.add(event);
        }
    }

    pub(crate) fn remove_event(&mut self, event: &Event) {
        if self.events.remove(&event.when()) {
            self.tally.remove(event);
        }
    }

    pub(crate) fn add_order(&mut self, entry: &OrderEntry) {
        if self.orders.insert(entry.when()) && entry.counts() {
            self.buy(entry.total.currency, i128::from(entry.total.minor));
        }
    }

    pub(crate) fn remove_order(&mut self, entry: &OrderEntry) {
        if self.orders.remove(&entry.when()) && entry.counts() {
            self.buy(entry.total.currency, -i128::from(entry.total.minor));
        }
    }

    /// A sum of nothing is not kept, however it came about: adding and removing stay exact inverses.
    fn buy(&mut self, currency: Currency, minor: i128) {
        let sum = self.bought.entry(currency).or_default();
        *sum += minor;
        if *sum == 0 {
            self.bought.remove(&currency);
        }
    }

    /// Nothing hangs on it any more.
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.orders.is_empty() && self.tasks.is_empty() && self.people.is_empty()
    }

    /// The last contact, ms since 1970 UTC: the latest interaction, however it came in (D3).
    pub(crate) fn last_contact_ms(&self) -> Option<i64> {
        self.events.last().map(|when| when.at_ms)
    }

    /// Interactions and orders together, newest first.
    pub(crate) fn history(&self) -> impl Iterator<Item = &When> {
        let (mut events, mut orders) =
            (self.events.iter().rev().peekable(), self.orders.iter().rev().peekable());
        std::iter::from_fn(move || match (events.peek(), orders.peek()) {
            (Some(event), Some(order)) if event < order => orders.next(),
            (Some(_), _) => events.next(),
            (None, _) => orders.next(),
        })
    }

    /// What was bought, per currency, the largest first.
    pub(crate) fn bought(&self) -> Vec<Money> {
        let money = |(currency, sum): (&Currency, &i128)| Money { minor: clamped(*sum), currency: *currency };
        let mut bought: Vec<Money> = self.bought.iter().map(money).collect();
        bought.sort_by_key(|money| std::cmp::Reverse(comparable(*money)));
        bought
    }

    /// What the list is sorted by: the largest of the sums in different currencies, unconverted.
    pub(crate) fn value(&self) -> i128 {
        self.bought().first().map_or(0, |money| comparable(*money))
    }

    /// The days that usually lie between two days with contact: the median of the latest, if there
    /// are three such days or more.
    pub(crate) fn usual_gap_days(&self) -> Option<u32> {
        const LATEST: usize = 64;
        let mut days: Vec<i64> =
            self.events.iter().rev().map(|when| when.at_ms.div_euclid(DAY_MS)).take(LATEST).collect();
        days.dedup();
        let mut gaps: Vec<i64> = days.windows(2).map(|pair| pair[0].saturating_sub(pair[1])).collect();
        if gaps.len() < 2 {
            return None;
        }
        gaps.sort_unstable();
        u32::try_from(gaps[gaps.len() / 2]).ok()
    }

    pub(crate) fn summary(&self, records: &HashMap<RecordId, Entry>, words: &Words) -> Summary {
        let event = |when: Option<&When>| match records.get(&when?.id) {
            Some(Entry::Interaction(event)) => Some(&**event),
            _ => None,
        };
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

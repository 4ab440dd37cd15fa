//! How lately, how often and for how much a customer buys (R29, R62): recency, frequency, monetary value.
//!
//! Frequency counts the days with an order, as the published summaries of purchase histories do; cancelled orders do
//! not count. Monetary value is what was bought in the customer's main currency, the one of most of her orders, and is
//! ranked among customers with the same main currency only: amounts of different currencies are never added.
//!
//! Each of the three becomes a score from 1 to 5 by rank: `1 + 5 × below / all`, rounded down, where `below` counts
//! the customers with a lower value. So equal values have equal scores, whoever has the least of all has 1, and the
//! order of records never matters. The tier is of the sum of the three.

use crate::Book;
use crate::entry::OrderEntry;
use crate::partners::PartnerNo;
use satchel_domain::{Currency, Day, Money, Tier};
use std::collections::BTreeMap;

/// Fewer customers with orders than this have no scores: a fifth of them would be less than one.
pub const RFM_LEAST: usize = 5;
/// The least and the most that three scores add up to.
const SUMS: (u8, u8) = (3, 15);

/// From which sum of the three scores on a customer is of tier A, and from which of B; below that of C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tiers {
    /// A from this sum on.
    pub a: u8,
    /// B from this sum on.
    pub b: u8,
}

impl Default for Tiers {
    fn default() -> Self {
        Self { a: 12, b: 8 }
    }
}

impl Tiers {
    /// Whether each of the three tiers can have somebody in it.
    pub fn is_sound(self) -> bool {
        SUMS.0 < self.b && self.b < self.a && self.a <= SUMS.1
    }

    /// The tier of a sum of scores.
    pub fn of(self, scores: Scores) -> Tier {
        match scores.sum() {
            sum if sum >= self.a => Tier::A,
            sum if sum >= self.b => Tier::B,
            _ => Tier::C,
        }
    }
}

/// What a customer's orders say of her.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habit {
    /// The day of the first order.
    pub first: Day,
    /// The day of the last.
    pub last: Day,
    /// On how many days there was one.
    pub days: u32,
    /// What was bought in the main currency.
    pub spent: Money,
}

/// Scores from 1 to 5; 5 is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    /// How lately.
    pub recency: u8,
    /// How often.
    pub frequency: u8,
    /// For how much.
    pub monetary: u8,
}

impl Scores {
    /// What the tier is of.
    pub(crate) fn sum(self) -> u8 {
        self.recency + self.frequency + self.monetary
    }
}

/// The values of all customers that are compared, each sorted.
#[derive(Debug, Default)]
pub(crate) struct Ranks {
    last: Vec<Day>,
    days: Vec<u32>,
    spent: BTreeMap<Currency, Vec<i64>>,
}

impl Ranks {
    pub(crate) fn of(habits: impl Iterator<Item = Habit>) -> Self {
        let mut ranks = Self::default();
        for habit in habits {
            ranks.last.push(habit.last);
            ranks.days.push(habit.days);
            ranks.spent.entry(habit.spent.currency).or_default().push(habit.spent.minor);
        }
        ranks.last.sort_unstable();
        ranks.days.sort_unstable();
        ranks.spent.values_mut().for_each(|amounts| amounts.sort_unstable());
        ranks
    }

    /// `None` where there are too few to compare.
    pub(crate) fn scores(&self, habit: &Habit) -> Option<Scores> {
        (self.days.len() >= RFM_LEAST).then(|| Scores {
            recency: score(&self.last, &habit.last),
            frequency: score(&self.days, &habit.days),
            monetary: self.spent.get(&habit.spent.currency).map_or(1, |all| score(all, &habit.spent.minor)),
        })
    }
}

fn score<T: Ord>(sorted: &[T], value: &T) -> u8 {
    let below = sorted.partition_point(|other| other < value);
    u8::try_from(1 + 5 * below / sorted.len().max(1)).unwrap_or(5).min(5)
}

impl Book {
    /// What a partner's orders say; `None` where there are none that count.
    pub(crate) fn habit(&self, number: PartnerNo) -> Option<Habit> {
        let orders = &self.partners.ties(number).orders;
        let orders: Vec<&OrderEntry> = orders
            .iter()
            .filter_map(|number| self.orders.get(*number))
            .filter(|entry| entry.counts())
            .collect();
        let day = |entry: &&OrderEntry| self.zone.day(entry.at_ms);
        let mut days: Vec<Day> = orders.iter().map(day).collect();
        days.dedup();
        let (first, last) = (*days.first()?, *days.last()?);
        Some(Habit {
            first,
            last,
            days: u32::try_from(days.len()).unwrap_or(u32::MAX),
            spent: main_spend(&orders),
        })
    }

    /// The scores of a partner among all with orders; `None` without orders, or where there are too few.
    pub(crate) fn scores(&self, number: PartnerNo) -> Option<Scores> {
        *self.scored.get_or_init(|| self.score_all()).get(number.place())?
    }

    /// The tier of a partner; `None` where it has no scores.
    pub(crate) fn tier(&self, number: PartnerNo) -> Option<Tier> {
        Some(self.tiers.of(self.scores(number)?))
    }

    /// The scores of all, by number.
    fn score_all(&self) -> Vec<Option<Scores>> {
        let of = |(number, _)| Some((number, self.habit(number)?));
        let habits: Vec<(PartnerNo, Habit)> = self.live_partners().filter_map(of).collect();
        let ranks = Ranks::of(habits.iter().map(|(_, habit)| *habit));
        let mut scored = vec![None; self.partners.len()];
        for (number, habit) in &habits {
            scored[number.place()] = ranks.scores(habit);
        }
        scored
    }

    /// What the orders of each listed partner say who has any, by name.
    pub fn habits(&self) -> Vec<(satchel_domain::RecordId, Habit)> {
        let listed = self.live_partners();
        listed.filter_map(|(number, entry)| Some((entry.partner.id, self.habit(number)?))).collect()
    }
}

/// The sum in the currency of most orders; of equally many, the first by its code.
fn main_spend(orders: &[&OrderEntry]) -> Money {
    let mut sums: BTreeMap<Currency, (usize, i64)> = BTreeMap::new();
    for entry in orders {
        let (count, sum) = sums.entry(entry.total.currency).or_default();
        *count += 1;
        *sum = sum.saturating_add(entry.total.minor);
    }
    let main = sums.into_iter().rev().max_by_key(|(_, (count, _))| *count);
    main.map_or(Money { minor: 0, currency: Currency::CNY }, |(currency, (_, minor))| Money {
        minor,
        currency,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn habit(last: i32, days: u32, minor: i64) -> Habit {
        let spent = Money { minor, currency: Currency::CNY };
        Habit { first: Day(0), last: Day(last), days, spent }
    }

    #[test]
    fn ranks_become_fifths_and_equals_are_equal_r62() {
        let all = [habit(1, 1, 10), habit(2, 1, 20), habit(3, 1, 30), habit(4, 2, 40), habit(5, 9, 50)];
        let ranks = Ranks::of(all.into_iter());
        let scores: Vec<_> = all.iter().filter_map(|habit| ranks.scores(habit)).collect();
        let of = |pick: fn(&Scores) -> u8| scores.iter().map(pick).collect::<Vec<_>>();
        assert_eq!(of(|it| it.recency), [1, 2, 3, 4, 5]);
        assert_eq!(
            of(|it| it.frequency),
            [1, 1, 1, 4, 5],
            "who ordered once is not better than others who did"
        );
        assert_eq!(of(|it| it.monetary), [1, 2, 3, 4, 5]);
        let tiers = |tiers: Tiers| scores.iter().map(|it| tiers.of(*it).letter()).collect::<String>();
        assert_eq!(tiers(Tiers::default()), "CCCAA");
        assert_eq!(tiers(Tiers { a: 15, b: 5 }), "CBBBA");
    }

    #[test]
    fn each_tier_can_have_somebody_in_it() {
        let sound = |a, b| Tiers { a, b }.is_sound();
        assert!(Tiers::default().is_sound() && sound(15, 14) && sound(5, 4));
        assert!(!sound(16, 8) && !sound(8, 8) && !sound(7, 8) && !sound(5, 3));
    }

    #[test]
    fn too_few_have_no_scores_and_currencies_are_not_mixed() {
        let few = [habit(1, 1, 1); RFM_LEAST - 1];
        assert_eq!(Ranks::of(few.into_iter()).scores(&few[0]), None);
        let dollars = Habit { spent: Money { minor: 1, currency: Currency::USD }, ..habit(1, 1, 0) };
        let all = [habit(1, 1, 900), habit(1, 1, 800), habit(1, 1, 700), habit(1, 1, 600), dollars];
        let ranks = Ranks::of(all.into_iter());
        assert_eq!(ranks.scores(&dollars).map(|it| it.monetary), Some(1), "alone in her currency");
        assert_eq!(ranks.scores(&all[0]).map(|it| it.monetary), Some(4));
    }
}

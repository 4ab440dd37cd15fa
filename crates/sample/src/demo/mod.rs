//! The sample workspace: a wholesaler's customers and what happened with them in the last eighteen months.
//!
//! Who is spoken with how often follows a curve as in life: a few often, most now and then. Some things are planted so
//! that every screen has something to show: customers gone quiet, tasks overdue and due, pairs that look alike, records
//! that are not quite right.

mod calendar;
mod chinese;
mod english;
mod people;
mod tongue;
mod work;

use crate::dice::Dice;
use calendar::Calendar;
use satchel_domain::{InteractionDraft, OrderDraft, PartnerDraft, RecordId, TaskDraft};
use tongue::Tongue;

/// In which language things are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

/// How much of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Firms.
    pub organisations: usize,
    /// People who work there.
    pub people: usize,
    /// Visits, calls, mails and chats.
    pub communications: usize,
    /// Orders.
    pub orders: usize,
    /// What customers think.
    pub feedback: usize,
    /// What they want mended.
    pub requests: usize,
    /// Promises, kept and open.
    pub tasks: usize,
    /// How many days all that took.
    pub days: usize,
}

/// A sample workspace to be made.
#[derive(Clone, Copy, Debug)]
pub struct Demo<'a> {
    /// Same seed, same content.
    pub seed: u64,
    /// The language.
    pub language: Language,
    /// Now, ms since 1970 UTC.
    pub now_ms: i64,
    /// When the day began where the person is, ms since 1970 UTC.
    pub midnight_ms: i64,
    /// Her IANA zone.
    pub zone: &'a str,
    /// How much.
    pub sizes: Sizes,
}

/// A made-up record.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// When it was written, ms since 1970 UTC.
    pub written_ms: i64,
    /// Its id.
    pub id: RecordId,
    /// What it says.
    pub what: What,
}

/// What a made-up record says.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A partner.
    Partner(Box<PartnerDraft>),
    /// An interaction.
    Interaction(Box<InteractionDraft>),
    /// An order.
    Order(Box<OrderDraft>),
    /// A task, and when it was done, ms since 1970 UTC.
    Task(Box<TaskDraft>, Option<u64>),
}

impl Sizes {
    /// What a person can look around in.
    pub const DEMO: Self = Self {
        organisations: 120,
        people: 260,
        communications: 2_400,
        orders: 900,
        feedback: 160,
        requests: 140,
        tasks: 60,
        days: 540,
    };
}

impl Demo<'_> {
    /// All records, in the order in which they were written.
    pub fn records(&self) -> Vec<Made> {
        let people = people::People::make(self);
        let mut made = people.records(self);
        made.extend(work::records(self, &people));
        made.sort_by_key(|record| record.written_ms);
        made
    }

    fn tongue(&self) -> &'static Tongue {
        match self.language {
            Language::English => &english::ENGLISH,
            Language::Chinese => &chinese::CHINESE,
        }
    }

    fn calendar(&self) -> Calendar<'_> {
        Calendar { now_ms: self.now_ms, midnight_ms: self.midnight_ms, zone: self.zone }
    }

    /// The throws for the `place`-th of a kind.
    fn dice(&self, kind: u64, place: usize) -> Dice {
        Dice::new(self.seed, (kind << 56) | place as u64)
    }
}

fn id(dice: &mut Dice) -> RecordId {
    let mut bytes = [0; 16];
    dice.fill(&mut bytes);
    RecordId(bytes)
}

/// Puts a product, a number and a name into a text's gaps.
fn told(text: &str, dice: &mut Dice, tongue: &Tongue, who: &str) -> String {
    let (product, _) = tongue.products[dice.below(tongue.products.len())];
    let number = (2 + dice.below(11)) * 5;
    text.replace("{p}", product).replace("{n}", &number.to_string()).replace("{q}", who)
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{OrderStatus, PartnerKind};
    use std::collections::{BTreeMap, BTreeSet};

    /// 2026-03-04, a Wednesday, 15:00 in Shanghai.
    const NOW_MS: i64 = 1_772_607_600_000;
    const DEMO: Demo<'static> = Demo {
        seed: 1,
        language: Language::Chinese,
        now_ms: NOW_MS,
        midnight_ms: NOW_MS - 15 * 3_600_000,
        zone: "Asia/Shanghai",
        sizes: Sizes::DEMO,
    };

    fn partners(made: &[Made]) -> impl Iterator<Item = &PartnerDraft> {
        made.iter().filter_map(|record| match &record.what {
            What::Partner(draft) => Some(&**draft),
            _ => None,
        })
    }

    fn interactions(made: &[Made]) -> impl Iterator<Item = &InteractionDraft> {
        made.iter().filter_map(|record| match &record.what {
            What::Interaction(draft) => Some(&**draft),
            _ => None,
        })
    }

    #[test]
    fn the_same_seed_and_day_give_the_same_records() {
        assert_eq!(DEMO.records(), DEMO.records());
        assert_ne!(DEMO.records(), Demo { seed: 2, ..DEMO }.records());
        assert_ne!(DEMO.records(), Demo { language: Language::English, ..DEMO }.records());
    }

    #[test]
    fn there_is_as_much_as_was_asked_for_and_every_id_is_one_records() {
        let made = DEMO.records();
        assert_eq!(partners(&made).count(), 120 + 260 + people::TWINS + people::DIRTY);
        assert_eq!(interactions(&made).count(), 2_400 + 160 + 140);
        let ids: BTreeSet<_> = made.iter().map(|record| record.id).collect();
        assert_eq!(ids.len(), made.len());
        let few = Demo { sizes: Sizes { people: 10, communications: 50, ..Sizes::DEMO }, ..DEMO };
        assert_eq!(interactions(&few.records()).count(), 50 + 160 + 140);
    }

    fn orders(made: &[Made]) -> impl Iterator<Item = &OrderDraft> {
        made.iter().filter_map(|record| match &record.what {
            What::Order(draft) => Some(&**draft),
            _ => None,
        })
    }

    /// Of each firm the days on which something was ordered, in order.
    fn order_days(made: &[Made]) -> BTreeMap<RecordId, Vec<i64>> {
        let mut days: BTreeMap<RecordId, Vec<i64>> = BTreeMap::new();
        for order in orders(made) {
            let ago = (DEMO.midnight_ms - order.at.utc_ms).div_euclid(86_400_000);
            days.entry(order.partner).or_default().push(-ago);
        }
        days.values_mut().for_each(|days| days.sort_unstable());
        days
    }

    #[test]
    fn what_is_planted_is_there_and_as_often_as_said() {
        for language in [Language::English, Language::Chinese] {
            let made = Demo { language, ..DEMO }.records();
            let mut phones: BTreeMap<&str, usize> = BTreeMap::new();
            for partner in partners(&made).filter(|partner| partner.kind == PartnerKind::Person) {
                *phones.entry(partner.phones[0].value.as_str()).or_default() += 1;
            }
            assert_eq!(phones.values().filter(|count| **count == 2).count(), 12, "pairs");
            assert_eq!(
                phones.values().filter(|count| **count == 8).count(),
                1,
                "one number on eight records"
            );
            let unsound = partners(&made)
                .filter(|partner| partner.mails.first().is_some_and(|it| it.value.contains(" at ")));
            assert_eq!(unsound.count(), 8, "records that are not quite right");
            let cancelled = orders(&made).filter(|order| order.status == OrderStatus::Cancelled).count();
            assert_eq!(
                (orders(&made).count(), cancelled),
                (900, 45),
                "orders, and those that were taken back"
            );
            let products: BTreeSet<&str> = orders(&made)
                .flat_map(|order| order.lines.iter().map(|line| line.product.as_str()))
                .collect();
            assert_eq!(products.len(), 40);
            assert_eq!(made.iter().filter(|record| matches!(record.what, What::Task(..))).count(), 60);
        }
    }

    #[test]
    fn five_firms_are_due_to_reorder() {
        let made = DEMO.records();
        let due = |days: &&Vec<i64>| {
            let gaps: Vec<i64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let steady = gaps.len() > 8 && gaps.iter().all(|gap| (24..=32).contains(gap));
            steady && (33..=40).contains(&-days.last().copied().unwrap_or_default())
        };
        assert_eq!(order_days(&made).values().filter(due).count(), 5);
    }

    #[test]
    fn six_firms_that_were_busy_have_gone() {
        let made = DEMO.records();
        let employer: BTreeMap<RecordId, RecordId> = made
            .iter()
            .filter_map(|record| match &record.what {
                What::Partner(draft) => Some((record.id, draft.organisation?)),
                _ => None,
            })
            .collect();
        let mut heard: BTreeMap<RecordId, (usize, i64)> = BTreeMap::new();
        let told = interactions(&made).map(|draft| (employer[&draft.partner], draft.at.utc_ms));
        for (firm, at_ms) in told.chain(orders(&made).map(|order| (order.partner, order.at.utc_ms))) {
            let (count, last_ms) = heard.entry(firm).or_insert((0, i64::MIN));
            *count += 1;
            *last_ms = at_ms.max(*last_ms);
        }
        let since_ms = DEMO.midnight_ms - 70 * 86_400_000;
        let gone = heard.values().filter(|(count, last_ms)| *count >= 36 && *last_ms < since_ms);
        assert_eq!(gone.count(), 6);
    }

    #[test]
    fn firms_buy_in_three_sizes_that_nothing_lies_between() {
        let made = DEMO.records();
        let mut firms: BTreeMap<RecordId, Vec<i64>> = BTreeMap::new();
        for order in orders(&made) {
            let units = order.lines.iter().map(|line| line.quantity_milli / 1_000).sum();
            firms.entry(order.partner).or_default().push(units);
        }
        let mut sizes = [0; 3];
        for units in firms.values() {
            let size = |units: &i64| match units {
                1..=3 => 0,
                24..=72 => 1,
                320..=700 => 2,
                other => panic!("{other} units are of no size"),
            };
            let of: BTreeSet<usize> = units.iter().map(size).collect();
            assert_eq!(of.len(), 1, "a firm keeps to its size");
            of.iter().for_each(|size| sizes[*size] += 1);
        }
        assert!(sizes.iter().all(|firms| *firms >= 20), "{sizes:?}");
    }

    #[test]
    fn everything_would_pass_the_forms_and_nothing_lies_ahead() {
        for language in [Language::English, Language::Chinese] {
            for record in (Demo { language, ..DEMO }).records() {
                let found = match &record.what {
                    What::Partner(draft) => draft.validate(NOW_MS),
                    What::Interaction(draft) => draft.validate(NOW_MS),
                    What::Order(draft) => draft.validate(),
                    What::Task(draft, _) => draft.validate(),
                };
                assert!(!found.iter().any(|wrong| wrong.code.blocks()), "{found:?} in {record:?}");
                assert!(record.written_ms <= NOW_MS, "{record:?}");
            }
        }
    }

    #[test]
    fn no_two_firms_and_no_two_people_have_one_name_by_chance() {
        for language in [Language::English, Language::Chinese] {
            let made = Demo { language, ..DEMO }.records();
            let planted = people::TWINS + people::DIRTY;
            let names: BTreeSet<&str> = partners(&made).map(|partner| partner.name.as_str()).collect();
            assert!(names.len() >= partners(&made).count() - planted);
        }
    }

    #[test]
    fn every_gap_of_a_text_is_filled() {
        for language in [Language::English, Language::Chinese] {
            let made = Demo { language, ..DEMO }.records();
            assert!(
                interactions(&made).all(|draft| !draft.content.is_empty() && !draft.content.contains('{'))
            );
        }
    }

    #[test]
    fn a_day_of_visits_lies_close_together() {
        for language in [Language::English, Language::Chinese] {
            let made = Demo { language, ..DEMO }.records();
            let at = |minute: i64| DEMO.midnight_ms + minute * 60_000;
            let visits: BTreeSet<RecordId> = made
                .iter()
                .filter_map(|record| match &record.what {
                    What::Task(draft, None) => draft.partner.zip(draft.due.clone()),
                    _ => None,
                })
                .filter(|(_, due)| due.precision == satchel_domain::Precision::Exact)
                .filter(|(_, due)| (at(0)..at(24 * 60)).contains(&due.utc_ms))
                .map(|(partner, _)| partner)
                .collect();
            assert_eq!(visits.len(), 4, "somebody else each time");
            let firm_of = |person: &RecordId| {
                let person = made.iter().find(|record| record.id == *person);
                person.and_then(|record| match &record.what {
                    What::Partner(draft) => draft.organisation,
                    _ => None,
                })
            };
            let firms: BTreeSet<RecordId> = visits.iter().filter_map(firm_of).collect();
            assert_eq!(firms.len(), 4, "at another firm each time");
            let placed = partners(&made).filter(|partner| partner.coordinates.is_some()).count();
            assert_eq!(
                placed,
                partners(&made).filter(|partner| partner.kind == PartnerKind::Organisation).count()
            );
        }
    }

    #[test]
    fn things_happened_today_and_some_customers_are_quiet() {
        let made = DEMO.records();
        assert!(interactions(&made).any(|draft| draft.at.utc_ms >= DEMO.midnight_ms));
        let due = made.iter().filter_map(|record| match &record.what {
            What::Task(draft, None) => draft.due.as_ref().map(|due| due.utc_ms),
            _ => None,
        });
        let (late, open): (Vec<i64>, Vec<i64>) = due.partition(|due| *due < DEMO.midnight_ms - 86_400_000);
        assert!(late.len() >= 3 && open.len() >= 6, "{late:?} {open:?}");
    }
}

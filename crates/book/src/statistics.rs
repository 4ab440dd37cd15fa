//! What happened in a period, beside the period before (R55–R59): counted over columns, for everybody or those who
//! are meant by a selection.
//!
//! An interaction counts once, if anybody who took part is among them, or the organisation that somebody of them works
//! for. Sums of money are per currency, never across.

use crate::facts::{Fact, NOBODY};
use crate::partners::PartnerNo;
use crate::rfm::{Habit, Ranks};
use crate::selection::{Calendar, Sieve};
use crate::{Book, PartnerRow};
use satchel_domain::moment::DAY_MS;
use satchel_domain::sorted;
use satchel_domain::{Currency, Method, Money, RecordType, Selection};
use std::collections::BTreeMap;

/// The last days of the classes of [`Statistics::ageing`]; behind them come those longer ago, then those never
/// contacted.
pub const AGES: [u32; 5] = [7, 30, 60, 90, 180];
/// How many customers are named.
const TOP: usize = 8;

/// A period and the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The local midnights that bound its days, ms since 1970 UTC, rising; one more than days.
    pub now: Vec<i64>,
    /// Those of the period before.
    pub before: Vec<i64>,
    /// How many of its days have begun: sums are compared with so many days of the period before.
    pub elapsed: usize,
    /// The local midnight before now, from which ages are counted.
    pub today_ms: i64,
}

/// A count in the period and in the same days of the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// In the period.
    pub now: u32,
    /// Before.
    pub before: u32,
}

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// How many customers are counted.
    pub customers: usize,
    /// Interactions.
    pub contacts: Pair,
    /// Customers with whom the contacts were: who took part itself, each once; an organisation for its people only where
    /// these are not counted.
    pub reached: Pair,
    /// Orders that were not cancelled.
    pub orders: Pair,
    /// Interactions on each day of the period.
    pub days: Vec<u32>,
    /// Interactions on each day of the period before.
    pub days_before: Vec<u32>,
    /// By method, the most first.
    pub methods: Vec<(Method, Pair)>,
    /// By type, the most first.
    pub types: Vec<(RecordType, Pair)>,
    /// Sums of the orders in each currency: in the period, before.
    pub bought: Vec<(Money, Money)>,
    /// Customers by the days since the last contact, by the classes of [`AGES`].
    pub ageing: Vec<u32>,
    /// Who was contacted most in the period; people are among the contacts of whom they work for, where that one counts.
    pub by_contacts: Vec<(PartnerRow, u32)>,
    /// Who ordered most often in it, with the sums per currency.
    pub by_orders: Vec<(PartnerRow, u32, Vec<Money>)>,
    /// Customers by frequency (5 first) and recency (1 first); empty while there are too few with orders.
    pub rfm: Vec<[u32; 5]>,
    /// Customers of the tiers A, B, C.
    pub tiers: [u32; 3],
    /// How many customers have orders.
    pub buyers: usize,
}

/// On which day of a period something lies.
struct Days<'a> {
    edges: &'a [i64],
}

impl Days<'_> {
    fn len(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// Days are 23 to 25 hours long, so the guess by 24 is next to right.
    fn place(&self, at_ms: i64) -> Option<usize> {
        let (first, last) = (*self.edges.first()?, *self.edges.last()?);
        if at_ms < first || at_ms >= last {
            return None;
        }
        let mut day = usize::try_from((at_ms - first) / DAY_MS).ok()?.min(self.len() - 1);
        while at_ms < self.edges[day] {
            day -= 1;
        }
        while at_ms >= self.edges[day + 1] {
            day += 1;
        }
        Some(day)
    }
}

/// Which half of a comparison, and its day.
#[derive(Clone, Copy)]
enum When {
    Now(usize),
    Before(usize),
}

impl Pair {
    fn add(&mut self, when: When, elapsed: usize) {
        match when {
            When::Now(_) => self.now += 1,
            When::Before(day) if day < elapsed => self.before += 1,
            When::Before(_) => {}
        }
    }
}

/// Counting, half done.
struct Count<'a> {
    book: &'a Book,
    now: Days<'a>,
    before: Days<'a>,
    elapsed: usize,
    /// For each number whom it stands for, if that one is counted; else [`NOBODY`].
    roots: Vec<u32>,
    /// For each number the organisation for which that one works, likewise.
    employers: Vec<u32>,
    /// Who is contacted by one interaction.
    touched: Vec<u32>,
    /// Contacts of each counted customer, with those of its people.
    contacts: Vec<Pair>,
    /// Those that it stands for itself, which are none or some.
    reached: Vec<Pair>,
    methods: [Pair; Method::ALL.len()],
    /// By the number of the type's code among the words.
    types: Vec<Pair>,
    found: Statistics,
}

/// Sums of money while orders are counted.
#[derive(Default)]
struct Bought {
    /// In the period and before.
    sums: BTreeMap<Currency, [i64; 2]>,
    /// Of each customer in the period: orders, and their sums.
    buyers: BTreeMap<u32, (u32, BTreeMap<Currency, i64>)>,
}

impl Bought {
    fn add(&mut self, root: u32, total: Money, when: When, elapsed: usize) {
        let [now, before] = self.sums.entry(total.currency).or_default();
        match when {
            When::Now(_) => {
                *now = now.saturating_add(total.minor);
                let (count, spent) = self.buyers.entry(root).or_default();
                *count += 1;
                let spent = spent.entry(total.currency).or_default();
                *spent = spent.saturating_add(total.minor);
            }
            When::Before(day) if day < elapsed => *before = before.saturating_add(total.minor),
            When::Before(_) => {}
        }
    }

    /// Who ordered most often; of equals who spent most in one currency, then by name.
    fn top(&self, book: &Book, counted: &[PartnerNo]) -> Vec<(PartnerRow, u32, Vec<Money>)> {
        let money = |(currency, minor): (&Currency, &i64)| Money { minor: *minor, currency: *currency };
        let of = |number: &PartnerNo| {
            let (count, spent) = self.buyers.get(&number.number())?;
            Some((*number, *count, spent.iter().map(money).collect()))
        };
        let mut buyers: Vec<(PartnerNo, u32, Vec<Money>)> = counted.iter().filter_map(of).collect();
        sorted::sort_by(&mut buyers, |a, b| b.1.cmp(&a.1).then_with(|| most(&b.2).cmp(&most(&a.2))));
        let top = buyers.into_iter().take(TOP);
        top.filter_map(|(number, count, spent)| Some((book.listed_row(number)?, count, spent))).collect()
    }
}

impl Book {
    /// What happened in a period with those who are meant.
    pub fn statistics(&self, selection: &Selection, period: &Period) -> Statistics {
        let counted = self.counted(selection, period.today_ms);
        let mut count = Count::new(self, period, &counted);
        self.facts.iter().for_each(|fact| count.contact(fact));
        count.orders(&counted);
        count.people(&counted, Calendar::new(&self.zone, period.today_ms));
        count.worth();
        count.close(&counted)
    }

    fn counted(&self, selection: &Selection, midnight_ms: i64) -> Vec<PartnerNo> {
        let sieve = Sieve::new(self, selection, midnight_ms);
        let meant = self.live_partners().filter(|(number, entry)| {
            sieve.as_ref().is_none_or(|sieve| self.selected(sieve, *number, entry))
        });
        meant.map(|(number, _)| number).collect()
    }
}

impl<'a> Count<'a> {
    fn new(book: &'a Book, period: &'a Period, counted: &[PartnerNo]) -> Self {
        let mut meant = vec![false; book.partners.len()];
        counted.iter().for_each(|number| meant[number.place()] = true);
        let if_meant = |number: PartnerNo| if meant[number.place()] { number.number() } else { NOBODY };
        let root = |number: PartnerNo| book.partners.root(number);
        let employer = |number: PartnerNo| book.employer(root(number)).map_or(NOBODY, if_meant);
        let (now, before) = (Days { edges: &period.now }, Days { edges: &period.before });
        let found = Statistics {
            customers: counted.len(),
            days: vec![0; now.len()],
            days_before: vec![0; before.len()],
            ..Statistics::default()
        };
        Self {
            book,
            now,
            before,
            elapsed: period.elapsed,
            roots: book.partners.numbers().map(|number| if_meant(root(number))).collect(),
            employers: book.partners.numbers().map(employer).collect(),
            touched: Vec::new(),
            contacts: vec![Pair::default(); book.partners.len()],
            reached: vec![Pair::default(); book.partners.len()],
            methods: [Pair::default(); Method::ALL.len()],
            types: Vec::new(),
            found,
        }
    }

    fn when(&self, at_ms: i64) -> Option<When> {
        let now = self.now.place(at_ms).map(When::Now);
        now.or_else(|| self.before.place(at_ms).map(When::Before))
    }

    fn contact(&mut self, fact: Fact) {
        let Some(when) = self.when(fact.at_ms) else { return };
        if !self.reach(fact, when) {
            return;
        }
        match when {
            When::Now(day) => self.found.days[day] += 1,
            When::Before(day) => self.found.days_before[day] += 1,
        }
        self.found.contacts.add(when, self.elapsed);
        self.methods[fact.method()].add(when, self.elapsed);
        let kind = fact.record_type() as usize;
        if self.types.len() <= kind {
            self.types.resize(kind + 1, Pair::default());
        }
        self.types[kind].add(when, self.elapsed);
    }

    /// Notes the contact with everybody who took part, and with whom they work for, each once; whether anybody of them
    /// counts.
    fn reach(&mut self, fact: Fact, when: When) -> bool {
        self.touched.clear();
        self.touch(fact.partner as usize, when);
        let event = if fact.has_others() { self.book.events.get(fact.number) } else { None };
        let others = event.map_or(&[][..], |event| &event.others);
        others.iter().filter_map(|part| part.partner).for_each(|partner| self.touch(partner.place(), when));
        for number in &self.touched {
            self.contacts[*number as usize].add(when, self.elapsed);
        }
        !self.touched.is_empty()
    }

    fn touch(&mut self, place: usize, when: When) {
        let those = [&self.roots, &self.employers].into_iter().filter_map(|those| those.get(place).copied());
        let mut counted = those.filter(|number| *number != NOBODY);
        let stand_in = counted.next();
        if let Some(reached) = stand_in.and_then(|number| self.reached.get_mut(number as usize)) {
            reached.add(when, self.elapsed);
        }
        for number in stand_in.into_iter().chain(counted) {
            if !self.touched.contains(&number) {
                self.touched.push(number);
            }
        }
    }

    fn orders(&mut self, counted: &[PartnerNo]) {
        let mut bought = Bought::default();
        for (_, entry) in self.book.orders.iter().filter(|(_, entry)| entry.counts()) {
            let root = entry.partner.map_or(NOBODY, |partner| self.roots[partner.place()]);
            let Some(when) = self.when(entry.at_ms).filter(|_| root != NOBODY) else { continue };
            self.found.orders.add(when, self.elapsed);
            bought.add(root, entry.total, when, self.elapsed);
        }
        self.found.by_orders = bought.top(self.book, counted);
        let money = |currency, minor| Money { minor, currency };
        let pair = |(currency, sums): (Currency, [i64; 2])| sums.map(|minor| money(currency, minor)).into();
        self.found.bought = bought.sums.into_iter().map(pair).collect();
    }

    fn people(&mut self, counted: &[PartnerNo], calendar: Calendar<'_>) {
        let mut ageing = vec![0; AGES.len() + 2];
        for number in counted {
            let last = self.book.last_event(*number);
            let days = last.map(|event| calendar.days_ago(event.at_ms));
            ageing[days.map_or(AGES.len() + 1, class)] += 1;
            let Pair { now, before } = self.reached[number.place()];
            self.found.reached.now += u32::from(now > 0);
            self.found.reached.before += u32::from(before > 0);
        }
        self.found.ageing = ageing;
    }

    /// Recency and frequency of those who are counted, ranked among all customers.
    fn worth(&mut self) {
        let of = |(number, _)| Some((number, self.book.habit(number)?));
        let habits: Vec<(PartnerNo, Habit)> = self.book.live_partners().filter_map(of).collect();
        let ranks = Ranks::of(habits.iter().map(|(_, habit)| *habit));
        let buyers = habits.iter().filter(|(number, _)| self.roots[number.place()] != NOBODY);
        for (_, habit) in buyers {
            self.found.buyers += 1;
            let Some(scores) = ranks.scores(habit) else { continue };
            self.found.rfm.resize(5, [0; 5]);
            self.found.rfm[usize::from(5 - scores.frequency)][usize::from(scores.recency - 1)] += 1;
            self.found.tiers[self.book.tiers().of(scores) as usize] += 1;
        }
    }

    fn close(mut self, counted: &[PartnerNo]) -> Statistics {
        // Whoever works for one of those who are counted is among its contacts: she takes no second line.
        let mut most: Vec<(u32, PartnerNo)> = counted
            .iter()
            .filter(|number| self.employers[number.place()] == NOBODY)
            .map(|number| (self.contacts[number.place()].now, *number))
            .filter(|(count, _)| *count > 0)
            .collect();
        // The stable sort keeps equals by name.
        sorted::sort_by_key(&mut most, |(count, _)| std::cmp::Reverse(*count));
        let top = most.into_iter().take(TOP);
        self.found.by_contacts =
            top.filter_map(|(count, number)| Some((self.book.listed_row(number)?, count))).collect();
        let methods = Method::ALL.iter().map(|method| (*method, self.methods[*method as usize]));
        self.found.methods = most_first(methods);
        let words = &self.book.words;
        let types = (0_u32..).zip(self.types);
        self.found.types =
            most_first(types.map(|(kind, pair)| (RecordType::from_code(words.word(kind)), pair)));
        self.found
    }
}

fn most(spent: &[Money]) -> i64 {
    spent.iter().map(|money| money.minor).max().unwrap_or(0)
}

/// Which of the classes of [`AGES`].
fn class(days: u32) -> usize {
    AGES.iter().position(|last| days <= *last).unwrap_or(AGES.len())
}

fn most_first<K: Ord>(counts: impl Iterator<Item = (K, Pair)>) -> Vec<(K, Pair)> {
    let mut counts: Vec<_> = counts.filter(|(_, pair)| pair.now + pair.before > 0).collect();
    sorted::sort_by(&mut counts, |a, b| b.1.now.cmp(&a.1.now).then_with(|| a.0.cmp(&b.0)));
    counts
}

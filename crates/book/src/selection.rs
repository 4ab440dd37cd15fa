//! Who is meant by a selection: its conditions, made ready once, asked of what hangs on each partner (R49).

use crate::Book;
use crate::entry::{Event, PartnerEntry};
use crate::fold::fold;
use crate::han::closed;
use crate::partners::PartnerNo;
use crate::search::Needle;
use crate::sought::Sought;
use crate::timeline::Span;
use crate::zone::Zone;
use satchel_domain::sorted;
use satchel_domain::{Condition, Contact, Day, RecordId, Selection, Time};

/// Days as they are counted back from the one of asking.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar<'a> {
    zone: &'a Zone,
    midnight_ms: i64,
    today: Day,
}

impl<'a> Calendar<'a> {
    /// From the day here that begins at `midnight_ms`.
    pub(crate) fn new(zone: &'a Zone, midnight_ms: i64) -> Self {
        Self { zone, midnight_ms, today: zone.day(midnight_ms) }
    }

    /// How many days ago it was; 0 for what lies ahead.
    pub(crate) fn days_ago(self, at_ms: i64) -> u32 {
        let days = i64::from(self.today.0) - i64::from(self.zone.day(at_ms).0);
        u32::try_from(days.max(0)).unwrap_or(u32::MAX)
    }

    pub(crate) fn within(self, time: &Time, at_ms: i64) -> bool {
        match time {
            Time::Ago { least, most } => {
                let days = self.days_ago(at_ms);
                *least <= days && most.is_none_or(|most| days <= most)
            }
            Time::Between { from, to } => (*from..=*to).contains(&self.zone.day(at_ms)),
        }
    }
}

/// A selection ready to be asked.
pub(crate) struct Sieve<'a> {
    selection: &'a Selection,
    calendar: Calendar<'a>,
    /// What the texts in its conditions became, by the text: few, so lists will do.
    needles: Vec<(&'a str, Option<Needle>)>,
    sought: Vec<(&'a str, Option<Sought>)>,
}

impl<'a> Sieve<'a> {
    /// `None` where nobody is left out.
    pub(crate) fn new(book: &'a Book, selection: &'a Selection, midnight_ms: i64) -> Option<Self> {
        if selection.is_everybody() {
            return None;
        }
        let conditions = selection.groups.iter().flat_map(|group| &group.terms).map(|term| &term.is);
        let mut sieve = Self {
            selection,
            calendar: Calendar::new(&book.zone, midnight_ms),
            needles: Vec::new(),
            sought: Vec::new(),
        };
        for condition in conditions {
            match condition {
                Condition::Text(text) => sieve.needles.push((text, book.needle(text))),
                Condition::Company(text) => sieve.sought.push((text, Sought::new(text))),
                Condition::Contact(contact) => sieve.sought.push((&contact.text, Sought::new(&contact.text))),
                _ => {}
            }
        }
        Some(sieve)
    }

    fn needle(&self, text: &str) -> Option<&Needle> {
        self.needles.iter().find(|(of, _)| *of == text)?.1.as_ref()
    }

    fn sought(&self, text: &str) -> Option<&Sought> {
        self.sought.iter().find(|(of, _)| *of == text)?.1.as_ref()
    }
}

impl Book {
    /// Whether a listed partner is meant.
    pub(crate) fn selected(&self, sieve: &Sieve<'_>, number: PartnerNo, entry: &PartnerEntry) -> bool {
        sieve.selection.judge(|condition| self.meets(sieve, number, entry, condition))
    }

    fn meets(
        &self,
        sieve: &Sieve<'_>,
        number: PartnerNo,
        entry: &PartnerEntry,
        condition: &Condition,
    ) -> bool {
        let (card, calendar) = (&entry.partner.card, sieve.calendar);
        match condition {
            Condition::Text(text) => {
                sieve.needle(text).is_none_or(|needle| self.rank(needle, number).is_some())
            }
            Condition::Kind(kind) => card.kind == *kind,
            Condition::Type(partner_type) => card.partner_type == *partner_type,
            Condition::Tag(tag) => card.tags.contains(tag),
            Condition::City(city) => {
                let city = fold(city.trim());
                card.addresses.iter().any(|address| fold(address.city.trim()) == city)
            }
            Condition::Company(text) => {
                let company = fold(self.company(number));
                sieve.sought(text).is_none_or(|sought| sought.is_part_of(&closed(&company)))
            }
            Condition::Owner(owner) => card.owner == *owner,
            Condition::LastContact(time) => {
                self.last_event(number).is_some_and(|event| calendar.within(time, event.at_ms))
            }
            Condition::Contact(contact) => self.contacted(sieve, number, contact),
            Condition::OpenTask => self.owed_first(number).is_some(),
            Condition::OverdueTask => self.overdue_task(calendar, number),
            Condition::Ordered(time) => self.ordered(calendar, number, time.as_ref()),
            Condition::Tier(tier) => self.tier(number) == Some(*tier),
        }
    }

    pub(crate) fn last_event(&self, number: PartnerNo) -> Option<&Event> {
        self.events.get(*self.partners.ties(number).events.last()?)
    }

    fn contacted(&self, sieve: &Sieve<'_>, number: PartnerNo, wanted: &Contact) -> bool {
        let record_type = wanted.record_type.as_ref();
        let sought = sieve.sought(&wanted.text);
        let mut events =
            self.partners.ties(number).events.iter().rev().filter_map(|number| self.events.get(*number));
        events.any(|event| {
            wanted.method.is_none_or(|method| method == event.method)
                && record_type.is_none_or(|kind| kind.code() == self.words.word(event.record_type))
                && wanted.time.is_none_or(|time| sieve.calendar.within(&time, event.at_ms))
                && sought.is_none_or(|sought| self.says(event, sought))
        })
    }

    fn overdue_task(&self, calendar: Calendar<'_>, number: PartnerNo) -> bool {
        let today = Span::new(None, Some(calendar.midnight_ms));
        self.owed_first(number).is_some_and(|(due_ms, _)| today.ends_after(due_ms))
    }

    fn ordered(&self, calendar: Calendar<'_>, number: PartnerNo, time: Option<&Time>) -> bool {
        let orders = &self.partners.ties(number).orders;
        let mut orders = orders.iter().rev().filter_map(|number| self.orders.get(*number));
        orders.any(|entry| entry.counts() && time.is_none_or(|time| calendar.within(time, entry.at_ms)))
    }

    /// Everybody who is meant, by name. `midnight_ms` is the local midnight before now, ms since 1970 UTC.
    pub fn selected_ids(&self, selection: &Selection, midnight_ms: i64) -> Vec<RecordId> {
        let sieve = Sieve::new(self, selection, midnight_ms);
        let meant = |(number, entry): &(PartnerNo, &PartnerEntry)| {
            sieve.as_ref().is_none_or(|sieve| self.selected(sieve, *number, entry))
        };
        self.live_partners().filter(meant).map(|(_, entry)| entry.partner.id).collect()
    }

    /// The cities that partners have addresses in, with how many, the most first.
    pub fn cities(&self) -> Vec<(String, u32)> {
        let mut counts: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
        for (_, entry) in self.live_partners() {
            let mut cities: Vec<&str> =
                entry.partner.card.addresses.iter().map(|address| address.city.trim()).collect();
            sorted::sort(&mut cities);
            cities.dedup();
            cities
                .into_iter()
                .filter(|city| !city.is_empty())
                .for_each(|city| *counts.entry(city).or_default() += 1);
        }
        let mut cities: Vec<_> = counts.into_iter().map(|(city, count)| (city.to_owned(), count)).collect();
        sorted::sort_by_key(&mut cities, |(_, count)| std::cmp::Reverse(*count));
        cities
    }
}

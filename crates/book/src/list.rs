//! The partner list and quick find.

use crate::entry::PartnerEntry;
use crate::fold::fold;
use crate::partners::PartnerNo;
use crate::roman::{SortKey, spellings};
use crate::search::{Known, Needle};
use crate::selection::Sieve;
use crate::ties::Ties;
use crate::{Book, Direction, PartnerFilter, PartnerList, PartnerRow, PartnerSort, Window};
use satchel_domain::sorted;
use satchel_domain::{AccountId, PartnerKind, RecordId, Task};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A partner that is listed.
type Listed<'a> = (PartnerNo, &'a PartnerEntry);

impl Book {
    /// The partners that `filter` and `also` let through, sorted, in a window. `also` is for what
    /// the book does not know, such as which records wait to be sent.
    pub fn partners(
        &self,
        filter: &PartnerFilter,
        sort: PartnerSort,
        window: Window,
        also: impl Fn(RecordId) -> bool,
    ) -> PartnerList {
        let found = self.listed(filter, sort, also);
        let by_name = sort == PartnerSort::Name && fold(&filter.text).trim().is_empty();
        let seen: Vec<Listed<'_>> = window.of(found.iter().copied()).collect();
        PartnerList {
            total: found.len(),
            all: self.by_name.len(),
            letters: if by_name { letters(&found) } else { Vec::new() },
            tiers: seen.iter().map(|(number, _)| self.tier(*number)).collect(),
            rows: seen.into_iter().map(|(number, entry)| self.row(number, entry)).collect(),
        }
    }

    /// The position of a partner in that list, if it is in it.
    pub fn place(
        &self,
        id: RecordId,
        filter: &PartnerFilter,
        sort: PartnerSort,
        also: impl Fn(RecordId) -> bool,
    ) -> Option<usize> {
        self.listed(filter, sort, also).iter().position(|(_, entry)| entry.partner.id == id)
    }

    /// Everybody whom `filter` and `also` let through, by name.
    pub fn found(&self, filter: &PartnerFilter, also: impl Fn(RecordId) -> bool) -> Vec<RecordId> {
        let found = self.listed(filter, PartnerSort::Name, also);
        found.into_iter().map(|(_, entry)| entry.partner.id).collect()
    }

    fn listed(
        &self,
        filter: &PartnerFilter,
        sort: PartnerSort,
        also: impl Fn(RecordId) -> bool,
    ) -> Vec<Listed<'_>> {
        let sieve = Sieve::new(self, &filter.selection, filter.today_ms);
        let wanted = |(number, entry): &Listed<'_>| {
            self.passes(*number, entry, filter)
                && sieve.as_ref().is_none_or(|sieve| self.selected(sieve, *number, entry))
                && also(entry.partner.id)
        };
        let listed = self.live_partners().filter(wanted);
        let mut found: Vec<Listed<'_>> = match &self.needle(&filter.text) {
            Some(needle) => self.ranked(listed, |(number, _)| self.rank(needle, *number)),
            None => listed.collect(),
        };
        self.sort(&mut found, sort);
        found
    }

    /// The partners that a text finds by anything, the best match first; among equal matches who is used most
    /// ([`crate::Used`]), then who was contacted last. Nothing typed finds nobody.
    pub fn find<'a>(&'a self, text: &str, limit: usize, kind: Option<PartnerKind>) -> Vec<PartnerRow> {
        let Some(needle) = Needle::new(text, &self.terms) else { return Vec::new() };
        let of_kind = |(_, entry): &Listed<'_>| kind.is_none_or(|kind| kind == entry.partner.card.kind);
        let mut others = Vec::new();
        let sure = |listed: &Listed<'a>| {
            let rank = self.best(listed.0, |known| needle.sure(known));
            if rank.is_none() {
                others.push(*listed);
            }
            rank
        };
        let mut found = self.ranked(self.live_partners().filter(of_kind), sure);
        // A slip ranks behind everything else, and takes longest to look for.
        if found.len() < limit {
            let needle = if found.is_empty() { needle.loosened() } else { needle };
            let slipped = |listed: &Listed<'_>| self.best(listed.0, |known| needle.slipped(known));
            found.extend(self.ranked(others.into_iter(), slipped));
        }
        found.into_iter().take(limit).map(|(number, entry)| self.row(number, entry)).collect()
    }

    /// Who matches, the best match first; among equals who is used most, then who was contacted last; what is equal
    /// then stays as it was.
    fn ranked<'a>(
        &'a self,
        among: impl Iterator<Item = Listed<'a>>,
        mut rank: impl FnMut(&Listed<'a>) -> Option<u32>,
    ) -> Vec<Listed<'a>> {
        let mut found: Vec<_> = among
            .filter_map(|listed @ (number, entry)| {
                let rank = rank(&listed)?;
                let used = self.used.score(entry.partner.id);
                Some(((rank, Reverse(used), Reverse(self.last_contact_ms(number))), listed))
            })
            .collect();
        sorted::sort_by_key(&mut found, |(place, _)| *place);
        found.into_iter().map(|(_, listed)| listed).collect()
    }

    /// What a text is compared as, the same wherever partners are found by it; `None` when it says nothing.
    pub(crate) fn needle(&self, text: &str) -> Option<Needle> {
        let needle = Needle::new(text, &self.terms)?;
        let sure = |(number, _): Listed<'_>| self.best(number, |known| needle.sure(known)).is_some();
        let loose = needle.may_err() && !self.live_partners().any(sure);
        Some(if loose { needle.loosened() } else { needle })
    }

    /// How well a partner matches.
    pub(crate) fn rank(&self, needle: &Needle, number: PartnerNo) -> Option<u32> {
        self.best(number, |known| needle.rank(known))
    }

    /// The best rank of a partner and all that were merged into it: by its old name and code it is found still (R3).
    fn best(&self, number: PartnerNo, rank: impl Fn(Known<'_>) -> Option<u32>) -> Option<u32> {
        let rank = |number| {
            let (entry, employer) = (self.partners.entry(number)?, self.employer_of(number));
            let company = employer.map(|employer| &employer.keys);
            rank(Known { keys: &entry.keys, company, terms: &entry.terms })
        };
        match self.partners.node(number).merged.is_empty() {
            true => rank(number),
            false => self.partners.group(number).into_iter().filter_map(rank).min(),
        }
    }

    /// What members are called, for the order by owner: no record says it.
    pub fn set_owners(&mut self, mut names: Vec<(AccountId, String)>) {
        sorted::sort_by_cached_key(&mut names, |(_, name)| place_of(name, true));
        self.owners = names.into_iter().map(|(owner, _)| owner).collect();
    }

    /// The tags in use with how many partners carry them, most used first.
    pub fn tags(&self) -> Vec<(String, u32)> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for tag in self.live_partners().flat_map(|(_, entry)| &entry.partner.card.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        let mut tags: Vec<_> = counts.into_iter().map(|(tag, count)| (tag.to_owned(), count)).collect();
        sorted::sort_by_key(&mut tags, |(_, count)| Reverse(*count));
        tags
    }

    /// One line about a partner, or whom it was merged into; `None` when it is not here or in the trash.
    pub fn partner_row(&self, id: RecordId) -> Option<PartnerRow> {
        let number = self.root(id)?;
        Some(self.row(number, self.partners.live(number)?))
    }

    /// One line about a listed partner.
    pub(crate) fn listed_row(&self, number: PartnerNo) -> Option<PartnerRow> {
        Some(self.row(number, self.partners.live(number)?))
    }

    /// Every listed partner, by name.
    pub(crate) fn live_partners(&self) -> impl Iterator<Item = Listed<'_>> {
        self.by_name.values().filter_map(|number| Some((*number, self.partners.entry(*number)?)))
    }

    fn last_contact_ms(&self, number: PartnerNo) -> Option<i64> {
        self.partners.ties(number).last_contact_ms(&self.events)
    }

    fn passes(&self, number: PartnerNo, entry: &PartnerEntry, filter: &PartnerFilter) -> bool {
        let card = &entry.partner.card;
        let quiet = |since| self.last_contact_ms(number).is_none_or(|last| last < since);
        filter.kind.is_none_or(|kind| kind == card.kind)
            && filter.partner_type.as_ref().is_none_or(|partner_type| *partner_type == card.partner_type)
            && filter.tag.as_ref().is_none_or(|tag| card.tags.contains(tag))
            && filter.quiet_since_ms.is_none_or(quiet)
            && filter.owner.is_none_or(|owner| card.owner == Some(owner))
    }

    /// Sorts what is already sorted by name or match; equals keep that order.
    fn sort(&self, found: &mut [Listed<'_>], sort: PartnerSort) {
        let last = |(number, _): &Listed<'_>| self.last_contact_ms(*number);
        let ties = |(number, _): &Listed<'_>| self.partners.ties(*number);
        match sort {
            PartnerSort::Name => {}
            PartnerSort::NameFalling => found.reverse(),
            PartnerSort::Quietest => sorted::sort_by_cached_key(found, last),
            PartnerSort::Recent => sorted::sort_by_cached_key(found, |listed| Reverse(last(listed))),
            PartnerSort::Value => sorted::sort_by_cached_key(found, |listed| Reverse(ties(listed).value())),
            PartnerSort::ValueRising => {
                turned(found, Direction::Rising, |listed| {
                    Some(ties(listed)).filter(|ties| !ties.orders.is_empty()).map(Ties::value)
                });
            }
            PartnerSort::Company(direction) => {
                turned(found, direction, |(number, _)| Some(&self.employer_of(*number)?.sort));
            }
            PartnerSort::City(direction) => {
                let places = cities(found);
                turned(found, direction, |(_, entry)| places.get(city(entry)?));
            }
            PartnerSort::Owner(direction) => turned(found, direction, |(_, entry)| {
                let owner = entry.partner.card.owner?;
                self.owners.iter().position(|known| *known == owner)
            }),
            PartnerSort::Contacts(direction) => {
                turned(found, direction, |listed| Some(ties(listed).tally.count));
            }
            PartnerSort::NextStep(direction) => {
                turned(found, direction, |(number, _)| self.owed_first(*number).map(|(due_ms, _)| due_ms));
            }
            PartnerSort::Tier(direction) => turned(found, direction, |(number, _)| {
                let scores = self.scores(*number)?;
                Some((self.tiers.of(scores), Reverse(scores.sum())))
            }),
        }
    }

    pub(crate) fn row(&self, number: PartnerNo, entry: &PartnerEntry) -> PartnerRow {
        let (partner, ties) = (&entry.partner, self.partners.ties(number));
        let card = &partner.card;
        let city = || card.addresses.first().map_or("", |address| &address.city);
        let aside = match card.kind {
            PartnerKind::Person => self.company(number),
            PartnerKind::Organisation => city(),
        };
        PartnerRow {
            id: partner.id,
            kind: card.kind,
            name: card.name.clone(),
            aside: aside.to_owned(),
            letter: entry.sort.letter(),
            next_step: self.next_step(number).map(|task| task.entry.title.clone()),
            last_contact_ms: ties.last_contact_ms(&self.events),
            phone: card.phones.first().map_or_else(String::new, |phone| phone.value.clone()),
            bought: ties.bought(),
        }
    }

    /// The name of the organisation that somebody works for.
    pub(crate) fn company(&self, number: PartnerNo) -> &str {
        self.employer_of(number).map_or("", |employer| &employer.partner.card.name)
    }

    fn employer_of(&self, number: PartnerNo) -> Option<&PartnerEntry> {
        self.employer(number)
            .and_then(|employer| self.partners.entry(employer))
            .filter(|it| !it.partner.deleted)
    }

    fn next_step(&self, number: PartnerNo) -> Option<&Task> {
        self.task(self.owed_first(number)?.1)
    }

    /// The open task of a partner that is due next, of an organisation those of its people with it; those without a time
    /// last.
    pub fn next_task(&self, id: RecordId) -> Option<&Task> {
        self.next_step(self.root(id)?)
    }
}

/// Sorts by what has a key, in a direction; what has none comes last in either.
fn turned<'a, K: Ord>(
    found: &mut [Listed<'a>],
    direction: Direction,
    key: impl Fn(&Listed<'a>) -> Option<K>,
) {
    let keyed = |listed: &Listed<'a>| {
        let key = key(listed);
        (key.is_none(), key)
    };
    match direction {
        Direction::Rising => sorted::sort_by_cached_key(found, keyed),
        Direction::Falling => sorted::sort_by_cached_key(found, |listed| {
            let (none, key) = keyed(listed);
            (none, Reverse(key))
        }),
    }
}

/// The first city of a partner.
fn city(entry: &PartnerEntry) -> Option<&str> {
    let city = entry.partner.card.addresses.first()?.city.trim();
    Some(city).filter(|city| !city.is_empty())
}

/// Where a name that is no partner's stands among others.
fn place_of(name: &str, person: bool) -> SortKey {
    let spelled = spellings(name, person);
    SortKey::new(name, spelled.first().map_or("", String::as_str), RecordId::NIL)
}

/// Where the cities of these partners stand among each other: like names, Chinese by pinyin.
fn cities<'a>(found: &[Listed<'a>]) -> BTreeMap<&'a str, SortKey> {
    let mut places = BTreeMap::new();
    for city in found.iter().filter_map(|(_, entry)| city(entry)) {
        places.entry(city).or_insert_with(|| place_of(city, false));
    }
    places
}

fn letters(sorted: &[Listed<'_>]) -> Vec<(char, usize)> {
    let mut letters: Vec<(char, usize)> =
        sorted.iter().enumerate().map(|(position, (_, entry))| (entry.sort.letter(), position)).collect();
    letters.dedup_by_key(|(letter, _)| *letter);
    letters
}

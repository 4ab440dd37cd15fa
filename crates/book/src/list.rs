//! The partner list and quick find.

use crate::entry::PartnerEntry;
use crate::search::Needle;
use crate::{Book, PartnerFilter, PartnerList, PartnerRow, PartnerSort, Window};
use satchel_domain::{PartnerKind, RecordId, Task};
use std::cmp::Reverse;
use std::collections::BTreeMap;

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
        let needle = Needle::new(&filter.text);
        let wanted = |entry: &&PartnerEntry| {
            self.passes(entry, filter)
                && also(entry.partner.id)
                && needle.as_ref().is_none_or(|needle| needle.rank(&entry.keys).is_some())
        };
        let mut found: Vec<&PartnerEntry> = self.live_partners().filter(wanted).collect();
        self.sort(&mut found, sort);
        PartnerList {
            total: found.len(),
            all: self.by_name.len(),
            letters: if sort == PartnerSort::Name { letters(&found) } else { Vec::new() },
            rows: window.of(found.into_iter()).map(|entry| self.row(entry)).collect(),
        }
    }

    /// The partners that a text finds by anything, the best match first; among equal matches who
    /// was contacted last. Nothing typed finds nobody.
    pub fn find(&self, text: &str, limit: usize, kind: Option<PartnerKind>) -> Vec<PartnerRow> {
        let Some(needle) = Needle::new(text) else { return Vec::new() };
        let of_kind = |entry: &&PartnerEntry| kind.is_none_or(|kind| kind == entry.partner.card.kind);
        let ranked =
            self.live_partners().filter(of_kind).filter_map(|entry| Some((needle.rank(&entry.keys)?, entry)));
        let mut found: Vec<_> = ranked
            .map(|(rank, entry)| (rank, Reverse(self.last_contact_ms(entry.partner.id)), entry))
            .collect();
        // Stable: what is equal stays sorted by name.
        found.sort_by_key(|(rank, last, _)| (*rank, *last));
        found.into_iter().take(limit).map(|(.., entry)| self.row(entry)).collect()
    }

    /// The tags in use with how many partners carry them, most used first.
    pub fn tags(&self) -> Vec<(String, u32)> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for tag in self.live_partners().flat_map(|entry| &entry.partner.card.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        let mut tags: Vec<_> = counts.into_iter().map(|(tag, count)| (tag.to_owned(), count)).collect();
        tags.sort_by_key(|(_, count)| Reverse(*count));
        tags
    }

    /// One line about a partner; `None` when it is not here or in the trash.
    pub fn partner_row(&self, id: RecordId) -> Option<PartnerRow> {
        self.live_partner(id).map(|entry| self.row(entry))
    }

    pub(crate) fn live_partners(&self) -> impl Iterator<Item = &PartnerEntry> {
        self.by_name.iter().filter_map(|(_, id)| self.live_partner(*id))
    }

    pub(crate) fn last_contact_ms(&self, id: RecordId) -> Option<i64> {
        self.ties.get(&id)?.last_contact_ms()
    }

    fn passes(&self, entry: &PartnerEntry, filter: &PartnerFilter) -> bool {
        let card = &entry.partner.card;
        let quiet = |since| self.last_contact_ms(entry.partner.id).is_none_or(|last| last < since);
        filter.kind.is_none_or(|kind| kind == card.kind)
            && filter.partner_type.as_ref().is_none_or(|partner_type| *partner_type == card.partner_type)
            && filter.tag.as_ref().is_none_or(|tag| card.tags.contains(tag))
            && filter.quiet_since_ms.is_none_or(quiet)
    }

    /// Sorts what is already sorted by name; equals keep that order.
    fn sort(&self, found: &mut [&PartnerEntry], sort: PartnerSort) {
        let last = |entry: &&PartnerEntry| self.last_contact_ms(entry.partner.id);
        match sort {
            PartnerSort::Name => {}
            PartnerSort::Quietest => found.sort_by_cached_key(last),
            PartnerSort::Recent => found.sort_by_cached_key(|entry| Reverse(last(entry))),
            PartnerSort::Value => {
                let value = |id| self.ties.get(&id).map_or(0, |ties| ties.value());
                found.sort_by_cached_key(|entry| Reverse(value(entry.partner.id)));
            }
        }
    }

    pub(crate) fn row(&self, entry: &PartnerEntry) -> PartnerRow {
        let (partner, ties) = (&entry.partner, self.ties.get(&entry.partner.id));
        let card = &partner.card;
        let city = || card.addresses.first().map_or("", |address| &address.city);
        let aside = match card.kind {
            PartnerKind::Person => card.organisation.and_then(|id| self.company(id)).unwrap_or_default(),
            PartnerKind::Organisation => city(),
        };
        PartnerRow {
            id: partner.id,
            kind: card.kind,
            name: card.name.clone(),
            aside: aside.to_owned(),
            letter: entry.sort.letter(),
            next_step: self.next_step(partner.id).map(|task| task.entry.title.clone()),
            last_contact_ms: ties.and_then(|ties| ties.last_contact_ms()),
            phone: card.phones.first().map_or_else(String::new, |phone| phone.value.clone()),
            bought: ties.map(|ties| ties.bought()).unwrap_or_default(),
        }
    }

    fn next_step(&self, partner: RecordId) -> Option<&Task> {
        self.task(self.ties.get(&partner)?.tasks.first()?.1)
    }
}

fn letters(sorted: &[&PartnerEntry]) -> Vec<(char, usize)> {
    let mut letters: Vec<(char, usize)> =
        sorted.iter().enumerate().map(|(position, entry)| (entry.sort.letter(), position)).collect();
    letters.dedup_by_key(|(letter, _)| *letter);
    letters
}

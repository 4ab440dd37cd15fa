//! The day: what is due, what was done, whom to think of.

use crate::entry::{Event, PartnerEntry};
use crate::partners::PartnerNo;
use crate::selection::Calendar;
use crate::timeline::{Span, newest};
use crate::{Book, PartnerRow, Suggestion, TimelineEntry, Today};
use satchel_domain::moment::DAY_MS;
use satchel_domain::sorted::{self, Gather};
use satchel_domain::{Method, PartnerType, RecordId, Task};
use std::collections::BTreeSet;

/// Tasks shown as due.
const DUE: usize = 20;
/// Customers shown as quiet.
const QUIET: usize = 5;
/// Days without contact before a customer counts as quiet.
const QUIET_DAYS: i64 = 30;
/// Partners shown as touched, or written about, last.
const LATEST: usize = 8;
/// Nobody is suggested who has not been heard of for longer.
const FORGOTTEN_DAYS: u32 = 365;

/// A partner, by when it was touched last.
type Touched<'a> = ((u64, RecordId), PartnerNo, &'a PartnerEntry);

impl Book {
    /// The day between two local midnights, ms since 1970 UTC.
    pub fn today(&self, from_ms: i64, to_ms: i64) -> Today {
        let (span, logged_ms) = (Span::new(Some(from_ms), Some(to_ms)), self.logged_ms());
        Today {
            partners: self.by_name.len(),
            due: self.due(span).take(DUE).map(|task| self.task_row(task)).collect(),
            due_count: self.due(span).count(),
            done: self.done_between(from_ms, to_ms),
            logged: self.logged(span),
            quiet: self.quiet(from_ms),
            recent: self.latest(|number, entry| logged_ms[number.place()].max(Some(entry.partner.edited_ms))),
            again: self.latest(|number, _| logged_ms[number.place()]),
            suggestion: self.suggestion(from_ms),
        }
    }

    /// Method of the interaction written last (R22).
    pub fn last_method(&self) -> Method {
        let last = self.live_events().max_by_key(|event| (event.created_ms, event.id));
        last.map_or(Method::default(), |event| event.method)
    }

    /// When each partner was last written about, by number; nothing for those who never were.
    fn logged_ms(&self) -> Vec<Option<u64>> {
        let mut logged_ms: Vec<Option<u64>> = vec![None; self.partners.len()];
        for event in self.live_events() {
            if let Some(partner) = event.partner {
                let at_ms = &mut logged_ms[self.partners.root(partner).place()];
                *at_ms = (*at_ms).max(Some(event.created_ms));
            }
        }
        logged_ms
    }

    /// Those who have a time, the latest first.
    fn latest(&self, at_ms: impl Fn(PartnerNo, &PartnerEntry) -> Option<u64>) -> Vec<PartnerRow> {
        let place = |(number, entry): (PartnerNo, _)| {
            Some(((at_ms(number, entry)?, entry.partner.id), number, entry))
        };
        let mut touched: Vec<Touched<'_>> = self.live_partners().filter_map(place).collect();
        let later = |a: &Touched<'_>, b: &Touched<'_>| b.0.cmp(&a.0);
        if LATEST < touched.len() {
            touched.select_nth_unstable_by(LATEST, later);
            touched.truncate(LATEST);
        }
        sorted::sort_by(&mut touched, later);
        touched.into_iter().map(|(_, number, entry)| self.row(number, entry)).collect()
    }

    fn live_events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().map(|(_, event)| event).filter(|event| !event.deleted)
    }

    fn due(&self, span: Span) -> impl Iterator<Item = &Task> {
        self.open_tasks().filter(move |task| self.due_ms(task).is_some_and(|due_ms| span.ends_after(due_ms)))
    }

    fn done_between(&self, from_ms: i64, to_ms: i64) -> usize {
        let at = |ms: i64| (u64::try_from(ms).unwrap_or(0), RecordId::NIL);
        if from_ms >= to_ms {
            return 0;
        }
        self.done.range(at(from_ms)..at(to_ms)).count()
    }

    fn logged(&self, span: Span) -> Vec<(TimelineEntry, Option<PartnerRow>)> {
        let today = self.live_events().filter(|event| span.contains(event.at_ms));
        let root = |event: &Event| event.partner.map(|partner| self.partners.root(partner));
        let in_sight = |event: &&Event| {
            let entry = root(event).and_then(|partner| self.partners.entry(partner));
            entry.is_none_or(|entry| !entry.partner.deleted)
        };
        let today = newest(today.filter(in_sight).collect(), usize::MAX).into_iter();
        let row =
            |event| root(event).and_then(|partner| Some(self.row(partner, self.partners.live(partner)?)));
        today.map(|event| (self.event_entry(event.partner, event), row(event))).collect()
    }

    /// Who was not heard of for long. An organisation is as quiet as its people are: where one of them is named, it
    /// would only say the same again.
    fn quiet(&self, now_ms: i64) -> Vec<PartnerRow> {
        let since = now_ms.saturating_sub(QUIET_DAYS * DAY_MS);
        let customers = self
            .live_partners()
            .filter(|(_, entry)| entry.partner.card.partner_type == PartnerType::Customer);
        let mut quiet: Vec<_> = customers
            .filter_map(|(number, entry)| Some((self.last_heard_ms(number)?, number, entry)))
            .filter(|(last, ..)| *last < since)
            .collect();
        let spoken_for: BTreeSet<PartnerNo> =
            quiet.iter().filter_map(|(_, number, _)| self.employer(*number)).gather();
        quiet.retain(|(_, number, _)| !spoken_for.contains(number));
        sorted::sort_by_key(&mut quiet, |(last, ..)| *last);
        quiet.into_iter().take(QUIET).map(|(_, number, entry)| self.row(number, entry)).collect()
    }

    /// Who is overdue the most, measured by her own rhythm: more than one and a half times the days
    /// that usually lie between two contacts, with no task open for her.
    fn suggestion(&self, midnight_ms: i64) -> Option<Suggestion> {
        let today = Calendar::new(&self.zone, midnight_ms);
        let overdue = self.live_partners().filter_map(|(number, entry)| self.overdue(number, entry, today));
        let longest = |a: &Overdue<'_>, b: &Overdue<'_>| {
            // days / usual, compared without division.
            (u64::from(a.days) * u64::from(b.usual)).cmp(&(u64::from(b.days) * u64::from(a.usual)))
        };
        let most = overdue.reduce(|best, next| if longest(&best, &next).is_lt() { next } else { best })?;
        let Overdue { number, entry, days, usual } = most;
        let contacts = self.partners.ties(number).tally.count;
        Some(Suggestion { partner: self.row(number, entry), days, usual_days: usual, contacts })
    }

    fn overdue<'a>(
        &self,
        number: PartnerNo,
        entry: &'a PartnerEntry,
        today: Calendar<'_>,
    ) -> Option<Overdue<'a>> {
        let ties = self.partners.ties(number);
        let days = today.days_ago(ties.last_contact_ms(&self.events)?);
        if !(2..=FORGOTTEN_DAYS).contains(&days) || self.owed_first(number).is_some() {
            return None;
        }
        let usual = ties.usual_gap_days(&self.events, &self.zone)?;
        (2 * u64::from(days) > 3 * u64::from(usual)).then_some(Overdue { number, entry, days, usual })
    }
}

struct Overdue<'a> {
    number: PartnerNo,
    entry: &'a PartnerEntry,
    days: u32,
    usual: u32,
}

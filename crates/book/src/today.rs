//! The day: what is due, what was done, whom to think of.

use crate::entry::{PartnerEntry, When};
use crate::timeline::Span;
use crate::{Book, PartnerRow, Suggestion, TaskRow, TimelineEntry, Today};
use satchel_domain::moment::{DAY_MS, days_between};
use satchel_domain::{Method, Outcome, PartnerType, RecordId};
use std::collections::HashSet;

/// Customers shown as quiet.
const QUIET: usize = 5;
/// Days without contact before a customer counts as quiet.
const QUIET_DAYS: i64 = 30;
/// Partners shown as touched last.
const RECENT: usize = 8;
/// Nobody is suggested who has not been heard of for longer.
const FORGOTTEN_DAYS: i64 = 365;

impl Book {
    /// The day between two local midnights, ms since 1970 UTC.
    pub fn today(&self, from_ms: i64, to_ms: i64) -> Today {
        let span = Span::new(Some(from_ms), Some(to_ms));
        Today {
            partners: self.by_name.len(),
            due: self.due(span),
            done: self.done_between(from_ms, to_ms),
            logged: self.logged(span, from_ms, to_ms),
            quiet: self.quiet(from_ms),
            recent: self.recent(RECENT),
            suggestion: self.suggestion(to_ms),
            last_used: self.last_used(),
        }
    }

    /// Method and outcome of the interaction written last (R22).
    pub fn last_used(&self) -> (Method, Option<Outcome>) {
        let last = self.written.last().and_then(|(_, id)| self.event(*id));
        last.map_or((Method::default(), None), |event| (event.method, event.outcome))
    }

    /// Partners touched last, newest first: written about or edited.
    pub fn recent(&self, limit: usize) -> Vec<PartnerRow> {
        let mut touched: Vec<(u64, RecordId)> = Vec::with_capacity(2 * limit);
        let mut seen = HashSet::new();
        let written =
            self.written.iter().rev().filter_map(|(at_ms, id)| Some((*at_ms, self.event(*id)?.partner)));
        let live = written.filter(|(_, partner)| self.live_partner(*partner).is_some());
        touched.extend(live.filter(|(_, partner)| seen.insert(*partner)).take(limit));
        let mut edited: Vec<_> =
            self.live_partners().map(|entry| (entry.partner.edited_ms, entry.partner.id)).collect();
        edited.sort_unstable_by(|a, b| b.cmp(a));
        touched.extend(edited.into_iter().take(limit));
        touched.sort_unstable_by(|a, b| b.cmp(a));
        let mut shown = HashSet::new();
        touched.retain(|(_, partner)| shown.insert(*partner));
        touched.into_iter().take(limit).filter_map(|(_, partner)| self.partner_row(partner)).collect()
    }

    fn due(&self, span: Span) -> Vec<TaskRow> {
        let due =
            self.open_tasks().filter(|task| task.entry.due.as_ref().is_some_and(|due| span.ends_after(due)));
        due.map(|task| self.task_row(task)).collect()
    }

    fn done_between(&self, from_ms: i64, to_ms: i64) -> usize {
        let at = |ms: i64| (u64::try_from(ms).unwrap_or(0), RecordId::NIL);
        if from_ms >= to_ms {
            return 0;
        }
        self.done.range(at(from_ms)..at(to_ms)).count()
    }

    fn logged(&self, span: Span, from_ms: i64, to_ms: i64) -> Vec<(TimelineEntry, Option<PartnerRow>)> {
        let at = |at_ms| When { at_ms, created_ms: 0, id: RecordId::NIL };
        let (first, last) = (from_ms.saturating_sub(DAY_MS), to_ms.saturating_add(DAY_MS));
        if first >= last {
            return Vec::new();
        }
        let near = self.happened.range(at(first)..at(last)).rev().filter_map(|when| self.event(when.id));
        let today = near.filter(|event| span.contains(event.at_ms, event.precision));
        let in_sight = today.filter(|event| self.is_deleted(event.partner) != Some(true));
        in_sight
            .map(|event| (self.event_entry(event.partner, event), self.partner_row(event.partner)))
            .collect()
    }

    fn quiet(&self, now_ms: i64) -> Vec<PartnerRow> {
        let since = now_ms.saturating_sub(QUIET_DAYS * DAY_MS);
        let customers =
            self.live_partners().filter(|entry| entry.partner.card.partner_type == PartnerType::Customer);
        let mut quiet: Vec<(i64, &PartnerEntry)> = customers
            .filter_map(|entry| Some((self.last_heard_ms(entry.partner.id)?, entry)))
            .filter(|(last, _)| *last < since)
            .collect();
        quiet.sort_by_key(|(last, _)| *last);
        quiet.into_iter().take(QUIET).map(|(_, entry)| self.row(entry)).collect()
    }

    /// The last interaction or order.
    fn last_heard_ms(&self, partner: RecordId) -> Option<i64> {
        self.ties.get(&partner)?.history().next().map(|when| when.at_ms)
    }

    /// Who is overdue the most, measured by her own rhythm: more than one and a half times the days
    /// that usually lie between two contacts, with no task open for her.
    fn suggestion(&self, now_ms: i64) -> Option<Suggestion> {
        let overdue = self.live_partners().filter_map(|entry| self.overdue(entry, now_ms));
        let longest = |a: &Overdue<'_>, b: &Overdue<'_>| {
            // days / usual, compared without division.
            (u64::from(a.days) * u64::from(b.usual)).cmp(&(u64::from(b.days) * u64::from(a.usual)))
        };
        let most = overdue.reduce(|best, next| if longest(&best, &next).is_lt() { next } else { best })?;
        let contacts = self.summary(most.entry.partner.id).count;
        let Overdue { entry, days, usual } = most;
        Some(Suggestion { partner: self.row(entry), days, usual_days: usual, contacts })
    }

    fn overdue<'a>(&'a self, entry: &'a PartnerEntry, now_ms: i64) -> Option<Overdue<'a>> {
        let ties = self.ties.get(&entry.partner.id)?;
        let days = days_between(ties.last_contact_ms()?, now_ms);
        if !(2..=FORGOTTEN_DAYS).contains(&days) || !ties.tasks.is_empty() {
            return None;
        }
        let (days, usual) = (u32::try_from(days).ok()?, ties.usual_gap_days()?);
        (2 * u64::from(days) > 3 * u64::from(usual)).then_some(Overdue { entry, days, usual })
    }
}

struct Overdue<'a> {
    entry: &'a PartnerEntry,
    days: u32,
    usual: u32,
}

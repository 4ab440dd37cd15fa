//! What happened with a partner: interactions and orders beside each other, newest first (R41–R50).

use crate::brief::Mark;
use crate::entry::{Entry, Event, OrderEntry};
use crate::fold::{fold, says};
use crate::ties::Tally;
use crate::{AnyRecord, Book, Happened, RecordCard, Timeline, TimelineEntry, TimelineFilter, Window};
use satchel_domain::{
    InteractionDraft, Moment, Participation, Precision, RecordId, Relationship, moment::DAY_MS,
};

/// A span of time between two local midnights (or any two instants), in which a day without a time
/// of day lies when its local day does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    from_ms: i64,
    to_ms: i64,
    /// How far local midnight lies before midnight in UTC.
    offset_ms: i64,
}

impl Span {
    pub(crate) fn new(from_ms: Option<i64>, to_ms: Option<i64>) -> Self {
        let offset_ms = from_ms.or(to_ms).map_or(0, offset_ms);
        Self { from_ms: from_ms.unwrap_or(i64::MIN), to_ms: to_ms.unwrap_or(i64::MAX), offset_ms }
    }

    pub(crate) fn contains(self, at_ms: i64, precision: Precision) -> bool {
        (self.from_ms..self.to_ms).contains(&self.local_ms(at_ms, precision))
    }

    pub(crate) fn ends_after(self, at: &Moment) -> bool {
        self.local_ms(at.utc_ms, at.precision) < self.to_ms
    }

    /// The instant at which something begins here.
    fn local_ms(self, at_ms: i64, precision: Precision) -> i64 {
        if precision == Precision::AllDay { at_ms.saturating_sub(self.offset_ms) } else { at_ms }
    }
}

/// How far ahead of UTC clocks are where this instant is midnight: from ten hours behind to less
/// than fourteen ahead. (Where people live eleven hours behind, nobody is told here: the same
/// instant is midnight thirteen hours ahead, where more do.)
fn offset_ms(midnight_ms: i64) -> i64 {
    const MOST_BEHIND: i64 = 10 * 3_600_000;
    let past_utc = midnight_ms.rem_euclid(DAY_MS);
    if past_utc <= MOST_BEHIND { -past_utc } else { DAY_MS - past_utc }
}

/// A filter with its text and types ready to be compared.
struct Sieve<'a> {
    filter: &'a TimelineFilter,
    span: Span,
    text: String,
}

impl Sieve<'_> {
    fn passes(&self, book: &Book, partner: RecordId, entry: &Entry) -> bool {
        match entry {
            Entry::Interaction(event) => self.passes_event(book, partner, event),
            Entry::Order(entry) => self.passes_order(entry),
            _ => false,
        }
    }

    fn passes_event(&self, book: &Book, partner: RecordId, event: &Event) -> bool {
        let TimelineFilter { types, methods, orders, relationship, .. } = self.filter;
        let code = book.words.word(event.record_type);
        let of_type = (types.is_empty() && !orders) || types.iter().any(|kind| kind.code() == code);
        let part = |wanted| event.parts().any(|(who, part)| who == partner && part == wanted);
        of_type
            && (methods.is_empty() || methods.contains(&event.method))
            && self.span.contains(event.at_ms, event.precision)
            && relationship.as_ref().is_none_or(part)
            && self.says(&[event.content.as_deref().unwrap_or_default(), &event.place])
    }

    fn passes_order(&self, entry: &OrderEntry) -> bool {
        let TimelineFilter { types, methods, orders, relationship, .. } = self.filter;
        let order = &entry.order.entry;
        let texts = || [order.number.as_str(), order.note.as_str()].into_iter();
        (types.is_empty() || *orders)
            && methods.is_empty()
            && self.span.contains(order.at.utc_ms, order.at.precision)
            && relationship.as_ref().is_none_or(|part| *part == Relationship::Buyer)
            && (self.says(&texts().collect::<Vec<_>>())
                || order.lines.iter().any(|line| self.says(&[&line.product])))
    }

    fn says(&self, texts: &[&str]) -> bool {
        self.text.is_empty() || texts.iter().any(|text| fold(text).contains(&self.text))
    }
}

impl Book {
    /// The history of a partner: every record in which it took part in any way (R42), every one of
    /// them and not the first only (R41).
    pub fn timeline(&self, partner: RecordId, filter: &TimelineFilter, window: Window) -> Timeline {
        let Some(ties) = self.ties.get(&partner) else { return Timeline::default() };
        let span = Span::new(filter.from_ms, filter.to_ms);
        let sieve = Sieve { filter, span, text: fold(filter.text.trim()) };
        let history = ties.history().filter_map(|when| self.records.get(&when.id));
        let found: Vec<&Entry> = history.filter(|entry| sieve.passes(self, partner, entry)).collect();

        let mut tally = Tally::default();
        let events = || {
            found
                .iter()
                .filter_map(|entry| if let Entry::Interaction(event) = entry { Some(&**event) } else { None })
        };
        events().for_each(|event| tally.add(event));
        Timeline {
            total: found.len(),
            all: ties.events.len() + ties.orders.len(),
            summary: tally.summary(events().next_back(), events().next(), &self.words),
            entries: window
                .of(found.iter())
                .filter_map(|entry| self.timeline_entry(partner, entry))
                .collect(),
        }
    }

    /// Interactions whose content or place contains a text, whoever took part, newest first (R54).
    pub fn search_interactions(&self, text: &str, limit: usize) -> Vec<TimelineEntry> {
        let text = fold(text.trim());
        if text.is_empty() {
            return Vec::new();
        }
        let mut room = String::new();
        let newest_first = self.happened.iter().rev().filter_map(|when| self.event(when.id));
        let found = newest_first.filter(|event| {
            event.content.as_deref().is_some_and(|content| says(content, &text, &mut room))
                || says(&event.place, &text, &mut room)
        });
        found.take(limit).map(|event| self.event_entry(event.partner, event)).collect()
    }

    /// Whether an interaction like this is here and not in the trash: the same partner, method, time and content.
    pub fn has_interaction(&self, draft: &InteractionDraft) -> bool {
        let mark = Mark::of(&draft.content);
        let events = self.ties.get(&draft.partner).into_iter().flat_map(|ties| &ties.events);
        events.filter_map(|when| self.event(when.id)).any(|event| {
            event.mark == mark && event.method == draft.method && event.at(&self.words) == draft.at
        })
    }

    /// One record of any kind, in the trash or not, with the names of those who take part.
    pub fn record(&self, id: RecordId) -> Option<RecordCard> {
        let entry = self.records.get(&id)?;
        let buyer = |partner| Participation { partner, relationship: Relationship::Buyer };
        let about = |partner| Participation { partner, relationship: Relationship::Primary };
        let parts: Vec<Participation> = match entry {
            Entry::Partner(_) => Vec::new(),
            Entry::Interaction(event) => event.view(&self.words).entry.participations().collect(),
            Entry::Order(entry) => vec![buyer(entry.order.entry.partner)],
            Entry::Task(task) => task.entry.partner.into_iter().map(about).collect(),
        };
        let with = parts.into_iter().map(|part| (self.name(part.partner).to_owned(), part));
        Some(RecordCard { what: self.whole(entry), with: with.map(|(name, part)| (part, name)).collect() })
    }

    pub(crate) fn whole(&self, entry: &Entry) -> AnyRecord {
        match entry {
            Entry::Partner(entry) => AnyRecord::Partner(entry.partner.clone()),
            Entry::Interaction(event) => AnyRecord::Interaction(event.view(&self.words)),
            Entry::Order(entry) => AnyRecord::Order(entry.order.clone()),
            Entry::Task(task) => AnyRecord::Task((**task).clone()),
        }
    }

    fn timeline_entry(&self, partner: RecordId, entry: &Entry) -> Option<TimelineEntry> {
        match entry {
            Entry::Interaction(event) => Some(self.event_entry(partner, event)),
            Entry::Order(entry) => Some(TimelineEntry {
                what: Happened::Order { order: entry.order.clone(), total: entry.total },
                with: Vec::new(),
                part: Relationship::Buyer,
            }),
            _ => None,
        }
    }

    /// An interaction as `partner` sees it: her own part apart, the others by name.
    pub(crate) fn event_entry(&self, partner: RecordId, event: &Event) -> TimelineEntry {
        let own =
            event.parts().find(|(who, _)| *who == partner).map_or(&Relationship::Primary, |(_, part)| part);
        let others =
            event.parts().filter(|(who, part)| (*who, *part) != (partner, own) && *who != RecordId::NIL);
        TimelineEntry {
            what: Happened::Interaction(event.view(&self.words)),
            with: others.map(|(who, part)| (who, self.name(who).to_owned(), part.clone())).collect(),
            part: own.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_time_lies_in_the_local_day_d13() {
        let day = 20_000 * DAY_MS;
        for hours in [-10, -5, 0, 1, 8, 13] {
            let midnight = day - hours * 3_600_000;
            let span = Span::new(Some(midnight), Some(midnight + DAY_MS));
            assert!(span.contains(day, Precision::AllDay), "{hours} hours ahead");
            assert!(!span.contains(day - DAY_MS, Precision::AllDay), "{hours} hours ahead: the day before");
            assert!(!span.contains(day + DAY_MS, Precision::AllDay), "{hours} hours ahead: the day after");
            assert!(
                span.contains(midnight, Precision::Exact)
                    && !span.contains(midnight + DAY_MS, Precision::Exact)
            );
        }
        assert!(Span::new(None, None).contains(i64::MIN, Precision::AllDay));
    }
}

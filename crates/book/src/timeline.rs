//! What happened with a partner: interactions and orders beside each other, newest first (R41–R50).

use crate::brief::Mark;
use crate::entry::{Event, Handle, OrderEntry, When};
use crate::partners::PartnerNo;
use crate::said::order_says;
use crate::sought::Sought;
use crate::ties::{Tally, Ties};
use crate::{
    AnyRecord, Book, Happened, RecordCard, Summary, Timeline, TimelineEntry, TimelineFilter, Window,
};
use satchel_domain::sorted;
use satchel_domain::{InteractionDraft, Participation, RecordId, Relationship};

/// A span of time between two local midnights, or any two instants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    from_ms: i64,
    to_ms: i64,
}

impl Span {
    pub(crate) fn new(from_ms: Option<i64>, to_ms: Option<i64>) -> Self {
        Self { from_ms: from_ms.unwrap_or(i64::MIN), to_ms: to_ms.unwrap_or(i64::MAX) }
    }

    pub(crate) fn contains(self, at_ms: i64) -> bool {
        (self.from_ms..self.to_ms).contains(&at_ms)
    }

    pub(crate) fn ends_after(self, at_ms: i64) -> bool {
        at_ms < self.to_ms
    }
}

/// A filter with its text and types ready to be compared.
struct Sieve<'a> {
    filter: &'a TimelineFilter,
    span: Span,
    text: Option<Sought>,
}

/// What is on a history.
#[derive(Clone, Copy)]
enum Entry<'a> {
    Event(&'a Event),
    Order(&'a OrderEntry),
}

impl Entry<'_> {
    fn when(&self) -> When {
        match self {
            Self::Event(event) => event.when(),
            Self::Order(order) => order.when(),
        }
    }
}

impl Sieve<'_> {
    fn passes(&self, book: &Book, partner: PartnerNo, entry: Entry<'_>) -> bool {
        match entry {
            Entry::Event(event) => self.passes_event(book, partner, event),
            Entry::Order(entry) => self.passes_order(entry),
        }
    }

    fn passes_event(&self, book: &Book, partner: PartnerNo, event: &Event) -> bool {
        let TimelineFilter { types, methods, orders, relationship, own, .. } = self.filter;
        let code = book.words.word(event.record_type);
        let of_type = (types.is_empty() && !orders) || types.iter().any(|kind| kind.code() == code);
        let part = |wanted: &Relationship| {
            book.parts(event).any(|(who, part)| {
                part == wanted.code() && who.is_some_and(|who| book.stands_for(partner, who))
            })
        };
        of_type
            && (methods.is_empty() || methods.contains(&event.method))
            && self.span.contains(event.at_ms)
            && (!own || book.took_part(event, partner))
            && relationship.as_ref().is_none_or(part)
            && self.text.as_ref().is_none_or(|text| book.says(event, text))
    }

    fn passes_order(&self, entry: &OrderEntry) -> bool {
        let TimelineFilter { types, methods, orders, relationship, .. } = self.filter;
        let order = &entry.order.entry;
        (types.is_empty() || *orders)
            && methods.is_empty()
            && self.span.contains(entry.at_ms)
            && relationship.as_ref().is_none_or(|part| *part == Relationship::Buyer)
            && self.text.as_ref().is_none_or(|text| order_says(order, text))
    }
}

impl Book {
    /// The history of a partner: every record in which it took part in any way (R42), every one of
    /// them and not the first only (R41); of an organisation, also those of its people.
    pub fn timeline(&self, partner: RecordId, filter: &TimelineFilter, window: Window) -> Timeline {
        let Some(partner) = self.root(partner) else { return Timeline::default() };
        let ties = self.partners.ties(partner);
        let sieve =
            Sieve { filter, span: Span::new(filter.from_ms, filter.to_ms), text: Sought::new(&filter.text) };
        let found: Vec<Entry<'_>> =
            self.history(ties).filter(|entry| sieve.passes(self, partner, *entry)).collect();

        let mut tally = Tally::default();
        let events = || {
            found.iter().filter_map(|entry| if let Entry::Event(event) = entry { Some(*event) } else { None })
        };
        let mut with_people = 0;
        events().for_each(|event| {
            tally.add(event);
            with_people += u32::from(!self.took_part(event, partner));
        });
        let summary = tally.summary(events().next_back(), events().next(), &self.words);
        Timeline {
            total: found.len(),
            all: ties.events.len() + ties.orders.len(),
            summary: Summary { with_people, ..summary },
            entries: window.of(found.iter()).map(|entry| self.timeline_entry(partner, *entry)).collect(),
        }
    }

    /// Interactions and orders together, newest first.
    fn history<'a>(&'a self, ties: &'a Ties) -> impl Iterator<Item = Entry<'a>> {
        let events = ties.events.iter().rev().filter_map(|number| self.events.get(*number));
        let orders = ties.orders.iter().rev().filter_map(|number| self.orders.get(*number));
        let (mut events, mut orders) =
            (events.map(Entry::Event).peekable(), orders.map(Entry::Order).peekable());
        std::iter::from_fn(move || match (events.peek(), orders.peek()) {
            (Some(event), Some(order)) if event.when() < order.when() => orders.next(),
            (Some(_), _) => events.next(),
            (None, _) => orders.next(),
        })
    }

    /// The last interaction or order, ms since 1970 UTC.
    pub(crate) fn last_heard_ms(&self, partner: PartnerNo) -> Option<i64> {
        self.history(self.partners.ties(partner)).next().map(|entry| entry.when().at_ms)
    }

    /// Whether an interaction like this is here and not in the trash: the same partner, method, time and content.
    pub fn has_interaction(&self, draft: &InteractionDraft) -> bool {
        let mark = Mark::of(&draft.content);
        let Some(partner) = self.root(draft.partner) else { return false };
        let mut events =
            self.partners.ties(partner).events.iter().filter_map(|number| self.events.get(*number));
        events.any(|event| {
            event.mark == mark
                && event.method == draft.method
                && event.at(&self.words) == draft.at
                && self.took_part(event, partner)
        })
    }

    /// One record of any kind, in the trash or not, with the names of those who take part.
    pub fn record(&self, id: RecordId) -> Option<RecordCard> {
        let what = self.whole(id)?;
        let buyer = |partner| Participation { partner, relationship: Relationship::Buyer };
        let about = |partner| Participation { partner, relationship: Relationship::Primary };
        let parts: Vec<Participation> = match &what {
            AnyRecord::Partner(_) | AnyRecord::View(_) => Vec::new(),
            AnyRecord::Interaction(interaction) => interaction.entry.participations().collect(),
            AnyRecord::Order(order) => vec![buyer(order.entry.partner)],
            AnyRecord::Task(task) => task.entry.partner.into_iter().map(about).collect(),
        };
        let with = parts.into_iter().map(|part| (self.name(part.partner).to_owned(), part));
        Some(RecordCard { what, with: with.map(|(name, part)| (part, name)).collect() })
    }

    pub(crate) fn whole(&self, id: RecordId) -> Option<AnyRecord> {
        Some(match self.records.get(&id)? {
            Handle::Partner(number) => AnyRecord::Partner(self.partners.entry(*number)?.partner.clone()),
            Handle::Event(number) => {
                AnyRecord::Interaction(self.events.get(*number)?.view(&self.partners, &self.words))
            }
            Handle::Order(number) => AnyRecord::Order(self.orders.get(*number)?.order.clone()),
            Handle::Task(number) => AnyRecord::Task(self.tasks.get(*number)?.clone()),
            Handle::View => AnyRecord::View(self.views.get(&id)?.clone()),
        })
    }

    fn timeline_entry(&self, partner: PartnerNo, entry: Entry<'_>) -> TimelineEntry {
        match entry {
            Entry::Event(event) => self.event_entry(Some(partner), event),
            Entry::Order(entry) => TimelineEntry {
                what: Happened::Order { order: entry.order.clone(), total: entry.total },
                with: Vec::new(),
                part: Relationship::Buyer,
                through: None,
            },
        }
    }

    /// Everybody who took part, with the code of the part; the primary partner first.
    fn parts<'a>(&'a self, event: &'a Event) -> impl Iterator<Item = (Option<PartnerNo>, &'a str)> {
        let others = event.others.iter().map(|part| (part.partner, self.words.word(part.relationship)));
        std::iter::once((event.partner, Relationship::Primary.code())).chain(others)
    }

    /// An interaction as `partner` sees it: her own part apart, the others by name. Who was merged into
    /// another appears as that one.
    pub(crate) fn event_entry(&self, partner: Option<PartnerNo>, event: &Event) -> TimelineEntry {
        let root = |who: Option<PartnerNo>| who.map(|who| self.partners.root(who));
        let partner = root(partner);
        let parts: Vec<_> = self.parts(event).map(|(who, part)| (root(who), part)).collect();
        let own = parts.iter().find(|(who, _)| *who == partner).map(|(_, own)| *own);
        let through = partner.filter(|_| own.is_none()).and_then(|partner| self.through(event, partner));
        let own = own.or(through.map(|(_, part)| part)).unwrap_or(Relationship::Primary.code());
        let mut others: Vec<(RecordId, &str)> = Vec::new();
        for (who, part) in parts.iter().filter(|(who, part)| who.is_some() && (*who, *part) != (partner, own))
        {
            // Two who are one by now took part once.
            let other = (self.partners.id(*who), *part);
            if !others.contains(&other) {
                others.push(other);
            }
        }
        let named = |(who, part)| (who, self.name(who).to_owned(), Relationship::from_code(part));
        TimelineEntry {
            what: Happened::Interaction(event.view(&self.partners, &self.words)),
            with: others.into_iter().map(named).collect(),
            part: Relationship::from_code(own),
            through: through.map(|(who, _)| self.partners.id(Some(who))),
        }
    }

    /// Whether a partner took part itself.
    pub(crate) fn took_part(&self, event: &Event, partner: PartnerNo) -> bool {
        self.parts(event).any(|(who, _)| who.is_some_and(|who| self.partners.root(who) == partner))
    }

    /// Whether a partner is meant by one who took part: it is the same, or her organisation.
    fn stands_for(&self, partner: PartnerNo, who: PartnerNo) -> bool {
        let root = self.partners.root(who);
        root == partner || self.employer(root) == Some(partner)
    }

    /// The first person of an organisation who took part where it did not itself, with the code of her part.
    pub(crate) fn through<'a>(
        &'a self,
        event: &'a Event,
        partner: PartnerNo,
    ) -> Option<(PartnerNo, &'a str)> {
        if self.took_part(event, partner) {
            return None;
        }
        self.parts(event).find_map(|(who, part)| {
            let who = self.partners.root(who?);
            (self.employer(who) == Some(partner)).then_some((who, part))
        })
    }
}

/// The newest of some interactions, newest first.
pub(crate) fn newest(mut events: Vec<&Event>, limit: usize) -> Vec<&Event> {
    let newer = |a: &&Event, b: &&Event| b.when().cmp(&a.when());
    if limit < events.len() {
        events.select_nth_unstable_by(limit, newer);
        events.truncate(limit);
    }
    sorted::sort_by(&mut events, newer);
    events
}

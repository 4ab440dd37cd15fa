//! Records as they are kept in memory: interactions compact, since there are many.

use crate::brief::{InteractionBrief, Mark, PartnerBrief};
use crate::roman::SortKey;
use crate::search::Keys;
use satchel_domain::{
    Interaction, InteractionDraft, Method, Moment, Money, Order, OrderStatus, Outcome, Participation,
    Partner, Precision, RecordId, RecordType, Relationship, Task,
};
use std::collections::HashMap;

/// Any record that the book holds.
#[derive(Debug)]
pub(crate) enum Entry {
    Partner(Box<PartnerEntry>),
    Interaction(Box<Event>),
    Order(Box<OrderEntry>),
    Task(Box<Task>),
}

impl Entry {
    pub(crate) fn deleted(&self) -> bool {
        match self {
            Self::Partner(entry) => entry.partner.deleted,
            Self::Interaction(event) => event.deleted,
            Self::Order(entry) => entry.order.deleted,
            Self::Task(task) => task.deleted,
        }
    }
}

/// A partner with what it is sorted and found by.
#[derive(Debug)]
pub(crate) struct PartnerEntry {
    pub(crate) partner: Partner,
    pub(crate) sort: SortKey,
    pub(crate) keys: Keys,
}

impl PartnerEntry {
    pub(crate) fn new(id: RecordId, mut brief: PartnerBrief, company: &str) -> Self {
        let sort = SortKey::new(&brief.card.name, &brief.spelling);
        let keys = Keys::new(std::mem::take(&mut brief.keys), company);
        Self { partner: brief.partner(id), sort, keys }
    }
}

/// An order with its total, reckoned once.
#[derive(Debug)]
pub(crate) struct OrderEntry {
    pub(crate) order: Order,
    /// Lines and freight; nothing where the sum does not fit into 64 bits.
    pub(crate) total: Money,
}

impl OrderEntry {
    pub(crate) fn new(order: Order) -> Self {
        let total = order.entry.total().unwrap_or(Money { minor: 0, currency: order.entry.currency });
        Self { order, total }
    }

    /// Whether it counts as bought.
    pub(crate) fn counts(&self) -> bool {
        !self.order.deleted && self.order.entry.status != OrderStatus::Cancelled
    }

    pub(crate) fn when(&self) -> When {
        let Order { id, entry, created_ms, .. } = &self.order;
        When { at_ms: entry.at.utc_ms, created_ms: *created_ms, id: *id }
    }
}

/// When something happened; orders histories. Of what happened at one instant, the later written is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct When {
    pub(crate) at_ms: i64,
    pub(crate) created_ms: u64,
    pub(crate) id: RecordId,
}

/// Words that many records share, each kept once: zones and types.
#[derive(Debug, Default)]
pub(crate) struct Words {
    words: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl Words {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.into());
        self.numbers.insert(word.into(), number);
        number
    }

    pub(crate) fn word(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", |word| word)
    }
}

/// An interaction, compact: what many share is a number, what is absent takes no room.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: RecordId,
    pub(crate) partner: RecordId,
    pub(crate) at_ms: i64,
    pub(crate) created_ms: u64,
    edited_ms: u64,
    pub(crate) mark: Mark,
    /// `None` until it is told.
    pub(crate) content: Option<Box<str>>,
    pub(crate) place: Box<str>,
    pub(crate) others: Box<[Participation]>,
    /// Its code among the [`Words`].
    pub(crate) record_type: u32,
    zone: u32,
    minutes: Option<u32>,
    pub(crate) method: Method,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) precision: Precision,
    pub(crate) deleted: bool,
}

impl Event {
    pub(crate) fn new(id: RecordId, brief: InteractionBrief<'_>, words: &mut Words) -> Self {
        Self {
            id,
            partner: brief.partner,
            at_ms: brief.at_ms,
            created_ms: brief.about.created_ms,
            edited_ms: brief.about.edited_ms,
            mark: brief.content,
            content: (!brief.content.is_some()).then(Box::default),
            place: brief.place.into(),
            others: brief.others.into(),
            record_type: words.number(brief.record_type.code()),
            zone: words.number(brief.zone),
            minutes: brief.minutes,
            method: brief.method,
            outcome: brief.outcome,
            precision: brief.precision,
            deleted: brief.about.deleted(),
        }
    }

    /// The interaction as it was read.
    pub(crate) fn view(&self, words: &Words) -> Interaction {
        let entry = InteractionDraft {
            partner: self.partner,
            record_type: RecordType::from_code(words.word(self.record_type)),
            method: self.method,
            at: self.at(words),
            minutes: self.minutes,
            content: self.content.as_deref().unwrap_or_default().to_owned(),
            outcome: self.outcome,
            place: self.place.to_string(),
            participants: self.others.iter().cloned().collect(),
        };
        let Self { id, deleted, created_ms, edited_ms, .. } = *self;
        Interaction { id, entry, deleted, created_ms, edited_ms }
    }

    pub(crate) fn at(&self, words: &Words) -> Moment {
        Moment { utc_ms: self.at_ms, zone: words.word(self.zone).to_owned(), precision: self.precision }
    }

    pub(crate) fn when(&self) -> When {
        When { at_ms: self.at_ms, created_ms: self.created_ms, id: self.id }
    }

    /// Everybody who took part, as what; the primary partner first.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (RecordId, &Relationship)> {
        let others = self.others.iter().map(|part| (part.partner, &part.relationship));
        std::iter::once((self.partner, &Relationship::Primary)).chain(others)
    }

    /// Everybody who took part, each once.
    pub(crate) fn partners(&self) -> Vec<RecordId> {
        let mut partners: Vec<RecordId> = self.parts().map(|(partner, _)| partner).collect();
        partners.sort_unstable();
        partners.dedup();
        partners.retain(|partner| *partner != RecordId::NIL);
        partners
    }
}

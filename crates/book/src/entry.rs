//! Records as they are kept in memory: interactions compact, since there are many.

use crate::roman::SortKey;
use crate::search::Keys;
use satchel_domain::{
    Interaction, InteractionDraft, Method, Moment, Money, Order, OrderStatus, Outcome, Participation,
    Partner, PartnerKind, Precision, RecordId, RecordType, Relationship, Task,
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
    pub(crate) fn new(partner: Partner, company: &str) -> Self {
        let sort = SortKey::new(&partner.card.name, partner.card.kind == PartnerKind::Person);
        let keys = Keys::new(&partner, company);
        Self { partner, sort, keys }
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
    pub(crate) content: Box<str>,
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
    pub(crate) fn new(interaction: Interaction, words: &mut Words) -> Self {
        let Interaction { id, entry, deleted, created_ms, edited_ms } = interaction;
        let InteractionDraft {
            partner,
            record_type,
            method,
            at,
            minutes,
            content,
            outcome,
            place,
            participants,
        } = entry;
        Self {
            id,
            partner,
            at_ms: at.utc_ms,
            created_ms,
            edited_ms,
            content: content.into(),
            place: place.into(),
            others: participants.into_iter().collect(),
            record_type: words.number(record_type.code()),
            zone: words.number(&at.zone),
            minutes,
            method,
            outcome,
            precision: at.precision,
            deleted,
        }
    }

    /// The interaction as it was read.
    pub(crate) fn view(&self, words: &Words) -> Interaction {
        let at =
            Moment { utc_ms: self.at_ms, zone: words.word(self.zone).to_owned(), precision: self.precision };
        let entry = InteractionDraft {
            partner: self.partner,
            record_type: RecordType::from_code(words.word(self.record_type)),
            method: self.method,
            at,
            minutes: self.minutes,
            content: self.content.to_string(),
            outcome: self.outcome,
            place: self.place.to_string(),
            participants: self.others.iter().cloned().collect(),
        };
        let Self { id, deleted, created_ms, edited_ms, .. } = *self;
        Interaction { id, entry, deleted, created_ms, edited_ms }
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

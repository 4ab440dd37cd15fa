//! Records as they are kept in memory: interactions compact, since there are many.

use crate::brief::{Files, InteractionBrief, Mark, PartnerBrief};
use crate::keys::Keys;
use crate::partners::{PartnerNo, Partners};
use crate::roman::SortKey;
use crate::terms::Terms;
use crate::texts;
use crate::words::Words;
use crate::zone::Zone;
use satchel_domain::{
    Interaction, InteractionDraft, Method, Moment, Money, Order, OrderStatus, Outcome, Participation,
    Partner, Precision, RecordId, RecordType, Relationship,
};

/// Where a record is kept, by its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handle {
    Partner(PartnerNo),
    Event(u32),
    Order(u32),
    Task(u32),
    /// Saved views are few, and kept by their ids.
    View,
}

/// A partner with what it is sorted and found by.
#[derive(Debug)]
pub(crate) struct PartnerEntry {
    pub(crate) partner: Partner,
    pub(crate) sort: SortKey,
    pub(crate) keys: Keys,
    /// Its words among the [`Terms`].
    pub(crate) terms: Box<[u32]>,
    /// The organisation that she works for.
    pub(crate) employer: Option<PartnerNo>,
    /// The partner that it was merged into.
    pub(crate) into: Option<PartnerNo>,
}

impl PartnerEntry {
    pub(crate) fn new(
        id: RecordId,
        mut brief: PartnerBrief,
        partners: &mut Partners,
        terms: &mut Terms,
    ) -> Self {
        let mut number = |id: Option<RecordId>| id.and_then(|id| partners.number(id));
        Self {
            sort: SortKey::new(&brief.card.name, &brief.spelling, id),
            keys: Keys::new(std::mem::take(&mut brief.keys), &brief.card),
            terms: terms.of(&brief.card),
            employer: number(brief.card.organisation),
            into: number(brief.merged_into),
            partner: brief.partner(id),
        }
    }
}

/// An order with its total, reckoned once.
#[derive(Debug)]
pub(crate) struct OrderEntry {
    pub(crate) order: Order,
    /// Who bought.
    pub(crate) partner: Option<PartnerNo>,
    /// When it stands here, ms since 1970 UTC.
    pub(crate) at_ms: i64,
    /// Lines and freight; nothing where the sum does not fit into 64 bits.
    pub(crate) total: Money,
}

impl OrderEntry {
    pub(crate) fn new(order: Order, partners: &mut Partners, zone: &Zone) -> Self {
        let total = order.entry.total().unwrap_or(Money { minor: 0, currency: order.entry.currency });
        let at_ms = zone.here(&order.entry.at);
        Self { partner: partners.number(order.entry.partner), at_ms, order, total }
    }

    /// Whether it counts as bought.
    pub(crate) fn counts(&self) -> bool {
        !self.order.deleted && self.order.entry.status != OrderStatus::Cancelled
    }

    pub(crate) fn when(&self) -> When {
        When { at_ms: self.at_ms, created_ms: self.order.created_ms, id: self.order.id }
    }
}

/// When something happened here; orders histories. Of what happened at one instant, the later written is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct When {
    pub(crate) at_ms: i64,
    pub(crate) created_ms: u64,
    pub(crate) id: RecordId,
}

/// An interaction without its content, compact: partners and what many share are numbers.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: RecordId,
    /// When it stands here: what is compared, counted and shown.
    pub(crate) at_ms: i64,
    /// As it was read.
    pub(crate) utc_ms: i64,
    pub(crate) created_ms: u64,
    pub(crate) edited_ms: u64,
    pub(crate) others: Box<[Part]>,
    /// The primary partner.
    pub(crate) partner: Option<PartnerNo>,
    /// Its code among the [`Words`].
    pub(crate) record_type: u32,
    zone: u32,
    pub(crate) place: u32,
    minutes: u32,
    pub(crate) mark: Mark,
    pub(crate) files: Files,
    /// Where the text is that it is found by, once that was told.
    pub(crate) text: Option<texts::Place>,
    pub(crate) method: Method,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) precision: Precision,
    pub(crate) deleted: bool,
}

/// No minutes.
const UNTIMED: u32 = u32::MAX;

/// A partner that took part, and as what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) partner: Option<PartnerNo>,
    /// The code of the relationship among the [`Words`].
    pub(crate) relationship: u32,
}

impl Event {
    pub(crate) fn new(
        id: RecordId,
        brief: InteractionBrief<'_>,
        partners: &mut Partners,
        words: &mut Words,
        zone: &Zone,
    ) -> Self {
        let partner = partners.number(brief.partner);
        let others = brief.others.iter().map(|part| Part {
            partner: partners.number(part.partner),
            relationship: words.number(part.relationship.code()),
        });
        Self {
            id,
            at_ms: zone.here_ms(brief.at_ms, brief.precision),
            utc_ms: brief.at_ms,
            created_ms: brief.about.created_ms,
            edited_ms: brief.about.edited_ms,
            others: others.collect(),
            partner,
            record_type: words.number(brief.record_type.code()),
            zone: words.number(brief.zone),
            place: words.number(brief.place),
            minutes: brief.minutes.unwrap_or(UNTIMED),
            mark: brief.content,
            files: brief.files,
            text: None,
            method: brief.method,
            outcome: brief.outcome,
            precision: brief.precision,
            deleted: brief.about.deleted(),
        }
    }

    /// The interaction as it was read, without its content.
    pub(crate) fn view(&self, partners: &Partners, words: &Words) -> Interaction {
        let others = self.others.iter().map(|part| Participation {
            partner: partners.id(part.partner),
            relationship: Relationship::from_code(words.word(part.relationship)),
        });
        let entry = InteractionDraft {
            partner: partners.id(self.partner),
            record_type: RecordType::from_code(words.word(self.record_type)),
            method: self.method,
            at: self.at(words),
            minutes: Some(self.minutes).filter(|minutes| *minutes != UNTIMED),
            content: String::new(),
            outcome: self.outcome,
            place: words.word(self.place).to_owned(),
            participants: others.collect(),
        };
        let Self { id, deleted, created_ms, edited_ms, .. } = *self;
        Interaction { id, entry, deleted, created_ms, edited_ms }
    }

    /// When it was, as it was read.
    pub(crate) fn at(&self, words: &Words) -> Moment {
        Moment { utc_ms: self.utc_ms, zone: words.word(self.zone).to_owned(), precision: self.precision }
    }

    pub(crate) fn when(&self) -> When {
        When { at_ms: self.at_ms, created_ms: self.created_ms, id: self.id }
    }

    /// Whether it has a content that was not told yet.
    pub(crate) fn lacks_text(&self) -> bool {
        self.mark.is_some() && self.text.is_none()
    }

    /// Who took part, or whom they were merged into, each once.
    pub(crate) fn took_part(&self, partners: &Partners) -> Vec<PartnerNo> {
        let others = self.others.iter().filter_map(|part| part.partner);
        let mut roots: Vec<_> =
            self.partner.into_iter().chain(others).map(|who| partners.root(who)).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }
}

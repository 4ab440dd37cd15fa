//! What a page keeps of a record so that the book opens without reading the record itself: compact, without an
//! interaction's content, and with everything that costs time to make (spellings, keys) made already.

use crate::keys::Keys;
use crate::roman::spellings;
use satchel_domain::{
    Interaction, Kind, Method, Order, OrderDraft, Outcome, Participation, Partner, PartnerDraft, PartnerKind,
    Precision, Record, RecordId, RecordType, Task, TaskDraft, View, ViewDraft, field,
};
use serde::{Deserialize, Serialize};

/// The format of the bytes of every [`Brief`]; others are made again from their records. It rises with each
/// change of what briefs hold, of the vocabularies' order in `domain`, and of how names are spelled or folded.
pub const BRIEF_FORMAT: u16 = 5;

/// What a record needs to be in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Which of the two it is: cards are opened first.
    pub class: Class,
    /// The partner that it hangs on, itself for a partner; [`RecordId::NIL`] where it hangs on nobody.
    pub cluster: RecordId,
    /// For [`crate::Book::apply_brief`].
    pub bytes: Vec<u8>,
}

/// What is needed for the lists, and what happened with those who are in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Partners, tasks and saved views.
    Card,
    /// Interactions and orders.
    Event,
}

/// The bytes are no brief of this format and class: the record itself is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a brief of this format")]
pub struct BadBrief;

/// The brief of a record; `None` for kinds that this app does not know.
pub fn brief(id: RecordId, record: &Record) -> Option<Brief> {
    let about = About::of(record);
    Some(match &record.kind {
        Kind::Partner => card(id, &Card::Partner(PartnerBrief::of(Partner::read(id, record)?, about))),
        Kind::Task => {
            let task = Task::read(id, record)?;
            let cluster = task.entry.partner.unwrap_or(RecordId::NIL);
            card(cluster, &Card::Task(TaskBrief { entry: task.entry, done_ms: task.done_ms, about }))
        }
        Kind::Interaction => {
            let interaction = Interaction::read(id, record)?;
            let files = Files::of(record);
            let brief = InteractionBrief::of(&interaction, files, about);
            event(interaction.entry.partner, &Event::Interaction(brief))
        }
        Kind::Order => {
            let order = Order::read(id, record)?;
            event(order.entry.partner, &Event::Order(OrderBrief { entry: order.entry, about }))
        }
        Kind::View => {
            let View { entry, newer, .. } = View::read(id, record)?;
            card(RecordId::NIL, &Card::View(ViewBrief { entry, newer, about }))
        }
        Kind::Unknown(_) => return None,
    })
}

fn card(cluster: RecordId, card: &Card) -> Brief {
    Brief { class: Class::Card, cluster, bytes: encoded(card) }
}

fn event(cluster: RecordId, event: &Event<'_>) -> Brief {
    Brief { class: Class::Event, cluster, bytes: encoded(event) }
}

fn encoded(brief: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(brief).expect("plain values are written to memory")
}

/// Reads the whole of `bytes`, and nothing but one brief.
pub(crate) fn decoded<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, BadBrief> {
    match postcard::take_from_bytes(bytes) {
        Ok((brief, [])) => Ok(brief),
        _ => Err(BadBrief),
    }
}

/// When a record was made, edited, and put in the trash.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) created_ms: u64,
    pub(crate) edited_ms: u64,
    /// Only of what is in the trash.
    pub(crate) deleted_ms: Option<u64>,
}

impl About {
    fn of(record: &Record) -> Self {
        let deleted_ms = || record.fields.get(field::DELETED).map_or(0, |register| register.stamp.ms);
        Self {
            created_ms: record.created_ms(),
            edited_ms: record.edited_ms(),
            deleted_ms: record.is_deleted().then(deleted_ms),
        }
    }

    pub(crate) fn deleted(&self) -> bool {
        self.deleted_ms.is_some()
    }
}

/// A brief of [`Class::Card`].
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::large_enum_variant, reason = "taken apart as soon as it is read, never kept")
)]
pub(crate) enum Card {
    Partner(PartnerBrief),
    Task(TaskBrief),
    View(ViewBrief),
}

/// A brief of [`Class::Event`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Event<'a> {
    #[serde(borrow)]
    Interaction(InteractionBrief<'a>),
    Order(OrderBrief),
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PartnerBrief {
    pub(crate) card: PartnerDraft,
    pub(crate) merged_into: Option<RecordId>,
    pub(crate) about: About,
    /// The likeliest spelling of the name, which it is sorted by.
    pub(crate) spelling: String,
    /// The text of its [`Keys`].
    pub(crate) keys: String,
}

impl PartnerBrief {
    fn of(partner: Partner, about: About) -> Self {
        let spellings = spellings(&partner.card.name, partner.card.kind == PartnerKind::Person);
        let keys = Keys::text(&partner, &spellings);
        let spelling = spellings.into_iter().next().unwrap_or_default();
        Self { card: partner.card, merged_into: partner.merged_into, about, spelling, keys }
    }

    pub(crate) fn partner(self, id: RecordId) -> Partner {
        let Self { card, merged_into, about, .. } = self;
        let About { created_ms, edited_ms, .. } = about;
        Partner { id, card, merged_into, deleted: about.deleted(), created_ms, edited_ms }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TaskBrief {
    pub(crate) entry: TaskDraft,
    pub(crate) done_ms: Option<u64>,
    pub(crate) about: About,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ViewBrief {
    pub(crate) entry: ViewDraft,
    pub(crate) newer: bool,
    pub(crate) about: About,
}

impl TaskBrief {
    pub(crate) fn task(self, id: RecordId) -> Task {
        let Self { entry, done_ms, about } = self;
        let About { created_ms, edited_ms, .. } = about;
        Task { id, entry, done_ms, deleted: about.deleted(), created_ms, edited_ms }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OrderBrief {
    pub(crate) entry: OrderDraft,
    pub(crate) about: About,
}

impl OrderBrief {
    pub(crate) fn order(self, id: RecordId) -> Order {
        let Self { entry, about } = self;
        let About { created_ms, edited_ms, .. } = about;
        Order { id, entry, deleted: about.deleted(), created_ms, edited_ms }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InteractionBrief<'a> {
    pub(crate) partner: RecordId,
    pub(crate) record_type: RecordType,
    pub(crate) method: Method,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) precision: Precision,
    pub(crate) at_ms: i64,
    #[serde(borrow)]
    pub(crate) zone: &'a str,
    #[serde(borrow)]
    pub(crate) place: &'a str,
    pub(crate) minutes: Option<u32>,
    pub(crate) others: Vec<Participation>,
    pub(crate) content: Mark,
    pub(crate) files: Files,
    pub(crate) about: About,
}

impl<'a> InteractionBrief<'a> {
    fn of(interaction: &'a Interaction, files: Files, about: About) -> Self {
        let entry = &interaction.entry;
        Self {
            partner: entry.partner,
            record_type: entry.record_type.clone(),
            method: entry.method,
            outcome: entry.outcome,
            precision: entry.at.precision,
            at_ms: entry.at.utc_ms,
            zone: &entry.at.zone,
            place: &entry.place,
            minutes: entry.minutes,
            others: entry.participants.iter().cloned().collect(),
            content: Mark::of(&entry.content),
            files,
            about,
        }
    }
}

/// How many files lie beside an interaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Files {
    /// Those that are shown; more than 255 count as so many.
    pub(crate) shown: u8,
    /// With those that were taken off.
    pub(crate) all: u8,
}

impl Files {
    fn of(record: &Record) -> Self {
        let count = |files: usize| u8::try_from(files).unwrap_or(u8::MAX);
        let all = satchel_domain::attachment::filed(record);
        Self { shown: count(all.iter().filter(|filed| filed.present).count()), all: count(all.len()) }
    }
}

/// FNV-1a of 64 bits: the same on every platform, for ever.
pub(crate) fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What stands for a content that is not kept: equal contents have equal marks, and nothing has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark(u32);

impl Mark {
    /// [`fnv`], folded to 32 bits.
    pub(crate) fn of(content: &str) -> Self {
        if content.is_empty() {
            return Self(0);
        }
        let [a, b, c, d, e, f, g, h] = fnv(content.bytes()).to_be_bytes();
        let folded = u32::from_be_bytes([a, b, c, d]) ^ u32::from_be_bytes([e, f, g, h]);
        Self(folded.max(1))
    }

    /// Whether there is a content.
    pub(crate) fn is_some(self) -> bool {
        self.0 != 0
    }
}

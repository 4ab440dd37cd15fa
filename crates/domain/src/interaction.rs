//! What happened: visits, calls, mails, chats, consultations, feedback (R14–R22).

use crate::change::Shape;
use crate::sorted::Gather;
use crate::{Kind, Moment, Record, RecordId, Value, Write, entry, field};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What kind of event a record is (R16). Purchases are [`crate::Order`]s and appear beside these.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RecordType {
    /// A meeting in person.
    #[default]
    Visit,
    /// A call.
    Call,
    /// A mail or letter.
    Mail,
    /// A chat in any messenger.
    Chat,
    /// Advice asked for and given.
    Consultation,
    /// What they think of us.
    Feedback,
    /// Something to be put right or done.
    ServiceRequest,
    /// Displeasure.
    Complaint,
    /// A note of our own.
    Note,
    /// A type of the workspace's own.
    Other(String),
}

/// The channel (R20). Never absent: [`Method::Other`] is the default of last resort (D14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Method {
    /// In person.
    #[default]
    Visit,
    /// By phone.
    Phone,
    /// By mail.
    Mail,
    /// By WeChat.
    WeChat,
    /// By WhatsApp or another chat.
    Chat,
    /// By text message.
    Sms,
    /// By video call.
    Video,
    /// By letter.
    Letter,
    /// Any other way.
    Other,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// They agreed.
    Agreed,
    /// They are interested.
    Interested,
    /// We owe them something.
    FollowUp,
    /// They have not made up their mind.
    Undecided,
    /// Nobody was there, or nobody answered.
    Absent,
    /// They declined.
    Declined,
}

/// The part a partner took in a record (R17).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Relationship {
    /// Whom the record is about: exactly one partner of every record (D7).
    Primary,
    /// Was there.
    Attendee,
    /// Buys.
    Buyer,
    /// Decides.
    DecisionMaker,
    /// Brought us together.
    Referrer,
    /// Pays.
    Payer,
    /// Is spoken about.
    Subject,
    /// Competes with us for it.
    Competitor,
    /// A relationship of the workspace's own.
    Other(String),
}

/// One row of the association of partners and records: unique per (partner, record, relationship).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Participation {
    /// Who took part.
    pub partner: RecordId,
    /// As what.
    pub relationship: Relationship,
}

/// An interaction as a person edits it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractionDraft {
    /// Whom it is about; the one participation with [`Relationship::Primary`].
    pub partner: RecordId,
    /// What kind of event.
    pub record_type: RecordType,
    /// By which channel.
    pub method: Method,
    /// When it happened (or began).
    pub at: Moment,
    /// How long it took, in minutes.
    pub minutes: Option<u32>,
    /// What was said, whole: no cut at any length (R10).
    pub content: String,
    /// How it went.
    pub outcome: Option<Outcome>,
    /// Where, as a person would say it.
    pub place: String,
    /// The others who took part; never contains [`Relationship::Primary`].
    pub participants: BTreeSet<Participation>,
}

/// An interaction as read from its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// Its identity.
    pub id: RecordId,
    /// Everything a person can edit.
    pub entry: InteractionDraft,
    /// In the trash.
    pub deleted: bool,
    /// When the record was first written, ms since 1970 UTC.
    pub created_ms: u64,
    /// When any field was last written, ms since 1970 UTC.
    pub edited_ms: u64,
}

impl Participation {
    /// The element of the set that keeps it.
    pub(crate) fn element(&self) -> Value {
        Value::List(vec![self.partner.into(), self.relationship.code().into()])
    }

    pub(crate) fn read(element: &Value) -> Option<Self> {
        let Value::List(parts) = element else { return None };
        let [partner, relationship, ..] = parts.as_slice() else { return None };
        Some(Self {
            partner: partner.as_id()?,
            relationship: Relationship::from_code(relationship.as_text()?),
        })
    }

    /// The write that adds this partner to a record, or takes it off again (R42). The primary
    /// partner is a field of the record and is changed by editing it (D7).
    pub fn write(&self, present: bool) -> Write {
        let field = field::PARTICIPANTS.to_owned();
        Write::Element { field, element: self.element(), present }
    }
}

impl InteractionDraft {
    /// The writes of a new interaction.
    pub fn create(&self) -> Vec<Write> {
        self.shape().writes_since(&Shape::default())
    }

    /// The writes that lead from what the person saw to what she made of it: only what differs.
    pub fn diff(from: &Self, to: &Self) -> Vec<Write> {
        to.shape().writes_since(&from.shape())
    }

    pub(crate) fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        shape.put(field::PARTNER, self.partner);
        shape.put(field::TYPE, self.record_type.code());
        shape.put(field::METHOD, self.method.code());
        shape.put(field::AT, &self.at);
        shape.put(field::MINUTES, self.minutes.map(i64::from));
        shape.put(field::CONTENT, self.content.as_str());
        shape.put(field::OUTCOME, self.outcome.map(Outcome::code));
        shape.put(field::PLACE, self.place.trim());
        let others = self.participants.iter().filter(|part| part.relationship != Relationship::Primary);
        shape.sets.insert(field::PARTICIPANTS.to_owned(), others.map(Participation::element).gather());
        shape
    }

    pub(crate) fn read(record: &Record) -> Self {
        let parts = entry::elements(record, field::PARTICIPANTS).filter_map(Participation::read);
        Self {
            partner: entry::id(record, field::PARTNER).unwrap_or(RecordId::NIL),
            record_type: RecordType::from_code(&entry::text(record, field::TYPE)),
            method: Method::from_code(&entry::text(record, field::METHOD)),
            at: Moment::read(record),
            minutes: entry::number(record, field::MINUTES),
            content: entry::text(record, field::CONTENT),
            outcome: Outcome::from_code(&entry::text(record, field::OUTCOME)),
            place: entry::text(record, field::PLACE),
            participants: parts.filter(|part| part.relationship != Relationship::Primary).gather(),
        }
    }

    /// Everybody who took part: exactly one [`Relationship::Primary`], first, whatever the set of
    /// the others holds (D7).
    pub fn participations(&self) -> impl Iterator<Item = Participation> + '_ {
        let primary = Participation { partner: self.partner, relationship: Relationship::Primary };
        let others = self.participants.iter().filter(|part| part.relationship != Relationship::Primary);
        std::iter::once(primary).chain(others.cloned())
    }
}

impl Interaction {
    /// Reads an interaction; `None` when the record is of another kind. What is not understood is
    /// left out of the view and stays in the record.
    pub fn read(id: RecordId, record: &Record) -> Option<Self> {
        (record.kind == Kind::Interaction).then(|| Self {
            id,
            entry: InteractionDraft::read(record),
            deleted: record.is_deleted(),
            created_ms: record.created_ms(),
            edited_ms: record.edited_ms(),
        })
    }
}

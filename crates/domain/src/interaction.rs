//! What happened: visits, calls, mails, chats, consultations, feedback (R14–R22).

use crate::{Moment, RecordId};
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

//! Words ↔ the codes under which they are kept: never renamed, never reused.
//!
//! An unknown code is a newer app's word, or the workspace's own; reading it never fails, and since
//! only what a person changed is written, an older app does not overwrite it.

use crate::{Method, OrderStatus, Outcome, PartnerKind, PartnerType, Precision, RecordType, Relationship};

/// `code` and `from_code` for a vocabulary that knows all its words.
macro_rules! closed {
    ($name:ident, $fallback:ident, { $($word:ident = $code:literal),+ $(,)? }) => {
        impl $name {
            /// Every word.
            pub const ALL: &[Self] = &[$(Self::$word),+];

            /// The code under which the word is kept, for ever.
            pub fn code(self) -> &'static str {
                match self { $(Self::$word => $code),+ }
            }

            /// The word with this code, or the word of last resort.
            pub fn from_code(code: &str) -> Self {
                match code { $($code => Self::$word,)+ _ => Self::$fallback }
            }
        }
    };
}

/// `code` and `from_code` for a vocabulary that a workspace can extend.
macro_rules! open {
    ($name:ident, $empty:ident, { $($word:ident = $code:literal),+ $(,)? }) => {
        impl $name {
            /// Every built-in word.
            pub const BUILT_IN: &[Self] = &[$(Self::$word),+];

            /// The code under which the word is kept, for ever.
            pub fn code(&self) -> &str {
                match self { $(Self::$word => $code,)+ Self::Other(word) => word }
            }

            /// The word with this code; a word of the workspace's own for any other.
            pub fn from_code(code: &str) -> Self {
                match code { $($code => Self::$word,)+ "" => Self::$empty, other => Self::Other(other.to_owned()) }
            }
        }
    };
}

closed!(PartnerKind, Person, { Person = "person", Organisation = "organisation" });
closed!(Precision, Exact, { Exact = "exact", AllDay = "day", Approximate = "approximate" });
closed!(OrderStatus, Placed, {
    Placed = "placed", Delivered = "delivered", Paid = "paid", Cancelled = "cancelled",
});
closed!(Method, Other, {
    Visit = "visit", Phone = "phone", Mail = "mail", WeChat = "wechat", Chat = "chat", Sms = "sms",
    Video = "video", Letter = "letter", Other = "other",
});
open!(PartnerType, Customer, {
    Prospect = "prospect", Customer = "customer", Distributor = "distributor", Supplier = "supplier",
    Partner = "partner",
});
open!(RecordType, Note, {
    Visit = "visit", Call = "call", Mail = "mail", Chat = "chat", Consultation = "consultation",
    Feedback = "feedback", ServiceRequest = "service_request", Complaint = "complaint", Note = "note",
});
open!(Relationship, Attendee, {
    Primary = "primary", Attendee = "attendee", Buyer = "buyer", DecisionMaker = "decision_maker",
    Referrer = "referrer", Payer = "payer", Subject = "subject", Competitor = "competitor",
});

impl RecordType {
    /// The channel that such an event usually takes; [`Method::Other`] where none is usual (D14).
    pub fn default_method(&self) -> Method {
        match self {
            Self::Visit => Method::Visit,
            Self::Call | Self::Consultation | Self::Feedback | Self::ServiceRequest | Self::Complaint => {
                Method::Phone
            }
            Self::Mail => Method::Mail,
            Self::Chat => Method::WeChat,
            Self::Note | Self::Other(_) => Method::Other,
        }
    }
}

impl Method {
    /// The type of event that the channel suggests.
    pub fn default_type(self) -> RecordType {
        match self {
            Self::Visit => RecordType::Visit,
            Self::Phone | Self::Video => RecordType::Call,
            Self::Mail | Self::Letter => RecordType::Mail,
            Self::WeChat | Self::Chat | Self::Sms => RecordType::Chat,
            Self::Other => RecordType::Note,
        }
    }

    /// How long it usually takes, in minutes (R20); `None` for what has no length.
    pub fn default_minutes(self) -> Option<u32> {
        match self {
            Self::Visit => Some(60),
            Self::Phone => Some(10),
            Self::Video => Some(30),
            _ => None,
        }
    }
}

impl Outcome {
    /// Every word.
    pub const ALL: &[Self] =
        &[Self::Agreed, Self::Interested, Self::FollowUp, Self::Undecided, Self::Absent, Self::Declined];

    /// The code under which the word is kept, for ever.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Interested => "interested",
            Self::FollowUp => "follow_up",
            Self::Undecided => "undecided",
            Self::Absent => "absent",
            Self::Declined => "declined",
        }
    }

    /// The word with this code; `None` for a word that this app does not know.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_comes_back_from_its_code() {
        for method in Method::ALL {
            assert_eq!(Method::from_code(method.code()), *method);
        }
        for kind in RecordType::BUILT_IN {
            assert_eq!(RecordType::from_code(kind.code()), *kind);
        }
        for part in Relationship::BUILT_IN {
            assert_eq!(Relationship::from_code(part.code()), *part);
        }
        for kind in PartnerType::BUILT_IN {
            assert_eq!(PartnerType::from_code(kind.code()), *kind);
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_code(outcome.code()), Some(*outcome));
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_kept() {
        assert_eq!(RecordType::from_code("investment"), RecordType::Other("investment".into()));
        assert_eq!(Method::from_code("telepathy"), Method::Other, "D14: never absent");
        assert_eq!(Outcome::from_code("sang"), None);
    }
}

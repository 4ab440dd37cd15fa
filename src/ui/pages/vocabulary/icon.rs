//! Icons of the vocabulary.

use crate::ui::components::Tone;
use satchel_domain::{Method, Outcome, RecordType};

/// A method's icon.
pub fn method_icon(method: Method) -> &'static str {
    match method {
        Method::Visit => "visit",
        Method::Phone => "phone",
        Method::Mail => "mail",
        Method::WeChat => "wechat",
        Method::Chat => "chat",
        Method::Sms => "mobile",
        Method::Video => "video",
        Method::Letter => "letter",
        Method::Other => "log",
    }
}

/// The icon of an entry: its type's where that says more than its method.
pub fn record_icon(record_type: &RecordType, method: Method) -> &'static str {
    match record_type {
        RecordType::Complaint => "alert",
        RecordType::ServiceRequest => "service",
        RecordType::Consultation => "bulb",
        RecordType::Feedback => "flag",
        RecordType::Note => "log",
        _ => method_icon(method),
    }
}

/// An outcome's icon.
pub fn outcome_icon(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Agreed => "check",
        Outcome::Interested => "up",
        Outcome::FollowUp => "follow",
        Outcome::Undecided => "pause",
        Outcome::Absent => "absent",
        Outcome::Declined => "x",
    }
}

/// What an outcome's chip means.
pub fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Agreed | Outcome::Interested => Tone::Ok,
        Outcome::FollowUp | Outcome::Undecided | Outcome::Absent => Tone::Warn,
        Outcome::Declined => Tone::Bad,
    }
}

//! Words for values, in a given language.

use crate::port::Mark;
use crate::ui::i18n::{Locale, td_string};
use satchel_domain::{
    Code, Method, OrderStatus, Outcome, PartnerKind, PartnerType, RecordType, Relationship,
};

/// A method.
pub fn method_word(locale: Locale, method: Method) -> &'static str {
    match method {
        Method::Visit => td_string!(locale, vocabulary.method.visit),
        Method::Phone => td_string!(locale, vocabulary.method.phone),
        Method::Mail => td_string!(locale, vocabulary.method.mail),
        Method::WeChat => td_string!(locale, vocabulary.method.wechat),
        Method::Chat => td_string!(locale, vocabulary.method.chat),
        Method::Sms => td_string!(locale, vocabulary.method.sms),
        Method::Video => td_string!(locale, vocabulary.method.video),
        Method::Letter => td_string!(locale, vocabulary.method.letter),
        Method::Other => td_string!(locale, vocabulary.method.other),
    }
}

/// A type of record.
pub fn record_type_word(locale: Locale, record_type: &RecordType) -> String {
    let word = match record_type {
        RecordType::Visit => td_string!(locale, vocabulary.record.visit),
        RecordType::Call => td_string!(locale, vocabulary.record.call),
        RecordType::Mail => td_string!(locale, vocabulary.record.mail),
        RecordType::Chat => td_string!(locale, vocabulary.record.chat),
        RecordType::Consultation => td_string!(locale, vocabulary.record.consultation),
        RecordType::Feedback => td_string!(locale, vocabulary.record.feedback),
        RecordType::ServiceRequest => td_string!(locale, vocabulary.record.service_request),
        RecordType::Complaint => td_string!(locale, vocabulary.record.complaint),
        RecordType::Note => td_string!(locale, vocabulary.record.note),
        RecordType::Other(own) => own,
    };
    word.to_owned()
}

/// An outcome.
pub fn outcome_word(locale: Locale, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Agreed => td_string!(locale, vocabulary.outcome.agreed),
        Outcome::Interested => td_string!(locale, vocabulary.outcome.interested),
        Outcome::FollowUp => td_string!(locale, vocabulary.outcome.follow_up),
        Outcome::Undecided => td_string!(locale, vocabulary.outcome.undecided),
        Outcome::Absent => td_string!(locale, vocabulary.outcome.absent),
        Outcome::Declined => td_string!(locale, vocabulary.outcome.declined),
    }
}

/// A part that somebody took.
pub fn relationship_word(locale: Locale, relationship: &Relationship) -> String {
    let word = match relationship {
        Relationship::Primary => td_string!(locale, vocabulary.relationship.primary),
        Relationship::Attendee => td_string!(locale, vocabulary.relationship.attendee),
        Relationship::Buyer => td_string!(locale, vocabulary.relationship.buyer),
        Relationship::DecisionMaker => td_string!(locale, vocabulary.relationship.decision_maker),
        Relationship::Referrer => td_string!(locale, vocabulary.relationship.referrer),
        Relationship::Payer => td_string!(locale, vocabulary.relationship.payer),
        Relationship::Subject => td_string!(locale, vocabulary.relationship.subject),
        Relationship::Competitor => td_string!(locale, vocabulary.relationship.competitor),
        Relationship::Other(own) => own,
    };
    word.to_owned()
}

/// What a partner is to us.
pub fn partner_type_word(locale: Locale, partner_type: &PartnerType) -> String {
    let word = match partner_type {
        PartnerType::Prospect => td_string!(locale, vocabulary.partner_type.prospect),
        PartnerType::Customer => td_string!(locale, vocabulary.partner_type.customer),
        PartnerType::Distributor => td_string!(locale, vocabulary.partner_type.distributor),
        PartnerType::Supplier => td_string!(locale, vocabulary.partner_type.supplier),
        PartnerType::Partner => td_string!(locale, vocabulary.partner_type.partner),
        PartnerType::Other(own) => own,
    };
    word.to_owned()
}

/// A person or an organisation.
pub fn kind_word(locale: Locale, kind: PartnerKind) -> &'static str {
    match kind {
        PartnerKind::Person => td_string!(locale, vocabulary.kind.person),
        PartnerKind::Organisation => td_string!(locale, vocabulary.kind.organisation),
    }
}

/// The label of a contact point or an address; a word of the person's own stays as it is.
pub fn label_word(locale: Locale, label: &str) -> String {
    let word = match label {
        "work" => td_string!(locale, vocabulary.label.work),
        "home" => td_string!(locale, vocabulary.label.home),
        "mobile" => td_string!(locale, vocabulary.label.mobile),
        "fax" => td_string!(locale, vocabulary.label.fax),
        "other" => td_string!(locale, vocabulary.label.other),
        "wechat" => td_string!(locale, vocabulary.label.wechat),
        "qq" => td_string!(locale, vocabulary.label.qq),
        "whatsapp" => td_string!(locale, vocabulary.label.whatsapp),
        "telegram" => td_string!(locale, vocabulary.label.telegram),
        "billing" => td_string!(locale, vocabulary.label.billing),
        "delivery" => td_string!(locale, vocabulary.label.delivery),
        own => own,
    };
    word.to_owned()
}

/// A gender as told; a word of the person's own stays as it is.
pub fn gender_word(locale: Locale, gender: &str) -> String {
    match gender {
        "female" => td_string!(locale, customer.form.female).to_owned(),
        "male" => td_string!(locale, customer.form.male).to_owned(),
        own => own.to_owned(),
    }
}

/// Where an order stands.
pub fn status_word(locale: Locale, status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Placed => td_string!(locale, vocabulary.status.placed),
        OrderStatus::Delivered => td_string!(locale, vocabulary.status.delivered),
        OrderStatus::Paid => td_string!(locale, vocabulary.status.paid),
        OrderStatus::Cancelled => td_string!(locale, vocabulary.status.cancelled),
    }
}

/// Whether a record is on the server.
pub fn mark_word(locale: Locale, mark: Mark) -> &'static str {
    match mark {
        Mark::Waiting => td_string!(locale, vocabulary.mark.waiting),
        Mark::Synced => td_string!(locale, vocabulary.mark.synced),
        Mark::Review => td_string!(locale, vocabulary.mark.review),
        Mark::Aside => td_string!(locale, vocabulary.mark.aside),
    }
}

/// What is wrong with a field, as a sentence with its mend (R107).
pub fn code_word(locale: Locale, code: Code) -> &'static str {
    match code {
        Code::Required => td_string!(locale, vocabulary.code.required),
        Code::TooLong => td_string!(locale, vocabulary.code.too_long),
        Code::NotMail => td_string!(locale, vocabulary.code.not_mail),
        Code::NotPhone => td_string!(locale, vocabulary.code.not_phone),
        Code::NotDate => td_string!(locale, vocabulary.code.not_date),
        Code::NotNumber => td_string!(locale, vocabulary.code.not_number),
        Code::NotCurrency => td_string!(locale, vocabulary.code.not_currency),
        Code::InFuture => td_string!(locale, vocabulary.code.in_future),
        Code::OutOfRange => td_string!(locale, vocabulary.code.out_of_range),
        Code::UnknownPartner => td_string!(locale, vocabulary.code.unknown_partner),
        Code::Duplicate => td_string!(locale, vocabulary.code.duplicate),
    }
}

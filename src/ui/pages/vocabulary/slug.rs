//! Short names of the vocabulary for addresses and form values; never shown, never stored in records.

use satchel_domain::{Method, Outcome, PartnerKind, PartnerType, RecordType, Relationship};

/// What stands before a word of the workspace's own.
const OWN: &str = "own:";

/// Every method, in the order in which it is offered.
pub const METHODS: [(Method, &str); 9] = [
    (Method::Visit, "visit"),
    (Method::Phone, "phone"),
    (Method::WeChat, "wechat"),
    (Method::Mail, "mail"),
    (Method::Chat, "chat"),
    (Method::Sms, "sms"),
    (Method::Video, "video"),
    (Method::Letter, "letter"),
    (Method::Other, "other"),
];

/// Every outcome, in the order in which it is offered.
pub const OUTCOMES: [(Outcome, &str); 6] = [
    (Outcome::Agreed, "agreed"),
    (Outcome::Interested, "interested"),
    (Outcome::FollowUp, "follow-up"),
    (Outcome::Undecided, "undecided"),
    (Outcome::Absent, "absent"),
    (Outcome::Declined, "declined"),
];

/// Every built-in type of record, in the order in which it is offered.
pub const TYPES: [(RecordType, &str); 9] = [
    (RecordType::Visit, "visit"),
    (RecordType::Call, "call"),
    (RecordType::Mail, "mail"),
    (RecordType::Chat, "chat"),
    (RecordType::Consultation, "consultation"),
    (RecordType::Feedback, "feedback"),
    (RecordType::ServiceRequest, "service-request"),
    (RecordType::Complaint, "complaint"),
    (RecordType::Note, "note"),
];

/// Every built-in relationship, in the order in which it is offered.
pub const RELATIONSHIPS: [(Relationship, &str); 8] = [
    (Relationship::Primary, "primary"),
    (Relationship::Attendee, "attendee"),
    (Relationship::Buyer, "buyer"),
    (Relationship::DecisionMaker, "decision-maker"),
    (Relationship::Referrer, "referrer"),
    (Relationship::Payer, "payer"),
    (Relationship::Subject, "subject"),
    (Relationship::Competitor, "competitor"),
];

/// Every built-in type of partner, in the order in which it is offered.
pub const PARTNER_TYPES: [(PartnerType, &str); 5] = [
    (PartnerType::Customer, "customer"),
    (PartnerType::Prospect, "prospect"),
    (PartnerType::Distributor, "distributor"),
    (PartnerType::Supplier, "supplier"),
    (PartnerType::Partner, "partner"),
];

/// Persons and organisations.
pub const KINDS: [(PartnerKind, &str); 2] =
    [(PartnerKind::Person, "person"), (PartnerKind::Organisation, "organisation")];

/// The short name of `value` in its table; empty for one that is not in it.
pub fn slug<T: PartialEq>(table: &[(T, &'static str)], value: &T) -> &'static str {
    table.iter().find(|(known, _)| known == value).map_or("", |(_, slug)| slug)
}

/// The value with this short name.
pub fn parse<T: Clone>(table: &[(T, &'static str)], slug: &str) -> Option<T> {
    table.iter().find(|(_, known)| *known == slug).map(|(value, _)| value.clone())
}

/// The short name of a type of record, also of one of the workspace's own.
pub fn record_type_slug(value: &RecordType) -> String {
    match value {
        RecordType::Other(own) => format!("{OWN}{own}"),
        built_in => slug(&TYPES, built_in).to_owned(),
    }
}

/// Reads [`record_type_slug`].
pub fn parse_record_type(slug: &str) -> Option<RecordType> {
    own(slug).map(RecordType::Other).or_else(|| parse(&TYPES, slug))
}

/// The short name of a relationship, also of one of the workspace's own.
pub fn relationship_slug(value: &Relationship) -> String {
    match value {
        Relationship::Other(own) => format!("{OWN}{own}"),
        built_in => slug(&RELATIONSHIPS, built_in).to_owned(),
    }
}

/// Reads [`relationship_slug`].
pub fn parse_relationship(slug: &str) -> Option<Relationship> {
    own(slug).map(Relationship::Other).or_else(|| parse(&RELATIONSHIPS, slug))
}

/// The short name of a type of partner, also of one of the workspace's own.
pub fn partner_type_slug(value: &PartnerType) -> String {
    match value {
        PartnerType::Other(own) => format!("{OWN}{own}"),
        built_in => slug(&PARTNER_TYPES, built_in).to_owned(),
    }
}

/// Reads [`partner_type_slug`].
pub fn parse_partner_type(slug: &str) -> Option<PartnerType> {
    own(slug).map(PartnerType::Other).or_else(|| parse(&PARTNER_TYPES, slug))
}

fn own(slug: &str) -> Option<String> {
    slug.strip_prefix(OWN).filter(|own| !own.is_empty()).map(str::to_owned)
}

/// The type of record that a method usually is (R16, R20).
pub fn usual_type(method: Method) -> RecordType {
    match method {
        Method::Visit => RecordType::Visit,
        Method::Phone | Method::Video => RecordType::Call,
        Method::Mail | Method::Letter => RecordType::Mail,
        Method::WeChat | Method::Chat | Method::Sms => RecordType::Chat,
        Method::Other => RecordType::Note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_value() {
        for (method, name) in METHODS {
            assert_eq!(parse(&METHODS, slug(&METHODS, &method)), Some(method), "{name}");
        }
        for (value, _) in TYPES {
            assert_eq!(parse_record_type(&record_type_slug(&value)), Some(value));
        }
        for (value, _) in RELATIONSHIPS {
            assert_eq!(parse_relationship(&relationship_slug(&value)), Some(value));
        }
        for (value, _) in PARTNER_TYPES {
            assert_eq!(parse_partner_type(&partner_type_slug(&value)), Some(value));
        }
    }

    #[test]
    fn words_of_the_workspace_keep_their_spelling() {
        let own = RecordType::Other("展会 2026".into());
        assert_eq!(parse_record_type(&record_type_slug(&own)), Some(own));
        assert_eq!(parse_record_type("own:"), None);
        assert_eq!(parse_relationship("nobody"), None);
    }
}

//! Kinds, fields and values of records in words.

use crate::port::{ItemKind, WaitingItem};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::platform::intl::{Format, When};
use satchel_domain::{PartnerKind, RecordType, Value};

/// The icon of what a record is.
pub(super) fn icon(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Partner(PartnerKind::Person) => "person",
        ItemKind::Partner(PartnerKind::Organisation) => "customers",
        ItemKind::Interaction(of) => type_icon(of),
        ItemKind::Order => "order",
        ItemKind::Task => "check",
        ItemKind::Unknown => "image",
    }
}

fn type_icon(of: &RecordType) -> &'static str {
    match of {
        RecordType::Visit => "visit",
        RecordType::Call => "phone",
        RecordType::Mail => "mail",
        RecordType::Chat => "wechat",
        RecordType::Consultation => "bulb",
        RecordType::Feedback => "flag",
        RecordType::ServiceRequest => "service",
        RecordType::Complaint => "alert",
        RecordType::Note | RecordType::Other(_) => "log",
    }
}

fn type_word(locale: Locale, of: &RecordType) -> String {
    match of {
        RecordType::Visit => td_string!(locale, vocabulary.record.visit),
        RecordType::Call => td_string!(locale, vocabulary.record.call),
        RecordType::Mail => td_string!(locale, vocabulary.record.mail),
        RecordType::Chat => td_string!(locale, vocabulary.record.chat),
        RecordType::Consultation => td_string!(locale, vocabulary.record.consultation),
        RecordType::Feedback => td_string!(locale, vocabulary.record.feedback),
        RecordType::ServiceRequest => td_string!(locale, vocabulary.record.service_request),
        RecordType::Complaint => td_string!(locale, vocabulary.record.complaint),
        RecordType::Note => td_string!(locale, vocabulary.record.note),
        RecordType::Other(own) => return own.clone(),
    }
    .to_owned()
}

/// A waiting record as a short sentence.
pub(super) fn sentence(locale: Locale, item: &WaitingItem) -> String {
    let title = item.title.clone();
    let with = |kind: String| match item.partner.is_empty() {
        true => kind,
        false => td_string!(locale, sync.what.with, kind = kind, partner = item.partner.clone()).to_string(),
    };
    match &item.kind {
        ItemKind::Partner(PartnerKind::Person) => {
            td_string!(locale, sync.what.person, title = title).to_string()
        }
        ItemKind::Partner(PartnerKind::Organisation) => {
            td_string!(locale, sync.what.organisation, title = title).to_string()
        }
        ItemKind::Interaction(of) => with(type_word(locale, of)),
        ItemKind::Order => with(td_string!(locale, sync.what.order, title = title).to_string()),
        ItemKind::Task => with(td_string!(locale, sync.what.task, title = title).to_string()),
        ItemKind::Unknown => td_string!(locale, sync.what.unknown).to_owned(),
    }
}

/// A field by its id; an entry of a list by the list's.
pub(super) fn field(locale: Locale, id: &str) -> &'static str {
    use satchel_domain::field as f;
    match id.split('/').next().unwrap_or_default() {
        f::DELETED => td_string!(locale, sync.field.deleted),
        f::NAME => td_string!(locale, sync.field.name),
        f::KIND => td_string!(locale, sync.field.kind),
        f::TYPE => td_string!(locale, sync.field.partner_type),
        f::ORGANISATION => td_string!(locale, sync.field.organisation),
        f::POSITION => td_string!(locale, sync.field.position),
        f::PHONES => td_string!(locale, sync.field.phones),
        f::MAILS => td_string!(locale, sync.field.mails),
        f::MESSENGERS => td_string!(locale, sync.field.messengers),
        f::ADDRESSES => td_string!(locale, sync.field.addresses),
        f::TAGS => td_string!(locale, sync.field.tags),
        f::BIRTH_YEAR => td_string!(locale, sync.field.birth_year),
        f::GENDER => td_string!(locale, sync.field.gender),
        f::WEBSITE => td_string!(locale, sync.field.website),
        f::NOTE => td_string!(locale, sync.field.note),
        f::CONTENT => td_string!(locale, sync.field.content),
        f::OUTCOME => td_string!(locale, sync.field.outcome),
        f::METHOD => td_string!(locale, sync.field.method),
        f::AT => td_string!(locale, sync.field.at),
        f::MINUTES => td_string!(locale, sync.field.minutes),
        f::PLACE => td_string!(locale, sync.field.place),
        f::TITLE => td_string!(locale, sync.field.title),
        f::DUE => td_string!(locale, sync.field.due),
        f::DONE => td_string!(locale, sync.field.done),
        f::PARTICIPANTS => td_string!(locale, sync.field.participants),
        f::STATUS => td_string!(locale, sync.field.status),
        _ => td_string!(locale, sync.field.other),
    }
}

/// A value to be read: texts as they are, moments by the clock, lists with commas.
pub(super) fn value(locale: Locale, format: Format, field: &str, value: &Value) -> String {
    match value {
        Value::Null => td_string!(locale, sync.review.empty).to_owned(),
        Value::Text(text) if text.is_empty() => td_string!(locale, sync.review.empty).to_owned(),
        Value::Bool(true) => td_string!(locale, common.yes).to_owned(),
        Value::Bool(false) => td_string!(locale, common.no).to_owned(),
        Value::Int(ms) if is_moment(field) => format.when(*ms, When::Moment),
        Value::Int(number) => number.to_string(),
        Value::Float(bits) => format.number(f64::from_bits(*bits)),
        Value::Text(text) => text.clone(),
        Value::Bytes(_) => "…".to_owned(),
        Value::List(values) => joined(locale, format, field, values.iter()),
        Value::Map(entries) => joined(locale, format, field, entries.values()),
    }
}

fn is_moment(field: &str) -> bool {
    use satchel_domain::field as f;
    [f::AT, f::DUE, f::DONE].contains(&field)
}

fn joined<'a>(
    locale: Locale,
    format: Format,
    field: &str,
    values: impl Iterator<Item = &'a Value>,
) -> String {
    let parts: Vec<_> = values
        .filter(|part| !matches!(part, Value::Null | Value::Bytes(_)))
        .map(|part| value(locale, format, field, part))
        .collect();
    parts.join(", ")
}

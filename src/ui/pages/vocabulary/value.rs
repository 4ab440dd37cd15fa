//! Fields by name and values as they are read: for what two devices changed, and for a record's past.

use super::{
    gender_word, kind_word, label_word, method_word, moment_word, outcome_word, partner_type_word,
    record_type_word, relationship_word, status_word,
};
use crate::port::ItemKind;
use crate::ui::i18n::{Locale, td_string};
use crate::ui::pages::customer::address_line;
use crate::ui::platform::intl::{Format, When};
use satchel_domain::field as f;
use satchel_domain::{
    Address, Currency, Method, Moment, Money, OrderStatus, Outcome, PartnerKind, PartnerType, Precision,
    RecordType, Relationship, Value,
};
use std::collections::BTreeMap;

/// A field by its id; an entry of a list by the list's.
pub fn field_word(locale: Locale, id: &str) -> &'static str {
    match list_of(id) {
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
        other => rarer(locale, other),
    }
}

fn rarer(locale: Locale, id: &str) -> &'static str {
    match id {
        f::DUE => td_string!(locale, sync.field.due),
        f::DONE => td_string!(locale, sync.field.done),
        f::PARTICIPANTS => td_string!(locale, sync.field.participants),
        f::STATUS => td_string!(locale, sync.field.status),
        f::PARTNER => td_string!(locale, sync.field.partner),
        f::NUMBER => td_string!(locale, sync.field.number),
        f::CURRENCY => td_string!(locale, sync.field.currency),
        f::LINES => td_string!(locale, sync.field.lines),
        f::FREIGHT => td_string!(locale, sync.field.freight),
        f::STATED_TOTAL => td_string!(locale, sync.field.total),
        f::EXTERNAL => td_string!(locale, sync.field.external),
        f::OWNER => td_string!(locale, sync.field.owner),
        f::CREATED => td_string!(locale, sync.field.created),
        f::SOURCE => td_string!(locale, sync.field.source),
        f::COORDINATES => td_string!(locale, sync.field.coordinates),
        f::TURN => td_string!(locale, sync.field.turn),
        _ => td_string!(locale, sync.field.other),
    }
}

fn list_of(id: &str) -> &str {
    id.split('/').next().unwrap_or_default()
}

/// A value to be read: words for codes, moments by the clock, amounts with their currency, lists with commas.
pub fn value_word(locale: Locale, format: Format, kind: &ItemKind, field: &str, value: &Value) -> String {
    let said = match value {
        Value::Null => String::new(),
        Value::Bool(true) => td_string!(locale, common.yes).to_owned(),
        Value::Bool(false) => td_string!(locale, common.no).to_owned(),
        Value::Int(number) => number_word(format, field, *number),
        Value::Float(bits) => format.number(f64::from_bits(*bits)),
        Value::Text(text) => text_word(locale, kind, field, text),
        Value::Bytes(_) => td_string!(locale, sync.aside.nameless).to_owned(),
        Value::List(values) if is_order(field) => {
            td_string!(locale, sync.order_of, count = format.count(values.len() as u64)).to_string()
        }
        Value::List(parts) => match participant(locale, field, parts) {
            Some(said) => said,
            None => joined(parts.iter().map(|part| value_word(locale, format, kind, field, part))),
        },
        Value::Map(entries) => map_word(locale, format, kind, field, entries),
    };
    if said.trim().is_empty() { td_string!(locale, sync.review.empty).to_owned() } else { said }
}

/// The order of a list's entries is kept under the list's own name.
fn is_order(field: &str) -> bool {
    [f::PHONES, f::MAILS, f::MESSENGERS, f::ADDRESSES].contains(&field)
}

fn number_word(format: Format, field: &str, number: i64) -> String {
    match field {
        f::DONE | f::CREATED => format.when(number, When::Moment),
        f::MINUTES => format.minutes(u32::try_from(number).unwrap_or_default()),
        f::TURN => number.saturating_add(1).to_string(),
        // A year has no thousands.
        _ => number.to_string(),
    }
}

fn text_word(locale: Locale, kind: &ItemKind, field: &str, text: &str) -> String {
    match (field, kind) {
        (f::KIND, _) => kind_word(locale, PartnerKind::from_code(text)).to_owned(),
        (f::TYPE, ItemKind::Interaction(_)) => record_type_word(locale, &RecordType::from_code(text)),
        (f::TYPE, _) => partner_type_word(locale, &PartnerType::from_code(text)),
        (f::METHOD, _) => method_word(locale, Method::from_code(text)).to_owned(),
        (f::STATUS, _) => status_word(locale, OrderStatus::from_code(text)).to_owned(),
        (f::GENDER, _) => gender_word(locale, text),
        (f::TURN, _) => td_string!(locale, plan.aside).to_owned(),
        (f::OUTCOME, _) => Outcome::from_code(text)
            .map_or_else(|| text.to_owned(), |outcome| outcome_word(locale, outcome).to_owned()),
        _ => text.to_owned(),
    }
}

/// Somebody who took part, with their part.
fn participant(locale: Locale, field: &str, parts: &[Value]) -> Option<String> {
    let (f::PARTICIPANTS, [who, part]) = (field, parts) else { return None };
    let part = relationship_word(locale, &Relationship::from_code(part.as_text()?));
    let who = who.as_text().unwrap_or(td_string!(locale, sync.aside.nameless));
    Some(format!("{who} ({part})"))
}

fn map_word(
    locale: Locale,
    format: Format,
    kind: &ItemKind,
    field: &str,
    entries: &BTreeMap<String, Value>,
) -> String {
    let text = |key: &str| entries.get(key).and_then(Value::as_text).unwrap_or_default().to_owned();
    let label = || Some(text("label")).filter(|label| !label.is_empty()).map(|it| label_word(locale, &it));
    let labelled = |said: String| match label() {
        Some(label) => format!("{said} ({label})"),
        None => said,
    };
    match list_of(field) {
        f::AT | f::DUE => {
            moment(entries).map(|at| moment_word(format, &at, When::Moment)).unwrap_or_default()
        }
        f::PHONES | f::MAILS | f::MESSENGERS => labelled(text("value")),
        f::ADDRESSES => labelled(address_line(&address(entries))),
        f::EXTERNAL => format!("{} {}", text("system"), text("id")),
        f::LINES => line(format, entries),
        f::COORDINATES => degrees(entries),
        _ => match amount(entries, "minor", 0) {
            Some(money) => format.money(money),
            None => joined(entries.values().map(|part| value_word(locale, format, kind, field, part))),
        },
    }
}

fn moment(entries: &BTreeMap<String, Value>) -> Option<Moment> {
    let text = |key: &str| entries.get(key).and_then(Value::as_text).unwrap_or_default();
    Some(Moment {
        utc_ms: entries.get("t")?.as_int()?,
        zone: text("z").to_owned(),
        precision: Precision::from_code(text("p")),
    })
}

fn address(entries: &BTreeMap<String, Value>) -> Address {
    let text = |key: &str| entries.get(key).and_then(Value::as_text).unwrap_or_default().to_owned();
    Address {
        key: String::new(),
        label: String::new(),
        street: text("street"),
        district: text("district"),
        city: text("city"),
        region: text("region"),
        postal_code: text("postal_code"),
        country: text("country"),
    }
}

/// `52.52000, 13.40500`, as maps take it: a metre exact.
fn degrees(entries: &BTreeMap<String, Value>) -> String {
    let micro =
        |key: &str| entries.get(key).and_then(Value::as_int).and_then(|micro| i32::try_from(micro).ok());
    let degrees = |key: &str| micro(key).map(|micro| format!("{:.5}", f64::from(micro) / 1e6));
    joined(["lat", "lon"].into_iter().filter_map(degrees))
}

/// `24 × Olive oil, ¥42.00`.
fn line(format: Format, entries: &BTreeMap<String, Value>) -> String {
    let quantity = entries.get("q").and_then(Value::as_int).unwrap_or_default();
    let product = entries.get("p").and_then(Value::as_text).unwrap_or_default();
    let price = amount(entries, "u", UNIT_PRICE_DIGITS).map(|money| format.money(money));
    let said = format!("{} × {product}", format.quantity(quantity));
    price.map_or_else(|| said.clone(), |price| format!("{said}, {price}"))
}

/// Unit prices are kept in ten-thousandths.
const UNIT_PRICE_DIGITS: u32 = 4;

/// An amount under `key` with so many digits behind the point (0: in minor units), in the entries' currency.
fn amount(entries: &BTreeMap<String, Value>, key: &str, digits: u32) -> Option<Money> {
    let currency = Currency::parse(entries.get(f::CURRENCY)?.as_text()?)?;
    let number = entries.get(key)?.as_int()?;
    let minor = match digits {
        0 => number,
        digits => number * currency.minor_units() / 10_i64.pow(digits),
    };
    Some(Money { minor, currency })
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

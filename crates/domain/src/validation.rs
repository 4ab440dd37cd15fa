//! What is wrong with a draft, by field and code: the same on screen, at import and at sync (R107).

use crate::moment::DAY_MS;
use crate::order::WHOLE_DISCOUNT_E4;
use crate::{
    Currency, Day, InteractionDraft, Kind, Moment, OrderDraft, PartnerDraft, Record, RecordId, TaskDraft,
    Value, Write, field, normalise_phone,
};
use serde::{Deserialize, Serialize};

/// What is wrong. The UI turns a code into a sentence in the person's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Code {
    /// Needed and empty.
    Required,
    /// Larger than a record may be.
    TooLong,
    /// Not a mail address.
    NotMail,
    /// Has no digits.
    NotPhone,
    /// Not a date that exists.
    NotDate,
    /// Not a number, or out of range.
    NotNumber,
    /// Not a currency code.
    NotCurrency,
    /// In the future, where only the past makes sense.
    InFuture,
    /// Before 1900 or after 2200.
    OutOfRange,
    /// Names a partner that is not here.
    UnknownPartner,
    /// Twice the same.
    Duplicate,
}

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalid {
    /// The field, by its id in [`crate::field`].
    pub field: String,
    /// What is wrong.
    pub code: Code,
}

/// Most bytes of an encoded record: what the server takes for one sealed record, less its padding.
pub const MAX_RECORD_BYTES: usize = 200 * 1024;
/// Below this much text a draft cannot come near [`MAX_RECORD_BYTES`], and is not measured.
const SURELY_SMALL: usize = MAX_RECORD_BYTES / 4;

impl Code {
    /// Whether a draft with this cannot be saved. The others are said and let through: a number or
    /// address is kept as it was told, and identifies nothing (D4).
    pub fn blocks(self) -> bool {
        !matches!(self, Self::NotMail | Self::NotPhone)
    }
}

impl Invalid {
    pub(crate) fn new(field: impl Into<String>, code: Code) -> Self {
        Self { field: field.into(), code }
    }
}

impl PartnerDraft {
    /// What is wrong, given the time (ms since 1970 UTC). An entry of a list is named by its
    /// position, `phones/0`.
    pub fn validate(&self, now_ms: i64) -> Vec<Invalid> {
        let mut found = Vec::new();
        require(&self.name, field::NAME, &mut found);
        let phones = self.phones.iter().map(|point| point.value.as_str());
        refuse_each(
            field::PHONES,
            phones,
            |text| normalise_phone(text).is_empty(),
            Code::NotPhone,
            &mut found,
        );
        let mails = self.mails.iter().map(|point| point.value.as_str());
        refuse_each(field::MAILS, mails, |text| !looks_like_mail(text), Code::NotMail, &mut found);
        found.extend(self.birth_year.and_then(|year| birth_year(year, now_ms)));
        found.extend(too_long(Kind::Partner, || self.create(&mut zero())));
        found
    }
}

impl InteractionDraft {
    /// What is wrong, given the time (ms since 1970 UTC). What happened cannot lie more than a day
    /// ahead: clocks and zones may be off, years are typing errors.
    pub fn validate(&self, now_ms: i64) -> Vec<Invalid> {
        let mut found = Vec::new();
        require_partner(self.partner, &mut found);
        found.extend(date(&self.at, field::AT));
        if self.at.utc_ms > now_ms.saturating_add(DAY_MS)
            && found.iter().all(|invalid| invalid.field != field::AT)
        {
            found.push(Invalid::new(field::AT, Code::InFuture));
        }
        found.extend(too_long(Kind::Interaction, || self.create()));
        found
    }
}

impl OrderDraft {
    /// What is wrong. A line is named by its position, `lines/0`.
    pub fn validate(&self) -> Vec<Invalid> {
        let mut found = Vec::new();
        require_partner(self.partner, &mut found);
        found.extend(date(&self.at, field::AT));
        if Currency::parse(self.currency.code()) != Some(self.currency) {
            found.push(Invalid::new(field::CURRENCY, Code::NotCurrency));
        }
        for (position, line) in self.lines.iter().enumerate() {
            if line.discount_e4 > WHOLE_DISCOUNT_E4 || line.total_minor(self.currency).is_err() {
                found.push(Invalid::new(format!("{}/{position}", field::LINES), Code::NotNumber));
            }
        }
        if found.is_empty() && self.total().is_err() {
            found.push(Invalid::new(field::LINES, Code::NotNumber));
        }
        found.extend(too_long(Kind::Order, || self.create()));
        found
    }
}

impl TaskDraft {
    /// What is wrong.
    pub fn validate(&self) -> Vec<Invalid> {
        let mut found = Vec::new();
        require(&self.title, field::TITLE, &mut found);
        found.extend(self.due.as_ref().and_then(|due| date(due, field::DUE)));
        found.extend(too_long(Kind::Task, || self.create()));
        found
    }
}

impl Record {
    /// Whether the record is larger than one may be, naming its largest field. Checked before every
    /// commit, since edits add up; nothing is ever cut (R10).
    pub fn too_long(&self) -> Option<Invalid> {
        let largest = || self.fields.iter().max_by_key(|(_, register)| weight(&register.value));
        let surely_small =
            self.fields.iter().map(|(id, register)| id.len() + 27 + weight(&register.value)).sum::<usize>()
                < SURELY_SMALL
                && self.sets.is_empty()
                && self.unknown.is_empty();
        let fits = surely_small || self.to_bytes().len() <= MAX_RECORD_BYTES;
        (!fits).then(|| Invalid::new(largest().map_or("", |(field, _)| field), Code::TooLong))
    }
}

/// An address has something before and after one `@`, and no space: more than that only the
/// server that takes the mail can know.
pub fn looks_like_mail(text: &str) -> bool {
    let address = crate::normalise_mail(text);
    let parts = address.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
        && !address.contains(char::is_whitespace)
}

fn require(text: &str, field: &str, found: &mut Vec<Invalid>) {
    if text.trim().is_empty() {
        found.push(Invalid::new(field, Code::Required));
    }
}

fn require_partner(partner: RecordId, found: &mut Vec<Invalid>) {
    if partner == RecordId::NIL {
        found.push(Invalid::new(field::PARTNER, Code::Required));
    }
}

/// Names each text that is not empty and `wrong`, by its position.
fn refuse_each<'a>(
    list: &str,
    texts: impl Iterator<Item = &'a str>,
    wrong: impl Fn(&str) -> bool,
    code: Code,
    found: &mut Vec<Invalid>,
) {
    for (position, text) in texts.enumerate() {
        if !text.trim().is_empty() && wrong(text) {
            found.push(Invalid::new(format!("{list}/{position}"), code));
        }
    }
}

fn birth_year(year: u16, now_ms: i64) -> Option<Invalid> {
    let this_year = Day::of(now_ms, 0).ymd().map_or(i32::MAX, |(year, ..)| year);
    let code = match i32::from(year) {
        ..1900 => Code::OutOfRange,
        year if year > this_year => Code::InFuture,
        _ => return None,
    };
    Some(Invalid::new(field::BIRTH_YEAR, code))
}

fn date(moment: &Moment, field: &str) -> Option<Invalid> {
    (!moment.in_range()).then(|| Invalid::new(field, Code::OutOfRange))
}

fn too_long(kind: Kind, writes: impl FnOnce() -> Vec<Write>) -> Option<Invalid> {
    let mut clock = crate::Clock::new(crate::DeviceId(0));
    crate::create(kind, writes(), &mut clock, 0).too_long()
}

/// Keys for measuring only.
fn zero() -> impl FnMut() -> u64 {
    || 0
}

/// Upper bound of a value's encoded bytes but for texts that are themselves long.
fn weight(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() + 9,
        Value::Bytes(bytes) => bytes.len() + 9,
        Value::List(list) => list.iter().map(weight).sum::<usize>() + 9,
        Value::Map(map) => map.iter().map(|(key, value)| key.len() + 9 + weight(value)).sum::<usize>() + 9,
        _ => 9,
    }
}

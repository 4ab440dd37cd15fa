//! What waits, in words: by what it is, how many, and for whom.

use crate::port::{ItemKind, WaitingGroup};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::pages::vocabulary::record_type_word;
use crate::ui::platform::clock;
use crate::ui::platform::intl::{Format, When};
use satchel_domain::{PartnerKind, RecordType};

/// The icon of what a record is.
pub(super) fn icon(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Partner(PartnerKind::Person) => "person",
        ItemKind::Partner(PartnerKind::Organisation) => "customers",
        ItemKind::Interaction(of) => type_icon(of),
        ItemKind::Order => "order",
        ItemKind::Task => "check",
        ItemKind::View => "bookmark",
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

/// What waits for somebody, as a short sentence: one record by its name, several by their kinds.
pub(super) fn sentence(locale: Locale, format: Format, group: &WaitingGroup) -> String {
    match group.parts.as_slice() {
        [(kind, 1)] => one(locale, kind, group),
        parts => {
            let counted: Vec<String> =
                parts.iter().map(|(kind, count)| many(locale, format, kind, *count)).collect();
            let list = format.list(&counted);
            match group.partner.is_empty() {
                true => list,
                false => {
                    let partner = group.partner.clone();
                    td_string!(locale, sync.what.for_partner, list = list, partner = partner).to_string()
                }
            }
        }
    }
}

fn one(locale: Locale, kind: &ItemKind, group: &WaitingGroup) -> String {
    let title = group.title.clone();
    let with = |kind: String| match group.partner.is_empty() {
        true => kind,
        false => td_string!(locale, sync.what.with, kind = kind, partner = group.partner.clone()).to_string(),
    };
    match kind {
        ItemKind::Partner(PartnerKind::Person) => {
            td_string!(locale, sync.what.person, title = title).to_string()
        }
        ItemKind::Partner(PartnerKind::Organisation) => {
            td_string!(locale, sync.what.organisation, title = title).to_string()
        }
        ItemKind::Interaction(of) => with(record_type_word(locale, of)),
        ItemKind::Order => with(td_string!(locale, sync.what.order, title = title).to_string()),
        ItemKind::Task => with(td_string!(locale, sync.what.task, title = title).to_string()),
        ItemKind::View => td_string!(locale, sync.what.view, title = title).to_string(),
        ItemKind::Unknown => td_string!(locale, sync.what.unknown).to_owned(),
    }
}

/// `a visit`, `3 visits`.
fn many(locale: Locale, format: Format, kind: &ItemKind, count: u32) -> String {
    macro_rules! counted {
        ($key:ident) => {
            match count {
                1 => td_string!(locale, sync.single.$key).to_owned(),
                many => td_string!(locale, sync.many.$key, count = format.number(many)).to_string(),
            }
        };
    }
    match kind {
        ItemKind::Partner(_) => td_string!(locale, sync.what.details).to_owned(),
        ItemKind::Order => counted!(order),
        ItemKind::Task => counted!(task),
        ItemKind::View => counted!(view),
        ItemKind::Unknown => counted!(unknown),
        ItemKind::Interaction(of) => match of {
            RecordType::Visit => counted!(visit),
            RecordType::Call => counted!(call),
            RecordType::Mail => counted!(mail),
            RecordType::Chat => counted!(chat),
            RecordType::Consultation => counted!(consultation),
            RecordType::Feedback => counted!(feedback),
            RecordType::ServiceRequest => counted!(service_request),
            RecordType::Complaint => counted!(complaint),
            RecordType::Note => counted!(note),
            RecordType::Other(own) => format!("{} × {own}", format.number(count)),
        },
    }
}

/// Since when it waits: by the clock today, by the day of the week for a week, then by date.
pub(super) fn since(locale: Locale, format: Format, group: &WaitingGroup) -> String {
    let ms = group.since_ms.cast_signed();
    if ms == 0 {
        return td_string!(locale, sync.waiting.sealed).to_owned();
    }
    let time = match clock::days_between(ms, clock::now_ms()) {
        1..=6 if group.count() > 1 => format.weekday(ms),
        2.. if group.count() > 1 => format.when(ms, When::Day),
        _ => format.when(ms, When::Moment),
    };
    match group.count() {
        1 => td_string!(locale, sync.waiting.changed, time = time).to_string(),
        _ => td_string!(locale, sync.waiting.since, time = time).to_string(),
    }
}

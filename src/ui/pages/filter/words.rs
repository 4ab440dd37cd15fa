//! Conditions in words.

use crate::ui::i18n::{Locale, td_string};
use crate::ui::pages::vocabulary::{kind_word, method_word, partner_type_word, record_type_word};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{Format, When};
use satchel_domain::{AccountId, Condition, Contact, Day, Term, Time};

/// Any time at all.
pub(super) const EVER: Time = Time::Ago { least: 0, most: None };

/// What members are called.
pub(super) type Names = Vec<(AccountId, String)>;

/// A condition, or its opposite.
pub(super) fn term_word(locale: Locale, format: Format, names: &Names, term: &Term) -> String {
    if term.not && term.is == Condition::LastContact(EVER) {
        return td_string!(locale, filter.never_contacted).to_owned();
    }
    let what = condition_word(locale, format, names, &term.is);
    if term.not { td_string!(locale, filter.not, what = what).to_string() } else { what }
}

/// A condition.
pub(super) fn condition_word(locale: Locale, format: Format, names: &Names, condition: &Condition) -> String {
    let quoted = |text: &str| format!("“{text}”");
    match condition {
        Condition::Text(text) => quoted(text),
        Condition::Kind(kind) => kind_word(locale, *kind).to_owned(),
        Condition::Type(value) => partner_type_word(locale, value),
        Condition::Tag(tag) => td_string!(locale, customers.tag_word, tag = tag.clone()).to_string(),
        Condition::City(city) => city.clone(),
        Condition::Company(text) => td_string!(locale, filter.company_is, text = text.clone()).to_string(),
        Condition::Owner(owner) => {
            let known = names.iter().find(|(id, _)| Some(*id) == *owner).map(|(_, name)| name.clone());
            let name = known.unwrap_or_else(|| td_string!(locale, filter.nobody).to_owned());
            td_string!(locale, filter.owner_is, name = name).to_string()
        }
        Condition::LastContact(EVER) => td_string!(locale, filter.contacted).to_owned(),
        Condition::LastContact(time) => {
            td_string!(locale, filter.last_contact_is, when = time_word(locale, format, time)).to_string()
        }
        Condition::Contact(contact) => {
            td_string!(locale, filter.contact_is, what = contact_word(locale, format, contact)).to_string()
        }
        Condition::OpenTask => td_string!(locale, filter.open_task).to_owned(),
        Condition::OverdueTask => td_string!(locale, filter.overdue_task).to_owned(),
        Condition::Ordered(None) => td_string!(locale, filter.has_orders).to_owned(),
        Condition::Ordered(Some(time)) => {
            td_string!(locale, filter.ordered_is, when = time_word(locale, format, time)).to_string()
        }
        Condition::Tier(tier) => td_string!(locale, insight.tier, tier = tier.letter()).to_string(),
    }
}

fn contact_word(locale: Locale, format: Format, contact: &Contact) -> String {
    let parts = [
        contact.method.map(|method| method_word(locale, method).to_owned()),
        contact.record_type.as_ref().map(|kind| record_type_word(locale, kind)),
        contact.time.as_ref().map(|time| time_word(locale, format, time)),
        Some(contact.text.trim()).filter(|text| !text.is_empty()).map(|text| format!("“{text}”")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { td_string!(locale, filter.ever).to_owned() } else { parts.join(" · ") }
}

/// A span of days.
pub(super) fn time_word(locale: Locale, format: Format, time: &Time) -> String {
    let days = |count: u32| format.number(count);
    match *time {
        EVER => td_string!(locale, filter.ever).to_owned(),
        Time::Ago { least: 0, most: Some(most) } => {
            td_string!(locale, filter.last_days, days = days(most)).to_string()
        }
        Time::Ago { least, most: None } => {
            td_string!(locale, filter.over_days, days = days(least.saturating_sub(1))).to_string()
        }
        Time::Ago { least, most: Some(most) } => {
            td_string!(locale, insight.age_between, from = days(least), to = days(most)).to_string()
        }
        Time::Between { from, to } => format!("{} – {}", day_word(format, from), day_word(format, to)),
    }
}

fn day_word(format: Format, day: Day) -> String {
    let local = day
        .ymd()
        .and_then(|(year, month, day)| clock::from_local_input(&format!("{year:04}-{month:02}-{day:02}")));
    local.map(|ms| format.when(ms, When::Day)).unwrap_or_default()
}

/// The day that a date field holds.
pub(super) fn day_of_input(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

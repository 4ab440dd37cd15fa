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
    match term.not {
        true => opposite_word(locale, format, names, &term.is),
        false => condition_word(locale, format, names, &term.is),
    }
}

/// The opposite of a condition, as one would say it.
fn opposite_word(locale: Locale, format: Format, names: &Names, condition: &Condition) -> String {
    match condition {
        Condition::Text(text) => td_string!(locale, filter.not.text, text = text.clone()).to_string(),
        Condition::Tag(tag) => td_string!(locale, filter.not.tag, tag = tag.clone()).to_string(),
        Condition::City(city) => td_string!(locale, filter.not.city, city = city.clone()).to_string(),
        Condition::Company(text) => td_string!(locale, filter.not.company, text = text.clone()).to_string(),
        Condition::Owner(None) => td_string!(locale, filter.not.nobody).to_owned(),
        Condition::Owner(owner) => {
            td_string!(locale, filter.not.owner, name = owner_word(locale, names, *owner)).to_string()
        }
        Condition::LastContact(time) => {
            td_string!(locale, filter.not.last_contact, when = time_word(locale, format, time)).to_string()
        }
        Condition::Contact(contact) => {
            td_string!(locale, filter.not.contact, what = contact_word(locale, format, contact)).to_string()
        }
        Condition::OpenTask => td_string!(locale, filter.not.open_task).to_owned(),
        Condition::OverdueTask => td_string!(locale, filter.not.overdue_task).to_owned(),
        Condition::Ordered(None) => td_string!(locale, filter.not.orders).to_owned(),
        Condition::Ordered(Some(time)) => {
            td_string!(locale, filter.not.ordered, when = time_word(locale, format, time)).to_string()
        }
        Condition::Kind(_) | Condition::Type(_) | Condition::Tier(_) => {
            let what = condition_word(locale, format, names, condition);
            td_string!(locale, filter.not.is, what = what).to_string()
        }
    }
}

fn owner_word(locale: Locale, names: &Names, owner: Option<AccountId>) -> String {
    let known = names.iter().find(|(id, _)| Some(*id) == owner).map(|(_, name)| name.clone());
    known.unwrap_or_else(|| td_string!(locale, filter.nobody).to_owned())
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
            td_string!(locale, filter.owner_is, name = owner_word(locale, names, *owner)).to_string()
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

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{PartnerKind, PartnerType};

    fn said(locale: Locale, not: bool, is: Condition) -> String {
        let names = vec![(AccountId([1; 16]), "Anna".to_owned())];
        term_word(locale, Format::of(locale), &names, &Term { not, is })
    }

    #[test]
    fn the_opposite_of_a_condition_reads_as_one_would_say_it_r49() {
        let owner = |id| Condition::Owner(Some(AccountId([id; 16])));
        let both = [
            (Condition::Tag("VIP".into()), "not tagged “VIP”", "没有标签“VIP”"),
            (Condition::City("Kiel".into()), "not in Kiel", "不在Kiel"),
            (Condition::Text("ab".into()), "without “ab”", "不含“ab”"),
            (Condition::Company("ab".into()), "company without “ab”", "公司不含“ab”"),
            (owner(1), "not looked after by Anna", "负责人不是 Anna"),
            (Condition::Owner(None), "looked after by somebody", "有人负责"),
            (Condition::OpenTask, "without an open task", "没有未完成的任务"),
            (Condition::OverdueTask, "without an overdue task", "没有逾期的任务"),
            (Condition::Ordered(None), "without an order", "没有下过单"),
            (Condition::LastContact(EVER), "never contacted", "从未联系过"),
            (Condition::Kind(PartnerKind::Person), "not: Person", "不是：个人"),
            (Condition::Type(PartnerType::Supplier), "not: Supplier", "不是：供应商"),
            (Condition::Contact(Contact::default()), "no contact: at any time", "没有联系：任何时间"),
        ];
        for (is, english, chinese) in both {
            assert_eq!(said(Locale::en, true, is.clone()), english);
            assert_eq!(said(Locale::zh_CN, true, is), chinese);
        }
        assert_eq!(said(Locale::en, false, Condition::Tag("VIP".into())), "tagged “VIP”");
    }
}

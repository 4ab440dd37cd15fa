//! What a column can mean, for each kind of file: the choices of the select boxes.

use crate::port::{FileRole, Target};
use crate::ui::i18n::{Locale, td_string};

/// Everything that can be chosen for a column of such a file, in order.
pub(super) fn choices(role: FileRole) -> Vec<Target> {
    use Target::{
        Birth, City, ContactPerson, Content, Country, Currency, CustomerId, CustomerName, Date, Discount,
        District, ExternalId, FamilyName, Freight, Gender, GivenName, Ignore, Kind, Method, Name, Note,
        OrderId, Organisation, PackedPurchases, PartnerType, Position, PostalCode, Product, Quantity, Region,
        Status, Street, Tags, Total, UnitPrice, Website,
    };
    let word = |text: &str| text.to_owned();
    let mut all = vec![Ignore];
    all.extend(match role {
        FileRole::Partners => vec![
            Name,
            GivenName,
            FamilyName,
            Organisation,
            ContactPerson,
            Position,
            Target::Phone(word("work")),
            Target::Phone(word("mobile")),
            Target::Phone(word("fax")),
            Target::Mail(word("work")),
            Target::Messenger(word("wechat")),
            Target::Messenger(word("other")),
            Street,
            District,
            City,
            Region,
            PostalCode,
            Country,
            ExternalId,
            Kind,
            PartnerType,
            Tags,
            Website,
            Gender,
            Birth,
            PackedPurchases,
            Note,
        ],
        FileRole::Orders => vec![
            OrderId,
            CustomerId,
            CustomerName,
            Date,
            Total,
            Freight,
            Currency,
            Status,
            Product,
            Quantity,
            UnitPrice,
            Discount,
            Note,
        ],
        FileRole::OrderLines => vec![OrderId, Product, Quantity, UnitPrice, Discount, Total],
        FileRole::Products => vec![ExternalId, Name, UnitPrice],
        FileRole::Interactions => vec![ExternalId, CustomerId, CustomerName, Date, Method, Content, Note],
        FileRole::Skip => vec![],
    });
    all
}

/// A key for a select box.
pub(super) fn key(target: &Target) -> String {
    format!("{target:?}")
}

/// The choices, with what the engine guessed even if it is not among the usual ones.
pub(super) fn choices_with(role: FileRole, guessed: &Target) -> Vec<Target> {
    let mut all = choices(role);
    if !all.contains(guessed) {
        all.push(guessed.clone());
    }
    all
}

/// A target in words.
pub(super) fn words(locale: Locale, target: &Target) -> String {
    match target {
        Target::Ignore => td_string!(locale, import.target.ignore),
        Target::ExternalId => td_string!(locale, import.target.external_id),
        Target::Name => td_string!(locale, import.target.name),
        Target::GivenName => td_string!(locale, import.target.given_name),
        Target::FamilyName => td_string!(locale, import.target.family_name),
        Target::Organisation => td_string!(locale, import.target.organisation),
        Target::ContactPerson => td_string!(locale, import.target.contact_person),
        Target::Position => td_string!(locale, import.target.position),
        Target::Kind => td_string!(locale, import.target.kind),
        Target::PartnerType => td_string!(locale, import.target.partner_type),
        Target::Phone(label) => return labelled(locale, td_string!(locale, import.target.phone), label),
        Target::Mail(label) => return labelled(locale, td_string!(locale, import.target.mail), label),
        Target::Messenger(label) => {
            return labelled(locale, td_string!(locale, import.target.messenger), label);
        }
        Target::Street => td_string!(locale, import.target.street),
        Target::District => td_string!(locale, import.target.district),
        Target::City => td_string!(locale, import.target.city),
        Target::Region => td_string!(locale, import.target.region),
        Target::PostalCode => td_string!(locale, import.target.postal_code),
        Target::Country => td_string!(locale, import.target.country),
        Target::Tags => td_string!(locale, import.target.tags),
        Target::Website => td_string!(locale, import.target.website),
        Target::Gender => td_string!(locale, import.target.gender),
        Target::Birth => td_string!(locale, import.target.birth),
        Target::Note => td_string!(locale, import.target.note),
        Target::CustomerId => td_string!(locale, import.target.customer_id),
        Target::CustomerName => td_string!(locale, import.target.customer_name),
        Target::OrderId => td_string!(locale, import.target.order_id),
        Target::Date => td_string!(locale, import.target.date),
        Target::Total => td_string!(locale, import.target.total),
        Target::Freight => td_string!(locale, import.target.freight),
        Target::Product => td_string!(locale, import.target.product),
        Target::Quantity => td_string!(locale, import.target.quantity),
        Target::UnitPrice => td_string!(locale, import.target.unit_price),
        Target::Discount => td_string!(locale, import.target.discount),
        Target::Currency => td_string!(locale, import.target.currency),
        Target::Status => td_string!(locale, import.target.status),
        Target::PackedPurchases => td_string!(locale, import.target.packed),
        Target::Method => td_string!(locale, import.target.method),
        Target::Content => td_string!(locale, import.target.content),
    }
    .to_owned()
}

/// `Mobile`, `Fax`, `WeChat` by their own words; `Phone (home)` for any other label.
fn labelled(locale: Locale, kind: &str, label: &str) -> String {
    match label {
        "" | "work" | "other" => kind.to_owned(),
        "mobile" => td_string!(locale, import.target.mobile).to_owned(),
        "fax" => td_string!(locale, import.target.fax).to_owned(),
        "wechat" => td_string!(locale, import.target.wechat).to_owned(),
        own => format!("{kind} ({own})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_choice_is_offered_twice_and_each_has_a_key_of_its_own() {
        for role in [
            FileRole::Partners,
            FileRole::Orders,
            FileRole::OrderLines,
            FileRole::Products,
            FileRole::Interactions,
        ] {
            let mut keys: Vec<_> = choices(role).iter().map(key).collect();
            let all = keys.len();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), all);
        }
    }
}

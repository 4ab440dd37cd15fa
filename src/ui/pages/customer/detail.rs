//! The details of a customer that can be changed one by one: what stands there as text, and what a text makes of it.

use super::form_model::tags;
use crate::ui::i18n::{Locale, td_string};
use crate::ui::pages::vocabulary::slug::{PARTNER_TYPES, parse_partner_type, partner_type_slug};
use crate::ui::pages::vocabulary::{gender_word, partner_type_word};
use satchel_domain::{Code, ContactPoint, PartnerDraft};
use serde::{Deserialize, Serialize};

/// A detail. Its names are kept in drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Detail {
    Name,
    Phone(usize),
    Mail(usize),
    Messenger(usize),
    Position,
    Website,
    Type,
    Tags,
    BirthYear,
    Gender,
    Note,
    /// One of several parts, such as an address: the form changes it.
    InForm,
}

/// How a detail is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A line, of the kind that a phone's keyboard is made for.
    Line(&'static str),
    /// Several lines.
    Words,
    /// One of several.
    Choice,
}

impl Detail {
    /// How it is entered.
    pub(super) fn entry(self) -> Entry {
        match self {
            Self::Phone(_) => Entry::Line("tel"),
            Self::Mail(_) => Entry::Line("email"),
            Self::Website => Entry::Line("url"),
            Self::Note => Entry::Words,
            Self::Type | Self::Gender => Entry::Choice,
            Self::Name
            | Self::Messenger(_)
            | Self::Position
            | Self::Tags
            | Self::BirthYear
            | Self::InForm => Entry::Line("text"),
        }
    }

    /// What stands there.
    pub(super) fn of(self, draft: &PartnerDraft) -> String {
        let point = |points: &[ContactPoint], at: usize| {
            points.get(at).map(|point| point.value.clone()).unwrap_or_default()
        };
        match self {
            Self::Name => draft.name.clone(),
            Self::Phone(at) => point(&draft.phones, at),
            Self::Mail(at) => point(&draft.mails, at),
            Self::Messenger(at) => point(&draft.messengers, at),
            Self::Position => draft.position.clone(),
            Self::Website => draft.website.clone(),
            Self::Type => partner_type_slug(&draft.partner_type),
            Self::Tags => draft.tags.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
            Self::BirthYear => draft.birth_year.map(|year| year.to_string()).unwrap_or_default(),
            Self::Gender => draft.gender.clone(),
            Self::Note => draft.note.clone(),
            Self::InForm => String::new(),
        }
    }

    /// Where the same detail stands in another state of the customer: a number keeps its key while others before it
    /// come and go. `None` where it was removed.
    pub(super) fn moved(self, from: &PartnerDraft, to: &PartnerDraft) -> Option<Self> {
        let follow = |at: usize, from: &[ContactPoint], to: &[ContactPoint]| {
            let key = &from.get(at)?.key;
            to.iter().position(|point| point.key == *key)
        };
        match self {
            Self::Phone(at) => follow(at, &from.phones, &to.phones).map(Self::Phone),
            Self::Mail(at) => follow(at, &from.mails, &to.mails).map(Self::Mail),
            Self::Messenger(at) => follow(at, &from.messengers, &to.messengers).map(Self::Messenger),
            Self::InForm => None,
            whole => Some(whole),
        }
    }

    /// The same with another text there. A number or an address that is emptied goes.
    ///
    /// # Errors
    /// What is wrong with it now that was not before.
    pub(super) fn changed(self, seen: &PartnerDraft, text: &str, now_ms: i64) -> Result<PartnerDraft, Code> {
        let draft = self.put(seen, text)?;
        let before = seen.validate(now_ms);
        let mut found = draft.validate(now_ms).into_iter();
        match found.find(|found| found.code.blocks() && !before.contains(found)) {
            Some(found) => Err(found.code),
            None => Ok(draft),
        }
    }

    fn put(self, draft: &PartnerDraft, text: &str) -> Result<PartnerDraft, Code> {
        let text = text.trim();
        let mut draft = draft.clone();
        let set = |points: &mut Vec<ContactPoint>, at: usize| {
            if text.is_empty() && at < points.len() {
                points.remove(at);
            } else if let Some(point) = points.get_mut(at) {
                text.clone_into(&mut point.value);
            }
        };
        match self {
            Self::Name => text.clone_into(&mut draft.name),
            Self::Phone(at) => set(&mut draft.phones, at),
            Self::Mail(at) => set(&mut draft.mails, at),
            Self::Messenger(at) => set(&mut draft.messengers, at),
            Self::Position => text.clone_into(&mut draft.position),
            Self::Website => text.clone_into(&mut draft.website),
            Self::Type => draft.partner_type = parse_partner_type(text).unwrap_or(draft.partner_type),
            Self::Tags => draft.tags = tags(text),
            Self::BirthYear if text.is_empty() => draft.birth_year = None,
            Self::BirthYear => draft.birth_year = Some(text.parse().map_err(|_| Code::NotNumber)?),
            Self::Gender => text.clone_into(&mut draft.gender),
            Self::Note => text.clone_into(&mut draft.note),
            Self::InForm => {}
        }
        Ok(draft)
    }

    /// What can be chosen, with its words; `chosen` among it in any case.
    pub(super) fn options(self, locale: Locale, chosen: &str) -> Vec<(String, String)> {
        let mut options: Vec<(String, String)> = match self {
            Self::Type => PARTNER_TYPES
                .iter()
                .map(|(value, slug)| ((*slug).to_owned(), partner_type_word(locale, value)))
                .collect(),
            Self::Gender => ["", "female", "male"]
                .map(|slug| {
                    let word = match slug {
                        "" => td_string!(locale, customer.form.unspecified).to_owned(),
                        slug => gender_word(locale, slug),
                    };
                    (slug.to_owned(), word)
                })
                .to_vec(),
            _ => Vec::new(),
        };
        if options.iter().all(|(slug, _)| slug != chosen) {
            let word = match parse_partner_type(chosen) {
                Some(own) if self == Self::Type => partner_type_word(locale, &own),
                _ => chosen.to_owned(),
            };
            options.push((chosen.to_owned(), word));
        }
        options
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use satchel_domain::PartnerType;

    const NOW: i64 = 1_795_077_120_000; // 2026-11-19

    /// Somebody with two phones and a mail address.
    pub(in crate::ui::pages::customer) fn draft() -> PartnerDraft {
        let point = |value: &str| ContactPoint { key: value.into(), ..ContactPoint::new("work", value) };
        PartnerDraft {
            name: "Anna".into(),
            phones: vec![point("1"), point("2")],
            mails: vec![point("a@example.com")],
            ..PartnerDraft::default()
        }
    }

    fn put(detail: Detail, text: &str) -> PartnerDraft {
        detail.changed(&draft(), text, NOW).expect("nothing is wrong")
    }

    #[test]
    fn one_detail_is_changed_and_keeps_its_place_and_key() {
        let changed = put(Detail::Phone(1), " 138 0000 ");
        assert_eq!((changed.phones[1].value.as_str(), changed.phones[1].key.as_str()), ("138 0000", "2"));
        assert_eq!(changed.phones[0], draft().phones[0]);
        assert_eq!(Detail::Phone(1).of(&changed), "138 0000");
        assert_eq!(put(Detail::Mail(0), "a@example.com"), draft());
    }

    #[test]
    fn whatever_a_detail_is_given_stands_there_r37() {
        let table = [
            (Detail::Name, "Anna Li"),
            (Detail::Position, "buyer"),
            (Detail::Website, "example.com"),
            (Detail::Type, "supplier"),
            (Detail::Tags, "Key, 华东"),
            (Detail::BirthYear, "1980"),
            (Detail::Gender, "female"),
            (Detail::Note, "Likes tea.\nTwo lines."),
        ];
        for (detail, text) in table {
            let changed = put(detail, text);
            assert_eq!(detail.of(&changed), text, "{detail:?}");
            assert_eq!(
                detail.changed(&changed, &detail.of(&draft()), NOW),
                Ok(draft()),
                "{detail:?} and back"
            );
        }
        assert_eq!(put(Detail::InForm, "x"), draft());
    }

    #[test]
    fn what_is_emptied_goes_and_what_is_gone_is_not_made() {
        assert_eq!(put(Detail::Phone(0), "").phones, draft().phones[1..]);
        assert_eq!(put(Detail::Messenger(0), "anna"), draft());
    }

    #[test]
    fn a_number_is_followed_by_its_key() {
        let mut less = draft();
        less.phones.remove(0);
        assert_eq!(Detail::Phone(1).moved(&draft(), &less), Some(Detail::Phone(0)));
        assert_eq!(Detail::Phone(0).moved(&draft(), &less), None, "it was removed");
        assert_eq!(Detail::Phone(0).moved(&less, &draft()), Some(Detail::Phone(1)));
        assert_eq!(Detail::Mail(0).moved(&draft(), &less), Some(Detail::Mail(0)));
        assert_eq!(Detail::Note.moved(&draft(), &less), Some(Detail::Note));
    }

    #[test]
    fn what_is_wrong_is_told_if_it_was_not_before() {
        let long = "x".repeat(300_000);
        assert_eq!(Detail::Position.changed(&draft(), &long, NOW), Err(Code::TooLong));
        let wrong = PartnerDraft { position: long, ..draft() };
        assert!(Detail::Website.changed(&wrong, "example.com", NOW).is_ok());
        assert!(
            Detail::Mail(0).changed(&draft(), "anna at example", NOW).is_ok(),
            "what is only odd is kept"
        );
        assert_eq!(Detail::BirthYear.changed(&draft(), "long ago", NOW), Err(Code::NotNumber));
        assert!(Detail::Name.changed(&draft(), " ", NOW).is_err());
    }

    #[test]
    fn a_choice_offers_what_stands_there() {
        let own = partner_type_slug(&PartnerType::Other("gallery".into()));
        let options = Detail::Type.options(Locale::en, &own);
        assert_eq!(options.last(), Some(&(own, "gallery".to_owned())));
        assert_eq!(Detail::Gender.options(Locale::en, "").len(), 3);
    }
}

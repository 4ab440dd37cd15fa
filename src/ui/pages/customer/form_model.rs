//! The partner form as typed: what it holds, what it becomes, what is kept of it as a draft.

use satchel_domain::{Address, Code, ContactPoint, Invalid, PartnerDraft, PartnerKind, field};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerForm {
    /// Everything that is kept as it is typed.
    pub draft: PartnerDraft,
    /// Tags in one line.
    pub tags: String,
    /// Year of birth as typed.
    pub birth_year: String,
    /// The name of the organisation that is chosen or to be made; empty for none.
    pub organisation: String,
    /// What stands in the field that finds the organisation.
    #[serde(default)]
    pub organisation_typed: String,
}

/// An organisation of which only the name is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsettled {
    /// It is to be made.
    New(String),
    /// It was typed and left so: the one that has exactly this name, else it is made.
    Typed(String),
}

impl Unsettled {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::New(name) | Self::Typed(name) => name,
        }
    }
}

/// Which list of contact points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Points {
    /// Phone numbers.
    Phones,
    /// Mail addresses.
    Mails,
    /// Messenger names.
    Messengers,
}

impl Points {
    /// Labels that are offered; anybody may write her own.
    pub fn labels(self) -> &'static [&'static str] {
        match self {
            Self::Phones => &["mobile", "work", "home", "fax", "other"],
            Self::Mails => &["work", "home", "other"],
            Self::Messengers => &["wechat", "whatsapp", "qq", "telegram", "other"],
        }
    }

    /// The field's id.
    pub fn field(self) -> &'static str {
        match self {
            Self::Phones => field::PHONES,
            Self::Mails => field::MAILS,
            Self::Messengers => field::MESSENGERS,
        }
    }

    /// The list in a draft.
    pub fn of(self, draft: &PartnerDraft) -> &Vec<ContactPoint> {
        match self {
            Self::Phones => &draft.phones,
            Self::Mails => &draft.mails,
            Self::Messengers => &draft.messengers,
        }
    }

    /// The list in a draft, to be changed.
    pub fn of_mut(self, draft: &mut PartnerDraft) -> &mut Vec<ContactPoint> {
        match self {
            Self::Phones => &mut draft.phones,
            Self::Mails => &mut draft.mails,
            Self::Messengers => &mut draft.messengers,
        }
    }
}

/// Labels of addresses that are offered.
pub const ADDRESS_LABELS: &[&str] = &["work", "home", "delivery", "billing", "other"];

impl PartnerForm {
    /// A form for somebody new, with one empty line for a phone and a mail. What was typed elsewhere
    /// begins it: a phone if it is one, else a name.
    pub fn new(typed: &str) -> Self {
        let typed = typed.trim();
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        let phone = digits >= 5 && !typed.chars().any(char::is_alphabetic);
        let mail = satchel_domain::looks_like_mail(typed);
        let value = |wanted: bool| if wanted { typed.to_owned() } else { String::new() };
        let draft = PartnerDraft {
            name: value(!phone && !mail),
            phones: vec![point(Points::Phones, value(phone))],
            mails: vec![point(Points::Mails, value(mail))],
            ..PartnerDraft::default()
        };
        Self { draft, ..Self::default() }
    }

    /// The form of a partner that is there already.
    pub fn of(card: &PartnerDraft, organisation: String) -> Self {
        let tags: Vec<&str> = card.tags.iter().map(String::as_str).collect();
        Self {
            draft: card.clone(),
            tags: tags.join(", "),
            birth_year: card.birth_year.map(|year| year.to_string()).unwrap_or_default(),
            organisation,
            organisation_typed: String::new(),
        }
    }

    /// The organisation that is still to be found or made.
    pub fn unsettled(&self) -> Option<Unsettled> {
        if self.draft.kind == PartnerKind::Organisation || self.draft.organisation.is_some() {
            return None;
        }
        match (self.organisation.trim(), self.organisation_typed.trim()) {
            ("", "") => None,
            ("", typed) => Some(Unsettled::Typed(typed.to_owned())),
            (name, _) => Some(Unsettled::New(name.to_owned())),
        }
    }

    /// The draft without its empty lines, and what is wrong with it, by position in the form.
    pub fn read(&self, now_ms: i64) -> (PartnerDraft, Vec<Invalid>) {
        let mut draft = self.draft.clone();
        draft.tags = tags(&self.tags);
        draft.birth_year = self.birth_year.trim().parse().ok();
        if draft.kind == PartnerKind::Organisation {
            draft.organisation = None;
            draft.position.clear();
        }
        let mut wrong = draft.validate(now_ms);
        if draft.birth_year.is_none() && !self.birth_year.trim().is_empty() {
            wrong.push(Invalid { field: field::BIRTH_YEAR.into(), code: Code::NotNumber });
        }
        without_empty_lines(&mut draft);
        (draft, wrong)
    }

    /// Whether anything was typed that would be missed.
    pub fn is_worth_keeping(&self, fresh: &Self) -> bool {
        self != fresh
    }
}

/// A line for a contact point that is still empty.
pub fn point(points: Points, value: String) -> ContactPoint {
    let label = points.labels().first().copied().unwrap_or("other");
    ContactPoint { key: String::new(), label: label.to_owned(), value }
}

/// A line for an address that is still empty.
pub fn address() -> Address {
    Address { label: ADDRESS_LABELS[0].to_owned(), ..Address::default() }
}

/// The words of a line of tags, in both kinds of commas.
pub fn tags(line: &str) -> BTreeSet<String> {
    line.split([',', ';', '，', '；', '、'])
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}

fn without_empty_lines(draft: &mut PartnerDraft) {
    for points in [Points::Phones, Points::Mails, Points::Messengers] {
        points.of_mut(draft).retain(|point| !point.value.trim().is_empty());
    }
    draft.addresses.retain(|address| {
        let Address { key: _, label: _, street, district, city, region, postal_code, country } = address;
        [street, district, city, region, postal_code, country].into_iter().any(|part| !part.trim().is_empty())
    });
}

/// One line for people: the parts of an address in their usual order for its script.
pub fn address_line(address: &Address) -> String {
    let Address { key: _, label: _, street, district, city, region, postal_code, country } = address;
    let parts = [street, district, city, region, postal_code, country];
    let chinese = parts.iter().any(|part| part.chars().any(is_han));
    let filled = |order: [&String; 6]| {
        order
            .into_iter()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    if chinese {
        filled([country, region, city, district, street, postal_code]).join(" ")
    } else {
        filled([street, district, postal_code, city, region, country]).join(", ")
    }
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_077_120_000;

    #[test]
    fn what_was_typed_begins_the_form_r40() {
        assert_eq!(PartnerForm::new(" 张三 ").draft.name, "张三");
        assert_eq!(PartnerForm::new("+49 30 1234567").draft.phones[0].value, "+49 30 1234567");
        assert_eq!(PartnerForm::new("li@example.com").draft.mails[0].value, "li@example.com");
        assert_eq!(PartnerForm::new("3M").draft.name, "3M");
    }

    #[test]
    fn empty_lines_are_not_saved_and_positions_stay_true_r107() {
        let mut form = PartnerForm::new("Li");
        form.draft.mails.push(point(Points::Mails, "not a mail".into()));
        form.draft.addresses.push(address());
        let (draft, wrong) = form.read(NOW);
        assert_eq!((draft.phones.len(), draft.mails.len(), draft.addresses.len()), (0, 1, 0));
        assert_eq!(wrong, [Invalid { field: "mails/1".into(), code: Code::NotMail }]);
        assert!(!wrong[0].code.blocks());
    }

    #[test]
    fn a_name_is_needed_and_a_year_is_a_number() {
        let form = PartnerForm { birth_year: "long ago".into(), ..PartnerForm::new("") };
        let (_, wrong) = form.read(NOW);
        let found: Vec<(&str, Code)> = wrong.iter().map(|found| (found.field.as_str(), found.code)).collect();
        assert_eq!(found, [(field::NAME, Code::Required), (field::BIRTH_YEAR, Code::NotNumber)]);
    }

    #[test]
    fn tags_take_both_commas() {
        let expected: BTreeSet<String> = ["Key account", "泵类", "华东"].map(str::to_owned).into();
        assert_eq!(tags("泵类，Key account, 华东;;"), expected);
    }

    #[test]
    fn an_organisation_has_no_organisation() {
        let mut form = PartnerForm::new("宏达机电");
        form.draft.kind = PartnerKind::Organisation;
        (form.organisation, form.organisation_typed) = ("x".into(), "x".into());
        form.draft.position = "y".into();
        assert_eq!(form.unsettled(), None);
        assert_eq!(form.read(NOW).0.position, "");
    }

    #[test]
    fn an_organisation_that_is_only_typed_is_not_lost() {
        let mut form = PartnerForm::new("Anna");
        assert_eq!(form.unsettled(), None);
        form.organisation_typed = " 宏达贸易 ".into();
        assert_eq!(form.unsettled(), Some(Unsettled::Typed("宏达贸易".into())));
        let kept = serde_json::to_string(&form).expect("a form is text");
        assert_eq!(serde_json::from_str::<PartnerForm>(&kept).expect("its own text"), form);
        form.organisation = "宏达机电".into();
        assert_eq!(form.unsettled(), Some(Unsettled::New("宏达机电".into())));
        form.draft.organisation = Some(satchel_domain::RecordId([7; 16]));
        assert_eq!(form.unsettled(), None);
    }

    #[test]
    fn a_form_leads_back_to_its_card() {
        let mut form = PartnerForm::new("Anna");
        form.tags = "a, b".into();
        form.birth_year = "1980".into();
        let (card, _) = form.read(NOW);
        assert_eq!(PartnerForm::of(&card, String::new()).read(NOW).0, card);
    }

    #[test]
    fn an_address_reads_as_its_country_writes_it() {
        let chinese =
            Address { street: "港兴路 88 号".into(), city: "无锡".into(), ..Address::default() };
        assert_eq!(address_line(&chinese), "无锡 港兴路 88 号");
        let german = Address {
            street: "Hafenstr. 3".into(),
            postal_code: "20457".into(),
            city: "Hamburg".into(),
            ..Address::default()
        };
        assert_eq!(address_line(&german), "Hafenstr. 3, 20457, Hamburg");
    }
}

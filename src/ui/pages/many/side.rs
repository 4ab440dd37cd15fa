//! Two customers that are to become one, field by field: what is taken of which, and what comes of it.

use satchel_domain::{
    Address, ContactPoint, PartnerDraft, PartnerKind, field as f, normalise_mail, normalise_phone,
};
use std::collections::{BTreeMap, BTreeSet};

/// The fields that hold one value, in the order in which they are asked.
const SINGLE: [&str; 10] = [
    f::NAME,
    f::KIND,
    f::TYPE,
    f::ORGANISATION,
    f::POSITION,
    f::OWNER,
    f::BIRTH_YEAR,
    f::GENDER,
    f::WEBSITE,
    f::NOTE,
];

/// The fields that hold lists, in the order in which their entries stand.
const LISTS: [&str; 5] = [f::PHONES, f::MAILS, f::MESSENGERS, f::ADDRESSES, f::TAGS];

/// Of which of the two a value is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// Of the one that stays.
    Ours,
    /// Of the one that gives way.
    Theirs,
    /// One below the other: for notes.
    Both,
}

/// What is taken of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The one that stays.
    pub ours: PartnerDraft,
    /// The one that gives way.
    pub theirs: PartnerDraft,
    taken: BTreeMap<&'static str, Take>,
    /// Numbers, addresses and tags that are left out, as [`Choice::entries`] names them.
    left_out: BTreeSet<(&'static str, String)>,
}

impl Choice {
    /// Nothing is lost at first: what only one has is taken of that one, notes are taken of both.
    pub fn new(ours: PartnerDraft, theirs: PartnerDraft) -> Self {
        let mut choice = Self { ours, theirs, taken: BTreeMap::new(), left_out: BTreeSet::new() };
        for field in SINGLE {
            let take = match (choice.is_empty(field, Take::Ours), choice.is_empty(field, Take::Theirs)) {
                (true, false) => Take::Theirs,
                (false, false) if field == f::NOTE => Take::Both,
                _ => Take::Ours,
            };
            choice.taken.insert(field, take);
        }
        choice
    }

    /// The fields in which the two say different things, so that one is to be chosen.
    pub fn questions(&self) -> Vec<&'static str> {
        let asks = |field: &&str| {
            !self.is_empty(field, Take::Ours)
                && !self.is_empty(field, Take::Theirs)
                && !same(field, &self.ours, &self.theirs)
        };
        SINGLE.into_iter().filter(asks).collect()
    }

    /// Of which of the two a field is taken.
    pub fn take(&self, field: &str) -> Take {
        self.taken.get(field).copied().unwrap_or(Take::Ours)
    }

    /// Takes a field of one of the two.
    pub fn choose(&mut self, field: &'static str, take: Take) {
        self.taken.insert(field, take);
    }

    /// A field's value on one side, as it is told apart; names of partners are for the caller to say.
    fn is_empty(&self, field: &str, side: Take) -> bool {
        let draft = if side == Take::Theirs { &self.theirs } else { &self.ours };
        match field {
            f::ORGANISATION => draft.organisation.is_none(),
            f::OWNER => draft.owner.is_none(),
            f::BIRTH_YEAR => draft.birth_year.is_none(),
            f::NAME => draft.name.trim().is_empty(),
            f::POSITION => draft.position.trim().is_empty(),
            f::GENDER => draft.gender.trim().is_empty(),
            f::WEBSITE => draft.website.trim().is_empty(),
            f::NOTE => draft.note.trim().is_empty(),
            _ => false,
        }
    }

    /// Numbers, addresses and tags of both, each once: the list's field, its key here, what it says.
    pub fn entries(&self) -> Vec<(&'static str, String, String)> {
        let mut entries = Vec::new();
        let mut put = |field: &'static str, key: String, shown: String| {
            if !entries.iter().any(|(known, have, _)| *known == field && *have == key) {
                entries.push((field, key, shown));
            }
        };
        for draft in [&self.ours, &self.theirs] {
            for (field, points) in lists(draft) {
                points.iter().for_each(|point| put(field, self.key(field, point), point.value.clone()));
            }
            for address in &draft.addresses {
                let line = crate::ui::pages::customer::address_line(address);
                put(f::ADDRESSES, line.to_lowercase(), line);
            }
            draft.tags.iter().for_each(|tag| put(f::TAGS, tag.clone(), tag.clone()));
        }
        entries.sort_by_key(|(field, ..)| LISTS.iter().position(|list| list == field));
        entries
    }

    /// What two entries have alike when they are one; of a number, the first of both customers' that is the same.
    fn key(&self, field: &str, point: &ContactPoint) -> String {
        let key = point_key(field, point);
        if field != f::PHONES {
            return key;
        }
        let mut numbers = self.ours.phones.iter().chain(&self.theirs.phones).map(|it| point_key(field, it));
        numbers.find(|number| same_number(number, &key)).unwrap_or(key)
    }

    /// Whether an entry of a list is kept.
    pub fn keeps(&self, field: &'static str, key: &str) -> bool {
        !self.left_out.contains(&(field, key.to_owned()))
    }

    /// Keeps an entry of a list that was left out, or the other way round.
    pub fn toggle(&mut self, field: &'static str, key: &str) {
        let entry = (field, key.to_owned());
        if !self.left_out.remove(&entry) {
            self.left_out.insert(entry);
        }
    }

    /// What becomes of the two. Entries of the one that stays keep their keys; the others are new to it.
    pub fn draft(&self) -> PartnerDraft {
        let mut draft = self.ours.clone();
        for field in SINGLE {
            match self.take(field) {
                Take::Ours => {}
                Take::Theirs => copy(field, &self.theirs, &mut draft),
                Take::Both => draft.note = format!("{}\n{}", draft.note.trim_end(), self.theirs.note),
            }
        }
        for (field, ours, theirs) in [
            (f::PHONES, &mut draft.phones, &self.theirs.phones),
            (f::MAILS, &mut draft.mails, &self.theirs.mails),
            (f::MESSENGERS, &mut draft.messengers, &self.theirs.messengers),
        ] {
            join(ours, theirs, |point| self.key(field, point), |point| point.key.clear());
            ours.retain(|point| self.keeps(field, &self.key(field, point)));
        }
        let line = |address: &Address| crate::ui::pages::customer::address_line(address).to_lowercase();
        join(&mut draft.addresses, &self.theirs.addresses, line, |address| address.key.clear());
        draft.addresses.retain(|address| self.keeps(f::ADDRESSES, &line(address)));
        draft.tags.extend(self.theirs.tags.iter().cloned());
        draft.tags.retain(|tag| self.keeps(f::TAGS, tag));
        draft.external = draft.external.or_else(|| self.theirs.external.clone());
        draft.coordinates = draft.coordinates.or(self.theirs.coordinates);
        if draft.kind == PartnerKind::Organisation {
            draft.organisation = None;
            draft.position.clear();
        }
        draft
    }
}

fn lists(draft: &PartnerDraft) -> [(&'static str, &Vec<ContactPoint>); 3] {
    [(f::PHONES, &draft.phones), (f::MAILS, &draft.mails), (f::MESSENGERS, &draft.messengers)]
}

/// What two entries have alike when they are one.
fn point_key(field: &str, point: &ContactPoint) -> String {
    match field {
        f::PHONES => normalise_phone(&point.value),
        f::MAILS => normalise_mail(&point.value),
        _ => point.value.trim().to_lowercase(),
    }
}

/// Two numbers are one if they are the same, or one is the other with the code of the country and without the nought
/// before that of the town. Short ones, which may be inside of a house, are compared whole.
fn same_number(a: &str, b: &str) -> bool {
    const LEAST: usize = 7;
    let (abroad, at_home) = match (a.strip_prefix('+'), b.strip_prefix('+')) {
        (Some(abroad), None) => (abroad, b),
        (None, Some(abroad)) => (abroad, a),
        _ => return a == b,
    };
    let own = at_home.strip_prefix('0').unwrap_or(at_home);
    own.len() >= LEAST && abroad.strip_suffix(own).is_some_and(|code| (1..=3).contains(&code.len()))
}

/// Appends what is not there yet, as new.
fn join<T: Clone>(ours: &mut Vec<T>, theirs: &[T], key: impl Fn(&T) -> String, renew: impl Fn(&mut T)) {
    for entry in theirs {
        if !ours.iter().any(|known| key(known) == key(entry)) {
            let mut entry = entry.clone();
            renew(&mut entry);
            ours.push(entry);
        }
    }
}

fn same(field: &str, ours: &PartnerDraft, theirs: &PartnerDraft) -> bool {
    let mut copied = ours.clone();
    copy(field, theirs, &mut copied);
    copied == *ours
}

fn copy(field: &str, from: &PartnerDraft, to: &mut PartnerDraft) {
    match field {
        f::NAME => to.name.clone_from(&from.name),
        f::KIND => to.kind = from.kind,
        f::TYPE => to.partner_type.clone_from(&from.partner_type),
        f::ORGANISATION => to.organisation = from.organisation,
        f::POSITION => to.position.clone_from(&from.position),
        f::OWNER => to.owner = from.owner,
        f::BIRTH_YEAR => to.birth_year = from.birth_year,
        f::GENDER => to.gender.clone_from(&from.gender),
        f::WEBSITE => to.website.clone_from(&from.website),
        f::NOTE => to.note.clone_from(&from.note),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, phone: &str, note: &str) -> PartnerDraft {
        PartnerDraft {
            name: name.into(),
            note: note.into(),
            phones: vec![ContactPoint { key: "k".into(), label: "work".into(), value: phone.into() }],
            ..PartnerDraft::default()
        }
    }

    #[test]
    fn nothing_is_lost_unless_it_is_left_out() {
        let ours = person("张三", "138 0000 0000", "Mornings");
        let mut theirs = person("Zhang San", "13911112222", "Likes tea");
        theirs.position = "Buyer".into();
        theirs.tags = ["vip".to_owned()].into();
        let mut choice = Choice::new(ours, theirs);
        assert_eq!(choice.questions(), [f::NAME, f::NOTE]);
        let draft = choice.draft();
        assert_eq!((draft.name.as_str(), draft.position.as_str()), ("张三", "Buyer"));
        assert_eq!(draft.note, "Mornings\nLikes tea");
        let keys: Vec<&str> = draft.phones.iter().map(|phone| phone.key.as_str()).collect();
        assert_eq!(keys, ["k", ""], "the second is new to the one that stays");
        choice.choose(f::NAME, Take::Theirs);
        choice.choose(f::NOTE, Take::Theirs);
        choice.toggle(f::PHONES, "13800000000");
        choice.toggle(f::TAGS, "vip");
        let draft = choice.draft();
        assert_eq!((draft.name.as_str(), draft.note.as_str()), ("Zhang San", "Likes tea"));
        assert_eq!(draft.phones.len(), 1);
        assert!(draft.tags.is_empty());
    }

    #[test]
    fn the_same_number_written_twice_is_one() {
        let choice = Choice::new(person("A", "138-0000", ""), person("A", "1380000", ""));
        assert!(choice.questions().is_empty());
        assert_eq!((choice.entries().len(), choice.draft().phones.len()), (1, 1));
    }

    #[test]
    fn a_number_with_and_without_the_country_is_one() {
        let both = Choice::new(person("A", "+86 138 1234 5678", ""), person("A", "13812345678", ""));
        assert_eq!(both.draft().phones.len(), 1);
        assert_eq!(both.draft().phones[0].value, "+86 138 1234 5678", "as the one that stays has it");
        let german = Choice::new(person("A", "030 1234567", ""), person("A", "0049 30 1234567", ""));
        assert_eq!(german.draft().phones.len(), 1);
        for (one, other) in [
            ("030 1234567", "030 1234568"),
            ("138 1234 5678", "158 1234 5678"),
            ("+86 138 1234 5678", "158 1234 5678"),
            ("+49 30 1234567", "1234567"),
            ("+49 1234", "1234"),
        ] {
            let two = Choice::new(person("A", one, ""), person("A", other, ""));
            assert_eq!((two.entries().len(), two.draft().phones.len()), (2, 2), "{one} is not {other}");
        }
    }
}

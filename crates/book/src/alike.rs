//! Who is like somebody who is being typed: the same number, mail or name, or a name that is nearly the same.
//!
//! Each thing in common leaves less doubt; the percentage is what is left of certainty. The factors are this app's own:
//! they put a shared number before a shared name, and a shared name at one firm before the name alone.

use crate::entry::PartnerEntry;
use crate::fold::fold;
use crate::keys::line;
use crate::partners::PartnerNo;
use crate::typo::one_typo;
use crate::{Book, PartnerRow};
use satchel_domain::{PartnerKind, RecordId, normalise_mail, normalise_phone, sorted};
use std::cmp::Reverse;

/// Fewer digits than these are an extension, and nobody's own.
const OWN_DIGITS: usize = 7;
/// Who is less alike than this is not told of, in percent.
const LEAST: u8 = 60;

/// Somebody who is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newcomer {
    /// Person or organisation.
    pub kind: PartnerKind,
    /// The name so far.
    pub name: String,
    /// The name of the organisation that she works for.
    pub company: String,
    /// Phone numbers so far.
    pub phones: Vec<String>,
    /// Mail addresses so far.
    pub mails: Vec<String>,
}

/// What two partners have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Common {
    /// A phone number, however it is written.
    Phone,
    /// A mail address.
    Mail,
    /// The name.
    Name,
    /// The name but for one letter, its order or its script.
    NearName,
    /// The organisation.
    Company,
}

impl Common {
    /// How much doubt it leaves whether two are one.
    fn doubt(self) -> f64 {
        match self {
            Self::Phone | Self::Mail => 0.12,
            Self::Name => 0.25,
            Self::NearName => 0.5,
            Self::Company => 0.6,
        }
    }
}

/// Who is like somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// Who.
    pub partner: PartnerRow,
    /// How alike, in percent.
    pub percent: u8,
    /// What they have in common.
    pub common: Vec<Common>,
}

/// What was typed, in the forms that are compared.
struct Asked {
    kind: PartnerKind,
    name: String,
    /// The name's words in order of the alphabet, so that `Li Ming` is `Ming, Li`.
    words: Vec<String>,
    joined: String,
    company: String,
    phones: Vec<String>,
    mails: Vec<String>,
}

impl Asked {
    fn new(newcomer: &Newcomer) -> Self {
        let name = fold(newcomer.name.trim());
        let phones = newcomer.phones.iter().map(|phone| bare(&normalise_phone(phone)).to_owned());
        let mails = newcomer.mails.iter().map(|mail| normalise_mail(mail));
        Self {
            kind: newcomer.kind,
            words: words(&name),
            joined: letters(&name),
            name,
            company: fold(newcomer.company.trim()),
            phones: phones.filter(|phone| phone.len() >= OWN_DIGITS).collect(),
            mails: mails.filter(|mail| mail.contains('@') && !mail.ends_with('@')).collect(),
        }
    }

    /// What a partner, who works for `company`, has in common with it.
    fn common(&self, entry: &PartnerEntry, company: &str) -> Vec<Common> {
        let of = |kind: u8| entry.keys.lines().filter(move |(found, _)| *found == kind).map(|(_, key)| key);
        let mut common = Vec::new();
        if of(line::PHONE).any(|known| self.phones.iter().any(|phone| same_number(phone, known))) {
            common.push(Common::Phone);
        }
        if of(line::MAIL).any(|known| self.mails.iter().any(|mail| mail == known)) {
            common.push(Common::Mail);
        }
        if entry.partner.card.kind == self.kind && !self.name.is_empty() {
            common.extend(self.by_name(entry.keys.name(), of(line::SPELLING)));
        }
        if !common.is_empty() && !self.company.is_empty() && self.company == company {
            common.push(Common::Company);
        }
        common
    }

    fn by_name<'a>(&self, known: &str, spellings: impl Iterator<Item = &'a str>) -> Option<Common> {
        if known == self.name {
            return Some(Common::Name);
        }
        let joined = letters(known);
        let swapped = self.words.len() > 1 && words(known) == self.words;
        let slip = joined.chars().count() >= 4 && one_typo(self.joined.as_bytes(), joined.as_bytes());
        let spelled = || {
            let mut spellings = spellings.map(letters);
            self.joined.len() >= 4 && spellings.any(|spelling| spelling == self.joined)
        };
        (joined == self.joined || swapped || slip || spelled()).then_some(Common::NearName)
    }
}

fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words
}

fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

fn bare(phone: &str) -> &str {
    phone.trim_start_matches('+')
}

/// Whether two numbers are one, of which one may be written without its country.
pub(crate) fn same_number(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let short = short.strip_prefix('0').unwrap_or(short);
    short.len() >= OWN_DIGITS && long.ends_with(short) && long.len() - short.len() <= 4
}

/// What is left of certainty, in percent.
fn percent(common: &[Common]) -> u8 {
    let doubt: f64 = common.iter().map(|common| common.doubt()).product();
    (100.0 * (1.0 - doubt)).round() as u8
}

impl Book {
    /// Who is like somebody who is being typed, the most alike first; `but` is not meant.
    pub fn alike(&self, newcomer: &Newcomer, but: Option<RecordId>, limit: usize) -> Vec<Alike> {
        let asked = Asked::new(newcomer);
        let but = but.map(|id| self.resolve(id));
        let mut found: Vec<(u8, Vec<Common>, PartnerNo, &PartnerEntry)> = Vec::new();
        for (number, entry) in self.live_partners().filter(|(_, entry)| Some(entry.partner.id) != but) {
            let (percent, common) = self.most_alike(&asked, number, entry);
            if percent >= LEAST {
                found.push((percent, common, number, entry));
            }
        }
        sorted::sort_by_key(&mut found, |(percent, ..)| Reverse(*percent));
        let alike =
            |(percent, common, number, entry)| Alike { partner: self.row(number, entry), percent, common };
        found.into_iter().take(limit).map(alike).collect()
    }

    /// How alike a partner is, or any that was merged into it.
    fn most_alike(&self, asked: &Asked, number: PartnerNo, entry: &PartnerEntry) -> (u8, Vec<Common>) {
        let one = |number, entry| {
            let common = asked.common(entry, self.company_keys(number));
            (percent(&common), common)
        };
        if self.partners.node(number).merged.is_empty() {
            return one(number, entry);
        }
        let group = self.partners.group(number).into_iter();
        let all = group.filter_map(|number| Some(one(number, self.partners.entry(number)?)));
        all.max_by_key(|(percent, _)| *percent).unwrap_or_default()
    }

    /// The folded name of the organisation that somebody works for.
    fn company_keys(&self, number: PartnerNo) -> &str {
        let employer = self.employer(number).and_then(|employer| self.partners.live(employer));
        employer.map_or("", |employer| employer.keys.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_with_and_without_its_country() {
        assert!(same_number("13800000000", "8613800000000"));
        assert!(same_number("03055501177", "493055501177"));
        assert!(same_number("5550142", "5550142"));
        assert!(!same_number("5550142", "442055501429"));
        assert!(!same_number("13800000000", "13800000001"));
        assert!(!same_number("123", "123"));
    }

    #[test]
    fn more_in_common_leaves_less_doubt() {
        use Common::{Company, Mail, Name, NearName, Phone};
        let of = [
            percent(&[]),
            percent(&[NearName]),
            percent(&[NearName, Company]),
            percent(&[Name]),
            percent(&[Name, Company]),
            percent(&[Phone]),
            percent(&[Phone, Mail, Name]),
        ];
        assert_eq!(of, [0, 50, 70, 75, 85, 88, 100]);
    }
}

//! Partners: the customers, persons and organisations, that everything else hangs on (R1–R9).

use crate::change::Shape;
use crate::sorted::Gather;
use crate::{AccountId, Coordinates, Kind, Record, RecordId, Value, Write, entry, field};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A person or an organisation (R2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PartnerKind {
    /// A human being; drawn round.
    #[default]
    Person,
    /// A company, authority, association; drawn square.
    Organisation,
}

/// What the partner is to us (R5).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PartnerType {
    /// Not yet a customer.
    Prospect,
    /// Buys from us.
    #[default]
    Customer,
    /// Sells on.
    Distributor,
    /// We buy from them.
    Supplier,
    /// Works with us.
    Partner,
    /// A type of the workspace's own.
    Other(String),
}

/// One phone number, mail address or messenger name, as written, with its label (R9).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContactPoint {
    /// Stable key of this entry within the partner, so that two devices edit two entries apart;
    /// empty in a draft for an entry that is new.
    pub key: String,
    /// `work`, `home`, `mobile`, `fax`, `other` or the person's own word.
    pub label: String,
    /// The original spelling; comparison normalises a copy.
    pub value: String,
}

/// A postal address (R6). Every part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// As [`ContactPoint::key`].
    pub key: String,
    /// As [`ContactPoint::label`].
    pub label: String,
    /// Street and number, or the whole address in one line.
    pub street: String,
    /// District (区, county).
    pub district: String,
    /// City.
    pub city: String,
    /// Region, province or state.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Country, as written.
    pub country: String,
}

/// Where an imported record came from: the same pair is the same thing at the next import (R119).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct External {
    /// The namespace of `id`, such as the normalised header `customerid`.
    pub system: String,
    /// The identity there.
    pub id: String,
}

/// A partner as a person edits it. What is empty is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerDraft {
    /// Person or organisation.
    pub kind: PartnerKind,
    /// Required; any length, any script (R4).
    pub name: String,
    /// What the partner is to us.
    pub partner_type: PartnerType,
    /// For a person: the organisation she works for.
    pub organisation: Option<RecordId>,
    /// For a person: her position there.
    pub position: String,
    /// Phone numbers, the first one primary.
    pub phones: Vec<ContactPoint>,
    /// Mail addresses, the first one primary.
    pub mails: Vec<ContactPoint>,
    /// Messenger names: label `wechat`, `qq`, `whatsapp`, …
    pub messengers: Vec<ContactPoint>,
    /// Postal addresses, the first one primary.
    pub addresses: Vec<Address>,
    /// Free words to find it by.
    pub tags: BTreeSet<String>,
    /// Year of birth, for a person who told it (R8).
    pub birth_year: Option<u16>,
    /// `female`, `male`, another word, or empty for unspecified (R8).
    pub gender: String,
    /// Web address.
    pub website: String,
    /// Anything else worth knowing.
    pub note: String,
    /// Where it was imported from.
    pub external: Option<External>,
    /// The member who looks after it (R121).
    #[serde(default)]
    pub owner: Option<AccountId>,
    /// Where it is found, taken on the spot.
    #[serde(default)]
    pub coordinates: Option<Coordinates>,
}

/// A partner as read from its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Its identity.
    pub id: RecordId,
    /// Everything a person can edit.
    pub card: PartnerDraft,
    /// The partner that it was merged into, which is shown in its place.
    pub merged_into: Option<RecordId>,
    /// In the trash.
    pub deleted: bool,
    /// When the record was first written, ms since 1970 UTC.
    pub created_ms: u64,
    /// When any field was last written, ms since 1970 UTC.
    pub edited_ms: u64,
}

/// Gives random bits for the keys of new list entries; the caller's randomness.
pub type Entropy<'a> = &'a mut dyn FnMut() -> u64;

impl PartnerDraft {
    /// The writes of a new partner.
    pub fn create(&self, entropy: Entropy<'_>) -> Vec<Write> {
        self.writes(&Self::default(), Shape::default(), entropy)
    }

    /// The writes that lead from what the person saw to what she made of it: only what differs, so
    /// that what another device changed meanwhile survives. New entries get keys from `entropy`;
    /// one that equals an entry already there is that entry.
    pub fn diff(from: &Self, to: &Self, entropy: Entropy<'_>) -> Vec<Write> {
        to.writes(from, from.shape(), entropy)
    }

    fn writes(&self, seen: &Self, from: Shape, entropy: Entropy<'_>) -> Vec<Write> {
        let to = self.with_keys(seen, entropy);
        let mut shape = to.shape();
        for (list, before, after) in [
            (field::PHONES, keys(&seen.phones), keys(&to.phones)),
            (field::MAILS, keys(&seen.mails), keys(&to.mails)),
            (field::MESSENGERS, keys(&seen.messengers), keys(&to.messengers)),
            (field::ADDRESSES, keys(&seen.addresses), keys(&to.addresses)),
        ] {
            shape.put(list, entry::order(&before, &after));
        }
        shape.writes_since(&from)
    }

    pub(crate) fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        shape.put(field::KIND, self.kind.code());
        shape.put(field::NAME, self.name.trim());
        shape.put(field::TYPE, self.partner_type.code());
        shape.put(field::ORGANISATION, self.organisation);
        shape.put(field::POSITION, self.position.trim());
        shape.put(field::BIRTH_YEAR, self.birth_year.map(i64::from));
        shape.put(field::GENDER, self.gender.trim());
        shape.put(field::WEBSITE, self.website.trim());
        shape.put(field::NOTE, self.note.as_str());
        shape.put(field::EXTERNAL, self.external.as_ref());
        shape.put(field::OWNER, self.owner);
        shape.put(field::COORDINATES, self.coordinates);
        for (list, points) in [
            (field::PHONES, &self.phones),
            (field::MAILS, &self.mails),
            (field::MESSENGERS, &self.messengers),
        ] {
            shape.entries.extend(points.iter().filter_map(|point| point.entry(list)));
        }
        shape.entries.extend(self.addresses.iter().filter_map(Address::entry));
        let tags: BTreeSet<Value> =
            self.tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()).map(Value::from).gather();
        shape.sets.insert(field::TAGS.to_owned(), tags);
        shape
    }

    /// This draft without empty entries, and with a key for each that has none.
    fn with_keys(&self, seen: &Self, entropy: Entropy<'_>) -> Self {
        let mut draft = self.clone();
        give_keys(&mut draft.phones, &seen.phones, entropy);
        give_keys(&mut draft.mails, &seen.mails, entropy);
        give_keys(&mut draft.messengers, &seen.messengers, entropy);
        give_keys(&mut draft.addresses, &seen.addresses, entropy);
        draft
    }
}

impl Partner {
    /// Reads a partner; `None` when the record is of another kind. What is not understood is left
    /// out of the view and stays in the record.
    pub fn read(id: RecordId, record: &Record) -> Option<Self> {
        (record.kind == Kind::Partner).then(|| Self {
            id,
            card: PartnerDraft::read(record),
            merged_into: entry::id(record, field::MERGED_INTO),
            deleted: record.is_deleted(),
            created_ms: record.created_ms(),
            edited_ms: record.edited_ms(),
        })
    }

    /// A short code for people, such as `P-7F3K` (R3). Not unique; search shows every match.
    pub fn code(&self) -> String {
        self.id.short_code()
    }
}

impl PartnerDraft {
    pub(crate) fn read(record: &Record) -> Self {
        let tags = entry::elements(record, field::TAGS).filter_map(Value::as_text);
        Self {
            kind: PartnerKind::from_code(&entry::text(record, field::KIND)),
            name: entry::text(record, field::NAME),
            partner_type: PartnerType::from_code(&entry::text(record, field::TYPE)),
            organisation: entry::id(record, field::ORGANISATION),
            position: entry::text(record, field::POSITION),
            phones: points(record, field::PHONES),
            mails: points(record, field::MAILS),
            messengers: points(record, field::MESSENGERS),
            addresses: addresses(record),
            tags: tags.map(str::to_owned).gather(),
            birth_year: entry::number(record, field::BIRTH_YEAR),
            gender: entry::text(record, field::GENDER),
            website: entry::text(record, field::WEBSITE),
            note: entry::text(record, field::NOTE),
            external: entry::external(record, field::EXTERNAL),
            owner: entry::id(record, field::OWNER).map(|id| AccountId(id.0)),
            coordinates: entry::coordinates(record.value(field::COORDINATES)),
        }
    }
}

/// The writes that merge a partner into another: it is no longer listed, and what hangs on it is shown
/// with the other. Nothing is moved, so [`unmerge_writes`] brings everything back.
pub fn merge_writes(into: RecordId) -> Vec<Write> {
    vec![Write::Set { field: field::MERGED_INTO.to_owned(), value: into.into() }]
}

/// The writes that make a merged partner stand for itself again.
pub fn unmerge_writes() -> Vec<Write> {
    vec![Write::Set { field: field::MERGED_INTO.to_owned(), value: Value::Null }]
}

/// An entry of a list: found again by its key.
trait Keyed: Clone + PartialEq {
    fn key(&self) -> &str;
    fn set_key(&mut self, key: String);
    fn is_empty(&self) -> bool;

    fn same_content(&self, other: &Self) -> bool {
        let mut copy = self.clone();
        copy.set_key(other.key().to_owned());
        copy == *other
    }
}

impl Keyed for ContactPoint {
    fn key(&self) -> &str {
        &self.key
    }

    fn set_key(&mut self, key: String) {
        self.key = key;
    }

    fn is_empty(&self) -> bool {
        self.value.trim().is_empty()
    }
}

impl Keyed for Address {
    fn key(&self) -> &str {
        &self.key
    }

    fn set_key(&mut self, key: String) {
        self.key = key;
    }

    fn is_empty(&self) -> bool {
        self.texts()[1..].iter().all(|(_, text)| text.trim().is_empty())
    }
}

impl ContactPoint {
    /// An entry that is new.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: String::new(), label: label.into(), value: value.into() }
    }

    fn entry(&self, list: &str) -> Option<(String, BTreeMap<String, Value>)> {
        let texts = entry::texts(&[("label", &self.label), ("value", &self.value)]);
        (!self.is_empty()).then(|| (format!("{list}/{}", self.key), texts))
    }

    fn read((key, value): (&str, &Value)) -> Self {
        let text = |part: &str| value.get(part).as_text().unwrap_or_default().to_owned();
        Self { key: key.to_owned(), label: text("label"), value: text("value") }
    }
}

impl Address {
    /// The parts under the names they are kept by; the label first.
    fn texts(&self) -> [(&str, &str); 7] {
        [
            ("label", &self.label),
            ("street", &self.street),
            ("district", &self.district),
            ("city", &self.city),
            ("region", &self.region),
            ("postal_code", &self.postal_code),
            ("country", &self.country),
        ]
    }

    fn entry(&self) -> Option<(String, BTreeMap<String, Value>)> {
        let field = || format!("{}/{}", field::ADDRESSES, self.key);
        (!self.is_empty()).then(|| (field(), entry::texts(&self.texts())))
    }

    fn read((key, value): (&str, &Value)) -> Self {
        let text = |part: &str| value.get(part).as_text().unwrap_or_default().to_owned();
        Self {
            key: key.to_owned(),
            label: text("label"),
            street: text("street"),
            district: text("district"),
            city: text("city"),
            region: text("region"),
            postal_code: text("postal_code"),
            country: text("country"),
        }
    }
}

fn points(record: &Record, list: &str) -> Vec<ContactPoint> {
    let read = entry::list(record, list).into_iter().map(ContactPoint::read);
    read.filter(|point| !point.is_empty()).collect()
}

fn addresses(record: &Record) -> Vec<Address> {
    let read = entry::list(record, field::ADDRESSES).into_iter().map(Address::read);
    read.filter(|address| !address.is_empty()).collect()
}

fn keys<T: Keyed>(entries: &[T]) -> Vec<&str> {
    entries.iter().map(Keyed::key).collect()
}

/// Drops empty entries and names new ones: by an equal entry that the person saw, else at random,
/// in rising order so that they stand as typed.
fn give_keys<T: Keyed>(entries: &mut Vec<T>, seen: &[T], entropy: Entropy<'_>) {
    entries.retain(|entry| !entry.is_empty());
    let mut used: BTreeSet<String> =
        seen.iter().chain(entries.iter()).map(|entry| entry.key().to_owned()).gather();
    let mut claimed: BTreeSet<String> = entries.iter().map(|entry| entry.key().to_owned()).gather();
    for entry in entries.iter_mut().filter(|entry| entry.key().is_empty()) {
        let same = seen.iter().find(|old| !claimed.contains(old.key()) && entry.same_content(old));
        if let Some(old) = same {
            claimed.insert(old.key().to_owned());
            entry.set_key(old.key().to_owned());
        }
    }
    let new: Vec<&mut T> = entries.iter_mut().filter(|entry| entry.key().is_empty()).collect();
    let mut fresh = BTreeSet::new();
    for attempt in 0u64.. {
        if fresh.len() == new.len() {
            break;
        }
        let key = format!("{:010x}", (entropy() >> 24).wrapping_add(attempt));
        if used.insert(key.clone()) {
            fresh.insert(key);
        }
    }
    for (entry, key) in new.into_iter().zip(fresh) {
        entry.set_key(key);
    }
}

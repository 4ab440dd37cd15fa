//! Partners: the customers, persons and organisations, that everything else hangs on (R1–R9).

use crate::RecordId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
}

/// A partner as read from its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Its identity.
    pub id: RecordId,
    /// Everything a person can edit.
    pub card: PartnerDraft,
    /// In the trash.
    pub deleted: bool,
    /// When the record was first written, ms since 1970 UTC.
    pub created_ms: u64,
    /// When any field was last written, ms since 1970 UTC.
    pub edited_ms: u64,
}

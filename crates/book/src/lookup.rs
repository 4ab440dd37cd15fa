//! From what people and other systems call a partner to the partner: always every match (R40, R41, D4).

use crate::Book;
use crate::brief::fnv;
use crate::fold::fold;
use satchel_domain::sorted;
use satchel_domain::{External, Partner, RecordId, normalise_mail, normalise_phone};
use std::collections::BTreeSet;

/// Partners and orders by what they were imported as, in the trash too: what was deleted is still known (R119).
/// Only a hash is kept; what it finds is compared with the records.
#[derive(Debug, Default)]
pub(crate) struct Externals(BTreeSet<(u64, RecordId)>);

impl Externals {
    fn get(&self, external: &External) -> impl Iterator<Item = RecordId> {
        let hash = hash(external);
        self.0.range((hash, RecordId::NIL)..).take_while(move |(held, _)| *held == hash).map(|(_, id)| *id)
    }

    pub(crate) fn add(&mut self, external: Option<&External>, id: RecordId) {
        self.0.extend(external.map(|external| (hash(external), id)));
    }

    pub(crate) fn remove(&mut self, external: Option<&External>, id: RecordId) {
        if let Some(external) = external {
            self.0.remove(&(hash(external), id));
        }
    }
}

fn hash(external: &External) -> u64 {
    fnv(external.system.bytes().chain([0]).chain(external.id.bytes()))
}

impl Book {
    /// Every partner and order that was imported as this, in the trash too: the same pair is the
    /// same thing at the next import (R119).
    pub fn by_external(&self, external: &External) -> Vec<RecordId> {
        self.externals.get(external).filter(|id| self.external(*id) == Some(external)).collect()
    }

    fn external(&self, id: RecordId) -> Option<&External> {
        let of_partner = self.partner(id).and_then(|partner| partner.card.external.as_ref());
        of_partner.or_else(|| self.order(id)?.entry.external.as_ref())
    }

    /// Every partner with this phone number, however it is written (R40, R41).
    pub fn by_phone(&self, phone: &str) -> Vec<RecordId> {
        let phone = normalise_phone(phone);
        self.known_by(&phone, |partner| {
            partner.card.phones.iter().any(|one| normalise_phone(&one.value) == phone)
        })
    }

    /// Every partner with this mail address, however it is written (R40, R41, D4).
    pub fn by_mail(&self, mail: &str) -> Vec<RecordId> {
        let mail = normalise_mail(mail);
        self.known_by(&mail, |partner| {
            partner.card.mails.iter().any(|one| normalise_mail(&one.value) == mail)
        })
    }

    /// Every partner of this name, whatever its case, width and diacritics.
    pub fn by_name(&self, name: &str) -> Vec<RecordId> {
        let name = fold(name.trim());
        self.known_by(&name, |partner| fold(partner.card.name.trim()) == name)
    }

    /// By id, so that the answer does not hang on the order in which records came.
    fn known_by(&self, key: &str, is_known: impl Fn(&Partner) -> bool) -> Vec<RecordId> {
        let known = self.all_partners().filter(|partner| !key.is_empty() && is_known(partner));
        let mut ids: Vec<RecordId> = known.map(|partner| partner.id).collect();
        sorted::sort(&mut ids);
        ids
    }
}

//! From what people and other systems call a partner to the partner: always every match (R40, R41, D4).

use crate::Book;
use crate::fold::fold;
use satchel_domain::{External, Partner, RecordId, normalise_mail, normalise_phone};
use std::collections::HashMap;

/// Partners and orders by what they were imported as, in the trash too: what was deleted is still known (R119).
#[derive(Debug, Default)]
pub(crate) struct Externals(HashMap<External, Vec<RecordId>>);

impl Externals {
    pub(crate) fn get(&self, external: &External) -> &[RecordId] {
        self.0.get(external).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn add(&mut self, external: Option<&External>, id: RecordId) {
        let Some(external) = external else { return };
        let ids = self.0.entry(external.clone()).or_default();
        if let Err(at) = ids.binary_search(&id) {
            ids.insert(at, id);
        }
    }

    pub(crate) fn remove(&mut self, external: Option<&External>, id: RecordId) {
        let Some(external) = external else { return };
        let Some(ids) = self.0.get_mut(external) else { return };
        ids.retain(|other| *other != id);
        if ids.is_empty() {
            self.0.remove(external);
        }
    }
}

impl Book {
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
        ids.sort_unstable();
        ids
    }
}

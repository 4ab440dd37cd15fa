//! From what people and other systems call a partner to the partner: always every match (R40, R41, D4).

use crate::fold::fold;
use satchel_domain::{External, Partner, RecordId, normalise_mail, normalise_phone};
use std::collections::HashMap;

/// By what something is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum By {
    Name,
    Phone,
    Mail,
}

/// Exact look-ups of what was normalised.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    partners: HashMap<(By, Box<str>), Vec<RecordId>>,
    /// Partners and orders, in the trash too: what was imported and deleted is still known (R119).
    externals: HashMap<External, Vec<RecordId>>,
}

impl Lookup {
    /// Every partner of this name, whatever its case, width and diacritics.
    pub(crate) fn by_name(&self, name: &str) -> &[RecordId] {
        self.get(By::Name, &fold(name.trim()))
    }

    pub(crate) fn by_phone(&self, phone: &str) -> &[RecordId] {
        self.get(By::Phone, &normalise_phone(phone))
    }

    pub(crate) fn by_mail(&self, mail: &str) -> &[RecordId] {
        self.get(By::Mail, &normalise_mail(mail))
    }

    pub(crate) fn by_external(&self, external: &External) -> &[RecordId] {
        self.externals.get(external).map_or(&[], Vec::as_slice)
    }

    fn get(&self, by: By, key: &str) -> &[RecordId] {
        self.partners.get(&(by, key.into())).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn add(&mut self, partner: &Partner) {
        for key in keys(partner) {
            insert(self.partners.entry(key).or_default(), partner.id);
        }
    }

    pub(crate) fn remove(&mut self, partner: &Partner) {
        for key in keys(partner) {
            if let Some(ids) = self.partners.get_mut(&key) {
                ids.retain(|id| *id != partner.id);
                if ids.is_empty() {
                    self.partners.remove(&key);
                }
            }
        }
    }

    pub(crate) fn add_external(&mut self, external: Option<&External>, id: RecordId) {
        if let Some(external) = external {
            insert(self.externals.entry(external.clone()).or_default(), id);
        }
    }

    pub(crate) fn remove_external(&mut self, external: Option<&External>, id: RecordId) {
        let Some(external) = external else { return };
        if let Some(ids) = self.externals.get_mut(external) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.externals.remove(external);
            }
        }
    }
}

fn insert(ids: &mut Vec<RecordId>, id: RecordId) {
    if let Err(at) = ids.binary_search(&id) {
        ids.insert(at, id);
    }
}

fn keys(partner: &Partner) -> impl Iterator<Item = (By, Box<str>)> {
    let card = &partner.card;
    let name = std::iter::once((By::Name, fold(card.name.trim())));
    let phones = card.phones.iter().map(|phone| (By::Phone, normalise_phone(&phone.value)));
    let mails = card.mails.iter().map(|mail| (By::Mail, normalise_mail(&mail.value)));
    let keys = name.chain(phones).chain(mails);
    keys.filter(|(_, key)| !key.is_empty()).map(|(by, key)| (by, key.into()))
}

//! The workspace together with what this import has made so far, so that the second row of a
//! company finds the first one's, whether or not it is written yet.

use crate::known::Known;
use crate::text::{mail_key, name_key, phone_key};
use satchel_domain::{External, OrderDraft, PartnerDraft, PartnerKind, RecordId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What this import has made or changed.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    partners: HashMap<RecordId, PartnerDraft>,
    by_external: HashMap<External, RecordId>,
    by_name: HashMap<String, Vec<RecordId>>,
    by_phone: HashMap<String, Vec<RecordId>>,
    by_mail: HashMap<String, Vec<RecordId>>,
    orders: HashMap<External, RecordId>,
    order_drafts: HashMap<RecordId, OrderDraft>,
    systems: BTreeSet<String>,
    interactions: HashSet<(RecordId, i64, &'static str, String)>,
}

impl Overlay {
    pub(crate) fn put_partner(&mut self, id: RecordId, draft: &PartnerDraft) {
        if let Some(external) = &draft.external {
            self.systems.insert(external.system.clone());
            self.by_external.insert(external.clone(), id);
        }
        let mut note = |index: usize, key: String| {
            let index = [&mut self.by_name, &mut self.by_phone, &mut self.by_mail].into_iter().nth(index);
            let ids = index.map(|index| index.entry(key.clone()).or_default());
            if let Some(ids) = ids.filter(|ids| !key.is_empty() && !ids.contains(&id)) {
                ids.push(id);
            }
        };
        note(0, name_key(&draft.name));
        draft.phones.iter().for_each(|point| note(1, phone_key(&point.value)));
        draft.mails.iter().for_each(|point| note(2, mail_key(&point.value)));
        self.partners.insert(id, draft.clone());
    }

    pub(crate) fn put_order(&mut self, id: RecordId, draft: &OrderDraft) {
        if let Some(external) = &draft.external {
            self.orders.insert(external.clone(), id);
        }
        self.order_drafts.insert(id, draft.clone());
    }

    /// Notes an interaction; `false` when this import has made the same one before.
    pub(crate) fn put_interaction(&mut self, key: (RecordId, i64, &'static str, String)) -> bool {
        self.interactions.insert(key)
    }
}

/// Overlay first, then what was there before.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) overlay: &'a Overlay,
    pub(crate) known: &'a dyn Known,
}

impl View<'_> {
    pub(crate) fn partner(&self, id: RecordId) -> Option<PartnerDraft> {
        self.overlay.partners.get(&id).cloned().or_else(|| self.known.partner(id))
    }

    pub(crate) fn partner_by_external(&self, external: &External) -> Option<RecordId> {
        self.overlay.by_external.get(external).copied().or_else(|| self.known.partner_by_external(external))
    }

    pub(crate) fn by_name(&self, kind: Option<PartnerKind>, name: &str) -> Vec<RecordId> {
        let key = name_key(name);
        if key.is_empty() {
            return Vec::new();
        }
        let mut ids = self.overlay.by_name.get(&key).cloned().unwrap_or_default();
        if let Some(kind) = kind {
            ids.retain(|id| self.overlay.partners.get(id).is_none_or(|draft| draft.kind == kind));
        }
        with(ids, self.known.partners_by_name(kind, &key))
    }

    pub(crate) fn by_phone(&self, phone: &str) -> Vec<RecordId> {
        let key = phone_key(phone);
        if key.is_empty() {
            return Vec::new();
        }
        with(self.overlay.by_phone.get(&key).cloned().unwrap_or_default(), self.known.partners_by_phone(&key))
    }

    pub(crate) fn by_mail(&self, mail: &str) -> Vec<RecordId> {
        let key = mail_key(mail);
        if key.is_empty() {
            return Vec::new();
        }
        with(self.overlay.by_mail.get(&key).cloned().unwrap_or_default(), self.known.partners_by_mail(&key))
    }

    pub(crate) fn systems(&self) -> BTreeSet<String> {
        self.overlay.systems.iter().cloned().chain(self.known.partner_systems()).collect()
    }

    pub(crate) fn order_by_external(&self, external: &External) -> Option<RecordId> {
        self.overlay.orders.get(external).copied().or_else(|| self.known.order_by_external(external))
    }

    pub(crate) fn order(&self, id: RecordId) -> Option<OrderDraft> {
        self.overlay.order_drafts.get(&id).cloned().or_else(|| self.known.order(id))
    }
}

fn with(mut ids: Vec<RecordId>, more: Vec<RecordId>) -> Vec<RecordId> {
    for id in more {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

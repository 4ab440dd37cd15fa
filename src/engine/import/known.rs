//! The open book as an import asks it: the same keys on both sides of every comparison.

use satchel_book::Book;
use satchel_domain::{External, InteractionDraft, OrderDraft, Partner, PartnerDraft, PartnerKind, RecordId};
use satchel_exchange::{Known, text};
use std::collections::{BTreeSet, HashMap};

/// Partners by the keys that imports compare with; made once, at the beginning of an import.
#[derive(Default)]
pub(super) struct Index {
    names: HashMap<String, Vec<RecordId>>,
    phones: HashMap<String, Vec<RecordId>>,
    mails: HashMap<String, Vec<RecordId>>,
    systems: BTreeSet<String>,
}

impl Index {
    pub(super) fn of(book: &Book) -> Self {
        let mut index = Self::default();
        for partner in book.all_partners() {
            index.add(partner);
        }
        index
    }

    fn add(&mut self, partner: &Partner) {
        let card = &partner.card;
        let put = |map: &mut HashMap<String, Vec<RecordId>>, key: String| {
            if !key.is_empty() {
                map.entry(key).or_default().push(partner.id);
            }
        };
        put(&mut self.names, text::name_key(&card.name));
        for phone in &card.phones {
            put(&mut self.phones, text::phone_key(&phone.value));
        }
        for mail in &card.mails {
            put(&mut self.mails, text::mail_key(&mail.value));
        }
        self.systems.extend(card.external.iter().map(|external| external.system.clone()));
    }
}

/// The book with its index.
pub(super) struct Here<'b> {
    pub(super) book: &'b Book,
    pub(super) index: &'b Index,
}

impl Here<'_> {
    fn live(&self, ids: &[RecordId], wanted: impl Fn(RecordId) -> bool) -> Option<RecordId> {
        ids.iter().copied().find(|id| self.book.is_deleted(*id) == Some(false) && wanted(*id))
    }
}

fn found(map: &HashMap<String, Vec<RecordId>>, key: &str) -> Vec<RecordId> {
    map.get(key).cloned().unwrap_or_default()
}

impl Known for Here<'_> {
    fn partner_by_external(&self, external: &External) -> Option<RecordId> {
        let ids = self.book.by_external(external).into_iter();
        let partners = ids.filter(|id| self.book.partner(*id).is_some());
        // Who was merged into another is shown as that one.
        let shown: Vec<_> = partners.map(|id| self.book.resolve(id)).collect();
        self.live(&shown, |_| true)
    }

    fn partners_by_name(&self, kind: Option<PartnerKind>, name_key: &str) -> Vec<RecordId> {
        let mut ids = found(&self.index.names, name_key);
        ids.retain(|id| kind.is_none() || self.book.partner(*id).map(|partner| partner.card.kind) == kind);
        ids
    }

    fn partners_by_phone(&self, phone_key: &str) -> Vec<RecordId> {
        found(&self.index.phones, phone_key)
    }

    fn partners_by_mail(&self, mail_key: &str) -> Vec<RecordId> {
        found(&self.index.mails, mail_key)
    }

    fn partner(&self, id: RecordId) -> Option<PartnerDraft> {
        self.book.partner(id).map(|partner| partner.card.clone())
    }

    fn partner_systems(&self) -> Vec<String> {
        self.index.systems.iter().cloned().collect()
    }

    fn order_by_external(&self, external: &External) -> Option<RecordId> {
        self.live(&self.book.by_external(external), |id| self.book.order(id).is_some())
    }

    fn order(&self, id: RecordId) -> Option<OrderDraft> {
        self.book.order(id).map(|order| order.entry.clone())
    }

    fn has_interaction(&self, draft: &InteractionDraft) -> bool {
        self.book.has_interaction(draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{Clock, DeviceId, Kind, create, merge_writes};

    #[test]
    fn who_was_merged_into_another_is_found_as_that_one() {
        let (hidden, shown) = (RecordId([1; 16]), RecordId([2; 16]));
        let external = External { system: "customerid".into(), id: "ALFKI".into() };
        let of = |external| PartnerDraft { name: "Ada".into(), external, ..PartnerDraft::default() };
        let mut writes = of(Some(external.clone())).create(&mut || 0);
        writes.extend(merge_writes(shown));
        let mut book = Book::default();
        let mut clock = Clock::new(DeviceId(1));
        book.apply(hidden, Some(&create(Kind::Partner, writes, &mut clock, 1_000)));
        let index = Index::default();
        let found = |book: &Book| Here { book, index: &index }.partner_by_external(&external);
        assert_eq!(found(&book), Some(hidden), "nobody stands for it");
        let writes = of(None).create(&mut || 0);
        book.apply(shown, Some(&create(Kind::Partner, writes, &mut clock, 1_000)));
        assert_eq!(found(&book), Some(shown));
    }
}

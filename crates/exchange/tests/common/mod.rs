//! A workspace in memory that applies what an import says.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    missing_docs,
    reason = "each test file is a crate of its own and uses its part"
)]

pub mod packed;

use satchel_domain::{Currency, External, InteractionDraft, OrderDraft, PartnerDraft, PartnerKind, RecordId};
use satchel_exchange::{
    DateOrder, Draft, FixedZone, Guess, Hints, Import, Known, Limits, LoadOptions, NativeDecoders, Outcome,
    Refused, Settings, Table, World, guess, load, text,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub const HINTS: Hints = Hints { currency: Currency::USD, date_order: DateOrder::DayFirst };

#[derive(Default)]
pub struct Workspace {
    pub partners: BTreeMap<RecordId, PartnerDraft>,
    pub orders: BTreeMap<RecordId, OrderDraft>,
    pub interactions: Vec<InteractionDraft>,
    next: u64,
    by_external: HashMap<External, RecordId>,
    order_by_external: HashMap<External, RecordId>,
    by_name: HashMap<String, Vec<RecordId>>,
}

impl Workspace {
    pub fn named(&self, name: &str) -> &PartnerDraft {
        self.partners.values().find(|partner| partner.name == name).unwrap_or_else(|| panic!("no {name}"))
    }

    pub fn count(&self, kind: PartnerKind) -> usize {
        self.partners.values().filter(|partner| partner.kind == kind).count()
    }

    pub fn order(&self, number: &str) -> &OrderDraft {
        self.orders
            .values()
            .find(|order| order.number == number)
            .unwrap_or_else(|| panic!("no order {number}"))
    }

    fn ids(&self, is: impl Fn(&PartnerDraft) -> bool) -> Vec<RecordId> {
        self.partners.iter().filter(|(_, partner)| is(partner)).map(|(id, _)| *id).collect()
    }

    pub fn apply(&mut self, outcomes: &[Outcome]) {
        for write in outcomes.iter().flat_map(|outcome| &outcome.writes) {
            match &write.draft {
                Draft::Partner(draft) => {
                    if let Some(external) = &draft.external {
                        self.by_external.insert(external.clone(), write.id);
                    }
                    self.by_name.entry(text::name_key(&draft.name)).or_default().push(write.id);
                    let old = self.partners.insert(write.id, with_keys(draft));
                    assert_eq!(old.is_none(), write.is_new);
                }
                Draft::Order(draft) => {
                    assert!(self.partners.contains_key(&draft.partner), "an order of nobody");
                    if let Some(external) = &draft.external {
                        self.order_by_external.insert(external.clone(), write.id);
                    }
                    assert_eq!(self.orders.insert(write.id, (**draft).clone()).is_none(), write.is_new);
                }
                Draft::Interaction(draft) => self.interactions.push((**draft).clone()),
            }
        }
    }

    /// Runs an import to its end in steps of `size` rows.
    pub fn import(&mut self, import: &mut Import, size: usize) {
        loop {
            let mut next = self.next;
            let mut new_id = || {
                next += 1;
                let mut id = [0; 16];
                id[..8].copy_from_slice(&next.to_be_bytes());
                RecordId(id)
            };
            let zone = FixedZone { name: "Europe/Berlin".into(), ahead_minutes: 60 };
            let mut world =
                World { known: self, zone: &zone, now_ms: 1_790_000_000_000, new_id: &mut new_id };
            let outcomes = import.step(&mut world, size);
            self.next = next;
            if outcomes.is_empty() {
                break;
            }
            self.apply(&outcomes);
        }
        let (done, total) = import.progress();
        assert_eq!(done, total);
    }
}

/// As the domain does when it writes: every entry has a key of its own.
fn with_keys(draft: &PartnerDraft) -> PartnerDraft {
    let mut draft = draft.clone();
    let points = draft.phones.iter_mut().chain(&mut draft.mails).chain(&mut draft.messengers);
    points.enumerate().for_each(|(at, point)| point.key = format!("{at}"));
    draft.addresses.iter_mut().for_each(|address| address.key = "a".into());
    draft
}

impl Known for Workspace {
    fn partner_by_external(&self, external: &External) -> Option<RecordId> {
        self.by_external.get(external).copied()
    }
    fn partners_by_name(&self, kind: Option<PartnerKind>, key: &str) -> Vec<RecordId> {
        let named = self.by_name.get(key).into_iter().flatten().copied();
        let same = |id: &RecordId| {
            let partner = &self.partners[id];
            kind.is_none_or(|kind| partner.kind == kind) && text::name_key(&partner.name) == key
        };
        named.filter(same).collect::<BTreeSet<_>>().into_iter().collect()
    }
    fn partners_by_phone(&self, key: &str) -> Vec<RecordId> {
        self.ids(|partner| partner.phones.iter().any(|point| text::phone_key(&point.value) == key))
    }
    fn partners_by_mail(&self, key: &str) -> Vec<RecordId> {
        self.ids(|partner| partner.mails.iter().any(|point| text::mail_key(&point.value) == key))
    }
    fn partner(&self, id: RecordId) -> Option<PartnerDraft> {
        self.partners.get(&id).cloned()
    }
    fn partner_systems(&self) -> Vec<String> {
        let systems: BTreeSet<_> = self.by_external.keys().map(|external| external.system.clone()).collect();
        systems.into_iter().collect()
    }
    fn order_by_external(&self, external: &External) -> Option<RecordId> {
        self.order_by_external.get(external).copied()
    }
    fn order(&self, id: RecordId) -> Option<OrderDraft> {
        self.orders.get(&id).cloned()
    }
    fn has_interaction(&self, draft: &InteractionDraft) -> bool {
        self.interactions.contains(draft)
    }
}

pub fn read(name: &str, bytes: &[u8]) -> Result<Table, Refused> {
    load(name, bytes, LoadOptions::default(), Limits::default(), &NativeDecoders)
}

pub fn table(name: &str, text: &str) -> Arc<Table> {
    Arc::new(read(name, text.as_bytes()).unwrap())
}

pub fn guessed(name: &str, text: &str) -> Guess {
    guess(&table(name, text), HINTS)
}

/// An import of these files by the plans that are guessed for them.
pub fn importing(files: &[(&str, &str)], settings: Settings) -> Import {
    let tables = files.iter().map(|(name, text)| table(name, text));
    Import::new(
        tables
            .map(|table| {
                let plan = guess(&table, HINTS).plan;
                (table, plan)
            })
            .collect(),
        settings,
    )
}

/// Imports texts, and gives `[created, updated, unchanged, skipped, related]` of each file.
pub fn bring_in(workspace: &mut Workspace, files: &[(&str, &str)]) -> (Vec<[u64; 5]>, Import) {
    let mut import = importing(files, Settings::default());
    workspace.import(&mut import, 7);
    (counts(&import), import)
}

pub fn counts(import: &Import) -> Vec<[u64; 5]> {
    let counts = import.reports().iter();
    counts
        .map(|report| [report.created, report.updated, report.unchanged, report.skipped, report.related])
        .collect()
}

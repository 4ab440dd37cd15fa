//! Everything that is here about one partner, in the trash too: to hand it out, or to erase it. And about several at
//! once, to move them.

use crate::Book;
use crate::entry::Handle;
use crate::fold::fold;
use crate::partners::PartnerNo;
use crate::sought::SoughtWord;
use satchel_domain::sorted::Gather;
use satchel_domain::{Participation, RecordId};
use std::collections::BTreeSet;

/// Shorter names stand in too many texts to tell anything.
const LEAST_NAME: usize = 2;

/// What is about one partner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The partner itself, and whoever was merged into it.
    pub partners: Vec<RecordId>,
    /// Interactions with it, each in the first place.
    pub interactions: Vec<RecordId>,
    /// Its orders.
    pub orders: Vec<RecordId>,
    /// Its tasks, open or done.
    pub tasks: Vec<RecordId>,
    /// Interactions with others in which it took part.
    pub took_part: Vec<(RecordId, Participation)>,
    /// Those who work there.
    pub people: Vec<RecordId>,
    /// Interactions with others whose text contains its name.
    pub named: Vec<RecordId>,
}

impl About {
    /// The records that are about nobody else, sorted.
    pub fn own(&self) -> Vec<RecordId> {
        let all = [&self.partners, &self.interactions, &self.orders, &self.tasks];
        let own: BTreeSet<RecordId> = all.into_iter().flatten().copied().gather();
        own.into_iter().collect()
    }
}

impl Book {
    /// What is here about a partner; `None` when it is not here.
    pub fn about(&self, id: RecordId) -> Option<About> {
        let root = self.root(id)?;
        self.partners.entry(root)?;
        let mut about = self.about_ids(&self.ids_of(root));
        about.named = self.named(root, &about);
        Some(about)
    }

    /// What is here about any of these, as if they were one: what happened between two of them is their own. Who names
    /// them is not looked for. `None` when one is not here.
    pub fn about_all(&self, partners: &[RecordId]) -> Option<About> {
        let mut ids = BTreeSet::new();
        for partner in partners {
            let root = self.root(*partner)?;
            self.partners.entry(root)?;
            ids.append(&mut self.ids_of(root));
        }
        Some(self.about_ids(&ids))
    }

    /// A partner and whoever was merged into it.
    fn ids_of(&self, root: PartnerNo) -> BTreeSet<RecordId> {
        self.partners.group(root).into_iter().map(|number| self.partners.id(Some(number))).gather()
    }

    fn about_ids(&self, ids: &BTreeSet<RecordId>) -> About {
        let mut about = About { partners: ids.iter().copied().collect(), ..About::default() };
        for (record, handle) in &self.records {
            self.sort_in(*record, *handle, ids, &mut about);
        }
        about
    }

    fn sort_in(&self, record: RecordId, handle: Handle, ids: &BTreeSet<RecordId>, about: &mut About) {
        match handle {
            Handle::Partner(number) => {
                let works_for = self.partners.entry(number).and_then(|entry| entry.partner.card.organisation);
                if works_for.is_some_and(|organisation| ids.contains(&organisation)) && !ids.contains(&record)
                {
                    about.people.push(record);
                }
            }
            Handle::View => {}
            Handle::Event(_) => self.sort_event(record, ids, about),
            Handle::Order(number) => {
                if self.orders.get(number).is_some_and(|it| ids.contains(&it.order.entry.partner)) {
                    about.orders.push(record);
                }
            }
            Handle::Task(_) => {
                let partner = self.task(record).and_then(|task| task.entry.partner);
                if partner.is_some_and(|partner| ids.contains(&partner)) {
                    about.tasks.push(record);
                }
            }
        }
    }

    fn sort_event(&self, record: RecordId, ids: &BTreeSet<RecordId>, about: &mut About) {
        let Some(event) = self.interaction(record) else { return };
        if ids.contains(&event.entry.partner) {
            return about.interactions.push(record);
        }
        let parts = event.entry.participants.into_iter().filter(|part| ids.contains(&part.partner));
        about.took_part.extend(parts.map(|part| (record, part)));
    }

    /// The others' interactions that name it.
    fn named(&self, root: PartnerNo, about: &About) -> Vec<RecordId> {
        let name = self.partners.entry(root).map(|entry| fold(entry.partner.card.name.trim()));
        let Some(name) = name.filter(|name| name.chars().count() >= LEAST_NAME) else { return Vec::new() };
        let own: BTreeSet<&RecordId> = about.interactions.iter().gather();
        let mut found = Vec::new();
        self.texts.search(&SoughtWord::anywhere(&name), |owner, _| {
            found.extend(self.events.get(owner).map(|event| event.id).filter(|id| !own.contains(id)));
        });
        found
    }
}

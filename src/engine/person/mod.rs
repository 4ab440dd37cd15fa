//! One person's data: counted, handed out, and erased for good with a proof (R102).

mod erase;
mod forms;
mod gather;
mod proof;

pub(super) use erase::Versions;

use super::host::Host;
use super::view::number;
use super::workspace::Workspace;
use crate::port::{BackupKind, PersonPage, SyncPhase};
use satchel_book::About;
use satchel_domain::RecordId;
use satchel_domain::sorted::Gather;
use std::collections::BTreeSet;

/// The kinds of what is about one partner alone, with the records.
fn by_kind(about: &About) -> [(BackupKind, &Vec<RecordId>); 4] {
    [
        (BackupKind::Partner, &about.partners),
        (BackupKind::Interaction, &about.interactions),
        (BackupKind::Order, &about.orders),
        (BackupKind::Task, &about.tasks),
    ]
}

impl<H: Host> Workspace<H> {
    /// What is here about a partner, counted.
    pub(super) async fn person_page(&self, id: RecordId) -> Option<PersonPage> {
        let about = self.book.borrow().about(id)?;
        let own: BTreeSet<RecordId> = about.own().into_iter().gather();
        let (name, code) = self.name_and_code(id)?;
        let waiting = self.waiting().into_iter().filter(|(id, _)| own.contains(id)).count();
        let drafts = self.drafts_about(&own, &name).await.map_or(0, |drafts| drafts.len());
        Some(PersonPage {
            name,
            code,
            own: by_kind(&about).map(|(kind, ids)| (kind, number(ids.len()))).to_vec(),
            took_part: number(about.took_part.len()),
            people: number(about.people.len()),
            named: number(about.named.len()),
            drafts: number(drafts),
            unsent: number(waiting),
            ready: self.is_in_sync(),
        })
    }

    pub(in crate::engine) fn name_and_code(&self, id: RecordId) -> Option<(String, String)> {
        let book = self.book.borrow();
        let partner = book.partner(book.resolve(id))?;
        Some((partner.card.name.clone(), partner.code()))
    }

    /// Nothing waits, and the server's last number was reached.
    pub(in crate::engine) fn is_in_sync(&self) -> bool {
        let status = self.status();
        status.phase == SyncPhase::Synced && status.waiting == 0
    }
}

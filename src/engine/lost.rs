//! What was lost in a damaged part of this device's store, by what is still known of it.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::pages::class;
use super::saved;
use super::sync_page::grouped;
use super::view::title_of;
use super::workspace::Workspace;
use crate::port::{Done, LostItem, WaitingGroup};
use satchel_book::Book;
use satchel_domain::RecordId;
use satchel_replica::Lost;

impl<H: Host> Workspace<H> {
    pub(super) async fn lost_items(&self) -> Vec<LostItem> {
        let lost = self.replica.lost().await.unwrap_or_default();
        lost.into_iter().map(|(key, lost)| self.lost_item(key, &lost)).collect()
    }

    fn lost_item(&self, key: String, lost: &Lost) -> LostItem {
        let count = u32::try_from(lost.count).unwrap_or(u32::MAX);
        LostItem { key, count, groups: self.lost_groups(lost) }
    }

    /// Those that can be named, by whom they were for.
    fn lost_groups(&self, lost: &Lost) -> Vec<WaitingGroup> {
        let mut known = Book::new();
        for one in &lost.named {
            // What does not read is counted, and not named.
            let _ = known.apply_brief(one.id, class(one.kind), &one.brief);
        }
        let here = self.book.borrow();
        let name = |partner| match known.name(partner) {
            "" => here.name(partner).to_owned(),
            name => name.to_owned(),
        };
        let named = lost.named.iter().filter_map(|one| {
            let title = title_of(known.record(one.id)?.what, name);
            Some((one.id, 0, Some(title)))
        });
        // What is here of a record whose last edit is lost: an older version, or the server's.
        let here_too = lost.changed.iter().filter_map(|id| {
            let title = title_of(here.record(*id)?.what, |partner| here.name(partner).to_owned());
            Some((*id, 0, Some(title)))
        });
        let mut groups = grouped(named.chain(here_too));
        // A partner that was lost with the rest cannot be opened.
        let is_here = |partner: &RecordId| known.name(*partner).is_empty();
        groups.iter_mut().for_each(|group| group.partner_id = group.partner_id.filter(is_here));
        groups
    }

    /// The person knows what was lost.
    pub(super) async fn put_away_lost(&self, key: &str) -> Ended<Done> {
        self.replica.put_away_lost(key).await?;
        self.count_reviews().await?;
        self.tell_status();
        Ok(saved())
    }
}

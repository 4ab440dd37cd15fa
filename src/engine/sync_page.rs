//! The sync centre's page: what waits in groups that can be read, and what was set aside.

use super::host::Host;
use super::view::{Title, number};
use super::workspace::Workspace;
use crate::port::{AsideItem, AsideReason, ItemKind, Mark, SyncPage, WaitingGroup};
use satchel_domain::sorted;
use satchel_domain::{RecordId, Value};
use satchel_replica::Reason;
use satchel_wire::Refusal;

/// Groups of waiting records that are listed.
const GROUPS: usize = 20;
/// Waiting records that are looked at for the groups, newest first: an import's tail is only counted.
const LOOKED_AT: usize = 1_000;
/// Records set aside that are listed.
const ASIDE_SHOWN: usize = 50;

impl<H: Host> Workspace<H> {
    pub(super) async fn sync_page(&self) -> SyncPage {
        self.date_waiting(LOOKED_AT).await;
        let records = number(self.book.borrow().records_len());
        SyncPage {
            status: self.status(),
            records,
            waiting: self.waiting_groups(),
            files: self.files_status(),
            review: self.review_items().await,
            lost: self.lost_items().await,
            lost_files: self.lost_files().await,
            aside: self.aside_items().await,
            storage: self.host.storage().await,
            persistent: self.host.persisted().await,
            server: self.server.clone(),
            registered: self.meta().registered || self.replica.cursor().incarnation.is_some(),
        }
    }

    /// What waits, by whom it is for, newest first.
    fn waiting_groups(&self) -> Vec<WaitingGroup> {
        let mut waiting = self.waiting();
        sorted::sort_by(&mut waiting, |(_, a), (_, b)| b.cmp(a));
        let looked_at = waiting.into_iter().take(LOOKED_AT);
        grouped(looked_at.map(|(id, changed_ms)| (id, changed_ms, self.outline(id))))
    }

    async fn aside_items(&self) -> Vec<AsideItem> {
        let mut aside = self.replica.set_aside();
        aside.truncate(ASIDE_SHOWN);
        let ids: Vec<RecordId> = aside.iter().map(|(id, _)| *id).collect();
        let titles = self.titles(&ids).await;
        aside.into_iter().zip(titles).map(|((id, why), title)| aside_item(id, why, title)).collect()
    }

    /// What can be read of a record, field by field; nothing where it does not open.
    pub(super) async fn fields(&self, id: RecordId) -> Vec<(String, Value)> {
        let opened = self.replica.records(&[id]).await.unwrap_or_default();
        let Some((_, record)) = opened.into_iter().next() else { return Vec::new() };
        let registers = record.fields.into_iter().map(|(field, register)| (field, register.value));
        let sets = record.sets.into_iter().filter(|(field, _)| !satchel_domain::field::holds_keys(field));
        let sets = sets.map(|(field, elements)| {
            let present = elements.into_iter().filter(|(_, (present, _))| *present);
            (field, Value::List(present.map(|(element, _)| element).collect()))
        });
        let all = registers.chain(sets).filter(|(_, value)| !value.is_empty());
        all.map(|(field, value)| (field.clone(), self.readable(id, &field, value))).collect()
    }
}

fn aside_item(id: RecordId, why: Reason, title: Option<Title>) -> AsideItem {
    let (kind, title, partner_id) = title.map_or_else(
        || (ItemKind::Unknown, String::new(), None),
        |title| (title.kind, title.text, title.partner_id),
    );
    let (reason, mark) = match why {
        Reason::Unopenable => (AsideReason::Unopenable, Mark::Review),
        Reason::Unreadable => (AsideReason::Unreadable, Mark::Review),
        Reason::Erased => (AsideReason::Erased, Mark::Aside),
        Reason::Refused(Refusal::TooLarge) => (AsideReason::TooLarge, Mark::Aside),
        Reason::Refused(Refusal::Mismatch | Refusal::Epoch | Refusal::Together) => {
            (AsideReason::Refused, Mark::Aside)
        }
    };
    AsideItem { id, kind, title, partner_id, reason, mark }
}

/// Records by whom they are for, each with when it was changed and what it is.
pub(super) fn grouped(records: impl Iterator<Item = (RecordId, u64, Option<Title>)>) -> Vec<WaitingGroup> {
    let mut groups: Vec<(RecordId, WaitingGroup)> = Vec::new();
    for (id, changed_ms, title) in records {
        let (whose, one) = of_one(id, changed_ms, title);
        match groups.iter_mut().find(|(known, _)| *known == whose) {
            Some((_, group)) => join(group, one),
            None => groups.push((whose, one)),
        }
    }
    groups.truncate(GROUPS);
    groups.into_iter().map(|(_, group)| in_order(group)).collect()
}

/// A group of one: by its partner, or by itself where it has none.
fn of_one(id: RecordId, changed_ms: u64, title: Option<Title>) -> (RecordId, WaitingGroup) {
    let one = |kind, title, partner, partner_id| WaitingGroup {
        parts: vec![(kind, 1)],
        title,
        partner,
        partner_id,
        since_ms: changed_ms,
        until_ms: changed_ms,
    };
    match title {
        Some(title) => {
            let whose = if title.partner_id == Some(id) { title.text.clone() } else { title.partner };
            (title.partner_id.unwrap_or(id), one(title.kind, title.text, whose, title.partner_id))
        }
        None => (id, one(ItemKind::Unknown, String::new(), String::new(), None)),
    }
}

/// A record joins those that wait for the same partner; it was changed before them.
fn join(group: &mut WaitingGroup, one: WaitingGroup) {
    for (kind, count) in one.parts {
        match group.parts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) => *known += count,
            None => group.parts.push((kind, count)),
        }
    }
    group.since_ms = group.since_ms.min(one.since_ms);
    group.title.clear();
}

fn in_order(mut group: WaitingGroup) -> WaitingGroup {
    sorted::sort_by_key(&mut group.parts, |(_, count)| std::cmp::Reverse(*count));
    group
}

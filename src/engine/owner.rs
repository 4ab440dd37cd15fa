//! Who looks after a customer: members of the team, one a customer.
//!
//! Open tasks are of whoever looks after their customer: they change hands with it, and nothing is written to them.

use super::commands::made;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::view::{partner_filter, partner_sort, window};
use super::workspace::Workspace;
use crate::port::{Done, FailureCode, HandOver, HandOverTask, Mark, Outcome, PartnerSort, Whose, Window};
use satchel_domain::{AccountId, Kind, RecordId, TaskDraft, Write, field};
use satchel_replica::{Change, Edit, Steady};

/// Up to so many records change hands as one, for the server too.
const AT_ONCE: usize = 256;

impl<H: Host> Workspace<H> {
    /// Gives customers to another member, each with a task for her, in one intent that undo takes back whole.
    pub(super) async fn hand_over(&self, given: &HandOver) -> Ended<Done> {
        let to = given.to.map(AccountId);
        if to.is_some_and(|to| !self.is_member(to)) {
            return Err(FailureCode::NotFound.into());
        }
        self.whole().await?;
        let mut count = 0;
        let mut edits = Vec::new();
        for id in self.meant(&given.whose) {
            let handed = self.handed(id, to, given.task.as_ref());
            count += u32::from(!handed.is_empty());
            edits.extend(handed);
        }
        if edits.len() > AT_ONCE {
            let many = self.write_many(&edits, &mut Steady).await?;
            return Ok(self.done_many(many, count, Outcome::HandedOver(count)));
        }
        let undo = self.write(edits).await?;
        Ok(Done { outcome: Outcome::HandedOver(count), undo })
    }

    /// Which customers these are now.
    fn meant(&self, whose: &Whose) -> Vec<RecordId> {
        match whose {
            Whose::These(ids) => ids.clone(),
            Whose::Listed(filter) => {
                let wanted = |id| !filter.waiting || self.mark(id) == Mark::Waiting;
                let (filter, sort) = (partner_filter(filter), partner_sort(PartnerSort::Name));
                let all = window(Window { offset: 0, limit: u32::MAX });
                let list = self.book.borrow().partners(&filter, sort, all, wanted);
                list.rows.into_iter().map(|row| row.id).collect()
            }
        }
    }

    /// What is written for one customer; nothing where it is hers already.
    fn handed(&self, id: RecordId, to: Option<AccountId>, task: Option<&HandOverTask>) -> Vec<Edit> {
        let owner = self.book.borrow().partner(id).map(|partner| partner.card.owner);
        if owner.is_none_or(|owner| owner == to) {
            return Vec::new();
        }
        let write = Write::Set { field: field::OWNER.to_owned(), value: to.into() };
        let mut edits = vec![Edit { id, change: Change::Write(vec![write]) }];
        edits.extend(task.map(|task| self.telling(id, task)));
        edits
    }

    /// The task at a customer that tells her new owner.
    pub(super) fn telling(&self, id: RecordId, task: &HandOverTask) -> Edit {
        let HandOverTask { title, due } = task.clone();
        let draft = TaskDraft { partner: Some(id), title, due, ..TaskDraft::default() };
        made(self.new_id(), Kind::Task, draft.create())
    }
}

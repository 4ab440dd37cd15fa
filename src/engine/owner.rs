//! Who looks after a customer: members of the team, one a customer.
//!
//! Open tasks are of whoever looks after their customer: they change hands with it, and nothing is written to them.

use super::commands::made;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::workspace::Workspace;
use crate::port::{Done, FailureCode, HandOver, HandOverTask, Outcome};
use satchel_domain::{AccountId, Kind, RecordId, TaskDraft, Write, field};
use satchel_replica::{Change, Edit};

impl<H: Host> Workspace<H> {
    /// Gives customers to another member, each with a task for her, in one intent that undo takes back whole.
    pub(super) async fn hand_over(&self, given: &HandOver) -> Ended<Done> {
        let to = given.to.map(AccountId);
        if to.is_some_and(|to| !self.is_member(to)) {
            return Err(FailureCode::NotFound.into());
        }
        let edits = given.partners.iter().flat_map(|id| self.handed(*id, to, given.task.as_ref())).collect();
        let undo = self.write(edits).await?;
        Ok(Done { outcome: Outcome::Saved, undo })
    }

    /// What is written for one customer; nothing where it is hers already.
    fn handed(&self, id: RecordId, to: Option<AccountId>, task: Option<&HandOverTask>) -> Vec<Edit> {
        let owner = self.book.borrow().partner(id).map(|partner| partner.card.owner);
        if owner.is_none_or(|owner| owner == to) {
            return Vec::new();
        }
        let write = Write::Set { field: field::OWNER.to_owned(), value: to.into() };
        let mut edits = vec![Edit { id, change: Change::Write(vec![write]) }];
        edits.extend(task.map(|task| {
            let HandOverTask { title, due } = task.clone();
            let draft = TaskDraft { partner: Some(id), title, due, source: None };
            made(self.new_id(), Kind::Task, draft.create())
        }));
        edits
    }
}

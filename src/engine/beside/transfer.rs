//! From one open workspace into another: written there, sent, and then erased here.
//!
//! In this order nothing is lost at any moment: what was cut off is there twice, never nowhere.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::workspace::Workspace;
use crate::port::FailureCode;
use satchel_book::About;
use satchel_domain::sorted::Gather;
use satchel_domain::{AccountId, Record, RecordId, Value, Write, copied, delete_writes, field};
use satchel_replica::{Change, Edit, Steady};
use std::collections::BTreeMap;

impl<H: Host> Workspace<H> {
    /// Moves partners with all that is about them; gives their ids there.
    pub(super) async fn transfer(&self, to: &Self, partners: &[RecordId]) -> Ended<Vec<RecordId>> {
        self.may_write()?;
        self.whole().await;
        if !self.is_in_sync() {
            return Err(FailureCode::NotInSync.into());
        }
        Box::pin(to.settle()).await?;
        to.may_write()?;
        let about = self.book.borrow().about_all(partners).ok_or(FailureCode::NotFound)?;
        let (edits, ids) = Box::pin(self.copies(to, &about)).await?;
        let (copied, _) = Box::pin(to.write_many(&edits, &mut Steady)).await?;
        let made: Vec<RecordId> = copied.iter().map(|one| one.id).collect();
        if let Err(failure) = Box::pin(self.give_away(to, about)).await {
            let gone = made.into_iter().map(|id| Edit { id, change: Change::Write(delete_writes()) });
            // What the other side keeps of it lies in its trash then, and everything is still here.
            let _ = Box::pin(to.write(gone.collect())).await;
            return Err(failure);
        }
        Ok(partners.iter().filter_map(|id| ids.get(id).copied()).collect())
    }

    /// Once the server has the copies, what is here goes for good.
    async fn give_away(&self, to: &Self, about: About) -> Ended<()> {
        Box::pin(to.settle()).await?;
        let named = about.partners.iter().filter_map(|id| self.name_and_code(*id));
        let names: Vec<String> = named.map(|(name, _)| name).collect();
        Box::pin(self.bury(&[about], &names)).await?;
        Ok(())
    }

    /// Everything that is about them, as writes under other ids.
    async fn copies(&self, to: &Self, about: &About) -> Ended<(Vec<Edit>, BTreeMap<RecordId, RecordId>)> {
        let shared = about.took_part.iter().map(|(id, _)| *id);
        let ids: BTreeMap<RecordId, RecordId> =
            about.own().into_iter().chain(shared).map(|id| (id, to.new_id())).gather();
        let asked: Vec<RecordId> = ids.keys().copied().collect();
        let records = self.replica.records(&asked).await?;
        if records.len() != asked.len() {
            return Err(FailureCode::StorageDamaged.into());
        }
        let edit = |(id, record): &(RecordId, Record)| {
            let change = Change::Create(record.kind.clone(), to.at_home(copied(record, &ids)));
            ids.get(id).map(|id| Edit { id: *id, change })
        };
        Ok((records.iter().filter_map(edit).collect(), ids))
    }

    /// Nobody looks after a customer who is no member here.
    fn at_home(&self, mut writes: Vec<Write>) -> Vec<Write> {
        for write in &mut writes {
            if let Write::Set { field, value } = write
                && field == field::OWNER
                && value.as_id().is_none_or(|owner| !self.is_member(AccountId(owner.0)))
            {
                *value = Value::Null;
            }
        }
        writes
    }
}

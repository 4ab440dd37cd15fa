//! From one open workspace into another: written there, sent, and then erased here.
//!
//! In this order nothing is lost at any moment: what was cut off is there twice, never nowhere.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::person::Versions;
use crate::engine::workspace::{Many, Workspace};
use crate::port::FailureCode;
use satchel_book::About;
use satchel_domain::sorted::Gather;
use satchel_domain::{
    AccountId, Entry, Record, RecordId, Value, Write, copied, copied_entry, delete_writes, field,
};
use satchel_replica::history::{Break, Told};
use satchel_replica::{Change, Edit, Steady};
use std::collections::{BTreeMap, BTreeSet};

/// What moves, as it lay here before it was copied.
struct Cut {
    about: About,
    at: Versions,
}

impl<H: Host> Workspace<H> {
    /// Moves partners with all that is about them; gives their ids there.
    pub(super) async fn transfer(&self, to: &Self, partners: &[RecordId]) -> Ended<Vec<RecordId>> {
        self.may_write()?;
        self.whole().await?;
        if !self.is_in_sync() {
            return Err(FailureCode::NotInSync.into());
        }
        Box::pin(to.settle()).await?;
        to.may_write()?;
        let cut = Box::pin(self.cut(partners)).await?;
        let (mut edits, ids) = Box::pin(self.copies(to, &cut.about)).await?;
        let past = Box::pin(self.past(to, &ids, &mut edits)).await?;
        Box::pin(self.bring_files(to, &cut.about)).await?;
        let Many { touched, failed } = Box::pin(to.bring_many(&edits, &mut Steady)).await?;
        let made: Vec<RecordId> = touched.iter().map(|one| one.id).collect();
        let given = match failed {
            None => Box::pin(self.give_away(to, partners, &cut, &past)).await,
            Some(failure) => Err(failure),
        };
        if let Err(failure) = given {
            let gone = made.into_iter().map(|id| Edit { id, change: Change::Write(delete_writes()) });
            // What the other side keeps of it lies in its trash then, and everything is still here.
            let _ = Box::pin(to.write(gone.collect())).await;
            return Err(failure);
        }
        Ok(partners.iter().filter_map(|id| ids.get(id).copied()).collect())
    }

    /// What is about them, and which versions of it: read before what is copied, so that what is written to it from now
    /// on is noticed.
    async fn cut(&self, partners: &[RecordId]) -> Ended<Cut> {
        let about = self.book.borrow().about_all(partners).ok_or(FailureCode::NotFound)?;
        let ids = moving(&about);
        let at = self.replica.versions(&ids).await?;
        if at.len() == ids.len() { Ok(Cut { about, at }) } else { Err(FailureCode::NotInSync.into()) }
    }

    /// Once the server has the copies and what is told of them, what is here goes for good, if it is what was copied.
    /// What else moves with it, such as the files, is there by then.
    async fn give_away(&self, to: &Self, partners: &[RecordId], cut: &Cut, past: &[Entry]) -> Ended<()> {
        to.replica.bring_past(past).await?;
        Box::pin(to.settle()).await?;
        Box::pin(to.send_all_files()).await?;
        // That may have taken long: what others wrote meanwhile is to be here.
        Box::pin(self.settle()).await?;
        let now = Box::pin(self.cut(partners)).await?;
        if now.at != cut.at || !is_the_same(&now.about, &cut.about) {
            return Err(FailureCode::ChangedMeanwhile.into());
        }
        let drafts = self.drafts_of(&cut.about.own().into_iter().gather()).await?;
        Box::pin(self.bury(&cut.about, Some(&cut.at), &drafts)).await
    }

    /// What lies beside what moves comes along.
    async fn bring_files(&self, to: &Self, about: &About) -> Ended<()> {
        let filed = self.book.borrow().filed();
        let with: Vec<RecordId> = moving(about).into_iter().filter(|id| filed.contains_key(id)).collect();
        let records = self.replica.records(&with).await?;
        self.files_into(to, &records).await
    }

    /// Everything that is about them, as writes under other ids.
    async fn copies(&self, to: &Self, about: &About) -> Ended<(Vec<Edit>, BTreeMap<RecordId, RecordId>)> {
        let ids: BTreeMap<RecordId, RecordId> =
            moving(about).into_iter().map(|id| (id, to.new_id())).gather();
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

    /// What was told of them, as it is told of the copies; those get keys for it. What cannot be vouched for here is
    /// not brought along: there it would be told by a member's own word.
    async fn past(
        &self,
        to: &Self,
        ids: &BTreeMap<RecordId, RecordId>,
        edits: &mut [Edit],
    ) -> Ended<Vec<Entry>> {
        let asked: Vec<RecordId> = ids.keys().copied().collect();
        let histories = self.replica.histories(&asked).await?;
        let sure = |told: &&Told| matches!(told.broken, None | Some(Break::Gap));
        let told = histories.values().flatten().filter(sure);
        let copy = |told: &Told| copied_entry(&told.entry, ids, self.writer_of(told));
        let past: Vec<Entry> = told.filter_map(copy).map(|entry| to.at_home_then(entry)).collect();
        let of: BTreeSet<RecordId> = past.iter().map(|entry| entry.record).gather();
        for Edit { id, change } in edits {
            if let Change::Create(_, writes) = change
                && of.contains(id)
            {
                writes.push(to.replica.new_history_key()?);
            }
        }
        Ok(past)
    }

    /// Nobody looked after a customer who is no member here.
    fn at_home_then(&self, mut entry: Entry) -> Entry {
        if entry.field == field::OWNER {
            let stranger =
                |value: &Value| value.as_id().is_none_or(|owner| !self.is_member(AccountId(owner.0)));
            for value in [Some(&mut entry.before), entry.after.as_mut()].into_iter().flatten() {
                if stranger(value) {
                    *value = Value::Null;
                }
            }
        }
        entry
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

/// The records that are copied: what is about them alone, and what others share with them.
fn moving(about: &About) -> Vec<RecordId> {
    let shared = about.took_part.iter().map(|(id, _)| *id);
    let all: BTreeSet<RecordId> = about.own().into_iter().chain(shared).gather();
    all.into_iter().collect()
}

/// Whether the same is about them.
fn is_the_same(one: &About, other: &About) -> bool {
    let parts = |about: &About| about.took_part.iter().cloned().collect::<BTreeSet<_>>();
    let people = |about: &About| about.people.iter().copied().collect::<BTreeSet<_>>();
    one.own() == other.own() && parts(one) == parts(other) && people(one) == people(other)
}

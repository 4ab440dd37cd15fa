//! Erasing one person's data for good.
//!
//! The records give way to graves, in one transaction with whatever names them elsewhere; their history opens no
//! more, because its keys lay in them. Then what only this device keeps goes: forms, what waits for a look, what
//! could be taken back, and the pages on which copies lie. The proof is begun before and ended afterwards, so that
//! nothing which fails once the graves are written takes it away, or says that nothing was erased.

use super::by_kind;
use super::proof::{Kept, standing};
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::workspace::{DRAFTS, Workspace};
use crate::port::{Done, Failure, FailureCode, Outcome};
use satchel_book::About;
use satchel_domain::sorted::Gather;
use satchel_domain::{RecordId, Value, Write, field};
use satchel_replica::{Change, Edit, ReplicaError, SealedRecord, Version};
use std::collections::{BTreeMap, BTreeSet};

/// What the server has of records.
pub(in crate::engine) type Versions = BTreeMap<RecordId, Version>;

impl<H: Host> Workspace<H> {
    /// Erases a partner, and everything that is about it alone.
    pub(in crate::engine) async fn erase_person(&self, id: RecordId) -> Ended<Done> {
        self.may_write()?;
        self.whole().await?;
        if !self.is_in_sync() {
            return Err(FailureCode::NotInSync.into());
        }
        let about = self.book.borrow().about(id).ok_or(FailureCode::NotFound)?;
        let (name, code) = self.name_and_code(id).ok_or(FailureCode::NotFound)?;
        let own = about.own();
        let before = self.replica.how_sealed(&own).await?;
        let drafts = self.drafts_about(&own.iter().copied().gather(), &name).await?;
        let proof = self.begin_proof(&self.proof_of(&about, code, drafts.len(), &before)).await?;
        let dropped: Vec<String> = drafts.into_iter().chain([standing(proof)]).collect();
        if let Err(failure) = self.bury(&about, None, &dropped).await {
            self.give_up_proof(proof).await;
            return Err(failure);
        }
        // It is erased: what fails from here on is done when somebody next looks.
        self.end_proofs().await;
        Ok(Done { outcome: Outcome::Erased(proof), undo: None })
    }

    /// Puts graves in the place of all that is about these partners alone, and drops these local items, in one transaction.
    /// Where versions are given, nothing but those goes. Once that is done nothing of it fails any more: what lies
    /// here still of the files is dropped another time.
    pub(in crate::engine) async fn bury(
        &self,
        about: &About,
        meant: Option<&Versions>,
        drafts: &[String],
    ) -> Ended<()> {
        let own: BTreeSet<RecordId> = about.own().into_iter().gather();
        let ids: Vec<RecordId> = own.iter().copied().collect();
        self.note_files_of(&ids).await?;
        let mut edits = beside(about);
        edits.retain(|edit| !own.contains(&edit.id));
        for id in ids {
            let at = meant.map(|meant| meant.get(&id).copied().ok_or(FailureCode::ChangedMeanwhile));
            edits.push(Edit { id, change: Change::EraseNow(at.transpose()?) });
        }
        let edited = self.replica.edit_and_drop(&edits, drafts, self.host.now_ms()).await;
        let _nothing_to_undo = self.took(edited.map_err(refused)?);
        self.forget_undo(&own);
        self.drafts.let_go(|key| drafts.contains(&format!("{DRAFTS}{key}")));
        let _ = self.drop_noted_files().await;
        // The count only decorates.
        let _ = self.count_reviews().await;
        Ok(())
    }

    /// What is to be proved; how the rows lie sealed afterwards is not known yet.
    fn proof_of(&self, about: &About, code: String, drafts: usize, before: &[SealedRecord]) -> Kept {
        let kind = |id: RecordId| {
            let kinds = by_kind(about);
            kinds.into_iter().find(|(_, ids)| ids.contains(&id)).map_or(u8::MAX, |(kind, _)| kind as u8)
        };
        Kept {
            at_ms: self.host.now_ms(),
            code,
            by: self.creator().and_then(|me| self.member_name(me)).unwrap_or_default(),
            device: satchel_domain::DeviceId(self.meta().device.0).short_code(),
            rows: before.iter().map(|was| (was.id, kind(was.id), was.etag.0, was.etag.0)).collect(),
            taken_off: (about.took_part.len() + about.people.len()) as u64,
            named: about.named.len() as u64,
            drafts: drafts as u64,
        }
    }
}

/// Somebody wrote to one of them at that moment.
fn refused(error: ReplicaError) -> Failure {
    match error {
        ReplicaError::Contended => FailureCode::ChangedMeanwhile.into(),
        error => error.into(),
    }
}

/// What names the partner in records of others: its part in what happened, and where somebody works.
fn beside(about: &About) -> Vec<Edit> {
    let parts = about.took_part.iter().map(|(id, part)| (*id, part.write(false)));
    let nobody = || Write::Set { field: field::ORGANISATION.to_owned(), value: Value::Null };
    let people = about.people.iter().map(|id| (*id, nobody()));
    parts.chain(people).map(|(id, write)| Edit { id, change: Change::Write(vec![write]) }).collect()
}

//! Erasing one person's data for good.
//!
//! The records give way to graves, in one transaction with whatever names them elsewhere; their history opens no
//! more, because its keys lay in them. Then what only this device keeps goes: forms, what waits for a look, what
//! could be taken back, and the pages on which copies lie.

use super::by_kind;
use super::proof::Kept;
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::workspace::Workspace;
use crate::port::{Done, FailureCode, Outcome};
use satchel_book::About;
use satchel_domain::sorted::Gather;
use satchel_domain::{RecordId, Value, Write, field};
use satchel_replica::{Change, Edit, SealedRecord};
use std::collections::BTreeSet;

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
        let drafts = self.bury(std::slice::from_ref(&about), &[name]).await?;
        let after = self.replica.how_sealed(&own).await?;
        let kept = self.proof_of(&about, code, drafts, (&before, &after));
        let proof = self.keep_proof(&kept).await?;
        Ok(Done { outcome: Outcome::Erased(proof), undo: None })
    }

    /// Puts graves in the place of all that is about these partners alone; says how many forms went with it.
    pub(in crate::engine) async fn bury(&self, abouts: &[About], names: &[String]) -> Ended<usize> {
        let own: BTreeSet<RecordId> = abouts.iter().flat_map(About::own).gather();
        let ids: Vec<RecordId> = own.iter().copied().collect();
        self.note_files_of(&ids).await?;
        let taken_off = abouts.iter().flat_map(beside).filter(|edit| !own.contains(&edit.id)).collect();
        let edited = self.replica.erase_now(&ids, taken_off, self.host.now_ms()).await?;
        let _nothing_to_undo = self.took(edited);
        self.drop_noted_files().await?;
        self.forget_about(&own, names).await
    }

    fn proof_of(
        &self,
        about: &About,
        code: String,
        drafts: usize,
        (before, after): (&[SealedRecord], &[SealedRecord]),
    ) -> Kept {
        let kind = |id: RecordId| {
            let kinds = by_kind(about);
            kinds.into_iter().find(|(_, ids)| ids.contains(&id)).map_or(u8::MAX, |(kind, _)| kind as u8)
        };
        let rows = before.iter().zip(after);
        Kept {
            at_ms: self.host.now_ms(),
            code,
            by: self.creator().and_then(|me| self.member_name(me)).unwrap_or_default(),
            device: satchel_domain::DeviceId(self.meta().device.0).short_code(),
            rows: rows.map(|(was, is)| (was.id, kind(was.id), was.etag.0, is.etag.0)).collect(),
            taken_off: (about.took_part.len() + about.people.len()) as u64,
            named: about.named.len() as u64,
            drafts: drafts as u64,
        }
    }

    /// What only this device keeps of them goes; says how many forms there were.
    async fn forget_about(&self, own: &BTreeSet<RecordId>, names: &[String]) -> Ended<usize> {
        let drafts = self.drafts_about(own, names).await;
        self.replica.remove_locals(&drafts).await?;
        self.forget_undo(own);
        self.count_reviews().await?;
        Ok(drafts.len())
    }
}

/// What names the partner in records of others: its part in what happened, and where somebody works.
fn beside(about: &About) -> Vec<Edit> {
    let parts = about.took_part.iter().map(|(id, part)| (*id, part.write(false)));
    let nobody = || Write::Set { field: field::ORGANISATION.to_owned(), value: Value::Null };
    let people = about.people.iter().map(|id| (*id, nobody()));
    parts.chain(people).map(|(id, write)| Edit { id, change: Change::Write(vec![write]) }).collect()
}

//! Files that cannot be sent: this device's storage lost a part of them before the server had it. They are named to the
//! person and wait for nothing; whoever brings the part heals them.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::view::number;
use super::super::workspace::Workspace;
use super::Kept;
use super::show::Missing;
use crate::port::{FailureCode, LostFile};
use satchel_domain::{FileId, RecordId};
use satchel_replica::FileStore;
use satchel_wire::FileHeld;
use std::collections::{BTreeMap, BTreeSet};

impl<H: Host> Workspace<H> {
    /// Looks which of these files lack a part both here and at the server.
    pub(super) async fn look_for_lost(
        &self,
        due: &[(FileId, Kept)],
        held: &BTreeMap<FileId, FileHeld>,
    ) -> Ended<()> {
        let here = if due.is_empty() { BTreeMap::new() } else { self.replica.store().chunks(None).await? };
        let lacks = |id: &FileId, kept: &Kept| {
            let here = here.get(&super::wire(*id));
            let there = held.get(id).map(|held| &held.held);
            let has = |index: &u32| [here, there].into_iter().flatten().any(|part| part.contains(index));
            !(0..kept.chunks).all(|index| has(&index))
        };
        let lost: BTreeSet<FileId> =
            due.iter().filter(|(id, kept)| lacks(id, kept)).map(|(id, _)| *id).collect();
        if self.files.lost.replace(lost.clone()) != lost {
            self.tell_status();
            self.changed();
        }
        Ok(())
    }

    /// How many of the files that a record has were lost in part.
    pub(in crate::engine) fn files_lost(&self) -> u32 {
        let lost = self.files.lost.borrow();
        number(lost.iter().filter(|id| self.is_beside_something(**id)).count())
    }

    /// What a screen says of them.
    pub(in crate::engine) async fn lost_files(&self) -> Vec<LostFile> {
        let lost: Vec<(RecordId, String)> = {
            let (lost, index) = (self.files.lost.borrow(), self.files.index.borrow());
            lost.iter().filter_map(|id| index.beside(*id)).collect()
        };
        let records: Vec<RecordId> = lost.iter().map(|(record, _)| *record).collect();
        let titles = self.titles(&records).await;
        let one = |((_, name), title): ((RecordId, String), Option<super::super::view::Title>)| {
            let (partner, partner_id) =
                title.map_or_else(Default::default, |title| (title.partner, title.partner_id));
            LostFile { name, partner, partner_id }
        };
        lost.into_iter().zip(titles).map(one).collect()
    }

    /// Why a chunk of a file cannot be had, in the person's terms.
    pub(super) fn why_missing(&self, file: FileId, missing: Missing) -> FailureCode {
        match missing {
            Missing::Trouble(_) if self.files.lost.borrow().contains(&file) => FailureCode::FileLost,
            missing => missing.into(),
        }
    }
}

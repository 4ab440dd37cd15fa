//! Which files the records name, read anew only where a record may have changed.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::workspace::Workspace;
use satchel_book::FiledMark;
use satchel_domain::attachment::filed;
use satchel_domain::{FileId, Filed, RecordId};
use satchel_replica::TRASH_MS;
use std::collections::BTreeMap;

/// Records that are read at once.
const READ: usize = 200;

/// What the records say of files.
#[derive(Default)]
pub(super) struct Index {
    records: BTreeMap<RecordId, (FiledMark, Vec<Filed>)>,
    /// How the book stood when it was made.
    entered: Option<u64>,
}

impl Index {
    /// Every file that a record has, or had until lately, with the record.
    pub(super) fn wanted(&self, now_ms: u64) -> BTreeMap<FileId, (RecordId, Filed)> {
        let wanted = |filed: &&Filed| filed.present || filed.at.ms.saturating_add(TRASH_MS) > now_ms;
        let all = self.records.iter();
        let files = all.flat_map(|(id, (_, files))| files.iter().filter(wanted).map(|it| (*id, it.clone())));
        files.map(|(id, filed)| (filed.file.id, (id, filed))).collect()
    }

    /// What a record says of a file.
    pub(super) fn find(&self, file: FileId) -> Option<&Filed> {
        self.records.values().flat_map(|(_, files)| files).find(|filed| filed.file.id == file)
    }

    /// The record that has a file, and what it calls it.
    pub(super) fn beside(&self, file: FileId) -> Option<(RecordId, String)> {
        let of = |filed: &&Filed| filed.file.id == file && filed.present;
        let named = |(id, (_, files)): (&RecordId, &(FiledMark, Vec<Filed>))| {
            Some((*id, files.iter().find(of)?.file.name.clone()))
        };
        self.records.iter().find_map(named)
    }

    /// Files that were taken off so long ago that nobody puts them back, and not much longer: the server forgets them.
    pub(super) fn outlived(&self, now_ms: u64) -> Vec<FileId> {
        let outlived = |filed: &&Filed| {
            let age = now_ms.saturating_sub(filed.at.ms);
            !filed.present && (TRASH_MS..3 * TRASH_MS).contains(&age)
        };
        let files = self.records.values().flat_map(|(_, files)| files);
        files.filter(outlived).map(|filed| filed.file.id).collect()
    }
}

impl<H: Host> Workspace<H> {
    /// Brings the index up to what is here.
    pub(super) async fn index_files(&self) -> Ended<()> {
        let entered = self.entered();
        if self.files.index.borrow().entered == Some(entered) {
            return Ok(());
        }
        let marks = self.book.borrow().filed();
        let stale: Vec<RecordId> = {
            let index = self.files.index.borrow();
            let known = |id: &RecordId, mark| index.records.get(id).is_some_and(|(known, _)| *known == mark);
            marks.iter().filter(|(id, mark)| !known(id, **mark)).map(|(id, _)| *id).collect()
        };
        let mut read = Vec::new();
        for ids in stale.chunks(READ) {
            read.extend(self.replica.records(ids).await?);
        }
        let mut index = self.files.index.borrow_mut();
        index.records.retain(|id, _| marks.contains_key(id));
        for (id, record) in read {
            if let Some(mark) = marks.get(&id) {
                index.records.insert(id, (*mark, filed(&record)));
            }
        }
        index.entered = Some(entered);
        Ok(())
    }
}

//! Which files the records name, read anew only where a record may have changed.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::workspace::Workspace;
use satchel_book::FiledMark;
use satchel_domain::attachment::filed;
use satchel_domain::{FileId, Filed, RecordId};
use satchel_replica::TRASH_MS;
use std::collections::{BTreeMap, BTreeSet};

/// Records that are read at once.
const READ: usize = 200;

/// What the records say of files.
#[derive(Default)]
pub(super) struct Index {
    records: BTreeMap<RecordId, (FiledMark, Vec<Filed>)>,
    /// How the book stood when it was made.
    entered: Option<u64>,
    /// When the server received the records of which files were taken off, of those that lie here as it has them.
    received: BTreeMap<RecordId, u64>,
}

impl Index {
    /// Every file that a record has, or had until lately, with the record.
    pub(super) fn wanted(&self, now_ms: u64) -> BTreeMap<FileId, (RecordId, Filed)> {
        let wanted = |id: RecordId, filed: &Filed| {
            filed.present || self.since(id, filed).is_none_or(|ms| ms.saturating_add(TRASH_MS) > now_ms)
        };
        let files = self.files().filter(|(id, filed)| wanted(*id, filed));
        files.map(|(id, filed)| (filed.file.id, (id, filed.clone()))).collect()
    }

    /// What a record says of a file.
    pub(super) fn find(&self, file: FileId) -> Option<&Filed> {
        self.files().map(|(_, filed)| filed).find(|filed| filed.file.id == file)
    }

    /// Files that were taken off so long ago that nobody puts them back, and not much longer: the server forgets them.
    pub(super) fn outlived(&self, now_ms: u64) -> Vec<FileId> {
        let outlived = |id: RecordId, filed: &Filed| {
            let age = self.since(id, filed).map(|ms| now_ms.saturating_sub(ms));
            !filed.present && age.is_some_and(|age| (TRASH_MS..3 * TRASH_MS).contains(&age))
        };
        let files = self.files().filter(|(id, filed)| outlived(*id, filed));
        files.map(|(_, filed)| filed.file.id).collect()
    }

    fn files(&self) -> impl Iterator<Item = (RecordId, &Filed)> {
        self.records.iter().flat_map(|(id, (_, files))| files.iter().map(|filed| (*id, filed)))
    }

    /// Since when everybody may know what a record says of a file; `None` as long as the server does not have it. Who
    /// took it off may have been offline for weeks.
    fn since(&self, id: RecordId, filed: &Filed) -> Option<u64> {
        Some(filed.at.ms.max(*self.received.get(&id)?))
    }
}

impl<H: Host> Workspace<H> {
    /// Brings the index up to what is here.
    pub(super) async fn index_files(&self) -> Ended<()> {
        self.index_records().await?;
        let lacking: BTreeSet<RecordId> = {
            let index = self.files.index.borrow();
            index.files().filter(|(_, filed)| !filed.present).map(|(id, _)| id).collect()
        };
        let received = if lacking.is_empty() {
            BTreeMap::new()
        } else {
            self.replica.received_ms(&Vec::from_iter(lacking)).await?
        };
        self.files.index.borrow_mut().received = received;
        Ok(())
    }

    async fn index_records(&self) -> Ended<()> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{Attachment, DeviceId, Stamp};

    const DAY_MS: u64 = 86_400_000;

    /// A file that was taken off at the beginning, by a record that the server received then, if it did.
    fn taken_off(received_ms: Option<u64>) -> Index {
        let (record, id) = (RecordId([7; 16]), FileId([1; 16]));
        let (name, media) = ("a.pdf".into(), "application/pdf".into());
        let file = Attachment { id, name, media, size: 1, chunks: 1, picture: None };
        let at = Stamp { ms: 0, counter: 0, device: DeviceId(1), nth: 1 };
        let files = vec![Filed { file, key: None, present: false, at }];
        let records = [(record, (FiledMark::default(), files))].into();
        let received = received_ms.map(|ms| (record, ms)).into_iter().collect();
        Index { records, received, ..Index::default() }
    }

    #[test]
    fn a_file_that_was_taken_off_offline_stays_for_thirty_days_after_others_heard_of_it() {
        let kept = |index: &Index, day: u64| {
            let (wanted, outlived) = (index.wanted(day * DAY_MS), index.outlived(day * DAY_MS));
            assert_ne!(wanted.is_empty(), outlived.is_empty(), "day {day}");
            outlived.is_empty()
        };
        let at_once = taken_off(Some(1_000));
        assert_eq!([29, 31].map(|day| kept(&at_once, day)), [true, false]);
        let late = taken_off(Some(35 * DAY_MS));
        assert_eq!([36, 64, 66].map(|day| kept(&late, day)), [true, true, false]);
        assert!(kept(&taken_off(None), 400), "as long as the server has not heard of it");
    }
}

//! Files on other ways: erased with their records, moved with a customer, brought back by a backup.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::workspace::Workspace;
use super::{KEPT, Kept, UNFILE};
use crate::port::FailureCode;
use satchel_domain::attachment::filed;
use satchel_domain::{FileId, Filed, Record, RecordId};
use satchel_replica::FileStore;
use satchel_wire as wire;

impl<H: Host> Workspace<H> {
    /// Notes the files of records that are about to be erased, so that the server forgets them too; whether a record
    /// really went is looked at then.
    pub(in crate::engine) async fn note_files_of(&self, ids: &[RecordId]) -> Ended<()> {
        let marks = self.book.borrow().filed();
        let ids: Vec<RecordId> = ids.iter().copied().filter(|id| marks.contains_key(id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        for (_, record) in self.replica.records(&ids).await? {
            for filed in filed(&record) {
                self.replica.put_local(&format!("{UNFILE}{}", filed.file.id.to_hex()), &[]).await?;
            }
        }
        Ok(())
    }

    /// What this device keeps of files of records that were erased goes at once, and the server is told.
    pub(in crate::engine) async fn drop_noted_files(&self) -> Ended<()> {
        self.index_files().await?;
        let wanted = self.files.index.borrow().wanted(self.told_ms());
        for (key, _) in self.replica.locals(UNFILE).await? {
            let id = key.strip_prefix(UNFILE).and_then(FileId::from_hex);
            if let Some(id) = id.filter(|id| !wanted.contains_key(id)) {
                self.replica.store().drop_chunks(super::wire(id)).await?;
                self.forget_kept(id).await?;
            }
        }
        self.wake_files();
        Ok(())
    }

    /// Brings the files of records that move into the other workspace, as if they had been kept there. What is not on
    /// this device is fetched first.
    pub(in crate::engine) async fn files_into(&self, to: &Self, records: &[(RecordId, Record)]) -> Ended<()> {
        for (_, record) in records {
            for filed in filed(record).into_iter().filter(|filed| filed.present) {
                self.file_into(to, &filed).await?;
            }
        }
        Ok(())
    }

    async fn file_into(&self, to: &Self, Filed { file, key, .. }: &Filed) -> Ended<()> {
        let Some(key) = key else { return Ok(()) };
        let id = super::wire(file.id);
        to.put_kept(file.id, &Kept::of(file, *key, to.host.now_ms())).await?;
        for index in 0..file.chunks {
            if self.replica.store().chunk(id, index).await?.is_none() {
                self.fetch(file, key, index).await.map_err(|missing| {
                    match self.why_missing(file.id, missing) {
                        code @ (FailureCode::FileDamaged | FailureCode::FileLost) => code,
                        _ => FailureCode::FileElsewhere,
                    }
                })?;
            }
            let sealed = self.replica.store().chunk(id, index).await?.ok_or(FailureCode::StorageFull)?;
            to.replica.store().keep_chunk(id, index, sealed).await?;
        }
        Ok(())
    }

    /// Files of another device that came in by these local items are kept as of now: their records may come later.
    pub(in crate::engine) async fn keep_anew(&self, items: &[String]) -> Ended<()> {
        self.look_at_files().await?;
        for id in items.iter().filter_map(|key| FileId::from_hex(key.strip_prefix(KEPT)?)) {
            let kept = self.files.kept.borrow().get(&id).cloned();
            if let Some(kept) = kept {
                self.put_kept(id, &Kept { kept_ms: self.host.now_ms(), ..kept }).await?;
            }
        }
        Ok(())
    }

    /// Brings a chunk of a backup in, unless it is here.
    pub(in crate::engine) async fn restore_chunk(
        &self,
        file: wire::FileId,
        index: u32,
        sealed: Vec<u8>,
    ) -> Ended<()> {
        if self.replica.store().chunk(file, index).await?.is_none() {
            self.replica.store().keep_chunk(file, index, sealed).await?;
        }
        Ok(())
    }

    /// After a restore the server is asked anew what it has.
    pub(in crate::engine) fn files_were_restored(&self) {
        self.files.asked.set(None);
        self.wake_files();
    }
}

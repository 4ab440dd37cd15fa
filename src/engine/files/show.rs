//! What screens show of files, and opening one: from this device, or from the server when that is reached.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::saved;
use super::super::session::progress;
use super::super::transport::{self, Trouble};
use super::super::workspace::Workspace;
use super::Kept;
use crate::port::{CustomerFile, Done, FailureCode, FileCard, Preview, Reply, RequestId, Stage};
use satchel_domain::attachment::filed;
use satchel_domain::{Attachment, FileId, FileKey, Filed, RecordId};
use satchel_replica::FileStore;
use satchel_vault::{ChunkPlace, open_file_chunk};
use satchel_wire::FileChunk;
use std::collections::BTreeMap;

impl<H: Host> Workspace<H> {
    /// The files of these interactions.
    pub(in crate::engine) async fn files_of(&self, ids: &[RecordId]) -> BTreeMap<RecordId, Vec<FileCard>> {
        let ids: Vec<RecordId> = {
            let book = self.book.borrow();
            ids.iter().copied().filter(|id| book.has_files(*id)).collect()
        };
        if ids.is_empty() {
            return BTreeMap::new();
        }
        let records = self.replica.records(&ids).await.unwrap_or_default();
        let cards = |files: Vec<Filed>| {
            let shown = files.into_iter().filter(|filed| filed.present);
            shown.map(|filed| self.card_of(filed.file)).collect()
        };
        records.iter().map(|(id, record)| (*id, cards(filed(record)))).collect()
    }

    /// The files on a partner's history, newest first.
    pub(in crate::engine) async fn customer_files(&self, partner: RecordId) -> Vec<CustomerFile> {
        let with = self.book.borrow().filed_with(partner);
        let ids: Vec<RecordId> = with.iter().map(|(id, _)| *id).collect();
        let mut files = self.files_of(&ids).await;
        let one = |(record, at_ms)| {
            let cards = files.remove(&record).unwrap_or_default().into_iter();
            cards.map(move |file| CustomerFile { record, at_ms, file })
        };
        with.into_iter().flat_map(one).collect()
    }

    /// A file that was kept for a form.
    pub(in crate::engine) async fn kept_file(&self, file: FileId) -> Option<FileCard> {
        let kept: Kept = satchel_wire::from_cbor(&self.local(&Self::item(file)).await?).ok()?;
        Some(self.card_of(kept.file(file)))
    }

    /// A file's preview, if it is here.
    pub(in crate::engine) async fn preview(&self, record: Option<RecordId>, file: FileId) -> Preview {
        let Some((what, key)) = self.known_file(record, file).await else { return Preview::None };
        let sealed = match self.replica.store().chunk(super::wire(file), 0).await {
            Ok(Some(sealed)) => sealed,
            _ if self.files.damaged.borrow().contains(&file) => return Preview::Damaged,
            _ => return Preview::Coming,
        };
        match open_chunk(&what, &key, 0, &sealed) {
            Some(content) if content.is_empty() => Preview::None,
            Some(content) => Preview::Here(content),
            None => {
                self.files.damaged.borrow_mut().insert(file);
                Preview::Damaged
            }
        }
    }

    async fn known_file(&self, record: Option<RecordId>, file: FileId) -> Option<(Attachment, FileKey)> {
        if let Some(record) = record
            && let Some(Filed { file, key: Some(key), .. }) = self.filed(record, file).await
        {
            return Some((file, key));
        }
        let kept: Kept = satchel_wire::from_cbor(&self.local(&Self::item(file)).await?).ok()?;
        Some((kept.file(file), FileKey(kept.key)))
    }

    /// Gives the bytes of a file out, chunk by chunk; what is not here is fetched and kept.
    pub(super) async fn open_file(&self, id: RequestId, record: RecordId, file: FileId) -> Ended<Done> {
        let (what, key) = self.known_file(Some(record), file).await.ok_or(FailureCode::NotFound)?;
        for index in 1..what.chunks {
            let bytes = self.content(&what, &key, index).await?;
            self.host.post(Reply::Piece { id, bytes });
            let (done, total) = (u64::from(index), u64::from(what.chunks) - 1);
            self.host.post(progress(id, Stage::Fetching, done, total));
            self.host.breathe().await;
        }
        Ok(saved())
    }

    /// What a chunk holds: from here, or from the server.
    async fn content(&self, what: &Attachment, key: &FileKey, index: u32) -> Ended<Vec<u8>> {
        let here = self.replica.store().chunk(super::wire(what.id), index).await?;
        if let Some(content) = here.and_then(|sealed| open_chunk(what, key, index, &sealed)) {
            return Ok(content);
        }
        self.fetch(what, key, index).await.map_err(|missing| self.why_missing(what.id, missing).into())
    }

    /// A chunk from the server: what is not what was sealed is told, and not kept.
    pub(super) async fn fetch(
        &self,
        what: &Attachment,
        key: &FileKey,
        index: u32,
    ) -> Result<Vec<u8>, Missing> {
        let file = super::wire(what.id);
        let path = file.chunk_path(self.meta().space, index);
        if self.apart || self.token().is_none() {
            return Err(Missing::Trouble(Trouble::Unreachable));
        }
        let chunk: FileChunk =
            transport::get(&*self.host, path, self.token()).await.map_err(Missing::Trouble)?;
        let Some(content) = open_chunk(what, key, index, &chunk.sealed) else {
            self.files.damaged.borrow_mut().insert(what.id);
            return Err(Missing::Damaged);
        };
        self.files.damaged.borrow_mut().remove(&what.id);
        // Where there is no room it is shown all the same, and fetched again the next time.
        let _ = self.replica.store().keep_chunk(file, index, chunk.sealed).await;
        Ok(content)
    }
}

/// Why a chunk cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The server did not give it.
    Trouble(Trouble),
    /// What it gave does not open.
    Damaged,
}

impl From<Missing> for FailureCode {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Damaged => Self::FileDamaged,
            Missing::Trouble(Trouble::NotFound) => Self::FileNotSent,
            Missing::Trouble(Trouble::Unreachable | Trouble::Unauthorized) => Self::FileElsewhere,
            Missing::Trouble(trouble) => crate::port::Failure::from(trouble).code,
        }
    }
}

/// Opens a chunk of a file; `None` for anything that was not sealed there.
pub(super) fn open_chunk(what: &Attachment, key: &FileKey, index: u32, sealed: &[u8]) -> Option<Vec<u8>> {
    let place = ChunkPlace { file: super::wire(what.id), index, count: what.chunks };
    open_file_chunk(&key.0, place, sealed).ok()
}

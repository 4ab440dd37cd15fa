//! Taking files in: read, sealed in chunks under a fresh key, and put to an interaction.

use super::super::commands::{check, made, revised};
use super::super::failure::Outcome as Ended;
use super::super::host::{File, Host};
use super::super::keys::{entropy, random};
use super::super::workspace::Workspace;
use super::super::{Engine, saved};
use super::{KEPT, Kept};
use crate::port::{
    Done, FailureCode, FileAct, FileCard, FileChange, MAX_FILE, MAX_FILES, Outcome, RequestId,
};
use satchel_domain::attachment::named;
use satchel_domain::{
    FileId, FileKey, InteractionDraft, Kind, Picture, RecordId, Revision, TaskDraft, Write,
};
use satchel_replica::FileStore;
use satchel_vault::{ChunkPlace, FILE_CHUNK, make_file_key, seal_file_chunk};

impl<H: Host> Engine<H> {
    /// Does something with files.
    pub(in crate::engine) async fn file_act(
        &self,
        id: RequestId,
        act: FileAct,
        files: Vec<H::File>,
    ) -> Ended<Done> {
        let open = self.require()?;
        match act {
            FileAct::Keep { name, media, picture } => open.keep_file(&name, media, picture, files).await,
            FileAct::GiveUp { file } => open.give_up_file(file).await,
            FileAct::Log { draft, follow_up, done, files } => {
                open.log_with(&draft, follow_up, &done, &files).await
            }
            FileAct::Edit { id, seen, draft, change } => {
                check(draft.validate(open.now()))?;
                open.change_files(id, Revision::of_interaction(&seen, &draft), &change).await
            }
            FileAct::Change { id, change } => open.change_files(id, Revision::default(), &change).await,
            FileAct::Open { id: record, file } => open.open_file(id, record, file).await,
            FileAct::SendNow => {
                open.files.anyway.set(true);
                open.wake_files();
                Ok(saved())
            }
        }
    }
}

impl<H: Host> Workspace<H> {
    async fn keep_file(
        &self,
        name: &str,
        media: String,
        picture: Option<Picture>,
        files: Vec<H::File>,
    ) -> Ended<Done> {
        self.may_write()?;
        let mut files = files.into_iter();
        let body = files.next().ok_or(FailureCode::NotFound)?;
        let size = body.size();
        if size == 0 || size > MAX_FILE {
            return Err(FailureCode::FileTooLarge.into());
        }
        let id = FileId(random(&*self.host));
        let chunks = u32::try_from(size.div_ceil(FILE_CHUNK as u64)).unwrap_or(u32::MAX).saturating_add(1);
        let kept = Kept {
            name: named(name),
            media: media.chars().take(80).collect(),
            size,
            chunks,
            picture: picture.map(|picture| (picture.width, picture.height)),
            key: make_file_key(&mut entropy(&*self.host))?,
            kept_ms: self.host.now_ms(),
        };
        // Named before it is there: what lies here without a name is tidied away.
        self.put_kept(id, &kept).await?;
        if let Err(failure) = self.keep_chunks(id, &kept, &body, files.next()).await {
            // What cannot be removed now is tidied away later.
            let _ = self.give_up_file(id).await;
            return Err(failure);
        }
        let card: FileCard = self.card_of(kept.file(id));
        Ok(Done { outcome: Outcome::FileKept(card), undo: None })
    }

    async fn keep_chunks(
        &self,
        id: FileId,
        kept: &Kept,
        body: &H::File,
        preview: Option<H::File>,
    ) -> Ended<()> {
        let fits = preview.filter(|preview| preview.size() <= FILE_CHUNK as u64);
        let preview = match &fits {
            Some(preview) => read(preview, 0, preview.size()).await?,
            None => Vec::new(),
        };
        self.seal_chunk(id, kept, 0, &preview).await?;
        for index in 1..kept.chunks {
            let start = u64::from(index - 1) * FILE_CHUNK as u64;
            let content = read(body, start, (start + FILE_CHUNK as u64).min(kept.size)).await?;
            self.seal_chunk(id, kept, index, &content).await?;
            self.host.breathe().await;
        }
        Ok(())
    }

    async fn seal_chunk(&self, id: FileId, kept: &Kept, index: u32, content: &[u8]) -> Ended<()> {
        let place = ChunkPlace { file: super::wire(id), index, count: kept.chunks };
        let sealed = seal_file_chunk(&kept.key, place, content, &mut entropy(&*self.host))?;
        Ok(self.replica.store().keep_chunk(super::wire(id), index, sealed).await?)
    }

    /// Forgets a file that belongs to nothing.
    pub(super) async fn give_up_file(&self, file: FileId) -> Ended<Done> {
        self.index_files().await?;
        let is_loose = self.files.index.borrow().find(file).is_none();
        if is_loose && self.files.kept.borrow().contains_key(&file) {
            self.replica.store().drop_chunks(super::wire(file)).await?;
            self.forget_kept(file).await?;
        }
        Ok(saved())
    }

    async fn log_with(
        &self,
        draft: &InteractionDraft,
        follow_up: Option<TaskDraft>,
        done: &[RecordId],
        files: &[FileId],
    ) -> Ended<Done> {
        check(draft.validate(self.now()))?;
        self.stands(draft.partner)?;
        self.may_write()?;
        let id = self.new_id();
        let mut writes = draft.create();
        writes.extend(self.putting(files, 0).await?);
        let mut edits = vec![made(id, Kind::Interaction, writes)];
        edits.extend(self.tasks_with(id, follow_up, done)?);
        let undo = self.write(edits).await?;
        self.index_files().await?;
        self.wake_files();
        Ok(Done { outcome: Outcome::Created(id), undo })
    }

    async fn change_files(
        &self,
        id: RecordId,
        revision: Revision,
        FileChange { add, remove }: &FileChange,
    ) -> Ended<Done> {
        self.may_write()?;
        if !self.book.borrow().contains(id) {
            return Err(FailureCode::NotFound.into());
        }
        let (_, record) = self.replica.records(&[id]).await?.pop().ok_or(FailureCode::NotFound)?;
        let filed = satchel_domain::attachment::filed(&record);
        let there = filed.iter().filter(|filed| filed.present);
        let off = there.clone().filter(|filed| remove.contains(&filed.file.id));
        let mut writes: Vec<Write> = off.map(|filed| filed.file.detach()).collect();
        writes.extend(self.putting(add, there.count()).await?);
        let revision = revision.and(writes);
        if revision.is_empty() {
            return Ok(saved());
        }
        let undo = self.write(vec![revised(id, revision)]).await?;
        self.index_files().await?;
        self.wake_files();
        Ok(Done { outcome: Outcome::Saved, undo })
    }

    /// The writes that put kept files to an interaction.
    async fn putting(&self, files: &[FileId], there: usize) -> Ended<Vec<Write>> {
        if files.len() + there > MAX_FILES {
            return Err(FailureCode::FileTooLarge.into());
        }
        let mut writes = Vec::new();
        for file in files {
            let bytes = self.local(&format!("{KEPT}{}", file.to_hex())).await.ok_or(FailureCode::NotFound)?;
            let kept: Kept = satchel_wire::from_cbor(&bytes).map_err(|_| FailureCode::StorageDamaged)?;
            writes.extend(kept.file(*file).attach(&FileKey(kept.key)));
        }
        Ok(writes)
    }
}

async fn read(file: &impl File, start: u64, end: u64) -> Ended<Vec<u8>> {
    Ok(file.read(start, end).await.map_err(|_| FailureCode::UnreadableFile)?)
}

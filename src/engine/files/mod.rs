//! Files beside interactions: kept sealed on this device, sent in a queue of their own, fetched when they are opened.
//!
//! Which files there are is told by the records alone. What this device still has to send is kept in local items
//! `file/<id>`; what the server is to forget, in `unfile/<id>`. Both can be interrupted anywhere: a chunk is sent
//! whole or not at all, and the server tells what it has.

mod index;
mod keep;
mod lost;
mod queue;
mod show;
mod ways;

use super::host::Host;
use super::sync::Bell;
use super::workspace::Workspace;
use crate::port::{FileCard, FileState, FilesPhase, FilesStatus};
use index::Index;
pub(super) use queue::keep_sent;
use satchel_domain::{Attachment, FileId, FileKey, Filed, Picture, RecordId};
use satchel_replica::Backoff;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Local items of files that the server does not have whole, as far as this device knows.
pub(super) const KEPT: &str = "file/";
/// Local items of files that the server is to forget.
const UNFILE: &str = "unfile/";

/// A file that was kept here and that the server does not have whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    name: String,
    media: String,
    size: u64,
    chunks: u32,
    picture: Option<(u32, u32)>,
    key: [u8; 32],
    /// When it was kept, ms since 1970 UTC.
    kept_ms: u64,
}

impl Kept {
    fn file(&self, id: FileId) -> Attachment {
        Attachment {
            id,
            name: self.name.clone(),
            media: self.media.clone(),
            size: self.size,
            chunks: self.chunks,
            picture: self.picture.map(|(width, height)| Picture { width, height }),
        }
    }

    /// As another device would keep it that is to send it.
    fn of(file: &Attachment, FileKey(key): FileKey, kept_ms: u64) -> Self {
        Self {
            name: file.name.clone(),
            media: file.media.clone(),
            size: file.size,
            chunks: file.chunks,
            picture: file.picture.map(|picture| (picture.width, picture.height)),
            key,
            kept_ms,
        }
    }
}

/// Where the files of a workspace stand in this tab.
#[derive(Default)]
pub(super) struct Files {
    pub(super) bell: Rc<Bell>,
    /// What the records say.
    index: RefCell<Index>,
    /// What is to be sent, once it belongs to a record.
    kept: RefCell<BTreeMap<FileId, Kept>>,
    /// How many chunks of these the server has.
    sent: RefCell<BTreeMap<FileId, u32>>,
    /// Files of which something came or lies here that was not sealed so.
    damaged: RefCell<BTreeSet<FileId>>,
    /// Kept files of which a part is neither here nor at the server, when that was looked at last.
    lost: RefCell<BTreeSet<FileId>>,
    /// Whole files that only the server has, when that was looked at last.
    elsewhere: Cell<u32>,
    phase: Cell<FilesPhase>,
    backoff: RefCell<Backoff>,
    /// The person wants them sent although she saves data.
    anyway: Cell<bool>,
    /// The server's data that was asked whether it has everything.
    asked: Cell<Option<[u8; 16]>>,
    /// When it was last tidied up, ms since 1970 UTC.
    tidied_ms: Cell<Option<u64>>,
}

impl<H: Host> Workspace<H> {
    /// Something may be to send or to fetch now: what failed before is tried at once, unless the server asked for a pause.
    pub(super) fn wake_files(&self) {
        self.files.backoff.borrow_mut().hasten();
        self.files.bell.ring();
    }

    /// How many files the server does not have whole; where nothing is ever sent, nothing waits, nor does what cannot
    /// be sent.
    pub(super) fn files_waiting(&self) -> u32 {
        if self.apart {
            return 0;
        }
        let kept = self.files.kept.borrow();
        super::view::number(kept.keys().filter(|id| self.is_to_be_sent(**id)).count())
    }

    /// A record has it, and it was not taken off.
    fn is_beside_something(&self, file: FileId) -> bool {
        self.files.index.borrow().find(file).is_some_and(|filed| filed.present)
    }

    /// So, and this device can send it.
    fn is_to_be_sent(&self, file: FileId) -> bool {
        self.is_beside_something(file) && !self.files.lost.borrow().contains(&file)
    }

    /// The time by the server, no later than when all was last in sync: that the 30 days of the trash are over is said by
    /// no other clock.
    fn told_ms(&self) -> u64 {
        let cursor = self.replica.cursor();
        let now_ms = self.host.now_ms().saturating_add_signed(cursor.offset_ms);
        now_ms.min(cursor.synced_ms.unwrap_or_default())
    }

    /// Brings what is known of files up to what the disk says: another tab may have kept or sent something.
    pub(super) async fn look_at_files(&self) -> super::failure::Outcome<()> {
        self.index_files().await?;
        self.read_kept().await
    }

    /// How sending files goes.
    pub(super) fn files_status(&self) -> FilesStatus {
        let (kept, sent) = (self.files.kept.borrow(), self.files.sent.borrow());
        let mut status = FilesStatus {
            waiting: self.files_waiting(),
            phase: self.files.phase.get(),
            elsewhere: self.files.elsewhere.get(),
            ..FilesStatus::default()
        };
        for (id, kept) in kept.iter().filter(|(id, _)| self.is_to_be_sent(**id)) {
            status.bytes += kept.size;
            let chunks = sent.get(id).copied().unwrap_or_default().min(kept.chunks);
            status.sent += kept.size * u64::from(chunks) / u64::from(kept.chunks.max(1));
        }
        status
    }

    fn card_of(&self, file: Attachment) -> FileCard {
        let state = self.file_state(file.id);
        let Attachment { id, name, media, size, picture, .. } = file;
        FileCard { id, name, media, size, picture, state }
    }

    fn file_state(&self, file: FileId) -> FileState {
        if self.apart || !self.files.kept.borrow().contains_key(&file) {
            return FileState::Settled;
        }
        if self.files.lost.borrow().contains(&file) { FileState::Lost } else { FileState::Waiting }
    }

    /// A file that a record has.
    async fn filed(&self, record: RecordId, file: FileId) -> Option<Filed> {
        let (_, record) = self.replica.records(&[record]).await.ok()?.pop()?;
        satchel_domain::attachment::filed(&record).into_iter().find(|filed| filed.file.id == file)
    }

    fn item(file: FileId) -> String {
        format!("{KEPT}{}", file.to_hex())
    }

    async fn put_kept(&self, file: FileId, kept: &Kept) -> super::failure::Outcome<()> {
        self.replica.put_local(&Self::item(file), &satchel_wire::to_cbor(kept)).await?;
        self.files.kept.borrow_mut().insert(file, kept.clone());
        Ok(())
    }

    async fn forget_kept(&self, file: FileId) -> super::failure::Outcome<()> {
        self.replica.remove_locals(&[Self::item(file)]).await?;
        self.files.kept.borrow_mut().remove(&file);
        self.files.sent.borrow_mut().remove(&file);
        self.files.lost.borrow_mut().remove(&file);
        Ok(())
    }

    /// What is to be sent, as the disk says.
    async fn read_kept(&self) -> super::failure::Outcome<()> {
        let items = self.replica.locals(KEPT).await?.into_iter();
        let read = items.filter_map(|(key, bytes)| {
            let file = FileId::from_hex(key.strip_prefix(KEPT)?)?;
            Some((file, satchel_wire::from_cbor(&bytes).ok()?))
        });
        *self.files.kept.borrow_mut() = read.collect();
        Ok(())
    }
}

fn wire(file: FileId) -> satchel_wire::FileId {
    satchel_wire::FileId(file.0)
}

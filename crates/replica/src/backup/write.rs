//! Writing: every row, wherever it lies, and what else must not be lost.

use super::contents::{BackupItem, Manifest, Packer};
use super::handed::DRAFTS;
use crate::id::to_domain;
use crate::{FileStore, REVIEW_PREFIX, Replica, ReplicaError, Store, StoredRow};
use satchel_domain::RecordId;
use satchel_vault::{BackupKey, BackupWriter};
use satchel_wire::{AccountId, Stream};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Rows that are read at once.
const BATCH: usize = 200;
/// Local items under this prefix are files that the server does not have whole, as far as is known here.
pub(super) const KEPT: &str = "file/";
/// Local items that are worth keeping: the others are made again, or belong to one device.
const LOCALS: [&str; 3] = [DRAFTS, KEPT, REVIEW_PREFIX];
/// What is known of the team, beside them in a whole backup: who restores it must not take the space for her own.
const TEAM: [&str; 2] = ["members/state", "members/entry/"];

/// Whether a backup holds a local item of this name: no other is taken from one.
pub(super) fn holds(key: &str) -> bool {
    LOCALS.iter().chain(&TEAM).any(|prefix| key.starts_with(prefix))
}

/// Where a backup's bytes go.
#[allow(async_fn_in_trait, reason = "runs on one thread: no future here needs Send")]
pub trait BackupSink {
    /// Takes the next bytes of the file, after `done` of `total` rows; [`ControlFlow::Break`] stops.
    async fn take(&mut self, bytes: Vec<u8>, done: u64, total: u64) -> ControlFlow<()>;
}

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct BackedUp {
    /// Rows: records, and chunks of history.
    pub rows: u64,
    /// Of them, records that stand or lie in the trash.
    pub records: u64,
    /// Records with changes that the server does not have.
    pub unsent: u64,
    /// Files of which anything is here.
    pub files: u64,
    /// Forms that were begun and not saved.
    pub drafts: u64,
    /// What the person was asked and has not answered.
    pub reviews: u64,
}

impl BackedUp {
    pub(super) fn count_row(&mut self, row: &StoredRow) {
        self.rows += 1;
        self.records += u64::from(row.envelope.header.stream == Stream::State);
        self.unsent += u64::from(row.state.is_unsent() && !row.is_chunk());
    }

    pub(super) fn count_local(&mut self, prefix: &str) {
        match prefix {
            DRAFTS => self.drafts += 1,
            REVIEW_PREFIX => self.reviews += 1,
            _ => {}
        }
    }
}

/// A file under way.
struct Writing<'a, K, S> {
    replica: &'a Replica<K>,
    writer: BackupWriter,
    packer: Packer,
    sink: &'a mut S,
    done: BackedUp,
    total: u64,
}

impl<K: Store + FileStore> Replica<K> {
    /// Writes a backup; `None` when it was stopped. `content` is what opens the account, for the file's header.
    /// A record that changes meanwhile is in there as it was before or after.
    ///
    /// # Errors
    /// The store's; what was written by then is no backup.
    pub async fn back_up(
        &self,
        key: &BackupKey,
        account: AccountId,
        content: Vec<u8>,
        made_ms: u64,
        sink: &mut impl BackupSink,
    ) -> Result<Option<BackedUp>, ReplicaError> {
        let (writer, opening) = self.begin_backup(key, account, made_ms, content)?;
        let total = self.store.counts().await?.rows;
        let mut packer = Packer::default();
        packer.put(&BackupItem::Manifest(self.manifest().await?));
        let done = BackedUp::default();
        let mut writing = Writing { replica: self, writer, packer, sink, done, total };
        if writing.send(opening).await.is_break() {
            return Ok(None);
        }
        writing.all().await
    }
}

impl<K: Store> Replica<K> {
    /// A file that is empty so far, and the bytes that it begins with.
    pub(super) fn begin_backup(
        &self,
        key: &BackupKey,
        account: AccountId,
        made_ms: u64,
        content: Vec<u8>,
    ) -> Result<(BackupWriter, Vec<u8>), ReplicaError> {
        let space = self.sealer.space;
        let begun = self
            .sealer
            .with_entropy(|entropy| BackupWriter::begin(key, account, space, made_ms, content, entropy));
        Ok(begun.map_err(satchel_vault::SealError::from)?)
    }

    /// Whose copy this is.
    pub(super) async fn manifest(&self) -> Result<Manifest, ReplicaError> {
        let meta = self.store.meta().await?;
        let registered = meta.as_ref().is_some_and(|meta| meta.registered);
        let device = meta.map_or(self.sealer.device, |meta| meta.device);
        Ok(Manifest::new(device, self.cursor(), registered))
    }

    /// Gives every row, wherever it lies, some at a time, until it is stopped.
    pub(super) async fn every_row(
        &self,
        mut take: impl AsyncFnMut(Vec<StoredRow>) -> Result<ControlFlow<()>, ReplicaError>,
    ) -> Result<ControlFlow<()>, ReplicaError> {
        // A record may move between rows and pages meanwhile: what lay in pages before or after is looked for.
        let before = self.store.paged_ids(|_| true).await?;
        let (mut seen, mut after) = (BTreeSet::new(), None);
        loop {
            let rows = self.store.scan_rows(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            seen.extend(rows.iter().map(|row| row.id));
            if take(rows).await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        let mut paged = self.store.paged_ids(|_| true).await?;
        paged.extend(before);
        let mut ids = Vec::with_capacity(paged.len());
        ids.extend(paged.into_iter().filter(|id| seen.insert(*id)));
        for ids in ids.chunks(BATCH) {
            if take(self.store.get(ids).await?).await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Every record that is here, graves and history apart, in no order.
    pub async fn record_ids(&self) -> Result<Vec<RecordId>, ReplicaError> {
        let (mut ids, mut after) = (BTreeSet::new(), None);
        loop {
            let rows = self.store.scan_rows(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            let records = rows.iter().filter(|row| row.envelope.header.stream == Stream::State);
            ids.extend(records.map(|row| row.id));
        }
        ids.extend(self.store.paged_ids(|stream| stream == Stream::State).await?);
        Ok(ids.into_iter().map(to_domain).collect())
    }
}

impl<K: Store + FileStore, S: BackupSink> Writing<'_, K, S> {
    async fn all(mut self) -> Result<Option<BackedUp>, ReplicaError> {
        let replica = self.replica;
        let all = replica.every_row(async |rows| self.rows(rows).await).await?;
        if all.is_break() || self.files().await?.is_break() {
            return Ok(None);
        }
        self.end().await
    }

    /// Chunks as they lie here: whose they are, the records say.
    async fn files(&mut self) -> Result<ControlFlow<()>, ReplicaError> {
        let store = self.replica.store();
        for (file, indices) in store.chunks(None).await? {
            self.done.files += 1;
            for index in indices {
                let Some(sealed) = store.chunk(file, index).await? else { continue };
                self.packer.put(&BackupItem::Chunk(file, index, sealed));
                if self.pass_on().await?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Passes on what is a full chunk of the backup by now.
    async fn pass_on(&mut self) -> Result<ControlFlow<()>, ReplicaError> {
        while let Some(content) = self.packer.full() {
            if self.chunk(&content, false).await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn rows(&mut self, rows: Vec<StoredRow>) -> Result<ControlFlow<()>, ReplicaError> {
        for row in rows {
            self.done.count_row(&row);
            self.packer.put(&BackupItem::Row(row));
            if self.pass_on().await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn end(mut self) -> Result<Option<BackedUp>, ReplicaError> {
        for prefix in LOCALS.iter().chain(&TEAM) {
            for item in self.replica.store.locals(prefix).await? {
                self.done.count_local(prefix);
                self.packer.put(&BackupItem::Local(item));
            }
        }
        let chunks = std::mem::take(&mut self.packer).rest();
        let last = chunks.len().saturating_sub(1);
        for (index, content) in chunks.iter().enumerate() {
            if self.chunk(content, index == last).await?.is_break() {
                return Ok(None);
            }
        }
        Ok(Some(self.done))
    }

    async fn chunk(&mut self, content: &[u8], is_last: bool) -> Result<ControlFlow<()>, ReplicaError> {
        let writer = &mut self.writer;
        let sealed = self.replica.sealer.with_entropy(|entropy| writer.chunk(content, is_last, entropy))?;
        Ok(self.send(sealed).await)
    }

    async fn send(&mut self, bytes: Vec<u8>) -> ControlFlow<()> {
        self.sink.take(bytes, self.done.rows, self.total).await
    }
}

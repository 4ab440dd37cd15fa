//! Handing over what the server does not have: in parts, each a backup of its own, so that they can be taken in one by
//! one and in any order.

use super::contents::{BackupItem, Manifest, Packer};
use super::given::{Given, named};
use super::handed::DRAFTS;
use super::write::{BackedUp, KEPT};
use crate::{FileStore, REVIEW_PREFIX, Replica, ReplicaError, Store, StoredRow};
use satchel_vault::BackupKey;
use satchel_wire::{AccountId, FileId};
use std::ops::ControlFlow;

/// A part that holds so many bytes is full: a slow line carries it within the time of a request. With the longest item
/// behind them it is still one that the server takes.
const FULL: usize = 1024 * 1024;

/// A part of what is handed over.
#[derive(Debug)]
pub struct Part {
    /// A backup; empty where nothing is left to hand over.
    pub sealed: Vec<u8>,
    /// What is in it.
    pub items: Given,
    /// Nothing comes after it.
    pub is_last: bool,
}

/// Where parts go.
#[allow(async_fn_in_trait, reason = "runs on one thread: no future here needs Send")]
pub trait PartSink {
    /// Takes the next part; [`ControlFlow::Break`] stops.
    async fn take(&mut self, part: Part) -> ControlFlow<()>;
}

/// Parts under way.
struct Handing<'a, K, S> {
    replica: &'a Replica<K>,
    key: &'a BackupKey,
    account: AccountId,
    made_ms: u64,
    /// Whose copy this is: every part begins with it.
    manifest: Manifest,
    /// What was handed over before.
    given: &'a Given,
    sink: &'a mut S,
    /// The part that is being filled, and what is in it.
    packer: Packer,
    items: Given,
    all: BackedUp,
}

impl<K: Store + FileStore> Replica<K> {
    /// Hands over what the server does not have and was not handed over before, for another device of the account: first
    /// records, what was begun and what was asked, then files. The last part always comes, be it empty. Tells how much
    /// there is in all, with what was handed over before; `None` when it was stopped.
    ///
    /// # Errors
    /// The store's; the parts that came by then are whole.
    pub async fn hand_over(
        &self,
        key: &BackupKey,
        account: AccountId,
        made_ms: u64,
        given: &Given,
        sink: &mut impl PartSink,
    ) -> Result<Option<BackedUp>, ReplicaError> {
        let manifest = self.manifest().await?;
        let (packer, items, all) = (begun_with(&manifest), Given::default(), BackedUp::default());
        let handing =
            Handing { replica: self, key, account, made_ms, manifest, given, sink, packer, items, all };
        handing.all().await
    }
}

impl<K: Store + FileStore, S: PartSink> Handing<'_, K, S> {
    async fn all(mut self) -> Result<Option<BackedUp>, ReplicaError> {
        let replica = self.replica;
        let rows = replica.every_row(async |rows| self.rows(rows).await).await?;
        if rows.is_break() || self.begun().await?.is_break() || self.files().await?.is_break() {
            return Ok(None);
        }
        let ended = self.pass_on(true).await?;
        Ok(ended.is_continue().then_some(self.all))
    }

    async fn rows(&mut self, rows: Vec<StoredRow>) -> Result<ControlFlow<()>, ReplicaError> {
        for row in rows.into_iter().filter(|row| row.state.is_unsent()) {
            self.all.count_row(&row);
            if self.put(BackupItem::Row(row)).await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn begun(&mut self) -> Result<ControlFlow<()>, ReplicaError> {
        for prefix in [DRAFTS, REVIEW_PREFIX] {
            for item in self.replica.store.locals(prefix).await? {
                self.all.count_local(prefix);
                if self.put(BackupItem::Local(item)).await?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The files that the server may lack, with all of them that is here: what it has of them it says to who may ask.
    async fn files(&mut self) -> Result<ControlFlow<()>, ReplicaError> {
        for kept in self.replica.store.locals(KEPT).await? {
            self.all.files += 1;
            let file = kept.key.strip_prefix(KEPT).and_then(FileId::from_hex);
            let item = BackupItem::Local(kept);
            if self.put(item.clone()).await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            if let Some(file) = file
                && self.chunks(file, &item).await?.is_break()
            {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn chunks(&mut self, file: FileId, kept: &BackupItem) -> Result<ControlFlow<()>, ReplicaError> {
        let store = self.replica.store();
        for index in store.chunks(Some(file)).await?.remove(&file).unwrap_or_default() {
            let of = BackupItem::Chunk(file, index, Vec::new());
            if named(&of).is_some_and(|item| self.given.has(&item)) {
                continue;
            }
            let Some(sealed) = store.chunk(file, index).await? else { continue };
            if self.make_room().await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            // Named in each part, whatever came before: chunks that nothing names are tidied away.
            if !named(kept).is_some_and(|kept| self.items.has(&kept)) {
                self.pack(kept);
            }
            self.pack(&BackupItem::Chunk(file, index, sealed));
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Into the part that is being filled, unless it was handed over as it is.
    async fn put(&mut self, item: BackupItem) -> Result<ControlFlow<()>, ReplicaError> {
        let known = |item| self.given.has(&item) || self.items.has(&item);
        if named(&item).is_some_and(known) {
            return Ok(ControlFlow::Continue(()));
        }
        let room = self.make_room().await?;
        if room.is_continue() {
            self.pack(&item);
        }
        Ok(room)
    }

    fn pack(&mut self, item: &BackupItem) {
        self.packer.put(item);
        named(item).into_iter().for_each(|item| self.items.add(item));
    }

    /// A part that is full goes before another item comes.
    async fn make_room(&mut self) -> Result<ControlFlow<()>, ReplicaError> {
        if self.packer.len() >= FULL { self.pass_on(false).await } else { Ok(ControlFlow::Continue(())) }
    }

    /// The part goes, and another is begun.
    async fn pass_on(&mut self, is_last: bool) -> Result<ControlFlow<()>, ReplicaError> {
        let packer = std::mem::replace(&mut self.packer, begun_with(&self.manifest));
        let items = std::mem::take(&mut self.items);
        let sealed = if items.is_empty() { Vec::new() } else { self.sealed(packer)? };
        Ok(self.sink.take(Part { sealed, items, is_last }).await)
    }

    fn sealed(&self, packer: Packer) -> Result<Vec<u8>, ReplicaError> {
        let (mut writer, mut file) =
            self.replica.begin_backup(self.key, self.account, self.made_ms, Vec::new())?;
        let chunks = packer.rest();
        let last = chunks.len().saturating_sub(1);
        for (index, content) in chunks.iter().enumerate() {
            let sealer = &self.replica.sealer;
            file.extend(sealer.with_entropy(|entropy| writer.chunk(content, index == last, entropy))?);
        }
        Ok(file)
    }
}

fn begun_with(manifest: &Manifest) -> Packer {
    let mut packer = Packer::default();
    packer.put(&BackupItem::Manifest(manifest.clone()));
    packer
}

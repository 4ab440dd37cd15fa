//! What the rescue screen saved of a store that could not be opened, made into a backup: then it is read as one.

use super::file::Source;
use super::{Stop, fault};
use crate::engine::Engine;
use crate::engine::account::content_of;
use crate::engine::host::{File, Host};
use crate::engine::keys::{self, Keys, entropy};
use crate::engine::pages::shelving;
use crate::port::{BackupFault, FailureCode, RequestId, Secret, Stage};
use satchel_replica::{BackupSink, MemoryStore, Meta, RESCUED, Replica, Store, rescued};
use satchel_vault::{BackupError, BackupKey, NoEntropy};
use satchel_wire::to_cbor;
use std::ops::ControlFlow;
use std::rc::Rc;

/// Gathers a file.
#[derive(Default)]
struct Gathered(Vec<u8>);

impl BackupSink for Gathered {
    async fn take(&mut self, bytes: Vec<u8>, _done: u64, _total: u64) -> ControlFlow<()> {
        self.0.extend_from_slice(&bytes);
        ControlFlow::Continue(())
    }
}

/// The file as it is to be read, and how much of it did not read before.
pub(super) struct Readable<F> {
    pub(super) source: Source<F>,
    pub(super) unread: u32,
}

impl<H: Host> Engine<H> {
    /// The file itself, or what a rescued store is as a backup.
    pub(super) async fn readable(
        &self,
        id: RequestId,
        file: H::File,
        opened_by: Option<&(Secret, Secret)>,
    ) -> Result<Readable<H::File>, Stop> {
        let unreadable = |_| FailureCode::UnreadableFile;
        let begins = file.read(0, file.size().min(RESCUED.len() as u64)).await.map_err(unreadable)?;
        if begins != RESCUED {
            return Ok(Readable { source: Source::File(file), unread: 0 });
        }
        let bytes = file.read(0, file.size()).await.map_err(unreadable)?;
        let (store, unread) = rescued(&bytes).ok_or_else(|| fault(BackupError::NotABackup))?;
        drop(bytes);
        let made = self.as_backup(id, store, opened_by).await?;
        Ok(Readable { source: Source::Made(file.name(), made.into()), unread })
    }

    async fn as_backup(
        &self,
        id: RequestId,
        store: MemoryStore,
        opened_by: Option<&(Secret, Secret)>,
    ) -> Result<Vec<u8>, Stop> {
        let meta = store.meta().await.ok().flatten();
        if let Some(open) = self.opened() {
            // Where its own data is lost, the keys that are here tell what of it is this workspace's.
            let meta = meta.unwrap_or_else(|| open.meta());
            let replica = open.replica.beside(store, shelving(None)).await?;
            return written(
                &*self.host,
                &replica,
                &meta,
                &open.backup,
                to_cbor(&content_of(&meta, &open.content)),
            )
            .await;
        }
        let meta = meta.ok_or_else(|| fault(BackupError::Damaged { at: RESCUED.len() as u64 }))?;
        let (code, typed) = opened_by.ok_or(FailureCode::Locked)?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let keys = keys::from_store(&*self.host, &meta, code, typed)?;
        let keys = keys.ok_or(Stop::Fault(BackupFault::OtherAccount))?;
        let content = to_cbor(&content_of(&meta, &keys.content));
        let (key, replica) = self.opened_store(store, &meta, keys).await?;
        written(&*self.host, &replica, &meta, &key, content).await
    }

    async fn opened_store(
        &self,
        store: MemoryStore,
        meta: &Meta,
        keys: Keys,
    ) -> Result<(BackupKey, Replica<MemoryStore>), Stop> {
        let Keys { keyring, local, signing, pages, backup, .. } = keys;
        let host = Rc::clone(&self.host);
        let random = move |bytes: &mut [u8]| -> Result<(), NoEntropy> { entropy(&*host)(bytes) };
        let (space, device) = (meta.space, meta.device);
        let keys = satchel_replica::Keys {
            keyring,
            local,
            signing,
            pages,
            space,
            device,
            entropy: Box::new(random),
        };
        Ok((backup, Replica::open_shelved(store, keys, shelving(None)).await?))
    }
}

async fn written<H: Host>(
    host: &H,
    replica: &Replica<MemoryStore>,
    meta: &Meta,
    key: &BackupKey,
    content: Vec<u8>,
) -> Result<Vec<u8>, Stop> {
    let account = crate::engine::account::account_of(meta);
    let mut file = Gathered::default();
    replica.back_up(key, account, content, host.now_ms(), &mut file).await?;
    Ok(file.0)
}

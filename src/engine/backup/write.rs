//! Writing this workspace into a file that the page keeps.

use crate::engine::Cancel;
use crate::engine::account::content_of;
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::session::progress;
use crate::engine::workspace::Workspace;
use crate::port::{BackedUp, Done, FailureCode, Outcome, Reply, RequestId, Stage};
use satchel_replica::BackupSink;
use satchel_vault::AccountSecret;
use satchel_wire::{AccountId, to_cbor};
use std::ops::ControlFlow;
use std::rc::Rc;

/// Hands the bytes to the page, and the thread back between them.
struct Pieces<'a, H> {
    host: &'a H,
    cancel: &'a Cancel,
    id: RequestId,
    bytes: u64,
}

impl<H: Host> BackupSink for Pieces<'_, H> {
    async fn take(&mut self, bytes: Vec<u8>, done: u64, total: u64) -> ControlFlow<()> {
        self.bytes += bytes.len() as u64;
        self.host.post(Reply::Piece { id: self.id, bytes });
        self.host.post(progress(self.id, Stage::Writing, done, total));
        self.host.breathe().await;
        if self.cancel.asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl<H: Host> Workspace<H> {
    /// The account, as the server calls it.
    pub(super) fn account(&self) -> AccountId {
        AccountSecret::from_bytes(self.meta().account_secret).account_id()
    }

    pub(in crate::engine) async fn back_up(&self, id: RequestId, cancel: &Cancel) -> Ended<Done> {
        self.whole().await?;
        let (stood, made_ms) = (self.as_it_stands().await, self.host.now_ms());
        let content = to_cbor(&content_of(&self.meta(), &self.content));
        let mut pieces = Pieces { host: &*self.host, cancel, id, bytes: 0 };
        let written =
            self.replica.back_up(&self.backup, self.account(), content, made_ms, &mut pieces).await?;
        let written = written.ok_or(FailureCode::Cancelled)?;
        self.filed.replace(stood.map(Rc::new));
        let bytes = pieces.bytes;
        let satchel_replica::BackedUp { records, unsent, files, .. } = written;
        let done = BackedUp { records, unsent, files, bytes, made_ms };
        Ok(Done { outcome: Outcome::BackedUp(done), undo: None })
    }

    /// Only now is what was written safe: until a file has its place, a full disk may still lose it.
    pub(in crate::engine) fn backup_is_kept(&self) {
        if let Some(stood) = self.filed.take() {
            self.saved.replace(Some(stood));
        }
    }
}

//! With whom the person has to do: kept sealed on this device, told to nobody, not even to her other devices.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::saved;
use super::workspace::Workspace;
use crate::port::Done;
use satchel_book::Used;
use satchel_domain::RecordId;

/// How much opening a customer counts.
pub(super) const OPENED: f64 = 1.0;
/// How much logging something with her does.
pub(super) const LOGGED: f64 = 2.0;
/// The local item's name.
const KEY: &str = "used";

impl<H: Host> Workspace<H> {
    /// A customer was used just now.
    pub(super) async fn use_partner(&self, id: RecordId, weight: f64) -> Ended<Done> {
        let now_ms = self.now();
        let kept = {
            let mut book = self.book.borrow_mut();
            let root = book.resolve(id);
            let mut used = book.used().clone();
            used.note(root, now_ms, weight);
            used.retain(|id| book.contains(id));
            let kept = used.kept();
            *book.used_mut() = used;
            kept
        };
        self.keep_local(KEY, Some(&satchel_wire::to_cbor(&kept))).await?;
        Ok(saved())
    }

    /// What was kept, once the customers are there.
    pub(super) async fn recall_used(&self) {
        let bytes = self.local(KEY).await.unwrap_or_default();
        let kept: Vec<(RecordId, f64)> = satchel_wire::from_cbor(&bytes).unwrap_or_default();
        *self.book.borrow_mut().used_mut() = Used::of(kept);
    }
}

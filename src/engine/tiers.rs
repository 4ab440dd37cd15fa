//! From which sums of scores on the tiers begin: the person's choice, kept sealed on this device.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::saved;
use super::workspace::Workspace;
use crate::port::{Done, FailureCode};
use satchel_book::Tiers;

/// The local item's name.
const KEY: &str = "tiers";

impl<H: Host> Workspace<H> {
    /// A customer and the statistics are told by them at once.
    pub(super) async fn set_tiers(&self, from: Option<[u8; 2]>) -> Ended<Done> {
        let tiers = from.map_or_else(Tiers::default, tiers);
        if !tiers.is_sound() {
            return Err(FailureCode::Invalid.into());
        }
        self.keep_local(KEY, from.as_ref().map(<[u8; 2]>::as_slice)).await?;
        self.book.borrow_mut().set_tiers(tiers);
        self.changed();
        Ok(saved())
    }

    /// What was chosen, when the workspace is opened.
    pub(super) async fn recall_tiers(&self) {
        let kept = self.local(KEY).await.and_then(|bytes| <[u8; 2]>::try_from(bytes).ok());
        let sound = kept.map(tiers).filter(|tiers| tiers.is_sound());
        self.book.borrow_mut().set_tiers(sound.unwrap_or_default());
    }
}

fn tiers([a, b]: [u8; 2]) -> Tiers {
    Tiers { a, b }
}

//! Which devices the account revoked, kept by the others: a server that was put back to an older copy has forgotten
//! it, and is told again, signed anew.
//!
//! Kept is what this device revoked itself, and what the server's list proves by one of the account's ways in: no
//! server can have a device revoked.

use super::account;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::workspace::Workspace;
use satchel_vault::is_revocation;
use satchel_wire::{DeviceId, DeviceRow, from_cbor, to_cbor};
use std::collections::BTreeSet;

/// The local item that holds them.
const REVOKED: &str = "devices/revoked";

impl<H: Host> Workspace<H> {
    /// Has a device let in no more, and remembers it.
    pub(super) async fn revoke(&self, device: DeviceId) -> Ended<()> {
        let (meta, entrance) = (self.fresh_meta().await, self.entrance());
        let list = account::revoke(&*self.host, &self.server, &meta, &entrance, device).await?;
        self.learn_devices(list).await;
        self.remember_revoked([device]).await?;
        Ok(())
    }

    /// Remembers what the server's list proves, and revokes once more what the list shows as let in. A device is
    /// never let in again, so saying it twice changes nothing.
    pub(super) async fn hold_revocations(&self, rows: &[DeviceRow]) -> Ended<()> {
        let meta = self.meta();
        let account = account::account_of(&meta);
        let proved = rows.iter().filter(|row| {
            let signed = row.revocation.as_ref();
            signed.is_some_and(|signed| is_revocation(signed, &meta.slots, account, row.device))
        });
        let known = self.remember_revoked(proved.map(|row| row.device)).await?;
        // Its own it hears of when it is let in no more.
        let others = known.into_iter().filter(|device| *device != meta.device);
        let shown =
            |device: &DeviceId| rows.iter().any(|row| row.device == *device && row.revoked_ms.is_some());
        for device in others.filter(|device| !shown(device)) {
            self.revoke(device).await?;
        }
        Ok(())
    }

    /// All that are known to be revoked, these among them.
    async fn remember_revoked(
        &self,
        devices: impl IntoIterator<Item = DeviceId>,
    ) -> Ended<BTreeSet<DeviceId>> {
        let kept = self.local(REVOKED).await.and_then(|bytes| from_cbor(&bytes).ok());
        let mut known: BTreeSet<DeviceId> = kept.unwrap_or_default();
        let before = known.len();
        known.extend(devices);
        if known.len() > before {
            self.keep_local(REVOKED, Some(&to_cbor(&known))).await?;
        }
        Ok(known)
    }
}

//! A server that was set back to an older copy has lost entries of the log; a device that holds them offers them
//! again. Each is signed by its author and names the one before it, so the server and every device judge them
//! as they did the first time.

use super::Team;
use crate::engine::host::Host;
use crate::engine::transport::{self, Trouble};
use crate::engine::workspace::Workspace;
use satchel_wire::members::{Append, MemberLog, Role, SignedEntry};
use satchel_wire::{from_cbor, to_cbor};
use std::collections::BTreeMap;

/// Local items under this prefix hold the log's entries, each under its number.
pub(super) const ENTRIES: &str = "members/entry/";

/// The name of the item that holds entry `n`.
pub(super) fn item(n: u64) -> String {
    format!("{ENTRIES}{n:016x}")
}

impl Team {
    /// Notes entries of the log, from number `first` on, to be kept.
    pub(super) fn note_entries(&self, first: u64, entries: impl IntoIterator<Item = SignedEntry>) {
        for (n, entry) in (first..).zip(entries) {
            self.remember(n, Some(&entry));
            self.taken.borrow_mut().insert(n, entry);
        }
    }
}

impl<H: Host> Workspace<H> {
    /// Keeps the entries that were taken since.
    pub(super) async fn keep_entries(&self) {
        for (n, entry) in self.team.taken.take() {
            // What is not kept is not offered by this device, should the server lose it.
            let _ = self.keep_local(&item(n), Some(&to_cbor(&entry))).await;
        }
    }

    /// The server says that its log ends with number `there`, before ours. Where it is the beginning of ours, the
    /// rest is offered to it; whether it took that, or has grown meanwhile.
    pub(super) async fn offer_lost(&self, there: u64) -> Result<bool, Trouble> {
        if there >= self.team.n() || self.team.role() < Role::Admin {
            return Ok(false);
        }
        let kept = self.kept_entries().await;
        let last = kept.get(&self.team.n()).map(SignedEntry::hash);
        let ours = self.team.state.borrow().as_ref().map(|state| state.head());
        if last != ours || !self.begins_ours(there, &kept).await? {
            return Ok(false);
        }
        for n in there + 1..=self.team.n() {
            let Some(entry) = kept.get(&n).cloned() else { return Ok(false) };
            match self.append(&Append { entry, welcome: None, again: true }).await {
                Ok(_) => {}
                // Another device was faster: what it has by now is read again.
                Err(Trouble::Conflict) => return Ok(true),
                // It does not know yet that she may: somebody else may.
                Err(Trouble::Refused) => return Ok(false),
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(true)
    }

    /// Whether the server's last entry is ours of that number. What is signed before it is the same then.
    async fn begins_ours(&self, there: u64, kept: &BTreeMap<u64, SignedEntry>) -> Result<bool, Trouble> {
        let Some(before) = there.checked_sub(1) else { return Ok(true) };
        let path = format!("/v1/spaces/{}/members?since={before}", self.meta().space.to_hex());
        let log: MemberLog = transport::get(&*self.host, path, self.token()).await?;
        let last = log.entries.first().map(SignedEntry::hash);
        Ok(last.is_some() && last == kept.get(&there).map(SignedEntry::hash))
    }

    pub(super) async fn kept_entries(&self) -> BTreeMap<u64, SignedEntry> {
        let items = self.replica.locals(ENTRIES).await.unwrap_or_default().into_iter();
        let entry = |(name, bytes): (String, Vec<u8>)| {
            let n = u64::from_str_radix(name.strip_prefix(ENTRIES)?, 16).ok()?;
            Some((n, from_cbor(&bytes).ok()?))
        };
        items.filter_map(entry).collect()
    }
}

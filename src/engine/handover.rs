//! A lost device: once it was revoked it hands over what it had not sent, and erases itself; another device of the
//! account takes that in.
//!
//! Nothing is erased on a server's word alone: the answer to a handover carries the revocation, signed by one of
//! the ways into the account that this device knows. What could not be handed over stays, sealed, and is tried again.

use super::Engine;
use super::account;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::transport::{self, Trouble};
use super::workspace::Workspace;
use crate::port::{Event, Failure, FailureCode, REACHED, Reply, Session, VISIT};
use satchel_replica::{BackupItem, BackupItems, BackupSink, LocalItem, Manifest, StoredRow, Wake};
use satchel_vault::{BackupReader, backup_header, is_revocation};
use satchel_wire::{
    DeviceId, DeviceList, DeviceRow, Etag, HandedOver, HandoverTaken, MAX_HANDOVER, from_cbor, to_cbor,
};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::Rc;

/// How often is handed over what entered while something was handed over.
const TRIES: usize = 4;
/// Rows that become durable together.
const BATCH: usize = 500;
/// Local items under this prefix are what was begun, each under its form's key.
const DRAFTS: &str = "draft/";
/// The local item that says which handovers were taken in, by what they were.
const TAKEN: &str = "handover/taken";
/// How many of them are remembered.
const REMEMBERED: usize = 64;

/// Holds what is handed over, up to what the server takes.
#[derive(Default)]
struct Whole(Vec<u8>);

impl BackupSink for Whole {
    async fn take(&mut self, bytes: Vec<u8>, _done: u64, _total: u64) -> ControlFlow<()> {
        self.0.extend_from_slice(&bytes);
        if self.0.len() > MAX_HANDOVER { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// How much was handed over.
#[derive(Clone, Copy, Default)]
struct Handed {
    records: u32,
    /// Forms that were begun and not saved.
    drafts: u32,
}

/// What was handed over, opened.
struct Opened {
    manifest: Manifest,
    rows: Vec<StoredRow>,
    locals: Vec<LocalItem>,
}

impl<H: Host> Engine<H> {
    /// Hands over what was not sent, and erases this device. What fails is tried again with the next round.
    pub(super) fn leave_if_revoked(&self, open: &Rc<Workspace<H>>) {
        if !open.syncing.revoked.get() || open.devices.leaving.replace(true) {
            return;
        }
        let open = Rc::clone(open);
        // Beside the sync: what it holds open would keep the store from being erased.
        self.spawn(async move |engine| {
            let leaving = Rc::downgrade(&open);
            let _: Result<(), Failure> = engine.leave(open).await;
            if let Some(open) = leaving.upgrade() {
                open.devices.leaving.set(false);
            }
        });
    }

    async fn leave(&self, open: Rc<Workspace<H>>) -> Ended<()> {
        open.whole().await?;
        // A photo does not fit into what is handed over: as long as one is nowhere else, it stays here, sealed.
        open.look_at_files().await?;
        if open.files_waiting() > 0 {
            return Ok(());
        }
        for _ in 0..TRIES {
            let written = open.written();
            let Some(before) = open.work_here().await else { return Ok(()) };
            let Some(handed) = open.give_up().await? else { return Ok(()) };
            // What was written meanwhile, in this tab or another one, is still to be handed over.
            if open.written() == written && !open.has_more_than(&before).await {
                return self.erase_revoked(open, handed).await;
            }
        }
        Ok(())
    }

    async fn erase_revoked(&self, open: Rc<Workspace<H>>, handed: Handed) -> Ended<()> {
        let place = self.place().ok_or(FailureCode::NotFound)?;
        self.open.take();
        drop(open);
        self.host.erase_store(&place.id).await?;
        self.nothing_here_any_more();
        let Handed { records, drafts } = handed;
        self.tell(Event::Session(Session::Erased { workspace: place, handed: records, drafts }));
        Ok(())
    }
}

impl<H: Host> Workspace<H> {
    /// Hands over what was not sent; how much that is, if the server has it and the account itself revoked this
    /// device: a server could claim anything.
    async fn give_up(&self) -> Ended<Option<Handed>> {
        let Some((sealed, handed)) = self.unsent().await? else { return Ok(None) };
        let (meta, entrance) = (self.fresh_meta().await, self.entrance());
        let proof = account::hand_over(&*self.host, &self.server, &meta, &entrance, sealed).await?;
        let revoked = is_revocation(&proof, &meta.slots, account::account_of(&meta), meta.device);
        Ok(revoked.then_some(handed))
    }

    /// What is on this device alone, as a backup, with how much that is; `None` where it is too much for the server.
    async fn unsent(&self) -> Ended<Option<(Vec<u8>, Handed)>> {
        let account = account::account_of(&self.meta());
        let mut whole = Whole::default();
        let written = self.replica.hand_over(&self.backup, account, self.host.now_ms(), &mut whole).await?;
        let begun = self.replica.locals(DRAFTS).await?;
        let forms = begun.iter().filter(|(key, _)| is_form(key)).count();
        Ok(written.map(|written| match written.is_nothing() {
            true => (Vec::new(), Handed::default()),
            false => (whole.0, Handed { records: number(written.unsent), drafts: number(forms) }),
        }))
    }

    /// Takes in what revoked devices handed over. What fails is tried again with the next look.
    pub(super) async fn take_handovers(&self, devices: &[DeviceRow]) {
        for row in devices.iter().filter(|row| row.handed_ms.is_some()) {
            // One that cannot be read keeps nobody from the others.
            let _: Ended<()> = self.take_handover(row.device).await;
        }
    }

    async fn take_handover(&self, device: DeviceId) -> Ended<()> {
        let path = format!("/v1/handover/{:016x}", device.0);
        let HandedOver { sealed } = transport::get(&*self.host, path, self.token()).await?;
        let content = Etag::of(&sealed).0;
        let mut known = self.taken_before().await;
        let handed = match known.contains(&content) {
            // Given once more: what became of it since would be undone.
            true => None,
            false => {
                // Of another workspace of the account: its own devices take it in.
                let Some(opened) = self.opened_handover(&sealed)? else { return Ok(()) };
                if opened.manifest.device != device {
                    return Err(FailureCode::StorageDamaged.into());
                }
                let handed = self.bring_in(device, opened).await?;
                known.push_back(content);
                known.drain(..known.len().saturating_sub(REMEMBERED));
                self.keep_local(TAKEN, Some(&to_cbor(&known))).await?;
                Some(handed)
            }
        };
        let taken = HandoverTaken { device, content };
        let list: Result<DeviceList, Trouble> =
            transport::post(&*self.host, "/v1/handover/taken".into(), self.token(), &taken).await;
        if let Ok(list) = list {
            self.learn_devices(list).await;
        }
        if let Some(Handed { records, drafts }) = handed {
            let device = self.device_name(device);
            self.host.post(Reply::Event(Event::TakenIn { device, count: records, drafts }));
        }
        Ok(())
    }

    /// What was taken in here before, the oldest first.
    async fn taken_before(&self) -> VecDeque<[u8; 32]> {
        self.local(TAKEN).await.and_then(|bytes| from_cbor(&bytes).ok()).unwrap_or_default()
    }

    fn opened_handover(&self, sealed: &[u8]) -> Ended<Option<Opened>> {
        let damaged = || Failure::from(FailureCode::StorageDamaged);
        let (header, len) = backup_header(sealed).ok().flatten().ok_or_else(damaged)?;
        if header.space != self.meta().space {
            return Ok(None);
        }
        let (opening, chunks) = sealed.split_at_checked(len).ok_or_else(damaged)?;
        let mut reader = BackupReader::new(&self.backup, opening).map_err(|_| damaged())?;
        let mut items = BackupItems::default();
        reader.feed(chunks);
        while let Some(chunk) = reader.next_chunk().map_err(|_| damaged())? {
            items.feed(&chunk);
        }
        reader.finish().map_err(|_| damaged())?;
        let read = items.take().map_err(|_| FailureCode::StorageNewer)?;
        items.finish().map_err(|_| FailureCode::StorageNewer)?;
        sorted(read).map(Some).ok_or_else(damaged)
    }

    /// As another device's edits, joined field by field; how many records were changed by it, and what was begun.
    async fn bring_in(&self, from: DeviceId, Opened { manifest, rows, locals }: Opened) -> Ended<Handed> {
        let restoring = self.replica.begin_restore(&manifest).await?;
        let mut count = 0;
        for rows in rows.chunks(BATCH) {
            let edited = self.replica.restore(&restoring, rows, self.host.now_ms()).await?;
            count += self.took(edited).len();
        }
        let forms = locals.iter().filter(|item| is_form(&item.key)).count();
        self.replica.take_over(from, locals).await?;
        self.replica.end_restore().await?;
        self.count_waiting().await?;
        self.count_reviews().await?;
        self.wake_sync(Wake::Focus);
        self.changed();
        Ok(Handed { records: number(count), drafts: number(forms) })
    }
}

/// Whether a local item is a form that was begun: a visit under way goes along with them, and is none.
fn is_form(key: &str) -> bool {
    let Some(form) = key.strip_prefix(DRAFTS) else { return false };
    let waits = form.strip_prefix("handed/").and_then(|handed| handed.split_once('/'));
    ![VISIT, REACHED].contains(&waits.map_or(form, |(_, form)| form))
}

fn number(count: impl TryInto<u32>) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}

fn sorted(items: Vec<BackupItem>) -> Option<Opened> {
    let (mut manifest, mut rows, mut locals) = (None, Vec::new(), Vec::new());
    for item in items {
        match item {
            BackupItem::Manifest(found) => manifest = Some(found),
            BackupItem::Row(row) => rows.push(row),
            BackupItem::Local(local) => locals.push(local),
            // Files stay out of a handover: they are larger than it may be.
            BackupItem::Chunk(..) => {}
        }
    }
    Some(Opened { manifest: manifest?, rows, locals })
}

#[cfg(test)]
mod tests {
    use super::is_form;

    #[test]
    fn a_visit_under_way_is_no_form() {
        let table = [
            ("draft/partner/new", true),
            ("draft/log/00000000000000000000000000000007", true),
            ("draft/handed/0000000000000007/partner/new", true),
            ("draft/visit", false),
            ("draft/reached", false),
            ("draft/handed/0000000000000007/visit", false),
            ("review/1", false),
        ];
        for (key, expected) in table {
            assert_eq!(is_form(key), expected, "{key}");
        }
    }
}

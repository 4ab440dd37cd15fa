//! The other side: what a revoked device handed over is taken in, part by part, by whichever device of the account looks
//! next.

use super::{is_form, number};
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::transport::{self, Trouble};
use crate::engine::workspace::Workspace;
use crate::port::{Event, Failure, FailureCode, Reply};
use satchel_replica::{BackupItem, BackupItems, LocalItem, Manifest, StoredRow, Wake};
use satchel_vault::{BackupReader, backup_header};
use satchel_wire::{
    DeviceId, DeviceList, DeviceRow, Etag, FileId, HandedOver, HandoverTaken, MAX_HANDOVER_PARTS, from_cbor,
    to_cbor,
};
use std::collections::{BTreeSet, VecDeque};

/// Rows that become durable together.
const BATCH: usize = 500;
/// The local item that says which parts were taken in, by what they were.
const TAKEN: &str = "handover/taken";
/// How many of them are remembered.
const REMEMBERED: usize = 2 * MAX_HANDOVER_PARTS;

/// A part, opened.
struct Opened {
    manifest: Manifest,
    rows: Vec<StoredRow>,
    locals: Vec<LocalItem>,
    chunks: Vec<(FileId, u32, Vec<u8>)>,
}

/// What came of a device's parts.
#[derive(Default)]
struct Came {
    parts: u32,
    records: u32,
    drafts: u32,
    /// Each once, in however many parts it came.
    files: BTreeSet<FileId>,
}

impl<H: Host> Workspace<H> {
    /// Takes in what revoked devices handed over. What fails is tried again with the next look.
    pub(in crate::engine) async fn take_handovers(&self, devices: &[DeviceRow]) {
        for row in devices.iter().filter(|row| row.handed_ms.is_some()) {
            let mut came = Came::default();
            // One that cannot be read keeps nobody from the others; anything else is tried again with the next round.
            let ended = self.take_parts(row.device, &mut came).await;
            let unread = [FailureCode::StorageDamaged, FailureCode::StorageNewer];
            if ended.is_err_and(|failure| !unread.contains(&failure.code)) {
                self.report_again();
            }
            self.tell_what_came(row.device, &came);
        }
    }

    fn tell_what_came(&self, device: DeviceId, came: &Came) {
        if came.parts == 0 {
            return;
        }
        let (count, drafts, files) = (came.records, came.drafts, number(came.files.len()));
        let device = self.device_name(device);
        self.host.post(Reply::Event(Event::TakenIn { device, count, drafts, files }));
    }

    /// The oldest first, until none waits. A server that gives no end of them is not believed.
    async fn take_parts(&self, device: DeviceId, came: &mut Came) -> Ended<()> {
        let path = format!("/v1/handover/{:016x}", device.0);
        let mut before = None;
        for _ in 0..MAX_HANDOVER_PARTS {
            let part: Result<HandedOver, Trouble> =
                transport::get(&*self.host, path.clone(), self.token()).await;
            let sealed = match part {
                Err(Trouble::NotFound) => return Ok(()),
                part => part?.sealed,
            };
            let content = Etag::of(&sealed).0;
            // It does not let go of what is in.
            if before.replace(content) == Some(content) || !self.take_part(device, &sealed, came).await? {
                return Ok(());
            }
            let taken = HandoverTaken { device, content };
            let list: DeviceList =
                transport::post(&*self.host, "/v1/handover/taken".into(), self.token(), &taken).await?;
            let more = list.devices.iter().any(|row| row.device == device && row.handed_ms.is_some());
            self.learn_devices(list).await;
            if !more {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether it is in now. One that is given once more is not taken in again: what became of it since would be undone.
    async fn take_part(&self, device: DeviceId, sealed: &[u8], came: &mut Came) -> Ended<bool> {
        let content = Etag::of(sealed).0;
        let mut known = self.taken_before().await;
        if known.contains(&content) {
            return Ok(true);
        }
        // Of another workspace of the account: its own devices take it in.
        let Some(opened) = self.opened_part(sealed)? else { return Ok(false) };
        if opened.manifest.device != device {
            return Err(FailureCode::StorageDamaged.into());
        }
        came.files.extend(opened.chunks.iter().map(|(file, ..)| *file));
        let (records, drafts) = self.bring_in(device, opened).await?;
        came.parts += 1;
        came.records = came.records.saturating_add(records);
        came.drafts = came.drafts.saturating_add(drafts);
        known.push_back(content);
        known.drain(..known.len().saturating_sub(REMEMBERED));
        self.keep_local(TAKEN, Some(&to_cbor(&known))).await?;
        Ok(true)
    }

    /// What was taken in here before, the oldest first.
    async fn taken_before(&self) -> VecDeque<[u8; 32]> {
        self.local(TAKEN).await.and_then(|bytes| from_cbor(&bytes).ok()).unwrap_or_default()
    }

    fn opened_part(&self, sealed: &[u8]) -> Ended<Option<Opened>> {
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

    /// Rows as another device's edits, joined field by field; then what was begun, then files; how many records were
    /// changed by it, and how many forms there were. Each part stands for itself: what a row names may come later.
    async fn bring_in(&self, from: DeviceId, opened: Opened) -> Ended<(u32, u32)> {
        let Opened { manifest, rows, locals, chunks } = opened;
        let restoring = self.replica.begin_restore(&manifest).await?;
        let mut count = 0;
        for rows in rows.chunks(BATCH) {
            let edited = self.replica.restore(&restoring, rows, self.host.now_ms()).await?;
            count += self.took(edited).len();
        }
        let items: Vec<String> = locals.iter().map(|item| item.key.clone()).collect();
        let drafts = self.replica.take_over(from, locals).await?;
        let forms = drafts.iter().filter(|key| is_form(key)).count();
        self.keep_anew(&items).await?;
        for (file, index, sealed) in chunks {
            self.restore_chunk(file, index, sealed).await?;
        }
        self.replica.end_restore().await?;
        self.count_waiting().await?;
        self.count_reviews().await?;
        self.wake_sync(Wake::Focus);
        self.wake_files();
        self.changed();
        Ok((number(count), number(forms)))
    }
}

fn sorted(items: Vec<BackupItem>) -> Option<Opened> {
    let (mut manifest, mut rows, mut locals, mut chunks) = (None, Vec::new(), Vec::new(), Vec::new());
    for item in items {
        match item {
            BackupItem::Manifest(found) => manifest = Some(found),
            BackupItem::Row(row) => rows.push(row),
            BackupItem::Local(local) => locals.push(local),
            BackupItem::Chunk(file, index, sealed) => chunks.push((file, index, sealed)),
        }
    }
    Some(Opened { manifest: manifest?, rows, locals, chunks })
}

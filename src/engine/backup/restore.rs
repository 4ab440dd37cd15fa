//! Bringing a verified file in: joined with what is here, and set back to it where that is wanted.

use super::file::Reading;
use super::{Entry, Stop, Verified};
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::{File, Host};
use crate::engine::keys;
use crate::engine::session::progress;
use crate::engine::undo::Touched;
use crate::engine::workspace::{DRAFTS, Workspace};
use crate::engine::{Cancel, Engine};
use crate::port::{BackupId, Done, FailureCode, Outcome, RequestId, RestoreReport, RestoreWay, Stage};
use satchel_domain::sorted::Gather;
use satchel_domain::{Record, RecordId, delete_writes};
use satchel_replica::{BackupItem, Change, Edit, LocalItem, Restoring, Steady, Store, StoredRow, Wake};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that become durable together.
const BATCH: usize = 500;

/// A restore under way.
struct Bringing<'a, H: Host> {
    open: &'a Workspace<H>,
    verified: &'a Verified<H::File>,
    cancel: &'a Cancel,
    id: RequestId,
    report: RestoreReport,
    touched: Vec<Touched>,
}

impl<H: Host> Engine<H> {
    pub(in crate::engine) async fn restore(
        &self,
        id: RequestId,
        backup: BackupId,
        way: RestoreWay,
        cancel: Cancel,
    ) -> Ended<Done> {
        let verified = self.backups.borrow().get(backup)?;
        let entry = verified.entry.take();
        let fresh = entry.is_some();
        if let Some(Entry { meta, keys, team }) = entry {
            let name = keys::workspace_name(&keys, &meta).unwrap_or_default();
            self.settle_with(id, name, meta, keys, team).await?;
        }
        let open = self.require()?;
        open.whole().await?;
        let report = RestoreReport::default();
        let (open, verified) = (&*open, &*verified);
        let mut bringing = Bringing { open, verified, cancel: &cancel, id, report, touched: Vec::new() };
        let ended = bringing.all(way).await;
        let Bringing { report, touched, .. } = bringing;
        let undo = if fresh { None } else { open.remember(touched) };
        let report = match ended {
            Ok(()) => report,
            Err(Stop::Failure(failure)) if failure.code == FailureCode::Cancelled => {
                RestoreReport { cancelled: true, ..report }
            }
            Err(Stop::Failure(failure)) => return Err(failure),
            // It was whole a moment ago: the file has changed under us.
            Err(Stop::Fault(_)) => return Err(FailureCode::UnreadableFile.into()),
        };
        if !report.cancelled {
            self.backups.borrow_mut().forget(backup);
        }
        Ok(Done { outcome: Outcome::Restored(report), undo })
    }
}

impl<H: Host> Bringing<'_, H> {
    async fn all(&mut self, way: RestoreWay) -> Result<(), Stop> {
        let restoring = self.open.replica.begin_restore(&self.verified.manifest).await?;
        let joined = self.join(&restoring).await;
        // Also where it was cut off: what is in is confirmed by the server, or offered to it.
        self.open.replica.end_restore().await?;
        self.open.count_waiting().await?;
        self.open.count_reviews().await?;
        self.open.wake_sync(Wake::Focus);
        self.open.files_were_restored();
        self.open.changed();
        joined?;
        if way == RestoreWay::Replace {
            self.set_back().await?;
        }
        Ok(())
    }

    async fn join(&mut self, restoring: &Restoring) -> Result<(), Stop> {
        let (host, file) = (&*self.open.host, &self.verified.file);
        let mut reading = Reading::open(host, file, &self.open.backup).await?;
        let mut locals: Vec<LocalItem> = Vec::new();
        while let Some(items) = reading.next(self.cancel).await? {
            let mut rows = Vec::new();
            for item in items {
                match item {
                    BackupItem::Row(row) => rows.push(row),
                    BackupItem::Local(item) => locals.push(item),
                    BackupItem::Chunk(file, index, sealed) => {
                        self.open.restore_chunk(file, index, sealed).await?;
                    }
                    BackupItem::Manifest(_) => {}
                }
            }
            for rows in rows.chunks(BATCH) {
                self.bring(restoring, rows).await?;
            }
            host.post(progress(self.id, Stage::Writing, reading.at(), file.size()));
        }
        let (forms, others) = locals.into_iter().partition(|item: &LocalItem| item.key.starts_with(DRAFTS));
        self.open.replica.restore_locals(restoring, others).await?;
        if self.open.team.n() == 0 {
            self.open.team.recall(&self.open.replica, self.open.meta().space).await;
        }
        Ok(self.bring_forms(forms).await?)
    }

    /// Brings in what was begun in forms, where nothing is begun: in exactly that form, for the name of one may be how
    /// another's begins.
    async fn bring_forms(&self, mut forms: Vec<LocalItem>) -> Ended<()> {
        let here = self.open.replica.store().locals(DRAFTS).await?;
        forms.retain(|form| !here.iter().any(|here| here.key == form.key));
        self.open.replica.take_over(self.verified.manifest.device, forms).await?;
        Ok(())
    }

    async fn bring(&mut self, restoring: &Restoring, rows: &[StoredRow]) -> Result<(), Stop> {
        let edited = self.open.replica.restore(restoring, rows, self.open.host.now_ms()).await?;
        for one in &edited {
            match one.before {
                None => self.report.new += 1,
                Some(_) => self.report.newer += 1,
            }
        }
        self.touched.extend(self.open.took(edited));
        Ok(())
    }

    /// Makes everything what it is in the file, by edits like any others: they are sent, told in the history,
    /// and can be taken back.
    async fn set_back(&mut self) -> Result<(), Stop> {
        let (host, file) = (&*self.open.host, &self.verified.file);
        let mut reading = Reading::open(host, file, &self.open.backup).await?;
        while let Some(items) = reading.next(self.cancel).await? {
            let rows = items.into_iter().filter_map(|item| match item {
                BackupItem::Row(row) if !row.is_chunk() => Some(row),
                _ => None,
            });
            let then: Vec<_> = rows.filter_map(|row| self.open.replica.read_backed_up(&row)).collect();
            for then in then.chunks(BATCH) {
                let edits = self.edits_back(then).await?;
                self.report.set_back += self.write(edits).await?;
            }
        }
        let only_here = self.open.only_here(&self.verified.ids).await?;
        let trash = |id: &RecordId| Edit { id: *id, change: Change::Write(delete_writes()) };
        for ids in only_here.chunks(BATCH) {
            self.report.trashed += self.write(ids.iter().map(trash).collect()).await?;
        }
        Ok(())
    }

    async fn edits_back(&self, then: &[(RecordId, Record)]) -> Result<Vec<Edit>, Stop> {
        let ids: Vec<RecordId> = then.iter().map(|(id, _)| *id).collect();
        let now = self.open.replica.records(&ids).await?;
        let now: BTreeMap<_, _> = now.into_iter().gather();
        let back = |(id, then): &(RecordId, Record)| {
            let now = now.get(id).filter(|now| *now != then && !now.is_grave() && !then.is_grave())?;
            let change = Change::Undo { before: Some(then.clone()), after: now.clone() };
            Some(Edit { id: *id, change })
        };
        Ok(then.iter().filter_map(back).collect())
    }

    async fn write(&mut self, edits: Vec<Edit>) -> Result<u32, Stop> {
        if edits.is_empty() {
            return Ok(0);
        }
        let touched = self.open.write_many(&edits, &mut Steady).await?.all()?;
        let changed = touched.len();
        self.touched.extend(touched);
        Ok(u32::try_from(changed).unwrap_or(u32::MAX))
    }
}

impl<H: Host> Workspace<H> {
    /// Records that are here, not in the trash, and not among these.
    pub(super) async fn only_here(&self, ids: &BTreeSet<RecordId>) -> Ended<Vec<RecordId>> {
        let all = self.replica.record_ids().await?;
        let book = self.book.borrow();
        let is_only_here = |id: &RecordId| !ids.contains(id) && book.is_deleted(*id) == Some(false);
        Ok(all.into_iter().filter(is_only_here).collect())
    }

    /// What the settings say of backups.
    pub(in crate::engine) async fn backup_page(&self) -> crate::port::BackupPage {
        let cursor = self.replica.cursor();
        // Only told: removing counts once more.
        let alone = self.alone().await.unwrap_or_default();
        crate::port::BackupPage {
            cut_off: self.cut_off.get(),
            records: u32::try_from(self.book.borrow().records_len()).unwrap_or(u32::MAX),
            unsent: self.waiting_count(),
            mark: (cursor.era, cursor.seq),
            files_elsewhere: self.files_status().elsewhere,
            alone,
        }
    }

    /// A restore that was cut off is ended: what came in is confirmed by the server, or offered to it.
    pub(in crate::engine) async fn end_cut_off_restore(&self) -> Ended<()> {
        if self.replica.is_restoring().await? {
            self.cut_off.set(true);
            match self.replica.end_restore().await {
                Err(error) if !error.is_permanent() => self.unended.set(true),
                done => done?,
            }
        }
        Ok(())
    }

    /// Ends a restore for which there was no room when the workspace was opened. Until then nothing is synced: what came
    /// in would be taken for what the server has lost.
    pub(in crate::engine) async fn has_ended_restore(&self) -> bool {
        if self.unended.get() {
            self.unended.set(self.replica.end_restore().await.is_err());
        }
        !self.unended.get()
    }
}

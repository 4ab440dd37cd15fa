//! Verifying a file, whole, and telling what it holds beside what is here.

use super::file::{self, Reading};
use super::rescue::Readable;
use super::{Entry, Stop, Verified};
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::{File, Host};
use crate::engine::keys::{self, Keys};
use crate::engine::session::progress;
use crate::engine::team::is_of_team;
use crate::engine::view::number;
use crate::engine::workspace::Workspace;
use crate::engine::{Cancel, Engine};
use crate::port::{
    BackupCount, BackupFault, BackupId, BackupKind, BackupPreview, Done, FailureCode, Outcome, RequestId,
    Secret, Stage,
};
use satchel_domain::{Kind, Record, RecordId};
use satchel_replica::{
    BackupItem, LocalItem, Manifest, Meta, Restoring, StoredRow, Weighed, Weight, read_backed_up, to_domain,
};
use satchel_vault::BackupHeader;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What a file is measured against.
enum Scale<H: Host> {
    /// The workspace that is open.
    Here(Rc<Workspace<H>>, Option<Restoring>),
    /// Nothing: a device that has no workspace yet.
    Empty(Box<(Meta, Keys)>),
}

/// What was counted so far.
#[derive(Default)]
struct Count {
    kinds: BTreeMap<BackupKind, BackupCount>,
    trashed: u32,
    unsent: u32,
    unreadable: u32,
    ids: BTreeSet<RecordId>,
    files: BTreeSet<satchel_wire::FileId>,
    manifest: Option<Manifest>,
    team: Vec<LocalItem>,
}

impl<H: Host> Engine<H> {
    pub(in crate::engine) async fn inspect_backup(
        &self,
        id: RequestId,
        files: Vec<H::File>,
        opened_by: Option<(Secret, Secret)>,
        cancel: Cancel,
    ) -> Ended<Done> {
        let file = files.into_iter().next().ok_or(FailureCode::NotFound)?;
        match self.verify(id, file, opened_by, &cancel).await {
            Ok(preview) => Ok(Done { outcome: Outcome::BackupVerified(preview), undo: None }),
            Err(Stop::Fault(fault)) => Ok(Done { outcome: Outcome::BackupRefused(fault), undo: None }),
            Err(Stop::Failure(failure)) => Err(failure),
        }
    }

    async fn verify(
        &self,
        id: RequestId,
        file: H::File,
        opened_by: Option<(Secret, Secret)>,
        cancel: &Cancel,
    ) -> Result<BackupPreview, Stop> {
        let Readable { source: file, unread } = self.readable(id, file, opened_by.as_ref()).await?;
        let (header, _) = file::header(&file).await?;
        let mut scale = self.scale(id, &header, opened_by).await?;
        let mut count = Count { unreadable: unread, ..Count::default() };
        let only_here = {
            let mut reading = Reading::open(&*self.host, &file, scale.key()).await?;
            while let Some(items) = reading.next(cancel).await? {
                scale.take(items, &mut count).await?;
                self.host.post(progress(id, Stage::Reading, reading.at(), file.size()));
            }
            scale.only_here(&count.ids).await?
        };
        let manifest = count.manifest.take().ok_or(Stop::Fault(BackupFault::Newer))?;
        let (workspace, bytes) = (scale.name(&header), file.size());
        let files = number(count.files.len());
        let Count { kinds, trashed, unsent, unreadable, ids, team, .. } = count;
        let entry = match scale {
            Scale::Here(..) => None,
            Scale::Empty(entry) => {
                let (meta, keys) = *entry;
                Some(Entry { meta: Meta { registered: manifest.registered, ..meta }, keys, team })
            }
        };
        let verified = Verified { file, manifest, ids, entry: RefCell::new(entry) };
        let backup: BackupId = self.backups.borrow_mut().hold(verified);
        let (made_ms, kinds) = (header.made_ms, kinds.into_iter().collect());
        Ok(BackupPreview {
            backup,
            made_ms,
            workspace,
            bytes,
            kinds,
            trashed,
            unsent,
            unreadable,
            files,
            only_here,
        })
    }

    /// The workspace that is open, if it is the file's; else what the file's own header and the person's words
    /// open.
    async fn scale(
        &self,
        id: RequestId,
        header: &BackupHeader,
        opened_by: Option<(Secret, Secret)>,
    ) -> Result<Scale<H>, Stop> {
        if let Some(open) = self.opened() {
            open.whole().await?;
            if open.account() != header.account {
                return Err(Stop::Fault(BackupFault::OtherAccount));
            }
            if open.meta().space != header.space {
                return Err(Stop::Fault(BackupFault::OtherWorkspace));
            }
            return Ok(Scale::Here(open, None));
        }
        let (code, passphrase) = opened_by.ok_or(FailureCode::Locked)?;
        self.require_nothing_here().await?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let entry = keys::from_backup(&*self.host, header, &code, &passphrase)?;
        Ok(Scale::Empty(Box::new(entry.ok_or(Stop::Fault(BackupFault::OtherAccount))?)))
    }
}

impl<H: Host> Scale<H> {
    fn key(&self) -> &satchel_vault::BackupKey {
        match self {
            Self::Here(open, _) => &open.backup,
            Self::Empty(entry) => &entry.1.backup,
        }
    }

    fn name(&self, header: &BackupHeader) -> String {
        match self {
            Self::Here(open, _) => open.name.clone(),
            Self::Empty(entry) => {
                let spaces = entry.1.keyring.spaces();
                let found = spaces.into_iter().find(|(space, _)| *space == header.space);
                found.map(|(_, name)| name.to_owned()).unwrap_or_default()
            }
        }
    }

    async fn take(&mut self, items: Vec<BackupItem>, count: &mut Count) -> Result<(), Stop> {
        let mut rows = Vec::with_capacity(items.len());
        for item in items {
            match item {
                BackupItem::Manifest(manifest) => {
                    if let Self::Here(open, restoring) = self {
                        *restoring = Some(open.replica.plan_restore(&manifest).await?);
                    }
                    count.manifest = Some(manifest);
                }
                BackupItem::Row(row) if row.is_chunk() => {}
                BackupItem::Row(row) => rows.push(row),
                BackupItem::Local(item) if is_of_team(&item.key) => count.team.push(item),
                BackupItem::Local(_) => {}
                BackupItem::Chunk(file, ..) => drop(count.files.insert(file)),
            }
        }
        self.weigh(&rows).await?.into_iter().for_each(|weighed| count.note(weighed));
        Ok(())
    }

    async fn weigh(&self, rows: &[StoredRow]) -> Result<Vec<Weighed>, Stop> {
        match self {
            _ if rows.is_empty() => Ok(Vec::new()),
            Self::Here(_, None) => Err(Stop::Fault(BackupFault::Newer)),
            Self::Here(open, Some(restoring)) => {
                Ok(open.replica.weigh(restoring, rows, open.host.now_ms()).await?)
            }
            Self::Empty(entry) => {
                let (meta, keys) = &**entry;
                let weigh = |row: &StoredRow| {
                    let record = read_backed_up(&keys.keyring, meta.space, row);
                    let weight = if record.is_some() { Weight::New } else { Weight::Unreadable };
                    Weighed { id: to_domain(row.id), weight, record, unsent: row.state.is_unsent() }
                };
                Ok(rows.iter().map(weigh).collect())
            }
        }
    }

    /// Records that are here and not in the file.
    async fn only_here(&self, ids: &BTreeSet<RecordId>) -> Result<Option<u32>, Stop> {
        let Self::Here(open, _) = self else { return Ok(None) };
        Ok(Some(number(open.only_here(ids).await?.len())))
    }
}

impl Count {
    fn note(&mut self, Weighed { id, weight, record, unsent }: Weighed) {
        self.ids.insert(id);
        let Some(record) = record else {
            self.unreadable += 1;
            return;
        };
        if record.is_grave() {
            return;
        }
        self.unsent += u32::from(unsent);
        if record.is_deleted() {
            self.trashed += 1;
            return;
        }
        let count = self.kinds.entry(kind(&record)).or_default();
        count.total += 1;
        match weight {
            Weight::New => count.new += 1,
            Weight::Newer => count.newer += 1,
            Weight::Same => count.same += 1,
            Weight::Older | Weight::Unreadable => count.older += 1,
        }
    }
}

fn kind(record: &Record) -> BackupKind {
    match record.kind {
        Kind::Partner => BackupKind::Partner,
        Kind::Interaction => BackupKind::Interaction,
        Kind::Order => BackupKind::Order,
        Kind::Task => BackupKind::Task,
        Kind::View => BackupKind::View,
        Kind::Unknown(_) => BackupKind::Other,
    }
}

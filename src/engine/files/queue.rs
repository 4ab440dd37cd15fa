//! The queue of files, apart from that of records: previews first in both directions, then what was kept here, chunk
//! by chunk. The server tells which chunks it has, so that a file goes on where it was cut off.

use super::super::host::Host;
use super::super::transport::{self, Trouble};
use super::super::workspace::Workspace;
use super::show::Missing;
use super::{Kept, UNFILE};
use crate::port::{FailureCode, FilesPhase};
use futures_util::future::select;
use satchel_domain::{FileId, Filed, RecordId};
use satchel_replica::FileStore;
use satchel_wire::{FileChunk, FileHeld, FilesAsked, FilesHeld, MAX_FILES_ASKED};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::rc::{Rc, Weak};

/// How long the queue rests where nothing wakes it, ms.
const QUIET_MS: u64 = 60_000;
/// How often is looked for what nobody needs any more, ms.
const TIDY_EVERY_MS: u64 = 60 * 60_000;
/// A file that was kept for a form and belongs to nothing goes after so long, ms.
const FORGOTTEN_MS: u64 = 30 * 24 * 60 * 60_000;
const YEAR_MS: u64 = 365 * 24 * 60 * 60_000;

/// Why a round ended before its end.
#[derive(Debug)]
enum Stop {
    /// The server.
    Trouble(Trouble),
    /// This device's store; what it could not do is tried again.
    Store,
    /// Something is not at the server yet that another device is to send.
    NotYet,
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<crate::port::Failure> for Stop {
    fn from(_: crate::port::Failure) -> Self {
        Self::Store
    }
}

impl From<satchel_replica::StoreError> for Stop {
    fn from(_: satchel_replica::StoreError) -> Self {
        Self::Store
    }
}

impl From<satchel_replica::ReplicaError> for Stop {
    fn from(_: satchel_replica::ReplicaError) -> Self {
        Self::Store
    }
}

/// Every file that a record has, with the record.
type Wanted = BTreeMap<FileId, (RecordId, Filed)>;

/// Sends and fetches as long as the workspace is open.
pub(in crate::engine) async fn keep_sent<H: Host>(host: Rc<H>, workspace: Weak<Workspace<H>>) {
    loop {
        let pause = {
            let Some(open) = workspace.upgrade() else { return };
            let turn = format!("{} files", open.id);
            host.alone(&turn, open.files_round()).await
        };
        // The workspace is not held while nothing is done: locking it forgets its keys at once.
        let Some(bell) = workspace.upgrade().map(|open| Rc::clone(&open.files.bell)) else { return };
        select(pin!(host.sleep(pause.max(1))), pin!(bell.heard())).await;
    }
}

impl<H: Host> Workspace<H> {
    /// Does what can be done now; how long to rest then, ms.
    pub(in crate::engine) async fn files_round(&self) -> u64 {
        let now_ms = self.host.now_ms();
        let until = self.files.backoff.borrow().until(now_ms);
        if let Some(until) = until {
            return until - now_ms;
        }
        if self.apart || !self.is_whole() {
            return QUIET_MS;
        }
        let looked = self.look_at_files().await;
        self.tell_status();
        if self.token().is_none() || self.team.is_removed() {
            return QUIET_MS;
        }
        let ended = match looked {
            Ok(()) => self.files_steps().await,
            Err(failure) => Err(failure.into()),
        };
        self.files_ended(ended)
    }

    fn files_ended(&self, ended: Result<FilesPhase, Stop>) -> u64 {
        let (now_ms, random) = (self.host.now_ms(), self.random_u64());
        let mut backoff = self.files.backoff.borrow_mut();
        let phase = match &ended {
            Ok(phase) => *phase,
            Err(Stop::Trouble(Trouble::SpaceFull)) => FilesPhase::SpaceFull,
            Err(Stop::Trouble(Trouble::NotFound | Trouble::Incompatible)) => FilesPhase::NoFiles,
            Err(_) => FilesPhase::Idle,
        };
        match &ended {
            Ok(_) => backoff.succeeded(),
            Err(Stop::Trouble(Trouble::Busy(seconds))) => {
                backoff.asked_or_failed(now_ms, seconds.map(|it| it.saturating_mul(1_000)), random);
            }
            Err(Stop::Trouble(Trouble::SpaceFull | Trouble::NotFound | Trouble::Incompatible)) => {
                backoff.hopeless(now_ms, random);
            }
            Err(_) => backoff.failed(now_ms, random),
        }
        let pause = backoff.until(now_ms).map_or(QUIET_MS, |until| until - now_ms);
        drop(backoff);
        if matches!(ended, Err(Stop::Trouble(Trouble::Unauthorized))) {
            self.sign_in_again();
        }
        self.set_files_phase(phase);
        pause
    }

    fn set_files_phase(&self, phase: FilesPhase) {
        if self.files.phase.replace(phase) != phase {
            self.tell_status();
            self.changed();
        }
    }

    async fn files_steps(&self) -> Result<FilesPhase, Stop> {
        let wanted = self.wanted_files().await?;
        if self.may_write().is_ok() {
            self.ask_again_of_another_server(&wanted).await?;
            self.forget_at_server().await?;
        }
        let phase = if self.may_write().is_ok() { self.send_kept(&wanted).await? } else { FilesPhase::Idle };
        self.fetch_previews(&wanted).await?;
        self.tidy().await?;
        Ok(phase)
    }

    /// What the records have now.
    async fn wanted_files(&self) -> super::super::failure::Outcome<Wanted> {
        self.index_files().await?;
        Ok(self.files.index.borrow().wanted(self.told_ms()))
    }

    /// Sends what was kept here and a record has: the previews of all, then what they show.
    async fn send_kept(&self, wanted: &Wanted) -> Result<FilesPhase, Stop> {
        let due: Vec<(FileId, Kept)> = {
            let kept = self.files.kept.borrow();
            let named = kept.iter().filter(|(id, _)| wanted.get(id).is_some_and(|(_, filed)| filed.present));
            named.map(|(id, kept)| (*id, kept.clone())).collect()
        };
        let ids: Vec<FileId> = due.iter().map(|(id, _)| *id).collect();
        let mut held = self.held(&ids).await?;
        self.look_for_lost(&due, &held).await?;
        if due.is_empty() {
            return Ok(FilesPhase::Idle);
        }
        self.set_files_phase(FilesPhase::Sending);
        let saves_data = self.host.saves_data() && !self.files.anyway.get();
        for (id, kept) in &due {
            self.send_chunks(*id, kept, 0..1, &mut held).await?;
        }
        for (id, kept) in due.iter().filter(|_| !saves_data) {
            self.send_chunks(*id, kept, 1..kept.chunks, &mut held).await?;
        }
        // Who counts other chunks than there are has another file.
        let whole = |id: &FileId, kept: &Kept| {
            held.get(id).is_some_and(|held| held.is_whole() && held.count == kept.chunks)
        };
        for (id, _) in due.iter().filter(|(id, kept)| whole(id, kept)) {
            self.forget_kept(*id).await?;
            self.tell_status();
            self.changed();
        }
        Ok(if saves_data && self.files_waiting() > 0 { FilesPhase::SavingData } else { FilesPhase::Idle })
    }

    async fn send_chunks(
        &self,
        id: FileId,
        kept: &Kept,
        range: std::ops::Range<u32>,
        held: &mut BTreeMap<FileId, FileHeld>,
    ) -> Result<(), Stop> {
        for index in range {
            // Whoever takes a file off while it is on its way stops it.
            self.index_files().await?;
            if !self.is_beside_something(id) {
                return Ok(());
            }
            let there = held.get(&id).is_some_and(|held| held.held.contains(&index));
            // What this device has lost it cannot send: the others go on.
            let sealed =
                if there { None } else { self.replica.store().chunk(super::wire(id), index).await? };
            let Some(sealed) = sealed else { continue };
            let path = super::wire(id).chunk_path(self.meta().space, index);
            let chunk = FileChunk { count: kept.chunks, sealed };
            let answer: FilesHeld = transport::post(&*self.host, path, self.token(), &chunk).await?;
            for now in answer.files.into_iter().filter(|now| now.file == super::wire(id)) {
                self.files.sent.borrow_mut().insert(id, super::super::view::number(now.held.len()));
                held.insert(id, now);
            }
            self.changed();
        }
        Ok(())
    }

    /// What the server has of these files.
    async fn held(&self, files: &[FileId]) -> Result<BTreeMap<FileId, FileHeld>, Stop> {
        let mut held = BTreeMap::new();
        for files in files.chunks(MAX_FILES_ASKED) {
            let answer: FilesHeld = self.ask_files("held", files).await?;
            held.extend(answer.files.into_iter().map(|held| (FileId(held.file.0), held)));
        }
        let mut sent = self.files.sent.borrow_mut();
        for (id, held) in &held {
            sent.insert(*id, super::super::view::number(held.held.len()));
        }
        Ok(held)
    }

    async fn ask_files(&self, what: &str, files: &[FileId]) -> Result<FilesHeld, Trouble> {
        let path = format!("/v1/spaces/{}/files/{what}", self.meta().space.to_hex());
        let asked = FilesAsked { files: files.iter().map(|id| super::wire(*id)).collect() };
        transport::post(&*self.host, path, self.token(), &asked).await
    }

    /// A server that was put back, or is another one, may lack what it once had: all that is whole here is to be
    /// sent again as far as it does.
    async fn ask_again_of_another_server(&self, wanted: &Wanted) -> Result<(), Stop> {
        let now = self.replica.cursor().incarnation.map(|incarnation| incarnation.0);
        if now.is_none() || self.files.asked.get() == now {
            return Ok(());
        }
        let here = self.replica.store().chunks(None).await?;
        let is_whole = |id: &FileId, filed: &Filed| {
            let count = here.get(&super::wire(*id)).map_or(0, Vec::len);
            count as u64 == u64::from(filed.file.chunks)
        };
        let whole = wanted.iter().filter(|(id, (_, filed))| filed.present && is_whole(id, filed));
        let whole: Vec<(FileId, Filed)> = whole.map(|(id, (_, filed))| (*id, filed.clone())).collect();
        let ids: Vec<FileId> = whole.iter().map(|(id, _)| *id).collect();
        let held = if ids.is_empty() { BTreeMap::new() } else { self.held(&ids).await? };
        for (id, filed) in whole {
            let Some(key) = filed.key.filter(|_| !held.get(&id).is_some_and(FileHeld::is_whole)) else {
                continue;
            };
            self.put_kept(id, &Kept::of(&filed.file, key, self.host.now_ms())).await?;
        }
        self.files.asked.set(now);
        Ok(())
    }

    /// Has the server forget what was erased, or taken off long ago.
    async fn forget_at_server(&self) -> Result<(), Stop> {
        let items = self.replica.locals(UNFILE).await?;
        let wanted = self.wanted_files().await?;
        let named = |key: &str| FileId::from_hex(key.strip_prefix(UNFILE)?);
        let ids: BTreeSet<FileId> = items.iter().filter_map(|(key, _)| named(key)).collect();
        // A record that came back, because somebody edited it, keeps its files; so does one that is only about to go.
        let gone: Vec<FileId> = ids.iter().copied().filter(|id| !wanted.contains_key(id)).collect();
        for gone in gone.chunks(MAX_FILES_ASKED) {
            self.ask_files("drop", gone).await?;
            for id in gone {
                self.replica.store().drop_chunks(super::wire(*id)).await?;
                self.forget_kept(*id).await?;
            }
        }
        if !gone.is_empty() {
            let keys: Vec<String> = gone.iter().map(|id| format!("{UNFILE}{}", id.to_hex())).collect();
            self.replica.remove_locals(&keys).await?;
        }
        Ok(())
    }

    /// Fetches the previews that are not here. What another device has not sent yet is asked for again soon.
    async fn fetch_previews(&self, wanted: &Wanted) -> Result<(), Stop> {
        let here = self.replica.store().chunks(None).await?;
        let has =
            |id: &FileId, index: u32| here.get(&super::wire(*id)).is_some_and(|there| there.contains(&index));
        let damaged = self.files.damaged.borrow().clone();
        let present = || wanted.iter().filter(|(_, (_, filed))| filed.present);
        let missing = present().filter(|(id, _)| !has(id, 0) || damaged.contains(id));
        let mut late = false;
        let lost = self.files.lost.borrow().clone();
        for (id, (_, filed)) in missing {
            let Some(key) = filed.key else { continue };
            match self.fetch(&filed.file, &key, 0).await {
                Ok(_) => self.changed(),
                // What was lost here is not waited for: it comes if another device has it.
                Err(Missing::Trouble(Trouble::NotFound) | Missing::Damaged) => late |= !lost.contains(id),
                Err(Missing::Trouble(trouble)) => return Err(trouble.into()),
            }
        }
        let whole = |(id, (_, filed)): &(&FileId, &(RecordId, Filed))| {
            here.get(&super::wire(**id)).map_or(0, Vec::len) as u64 == u64::from(filed.file.chunks)
        };
        let elsewhere = present().filter(|it| !whole(it)).count();
        self.files.elsewhere.set(super::super::view::number(elsewhere));
        if late { Err(Stop::NotYet) } else { Ok(()) }
    }

    /// Drops what no record has and no form was left with: chunks are listed before names are read, so that what is
    /// being kept meanwhile stays. A restore brings chunks before their names.
    async fn tidy(&self) -> Result<(), Stop> {
        let now_ms = self.host.now_ms();
        let due = self.files.tidied_ms.get().is_none_or(|at| now_ms.abs_diff(at) >= TIDY_EVERY_MS);
        if !due || self.replica.is_restoring().await? {
            return Ok(());
        }
        let here = self.replica.store().chunks(None).await?;
        self.read_kept().await?;
        let wanted = self.wanted_files().await?;
        let forgotten: Vec<FileId> = {
            let kept = self.files.kept.borrow();
            // What is older than anybody waits was kept under another clock.
            let old = |kept: &Kept| (FORGOTTEN_MS..YEAR_MS).contains(&now_ms.saturating_sub(kept.kept_ms));
            let loose = kept.iter().filter(|(id, kept)| !wanted.contains_key(id) && old(kept));
            loose.map(|(id, _)| *id).collect()
        };
        for id in forgotten {
            self.forget_kept(id).await?;
        }
        for file in here.into_keys() {
            let id = FileId(file.0);
            if !wanted.contains_key(&id) && !self.files.kept.borrow().contains_key(&id) {
                self.replica.store().drop_chunks(file).await?;
            }
        }
        if self.may_write().is_ok() {
            let outlived = self.files.index.borrow().outlived(self.told_ms());
            for ids in outlived.chunks(MAX_FILES_ASKED) {
                self.ask_files("drop", ids).await?;
            }
        }
        self.files.tidied_ms.set(Some(now_ms));
        Ok(())
    }

    /// Sends everything, for whoever waits for it.
    ///
    /// # Errors
    /// [`FailureCode::NotInSync`] where it cannot be sent now.
    pub(in crate::engine) async fn send_all_files(&self) -> super::super::failure::Outcome<()> {
        self.files.anyway.set(true);
        self.files.backoff.borrow_mut().succeeded();
        self.files_round().await;
        if self.files_waiting() > 0 { Err(FailureCode::NotInSync.into()) } else { Ok(()) }
    }
}

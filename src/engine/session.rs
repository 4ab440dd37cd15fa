//! Making, joining, opening: from "nothing here" or "locked" to an open workspace.

use super::erasing::is_marked;
use super::failure::{self, Outcome as Ended};
use super::keys::{self, Keys};
use super::workspace::{DRAFTS, Workspace};
use super::{Engine, Host, account, sample, saved};
use crate::port::{
    Done, Event, FailureCode, Hello, Outcome, Progress, Reply, RequestId, Secret, Session, Stage,
    WorkspaceRef,
};
use satchel_replica::{Changeset, Durability, LocalItem, LocalPut, Meta, Store, StoreError};
use satchel_vault::AccountSecret;
use satchel_wire::SpaceId;
use std::rc::Rc;

/// Every workspace's database begins with this.
pub(super) const DATABASE: &str = "satchel-";
/// Opened to learn whether this browser keeps anything at all, before anybody types a passphrase.
const PROBE: &str = "satchel-probe";

/// Rows of the outbox that are looked at on the lock screen.
const WAITING_LOOKED_AT: usize = 500;

/// The longest wait after a wrong passphrase.
const LONGEST_WAIT_MS: u64 = 60_000;

/// What stands between a person and her workspace.
#[derive(Default)]
pub(super) struct Gate {
    /// The workspace on this device.
    pub(super) place: Option<WorkspaceRef>,
    /// Wrong passphrases since the last right one.
    wrong: u32,
    /// No try before this time, ms since 1970 UTC.
    retry_at_ms: u64,
    /// The databases that were there when this tab looked.
    seen: Vec<String>,
}

impl Gate {
    /// Each wrong passphrase doubles the wait, from one second after the third up to a minute; nothing is ever erased.
    fn refused(&mut self, now_ms: u64) {
        self.wrong = self.wrong.saturating_add(1);
        let wait_ms = match self.wrong {
            0..=2 => 0,
            wrong => (1_000 << (wrong - 3).min(6)).min(LONGEST_WAIT_MS),
        };
        self.retry_at_ms = if wait_ms == 0 { 0 } else { now_ms + wait_ms };
    }

    /// A clock that was set back must not keep anybody out for longer than the longest wait.
    fn must_wait(&self, now_ms: u64) -> bool {
        let left_ms = self.retry_at_ms.saturating_sub(now_ms);
        (1..=LONGEST_WAIT_MS).contains(&left_ms)
    }

    fn passed(&mut self) {
        (self.wrong, self.retry_at_ms) = (0, 0);
    }
}

impl<H: Host> Engine<H> {
    /// Answers the first message: is there a workspace, and can it be used?
    pub(super) async fn greet(&self, hello: Hello) {
        *self.server.borrow_mut() = self.host.server(&hello.sync_origin);
        let asked_for = hello.workspace.clone();
        self.hello.replace(hello);
        let erased = self.end_erasures(asked_for.as_ref()).await;
        // The browser has not lost what was to go.
        let remembered = asked_for.filter(|place| !erased.contains(&place.id));
        self.look_around().await;
        let session = match self.find(remembered.clone()).await {
            Some(place) => {
                self.gate.borrow_mut().place = Some(place.clone());
                self.locked(place).await
            }
            None => self.nothing_here().await,
        };
        if session == Session::None {
            self.gate.borrow_mut().place = None;
        }
        self.tell(Event::Session(match (session, remembered) {
            (Session::None, Some(workspace)) => Session::Lost { workspace },
            (session, _) => session,
        }));
    }

    /// Notes which databases are there, and tells of those whose workspaces the UI has forgotten.
    async fn look_around(&self) {
        let names = self.host.store_names().await;
        let known = self.hello.borrow().known.clone();
        let mut found = Vec::new();
        for id in names.iter().filter(|name| name.starts_with(DATABASE) && !known.contains(name)) {
            if matches!(self.bootstrap(id).await, Ok(Some(_))) {
                found.push(WorkspaceRef { id: id.clone(), name: String::new() });
            }
        }
        self.gate.borrow_mut().seen = names;
        if !found.is_empty() {
            self.tell(Event::Found(found));
        }
    }

    /// Shuts the workspace if the store is lost under it: nothing more can be kept, and a screen says so.
    pub(super) fn shut_if_lost(&self, code: FailureCode) {
        use FailureCode::{StorageClosed, StorageGone, StorageNewer};
        let place = self.gate.borrow().place.clone();
        let (true, Some(place)) = (matches!(code, StorageClosed | StorageGone | StorageNewer), place) else {
            return;
        };
        if self.open.take().is_none() {
            return;
        }
        self.tell(Event::Session(match code {
            StorageGone => {
                self.gate.borrow_mut().place = None;
                Session::Lost { workspace: place }
            }
            code => Session::Unusable(code),
        }));
    }

    /// What the browser still holds, sealed as it is.
    pub(super) async fn save_sealed(&self) -> Ended<Done> {
        let place = self.gate.borrow().place.clone().ok_or(FailureCode::NotFound)?;
        let bytes = self.host.dump_store(&place.id).await?;
        Ok(Done { outcome: Outcome::Sealed(bytes), undo: None })
    }

    /// Throws away what cannot be opened, to make room for joining again. Never under an open workspace.
    pub(super) async fn discard(&self) -> Ended<Done> {
        let place = self.gate.borrow().place.clone().ok_or(FailureCode::NotFound)?;
        if self.opened().is_some() {
            return Err(FailureCode::AlreadyHere.into());
        }
        self.host.erase_store(&place.id).await?;
        self.gate.borrow_mut().place = None;
        self.tell(Event::Session(Session::Lost { workspace: place }));
        Ok(saved())
    }

    /// The workspace on this device.
    pub(super) fn place(&self) -> Option<WorkspaceRef> {
        self.gate.borrow().place.clone()
    }

    /// Forgets it: it was removed.
    pub(super) fn nothing_here_any_more(&self) {
        self.gate.borrow_mut().place = None;
    }

    /// Whether something is on this device alone, as far as that can be known without a key.
    pub(super) async fn would_lose_of(&self, id: &str) -> bool {
        match self.host.open_store(id).await {
            Ok(store) => is_all_elsewhere(&store).await != Some(true),
            Err(_) => true,
        }
    }

    async fn nothing_here(&self) -> Session {
        match self.host.open_store(PROBE).await {
            Ok(_) => Session::None,
            // Nothing lies here that could be at fault: this browser keeps nothing, and says so in words of its own.
            Err(StoreError::Other(_)) => Session::Unusable(FailureCode::StorageUnavailable),
            Err(error) => Session::Unusable(failure::store(&error)),
        }
    }

    /// The workspace that is asked for, if its database is here. A UI that remembers nothing is shown what there is.
    async fn find(&self, asked_for: Option<WorkspaceRef>) -> Option<WorkspaceRef> {
        let names = self.gate.borrow().seen.clone();
        if let Some(place) = asked_for {
            let here = names.is_empty() || names.contains(&place.id);
            return here.then_some(place);
        }
        if self.hello.borrow().known.is_empty() { self.first_of(names).await } else { None }
    }

    /// The first of these databases that holds a workspace.
    async fn first_of(&self, names: Vec<String>) -> Option<WorkspaceRef> {
        for id in names.into_iter().filter(|name| name.starts_with(DATABASE)) {
            if matches!(self.bootstrap(&id).await, Ok(Some(_))) {
                return Some(WorkspaceRef { id, name: String::new() });
            }
        }
        None
    }

    /// Whether a space is on this device.
    pub(super) async fn is_here(&self, space: SpaceId) -> bool {
        let names = self.host.store_names().await;
        let id = database_of(space);
        let there = names.is_empty() || names.contains(&id);
        there && matches!(self.bootstrap(&id).await, Ok(Some(_)))
    }

    pub(super) async fn bootstrap(&self, id: &str) -> Ended<Option<(H::Store, Meta)>> {
        let store = self.host.open_store(id).await?;
        let meta = if is_marked(&store).await { None } else { store.meta().await? };
        Ok(meta.map(|meta| (store, meta)))
    }

    async fn locked(&self, workspace: WorkspaceRef) -> Session {
        let store = match self.host.open_store(&workspace.id).await {
            Ok(store) => store,
            Err(error) => return Session::Unusable(failure::store(&error)),
        };
        match store.meta().await {
            Ok(Some(_)) if is_marked(&store).await => Session::Unusable(FailureCode::NotErased),
            Ok(Some(meta)) => {
                // Nothing of a sample is ever sent, so nothing of it waits.
                let waiting = if workspace.is_sample() { None } else { records_waiting(&store).await };
                let retry_at_ms = self.gate.borrow().retry_at_ms;
                let passkeys = self.passkeys_here(&meta);
                Session::Locked { workspace, waiting, retry_at_ms, passkeys }
            }
            Ok(None) => Session::None,
            Err(error) => Session::Unusable(failure::store(&error)),
        }
    }

    pub(super) async fn create(&self, id: RequestId, name: String, passphrase: Secret) -> Ended<Done> {
        self.require_nothing_here().await?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let name = name.trim().to_owned();
        let (meta, keys) = keys::make(&*self.host, &name, &passphrase)?;
        self.settle(id, name, meta, keys).await
    }

    pub(super) async fn join(&self, id: RequestId, code: Secret, passphrase: Secret) -> Ended<Done> {
        self.require_nothing_here().await?;
        self.progress(id, Stage::Fetching, 0, 0).await;
        let server = self.server.borrow().clone();
        let on_derive = || self.host.post(progress(id, Stage::Deriving, 0, 0));
        let (meta, keys, spaces) = account::join(&*self.host, &server, &code, &passphrase, on_derive).await?;
        let name = keys::workspace_name(&keys, &meta).unwrap_or_default();
        let done = self.settle(id, name, meta, keys).await?;
        self.bring_the_others(&spaces).await;
        Ok(done)
    }

    /// Another tab may have made or joined one since this one looked: then it is this tab's too.
    pub(super) async fn require_nothing_here(&self) -> Ended<()> {
        if self.gate.borrow().place.is_none() && self.opened().is_none() {
            let mut names = self.host.store_names().await;
            names.retain(|name| !self.gate.borrow().seen.contains(name));
            let Some(place) = self.first_of(names).await else { return Ok(()) };
            self.gate.borrow_mut().place = Some(place);
            self.tell_locked().await;
        }
        Err(FailureCode::AlreadyHere.into())
    }

    /// Writes the bootstrap data of a new workspace and opens it.
    pub(super) async fn settle(&self, id: RequestId, name: String, meta: Meta, keys: Keys) -> Ended<Done> {
        self.settle_with(id, name, meta, keys, Vec::new()).await
    }

    /// The same, with local items, sealed already.
    pub(super) async fn settle_with(
        &self,
        id: RequestId,
        name: String,
        meta: Meta,
        keys: Keys,
        locals: Vec<LocalItem>,
    ) -> Ended<Done> {
        let place = WorkspaceRef { id: database_of(meta.space), name };
        let store = self.lay_down(&place, &meta, locals).await?;
        self.enter_as_ours(id, place, store, meta, keys).await
    }

    /// The same, in a database of this name.
    pub(super) async fn settle_at(
        &self,
        id: RequestId,
        place: WorkspaceRef,
        meta: Meta,
        keys: Keys,
    ) -> Ended<Done> {
        let store = self.lay_down(&place, &meta, Vec::new()).await?;
        self.enter_as_ours(id, place, store, meta, keys).await
    }

    /// Writes the bootstrap data of a new workspace, with local items. A workspace is on a device once.
    pub(super) async fn lay_down(
        &self,
        place: &WorkspaceRef,
        meta: &Meta,
        locals: Vec<LocalItem>,
    ) -> Ended<H::Store> {
        let locals = locals.into_iter().map(LocalPut::Set).collect();
        let store = self.host.open_store(&place.id).await?;
        if store.meta().await?.is_some() {
            return Err(FailureCode::AlreadyHere.into());
        }
        let changeset = Changeset {
            durability: Durability::Strict,
            meta: Some(meta.clone()),
            locals,
            ..Changeset::default()
        };
        store.commit(changeset).await?;
        Ok(store)
    }

    /// Opens what was just laid down as this tab's workspace.
    pub(super) async fn enter_as_ours(
        &self,
        id: RequestId,
        place: WorkspaceRef,
        store: H::Store,
        meta: Meta,
        keys: Keys,
    ) -> Ended<Done> {
        self.gate.borrow_mut().place = Some(place.clone());
        self.enter(id, place, store, meta, keys).await
    }

    /// Does not take a database for another tab's that this one left in it.
    pub(super) fn has_seen(&self, id: &str) {
        self.gate.borrow_mut().seen.push(id.to_owned());
    }

    /// The databases on this device that hold workspaces, each with what it needs to be opened.
    pub(super) async fn all_here(&self) -> Vec<(WorkspaceRef, H::Store, Meta)> {
        let mut here = Vec::new();
        for id in self.host.store_names().await.into_iter().filter(|name| name.starts_with(DATABASE)) {
            if let Ok(Some((store, meta))) = self.bootstrap(&id).await {
                here.push((WorkspaceRef { id, name: String::new() }, store, meta));
            }
        }
        here
    }

    pub(super) async fn unlock(&self, id: RequestId, passphrase: Secret) -> Ended<Done> {
        if self.opened().is_some() {
            return Ok(saved());
        }
        let place = self.gate.borrow().place.clone().ok_or(FailureCode::NotFound)?;
        let (store, meta) = self.bootstrap(&place.id).await?.ok_or(FailureCode::NotFound)?;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let passphrase = if place.is_sample() { sample::passphrase() } else { passphrase };
        let keys = self.try_keys(&meta, &passphrase).await?;
        self.enter(id, place, store, meta, keys).await
    }

    /// What the right keys do not read either is told on the screen that saves it as it lies there.
    pub(super) async fn or_unusable(&self, opening: impl Future<Output = Ended<Done>>) -> Ended<Done> {
        opening.await.inspect_err(|failure| {
            if failure.code == FailureCode::StorageDamaged && self.opened().is_none() {
                self.tell(Event::Session(Session::Unusable(failure.code)));
            }
        })
    }

    /// Opens the keys, counting wrong passphrases.
    pub(super) async fn try_keys(&self, meta: &Meta, passphrase: &Secret) -> Ended<Keys> {
        self.may_try()?;
        self.counted(keys::open(&*self.host, meta, passphrase)).await
    }

    /// Whether a passphrase is tried now: after wrong ones not at once, whether the workspace is open or locked.
    pub(super) fn may_try(&self) -> Ended<()> {
        let waits = self.gate.borrow().must_wait(self.host.now_ms());
        if waits { Err(FailureCode::TooSoon.into()) } else { Ok(()) }
    }

    /// Counts a wrong passphrase, or forgets those before.
    pub(super) async fn counted<T>(&self, ended: Ended<T>) -> Ended<T> {
        match &ended {
            Ok(_) => self.gate.borrow_mut().passed(),
            Err(failure) if failure.code == FailureCode::WrongPassphrase => {
                self.gate.borrow_mut().refused(self.host.now_ms());
                self.tell_locked().await;
            }
            Err(_) => {}
        }
        ended
    }

    pub(super) async fn tell_locked(&self) {
        let place = self.gate.borrow().place.clone();
        if let (Some(place), None) = (place, self.opened()) {
            let session = self.locked(place).await;
            self.tell(Event::Session(session));
        }
    }

    /// Opens every record, then the doors.
    pub(super) async fn enter(
        &self,
        id: RequestId,
        place: WorkspaceRef,
        store: H::Store,
        meta: Meta,
        keys: Keys,
    ) -> Ended<Done> {
        self.finish_joining(&store, &meta, &keys).await?;
        let engine = self.this.clone();
        let on_progress = |done, total| self.host.post(progress(id, Stage::Opening, done, total));
        if place.is_sample() {
            self.host.cut_off();
        }
        let place = WorkspaceRef { name: keys::workspace_name(&keys, &meta).unwrap_or(place.name), ..place };
        let hello = self.hello.borrow().clone();
        let server = self.server.borrow().clone();
        *self.opening.borrow_mut() = Some((place.id.clone(), Vec::new()));
        let opened =
            Workspace::open(&self.host, engine, &place, &hello, server, store, meta, keys, on_progress).await;
        let open = opened.inspect_err(|_| drop(self.opening.take()))?;
        open.recall_used().await;
        open.recall_tiers().await;
        *self.open.borrow_mut() = Some(open.clone());
        open.tell_standing();
        self.tell(Event::Session(Session::Open { workspace: place }));
        self.changed();
        self.spawn(async move |engine| engine.enter_whole(open).await);
        Ok(Done { outcome: Outcome::Opened, undo: None })
    }

    /// What lists do not need is opened behind the open doors; then the rest of the world is let in.
    async fn enter_whole(&self, open: Rc<Workspace<H>>) {
        if let Err(failure) = open.open_rest().await {
            // Whoever waits for everything is told that it does not come.
            open.closed.set(Some(failure.code));
            if self.opened().is_some_and(|now| Rc::ptr_eq(&now, &open)) {
                drop((self.open.take(), self.opening.take()));
                self.tell(Event::Session(Session::Unusable(failure.code)));
            }
            return;
        }
        if let Some((id, ids)) = self.opening.take().filter(|(_, ids)| !ids.is_empty()) {
            self.changed_elsewhere(&id, ids);
        }
        // What fails is repeated when it is opened next.
        let _ = open.change_beside().await;
        open.start_sync();
    }

    /// Whoever is at the open workspace is its person: she gives the passphrase again.
    pub(super) async fn prove_again(&self, id: RequestId, passphrase: &Secret) -> Ended<(Meta, Keys)> {
        let meta = self.require()?.fresh_meta().await;
        self.progress(id, Stage::Deriving, 0, 0).await;
        let keys = self.try_keys(&meta, passphrase).await?;
        Ok((meta, keys))
    }

    /// The device code, after the passphrase was given again.
    pub(super) async fn reveal_code(&self, id: RequestId, passphrase: Secret) -> Ended<Done> {
        let (meta, _) = self.prove_again(id, &passphrase).await?;
        let code = AccountSecret::from_bytes(meta.account_secret).device_code();
        Ok(Done { outcome: Outcome::DeviceCode(Secret(code.to_string())), undo: None })
    }

    /// Tells how far a command is, and lets the message go out before heavy work begins.
    pub(super) async fn progress(&self, id: RequestId, stage: Stage, done: u64, total: u64) {
        self.host.post(progress(id, stage, done, total));
        self.host.breathe().await;
    }
}

/// The database of a space.
pub(super) fn database_of(space: SpaceId) -> String {
    format!("{DATABASE}{}", space.to_hex())
}

/// How many records wait, as far as that can be known without a key: the history that waits with them is no
/// record to anybody, and is told from them as far as one looks.
async fn records_waiting(store: &impl Store) -> Option<u32> {
    let counts = store.counts().await.ok()?;
    let looked_at = store.waiting(None, WAITING_LOOKED_AT).await.ok()?;
    let chunks = looked_at.iter().filter(|row| row.is_chunk()).count() as u64;
    u32::try_from((counts.waiting + counts.pages.waiting).saturating_sub(chunks)).ok()
}

/// Whether nothing waits, no form is begun, and the server knows the account; `None` where that cannot be known.
async fn is_all_elsewhere(store: &impl Store) -> Option<bool> {
    let told = store.meta().await.ok()?.is_none_or(|meta| meta.unsent_account.is_empty());
    let begun = store.locals(DRAFTS).await.ok()?;
    Some(told && begun.is_empty() && records_waiting(store).await? == 0)
}

pub(super) fn progress(id: RequestId, stage: Stage, done: u64, total: u64) -> Reply {
    Reply::Progress { id, progress: Progress { stage, done, total } }
}

#[cfg(test)]
mod tests {
    use super::{Gate, LONGEST_WAIT_MS};

    #[test]
    fn a_clock_set_back_keeps_nobody_out() {
        let gate = Gate { retry_at_ms: 10 * LONGEST_WAIT_MS, ..Gate::default() };
        assert!(gate.must_wait(10 * LONGEST_WAIT_MS - 1) && gate.must_wait(9 * LONGEST_WAIT_MS));
        assert!(!gate.must_wait(10 * LONGEST_WAIT_MS) && !gate.must_wait(0));
    }

    #[test]
    fn wrong_passphrases_wait_longer_and_longer_up_to_a_minute() {
        let mut gate = Gate::default();
        let waits: Vec<u64> = (0..12)
            .map(|_| {
                gate.refused(0);
                gate.retry_at_ms
            })
            .collect();
        assert_eq!(waits, [0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
    }
}

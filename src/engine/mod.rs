//! The engine: wires vault, replica, book, exchange and the server's transport together, in a worker.
//!
//! It has no rules of its own: what a draft means is `domain`'s, what wins is `replica`'s, what is found is
//! `book`'s. It owns the order of things: a command is durable before anybody hears of it, a screen changes
//! only after the commit, and sync never stands in a person's way.
//!
//! Architecture invariant: nothing here names a browser API but [`web`], and nothing here sleeps, asks the
//! time or draws randomness but through [`host::Host`].

mod account;
mod account_sync;
mod arrivals;
mod backup;
mod beside;
mod clocks;
mod commands;
mod deletion;
mod devices;
mod drafts;
mod entrances;
mod erasing;
mod failure;
mod files;
mod handover;
mod history;
pub mod host;
mod import;
mod insight;
mod json;
mod keys;
mod lost;
mod many;
mod owner;
pub mod pages;
mod passkeys;
mod person;
mod plan;
mod queries;
mod readable;
mod resealing;
mod review;
mod revoked;
mod sample;
mod session;
mod siblings;
mod sync;
mod sync_page;
mod table;
mod team;
mod tiers;
mod transport;
mod undo;
mod used;
mod view;
mod watch;
mod ways;
#[cfg(target_arch = "wasm32")]
pub mod web;
mod workspace;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use crate::port::{
    Command, Done, Event, Failure, FailureCode, Hello, Nudge, Outcome, Reply, Request, RequestId,
};
use failure::Outcome as Ended;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, ready};
use host::Host;
use import::Imports;
use satchel_domain::RecordId;
use session::Gate;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use watch::{Touched, Watches};
use workspace::Workspace;

/// Set by [`Request::Cancel`], looked at by long commands where stopping is safe.
#[derive(Clone, Default)]
pub(crate) struct Cancel(Rc<Cell<bool>>);

impl Cancel {
    fn asked(&self) -> bool {
        self.0.get()
    }
}

/// The engine of one tab.
pub struct Engine<H: Host> {
    host: Rc<H>,
    this: Weak<Self>,
    hello: RefCell<Hello>,
    /// The sync server as `host:port`.
    server: RefCell<String>,
    gate: RefCell<Gate>,
    open: RefCell<Option<Rc<Workspace<H>>>>,
    /// The workspace that is being opened, with the records that other tabs changed in it meanwhile.
    opening: RefCell<Option<(String, Vec<RecordId>)>>,
    watches: RefCell<Watches>,
    running: RefCell<BTreeMap<RequestId, Cancel>>,
    imports: RefCell<Imports<H::File>>,
    backups: RefCell<backup::Backups<H::File>>,
}

impl<H: Host> Engine<H> {
    /// An engine that knows nothing yet; it waits for [`Request::Hello`].
    pub fn new(host: H) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            host: Rc::new(host),
            this: this.clone(),
            hello: RefCell::new(Hello::default()),
            server: RefCell::default(),
            gate: RefCell::default(),
            open: RefCell::default(),
            opening: RefCell::default(),
            watches: RefCell::default(),
            running: RefCell::default(),
            imports: RefCell::default(),
            backups: RefCell::default(),
        })
    }

    /// Takes a request; whatever comes of it is told through [`Host::post`].
    pub fn handle(&self, request: Request, files: Vec<H::File>) {
        match request {
            Request::Hello(hello) => self.spawn(async move |engine| engine.greet(hello).await),
            Request::Do { id, command } => self.start(id, command, files),
            Request::Watch { id, query } | Request::Rewatch { id, query } => self.watch(id, query),
            Request::Forget { id } => self.watches.borrow_mut().forget(id),
            Request::Cancel { id } => {
                if let Some(cancel) = self.running.borrow().get(&id) {
                    cancel.0.set(true);
                }
            }
            Request::Nudge(nudge) => self.nudge(nudge),
        }
    }

    /// Another tab committed changes to these records.
    pub fn changed_elsewhere(&self, workspace: &str, ids: Vec<RecordId>) {
        if let Some((_, missed)) = self.opening.borrow_mut().as_mut().filter(|(id, _)| id == workspace) {
            missed.extend(ids);
            return;
        }
        let Some(open) = self.opened().filter(|open| open.id == workspace) else { return };
        self.spawn(async move |engine| {
            // Told of nothing, it looks whether anything is left: another tab may have erased it, or may be about to.
            if ids.is_empty() {
                match open.replica.counts().await {
                    Err(error) => engine.shut_if_lost(failure::store(&error)),
                    Ok(_) if erasing::is_marked(open.replica.store()).await => {
                        return engine.shut_if_lost(FailureCode::StorageGone);
                    }
                    Ok(_) => {}
                }
            }
            let called = open.called(&ids);
            open.reload(&ids).await;
            open.let_go_of_erased(called).await;
            engine.changed();
            open.wake_sync(satchel_replica::Wake::Focus);
        });
    }

    fn start(&self, id: RequestId, command: Command, files: Vec<H::File>) {
        let cancel = Cancel::default();
        self.running.borrow_mut().insert(id, cancel.clone());
        let touched = Touched::by(&command);
        self.spawn(async move |engine| {
            let result = engine.run(id, command, files, cancel).await;
            engine.running.borrow_mut().remove(&id);
            if let Err(failure) = &result {
                engine.shut_if_lost(failure.code);
            }
            engine.host.post(Reply::Done { id, result });
            engine.touched(touched);
        });
    }

    /// What carries out a command. Boxed, each on its own: inlined into one future they would need a megabyte of
    /// stack in an unoptimised build, which is all that a worker has.
    fn run(
        &self,
        id: RequestId,
        command: Command,
        files: Vec<H::File>,
        cancel: Cancel,
    ) -> LocalBoxFuture<'_, Ended<Done>> {
        match command {
            Command::CreateWorkspace { name, passphrase } => self.create(id, name, passphrase).boxed_local(),
            Command::JoinWorkspace { code, passphrase } => self.join(id, code, passphrase).boxed_local(),
            Command::CreateSample { name, chinese, size } => {
                self.create_sample(id, name, chinese, size, cancel).boxed_local()
            }
            Command::Unlock { passphrase } => self.or_unusable(self.unlock(id, passphrase)).boxed_local(),
            Command::JoinByRecovery { code, recovery, passphrase } => {
                self.join_by_code(id, code, recovery, passphrase).boxed_local()
            }
            Command::Recover { code, passphrase } => {
                self.or_unusable(self.recover(id, code, passphrase)).boxed_local()
            }
            Command::ChangePassphrase { old, new } => self.change_passphrase(id, old, new).boxed_local(),
            Command::AdoptPassphrase { passphrase } => self.adopt_passphrase(id, passphrase).boxed_local(),
            Command::MakeRecoveryCode => ready(self.make_recovery_code()).boxed_local(),
            Command::KeepRecoveryCode { code, passphrase } => {
                self.keep_recovery_code(id, code, passphrase).boxed_local()
            }
            Command::AskPasskey { passphrase } => self.ask_passkey(id, passphrase).boxed_local(),
            Command::KeepPasskey { answered, passphrase } => {
                self.keep_passkey(id, answered, passphrase).boxed_local()
            }
            Command::UnlockByPasskey(answered) => {
                self.or_unusable(self.unlock_by_passkey(id, answered)).boxed_local()
            }
            Command::RemovePasskey { slot, passphrase } => {
                self.remove_passkey(id, slot, passphrase).boxed_local()
            }
            Command::RevealDeviceCode { passphrase } => self.reveal_code(id, passphrase).boxed_local(),
            Command::InspectFiles => self.inspect(id, files, cancel).boxed_local(),
            Command::ChooseSheet { import, file, sheet } => {
                self.choose_sheet(id, import, file, sheet, cancel).boxed_local()
            }
            Command::Import { import, plans } => self.import(id, import, plans, cancel).boxed_local(),
            Command::DropImport { import } => {
                self.imports.borrow_mut().forget(import);
                ready(Ok(saved())).boxed_local()
            }
            Command::File(act) => self.file_act(id, act, files).boxed_local(),
            Command::InspectBackup { opened_by } => {
                self.inspect_backup(id, files, opened_by, cancel).boxed_local()
            }
            Command::RestoreBackup { backup, way } => self.restore(id, backup, way, cancel).boxed_local(),
            Command::DropBackup { backup } => {
                self.backups.borrow_mut().forget(backup);
                ready(Ok(saved())).boxed_local()
            }
            Command::EraseDevice { discard } => self.erase_device(id, discard).boxed_local(),
            Command::SwitchTo { workspace } => self.switch_to(id, workspace).boxed_local(),
            Command::CreateBeside { name, me } => {
                async move { self.create_beside(id, &name, &me).await }.boxed_local()
            }
            Command::MovePartners { meant, to } => {
                async move { self.move_partners(id, &meant, to).await }.boxed_local()
            }
            Command::Undo { token } => self.move_back(token).boxed_local(),
            Command::DeleteWorkspace { passphrase, discard } => {
                self.delete_workspace(id, passphrase, discard).boxed_local()
            }
            Command::SaveSealed => self.save_sealed().boxed_local(),
            Command::ReadInvitation { invitation } => {
                async move { self.read_invitation(&invitation).await }.boxed_local()
            }
            Command::AcceptAsMyself(acceptance) => self.accept_as_myself(id, acceptance).boxed_local(),
            Command::AcceptInvitation(acceptance) => self.accept(id, acceptance).boxed_local(),
            Command::Discard => self.discard().boxed_local(),
            Command::BackUp => async move { self.require()?.back_up(id, &cancel).await }.boxed_local(),
            Command::KeptBackup => {
                let kept = self.require().map(|open| {
                    open.backup_is_kept();
                    saved()
                });
                ready(kept).boxed_local()
            }
            Command::Team(change) => async move { self.change_team(id, change, &cancel).await }.boxed_local(),
            Command::RevokeDevice { device, passphrase } => {
                async move { self.revoke_device(id, &device, &passphrase).await }.boxed_local()
            }
            command => async move { self.require()?.carry_out(command).await }.boxed_local(),
        }
    }

    fn nudge(&self, nudge: Nudge) {
        if let Some(open) = self.opened() {
            open.follow_clocks();
            open.nudge(nudge);
            if matches!(nudge, Nudge::Shown | Nudge::Hidden) {
                self.keep_drafts_again();
            }
        }
    }

    fn opened(&self) -> Option<Rc<Workspace<H>>> {
        self.open.borrow().clone()
    }

    fn require(&self) -> Result<Rc<Workspace<H>>, Failure> {
        self.opened().ok_or_else(|| FailureCode::Locked.into())
    }

    /// Runs a task that holds the engine only as long as it runs.
    fn spawn<F, Fut>(&self, task: F)
    where
        F: FnOnce(Rc<Self>) -> Fut + 'static,
        Fut: Future<Output = ()> + 'static,
    {
        let Some(engine) = self.this.upgrade() else { return };
        self.host.spawn(task(engine));
    }

    fn tell(&self, event: Event) {
        self.host.post(Reply::Event(event));
    }
}

fn saved() -> Done {
    Done { outcome: Outcome::Saved, undo: None }
}

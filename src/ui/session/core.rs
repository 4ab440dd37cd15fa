//! What the session holds outside the reactive world: the engine, and who waits for which answer.

use super::Session;
use super::pending::{Pending, Running};
use crate::port::{
    Answer, Command, Done, Event, Failure, FailureCode, Query, Reply, Request, RequestId, Session as Phase,
};
use crate::ui::platform::engine::{Engine, Signal};
use crate::ui::platform::settings;
use crate::ui::platform::tabs::{Tabs, Told};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use web_sys::File;

/// Called with each answer to a watch.
pub(super) type OnAnswer = Rc<dyn Fn(Answer)>;
/// Called once, when a command has ended.
pub(super) type OnEnd = Box<dyn FnOnce(Result<Done, Failure>)>;

/// Called with the bytes of a file that a command writes, in order.
pub(super) type OnPiece = Rc<dyn Fn(&[u8])>;

/// Requests with their files.
type Early = Vec<(Request, Vec<File>)>;

/// Outside the reactive world.
pub(super) struct Core {
    locale: &'static str,
    owner: Option<Owner>,
    engine: RefCell<Option<Engine>>,
    /// What was asked before the engine said what there is: it cannot unlock what it has not found yet.
    early: RefCell<Option<Early>>,
    tabs: RefCell<Option<Tabs>>,
    next: Cell<RequestId>,
    pending: RefCell<BTreeMap<RequestId, Pending>>,
    /// Where the bytes of files go.
    pieces: RefCell<BTreeMap<RequestId, OnPiece>>,
    /// Work under way that locking would cut off.
    imports: RefCell<BTreeSet<RequestId>>,
    /// Drafts that are being kept, which locking waits for.
    drafts: RefCell<BTreeSet<RequestId>>,
    /// Who waits for them.
    sealer: RefCell<Option<Waker>>,
    /// The engine is about to end: nothing that it says is shown any more.
    sealing: Cell<bool>,
    watches: RefCell<BTreeMap<RequestId, OnAnswer>>,
    /// Since when the platform's camera or file chooser is open, ms since 1970 UTC.
    choosing: Cell<Option<i64>>,
}

impl Core {
    pub(super) fn new(locale: &'static str) -> Self {
        Self {
            locale,
            owner: Owner::current(),
            engine: RefCell::new(None),
            early: RefCell::new(Some(Vec::new())),
            tabs: RefCell::new(None),
            next: Cell::new(1),
            pending: RefCell::default(),
            pieces: RefCell::default(),
            imports: RefCell::default(),
            drafts: RefCell::default(),
            sealer: RefCell::default(),
            sealing: Cell::default(),
            watches: RefCell::default(),
            choosing: Cell::new(None),
        }
    }

    pub(super) fn locale(&self) -> &'static str {
        self.locale
    }

    pub(super) fn attach(&self, engine: Engine) {
        self.engine.replace(Some(engine));
    }

    pub(super) fn keep_tabs(&self, tabs: Option<Tabs>) {
        self.tabs.replace(tabs);
    }

    pub(super) fn tell_tabs(&self, told: Told) {
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.tell(told);
        }
    }

    pub(super) fn post(&self, request: &Request, files: &[File]) {
        match self.early.borrow_mut().as_mut() {
            Some(early) => early.push((request.clone(), files.to_vec())),
            None => self.send(request, files),
        }
    }

    /// The engine knows what there is; what was asked before goes out.
    pub(super) fn engine_is_ready(&self) {
        for (request, files) in self.early.take().into_iter().flatten() {
            self.send(&request, &files);
        }
    }

    fn send(&self, request: &Request, files: &[File]) {
        if let Some(engine) = self.engine.borrow().as_ref() {
            engine.post(request, files);
        }
    }

    /// Ends the engine. Who waits is told that it is locked; watches fall silent.
    pub(super) fn end(&self) {
        self.engine.replace(None);
        self.sealing.set(false);
        self.drafts.borrow_mut().clear();
        self.early.replace(Some(Vec::new()));
        self.watches.borrow_mut().clear();
        self.imports.borrow_mut().clear();
        self.pieces.borrow_mut().clear();
        for pending in self.pending.take().into_values() {
            self.at_root(|| pending.end(Err(Failure { code: FailureCode::Locked, invalid: Vec::new() })));
        }
    }

    pub(super) fn begin(&self, session: Session, command: Command) -> (Running, Request) {
        let id = self.fresh_id();
        let (running, pending) = Running::pair(session, id);
        if matches!(command, Command::Import { .. } | Command::BackUp | Command::RestoreBackup { .. }) {
            self.imports.borrow_mut().insert(id);
        }
        self.pending.borrow_mut().insert(id, pending);
        (running, Request::Do { id, command })
    }

    pub(super) fn take_pieces(&self, request: &Request, on_piece: OnPiece) {
        if let Request::Do { id, .. } = request {
            self.pieces.borrow_mut().insert(*id, on_piece);
        }
    }

    /// From now on nothing that the engine says is shown; whether that is new.
    pub(super) fn begin_sealing(&self) -> bool {
        !self.sealing.replace(true)
    }

    /// Whether the engine is still about to end, and nothing else has ended it meanwhile.
    pub(super) fn is_sealing(&self) -> bool {
        self.sealing.get()
    }

    /// Until no draft is being kept any more.
    pub(super) async fn drafts_are_kept(&self) {
        poll_fn(|context| {
            if self.drafts.borrow().is_empty() {
                return Poll::Ready(());
            }
            self.sealer.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// What is not kept by now is not waited for.
    pub(super) fn give_up_drafts(&self) {
        self.drafts.borrow_mut().clear();
        self.wake_sealer();
    }

    fn wake_sealer(&self) {
        if let Some(waker) = self.sealer.take() {
            waker.wake();
        }
    }

    pub(super) fn begin_with(&self, command: Command, then: OnEnd) -> Request {
        let id = self.fresh_id();
        if matches!(command, Command::KeepDraft { .. }) {
            self.drafts.borrow_mut().insert(id);
        }
        self.pending.borrow_mut().insert(id, Pending::callback(then));
        Request::Do { id, command }
    }

    pub(super) fn watch(&self, query: Query, on_answer: OnAnswer) -> RequestId {
        let id = self.fresh_id();
        self.watches.borrow_mut().insert(id, on_answer);
        self.post(&Request::Watch { id, query }, &[]);
        id
    }

    pub(super) fn rewatch(&self, id: RequestId, query: Query) {
        self.post(&Request::Rewatch { id, query }, &[]);
    }

    pub(super) fn forget(&self, id: RequestId) {
        if self.watches.borrow_mut().remove(&id).is_some() {
            self.post(&Request::Forget { id }, &[]);
        }
    }

    fn fresh_id(&self) -> RequestId {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        id
    }

    /// Runs under the root's owner, so that what a callback makes lives as long as the page.
    fn at_root(&self, work: impl FnOnce()) {
        match &self.owner {
            Some(owner) => owner.with(work),
            None => work(),
        }
    }

    pub(super) fn is_importing(&self) -> bool {
        !self.imports.borrow().is_empty()
    }

    pub(super) fn choosing(&self) -> &Cell<Option<i64>> {
        &self.choosing
    }

    fn ended(&self, id: RequestId, result: Result<Done, Failure>) {
        self.imports.borrow_mut().remove(&id);
        self.pieces.borrow_mut().remove(&id);
        if self.drafts.borrow_mut().remove(&id) {
            self.wake_sealer();
        }
        let pending = self.pending.borrow_mut().remove(&id);
        if let Some(pending) = pending {
            self.at_root(|| pending.end(result));
        }
    }

    fn answered(&self, id: RequestId, answer: Answer) {
        let watch = self.watches.borrow().get(&id).cloned();
        if let Some(on_answer) = watch {
            on_answer(answer);
        }
    }

    fn piece(&self, id: RequestId, bytes: &[u8]) {
        let on_piece = self.pieces.borrow().get(&id).cloned();
        if let Some(on_piece) = on_piece {
            on_piece(bytes);
        }
    }

    fn progressed(&self, id: RequestId, progress: crate::port::Progress) {
        if let Some(pending) = self.pending.borrow().get(&id) {
            pending.progress(progress);
        }
    }
}

impl Session {
    pub(super) fn hear(self, signal: Signal) {
        let core = self.core.get_value();
        match signal {
            Signal::Broken(_) if core.is_sealing() => core.give_up_drafts(),
            Signal::Reply(reply) if core.is_sealing() => {
                if let Reply::Done { id, result } = *reply {
                    core.ended(id, result);
                }
            }
            Signal::Broken(code) => self.broken.set(Some(code.into())),
            Signal::Reply(reply) => match *reply {
                Reply::Done { id, result } => core.ended(id, result),
                Reply::Progress { id, progress } => core.progressed(id, progress),
                Reply::Piece { id, bytes } => core.piece(id, &bytes),
                Reply::Answer { id, answer } => core.answered(id, answer),
                Reply::Event(event) => self.hear_event(event),
            },
        }
    }

    fn hear_event(self, event: Event) {
        match event {
            Event::Session(phase) => {
                self.opened_or_not(phase);
                self.core.get_value().engine_is_ready();
            }
            Event::Found(found) => self.found(&found),
            Event::Sync(status) => {
                // Of one that was erased nothing is kept again.
                if let Some(Phase::Open { workspace }) = self.phase.get_untracked() {
                    settings::keep_waiting(&workspace.id, status.waiting);
                }
                self.sync.set(Some(status));
            }
            Event::Standing(standing) => self.standing.set(standing),
            Event::TakenIn { device, count, drafts, files } => {
                self.taken.set(Some((device, [count, drafts, files])));
            }
            Event::Broken { code } => self.broken.set(Some(code)),
        }
    }
}

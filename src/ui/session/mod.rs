//! The session: the root's line to the engine, and everything that must outlive a screen.
//!
//! A screen watches queries ([`Session::watch`]) and dispatches commands ([`Session::act`],
//! [`Session::dispatch`]); answers to commands are handled here, at the root, so that nothing depends
//! on a screen that may be gone. Nothing is read from a signal after an `.await` in a screen.

mod autolock;
mod core;
mod pending;
mod places;
mod toasts;
mod watch;

pub use autolock::LockAfter;
pub use pending::{Cancel, Ended, Running};
pub use places::Adding;
pub use toasts::{Said, Toast, ToastId, Toasts, Tone};
pub use watch::FromAnswer;

use self::core::Core;
use crate::port::{
    Command, Done, Failure, Hello, Nudge, Request, Session as Phase, Standing, SyncStatus, UndoToken,
    WorkspaceRef,
};
use crate::ui::platform::engine::Engine;
use crate::ui::platform::tabs::{Tabs, Told};
use crate::ui::platform::{boot, clock, sw};
use leptos::prelude::*;
use leptos::task::tick;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

/// How long locking waits for what was typed last.
const KEEPING: Duration = Duration::from_secs(1);

/// The root's line to the engine. Copies are the same session.
#[derive(Clone, Copy)]
pub struct Session {
    core: StoredValue<Rc<Core>, LocalStorage>,
    phase: RwSignal<Option<Phase>>,
    sync: RwSignal<Option<SyncStatus>>,
    standing: RwSignal<Standing>,
    broken: RwSignal<Option<String>>,
    places: RwSignal<Vec<WorkspaceRef>>,
    chosen: RwSignal<Option<WorkspaceRef>>,
    adding: RwSignal<Option<Adding>>,
    taken: RwSignal<Option<(String, [u32; 3])>>,
    toasts: Toasts,
}

/// The session of this page.
pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    /// Starts the engine; to be provided once, at the root. `locale` is told to the engine.
    pub fn start(locale: &'static str) -> Self {
        let session = Self {
            core: StoredValue::new_local(Rc::new(Core::new(locale))),
            phase: RwSignal::new(None),
            sync: RwSignal::new(None),
            standing: RwSignal::new(Standing::ALONE),
            broken: RwSignal::new(None),
            places: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(None),
            adding: RwSignal::new(None),
            taken: RwSignal::new(None),
            toasts: Toasts::new(),
        };
        session.look_up_places();
        let tabs = Tabs::open(Rc::new(move |told: Told| session.locked_elsewhere(told)));
        session.core.with_value(|core| core.keep_tabs(tabs));
        session.start_engine();
        autolock::follow(session);
        session
    }

    /// Whether there is a workspace and whether it is open; `None` until the engine has said so.
    pub fn phase(self) -> ReadSignal<Option<Phase>> {
        self.phase.read_only()
    }

    /// Where syncing stands; `None` until the engine has said so.
    pub fn sync(self) -> ReadSignal<Option<SyncStatus>> {
        self.sync.read_only()
    }

    /// What the person may do in this workspace; changes while it is open.
    pub fn standing(self) -> Standing {
        self.standing.get()
    }

    /// Whether she may change records: what writes is shown only then. Whoever may not is refused by the engine
    /// too, and by the server.
    pub fn may_write(self) -> bool {
        self.standing.with(|standing| standing.may_write())
    }

    /// A code, once the engine has met a defect of ours.
    pub fn broken(self) -> ReadSignal<Option<String>> {
        self.broken.read_only()
    }

    /// The name of a revoked device, and how many records, begun forms and files it handed over that were taken in last.
    pub fn taken(self) -> ReadSignal<Option<(String, [u32; 3])>> {
        self.taken.read_only()
    }

    /// What is said at the edge of the screen.
    pub fn toasts(self) -> Toasts {
        self.toasts
    }

    /// Tells the engine that this is a good moment to sync.
    pub fn nudge(self, nudge: Nudge) {
        self.post(&Request::Nudge(nudge), &[]);
    }

    /// Does something whose end the caller waits for: forms that show progress or the fields at fault.
    /// Await it only in a task of the root, or where nothing is lost when the screen is gone.
    pub fn run(self, command: Command) -> Running {
        self.run_with(command, &[])
    }

    /// As [`Session::run`], with files beside it.
    pub fn run_with(self, command: Command, files: &[File]) -> Running {
        let (running, request) = self.core.with_value(|core| core.begin(self, command));
        self.post(&request, files);
        running
    }

    /// As [`Session::run`], for a command that writes a file: its bytes come in order, before the end.
    pub fn run_into(self, command: Command, on_piece: impl Fn(&[u8]) + 'static) -> Running {
        let (running, request) = self.core.with_value(|core| {
            let begun = core.begin(self, command);
            core.take_pieces(&begun.1, Rc::new(on_piece));
            begun
        });
        self.post(&request, &[]);
        running
    }

    /// Does something; `then` is called at the root when it has ended, screen or no screen.
    pub fn dispatch(self, command: Command, then: impl FnOnce(Result<Done, Failure>) + 'static) {
        let request = self.core.with_value(|core| core.begin_with(command, Box::new(then)));
        self.post(&request, &[]);
    }

    /// Does something and says so with Undo; says what failed if it fails.
    pub fn act(self, command: Command, said: impl Into<Said>) {
        let said: Said = said.into();
        self.dispatch(command, move |ended| match ended {
            Ok(done) => self.toasts.say(said, done.undo),
            Err(failure) => self.toasts.failed(&failure),
        });
    }

    /// Does something silently; says what failed if it fails.
    pub fn act_quietly(self, command: Command) {
        self.dispatch(command, move |ended| {
            if let Err(failure) = ended {
                self.toasts.failed(&failure);
            }
        });
    }

    /// Takes a command back, and marks what told of it.
    pub fn undo(self, token: UndoToken) {
        self.toasts.undone(token);
        self.act_quietly(Command::Undo { token });
    }

    /// As [`Session::undo`], and says so.
    pub fn undo_saying(self, token: UndoToken, said: impl Into<Said>) {
        self.toasts.undone(token);
        let said: Said = said.into();
        self.dispatch(Command::Undo { token }, move |ended| match ended {
            Ok(_) => self.toasts.say(said, None),
            Err(failure) => self.toasts.failed(&failure),
        });
    }

    /// Whether work is under way that locking would cut off.
    pub(super) fn is_importing(self) -> bool {
        self.core.with_value(|core| core.is_importing())
    }

    /// The platform's camera or file chooser opens. That it hides the page is no reason to lock until the page is
    /// shown or touched again.
    pub fn choosing(self) {
        self.core.with_value(|core| core.choosing().set(Some(clock::now_ms())));
    }

    fn no_longer_choosing(self) {
        self.core.with_value(|core| core.choosing().set(None));
    }

    fn choosing_since(self) -> Option<i64> {
        self.core.with_value(|core| core.choosing().get())
    }

    /// Locks this tab by hand, and with it every tab of this browser that shows anything of the person's: ends the
    /// engine with all keys and starts a fresh one. A sample, which is nobody's, locks alone.
    pub fn lock(self) {
        if let Some(Phase::Open { workspace }) = self.phase.get_untracked()
            && !workspace.is_sample()
        {
            self.core.with_value(|core| core.tell_tabs(Told::Every));
        }
        self.lock_by_itself();
    }

    /// Locks every tab of this workspace, unasked. Tabs of another one are asked nothing: each looks itself whether
    /// it is time, and somebody may be at work in it.
    pub(super) fn lock_by_itself(self) {
        if let Some(Phase::Open { workspace }) = self.phase.get_untracked() {
            self.core.with_value(|core| core.tell_tabs(Told::One(&workspace.id)));
            self.seal();
        }
    }

    /// Starts a fresh engine after a defect.
    pub fn restart(self) {
        self.broken.set(None);
        self.end_engine();
    }

    /// Ends the engine with all keys, and the page with all that it showed: what it freed would lie in its memory
    /// until that is used again. Where nothing would bring the page back without a network, it stays.
    ///
    /// What was typed last is still on its way to the engine. It is waited for, in the dark and for a moment at most:
    /// the keys go in any case.
    fn seal(self) {
        let core = self.core.get_value();
        if !core.begin_sealing() {
            return;
        }
        let locked = self.locked();
        spawn_local(async move {
            // The form's own effects come first.
            tick().await;
            self.darken(None);
            let late = Rc::clone(&core);
            set_timeout(move || late.give_up_drafts(), KEEPING);
            core.drafts_are_kept().await;
            if !core.is_sealing() {
                return;
            }
            core.end();
            if sw::brings_back().await {
                boot::reload();
            } else {
                self.phase.set(locked);
                self.start_engine();
            }
        });
    }

    /// Ends the engine; an open workspace is shown as locked.
    fn end_engine(self) {
        self.end_engine_for(self.locked());
    }

    /// What is shown of an open workspace that is locked now; anything else stays.
    fn locked(self) -> Option<Phase> {
        self.phase.get_untracked().map(|phase| match phase {
            Phase::Open { workspace } => {
                let waiting = self.sync.get_untracked().map(|status| status.waiting);
                Phase::Locked { workspace, waiting, retry_at_ms: 0, passkeys: None }
            }
            phase => phase,
        })
    }

    fn end_engine_for(self, phase: Option<Phase>) {
        self.stop_engine(phase);
        self.start_engine();
    }

    fn stop_engine(self, phase: Option<Phase>) {
        self.core.get_value().end();
        self.darken(phase);
    }

    /// Nothing of what was open is shown any more.
    fn darken(self, phase: Option<Phase>) {
        self.toasts.clear();
        self.phase.set(phase);
        self.sync.set(None);
    }

    fn start_engine(self) {
        let hear = Rc::new(move |signal| self.hear(signal));
        let started = Engine::start(&boot::engine_url(), hear);
        let hello = self.hello();
        match started {
            Ok(engine) => {
                engine.post(&Request::Hello(hello), &[]);
                self.core.with_value(|core| core.attach(engine));
            }
            Err(_) => self.broken.set(Some("W0".into())),
        }
    }

    fn post(self, request: &Request, files: &[File]) {
        self.core.with_value(|core| core.post(request, files));
    }

    /// How the engine is to behave, and what it is to open: nothing where one is to be added.
    fn hello(self) -> Hello {
        let adding = self.adding.get_untracked().is_some();
        Hello {
            sync_origin: boot::sync_origin(),
            zone: clock::zone(),
            locale: self.core.with_value(|core| core.locale().to_owned()),
            workspace: self.chosen.get_untracked().filter(|_| !adding),
            known: self.places.get_untracked().into_iter().map(|known| known.id).collect(),
        }
    }
}

//! A world for the engine without a browser: stores in memory, the real server's router, a clock that is set.

mod host;
mod stopped;

use super::disk::{Refuses, Unreadable};
use super::files::TextFile;
use super::patience::{InWork, Patience};
use crate::engine::Engine;
use crate::engine::account::account_of;
use crate::engine::host::{Call, Response, Unreachable};
use crate::port::{
    Answer, Command, Done, Event, Failure, Hello, Nudge, Outcome, Query, Request, RequestId, Secret, Session,
    Stage, Standing, SyncPhase, SyncStatus, WorkspaceRef,
};
use axum::body::{Body, to_bytes};
use satchel_domain::RecordId;
use satchel_replica::{MemoryStore, Store, StoreError, StoredRow};
use satchel_server::{Limits, Service, SqliteLog, SqliteOptions, Surroundings, router};
use satchel_vault::{Signer, SpaceKey};
use satchel_wire::members::{self, SignedEntry};
use satchel_wire::{AccountId, Challenge, DeleteSpace, DeviceId, Revoke, SpaceId};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tower::ServiceExt;

/// 2026-03-02 09:00 UTC.
pub(super) const MORNING_MS: u64 = 1_772_442_000_000;
pub(super) const PASSPHRASE: &str = "correct horse battery";
const SERVER: &str = "satchel.test";
/// What is held to keep the answers to writes.
pub(super) const PUSH: &str = "/push";
/// What is held to keep the answers to changes of the account.
pub(super) const CHANGE: &str = "/accounts/change";
/// What is held to keep the answer to deleting the workspace.
pub(super) const DELETE: &str = "/delete";
/// What is held to keep the answer to signing out.
pub(super) const SIGN_OUT: &str = "/sessions/end";
/// What is held to keep the answer to what a revoked device hands over.
pub(super) const HANDOVER: &str = "/v1/handover";
/// A challenge that nobody gave.
const CHALLENGE: Challenge = Challenge { nonce: [3; 32], kdf: None, server_ms: MORNING_MS };

/// The one sync server of a test, and how many requests are in work there.
#[derive(Clone)]
pub(super) struct Server(Rc<RefCell<Running>>, Rc<Cell<u32>>);

/// What stands between a device and an honest server, and says something else.
pub(super) type Lie = Rc<dyn Fn(&Call, Response) -> Response>;

struct Running {
    router: axum::Router,
    folder: tempfile::TempDir,
    _stopping: tokio::sync::watch::Sender<bool>,
}

impl Server {
    /// The name under which devices know it.
    pub(super) const NAME: &str = SERVER;

    pub(super) fn start(clock: &Arc<AtomicU64>) -> Self {
        Self(Rc::new(RefCell::new(Running::start(clock))), Rc::default())
    }

    /// It works: who lets time pass meanwhile lets it run out, however fast the machine is.
    fn is_at_work(&self) -> bool {
        self.1.get() > 0
    }

    /// Its data is gone, and it starts anew under the same name.
    pub(super) fn empty(&self, clock: &Arc<AtomicU64>) {
        *self.0.borrow_mut() = Running::start(clock);
    }

    /// What it holds now, as it lies on its disk.
    pub(super) fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().expect("a temporary folder");
        let folder = std::fs::read_dir(self.0.borrow().folder.path()).expect("its folder");
        for file in folder.map(|file| file.expect("readable")) {
            let to = copy.path().join(file.file_name());
            if file.path().is_dir() {
                std::fs::create_dir(&to).expect("room for a copy");
                for blob in std::fs::read_dir(file.path()).expect("its folder") {
                    let blob = blob.expect("readable");
                    std::fs::copy(blob.path(), to.join(blob.file_name())).expect("room for a copy");
                }
            } else {
                std::fs::copy(file.path(), to).expect("room for a copy");
            }
        }
        copy
    }

    /// How many chunks of files lie on its disk.
    pub(super) fn blobs(&self) -> usize {
        std::fs::read_dir(self.0.borrow().folder.path().join("blobs")).expect("its folder").count()
    }

    /// Another server, over a copy.
    pub(super) fn over(copy: tempfile::TempDir, clock: &Arc<AtomicU64>) -> Self {
        Self(Rc::new(RefCell::new(Running::at(copy, clock))), Rc::default())
    }

    /// Its data is replaced by an older copy, behind everybody's back.
    pub(super) fn set_back(&self, copy: tempfile::TempDir, clock: &Arc<AtomicU64>) {
        *self.0.borrow_mut() = Running::at(copy, clock);
    }

    pub(super) async fn answer(&self, call: Call) -> Result<Response, Unreachable> {
        let _in_work = InWork::new(&self.1);
        let mut request = axum::http::Request::builder().uri(&call.path).header("accept", satchel_wire::CBOR);
        if let Some(token) = &call.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = match call.body {
            Some(body) => {
                let request = request.method("POST").header("content-type", satchel_wire::CBOR);
                request.header("content-length", body.len()).body(Body::from(body))
            }
            None => request.body(Body::empty()),
        };
        let router = self.0.borrow().router.clone();
        let answer = router.oneshot(request.expect("a request")).await.expect("the router answers");
        let header = |name: &str| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
        let (media_type, retry) = (header("content-type").unwrap_or_default(), header("retry-after"));
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), usize::MAX).await.map_err(|_| Unreachable)?.to_vec();
        let retry_after_s = retry.and_then(|seconds| seconds.parse().ok());
        Ok(Response { status, media_type, retry_after_s, body })
    }
}

impl Running {
    fn start(clock: &Arc<AtomicU64>) -> Self {
        Self::at(tempfile::tempdir().expect("a temporary folder"), clock)
    }

    fn at(folder: tempfile::TempDir, clock: &Arc<AtomicU64>) -> Self {
        let log =
            SqliteLog::open(&SqliteOptions::at(folder.path())).expect("an empty folder takes a database");
        let (stop, stopping) = tokio::sync::watch::channel(false);
        let clock = Arc::clone(clock);
        let now = Arc::new(move || clock.load(Ordering::Relaxed));
        let limits = Limits { attempts: 10_000, ..Limits::default() };
        let service = Service::new(Arc::new(log), vec![SERVER.into()], limits, now, stopping);
        let router = router(Arc::new(service), Surroundings::default());
        Self { router, folder, _stopping: stop }
    }
}

/// What the network does with the next calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    Up,
    Down,
    /// A captive portal: HTML with status 200.
    Portal,
    /// A server that says of every request that the device was revoked.
    Revoked,
    /// The server fails with this status and a problem document.
    Status(u16),
}

/// One device: its disk survives its engines.
pub(super) struct Device {
    disk: Rc<RefCell<BTreeMap<String, MemoryStore>>>,
    /// What every write to the disk fails with.
    pub(super) fails: Rc<RefCell<Option<StoreError>>>,
    pub(super) network: Rc<Cell<Network>>,
    /// How often the server was asked.
    pub(super) calls: Rc<Cell<u32>>,
    /// How the server's answers are changed on their way.
    lie: Rc<RefCell<Option<Lie>>>,
    /// What it sends is thrown away before the server hears of it.
    unheard: Rc<Cell<bool>>,
    /// Answers to requests whose path holds this are kept on their way.
    pub(super) held: Rc<Cell<Option<&'static str>>>,
    /// One of them is let through.
    pub(super) pass: Rc<Cell<bool>>,
    /// One of them is being kept.
    pub(super) keeps: Rc<Cell<bool>>,
    /// How often something was written to its disk.
    pub(super) commits: Rc<Cell<u32>>,
    /// How many bytes its disk gave.
    pub(super) reads: Rc<Cell<usize>>,
    /// What its disk does not give.
    pub(super) unreadable: Rc<Cell<Unreadable>>,
    /// Its disk drops no file.
    pub(super) clings: Rc<Cell<bool>>,
    /// Another tab that sleeps holds its databases: none is erased.
    pub(super) holds: Rc<Cell<bool>>,
    /// Its disk takes its time: no write ends.
    pub(super) stalls: Rc<Cell<bool>>,
    /// The writes that its disk has no room for.
    pub(super) refuses: Rc<RefCell<Option<Refuses>>>,
    /// The database that takes no writes of who opens it from now on.
    pub(super) shut: Rc<RefCell<Option<String>>>,
    /// The person asked her browser to save data.
    pub(super) saves_data: Rc<Cell<bool>>,
    /// What its clocks show.
    pub(super) hours_ahead: Rc<Cell<i64>>,
    pub(super) clock: Arc<AtomicU64>,
    server: Rc<RefCell<Server>>,
    seed: Cell<u64>,
}

impl Device {
    pub(super) fn new(server: &Server, clock: &Arc<AtomicU64>, seed: u64) -> Self {
        Self {
            disk: Rc::default(),
            fails: Rc::default(),
            network: Rc::new(Cell::new(Network::Up)),
            calls: Rc::default(),
            lie: Rc::default(),
            unheard: Rc::default(),
            held: Rc::default(),
            pass: Rc::default(),
            keeps: Rc::default(),
            commits: Rc::default(),
            reads: Rc::default(),
            unreadable: Rc::default(),
            clings: Rc::default(),
            holds: Rc::default(),
            stalls: Rc::default(),
            refuses: Rc::default(),
            shut: Rc::default(),
            saves_data: Rc::default(),
            hours_ahead: Rc::new(Cell::new(8)),
            clock: Arc::clone(clock),
            server: Rc::new(RefCell::new(server.clone())),
            seed: Cell::new(seed),
        }
    }

    /// Another device, of the same server.
    pub(super) fn beside(&self, seed: u64) -> Self {
        Self::new(&self.server.borrow(), &self.clock, seed)
    }

    /// From now on it hears what `lie` makes of the server's answers.
    pub(super) fn lied_to(&self, lie: Lie) {
        *self.lie.borrow_mut() = Some(lie);
    }

    /// From now on it hears what the server says.
    pub(super) fn told_the_truth(&self) {
        *self.lie.borrow_mut() = None;
        self.unheard.set(false);
    }

    /// From now on the server hears of no write that it sends.
    pub(super) fn writes_are_unheard(&self) {
        self.unheard.set(true);
    }

    /// The server that answers it.
    pub(super) fn server(&self) -> Server {
        self.server.borrow().clone()
    }

    /// From now on another server answers under the same name.
    pub(super) fn answered_by(&self, server: &Server) {
        *self.server.borrow_mut() = server.clone();
    }

    /// A fresh tab.
    pub(super) async fn tab(&self) -> Tab {
        self.tab_that_remembers(None).await
    }

    /// A tab of another device at the same server.
    pub(super) async fn another(&self, seed: u64) -> Tab {
        let other = Self::new(&self.server.borrow(), &self.clock, seed * 1_000_000);
        other.tab().await
    }

    /// The browser removes everything that was kept.
    pub(super) fn evict(&self) {
        self.disk.borrow_mut().clear();
    }

    /// A fresh tab whose UI remembers a workspace.
    pub(super) async fn tab_that_remembers(&self, workspace: Option<WorkspaceRef>) -> Tab {
        let known = workspace.iter().map(|workspace| workspace.id.clone()).collect();
        self.tab_that_knows(workspace, known).await
    }

    /// A fresh tab whose UI remembers these databases, and asks for one of them or for a new one.
    pub(super) async fn tab_that_knows(&self, workspace: Option<WorkspaceRef>, known: Vec<String>) -> Tab {
        self.seed.set(self.seed.get() + 1_000);
        let (said, server) = (Rc::new(RefCell::new(Said::default())), Rc::clone(&self.server));
        let world = World {
            disk: Rc::clone(&self.disk),
            fails: Rc::clone(&self.fails),
            network: Rc::clone(&self.network),
            calls: Rc::clone(&self.calls),
            cut_off: Cell::default(),
            lie: Rc::clone(&self.lie),
            unheard: Rc::clone(&self.unheard),
            held: Rc::clone(&self.held),
            pass: Rc::clone(&self.pass),
            keeps: Rc::clone(&self.keeps),
            commits: Rc::clone(&self.commits),
            reads: Rc::clone(&self.reads),
            unreadable: Rc::clone(&self.unreadable),
            clings: Rc::clone(&self.clings),
            holds: Rc::clone(&self.holds),
            stalls: Rc::clone(&self.stalls),
            refuses: Rc::clone(&self.refuses),
            shut: Rc::clone(&self.shut),
            saves_data: Rc::clone(&self.saves_data),
            hours_ahead: Rc::clone(&self.hours_ahead),
            clock: Arc::clone(&self.clock),
            server: Rc::clone(&self.server),
            seed: Cell::new(self.seed.get()),
            said: Rc::clone(&said),
        };
        let tab = Tab {
            engine: Engine::new(world),
            said,
            next: Cell::new(1),
            clock: Arc::clone(&self.clock),
            server,
        };
        let hello =
            Hello { zone: "Asia/Shanghai".into(), locale: "en".into(), workspace, known, ..Hello::default() };
        tab.engine.handle(Request::Hello(hello), Vec::new());
        tab.until(|said| said.session.is_some()).await;
        tab
    }

    /// Whether a workspace is on it.
    pub(super) fn has_a_workspace(&self) -> bool {
        self.disk.borrow().keys().any(|name| name != "satchel-probe")
    }

    /// Every byte on this device's disk, for the search for canaries.
    pub(super) fn stores(&self) -> Vec<MemoryStore> {
        self.disk.borrow().values().cloned().collect()
    }
}

#[derive(Default)]
pub(super) struct Said {
    /// Workspaces that the UI had forgotten.
    pub(super) found: Vec<WorkspaceRef>,
    pub(super) session: Option<Session>,
    pub(super) sync: Option<SyncStatus>,
    pub(super) standing: Option<Standing>,
    pub(super) done: BTreeMap<RequestId, Result<Done, Failure>>,
    pub(super) answers: BTreeMap<RequestId, Answer>,
    /// What a revoked device handed over and was taken in here last.
    pub(super) taken_in: Option<Event>,
    /// The bytes of the files that commands write.
    pub(super) pieces: Vec<u8>,
    /// What a command under way does.
    stages: BTreeMap<RequestId, Stage>,
}

impl Said {
    fn session_is_open(&self) -> bool {
        matches!(self.session, Some(Session::Open { .. }))
    }
}

/// One tab of a device.
pub(super) struct Tab {
    engine: Rc<Engine<World>>,
    pub(super) said: Rc<RefCell<Said>>,
    next: Cell<RequestId>,
    clock: Arc<AtomicU64>,
    server: Rc<RefCell<Server>>,
}

impl Tab {
    fn id(&self) -> RequestId {
        self.next.set(self.next.get() + 1);
        self.next.get()
    }

    pub(super) async fn run(&self, command: Command) -> Result<Done, Failure> {
        self.run_with(command, Vec::new()).await
    }

    pub(super) async fn run_with(&self, command: Command, files: Vec<TextFile>) -> Result<Done, Failure> {
        let id = self.id();
        self.engine.handle(Request::Do { id, command }, files);
        self.until(|said| said.done.contains_key(&id)).await;
        self.said.borrow_mut().done.remove(&id).expect("waited for")
    }

    pub(super) async fn created(&self, command: Command) -> RecordId {
        match self.run(command).await.expect("a valid command").outcome {
            Outcome::Created(id) => id,
            other => panic!("created nothing: {other:?}"),
        }
    }

    /// What a screen would show now.
    pub(super) async fn ask(&self, query: Query) -> Answer {
        let id = self.id();
        self.engine.handle(Request::Watch { id, query }, Vec::new());
        self.until(|said| said.answers.contains_key(&id)).await;
        self.engine.handle(Request::Forget { id }, Vec::new());
        self.said.borrow_mut().answers.remove(&id).expect("waited for")
    }

    pub(super) fn watch(&self, query: Query) -> RequestId {
        let id = self.id();
        self.engine.handle(Request::Watch { id, query }, Vec::new());
        id
    }

    /// Nobody looks at it any more.
    pub(super) fn forget(&self, id: RequestId) {
        self.engine.handle(Request::Forget { id }, Vec::new());
        self.said.borrow_mut().answers.remove(&id);
    }

    pub(super) async fn create_workspace(&self) {
        let command =
            Command::CreateWorkspace { name: "Northport".into(), passphrase: Secret(PASSPHRASE.into()) };
        self.run(command).await.expect("a fresh device takes a workspace");
    }

    pub(super) async fn device_code(&self) -> String {
        let command = Command::RevealDeviceCode { passphrase: Secret(PASSPHRASE.into()) };
        match self.run(command).await.expect("the passphrase is right").outcome {
            Outcome::DeviceCode(code) => code.0,
            other => panic!("no code: {other:?}"),
        }
    }

    /// The session of the open workspace, and its space.
    pub(super) fn session(&self) -> (String, SpaceId) {
        let open = self.engine.opened().expect("it is open");
        (open.token().expect("it is signed in"), open.meta().space)
    }

    /// Whose workspace is open.
    pub(super) fn account(&self) -> AccountId {
        account_of(&self.engine.opened().expect("it is open").meta())
    }

    /// What the person at this tab can sign in the name of `account`: that a space is deleted.
    pub(super) fn signs_deletion(&self, account: AccountId, space: SpaceId) -> DeleteSpace {
        let open = self.engine.opened().expect("it is open");
        let signer = Signer { account, slot: open.entrance().slot, device: open.meta().device };
        open.entrance().login.sign_delete(open.team.identity(), SERVER, &CHALLENGE, signer, space)
    }

    /// What the person at this tab can sign in the name of `account`: that a device is revoked.
    pub(super) fn signs_revocation(&self, account: AccountId, revoked: DeviceId) -> Revoke {
        let open = self.engine.opened().expect("it is open");
        let signer = Signer { account, slot: open.entrance().slot, device: open.meta().device };
        open.entrance().login.sign_revoke(SERVER, &CHALLENGE, signer, revoked)
    }

    /// What the person at this tab signs the log with.
    pub(super) fn signs_entry(&self, body: &members::Body) -> SignedEntry {
        let signature = self.engine.opened().expect("it is open").team.identity().sign_entry(&body.bytes());
        SignedEntry { body: body.bytes(), signature, invitation: None }
    }

    /// The epochs of the open space whose keys are here.
    pub(super) fn epochs(&self) -> Vec<u32> {
        let open = self.engine.opened().expect("it is open");
        let space = open.meta().space;
        open.replica.with_keys(|keyring, _| (0..10).filter(|n| keyring.key(space, *n).is_some()).collect())
    }

    /// The key of an epoch of the open space.
    pub(super) fn key(&self, epoch: u32) -> SpaceKey {
        let open = self.engine.opened().expect("it is open");
        let space = open.meta().space;
        open.replica.with_keys(|keyring, _| keyring.key(space, epoch).expect("it is here").again())
    }

    /// Has the device keep a sealed local item.
    pub(super) async fn keeps(&self, name: &str, bytes: &[u8]) {
        let open = self.engine.opened().expect("it is open");
        open.replica.put_local(name, bytes).await.expect("the disk takes it");
    }

    /// Which device it is.
    pub(super) fn device(&self) -> DeviceId {
        self.engine.opened().expect("it is open").meta().device
    }

    /// The world's clock, ms since 1970 UTC.
    pub(super) fn clock(&self) -> &AtomicU64 {
        &self.clock
    }

    /// Lets a little time pass, unless the server works: its challenges would be too old when they arrive.
    pub(super) fn lets_time_pass(&self) {
        if !self.server.borrow().is_at_work() {
            self.clock.fetch_add(20, Ordering::Relaxed);
        }
    }

    /// Another tab of the same device says that it has changed these.
    pub(super) fn hears_of(&self, ids: Vec<RecordId>) {
        let open = self.engine.opened().expect("it is open");
        self.engine.changed_elsewhere(&open.id, ids);
    }

    pub(super) fn nudge(&self, nudge: Nudge) {
        self.engine.handle(Request::Nudge(nudge), Vec::new());
    }

    /// Until everything is on the server and everything of the server is here.
    pub(super) async fn synced(&self) {
        // A look that began before the nudge does not count.
        self.clock.fetch_add(1, Ordering::Relaxed);
        let since = self.clock.load(Ordering::Relaxed);
        self.nudge(Nudge::Asked);
        let fresh = |sync: &SyncStatus| sync.phase == SyncPhase::Synced && sync.synced_at_ms >= Some(since);
        self.until(|said| said.sync.as_ref().is_some_and(fresh)).await;
    }

    /// Waits until what is asked of the engine is as wanted.
    pub(super) async fn until_told(&self, holds: impl AsyncFn() -> bool) {
        let patience = Patience::new();
        while !holds().await {
            assert!(patience.is_left(), "never came: {:?}", self.said.borrow().sync);
        }
    }

    /// Everything that this device keeps of the workspace, opened with its keys: rows with what they were made
    /// from, history, and what only the device keeps.
    pub(super) async fn everything(&self) -> Vec<String> {
        let open = self.engine.opened().expect("it is open");
        let mut found = Vec::new();
        for row in open.replica.store().scan(None, usize::MAX).await.expect("reads") {
            let base = row.state.base().map(|base| base.envelope.clone());
            for envelope in base.into_iter().chain([row.envelope.clone()]) {
                let plain = open.replica.plain(&StoredRow { envelope, ..row.clone() });
                found.extend(plain.map(|plain| String::from_utf8_lossy(&plain).into_owned()));
            }
        }
        let locals = open.replica.locals("").await.expect("reads").into_iter();
        found.extend(locals.map(|(key, bytes)| format!("{key} {}", String::from_utf8_lossy(&bytes))));
        found
    }

    /// Gives the other tasks their turns until something holds; a bounded number of turns, no time.
    pub(super) async fn until(&self, holds: impl Fn(&Said) -> bool) {
        let (said, patience) = (&self.said, Patience::new());
        while !holds(&said.borrow()) {
            assert!(patience.is_left(), "never came: {:?}", (&said.borrow().session, &said.borrow().sync));
            tokio::task::yield_now().await;
        }
    }
}

/// The engine's host in tests.
pub(super) struct World {
    disk: Rc<RefCell<BTreeMap<String, MemoryStore>>>,
    fails: Rc<RefCell<Option<StoreError>>>,
    network: Rc<Cell<Network>>,
    calls: Rc<Cell<u32>>,
    cut_off: Cell<bool>,
    lie: Rc<RefCell<Option<Lie>>>,
    unheard: Rc<Cell<bool>>,
    held: Rc<Cell<Option<&'static str>>>,
    pass: Rc<Cell<bool>>,
    keeps: Rc<Cell<bool>>,
    commits: Rc<Cell<u32>>,
    reads: Rc<Cell<usize>>,
    unreadable: Rc<Cell<Unreadable>>,
    clings: Rc<Cell<bool>>,
    holds: Rc<Cell<bool>>,
    stalls: Rc<Cell<bool>>,
    refuses: Rc<RefCell<Option<Refuses>>>,
    shut: Rc<RefCell<Option<String>>>,
    saves_data: Rc<Cell<bool>>,
    hours_ahead: Rc<Cell<i64>>,
    clock: Arc<AtomicU64>,
    server: Rc<RefCell<Server>>,
    seed: Cell<u64>,
    said: Rc<RefCell<Said>>,
}

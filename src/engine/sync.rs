//! Drives the replica's sync machine: one step after another, asleep in between, woken by whatever may help.

use super::arrivals::Arrivals;
use super::files::keep_sent;
use super::host::{Call, Host};
use super::pages::keep_packed;
use super::resealing::keep_resealed;
use super::transport::{self, Trouble};
use super::workspace::Workspace;
use crate::port::{
    Event, Failure, FailureCode, Moving, Nudge, Reply, SyncPhase, SyncStatus, SyncTrouble, Way,
};
use futures_util::future::select;
use satchel_domain::RecordId;
use satchel_replica::{
    Attention, Done, Fault, Outcome, Phase, Start, Step, Sync, Transport, Wake, carry_out,
};
use satchel_vault::SpaceKey;
use satchel_wire::{Changes, Digest, Hint, Push, PushAnswer, Refusal, SpaceState, Verdict};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

/// How long a hint stream that broke is left alone, ms.
const LISTEN_AGAIN_MS: u64 = 20_000;
/// How often is looked for the first session, ms.
const SESSION_YET_MS: u64 = 2_000;
/// How long a restore is left alone that could not be ended, ms.
const END_AGAIN_MS: u64 = 60_000;
/// How long signing out waits for the server, ms.
const SIGN_OUT_MS: u64 = 2_000;

/// The status of a server that lets the space hold no more.
const SPACE_FULL: u16 = 507;

/// From so many records on, a way in or out is told with numbers.
const LONG_WAY: u64 = 500;

/// Where syncing stands in this tab.
pub(super) struct Syncing {
    machine: RefCell<Sync>,
    bell: Bell,
    pub(super) token: RefCell<Option<String>>,
    /// Counts how often the account was changed here, so that the server has to be told by signing in.
    changes: Cell<u32>,
    /// Counts what failed.
    pub(super) failures: Cell<u64>,
    pub(super) last_fault: Cell<Option<Fault>>,
    offline_since_ms: Cell<Option<u64>>,
    /// What this device's store failed with last, until a step goes well.
    store_failed: Cell<Option<FailureCode>>,
    /// Where the way in began, as a number of the log; where the way out began, as what waited then.
    began: Cell<Option<(Way, u64)>>,
    moving: Cell<Option<Moving>>,
    /// The server knows the account, but not the way that this device comes by.
    elsewhere: Cell<bool>,
    /// The server knows the space as another account's.
    space_taken: Cell<bool>,
    /// The log has begun an epoch whose key it does not give this device.
    keyless: Cell<bool>,
    /// The server said that this device was revoked.
    pub(super) revoked: Cell<bool>,
    /// Steps are being carried out right now.
    busy: Cell<bool>,
    /// Records that a person edited since the step began that is under way.
    pub(super) edited: RefCell<BTreeSet<RecordId>>,
    told: RefCell<Option<SyncStatus>>,
    pub(super) arrivals: Arrivals,
}

impl Syncing {
    pub(super) fn new(start: Start) -> Self {
        Self {
            machine: RefCell::new(Sync::new(start)),
            bell: Bell::default(),
            token: RefCell::default(),
            changes: Cell::default(),
            failures: Cell::default(),
            last_fault: Cell::default(),
            offline_since_ms: Cell::default(),
            store_failed: Cell::default(),
            began: Cell::default(),
            moving: Cell::default(),
            elsewhere: Cell::default(),
            space_taken: Cell::default(),
            keyless: Cell::default(),
            revoked: Cell::default(),
            busy: Cell::default(),
            edited: RefCell::default(),
            told: RefCell::default(),
            arrivals: Arrivals::default(),
        }
    }

    /// Notes why the server did not take the account, if it did not: the passphrase was changed on another device, or
    /// the space is somebody else's there.
    pub(super) fn answered_registration(&self, trouble: Option<Trouble>) {
        self.elsewhere.set(trouble == Some(Trouble::Conflict));
        self.space_taken.set(trouble == Some(Trouble::SpaceTaken));
    }

    fn learn(&self, outcome: &Outcome, now_ms: u64) {
        match outcome {
            Outcome::Failed(fault) => {
                self.last_fault.set(Some(*fault));
                self.failures.set(self.failures.get().wrapping_add(1));
                if self.offline_since_ms.get().is_none() {
                    self.offline_since_ms.set(Some(now_ms));
                }
                if matches!(fault, Fault::Status { status: 401, .. }) {
                    *self.token.borrow_mut() = None;
                }
            }
            Outcome::StoreFailed { .. } => {}
            _ => {
                self.last_fault.set(None);
                self.offline_since_ms.set(None);
                self.store_failed.set(None);
            }
        }
        self.follow(outcome);
    }

    /// Follows a long way in or out. `since` of the first page is not in its outcome: it was noted before.
    fn follow(&self, outcome: &Outcome) {
        let moving = match (*outcome, self.began.get()) {
            (Outcome::Pulled(progress), Some((Way::In, from))) => {
                moving(Way::In, progress.seq.saturating_sub(from), progress.head.saturating_sub(from))
            }
            (Outcome::Pushed { progress, .. }, Some((Way::Out, all))) => {
                moving(Way::Out, all.saturating_sub(progress.waiting), all)
            }
            (Outcome::Registered | Outcome::SignedIn, _) => return,
            _ => None,
        };
        if moving.is_none() {
            self.began.set(None);
        }
        self.moving.set(moving);
    }

    /// Notes where a long way begins: a step of another way ends the one before.
    fn set_out(&self, step: Step, waiting: u64) {
        let began = match (step, self.began.get()) {
            (Step::Pull { .. }, Some((Way::In, _))) | (Step::Push(_), Some((Way::Out, _))) => return,
            (Step::Pull { since, .. }, _) => Some((Way::In, since)),
            (Step::Push(_), _) => Some((Way::Out, waiting)),
            _ => return,
        };
        self.began.set(began);
    }
}

/// A way that is worth numbers, until its end.
fn moving(way: Way, done: u64, total: u64) -> Option<Moving> {
    let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let on_its_way = total >= LONG_WAY && done < total;
    on_its_way.then(|| Moving { way, done: number(done), total: number(total) })
}

/// Wakes the one task that waits for it; a ring before the waiting counts.
#[derive(Default)]
pub(super) struct Bell {
    rung: Cell<bool>,
    waiter: RefCell<Option<Waker>>,
}

impl Bell {
    pub(super) fn ring(&self) {
        self.rung.set(true);
        if let Some(waiter) = self.waiter.take() {
            waiter.wake();
        }
    }

    pub(super) async fn heard(&self) {
        poll_fn(|context| {
            if self.rung.take() {
                return Poll::Ready(());
            }
            *self.waiter.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl<H: Host> Workspace<H> {
    /// Begins to sync, for as long as the workspace is open; a sample never does.
    pub(super) fn start_sync(self: &Rc<Self>) {
        self.tell_status();
        if self.apart {
            return;
        }
        let steps = Rc::downgrade(self);
        self.host.spawn(run(Rc::clone(&self.host), steps));
        let hints = Rc::downgrade(self);
        self.host.spawn(follow_hints(Rc::clone(&self.host), hints));
        self.host.spawn(keep_sent(Rc::clone(&self.host), Rc::downgrade(self)));
        self.host.spawn(keep_packed(Rc::clone(&self.host), Rc::downgrade(self)));
        self.host.spawn(keep_resealed(Rc::clone(&self.host), Rc::downgrade(self)));
    }

    /// The session's token, if there is a session.
    pub(super) fn token(&self) -> Option<String> {
        self.syncing.token.borrow().clone()
    }

    pub(super) fn wake_sync(&self, wake: Wake) {
        self.syncing.machine.borrow_mut().wake(wake);
        self.syncing.bell.ring();
    }

    /// Gives up the session, so that the next step signs in and what the account is gets told.
    pub(super) fn sign_in_again(&self) {
        *self.syncing.token.borrow_mut() = None;
        self.syncing.changes.set(self.syncing.changes.get().wrapping_add(1));
        self.wake_sync(Wake::Focus);
    }

    /// Has the server forget the session: this device is signed out. Where the server is not there, the session ends
    /// by itself within hours, and its token is gone with this device's memory.
    pub(super) async fn end_session(&self) {
        let Some(token) = self.syncing.token.borrow_mut().take() else { return };
        let path = "/v1/sessions/end".to_owned();
        let call = Call { path, token: Some(token), body: Some(Vec::new()), keepalive: true };
        select(pin!(self.host.send(call)), pin!(self.host.sleep(SIGN_OUT_MS))).await;
    }

    pub(super) fn nudge(&self, nudge: Nudge) {
        match nudge {
            Nudge::Online => {
                self.wake_sync(Wake::Online);
                self.wake_files();
            }
            Nudge::Shown | Nudge::Asked => {
                self.wake_sync(Wake::Focus);
                self.wake_files();
            }
            // Nothing is to be hoped for, and what is being typed is durable already.
            Nudge::Offline => {}
            Nudge::Hidden => self.wake_sync(Wake::Write { waiting: self.waiting_count().into() }),
        }
    }

    /// Steps until there is nothing to do; returns when to look again, ms since 1970 UTC.
    pub(super) async fn round(&self) -> u64 {
        if !self.has_ended_restore().await {
            return self.host.now_ms().saturating_add(END_AGAIN_MS);
        }
        loop {
            self.follow_team().await;
            self.syncing.machine.borrow_mut().mute(self.may_write().is_err());
            let step = self.syncing.machine.borrow_mut().poll(self.host.now_ms());
            if let Step::Idle { until } = step {
                return until;
            }
            self.syncing.busy.set(true);
            self.syncing.set_out(step, self.waiting_count().into());
            self.tell_status();
            let entered = self.entered();
            self.syncing.edited.take();
            let done = carry_out(step, &self.replica, self, || self.host.now_ms()).await;
            self.learn(done, entered).await;
            self.tell_status();
        }
    }

    /// What a step brought enters the book and the machine.
    async fn learn(&self, done: Done, entered: u64) {
        let Done { outcome, news, error } = done;
        self.settled(&news.settled);
        let settled = news.settled.len();
        let shown = self.arrive(news, entered).await;
        let now_ms = self.host.now_ms();
        if let (Outcome::StoreFailed { .. }, Some(error)) = (outcome, error) {
            self.store_failed(Failure::from(error).code);
        }
        self.syncing.learn(&outcome, now_ms);
        self.syncing.machine.borrow_mut().handle(outcome, now_ms, self.random_u64());
        self.erase_if_due(&outcome, now_ms).await;
        if settled > 0 || shown {
            self.changed();
        }
    }

    /// What came could not be kept here. A store that is lost altogether ends the session.
    fn store_failed(&self, code: FailureCode) {
        self.syncing.store_failed.set(Some(code));
        if let Some(engine) = self.engine.upgrade() {
            engine.shut_if_lost(code);
        }
    }

    /// Puts the exact counts in place once a round is over.
    async fn rest(self: &Rc<Self>) {
        self.syncing.busy.set(false);
        self.syncing.began.set(None);
        self.syncing.moving.set(None);
        self.reload_missed().await;
        // The counts only decorate; a failure shows the old ones until the next round.
        let _ = self.count_waiting().await;
        let _ = self.count_reviews().await;
        // Neither does what the other devices see of this one.
        let _ = self.report_if_changed().await;
        if let Some(engine) = self.engine.upgrade() {
            engine.leave_if_revoked(self);
        }
        self.files.bell.ring();
        self.tell_status();
        self.changed();
    }

    /// Tells the UI, if it has changed.
    pub(super) fn tell_status(&self) {
        if self.unseen.get() {
            return;
        }
        self.tell_standing();
        let status = self.status();
        if self.syncing.told.replace(Some(status)) != Some(status) {
            self.host.post(Reply::Event(Event::Sync(status)));
        }
    }

    pub(super) fn status(&self) -> SyncStatus {
        let status = self.syncing.machine.borrow().status(self.host.now_ms());
        SyncStatus {
            phase: self.phase(status.phase),
            waiting: self.waiting_count(),
            files: self.files_waiting(),
            review: self.reviews.get().saturating_add(self.files_lost()),
            aside: u32::try_from(self.replica.set_aside().len()).unwrap_or(u32::MAX),
            synced_at_ms: status.synced_ms,
            offline_since_ms: self.syncing.offline_since_ms.get(),
            verified_at_ms: status.verified.map(|checked| checked.at_ms),
            verified_records: status
                .verified
                .map_or(0, |checked| u32::try_from(checked.records).unwrap_or(u32::MAX)),
            differs: status.phase == Phase::NeedsAttention(Attention::Differs),
            forked: status.phase == Phase::NeedsAttention(Attention::Forked) || self.team.is_doubtful(),
            moving: self.syncing.moving.get(),
            resealing: self.reseal.told(),
        }
    }

    /// The machine remembers what the server said no to until the next good answer. To a person it is told only while
    /// the server's last word was no: if nobody answered since, or it let this device in, that is how it stands. Where
    /// the person has to do something, that stays.
    fn as_said_last(&self, phase: Phase) -> Phase {
        let said_no = match self.syncing.last_fault.get() {
            Some(Fault::Status { status, .. }) => {
                (400..500).contains(&status) && !matches!(status, 408 | 425 | 429)
            }
            _ => false,
        };
        let syncing = &self.syncing;
        let hers_to_do =
            [&syncing.elsewhere, &syncing.space_taken, &syncing.revoked].into_iter().any(Cell::get);
        match phase {
            Phase::NeedsAttention(
                Attention::SignInRefused | Attention::Forbidden | Attention::Rejected { .. },
            ) if !said_no && !hers_to_do => Phase::Syncing,
            phase => phase,
        }
    }

    fn phase(&self, phase: Phase) -> SyncPhase {
        if self.apart {
            return SyncPhase::Apart;
        }
        let fault = self.syncing.last_fault.get();
        // A full disk does not heal by waiting: it is said at once.
        if self.syncing.store_failed.get() == Some(FailureCode::StorageFull) {
            return SyncPhase::Trouble(SyncTrouble::DeviceFull);
        }
        if self.team.deleted().is_some() {
            return SyncPhase::Trouble(SyncTrouble::Deleted);
        }
        if self.team.is_removed() {
            return SyncPhase::Trouble(SyncTrouble::Removed);
        }
        if self.may_write().is_err() && self.waiting_count() > 0 && phase != Phase::Offline {
            return SyncPhase::Trouble(SyncTrouble::ReadOnly);
        }
        match (self.as_said_last(phase), fault) {
            (Phase::NeedsAttention(Attention::SignInRefused), _) if self.syncing.elsewhere.get() => {
                SyncPhase::Trouble(SyncTrouble::PassphraseChanged)
            }
            (Phase::NeedsAttention(Attention::SignInRefused), _) if self.syncing.space_taken.get() => {
                SyncPhase::Trouble(SyncTrouble::SpaceTaken)
            }
            (Phase::NeedsAttention(Attention::Forbidden), _) if self.syncing.revoked.get() => {
                SyncPhase::Trouble(SyncTrouble::Revoked)
            }
            (Phase::NeedsAttention(Attention::SignInRefused | Attention::Forbidden), _) => {
                SyncPhase::Trouble(SyncTrouble::Refused)
            }
            // Even one record alone was too much for whoever answers: a proxy with a limit of its own.
            (Phase::NeedsAttention(Attention::Rejected { status: 413 }), _) => {
                SyncPhase::Trouble(SyncTrouble::ServerError)
            }
            (Phase::NeedsAttention(Attention::Rejected { .. }), _) => {
                SyncPhase::Trouble(SyncTrouble::Incompatible)
            }
            (_, Some(Fault::NotOurs)) if self.syncing.keyless.get() => {
                SyncPhase::Trouble(SyncTrouble::KeyMissing)
            }
            (_, Some(Fault::NotOurs)) => SyncPhase::Trouble(SyncTrouble::NotTheServer),
            (_, Some(Fault::Status { status: 429, .. })) => SyncPhase::Trouble(SyncTrouble::Busy),
            (_, Some(Fault::Status { status: SPACE_FULL, .. })) => SyncPhase::Trouble(SyncTrouble::SpaceFull),
            (_, Some(Fault::Status { status: 500.., .. })) => SyncPhase::Trouble(SyncTrouble::ServerError),
            (_, Some(Fault::Offline | Fault::Timeout)) | (Phase::Offline, _) => SyncPhase::Offline,
            (Phase::Syncing, _) if self.syncing.busy.get() => SyncPhase::Syncing,
            (Phase::Syncing | Phase::Waiting, _) => SyncPhase::Waiting,
            // What came could not be kept here: it is asked for again.
            (Phase::NeedsAttention(Attention::Store), _) => SyncPhase::Trouble(SyncTrouble::DeviceStore),
            // A saved edit may not have reached the machine yet: "synced" is never said too early.
            (Phase::Synced | Phase::NeedsAttention(_), _) if self.waiting_count() > 0 => SyncPhase::Waiting,
            // Both sides were read and compared, and still something is wrong: said beside the state.
            (Phase::NeedsAttention(Attention::Differs | Attention::Forked), _) => SyncPhase::Synced,
            (Phase::Synced | Phase::NeedsAttention(Attention::SetAside), _) => SyncPhase::Synced,
        }
    }
}

async fn run<H: Host>(host: Rc<H>, workspace: Weak<Workspace<H>>) {
    loop {
        let until = {
            let Some(open) = workspace.upgrade() else { return };
            let name = open.id.clone();
            let until = host.alone(&name, open.round()).await;
            open.rest().await;
            until
        };
        let pause = until.saturating_sub(host.now_ms()).max(1);
        let Some(open) = workspace.upgrade() else { return };
        let (slept, heard) = (pin!(host.sleep(pause)), pin!(open.syncing.bell.heard()));
        select(slept, heard).await;
    }
}

/// Keeps a stream of hints open while there is a session.
async fn follow_hints<H: Host>(host: Rc<H>, workspace: Weak<Workspace<H>>) {
    loop {
        let Some(open) = workspace.upgrade() else { return };
        let token = open.syncing.token.borrow().clone();
        let path = format!("/v1/spaces/{}/hints", open.meta().space.to_hex());
        drop(open);
        let pause = if token.is_some() { LISTEN_AGAIN_MS } else { SESSION_YET_MS };
        if token.is_some() {
            let call = Call { path, token, body: None, keepalive: false };
            let listener = workspace.clone();
            let on_hint = Rc::new(move |Hint { head, members }| {
                if let Some(open) = listener.upgrade() {
                    open.team.hinted(members);
                    open.wake_sync(Wake::Hint { head });
                }
            });
            // A lost stream costs latency only; one that the server ended may mean that she is in no more.
            if host.listen(call, on_hint).await.is_ok()
                && let Some(open) = workspace.upgrade()
            {
                open.wake_sync(Wake::Focus);
            }
        }
        host.sleep(if workspace.strong_count() == 0 { 0 } else { pause }).await;
    }
}

impl<H: Host> Transport for Workspace<H> {
    async fn register(&self) -> Result<(), Fault> {
        self.register_account().await.map_err(fault)
    }

    async fn sign_in(&self) -> Result<(), Fault> {
        // Who signs in while the account is being changed has told the server of it as it was: once more, or it would
        // wait until the session ends.
        loop {
            let changes = self.syncing.changes.get();
            let token = self.sign_in_and_meet().await.map_err(fault)?;
            if changes == self.syncing.changes.get() {
                *self.syncing.token.borrow_mut() = Some(token);
                // What fails is done at the next sign-in: until then the server does not know the space.
                let _ = self.found_if_due().await;
                self.report_again();
                return Ok(());
            }
        }
    }

    async fn changes(&self, since: u64, limit: u32, floor: u64) -> Result<Changes, Fault> {
        let space = self.meta().space.to_hex();
        let path = format!("/v1/spaces/{space}/changes?since={since}&limit={limit}&floor={floor}");
        let answer = transport::get(&*self.host, path, self.token()).await;
        let changes: Changes = self.admitted(answer).await?;
        self.heard_of_team(&changes.space).await?;
        Ok(changes)
    }

    async fn digest(&self) -> Result<Digest, Fault> {
        let path = format!("/v1/spaces/{}/digest", self.meta().space.to_hex());
        let digest: Digest = transport::get(&*self.host, path, self.token()).await.map_err(fault)?;
        self.team.shown(digest.space.members);
        Ok(digest)
    }

    async fn push(&self, push: &Push) -> Result<PushAnswer, Fault> {
        let path = format!("/v1/spaces/{}/push", self.meta().space.to_hex());
        let answer = transport::post(&*self.host, path, self.token(), push).await;
        if matches!(answer, Err(Trouble::Refused)) && self.lost_the_right_to_write().await {
            return Err(Fault::Status { status: 503, retry_after_ms: None });
        }
        let answer: PushAnswer = self.admitted(answer).await?;
        self.heard_of_team(&answer.space).await?;
        if self.is_behind(&answer) {
            return Err(Fault::Status { status: 503, retry_after_ms: None });
        }
        Ok(answer)
    }
}

impl<H: Host> Workspace<H> {
    /// A member who may not even read any more was removed, or the space was deleted: that has to be shown.
    async fn admitted<T>(&self, answer: Result<T, Trouble>) -> Result<T, Fault> {
        match &answer {
            Err(Trouble::NotMember) => self.hear_of_removal().await,
            Err(Trouble::Deleted) => self.hear_of_deletion().await,
            _ => {}
        }
        answer.map_err(fault)
    }
}

impl<H: Host> Workspace<H> {
    /// The server takes nothing from her: whether the log says why. Then nothing more is offered, and the rest
    /// goes on.
    async fn lost_the_right_to_write(&self) -> bool {
        // What fails is asked again with the next step.
        let _ = self.read_on().await;
        self.tell_status();
        self.may_write().is_err()
    }

    /// A server that was set back refuses an epoch that it has forgotten: what is sealed under it is offered again,
    /// once somebody has said the entries again that it lost.
    fn is_behind(&self, answer: &PushAnswer) -> bool {
        let refused = |verdict: &Verdict| matches!(verdict, Verdict::Refused { reason: Refusal::Epoch });
        let here = self.meta().space;
        let newest = self.replica.with_keys(|keyring, _| keyring.newest(here).map(SpaceKey::epoch));
        newest > Some(answer.space.epoch) && answer.verdicts.iter().any(refused)
    }

    /// What an answer brings may be sealed under an epoch that began since: its key is fetched first, so that
    /// nothing is set aside for want of it.
    async fn heard_of_team(&self, space: &SpaceState) -> Result<(), Fault> {
        self.team.shown(space.members);
        self.follow_team().await;
        let here = self.meta().space;
        let newest = self.replica.with_keys(|keyring, _| keyring.newest(here).map(SpaceKey::epoch));
        let lacks = |epoch: u32| newest.is_none_or(|newest| newest < epoch);
        let begun = self.team.epoch();
        self.syncing.keyless.set(begun.is_some_and(|begun| begun >= space.epoch && lacks(begun)));
        if !lacks(space.epoch) {
            return Ok(());
        }
        // The log did not say what this answer says, or gives this device no key of it: it is read again with the
        // next one.
        self.team.read_again();
        Err(Fault::NotOurs)
    }
}

/// A trouble as the sync machine knows it.
fn fault(trouble: Trouble) -> Fault {
    let status = |status| Fault::Status { status, retry_after_ms: None };
    match trouble {
        Trouble::Unreachable => Fault::Offline,
        Trouble::NotTheServer => Fault::NotOurs,
        Trouble::Unauthorized => status(401),
        Trouble::Refused | Trouble::Revoked | Trouble::NotMember | Trouble::Deleted => status(403),
        Trouble::NotFound => status(404),
        Trouble::Conflict | Trouble::SpaceTaken => status(409),
        Trouble::Gone => status(410),
        Trouble::TooLarge => status(413),
        Trouble::Busy(seconds) => Fault::Status {
            status: 429,
            retry_after_ms: seconds.map(|seconds| seconds.saturating_mul(1_000)),
        },
        Trouble::SpaceFull => status(SPACE_FULL),
        Trouble::Failed => status(500),
        Trouble::Incompatible => status(400),
    }
}

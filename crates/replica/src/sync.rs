//! The sync state machine: what to do next, decided without doing it.
//!
//! [`Sync::poll`] names the next step, [`Sync::handle`] learns how it went. Time and randomness come as
//! arguments; there is no timer, request or store in here, so that a simulator can drive years in a second.

use crate::backoff::Backoff;
use crate::status::{Attention, Checked, Phase, Progress, Start, Status};
use satchel_wire::{MAX_CHANGES, MAX_PUSH_BYTES, MAX_PUSH_WRITES};

/// How much one push may carry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Most writes.
    pub writes: usize,
    /// Most bytes of the whole body.
    pub bytes: usize,
    /// Most bytes of one intent, which is sent alone and whole where it exceeds the other two.
    pub intent: usize,
}

impl Limits {
    /// What the protocol allows.
    pub const FULL: Self = Self { writes: MAX_PUSH_WRITES, bytes: MAX_PUSH_BYTES, intent: MAX_PUSH_BYTES };

    fn halved(self) -> Option<Self> {
        let Self { writes, bytes, intent } = self;
        let halved = |of| halved(of, 4 * 1024);
        (writes > 1).then(|| Self { writes: writes / 2, bytes: halved(bytes), intent: halved(intent) })
    }

    /// For a link that carries less; never so little that the overhead is all that is sent. What belongs together is
    /// torn last: only where it did not get through whole although nothing else went with it.
    fn slower(self) -> Self {
        let Self { writes, bytes, intent } = self;
        let is_least = bytes <= FEWEST_BYTES;
        Self {
            writes: halved(writes, FEWEST_WRITES),
            bytes: halved(bytes, FEWEST_BYTES),
            intent: if is_least { halved(intent, FEWEST_BYTES) } else { intent },
        }
    }

    fn doubled(self) -> Self {
        let Self { writes, bytes, intent } = Self::FULL;
        Self {
            writes: (self.writes * 2).min(writes),
            bytes: (self.bytes * 2).min(bytes),
            intent: (self.intent * 2).min(intent),
        }
    }
}

/// Half of it, but not below `least`; what is below already stays.
fn halved(of: usize, least: usize) -> usize {
    (of / 2).max(of.min(least))
}

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Tell the server about the account.
    Register,
    /// Get a session.
    SignIn,
    /// Read the page of changes after this number.
    Pull {
        /// The cursor.
        since: u64,
        /// Most rows.
        limit: u32,
    },
    /// Offer again what a restored server has lost, forget what it has purged: a step on this device's disk only.
    Sweep,
    /// Compare what the server holds with what is known here.
    Verify,
    /// Read everything again and offer what the server lacks: a step on this device's disk only.
    Repair,
    /// Send the first of what waits.
    Push(Limits),
    /// Nothing until then, ms, or until [`Sync::wake`].
    Idle {
        /// When to ask again.
        until: u64,
    },
}

/// Why a request had no good answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It never arrived: no network, no such host, connection refused or reset.
    Offline,
    /// No answer in time.
    Timeout,
    /// An answer that is not this protocol's, such as a captive portal's page with status 200.
    NotOurs,
    /// The server said no.
    Status {
        /// The HTTP status.
        status: u16,
        /// What it asked to wait, ms.
        retry_after_ms: Option<u64>,
    },
}

/// How a step went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The account is registered.
    Registered,
    /// There is a session.
    SignedIn,
    /// A page was applied.
    Pulled(Progress),
    /// The server's data was restored or emptied: everything is to be read again from the start.
    Reset,
    /// Part of the sweep was done.
    Swept(Progress),
    /// A push was settled.
    Pushed {
        /// Where things stand.
        progress: Progress,
        /// How many rows left the outbox; 0 when all were merged and wait again.
        settled: usize,
    },
    /// The server holds what is known here.
    Verified(Checked),
    /// Nothing was compared: [`crate::Safeguard::Digest`] is off.
    Unverifiable,
    /// The server holds something else, at the same number.
    Differs,
    /// The request failed.
    Failed(Fault),
    /// This device's store failed; the step changed nothing.
    StoreFailed {
        /// Trying again cannot help.
        permanent: bool,
    },
}

/// Why sync may be asked to look now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wake {
    /// The browser says that there is a network.
    Online,
    /// The app came to the front.
    Focus,
    /// A person saved something; so many rows wait now.
    Write {
        /// Records, at least; [`crate::Counts::waiting`] counts the history with them.
        waiting: u64,
    },
    /// The server says that its log has reached this number.
    Hint {
        /// The head.
        head: u64,
    },
}

/// A look without any reason is taken this often, ms, give or take a fifth.
const LOOK_EVERY_MS: u64 = 3 * 60_000;
/// So many pushes in a row may settle nothing before we pause: someone writes the same records all the time.
const FRUITLESS_PUSHES: u32 = 8;

/// A difference that stays is mended so often, with pauses,
const MENDS: u32 = 3;
/// and then at most this often, ms: whoever causes it anew must not drive us in circles.
const MEND_EVERY_MS: u64 = 60 * 60_000;
/// After so many pushes or pages in a row that were not too large, a larger one is tried again.
const GROW_AFTER: u32 = 8;
/// What fails after so long, ms, may have been more than the link carries; what fails sooner says nothing of it.
const SLOW_MS: u64 = 5_000;
/// On a slow link no fewer writes than these are sent at once,
const FEWEST_WRITES: usize = 25;
/// and no fewer bytes. Of pages, whose bytes nobody knows beforehand, the least is a row.
const FEWEST_BYTES: usize = 16 * 1024;
/// So often in a row may the digest be of a later number that no page then reaches, before we pause.
const EARLY_LOOKS: u32 = 8;
/// So often may the store fail for a passing reason before a person is told.
const STORE_TRIES: u32 = 3;

/// The state machine.
#[derive(Clone, Debug)]
pub struct Sync {
    registered: bool,
    signed_in: bool,
    /// Sessions that were refused since the last success.
    refused_sessions: u32,
    /// The account was told to the server again since the last success or pause.
    told_again: bool,
    seq: u64,
    /// The head we set out for; `None` when it is not known whether there is more.
    target: Option<u64>,
    sweeping: bool,
    waiting: u64,
    /// Whoever is signed in may only read: what waits stays here until she may write again.
    muted: bool,
    /// Something was saved since the step that is under way was named: its count may be of before.
    saved: bool,
    set_aside: u64,
    /// The step that is under way, and when it was named, ms.
    named: Option<(Step, u64)>,
    limits: Limits,
    /// Pushes in a row that were not too large.
    fitting: u32,
    /// Most rows of a page.
    page: u32,
    /// Pages in a row that were not too large.
    fitting_pages: u32,
    /// Looks in a row that came too early, without anything read in between.
    early: u32,
    fruitless: u32,
    /// Beginnings anew since something was settled or found equal.
    resets: u32,
    /// The number at which the digest was compared since the last look.
    compared: Option<u64>,
    /// A difference was found and is to be mended.
    mending: bool,
    /// How often that was tried since both sides were last the same.
    mends: u32,
    mended_ms: u64,
    forked: bool,
    verified: Option<Checked>,
    /// When the server was last heard, ms: its time is known since.
    heard_ms: Option<u64>,
    backoff: Backoff,
    look_at_ms: u64,
    unreachable: bool,
    attention: Option<Attention>,
    synced_ms: Option<u64>,
}

impl Sync {
    /// A machine that will look at once.
    pub fn new(start: Start) -> Self {
        Self {
            registered: start.registered,
            signed_in: false,
            refused_sessions: 0,
            told_again: false,
            seq: start.seq,
            target: None,
            sweeping: start.sweeping,
            waiting: start.waiting,
            muted: false,
            saved: false,
            set_aside: start.set_aside,
            named: None,
            limits: Limits::FULL,
            fitting: 0,
            page: MAX_CHANGES,
            fitting_pages: 0,
            early: 0,
            fruitless: 0,
            resets: 0,
            compared: None,
            mending: false,
            mends: 0,
            mended_ms: 0,
            forked: start.forked,
            verified: start.verified,
            heard_ms: None,
            backoff: Backoff::default(),
            look_at_ms: 0,
            unreachable: false,
            attention: None,
            synced_ms: start.synced_ms,
        }
    }

    /// The next step.
    pub fn poll(&mut self, now_ms: u64) -> Step {
        if let Some(until) = self.backoff.until(now_ms) {
            return Step::Idle { until };
        }
        if self.is_compared() {
            // A clock that was set back is no reason not to look.
            if now_ms < self.look_at_ms && self.look_at_ms <= now_ms + 2 * LOOK_EVERY_MS {
                return Step::Idle { until: self.look_at_ms };
            }
            (self.target, self.compared) = (None, None);
        }
        if self.rests_muted() {
            if now_ms < self.look_at_ms && self.look_at_ms <= now_ms + 2 * LOOK_EVERY_MS {
                return Step::Idle { until: self.look_at_ms };
            }
            (self.target, self.look_at_ms) = (None, now_ms + LOOK_EVERY_MS);
        }
        // Long ago, or this device's clock was set: the server's time is heard before anything is sent.
        if self.heard_ms.is_some_and(|at| now_ms.abs_diff(at) > 2 * LOOK_EVERY_MS) {
            self.target = None;
        }
        let step = self.due();
        self.named = Some((step, now_ms));
        step
    }

    fn due(&mut self) -> Step {
        self.saved = false;
        if !self.registered {
            Step::Register
        } else if !self.signed_in {
            Step::SignIn
        } else if self.mending {
            Step::Repair
        } else if !self.caught_up() {
            Step::Pull { since: self.seq, limit: self.page }
        } else if self.sweeping {
            Step::Sweep
        } else if self.waiting > 0 {
            Step::Push(self.limits)
        } else {
            Step::Verify
        }
    }

    /// All is read, and what waits may not be offered.
    fn rests_muted(&self) -> bool {
        self.muted && self.waiting > 0 && self.caught_up() && !self.sweeping && !self.mending
    }

    /// The outbox is empty and the head was reached, and what the server holds was compared with that.
    fn is_compared(&self) -> bool {
        self.is_in_step() && self.compared == Some(self.seq)
    }

    fn caught_up(&self) -> bool {
        self.target.is_some_and(|target| self.seq >= target)
    }

    /// Learns how a step went.
    pub fn handle(&mut self, outcome: Outcome, now_ms: u64, entropy: u64) {
        let named = self.named.take();
        match outcome {
            Outcome::Registered => self.registered = true,
            Outcome::SignedIn => self.signed_in = true,
            Outcome::Pulled(progress) => self.pulled(progress, named, now_ms, entropy),
            Outcome::Swept(progress) => self.advance(progress, now_ms),
            Outcome::Reset => self.reset(now_ms, entropy),
            Outcome::Pushed { progress, settled } => {
                self.advance(progress, now_ms);
                self.pushed(settled, now_ms, entropy);
            }
            Outcome::Verified(checked) => self.compared(Some(checked), now_ms, entropy),
            Outcome::Unverifiable => self.compared(None, now_ms, entropy),
            Outcome::Differs => self.differs(now_ms, entropy),
            Outcome::Failed(fault) => self.failed(fault, named, now_ms, entropy),
            Outcome::StoreFailed { permanent } => self.store_failed(permanent, now_ms, entropy),
        }
    }

    /// A server that says in its digest that there is more and has it in no page, such as a copy that lags behind
    /// another, does not drive us in circles.
    fn pulled(&mut self, progress: Progress, named: Option<(Step, u64)>, now_ms: u64, entropy: u64) {
        let has_risen = progress.seq > self.seq;
        self.advance(progress, now_ms);
        if has_risen {
            self.early = 0;
        }
        match named {
            Some((Step::Pull { .. }, _)) => self.page_fitted(),
            Some((Step::Verify, _)) if !has_risen => {
                self.early += 1;
                if self.early >= EARLY_LOOKS {
                    self.backoff.failed_often(self.early - EARLY_LOOKS, now_ms, entropy);
                }
            }
            _ => {}
        }
    }

    fn page_fitted(&mut self) {
        self.fitting_pages += 1;
        if self.fitting_pages.is_multiple_of(GROW_AFTER) {
            self.page = self.page.saturating_mul(2).min(MAX_CHANGES);
        }
    }

    /// The pause keeps a server that cannot make up its mind from driving us in circles.
    fn reset(&mut self, now_ms: u64, entropy: u64) {
        (self.seq, self.target, self.sweeping) = (0, None, true);
        (self.compared, self.mending) = (None, false);
        match self.resets {
            0 => self.backoff.failed(now_ms, entropy),
            before => self.backoff.failed_often(before, now_ms, entropy),
        }
        self.resets += 1;
    }

    fn advance(&mut self, progress: Progress, now_ms: u64) {
        let Progress { seq, head, sweeping, waiting, set_aside, forked } = progress;
        (self.seq, self.target) = (seq, Some(head));
        (self.sweeping, self.set_aside, self.forked) = (sweeping, set_aside, forked);
        self.waiting = if self.saved { waiting.max(self.waiting) } else { waiting };
        self.heard(now_ms);
    }

    fn heard(&mut self, now_ms: u64) {
        self.heard_ms = Some(now_ms);
        (self.unreachable, self.attention) = (false, None);
        (self.refused_sessions, self.told_again) = (0, false);
        self.backoff.succeeded();
    }

    /// `None` when nothing was compared.
    fn compared(&mut self, checked: Option<Checked>, now_ms: u64, entropy: u64) {
        self.heard(now_ms);
        if checked.is_none_or(|checked| checked.seq == self.seq) {
            self.compared = Some(self.seq);
        }
        if checked.is_some() {
            (self.verified, self.mends, self.resets, self.early) = (checked, 0, 0, 0);
        }
        if self.is_compared() {
            self.synced_ms = Some(now_ms);
            self.look_at_ms = now_ms + LOOK_EVERY_MS + entropy % (LOOK_EVERY_MS / 5);
        }
    }

    /// It is mended by reading everything again and offering what is lacking there; if that did not help, it is told.
    fn differs(&mut self, now_ms: u64, entropy: u64) {
        self.heard(now_ms);
        (self.target, self.compared) = (None, None);
        if self.mends > 0 {
            self.hopeless(Attention::Differs, now_ms, entropy);
        }
        if self.mends < MENDS || now_ms.abs_diff(self.mended_ms) >= MEND_EVERY_MS {
            (self.mending, self.mended_ms) = (true, now_ms);
            self.mends += 1;
        }
    }

    fn pushed(&mut self, settled: usize, now_ms: u64, entropy: u64) {
        self.fitting += 1;
        if self.fitting.is_multiple_of(GROW_AFTER) {
            self.limits = self.limits.doubled();
        }
        if settled > 0 {
            (self.fruitless, self.resets) = (0, 0);
            return;
        }
        self.fruitless += 1;
        if self.fruitless >= FRUITLESS_PUSHES {
            self.backoff.failed_often(self.fruitless - FRUITLESS_PUSHES, now_ms, entropy);
        }
    }

    fn failed(&mut self, fault: Fault, named: Option<(Step, u64)>, now_ms: u64, entropy: u64) {
        self.unreachable = matches!(fault, Fault::Offline | Fault::Timeout | Fault::NotOurs);
        match fault {
            Fault::Status { status, retry_after_ms } => self.said_no(status, retry_after_ms, now_ms, entropy),
            Fault::Offline | Fault::Timeout | Fault::NotOurs => {
                let slow = named.filter(|(_, at_ms)| now_ms.abs_diff(*at_ms) >= SLOW_MS);
                self.ask_less(slow.filter(|_| fault != Fault::NotOurs).map(|(step, _)| step));
                self.backoff.failed(now_ms, entropy);
            }
        }
    }

    /// A step failed so late that it may have been more than the link carries.
    fn ask_less(&mut self, slow: Option<Step>) {
        match slow {
            Some(Step::Push(_)) => (self.limits, self.fitting) = (self.limits.slower(), 0),
            Some(Step::Pull { .. }) => {
                self.page = (self.page / 4).max(1);
                self.fitting_pages = 0;
            }
            _ => {}
        }
    }

    fn said_no(&mut self, status: u16, retry_after_ms: Option<u64>, now_ms: u64, entropy: u64) {
        match status {
            401 => self.session_refused(now_ms, entropy),
            403 => self.hopeless(Attention::Forbidden, now_ms, entropy),
            // The account is known there under other keys than ours: registering cannot help.
            409 if !self.registered => {
                self.registered = true;
                self.sign_in_refused(now_ms, entropy);
            }
            // Another incarnation, or a purged log: the next pull finds out which.
            409 | 410 => {
                self.target = None;
                self.backoff.failed(now_ms, entropy);
            }
            // Not half of what was sent: whoever refuses a small push by mistake must not tear a run of records.
            413 => match self.limits.halved() {
                Some(smaller) => (self.limits, self.fitting) = (smaller, 0),
                None => self.hopeless(Attention::Rejected { status }, now_ms, entropy),
            },
            408 | 425 | 429 | 500..=599 => {
                self.backoff.asked_or_failed(now_ms, retry_after_ms, entropy);
            }
            _ => self.hopeless(Attention::Rejected { status }, now_ms, entropy),
        }
    }

    fn session_refused(&mut self, now_ms: u64, entropy: u64) {
        let had_session = std::mem::take(&mut self.signed_in);
        self.refused_sessions += 1;
        match (had_session, self.refused_sessions) {
            (true, 1) => {}
            (true, _) => self.backoff.failed(now_ms, entropy),
            // An emptied server says the same of an account that it has lost: it is told of it again, which
            // changes nothing where the account is still there.
            (false, _) if !self.told_again => (self.registered, self.told_again) = (false, true),
            (false, _) => self.sign_in_refused(now_ms, entropy),
        }
    }

    /// After the pause it is told once more: it may have been emptied again meanwhile.
    fn sign_in_refused(&mut self, now_ms: u64, entropy: u64) {
        self.told_again = false;
        self.hopeless(Attention::SignInRefused, now_ms, entropy);
    }

    fn hopeless(&mut self, attention: Attention, now_ms: u64, entropy: u64) {
        self.attention = Some(attention);
        self.backoff.hopeless(now_ms, entropy);
    }

    fn store_failed(&mut self, permanent: bool, now_ms: u64, entropy: u64) {
        if permanent {
            self.hopeless(Attention::Store, now_ms, entropy);
            return;
        }
        self.backoff.failed(now_ms, entropy);
        if self.backoff.attempts() >= STORE_TRIES {
            self.attention = Some(Attention::Store);
        }
    }

    /// Something happened that makes a look worth while.
    pub fn wake(&mut self, wake: Wake) {
        match wake {
            Wake::Online | Wake::Focus => {
                self.backoff.hasten();
                self.look_at_ms = 0;
            }
            Wake::Write { waiting } => {
                // Whoever counts what is to be seen leaves out the history that waits; a step tells when there is less.
                (self.waiting, self.saved) = (waiting.max(self.waiting), true);
                self.backoff.hasten();
            }
            Wake::Hint { head } => self.hinted(head),
        }
    }

    /// An unproven number only ever causes a look; that it came shows that the server can be reached again.
    fn hinted(&mut self, head: u64) {
        if head > self.seq {
            self.look_at_ms = 0;
        }
        if self.unreachable {
            self.backoff.hasten();
        }
    }

    /// Whether what waits may not be offered: the server would refuse it. Everything else goes on.
    pub fn mute(&mut self, muted: bool) {
        if std::mem::replace(&mut self.muted, muted) != muted {
            self.look_at_ms = 0;
        }
    }

    /// The session is gone, such as after signing out or a change of the passphrase.
    pub fn session_ended(&mut self) {
        self.signed_in = false;
    }

    fn is_in_step(&self) -> bool {
        self.caught_up() && self.waiting == 0 && !self.sweeping && !self.mending
    }

    /// What is shown.
    pub fn status(&self, now_ms: u64) -> Status {
        let Self { waiting, set_aside, synced_ms, verified, .. } = *self;
        Status { phase: self.phase(now_ms), waiting, set_aside, synced_ms, verified }
    }

    fn phase(&self, now_ms: u64) -> Phase {
        let pausing = self.backoff.until(now_ms).is_some();
        match self.attention {
            Some(attention) => Phase::NeedsAttention(attention),
            None if self.forked => Phase::NeedsAttention(Attention::Forked),
            None if self.unreachable => Phase::Offline,
            None if self.is_compared() && self.set_aside > 0 => Phase::NeedsAttention(Attention::SetAside),
            None if self.is_compared() => Phase::Synced,
            None if pausing => Phase::Waiting,
            None => Phase::Syncing,
        }
    }
}

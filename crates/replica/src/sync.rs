//! The sync state machine: what to do next, decided without doing it.
//!
//! [`Sync::poll`] names the next step, [`Sync::handle`] learns how it went. Time and randomness come as
//! arguments; there is no timer, request or store in here, so that a simulator can drive years in a second.

use crate::backoff::Backoff;
use satchel_wire::{MAX_PUSH_BYTES, MAX_PUSH_WRITES};

/// How much one push may carry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Most writes.
    pub writes: usize,
    /// Most bytes of the whole body.
    pub bytes: usize,
}

impl Limits {
    /// What the protocol allows.
    pub const FULL: Self = Self { writes: MAX_PUSH_WRITES, bytes: MAX_PUSH_BYTES };

    fn halved(self) -> Option<Self> {
        (self.writes > 1).then_some(Self { writes: self.writes / 2, bytes: (self.bytes / 2).max(4 * 1024) })
    }
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
    },
    /// Offer again what a restored server has lost: a step on this device's disk only.
    Sweep,
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

/// Where things stand after a pull or a push.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The cursor.
    pub seq: u64,
    /// The head that the server named.
    pub head: u64,
    /// Lost rows are still to be offered again.
    pub sweeping: bool,
    /// Rows waiting to be sent.
    pub waiting: u64,
    /// Rows set aside.
    pub set_aside: u64,
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
        /// [`crate::Counts::waiting`].
        waiting: u64,
    },
    /// The server says that its log has reached this number.
    Hint {
        /// The head.
        head: u64,
    },
}

/// What a person must know or do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attention {
    /// The server does not take this device's sign-in: the passphrase was changed elsewhere, or the device revoked.
    SignInRefused,
    /// The account may not use this space any more.
    Forbidden,
    /// The server rejects what this app says: one of the two is out of date.
    Rejected {
        /// The HTTP status.
        status: u16,
    },
    /// This device's store fails.
    Store,
    /// Rows are set aside.
    SetAside,
}

/// Where sync stands, in words for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The server cannot be reached.
    Offline,
    /// Something waits, and the next attempt is not due yet.
    Waiting,
    /// Working.
    Syncing,
    /// The outbox is empty, and everything up to the head that we set out for is here.
    Synced,
    /// See why.
    NeedsAttention(Attention),
}

/// What is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status {
    /// Where it stands.
    pub phase: Phase,
    /// Rows that are only on this device.
    pub waiting: u64,
    /// Rows set aside.
    pub set_aside: u64,
    /// When everything was last in sync, ms by this device's clock.
    pub synced_ms: Option<u64>,
}

/// What is known at the start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Start {
    /// [`crate::Meta::registered`].
    pub registered: bool,
    /// The cursor.
    pub seq: u64,
    /// [`crate::Cursor::sweeping`].
    pub sweeping: bool,
    /// Rows waiting to be sent.
    pub waiting: u64,
    /// Rows set aside.
    pub set_aside: u64,
    /// When everything was last in sync, ms.
    pub synced_ms: Option<u64>,
}

/// A look without any reason is taken this often, ms, give or take a fifth.
const LOOK_EVERY_MS: u64 = 3 * 60_000;
/// So many pushes in a row may settle nothing before we pause: someone writes the same records all the time.
const FRUITLESS_PUSHES: u32 = 8;

/// So often may the store fail for a passing reason before a person is told.
const STORE_TRIES: u32 = 3;

/// The state machine.
#[derive(Clone, Debug)]
pub struct Sync {
    registered: bool,
    signed_in: bool,
    /// Sessions that were refused since the last success.
    refused_sessions: u32,
    /// The account was told to the server again since the last success.
    told_again: bool,
    seq: u64,
    /// The head we set out for; `None` when it is not known whether there is more.
    target: Option<u64>,
    sweeping: bool,
    waiting: u64,
    set_aside: u64,
    limits: Limits,
    fruitless: u32,
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
            set_aside: start.set_aside,
            limits: Limits::FULL,
            fruitless: 0,
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
        if self.caught_up() && self.waiting == 0 && !self.sweeping {
            // A clock that was set back is no reason not to look.
            if now_ms < self.look_at_ms && self.look_at_ms <= now_ms + 2 * LOOK_EVERY_MS {
                return Step::Idle { until: self.look_at_ms };
            }
            self.target = None;
        }
        self.due()
    }

    fn due(&self) -> Step {
        if !self.registered {
            Step::Register
        } else if !self.signed_in {
            Step::SignIn
        } else if !self.caught_up() {
            Step::Pull { since: self.seq }
        } else if self.sweeping {
            Step::Sweep
        } else {
            Step::Push(self.limits)
        }
    }

    fn caught_up(&self) -> bool {
        self.target.is_some_and(|target| self.seq >= target)
    }

    /// Learns how a step went.
    pub fn handle(&mut self, outcome: Outcome, now_ms: u64, entropy: u64) {
        match outcome {
            Outcome::Registered => self.registered = true,
            Outcome::SignedIn => self.signed_in = true,
            Outcome::Pulled(progress) | Outcome::Swept(progress) => self.advance(progress, now_ms, entropy),
            Outcome::Reset => self.reset(now_ms, entropy),
            Outcome::Pushed { progress, settled } => {
                self.advance(progress, now_ms, entropy);
                self.pushed(settled, now_ms, entropy);
            }
            Outcome::Failed(fault) => self.failed(fault, now_ms, entropy),
            Outcome::StoreFailed { permanent } => self.store_failed(permanent, now_ms, entropy),
        }
    }

    /// The pause keeps a server that cannot make up its mind from driving us in circles.
    fn reset(&mut self, now_ms: u64, entropy: u64) {
        (self.seq, self.target, self.sweeping) = (0, None, true);
        self.backoff.failed(now_ms, entropy);
    }

    fn advance(&mut self, progress: Progress, now_ms: u64, entropy: u64) {
        let Progress { seq, head, sweeping, waiting, set_aside } = progress;
        (self.seq, self.target) = (seq, Some(head));
        (self.sweeping, self.waiting, self.set_aside) = (sweeping, waiting, set_aside);
        (self.unreachable, self.attention) = (false, None);
        (self.refused_sessions, self.told_again) = (0, false);
        self.backoff.succeeded();
        if self.is_synced() {
            self.synced_ms = Some(now_ms);
            self.look_at_ms = now_ms + LOOK_EVERY_MS + entropy % (LOOK_EVERY_MS / 5);
        }
    }

    fn pushed(&mut self, settled: usize, now_ms: u64, entropy: u64) {
        if settled > 0 {
            self.fruitless = 0;
            return;
        }
        self.fruitless += 1;
        if self.fruitless >= FRUITLESS_PUSHES {
            self.fruitless = 0;
            self.backoff.failed(now_ms, entropy);
        }
    }

    fn failed(&mut self, fault: Fault, now_ms: u64, entropy: u64) {
        self.unreachable = matches!(fault, Fault::Offline | Fault::Timeout | Fault::NotOurs);
        match fault {
            Fault::Status { status, retry_after_ms } => self.said_no(status, retry_after_ms, now_ms, entropy),
            Fault::Offline | Fault::Timeout | Fault::NotOurs => self.backoff.failed(now_ms, entropy),
        }
    }

    fn said_no(&mut self, status: u16, retry_after_ms: Option<u64>, now_ms: u64, entropy: u64) {
        match status {
            401 => self.session_refused(now_ms, entropy),
            403 => self.hopeless(Attention::Forbidden, now_ms, entropy),
            // The account is known there under other keys than ours: registering cannot help.
            409 if !self.registered => {
                (self.registered, self.told_again) = (true, true);
                self.hopeless(Attention::SignInRefused, now_ms, entropy);
            }
            // Another incarnation, or a purged log: the next pull finds out which.
            409 | 410 => {
                self.target = None;
                self.backoff.failed(now_ms, entropy);
            }
            413 => match self.limits.halved() {
                Some(smaller) => self.limits = smaller,
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
            (false, _) => self.hopeless(Attention::SignInRefused, now_ms, entropy),
        }
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
                self.waiting = waiting;
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

    /// The session is gone, such as after signing out or a change of the passphrase.
    pub fn session_ended(&mut self) {
        self.signed_in = false;
    }

    fn is_synced(&self) -> bool {
        self.caught_up() && self.waiting == 0 && !self.sweeping
    }

    /// What is shown.
    pub fn status(&self, now_ms: u64) -> Status {
        Status {
            phase: self.phase(now_ms),
            waiting: self.waiting,
            set_aside: self.set_aside,
            synced_ms: self.synced_ms,
        }
    }

    fn phase(&self, now_ms: u64) -> Phase {
        let pausing = self.backoff.until(now_ms).is_some();
        match self.attention {
            Some(attention) => Phase::NeedsAttention(attention),
            None if self.unreachable => Phase::Offline,
            None if self.is_synced() && self.set_aside > 0 => Phase::NeedsAttention(Attention::SetAside),
            None if self.is_synced() => Phase::Synced,
            None if pausing => Phase::Waiting,
            None => Phase::Syncing,
        }
    }
}

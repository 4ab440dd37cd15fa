//! One step of sync, carried out between a replica and a server.
//!
//! The engine's loop is `poll`, [`carry_out`], `handle`; the simulator's is the same.

use crate::pull::{Applied, News};
use crate::safeguard::holds;
use crate::sync::{Fault, Outcome, Step};
use crate::{Compared, Limits, Outgoing, Replica, ReplicaError, Safeguard, Store};
use satchel_wire::{Changes, Digest, Push, PushAnswer};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

/// An answer that took longer than this by the device's clock says nothing of the time, ms: more than any request is
/// waited for.
pub const LATE_MS: u64 = 60_000;

/// The way to the server: requests of one account about one space. It keeps the session's token.
#[allow(async_fn_in_trait, reason = "runs on one thread, in a worker or a test: no future here needs Send")]
pub trait Transport {
    /// Makes the account and its first space known.
    async fn register(&self) -> Result<(), Fault>;
    /// Gets a session.
    async fn sign_in(&self) -> Result<(), Fault>;
    /// Asks for a page of changes. `floor` is the purge floor that this device has caught up with.
    async fn changes(&self, since: u64, limit: u32, floor: u64) -> Result<Changes, Fault>;
    /// Asks for the digest of all that the server holds; its buckets are not needed.
    async fn digest(&self) -> Result<Digest, Fault>;
    /// Offers writes.
    async fn push(&self, push: &Push) -> Result<PushAnswer, Fault>;
}

enum Failure {
    Fault(Fault),
    Replica(ReplicaError),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<ReplicaError> for Failure {
    fn from(error: ReplicaError) -> Self {
        Self::Replica(error)
    }
}

/// What a step led to.
#[derive(Clone, PartialEq, Debug)]
pub struct Done {
    /// For [`crate::Sync::handle`].
    pub outcome: Outcome,
    /// For the book.
    pub news: News,
    /// What this device's side of it failed with, for the log and the screen.
    pub error: Option<ReplicaError>,
}

/// Carries out a step. `now` is this device's time in ms, asked when an answer has arrived.
pub async fn carry_out<S: Store, T: Transport>(
    step: Step,
    replica: &Replica<S>,
    transport: &T,
    now: impl Fn() -> u64,
) -> Done {
    let done = |outcome, news| Done { outcome, news, error: None };
    let tried = match replica.mend().await {
        Ok(()) => attempt(step, replica, transport, now).await,
        Err(error) => Err(error.into()),
    };
    match tried {
        Ok((outcome, news)) => done(outcome, news),
        Err(Failure::Fault(fault)) => done(Outcome::Failed(fault), News::default()),
        Err(Failure::Replica(error)) => {
            let outcome = match error {
                ReplicaError::Nonsense => Outcome::Failed(Fault::NotOurs),
                ref error => Outcome::StoreFailed { permanent: error.is_permanent() },
            };
            Done { outcome, news: News::default(), error: Some(error) }
        }
    }
}

/// A step under way.
type Attempt<'a> = Pin<Box<dyn Future<Output = Result<(Outcome, News), Failure>> + 'a>>;

/// What a step does. Boxed, each on its own: inlined into one future they would need a quarter of a megabyte of stack
/// in an unoptimised build.
fn attempt<'a, S: Store, T: Transport>(
    step: Step,
    replica: &'a Replica<S>,
    transport: &'a T,
    now: impl Fn() -> u64 + 'a,
) -> Attempt<'a> {
    match step {
        Step::Register => Box::pin(async move {
            transport.register().await?;
            replica.registered().await?;
            Ok((Outcome::Registered, News::default()))
        }),
        Step::SignIn => Box::pin(async move {
            transport.sign_in().await?;
            Ok((Outcome::SignedIn, News::default()))
        }),
        Step::Pull { since, limit } => Box::pin(pull(since, limit, replica, transport, now)),
        Step::Sweep => Box::pin(async move {
            let read = replica.sweep().await?;
            Ok(outcome(read, |progress, _| Outcome::Swept(progress)))
        }),
        Step::Verify => Box::pin(verify(replica, transport, now)),
        Step::Repair => Box::pin(async move {
            let read = replica.repair().await?;
            Ok(outcome(read, |progress, _| Outcome::Swept(progress)))
        }),
        Step::Push(limits) => Box::pin(push(limits, replica, transport, now)),
        Step::Idle { .. } => Box::pin(async move { Ok(still(replica).await?) }),
    }
}

/// An answer, unless the device slept while it was under way, or its clock was set: the server's time in it would be
/// taken for now. It is asked for once more.
async fn timely<T>(
    answer: impl Future<Output = Result<T, Fault>>,
    now: impl Fn() -> u64,
) -> Result<T, Fault> {
    let asked_ms = now();
    let answer = answer.await?;
    if now().abs_diff(asked_ms) > LATE_MS { Err(Fault::Timeout) } else { Ok(answer) }
}

async fn pull<S: Store, T: Transport>(
    since: u64,
    limit: u32,
    replica: &Replica<S>,
    transport: &T,
    now: impl Fn() -> u64,
) -> Result<(Outcome, News), Failure> {
    let asked = transport.changes(since, limit, replica.cursor().floor);
    let changes = match timely(asked, &now).await {
        Err(Fault::Status { status: 410, .. }) => {
            replica.purged(now()).await?;
            return Ok((Outcome::Reset, News::default()));
        }
        answer => answer?,
    };
    let applied = replica.apply_page(since, &changes, now()).await?;
    Ok(outcome(applied, |progress, _| Outcome::Pulled(progress)))
}

async fn push<S: Store, T: Transport>(
    limits: Limits,
    replica: &Replica<S>,
    transport: &T,
    now: impl Fn() -> u64,
) -> Result<(Outcome, News), Failure> {
    let Outgoing { push, healed } = replica.outgoing(limits, now()).await?;
    let (result, mut news) = match push {
        None => still(replica).await?,
        Some(push) => match offer(&push, limits, replica, transport, now).await {
            Ok(done) => done,
            // What was set right is told even if it could not be sent.
            Err(Failure::Fault(fault)) => (Outcome::Failed(fault), News::default()),
            Err(failure) => return Err(failure),
        },
    };
    news.arrived.splice(0..0, healed);
    Ok((result, news))
}

async fn offer<S: Store, T: Transport>(
    push: &Push,
    limits: Limits,
    replica: &Replica<S>,
    transport: &T,
    now: impl Fn() -> u64,
) -> Result<(Outcome, News), Failure> {
    let answer = beside(timely(transport.push(push), &now), replica.seal_ahead(push, limits)).await?;
    let applied = replica.settle(push, &answer, now()).await?;
    Ok(outcome(applied, |progress, settled| Outcome::Pushed { progress, settled }))
}

/// What the first gives; the second is done meanwhile.
async fn beside<T>(first: impl Future<Output = T>, second: impl Future<Output = ()>) -> T {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut given, mut over) = (None, false);
    poll_fn(|context| {
        if given.is_none()
            && let Poll::Ready(output) = first.as_mut().poll(context)
        {
            given = Some(output);
        }
        over = over || second.as_mut().poll(context).is_ready();
        match given.take() {
            Some(output) if over => Poll::Ready(output),
            output => {
                given = output;
                Poll::Pending
            }
        }
    })
    .await
}

async fn verify<S: Store, T: Transport>(
    replica: &Replica<S>,
    transport: &T,
    now: impl Fn() -> u64,
) -> Result<(Outcome, News), Failure> {
    if !holds(Safeguard::Digest) {
        replica.note_unverified(now()).await?;
        return Ok((Outcome::Unverifiable, News::default()));
    }
    let digest = timely(transport.digest(), &now).await?;
    let outcome = match replica.compare(&digest, now()).await? {
        Compared::Same(checked) => Outcome::Verified(checked),
        Compared::Early(progress) => Outcome::Pulled(progress),
        Compared::Differs => Outcome::Differs,
        Compared::Reset => Outcome::Reset,
    };
    Ok((outcome, News::default()))
}

/// Nothing to do after all, such as when another tab has sent it: the counts are told as they are.
async fn still<S: Store>(replica: &Replica<S>) -> Result<(Outcome, News), ReplicaError> {
    let progress = replica.progress(replica.cursor().seq).await?;
    Ok((Outcome::Pulled(progress), News::default()))
}

fn outcome(applied: Applied, of: impl FnOnce(crate::Progress, usize) -> Outcome) -> (Outcome, News) {
    match applied {
        Applied::Progress { progress, news } => (of(progress, news.settled.len()), news),
        Applied::Reset => (Outcome::Reset, News::default()),
    }
}

//! What a request holds while it is in work: a turn, and room for its body.
//!
//! A turn is held while the server works, never while it waits for a peer: whoever sends a body slowly holds nothing
//! that others need, except room for it where it is large.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    config::Bound,
    problem::Problem,
    service::{Service, Shared},
    shares::{Share, Shares},
    signed::Peer,
};

/// Larger bodies need room, bytes.
pub(crate) const SMALL_BODY: usize = 4 * 1024;
/// Larger ones need room of their own, bytes.
const MIDDLE_BODY: usize = 2 * 1024 * 1024;

/// So many at once, and so many of one address.
pub(crate) struct Bounded {
    all: Arc<Semaphore>,
    each: Arc<Shares>,
}

impl Bounded {
    fn new(bound: Bound) -> Self {
        Self { all: Arc::new(Semaphore::new(bound.all)), each: Shares::new(bound.each) }
    }

    fn take(&self, peer: IpAddr) -> Result<Room, Problem> {
        let each = self.each.take(peer).ok_or(Problem::TooMany { seconds: 1 })?;
        let all = Arc::clone(&self.all).try_acquire_owned().map_err(|_| Problem::Busy)?;
        Ok(Room { _each: each, _all: all })
    }
}

/// Room for one body, from its first byte until its request is answered.
pub(crate) struct Room {
    _each: Share,
    _all: OwnedSemaphorePermit,
}

/// The turns and the room that there are.
pub(crate) struct Works {
    turns: Arc<Semaphore>,
    requests: Arc<Shares>,
    middle: Bounded,
    large: Bounded,
}

impl Works {
    /// As an operator decides.
    pub(crate) fn new(requests: Bound, bodies: Bound, large_bodies: Bound) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(requests.all)),
            requests: Shares::new(requests.each),
            middle: Bounded::new(bodies),
            large: Bounded::new(large_bodies),
        }
    }

    /// Room for a body of so many bytes; a small one needs none.
    fn room(&self, peer: IpAddr, bytes: usize) -> Result<Option<Room>, Problem> {
        match bytes {
            small if small <= SMALL_BODY => Ok(None),
            middle if middle <= MIDDLE_BODY => self.middle.take(peer).map(Some),
            _ => self.large.take(peer).map(Some),
        }
    }
}

/// What one request holds.
#[derive(Clone)]
pub(crate) struct Work(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    turn: Option<OwnedSemaphorePermit>,
    _room: Option<Room>,
}

impl Work {
    /// Takes a turn at once, if there is one.
    fn begin(service: &Service) -> Result<Self, Problem> {
        let turn = Arc::clone(&service.works().turns).try_acquire_owned().map_err(|_| Problem::Busy)?;
        Ok(Self(Arc::new(Mutex::new(Held { turn: Some(turn), _room: None }))))
    }

    /// Gives the turn back while a body of so many bytes is read, once there is room for it.
    pub(crate) fn wait_for_body(&self, service: &Service, peer: IpAddr, bytes: usize) -> Result<(), Problem> {
        let room = service.works().room(peer, bytes)?;
        *self.held() = Held { turn: None, _room: room };
        Ok(())
    }

    /// Waits for a turn again: what was sent slowly is not sent in vain.
    pub(crate) async fn go_on(&self, service: &Service) -> Result<(), Problem> {
        let turn = Arc::clone(&service.works().turns).acquire_owned();
        let turn = timeout(service.limits().turn, turn).await;
        let turn = turn.ok().and_then(Result::ok).ok_or(Problem::Busy)?;
        self.held().turn = Some(turn);
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bounds the requests of one address, from their heads until they are answered.
pub(crate) async fn one_share(
    State(service): State<Shared>,
    Peer(peer): Peer,
    request: Request,
    next: Next,
) -> Response {
    match service.works().requests.take(peer) {
        Some(_share) => next.run(request).await,
        None => Problem::TooMany { seconds: 1 }.into_response(),
    }
}

/// Bounds the requests in work. A stream of hints holds its turn only until it begins.
pub(crate) async fn one_turn(State(service): State<Shared>, mut request: Request, next: Next) -> Response {
    match Work::begin(&service) {
        Ok(work) => {
            request.extensions_mut().insert(work.clone());
            let response = next.run(request).await;
            drop(work);
            response
        }
        Err(busy) => busy.into_response(),
    }
}

//! Commands under way.

use super::Session;
use super::core::OnEnd;
use crate::port::{Done, Failure, Progress, Request, RequestId};
use leptos::prelude::*;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// How a command ended.
pub type Ended = Result<Done, Failure>;

#[derive(Default)]
pub(super) struct Slot {
    ended: Option<Ended>,
    waker: Option<Waker>,
}

/// A command under way: awaited for its end, with progress and cancel.
pub struct Running {
    session: Session,
    id: RequestId,
    progress: ArcRwSignal<Option<Progress>>,
    slot: Rc<RefCell<Slot>>,
}

/// Stops a command that is under way.
#[derive(Clone, Copy)]
pub struct Cancel {
    session: Session,
    id: RequestId,
}

/// The other end: who waits for a command.
pub(super) enum Pending {
    Future { progress: ArcRwSignal<Option<Progress>>, slot: Rc<RefCell<Slot>> },
    Callback(OnEnd),
}

impl Running {
    pub(super) fn pair(session: Session, id: RequestId) -> (Self, Pending) {
        let progress = ArcRwSignal::new(None);
        let slot = Rc::new(RefCell::new(Slot::default()));
        let pending = Pending::Future { progress: progress.clone(), slot: Rc::clone(&slot) };
        (Self { session, id, progress, slot }, pending)
    }

    /// How far it is; `None` while nothing is known.
    pub fn progress(&self) -> ArcReadSignal<Option<Progress>> {
        self.progress.read_only()
    }

    /// To stop it later.
    pub fn cancel(&self) -> Cancel {
        Cancel { session: self.session, id: self.id }
    }
}

impl Cancel {
    /// Asks the engine to stop as soon as it is safe; the command still ends.
    pub fn now(self) {
        self.session.post(&Request::Cancel { id: self.id }, &[]);
    }
}

impl Future for Running {
    type Output = Ended;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ended> {
        let mut slot = self.slot.borrow_mut();
        match slot.ended.take() {
            Some(ended) => Poll::Ready(ended),
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Pending {
    pub(super) fn callback(then: OnEnd) -> Self {
        Self::Callback(then)
    }

    pub(super) fn progress(&self, now: Progress) {
        if let Self::Future { progress, .. } = self {
            progress.set(Some(now));
        }
    }

    pub(super) fn end(self, ended: Ended) {
        match self {
            Self::Callback(then) => then(ended),
            Self::Future { slot, .. } => {
                let waker = {
                    let mut slot = slot.borrow_mut();
                    slot.ended = Some(ended);
                    slot.waker.take()
                };
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
        }
    }
}

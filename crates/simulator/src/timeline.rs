//! Tasks and their time: one thread, no clock, and the dice say which task goes on.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Whose task it is: a tab's number, or [`WORLD`].
pub(crate) type Owner = u64;
/// What no tab's end takes away.
pub(crate) const WORLD: Owner = 0;

struct Task {
    owner: Owner,
    due: u64,
    future: Pin<Box<dyn Future<Output = ()>>>,
}

/// The tasks of one run, and what time it is for all of them, ms since 1970 UTC.
pub(crate) struct Timeline {
    now: Cell<u64>,
    /// When the task that runs now wants to go on; it says so before it pauses.
    due: Cell<u64>,
    tasks: RefCell<Vec<Task>>,
    frozen: RefCell<BTreeMap<Owner, u64>>,
}

impl Timeline {
    pub(crate) fn new(now: u64) -> Self {
        Self { now: Cell::new(now), due: Cell::new(0), tasks: RefCell::default(), frozen: RefCell::default() }
    }

    pub(crate) fn now(&self) -> u64 {
        self.now.get()
    }

    /// Everybody sleeps for so long.
    pub(crate) fn leap(&self, ms: u64) {
        self.now.set(self.now.get() + ms);
    }

    pub(crate) fn spawn(&self, owner: Owner, future: impl Future<Output = ()> + 'static) {
        let task = Task { owner, due: self.now.get(), future: Box::pin(future) };
        self.tasks.borrow_mut().push(task);
    }

    /// Ends a tab between two awaits.
    pub(crate) fn kill(&self, owner: Owner) {
        let killed: Vec<_> = self.tasks.borrow_mut().extract_if(.., |task| task.owner == owner).collect();
        drop(killed);
        self.frozen.borrow_mut().remove(&owner);
    }

    /// Ends everything.
    pub(crate) fn clear(&self) {
        let all = std::mem::take(&mut *self.tasks.borrow_mut());
        drop(all);
    }

    /// A tab that nobody polls until then, and that goes on as if nothing had been.
    pub(crate) fn freeze(&self, owner: Owner, until: u64) {
        self.frozen.borrow_mut().insert(owner, until);
    }

    pub(crate) fn is_frozen(&self, owner: Owner) -> bool {
        self.frozen.borrow().get(&owner).is_some_and(|until| *until > self.now.get())
    }

    pub(crate) fn thaw(&self) {
        self.frozen.borrow_mut().clear();
    }

    /// Lets what a tab has waiting look whether it may go on.
    pub(crate) fn rouse(&self, owner: Owner) {
        let now = self.now.get();
        for task in self.tasks.borrow_mut().iter_mut().filter(|task| task.owner == owner) {
            task.due = task.due.min(now);
        }
    }

    /// Waits until then, whatever else rouses the task.
    pub(crate) async fn until(&self, then: u64) {
        std::future::poll_fn(|_| self.is_over(then)).await;
    }

    /// Waits until then or until the task is roused.
    pub(crate) async fn nap(&self, then: u64) {
        let mut slept = false;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut slept, true) { Poll::Ready(()) } else { self.is_over(then) }
        })
        .await;
    }

    fn is_over(&self, then: u64) -> Poll<()> {
        if self.now.get() >= then {
            return Poll::Ready(());
        }
        self.due.set(then);
        Poll::Pending
    }

    /// One task goes on, of those that may the one that `pick` chooses; false when there is none.
    pub(crate) fn step(&self, pick: impl FnOnce(u64) -> u64) -> bool {
        let Some(mut task) = self.next(pick) else { return false };
        self.due.set(self.now.get());
        if task.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            task.due = self.due.get();
            self.tasks.borrow_mut().push(task);
        }
        true
    }

    fn next(&self, pick: impl FnOnce(u64) -> u64) -> Option<Task> {
        let mut tasks = self.tasks.borrow_mut();
        let frozen = self.frozen.borrow();
        let due = |task: &Task| frozen.get(&task.owner).map_or(task.due, |until| task.due.max(*until));
        self.now.set(self.now.get().max(tasks.iter().map(due).min()?));
        let may = |task: &Task| due(task) <= self.now.get();
        let count = tasks.iter().filter(|task| may(task)).count() as u64;
        let chosen = usize::try_from(pick(count)).unwrap_or(0);
        let place = tasks.iter().enumerate().filter(|(_, task)| may(task)).nth(chosen)?.0;
        Some(tasks.swap_remove(place))
    }
}

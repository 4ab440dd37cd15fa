//! How long a test waits for what must come, and what it waits for.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Longer than anything takes on a loaded machine with a slow disk: what has not come by then never comes.
const HUNG: Duration = Duration::from_secs(120);

/// Ends in a while.
pub(super) struct Patience(Instant);

impl Patience {
    pub(super) fn new() -> Self {
        Self(now() + HUNG)
    }

    pub(super) fn is_left(&self) -> bool {
        now() < self.0
    }
}

/// A request in work: one of so many.
pub(super) struct InWork(Rc<Cell<u32>>);

impl InWork {
    pub(super) fn new(all: &Rc<Cell<u32>>) -> Self {
        all.set(all.get() + 1);
        Self(Rc::clone(all))
    }
}

impl Drop for InWork {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

#[expect(clippy::disallowed_methods, reason = "that a test hangs is told by the machine's own clock")]
fn now() -> Instant {
    Instant::now()
}

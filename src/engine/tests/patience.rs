//! How long a test waits for what must come.

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

#[expect(clippy::disallowed_methods, reason = "that a test hangs is told by the machine's own clock")]
fn now() -> Instant {
    Instant::now()
}

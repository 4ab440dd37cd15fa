//! Waiting between attempts: exponential, with full jitter, bounded.

/// The first wait is at most this long, ms.
const FIRST_MS: u64 = 1_000;
/// No wait is longer, ms.
const LONGEST_MS: u64 = 5 * 60_000;
/// No wait is shorter, ms: a device never spins.
const SHORTEST_MS: u64 = 200;
/// The longest wait that a server may ask for, ms.
pub const LONGEST_ASKED_MS: u64 = 15 * 60_000;

/// How often in a row it failed, and when to try again.
#[derive(Clone, Copy, Default, Debug)]
pub struct Backoff {
    attempts: u32,
    until_ms: u64,
    /// The server named the time: only time ends this wait.
    asked: bool,
}

impl Backoff {
    /// When to try again, ms; `None` when now is fine.
    pub fn until(&self, now_ms: u64) -> Option<u64> {
        // A clock that was set back must not freeze the device for years.
        let sane = self.until_ms <= now_ms + LONGEST_ASKED_MS;
        (now_ms < self.until_ms && sane).then_some(self.until_ms)
    }

    /// It failed: wait a random part of a span that doubles each time.
    pub fn failed(&mut self, now_ms: u64, entropy: u64) {
        let span = FIRST_MS.saturating_mul(1 << self.attempts.min(20)).min(LONGEST_MS);
        self.attempts = self.attempts.saturating_add(1);
        self.until_ms = now_ms + SHORTEST_MS + entropy % span;
        self.asked = false;
    }

    /// As [`Self::failed`], for what has failed so often before without being an error.
    pub(crate) fn failed_often(&mut self, before: u32, now_ms: u64, entropy: u64) {
        self.attempts = before;
        self.failed(now_ms, entropy);
    }

    /// It failed, and the server may have asked for a pause.
    pub fn asked_or_failed(&mut self, now_ms: u64, pause_ms: Option<u64>, entropy: u64) {
        self.failed(now_ms, entropy);
        if let Some(pause_ms) = pause_ms {
            self.until_ms += pause_ms.min(LONGEST_ASKED_MS - LONGEST_MS - SHORTEST_MS);
            self.asked = true;
        }
    }

    /// Trying again soon cannot help: wait as long as it gets.
    pub fn hopeless(&mut self, now_ms: u64, entropy: u64) {
        self.attempts = self.attempts.saturating_add(1);
        self.until_ms = now_ms + LONGEST_MS / 2 + entropy % (LONGEST_MS / 2);
        self.asked = false;
    }

    /// It worked.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// How often in a row it failed.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Something changed that may help: the next try is now, unless the server asked for a pause.
    pub fn hasten(&mut self) {
        if !self.asked {
            self.until_ms = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_stay_bounded_and_never_spin() {
        let mut backoff = Backoff::default();
        for attempt in 0..40 {
            backoff.failed(0, u64::MAX);
            let until = backoff.until(0).expect("waits");
            assert!((SHORTEST_MS..=LONGEST_MS + SHORTEST_MS).contains(&until), "attempt {attempt}: {until}");
        }
        assert_eq!(backoff.until(LONGEST_MS + SHORTEST_MS), None);
    }

    #[test]
    fn a_pause_that_the_server_asked_for_is_kept_and_bounded() {
        let mut backoff = Backoff::default();
        backoff.asked_or_failed(0, Some(u64::MAX), 0);
        backoff.hasten();
        let until = backoff.until(0).expect("waits");
        assert!(until <= LONGEST_ASKED_MS);
    }

    #[test]
    fn a_clock_set_back_does_not_freeze_it() {
        let mut backoff = Backoff::default();
        backoff.failed(4_000_000_000_000, 1);
        assert_eq!(backoff.until(1_700_000_000_000), None);
    }
}

//! How many checks passed, failed and were left out.

use std::fmt;
use std::iter::Sum;

/// How many checks passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Counts {
    /// One failed check.
    pub(crate) fn failed() -> Self {
        Self { failed: 1, ..Self::default() }
    }

    /// One check, by its outcome.
    pub(crate) fn one(good: bool) -> Self {
        Self { passed: usize::from(good), failed: usize::from(!good), skipped: 0 }
    }

    /// Checks that cannot be run here; says why.
    pub(crate) fn skip(checks: usize, why: &str) -> Self {
        crate::say::skipped(why);
        Self { skipped: checks, ..Self::default() }
    }

    /// Adds what a line of a test program's output counts.
    pub(crate) fn read(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ") else { return };
        let count = |word: &str| {
            let before = counts.split(&[';', '.']).find_map(|part| part.trim().strip_suffix(word));
            before.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
        };
        self.passed += count("passed");
        self.failed += count("failed");
        self.skipped += count("ignored");
    }

    /// A program that fails without naming a failed test failed all the same, as did one without tests.
    pub(crate) fn settle(mut self, good: bool) -> Self {
        if !good && self.failed == 0 || self == Self::default() {
            self.failed = 1;
        }
        self
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, next| Self {
            passed: sum.passed + next.passed,
            failed: sum.failed + next.failed,
            skipped: sum.skipped + next.skipped,
        })
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(formatter, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_added_up() {
        let mut counts = Counts::default();
        counts.read(
            "test result: ok. 12 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        );
        counts.read("test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out");
        counts.read("test a_result_of_99_passed ... ok");
        assert_eq!(counts.to_string(), "15 passed, 1 failed, 2 skipped");
    }

    #[test]
    fn silence_is_a_failure() {
        assert_eq!(Counts::default().settle(true).failed, 1);
        assert_eq!(Counts::one(true).settle(false).failed, 1);
        assert_eq!(Counts::one(true).settle(true).failed, 0);
    }
}

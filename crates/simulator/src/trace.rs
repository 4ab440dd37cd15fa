//! What happened: a running digest over every event, and the last of them in words.

use sha2::{Digest, Sha256};
use std::collections::VecDeque;

/// So many events are remembered in words.
const REMEMBERED: usize = 120;
/// So many numbers an event has at most.
const NUMBERS: usize = 4;

struct Event {
    at_ms: u64,
    words: &'static str,
    numbers: [u64; NUMBERS],
}

/// The trace of one run.
pub(crate) struct Trace {
    digest: Sha256,
    last: VecDeque<Event>,
    keep: usize,
    begin_ms: u64,
}

impl Trace {
    /// `whole` remembers every event, not only the last.
    pub(crate) fn new(begin_ms: u64, whole: bool) -> Self {
        let keep = if whole { usize::MAX } else { REMEMBERED };
        Self { digest: Sha256::new(), last: VecDeque::new(), keep, begin_ms }
    }

    /// Notes an event; `{}` in the words stand for the numbers, in their order.
    pub(crate) fn note(&mut self, at_ms: u64, words: &'static str, given: &[u64]) {
        let mut numbers = [0; NUMBERS];
        for (place, number) in numbers.iter_mut().zip(given) {
            *place = *number;
        }
        self.digest.update(words.as_bytes());
        self.digest.update(at_ms.to_be_bytes());
        numbers.iter().for_each(|number| self.digest.update(number.to_be_bytes()));
        if self.last.len() >= self.keep {
            self.last.pop_front();
        }
        self.last.push_back(Event { at_ms, words, numbers });
    }

    /// SHA-256 over all of it, in hexadecimal.
    pub(crate) fn digest(&self) -> String {
        self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The events that are remembered, a line each: seconds since the begin, and words.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.last.iter().map(|event| event.line(self.begin_ms)).collect()
    }
}

impl Event {
    fn line(&self, begin_ms: u64) -> String {
        let since = self.at_ms - begin_ms;
        let mut line = format!("{:>10}.{:03}  ", since / 1_000, since % 1_000);
        let mut numbers = self.numbers.iter();
        for (place, words) in self.words.split("{}").enumerate() {
            if place > 0 {
                line.extend(numbers.next().map(u64::to_string));
            }
            line.push_str(words);
        }
        line
    }
}

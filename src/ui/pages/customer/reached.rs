//! What was begun in another app from a card, kept sealed on this device until it is logged or waved away: a lock or
//! a killed tab in between does not lose it.

use crate::port::{Command, Query, REACHED};
use crate::ui::pages::draft;
use crate::ui::pages::memory::LogSeed;
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use satchel_domain::moment::DAY_MS;
use satchel_domain::{Method, RecordId};
use serde::{Deserialize, Serialize};

const MINUTE: i64 = 60_000;
/// Who comes back after longer than this has not been on the phone all the time, in minutes.
const LONGEST: i64 = 4 * 60;

/// A customer was reached for in another app: called, written to, or on the way to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reached {
    /// Who.
    pub(super) partner: RecordId,
    /// By which channel.
    pub(super) method: Method,
    /// When, ms since 1970 UTC.
    pub(super) began_ms: i64,
}

impl Reached {
    /// How long a call may have taken, in whole minutes, at least one; nothing for what takes no time that counts.
    fn minutes(self, now_ms: i64) -> Option<u32> {
        let minutes = ((now_ms - self.began_ms + MINUTE / 2) / MINUTE).max(1);
        let counts = self.method == Method::Phone && minutes <= LONGEST;
        counts.then(|| u32::try_from(minutes).unwrap_or(1))
    }

    /// What its log begins with.
    pub(super) fn seed(self, now_ms: i64) -> LogSeed {
        LogSeed {
            method: Some(self.method),
            minutes: self.minutes(now_ms),
            at_ms: Some(self.began_ms),
            ..LogSeed::default()
        }
    }

    /// Whether it is still worth a question, a day long.
    pub(super) fn is_fresh(self, now_ms: i64) -> bool {
        now_ms - self.began_ms < DAY_MS
    }
}

/// What was begun last.
pub(super) fn begun() -> Memo<Option<Reached>> {
    let kept = use_session().watch::<String>(|| Query::Draft { key: REACHED.to_owned() });
    Memo::new(move |_| kept.with(|text| draft::read(text.as_ref()?)))
}

/// Remembers what is begun.
pub(super) fn begin(session: Session, reached: Reached) {
    if let Ok(text) = serde_json::to_string(&reached) {
        session.act_quietly(Command::KeepDraft { key: REACHED.to_owned(), text });
    }
}

/// Nothing is to be logged of it any more.
pub(super) fn forget(session: Session) {
    session.act_quietly(Command::KeepDraft { key: REACHED.to_owned(), text: String::new() });
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Reached = Reached { partner: RecordId([1; 16]), method: Method::Phone, began_ms: 1_000_000 };

    #[test]
    fn a_call_takes_at_least_a_minute_unless_it_was_forgotten() {
        assert_eq!(CALL.minutes(1_000_000), Some(1));
        assert_eq!(CALL.minutes(900_000), Some(1));
        assert_eq!(CALL.minutes(1_000_000 + 6 * MINUTE + 10_000), Some(6));
        assert_eq!(CALL.minutes(1_000_000 + (LONGEST + 1) * MINUTE), None);
        assert_eq!(Reached { method: Method::Sms, ..CALL }.minutes(2_000_000), None);
    }

    #[test]
    fn a_call_outlives_a_lock_r22() {
        let text = serde_json::to_string(&CALL).expect("a draft");
        let kept: Reached = draft::read(&text).expect("a call");
        assert_eq!(kept, CALL);
        let later = 1_000_000 + 20 * MINUTE;
        assert!(kept.is_fresh(later) && !kept.is_fresh(1_000_000 + DAY_MS));
        let seed = kept.seed(later);
        assert_eq!((seed.method, seed.minutes, seed.at_ms), (Some(Method::Phone), Some(20), Some(1_000_000)));
    }
}

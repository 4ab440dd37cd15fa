//! Reading on in a log that somebody else keeps.

use satchel_wire::members::SignedEntry;

use crate::{Refused, State};

/// Why what the server shows is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Doubt {
    /// It has fewer entries than were seen: it was set back, or keeps them from us.
    #[error("the server shows fewer entries than it did")]
    Shorter,
    /// It has another entry where we saw one.
    #[error("the server shows another log than it did")]
    Other,
    /// It has an entry that does not follow.
    #[error("entry {n} is not to be believed: {why}")]
    Entry {
        /// Its number.
        n: u64,
        /// Why not.
        why: Refused,
    },
}

/// Takes what follows the state. `shown` begins with the state's own last entry, which was asked for
/// again so that a log that was set back or exchanged is told from one that has nothing new. What was
/// taken before a doubtful entry stays taken.
///
/// # Errors
/// [`Doubt`].
pub fn catch_up(state: &mut State, shown: &[SignedEntry]) -> Result<(), Doubt> {
    let (last, new) = shown.split_first().ok_or(Doubt::Shorter)?;
    if last.hash() != state.head {
        return Err(Doubt::Other);
    }
    for entry in new {
        let n = state.n + 1;
        state.follow(entry).map_err(|why| Doubt::Entry { n, why })?;
    }
    Ok(())
}

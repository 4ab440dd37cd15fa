//! What a new entry answers: the visit that is under way there, and the call, mail or chat that was begun there.

use super::{reached, visit};
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use satchel_domain::{Method, RecordId};

/// What is done with once an entry is saved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answered {
    visit: bool,
    reached: bool,
}

impl Answered {
    /// Nothing of it is asked any more.
    pub fn forget(self, session: Session) {
        if self.visit {
            visit::leave(session);
        }
        if self.reached {
            reached::forget(session);
        }
    }
}

/// Tells what an entry with this partner and method answers. Asked before it is saved: the form may be gone after.
pub fn use_answered() -> impl Fn(RecordId, Method) -> Answered + Copy {
    let session = use_session();
    let (visit, begun) = (visit::under_way(session), reached::begun());
    move |partner, method| Answered {
        visit: method == Method::Visit
            && visit.get_untracked().is_some_and(|visit| visit.partner() == partner),
        reached: begun
            .get_untracked()
            .is_some_and(|reached| (reached.partner, reached.method) == (partner, method)),
    }
}

//! What this device signs in by, and what it will sign in by once the server knows it.

use super::keys::Entrance;
use satchel_wire::AccountContent;
use std::rc::Rc;

/// The way that the server knows, and those that were chosen since.
pub(super) struct Entrances {
    now: Rc<Entrance>,
    /// In the order in which they were chosen. Each waits for the server to have the very slot that it belongs to.
    next: Vec<Rc<Entrance>>,
}

impl Entrances {
    pub(super) fn new(now: Rc<Entrance>, next: Option<Rc<Entrance>>) -> Self {
        Self { now, next: next.into_iter().collect() }
    }

    /// What the server knew last.
    pub(super) fn now(&self) -> Rc<Entrance> {
        Rc::clone(&self.now)
    }

    /// What was chosen last, if the server does not know it yet.
    pub(super) fn last(&self) -> Option<Rc<Entrance>> {
        self.next.last().cloned()
    }

    /// All of them, what the server knew last first: another workspace of the account may have told it since, or an
    /// answer was lost.
    pub(super) fn all(&self) -> Vec<Rc<Entrance>> {
        [&self.now].into_iter().chain(&self.next).cloned().collect()
    }

    /// This one is to be next.
    pub(super) fn expect(&mut self, next: Entrance) {
        self.next.push(Rc::new(next));
    }

    /// The last of those to come whose slot stands in what the server has.
    pub(super) fn known_in(&self, content: &AccountContent) -> Option<Rc<Entrance>> {
        let stands = |entrance: &&Rc<Entrance>| {
            let key = entrance.login.public();
            content.slots.iter().any(|slot| slot.id == entrance.slot && slot.login_key == key)
        };
        self.next.iter().rev().find(stands).cloned()
    }

    /// The server knows this one; what was chosen after it is still to come.
    pub(super) fn advance(&mut self, known: &Rc<Entrance>) {
        if let Some(at) = self.next.iter().position(|next| Rc::ptr_eq(next, known)) {
            self.next.drain(..=at);
            self.now = Rc::clone(known);
        }
    }
}

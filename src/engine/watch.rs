//! Live queries: answered at once, and again whenever a change makes the answer another one.

use super::{Engine, Host};
use crate::port::{Answer, Query, Reply, RequestId};
use std::collections::BTreeMap;

/// The queries that screens hold.
#[derive(Default)]
pub(super) struct Watches {
    held: BTreeMap<RequestId, Watch>,
    /// A look at all of them is already on its way.
    scheduled: bool,
}

struct Watch {
    query: Query,
    /// What the UI was told last.
    told: Option<Answer>,
    /// Counts the looks at it. An answer may have to wait for the store: one that was begun before the answer that
    /// was told last is dropped.
    looks: u64,
    told_look: u64,
    /// Counts the queries under this id, so that an answer to an earlier one is dropped.
    turn: u32,
}

impl Watches {
    pub(super) fn forget(&mut self, id: RequestId) {
        self.held.remove(&id);
    }

    fn hold(&mut self, id: RequestId, query: Query) {
        let turn = self.held.get(&id).map_or(0, |watch| watch.turn + 1);
        self.held.insert(id, Watch { query, told: None, looks: 0, told_look: 0, turn });
    }

    /// Begins a look: the query, whose turn it is, and the number of the look.
    fn begin(&mut self, id: RequestId) -> Option<(Query, u32, u64)> {
        let watch = self.held.get_mut(&id)?;
        watch.looks += 1;
        Some((watch.query.clone(), watch.turn, watch.looks))
    }

    fn ids(&self) -> Vec<RequestId> {
        self.held.keys().copied().collect()
    }
}

impl<H: Host> Engine<H> {
    pub(super) fn watch(&self, id: RequestId, query: Query) {
        self.watches.borrow_mut().hold(id, query);
        self.spawn(async move |engine| engine.look(id).await);
    }

    /// Something may have changed: every watch is looked at once, after whatever is already under way.
    pub(super) fn changed(&self) {
        if std::mem::replace(&mut self.watches.borrow_mut().scheduled, true) {
            return;
        }
        self.spawn(async move |engine| {
            engine.host.breathe().await;
            engine.watches.borrow_mut().scheduled = false;
            let ids = engine.watches.borrow().ids();
            for id in ids {
                engine.look(id).await;
            }
        });
    }

    async fn look(&self, id: RequestId) {
        let Some(open) = self.opened() else { return };
        let Some((query, turn, look)) = self.watches.borrow_mut().begin(id) else { return };
        let answer = self.answer(&open, query).await;
        let mut watches = self.watches.borrow_mut();
        let current = |watch: &&mut Watch| watch.turn == turn && watch.told_look < look;
        let Some(watch) = watches.held.get_mut(&id).filter(current) else { return };
        watch.told_look = look;
        if watch.told.as_ref() != Some(&answer) {
            watch.told = Some(answer.clone());
            drop(watches);
            self.host.post(Reply::Answer { id, answer });
        }
    }
}

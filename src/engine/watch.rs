//! Live queries: answered at once, and again whenever a change makes the answer another one.

use super::{Engine, Host};
use crate::port::{Answer, Command, Preview, Query, Reply, RequestId};
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

/// What a command may have made another answer to.
pub(super) enum Touched {
    /// Anything.
    Everything,
    /// The draft of this key: kept with each letter that is typed into a form.
    Draft(String),
    /// Whom a search puts first.
    Ranking,
}

impl Touched {
    /// What this command touches.
    pub(super) fn by(command: &Command) -> Self {
        match command {
            Command::KeepDraft { key, .. } => Self::Draft(key.clone()),
            Command::Opened { .. } => Self::Ranking,
            _ => Self::Everything,
        }
    }

    fn reaches(&self, query: &Query) -> bool {
        match self {
            Self::Everything => true,
            Self::Draft(key) => {
                matches!(query, Query::Draft { key: asked } if asked == key)
                    || matches!(query, Query::Person { .. })
            }
            Self::Ranking => matches!(query, Query::Find { .. }),
        }
    }
}

/// Whether an answer holds for as long as somebody looks at it: a picture never changes, and what other workspaces
/// there are is asked anew by each screen.
fn holds(told: &Answer) -> bool {
    matches!(told, Answer::Preview(Preview::Here(_)) | Answer::Beside(_))
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
        let watch = self.held.get_mut(&id).filter(|watch| !watch.told.as_ref().is_some_and(holds))?;
        watch.looks += 1;
        Some((watch.query.clone(), watch.turn, watch.looks))
    }

    /// The form that asks what was begun in it and was told nothing yet.
    fn opening(&self, id: RequestId) -> Option<String> {
        match self.held.get(&id)? {
            Watch { query: Query::Draft { key }, told: None, .. } => Some(key.clone()),
            _ => None,
        }
    }

    /// The forms that are open.
    pub(super) fn forms(&self) -> Vec<String> {
        let form = |watch: &Watch| match &watch.query {
            Query::Draft { key } => Some(key.clone()),
            _ => None,
        };
        self.held.values().filter_map(form).collect()
    }

    fn reached(&self, touched: &Touched) -> Vec<RequestId> {
        let reached = self.held.iter().filter(|(_, watch)| touched.reaches(&watch.query));
        reached.map(|(id, _)| *id).collect()
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
            engine.look_at(&Touched::Everything).await;
        });
    }

    /// A command has ended: who watches what it touches is answered again.
    pub(super) fn touched(&self, touched: Touched) {
        match touched {
            Touched::Everything => self.changed(),
            touched => self.spawn(async move |engine| engine.look_at(&touched).await),
        }
    }

    async fn look_at(&self, touched: &Touched) {
        let ids = self.watches.borrow().reached(touched);
        for id in ids {
            self.look(id).await;
        }
    }

    async fn look(&self, id: RequestId) {
        let Some(open) = self.opened() else { return };
        let opening = self.watches.borrow().opening(id);
        if let Some(form) = &opening {
            // What is not given to it waits on, and the form opens empty.
            let _ = open.replica.give_handed(form).await;
        }
        let Some((query, turn, look)) = self.watches.borrow_mut().begin(id) else { return };
        if matches!(query, Query::FindRecords { .. }) {
            // All texts are read for it: whoever types on wants the next answer, and people first.
            self.host.breathe().await;
            if self.watches.borrow().held.get(&id).is_none_or(|watch| watch.turn != turn) {
                return;
            }
        }
        let answer = self.answer(&open, query).await;
        if let (Some(form), Answer::Draft(kept)) = (&opening, &answer) {
            open.drafts.opened(form, kept);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::UndoToken;

    #[test]
    fn what_is_typed_into_a_form_asks_nothing_but_its_draft() {
        let draft = |key: &str| Query::Draft { key: key.to_owned() };
        let typed = Touched::by(&Command::KeepDraft { key: "log".to_owned(), text: "a".to_owned() });
        assert!(typed.reaches(&draft("log")) && !typed.reaches(&draft("task")));
        assert!(!typed.reaches(&Query::Views) && !typed.reaches(&Query::Today { from_ms: 0, to_ms: 1 }));
        let done = Touched::by(&Command::Undo { token: UndoToken(1) });
        assert!([draft("log"), Query::Views, Query::Sync].iter().all(|query| done.reaches(query)));
    }

    #[test]
    fn a_picture_that_was_shown_is_not_read_again() {
        let mut watches = Watches::default();
        watches.hold(1, Query::Views);
        assert!(watches.begin(1).is_some() && watches.begin(1).is_some());
        let told = Some(Answer::Preview(Preview::Here(vec![1])));
        watches.held.get_mut(&1).expect("held").told = told;
        assert!(watches.begin(1).is_none());
        watches.hold(1, Query::Views);
        assert!(watches.begin(1).is_some(), "another query begins anew");
    }
}

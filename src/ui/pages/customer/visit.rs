//! Being at a customer's: begun at a tap, kept sealed on this device, and logged with its time. Never a track.

use crate::port::{Command, PlanAct, Query, VISIT};
use crate::ui::components::{Icon, IconButton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::draft;
use crate::ui::pages::memory::{LogSeed, use_memory};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::position::{self, Exactness};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use satchel_domain::{Method, RecordId};
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;

const MINUTE: i64 = 60_000;
/// Who forgot to leave has not visited for longer than this, in minutes.
const LONGEST: i64 = 8 * 60;

/// A visit that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    partner: RecordId,
    /// Since when, ms since 1970 UTC.
    began_ms: i64,
}

impl Visit {
    /// At whose place.
    pub(super) fn partner(self) -> RecordId {
        self.partner
    }

    /// Since when, ms since 1970 UTC.
    pub fn began_ms(self) -> i64 {
        self.began_ms
    }

    /// How long it has taken, in whole minutes; nothing for one that was forgotten.
    fn minutes(self, now_ms: i64) -> Option<u32> {
        let minutes = (now_ms - self.began_ms + MINUTE / 2) / MINUTE;
        (1..=LONGEST).contains(&minutes).then(|| u32::try_from(minutes).unwrap_or_default())
    }
}

/// The visit that is under way at this customer's, if there is one.
pub fn visit_at(id: RecordId) -> Memo<Option<Visit>> {
    let visit = under_way(use_session());
    Memo::new(move |_| visit.get().filter(|visit| visit.partner == id))
}

/// The visit that is under way, wherever it is.
pub(super) fn under_way(session: Session) -> Memo<Option<Visit>> {
    let kept = session.watch::<String>(|| Query::Draft { key: VISIT.to_owned() });
    Memo::new(move |_| kept.with(|text| draft::read(text.as_ref()?)))
}

/// Begins a visit. Where the customer is is kept once, if it is not known and the person has allowed it before.
pub fn check_in(session: Session, partner: RecordId, found: bool) {
    let visit = Visit { partner, began_ms: clock::now_ms() };
    if let Ok(text) = serde_json::to_string(&visit) {
        session.act_quietly(Command::KeepDraft { key: VISIT.to_owned(), text });
    }
    if !found {
        spawn_local(async move {
            let at = position::if_allowed(Exactness::Exactly).await;
            if at.is_some() {
                session.act_quietly(Command::Plan(PlanAct::Locate { partner, at }));
            }
        });
    }
}

/// Ends the visit that is under way, if there is one.
pub(super) fn leave(session: Session) {
    session.act_quietly(Command::KeepDraft { key: VISIT.to_owned(), text: String::new() });
}

/// Opens the log of a visit: with its time where one is under way.
pub fn log_visit() -> impl Fn(RecordId, Option<Visit>) + Copy {
    let (nav, memory) = (use_nav(), use_memory());
    move |partner, visit| {
        memory.log_seed.set(Some(LogSeed {
            method: Some(Method::Visit),
            minutes: visit.and_then(|visit| visit.minutes(clock::now_ms())),
            at_ms: visit.map(|visit| visit.began_ms),
            ..LogSeed::default()
        }));
        nav.open(Sheet::Log { partner: Some(partner) });
    }
}

/// The button that begins a visit; it is gone while one is under way here.
#[component]
pub(super) fn CheckIn(
    /// At whose place.
    id: RecordId,
    /// Whether it is known where that is.
    found: Signal<bool>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let here = visit_at(id);
    view! {
        <Show when=move || here.with(Option::is_none)>
            <IconButton icon="visit" class="wr" label=text!(i18n, customer.visit.begin) on_press=move |_| check_in(session, id, found.get_untracked()) />
        </Show>
    }
}

/// Since when somebody is here, and the way to log it: two taps.
#[component]
pub(super) fn Visiting(
    /// At whose place.
    id: RecordId,
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let (here, begin) = (visit_at(id), log_visit());
    let since = move || {
        let at = here.get().map(|visit| format.when(visit.began_ms, When::Time)).unwrap_or_default();
        t_string!(i18n, customer.visit.since, time = at).to_string()
    };
    let log = move |_| begin(id, here.get_untracked());
    view! {
        <Show when=move || here.get().is_some()>
            <div class="called wr" role="status">
                <Icon name="visit" />
                <span class="called-t">{since}</span>
                <button class="btn btn-0" type="button" on:click=log>{text!(i18n, customer.visit.log)}</button>
                <span class="grow"></span>
                <IconButton icon="x" label=text!(i18n, customer.visit.leave) on_press=move |_| leave(session) />
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_takes_the_time_since_it_began_unless_it_was_forgotten() {
        let visit = Visit { partner: RecordId([1; 16]), began_ms: 1_000_000 };
        assert_eq!(visit.minutes(1_000_000 + 25 * MINUTE), Some(25));
        assert_eq!(visit.minutes(1_000_000), None);
        assert_eq!(visit.minutes(1_000_000 + 20 * 60 * MINUTE), None);
        assert_eq!(visit.minutes(0), None);
    }
}

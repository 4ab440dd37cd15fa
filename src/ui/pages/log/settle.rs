//! What a new entry settles: open tasks of the customer that are due by its day. The visit that was planned is among
//! them, and done with the one that is logged.

use super::form::LogForm;
use crate::port::{PartnerCard, Query};
use crate::ui::components::Icon;
use crate::ui::i18n::use_i18n;
use crate::ui::pages::tasks::due_word;
use crate::ui::pages::vocabulary::here_ms;
use crate::ui::platform::clock;
use crate::ui::platform::intl::use_format;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{RecordId, Task};

/// So many are offered: whoever is owed more has a list of them.
const MOST: usize = 4;

/// The tasks that an entry may settle, soonest first.
pub(super) type Settled = Memo<Vec<Task>>;

/// Those of whom the entry is about now.
pub(super) fn settled(form: RwSignal<LogForm>) -> Settled {
    let partner = Memo::new(move |_| form.with(|form| form.partner));
    let at = Memo::new(move |_| form.with(|form| clock::from_local_input(&form.at)));
    let card = use_session()
        .watch_if::<Option<Box<PartnerCard>>>(move || partner.get().map(|id| Query::Partner { id }));
    Memo::new(move |_| {
        let tonight = clock::midnight(at.get().unwrap_or_else(clock::now_ms), 1);
        let due = |task: &Task| task.entry.due.as_ref().is_some_and(|due| here_ms(due) < tonight);
        card.with(|card| {
            let card = card.as_ref().and_then(Option::as_ref);
            // What was answered before tells of who was chosen before.
            let tasks = card.filter(|card| Some(card.partner.id) == partner.get()).map(|card| &card.tasks);
            let tasks = tasks.into_iter().flatten().map(|(task, _)| task);
            tasks.filter(|task| due(task)).take(MOST).cloned().collect()
        })
    })
}

/// Which of them are done once it is saved.
pub(super) fn done(form: &LogForm, settled: &[Task]) -> Vec<RecordId> {
    settled.iter().filter(|task| form.settles(task)).map(|task| task.id).collect()
}

/// Them, each to be ticked.
#[component]
pub(super) fn SettleField(
    /// The form.
    form: RwSignal<LogForm>,
    /// Which they are.
    settled: Settled,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let one = move |task: Task| {
        let (id, title, due) = (task.id, task.entry.title.clone(), task.entry.due.clone());
        let ticked = Memo::new(move |_| form.with(|form| form.settles(&task)));
        let tick = move |_| form.update(|form| form.settle(id, !ticked.get_untracked()));
        let due = move || due.as_ref().map(|due| due_word(i18n.get_locale(), format, due));
        view! {
            <label class="prop">
                <input type="checkbox" prop:checked=move || ticked.get() on:change=tick />
                <span class="prop-c"><Icon name="check" /></span>
                <span class="prop-b">
                    <b>{title}</b>
                    <span class="k">{due}</span>
                </span>
            </label>
        }
    };
    view! {
        <Show when=move || settled.with(|settled| !settled.is_empty())>
            <fieldset class="fs settle">
                <legend>{text!(i18n, log.settles)}</legend>
                <For each=move || settled.get() key=|task| (task.id, task.edited_ms) children=one />
            </fieldset>
        </Show>
    }
}

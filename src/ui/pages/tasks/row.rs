//! One task in a list: done at a tap, opened by its title.

use super::TaskEntry;
use super::due::{is_late, task_word};
use super::snooze::TaskMenu;
use crate::port::{Command, Mark};
use crate::ui::components::{Icon, SyncMark, use_leaving};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::mark_word;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::{Said, use_session};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// A task's identity and everything that may change how it is drawn.
pub(crate) fn state_of((task, partner, mark): &TaskEntry) -> (RecordId, u64, u8, Option<String>) {
    (task.id, task.edited_ms, *mark as u8, partner.as_ref().map(|partner| partner.name.clone()))
}

/// The task.
#[component]
pub(crate) fn TaskRow(
    /// The task, for whom, and whether it is on the server.
    entry: TaskEntry,
) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let (task, partner, mark) = entry;
    let (id, done) = (task.id, task.done_ms.is_some());
    let (title, label) = (task.entry.title.clone(), task.entry.title.clone());
    let menu =
        (!done).then(|| (task.clone(), partner.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let late = is_late(&task);
    let timed = done || task.entry.due.is_some();
    let has_partner = partner.is_some();
    view! {
        <li class=if done { "row row-t row-done" } else { "row row-t" }>
            <Tick id=id done=done title=label />
            <div class="row-b">
                <b><a href=move || nav.sheet_href(Sheet::Task(id))>{title}</a></b>
                <span>
                    {partner.map(|row| view! { <a class="in" href=Place::Customer(row.id, Tab::Brief).href()>{row.name}</a> })}
                    {(has_partner && timed).then(|| view! { <span class="sep">"·"</span> })}
                    {timed.then(|| {
                        view! {
                            <span class=if late { "late" } else { "" }>
                                {late.then(|| view! { <Icon name="clock" /> })}
                                {move || task_word(i18n.get_locale(), format, &task)}
                            </span>
                        }
                    })}
                </span>
            </div>
            {(mark != Mark::Synced).then(|| {
                view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
            })}
            {menu.map(|(task, partner)| view! { <TaskMenu task=task partner=partner /> })}
        </li>
    }
}

/// The circle that says that a task is done, or not yet after all.
#[component]
pub(super) fn Tick(
    /// The task.
    id: RecordId,
    /// Whether it is done.
    done: bool,
    /// Its title.
    title: String,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (named, leaving) = (title.clone(), use_leaving(".tick"));
    let complete = move |event: MouseEvent| {
        leaving.press(&event);
        let said = if done { t_string!(i18n, tasks.reopened) } else { t_string!(i18n, tasks.completed) };
        session.act(Command::CompleteTask { id, done: !done }, Said::new(said).about(named.clone()));
    };
    let word = move || match done {
        true => t_string!(i18n, tasks.reopen, title = title.clone()).to_string(),
        false => t_string!(i18n, tasks.complete, title = title.clone()).to_string(),
    };
    view! {
        <button class="tick wr" type="button" aria-pressed=done.to_string() aria-label=word on:click=complete>
            <Icon name="check" />
        </button>
    }
}

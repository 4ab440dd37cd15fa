//! A task on its day.

use super::use_board;
use crate::port::Mark;
use crate::ui::components::{Icon, SyncMark};
use crate::ui::i18n::use_i18n;
use crate::ui::pages::tasks::row::Tick;
use crate::ui::pages::tasks::snooze::TaskMenu;
use crate::ui::pages::tasks::{TaskEntry, is_late};
use crate::ui::pages::vocabulary::{mark_word, moment_word};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::Precision;

/// The card. A mouse or a pen drags it to another day; its menu does the same.
#[component]
pub(super) fn Card(
    /// The task, for whom, and whether it is on the server.
    entry: TaskEntry,
) -> impl IntoView {
    let (i18n, format, nav, session, board) =
        (use_i18n(), use_format(), use_nav(), use_session(), use_board());
    let (task, partner, mark) = entry;
    let (id, done) = (task.id, task.done_ms.is_some());
    let late = is_late(&task);
    let at = task.entry.due.clone().filter(|due| due.precision != Precision::AllDay);
    let title = task.entry.title.clone();
    let name = partner.as_ref().map(|row| row.name.clone()).unwrap_or_default();
    let drag = board.drag;
    let class = move || {
        let done = if done { " row-done" } else { "" };
        let dragged = if drag.is_of(id) { " wk-drag" } else { "" };
        format!("wk-t row-t{done}{dragged}")
    };
    view! {
        <li
            class=class
            data-task=id.to_hex()
            on:pointerdown=move |event| if !done && session.may_write() { drag.begin(&event, id) }
            on:dragstart=|event| event.prevent_default()
        >
            <div class="row-b">
                <b><a href=move || nav.sheet_href(Sheet::Task(id))>{title.clone()}</a></b>
                <span>
                    {at.map(|at| view! { <time class="plan-t">{move || moment_word(format, &at, When::Time)}</time> })}
                    {partner.map(|row| view! { <a class="in" href=Place::Customer(row.id, Tab::Brief).href()>{row.name}</a> })}
                </span>
            </div>
            <div class="wk-x">
                <Tick id=id done=done title=title />
                {late.then(|| view! { <span class="late"><Icon name="clock" /></span> })}
                {(mark != Mark::Synced).then(|| {
                    view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
                })}
                {(!done).then(|| view! { <TaskMenu task=task partner=name days=board.days /> })}
            </div>
        </li>
    }
}

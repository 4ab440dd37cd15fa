//! The visits of the day that are still to come, in the order in which they were planned: the next one on the cloth.

use crate::port::{Plan, PlanStop, Query};
use crate::ui::components::Icon;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::{Maps, address_line, check_in, log_visit, visit_at};
use crate::ui::pages::vocabulary::moment_word;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Moment, Precision, RecordId, Task, Turn};

/// The visits that are to come.
pub(super) type Planned = Memo<Vec<PlanStop>>;

/// The visits between two local midnights that somebody has given a place in the day: what is merely due is no visit.
pub(super) fn planned(day: Memo<(i64, i64)>) -> Planned {
    let plan = use_session().watch::<Plan>(move || {
        let (from_ms, to_ms) = day.get();
        Query::Plan { from_ms, to_ms }
    });
    Memo::new(move |_| plan.with(|plan| plan.as_ref().map(|plan| in_order(&plan.stops)).unwrap_or_default()))
}

fn in_order(stops: &[PlanStop]) -> Vec<PlanStop> {
    let has_place = |(task, _): &(Task, _)| matches!(task.entry.turn, Turn::Nth(_));
    stops.iter().filter(|stop| stop.tasks.iter().any(has_place)).cloned().collect()
}

/// Whether a task is one of those that a visit is for.
pub(super) fn is_for_a_visit(planned: &[PlanStop], task: RecordId) -> bool {
    planned.iter().flat_map(|stop| &stop.tasks).any(|(known, _)| known.id == task)
}

/// When somebody is expected there, if a time was said.
fn expected(stop: &PlanStop) -> Option<Moment> {
    let said = |(task, _): &(Task, _)| task.entry.due.clone().filter(|due| due.precision == Precision::Exact);
    stop.tasks.iter().find_map(said)
}

/// Them, to stand behind what was logged.
#[component]
pub(super) fn ToCome(
    /// Which.
    planned: Planned,
) -> impl IntoView {
    let key = |(place, stop): &(usize, PlanStop)| {
        let tasks: Vec<_> = stop.tasks.iter().map(|(task, _)| (task.id, task.edited_ms)).collect();
        (*place == 0, stop.partner.id, stop.partner.name.clone(), stop.coordinates.is_some(), tasks)
    };
    let one = |(place, stop): (usize, PlanStop)| match place {
        0 => view! { <Next stop /> }.into_any(),
        _ => view! { <Later stop /> }.into_any(),
    };
    let all = move || -> Vec<(usize, PlanStop)> { planned.get().into_iter().enumerate().collect() };
    view! { <For each=all key=key children=one /> }
}

#[component]
fn Next(stop: PlanStop) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let at = expected(&stop);
    let PlanStop { partner, address, coordinates, tasks } = stop;
    let (id, name, aside) = (partner.id, partner.name, partner.aside);
    let line = address.as_ref().map(address_line).unwrap_or_default();
    let way = Maps::here().way_to(coordinates, &line);
    view! {
        <li class="stop stop-next">
            <span class="stop-k">{text!(i18n, today.next)}</span>
            <span class="node"></span>
            <article class="cloth next">
                <div class="next-top">
                    {at.map(|at| {
                        let time = at.clone();
                        view! {
                            <time class="next-at">{move || moment_word(format, &time, When::Time)}</time>
                            <span class="next-left">{move || format.relative(at.utc_ms)}</span>
                        }
                    })}
                    {way.map(|way| view! { <a class="next-far" href=way><Icon name="nav" />{text!(i18n, customer.navigate)}</a> })}
                </div>
                <h2><a href=Place::Customer(id, Tab::Brief).href()>{name}</a></h2>
                <p class="next-who">
                    {(!aside.is_empty()).then(|| view! { {aside}<br /> })}
                    {line}
                </p>
                <WhatFor tasks />
                <Acts id found=coordinates.is_some() />
            </article>
        </li>
    }
}

/// What the visit is for, and what was promised.
#[component]
fn WhatFor(tasks: Vec<(Task, crate::port::Mark)>) -> impl IntoView {
    let nav = use_nav();
    let one = move |(task, _): (Task, _)| {
        let (id, title) = (task.id, task.entry.title);
        view! { <li><Icon name="flag" /><a href=move || nav.sheet_href(Sheet::Task(id))>{title}</a></li> }
    };
    view! { <ul class="next-what">{tasks.into_iter().map(one).collect_view()}</ul> }
}

/// Checking in, or logging where one is there already; the brief before.
#[component]
fn Acts(id: RecordId, found: bool) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let (here, log) = (visit_at(id), log_visit());
    let is_here = move || here.with(Option::is_some);
    let since = move || {
        let at = here.get().map(|visit| format.when(visit.began_ms(), When::Time)).unwrap_or_default();
        t_string!(i18n, customer.visit.since, time = at).to_string()
    };
    let press = move |_| match here.get_untracked() {
        Some(visit) => log(id, Some(visit)),
        None => check_in(session, id, found),
    };
    view! {
        <Show when=is_here><p class="next-who" role="status">{since}</p></Show>
        <div class="next-do">
            <button class="btn btn-on wr" type="button" on:click=press>
                <Icon name="visit" />
                {move || if is_here() { t_string!(i18n, customer.visit.log) } else { t_string!(i18n, today.check_in) }}
            </button>
            <a class="btn btn-line" href=Place::Customer(id, Tab::Brief).href()>{text!(i18n, today.now_open)}</a>
            <Show when=move || !is_here()>
                <button class="btn btn-line wr" type="button" on:click=move |_| log(id, None)>{text!(i18n, today.now_log)}</button>
            </Show>
        </div>
    }
}

#[component]
fn Later(stop: PlanStop) -> impl IntoView {
    let format = use_format();
    let at = expected(&stop);
    let id = stop.partner.id;
    let titles: Vec<String> = stop.tasks.into_iter().map(|(task, _)| task.entry.title).collect();
    view! {
        <li class="stop">
            <time>{at.map(|at| move || moment_word(format, &at, When::Time))}</time>
            <span class="node"></span>
            <a class="stop-b" href=Place::Customer(id, Tab::Brief).href()>
                <b>{stop.partner.name}</b>
                <span>{titles.join(" · ")}</span>
            </a>
        </li>
    }
}

//! One customer on the road.

use super::drag::Handle;
use super::use_road;
use crate::port::{Command, Mark, PlanAct, PlanStop};
use crate::ui::components::{Icon, IconButton, Menu, MenuItem, SyncMark};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::customer::{Maps, address_line, log_visit, visit_at};
use crate::ui::pages::vocabulary::{mark_word, moment_word};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::position::{self, Exactness};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use satchel_domain::{Precision, RecordId, Task};
use wasm_bindgen_futures::spawn_local;

/// The stop.
#[component]
pub(super) fn Stop(
    /// Where it stands.
    place: usize,
    /// Who, where and what for.
    stop: PlanStop,
) -> impl IntoView {
    let (i18n, road) = (use_i18n(), use_road());
    let PlanStop { partner, address, coordinates, tasks } = stop;
    let (id, name) = (partner.id, partner.name.clone());
    let ids: Vec<RecordId> = tasks.iter().map(|(task, _)| task.id).collect();
    let mark = tasks.iter().map(|(_, mark)| *mark).find(|mark| *mark != Mark::Synced);
    let line = address.as_ref().map(address_line).unwrap_or_default();
    let addressed = !line.is_empty();
    let way = Maps::here().way_to(coordinates, &line);
    view! {
        <li class=move || road.drag.class(place) data-stop=id.to_hex()>
            <Handle place />
            <div class="plan-b">
                <b>
                    <a href=Place::Customer(id, Tab::Brief).href()>{name.clone()}</a>
                    {mark.map(|mark| {
                        view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
                    })}
                </b>
                <What tasks=tasks.clone() />
                {(!line.is_empty()).then(|| view! { <span>{line.clone()}</span> })}
                <span class="plan-k"><LastContact at_ms=partner.last_contact_ms /></span>
                {coordinates.is_none().then(|| view! { <span class="plan-w"><Icon name="nowhere" />{move || unknown_word(i18n.get_locale(), addressed)}</span> })}
            </div>
            <Acts place id name ids way />
        </li>
    }
}

/// What is not known of a customer without a place: where it is at all, or how far an address is.
fn unknown_word(locale: Locale, addressed: bool) -> &'static str {
    match addressed {
        true => td_string!(locale, plan.no_distance),
        false => td_string!(locale, plan.no_place),
    }
}

/// When and what for.
#[component]
fn What(tasks: Vec<(Task, Mark)>) -> impl IntoView {
    let (format, nav) = (use_format(), use_nav());
    let one = move |(task, _): (Task, Mark)| {
        let at = task.entry.due.filter(|due| due.precision == Precision::Exact);
        let (id, title) = (task.id, task.entry.title);
        view! {
            <span>
                {at.map(|at| view! { <time class="plan-t">{move || moment_word(format, &at, When::Time)}</time> })}
                <a class="in" href=move || nav.sheet_href(Sheet::Task(id))>{title}</a>
            </span>
        }
    };
    tasks.into_iter().map(one).collect_view()
}

#[component]
fn LastContact(at_ms: Option<i64>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    move || match at_ms {
        Some(at) => t_string!(i18n, plan.last, when = format.relative(at)).to_string(),
        None => t_string!(i18n, plan.never).to_owned(),
    }
}

/// What can be done with a stop.
#[component]
fn Acts(place: usize, id: RecordId, name: String, ids: Vec<RecordId>, way: Option<String>) -> impl IntoView {
    let (i18n, road) = (use_i18n(), use_road());
    let name = StoredValue::new(name);
    let say = move |to: usize, button: &'static str| {
        road.refocus.set_value(Some((id, button)));
        road.move_to(place, to, t_string!(i18n, plan.moved).to_owned());
    };
    let (here, begin) = (visit_at(id), log_visit());
    let log = move |_| begin(id, here.get_untracked());
    let label = move |word: fn(Locale, String) -> String| {
        Signal::derive(move || word(i18n.get_locale(), name.get_value()))
    };
    let (up, down) = (
        label(|locale, name| td_string!(locale, plan.up, name = name).to_string()),
        label(|locale, name| td_string!(locale, plan.down, name = name).to_string()),
    );
    view! {
        <div class="plan-x">
            <IconButton icon="down" class="plan-up wr" label=up on_press=move |_| if let Some(to) = place.checked_sub(1) { say(to, "plan-up") } />
            <IconButton icon="down" class="plan-down wr" label=down on_press=move |_| say(place + 1, "plan-down") />
            {way.map(|way| {
                let label = move || t_string!(i18n, plan.way, name = name.get_value()).to_string();
                view! { <a class="ib" href=way aria-label=label title=label><Icon name="nav" /></a> }
            })}
            <IconButton icon="log" class="ib-soft wr" label=label(|locale, name| td_string!(locale, plan.log, name = name).to_string()) on_press=log />
            <More id name ids />
        </div>
    }
}

/// What is rarely done.
#[component]
fn More(id: RecordId, name: StoredValue<String>, ids: Vec<RecordId>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let ids = StoredValue::new(ids);
    let done = move |_| {
        for id in ids.get_value() {
            session.act(Command::CompleteTask { id, done: true }, t_string!(i18n, tasks.completed));
        }
    };
    let aside = move |()| {
        session.act(Command::Plan(PlanAct::Aside(ids.get_value())), t_string!(i18n, plan.put_aside));
    };
    let here = move |()| locate(session, i18n.get_locale_untracked(), id, name.get_value());
    let item = |icon, label: &str, on_choose| MenuItem { icon, label: label.to_owned(), on_choose };
    let items = move || {
        vec![
            item("check", t_string!(i18n, plan.done), Callback::new(done)),
            item("visit", t_string!(i18n, plan.here), Callback::new(here)),
            item("absent", t_string!(i18n, plan.not_a_visit), Callback::new(aside)),
        ]
    };
    let label = move || t_string!(i18n, plan.more, name = name.get_value()).to_string();
    view! { <span class="w"><Menu label=Signal::derive(label) items=Signal::derive(items) /></span> }
}

/// Keeps where the person stands as a customer's place.
fn locate(session: Session, locale: Locale, partner: RecordId, name: String) {
    spawn_local(async move {
        match position::ask(Exactness::Exactly).await {
            Some(at) => {
                let said = td_string!(locale, plan.located, name = name).to_string();
                session.act(Command::Plan(PlanAct::Locate { partner, at: Some(at) }), said);
            }
            None => session.toasts().say(td_string!(locale, plan.refused), None),
        }
    });
}

/// What was taken out of the plan, with the way back.
#[component]
pub(super) fn Aside(aside: Signal<Vec<PlanStop>>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let one = move |stop: PlanStop| {
        let ids: Vec<RecordId> = stop.tasks.iter().map(|(task, _)| task.id).collect();
        let title = stop.tasks.first().map(|(task, _)| task.entry.title.clone()).unwrap_or_default();
        let back = move |_| {
            session.act(Command::Plan(PlanAct::Back(ids.clone())), t_string!(i18n, plan.put_back));
        };
        view! {
            <li class="row">
                <span class="row-b"><b>{title}</b><span>{stop.partner.name}</span></span>
                <button class="btn btn-0 wr" type="button" on:click=back>{text!(i18n, plan.back)}</button>
            </li>
        }
    };
    view! {
        <Show when=move || aside.with(|aside| !aside.is_empty())>
            <section class="sec plan-0">
                <div class="sec-h"><h2>{text!(i18n, plan.aside)}</h2></div>
                <ul class="rows card">{move || aside.get().into_iter().map(one).collect_view()}</ul>
            </section>
        </Show>
    }
}

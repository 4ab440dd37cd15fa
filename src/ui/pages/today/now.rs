//! The cloth of the day: the one thing to do now.

use super::TodayMemo;
use crate::port::{Command, PartnerRow, Suggestion, Today as Day};
use crate::ui::components::{Icon, use_leaving};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::TelLink;
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::tasks::due_word;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::{Said, use_session};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use satchel_domain::{RecordId, Task};

/// What stands on the cloth.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NowIs {
    /// The first task that is due.
    Task(Box<Task>, Option<PartnerRow>),
    /// Nothing is due, but somebody is to be thought of.
    Suggestion(Suggestion),
}

impl NowIs {
    /// The task on the cloth.
    pub(super) fn task(&self) -> Option<RecordId> {
        match self {
            Self::Task(task, _) => Some(task.id),
            Self::Suggestion(_) => None,
        }
    }
}

/// The first task that is due, else the suggestion.
pub(super) fn now_of(day: &Day) -> Option<NowIs> {
    let task = day.due.first().map(|(task, partner, _)| NowIs::Task(Box::new(task.clone()), partner.clone()));
    task.or_else(|| day.suggestion.clone().map(NowIs::Suggestion))
}

/// The cloth.
#[component]
pub(super) fn Now(
    /// The day.
    day: TodayMemo,
) -> impl IntoView {
    let memory = use_memory();
    let now = Memo::new(move |_| {
        let wanted = |now: &NowIs| match now {
            NowIs::Suggestion(suggestion) => memory.not_now.get() != Some(suggestion.partner.id),
            NowIs::Task(..) => true,
        };
        day.with(|day| day.as_ref().and_then(|day| now_of(day)).filter(wanted))
    });
    move || match now.get() {
        Some(NowIs::Task(task, partner)) => view! { <TaskNow task=*task partner=partner /> }.into_any(),
        Some(NowIs::Suggestion(suggestion)) => view! { <SuggestionNow suggestion=suggestion /> }.into_any(),
        None => view! { <AllDone /> }.into_any(),
    }
}

#[component]
fn TaskNow(task: Task, partner: Option<PartnerRow>) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let id = task.id;
    let due = task.entry.due.clone();
    let (named, leaving) = (task.entry.title.clone(), use_leaving(".next .btn-on"));
    let complete = move |event: MouseEvent| {
        leaving.press(&event);
        let said = Said::new(t_string!(i18n, today.task_done)).about(named.clone());
        session.act(Command::CompleteTask { id, done: true }, said);
    };
    let actions = partner.as_ref().map(|row| (row.id, row.phone.clone()));
    view! {
        <article class="cloth next">
            <div class="next-top">
                <span class="next-k">{move || t_string!(i18n, today.now)}</span>
                {due.map(|due| view! { <span class="next-left">{move || due_word(i18n.get_locale(), format, &due)}</span> })}
            </div>
            <h2>{task.entry.title}</h2>
            {partner.map(|row| view! { <Who row=row /> })}
            <div class="next-do">
                <button class="btn btn-on wr" type="button" data-of=id.to_hex() on:click=complete><Icon name="check" />{move || t_string!(i18n, today.now_do)}</button>
                {actions.map(|(id, phone)| view! { <Reach id=id phone=phone /> })}
            </div>
        </article>
    }
}

#[component]
fn Who(row: PartnerRow) -> impl IntoView {
    let PartnerRow { id, name, aside, .. } = row;
    view! {
        <p class="next-who">
            <a href=Place::Customer(id, Tab::Brief).href()>{name}</a>
            {(!aside.is_empty()).then(|| format!(" · {aside}"))}
        </p>
    }
}

/// Brief, or a call where there is a number; and Log.
#[component]
fn Reach(id: RecordId, phone: String) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! {
        {match phone.is_empty() {
            true => {
                view! { <a class="btn btn-line" href=Place::Customer(id, Tab::Brief).href()>{move || t_string!(i18n, today.now_open)}</a> }.into_any()
            }
            false => view! { <TelLink partner=id number=phone class="btn btn-line">{move || t_string!(i18n, today.now_call)}</TelLink> }.into_any(),
        }}
        <a class="btn btn-line wr" href=move || nav.sheet_href(Sheet::Log { partner: Some(id) })>{move || t_string!(i18n, today.now_log)}</a>
    }
}

/// Why somebody is suggested, in words.
pub(super) fn reason(suggestion: &Suggestion) -> impl Fn() -> String + Clone + Send + use<> {
    let (i18n, format) = (use_i18n(), use_format());
    let Suggestion { days, usual_days, contacts, .. } = *suggestion;
    move || {
        t_string!(
            i18n,
            today.suggest_why,
            usual = format.number(usual_days),
            contacts = format.number(contacts),
            days = format.number(days)
        )
        .to_string()
    }
}

#[component]
fn SuggestionNow(suggestion: Suggestion) -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let why = reason(&suggestion);
    let PartnerRow { id, phone, name, .. } = suggestion.partner;
    view! {
        <article class="cloth next">
            <div class="next-top"><span class="next-k">{move || t_string!(i18n, today.suggestion)}</span></div>
            <h2>{move || t_string!(i18n, today.suggest_title, name = name.clone()).to_string()}</h2>
            <p class="next-who">{why}</p>
            <div class="next-do">
                <a class="btn btn-on" href=Place::Customer(id, Tab::Brief).href()>{move || t_string!(i18n, today.now_open)}</a>
                <Reach id=id phone=phone />
                <button class="btn btn-line" type="button" on:click=move |_| memory.not_now.set(Some(id))>{move || t_string!(i18n, today.suggest_later)}</button>
            </div>
        </article>
    }
}

#[component]
fn AllDone() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! {
        <article class="cloth next next-0">
            <h2>{move || t_string!(i18n, today.all_done)}</h2>
            <div class="next-do">
                <a class="btn btn-on wr" href=move || nav.sheet_href(Sheet::Log { partner: None })><Icon name="log" />{move || t_string!(i18n, today.all_done_log)}</a>
            </div>
        </article>
    }
}

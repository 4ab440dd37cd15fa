//! The filter chips above the customer list, and the saved views.

use super::filter::{QUIET_DAYS, View};
use crate::port::{PartnerFilter, PartnerList, Query, Rows, Team, Window};
use crate::ui::components::Icon;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{PartnerKind, Selection, View as SavedView};

/// A toggle.
#[component]
pub fn Pick(
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Called at a press.
    #[prop(into)]
    on_press: Callback<()>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <button class="pick" type="button" aria-pressed=move || on.get().to_string() on:click=move |_| on_press.run(())>
            {children()}
        </button>
    }
}

/// The way to the filter, the saved views, and what is asked for most.
#[component]
pub(super) fn Chips() -> impl IntoView {
    let (i18n, nav, memory, session) = (use_i18n(), use_nav(), use_memory(), use_session());
    let view = memory.view;
    let views = session.watch::<Vec<SavedView>>(|| Query::Views);
    let kind = move |kind: PartnerKind| {
        let on = Signal::derive(move || view.with(|view| view.filter.kind == Some(kind)));
        let press = move |()| {
            memory.change_view(|view| view.filter.kind = (view.filter.kind != Some(kind)).then_some(kind))
        };
        (on, press)
    };
    let (person, choose_person) = kind(PartnerKind::Person);
    let (organisation, choose_organisation) = kind(PartnerKind::Organisation);
    let saved = move |saved: SavedView| {
        let (name, selection) = (saved.entry.name.clone(), saved.entry.selection.clone());
        let found = View::of(selection.clone());
        let on = Signal::derive(move || {
            view.with(|view| view.filter.selection == selection && !view.filter.selection.is_empty())
        });
        let press = move |()| match on.get_untracked() {
            true => memory.change_view(|view| view.filter.selection = Selection::default()),
            false => memory.apply(&saved),
        };
        view! { <Pick on=on on_press=press><Icon name="bookmark" />{name}<Count view=found /></Pick> }
    };
    let hidden = move || view.with(View::hidden_conditions);
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, customers.filters)>
            <button class="pick" type="button" aria-haspopup="dialog" on:click=move |_| nav.open(Sheet::Filter)>
                <Icon name="sliders" />
                {text!(i18n, customers.more_filters)}
                {move || Some(hidden()).filter(|hidden| *hidden > 0).map(|hidden| view! { <b>{hidden}</b> })}
            </button>
            {move || views.get().unwrap_or_default().into_iter().filter(|view| !view.newer).map(saved).collect_view()}
            <Pick on=Signal::derive(move || view.with(|view| view.quiet)) on_press=move |()| memory.change_view(|view| view.quiet = !view.quiet)>
                {move || t_string!(i18n, customers.quiet, days = QUIET_DAYS).to_string()}
                <Count view=View { quiet: true, ..View::default() } />
            </Pick>
            <Mine />
            <Pick on=organisation on_press=choose_organisation>{move || t_string!(i18n, customers.organisations)}<Count view=of_kind(PartnerKind::Organisation) /></Pick>
            <Pick on=person on_press=choose_person>{move || t_string!(i18n, customers.people)}<Count view=of_kind(PartnerKind::Person) /></Pick>
            <Pick
                on=Signal::derive(move || view.with(|view| view.filter.waiting))
                on_press=move |()| memory.change_view(|view| view.filter.waiting = !view.filter.waiting)
            >
                {move || t_string!(i18n, customers.waiting)}
                <Count view=View { filter: PartnerFilter { waiting: true, ..PartnerFilter::default() }, ..View::default() } />
            </Pick>
        </div>
    }
}

fn of_kind(kind: PartnerKind) -> View {
    View { filter: PartnerFilter { kind: Some(kind), ..PartnerFilter::default() }, ..View::default() }
}

/// How many customers a chip alone would show.
#[component]
fn Count(
    /// What the chip asks for.
    view: View,
) -> impl IntoView {
    let format = use_format();
    let window = Window { offset: 0, limit: 0 };
    let found = use_session().watch::<PartnerList>(move || {
        let (filter, sort) = view.asked();
        Query::Partners { filter, sort, window, rows: Rows::Lines }
    });
    move || found.get().map(|found| view! { <b>{format.number(found.total)}</b> })
}

/// In a team: those whom the person at this device looks after.
#[component]
fn Mine() -> impl IntoView {
    let (i18n, memory, session) = (use_i18n(), use_memory(), use_session());
    let team = session.watch::<Box<Team>>(|| Query::Team);
    let me = Memo::new(move |_| {
        team.with(|team| {
            let members = team.as_ref().map(|team| &team.members).filter(|members| members.len() > 1)?;
            members.iter().find(|member| member.me).map(|me| me.id)
        })
    });
    move || {
        me.get().map(|me| {
            let on = Signal::derive(move || memory.view.with(|view| view.filter.owner == Some(me)));
            let press = move |()| {
                memory.change_view(|view| view.filter.owner = (view.filter.owner != Some(me)).then_some(me));
            };
            let mine = PartnerFilter { owner: Some(me), ..PartnerFilter::default() };
            view! {
                <Pick on=on on_press=press>
                    {text!(i18n, customers.mine)}
                    <Count view=View { filter: mine, ..View::default() } />
                </Pick>
            }
        })
    }
}

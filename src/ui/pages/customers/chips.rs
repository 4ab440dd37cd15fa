//! The filter chips above the customer list, and what stands behind the filter button.

use super::filter::{QUIET_DAYS, View};
use crate::port::Query;
use crate::ui::components::Icon;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::vocabulary::partner_type_word;
use crate::ui::pages::vocabulary::slug::PARTNER_TYPES;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{PartnerKind, PartnerType};

/// How many tags are offered at most, the most used first.
const TAGS: usize = 40;

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

/// The chips, and the panel behind the last one.
#[component]
pub(super) fn Chips() -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let view = memory.view;
    let open = RwSignal::new(false);
    let kind = move |kind: PartnerKind| {
        let on = Signal::derive(move || view.with(|view| view.filter.kind == Some(kind)));
        let press = move |()| {
            memory.change_view(|view| view.filter.kind = (view.filter.kind != Some(kind)).then_some(kind))
        };
        (on, press)
    };
    let (person, choose_person) = kind(PartnerKind::Person);
    let (organisation, choose_organisation) = kind(PartnerKind::Organisation);
    let hidden = move || view.with(View::hidden_conditions);
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, customers.filters)>
            <button class="pick" type="button" aria-expanded=move || open.get().to_string() aria-controls="cust-filter" on:click=move |_| open.update(|open| *open = !*open)>
                <Icon name="sliders" />
                {move || t_string!(i18n, customers.more_filters)}
                {move || Some(hidden()).filter(|hidden| *hidden > 0).map(|hidden| view! { <b>{hidden}</b> })}
            </button>
            <Pick on=Signal::derive(move || view.with(|view| view.quiet)) on_press=move |()| memory.change_view(|view| view.quiet = !view.quiet)>
                {move || t_string!(i18n, customers.quiet, days = QUIET_DAYS).to_string()}
            </Pick>
            <Pick on=organisation on_press=choose_organisation>{move || t_string!(i18n, customers.organisations)}</Pick>
            <Pick on=person on_press=choose_person>{move || t_string!(i18n, customers.people)}</Pick>
            <Pick
                on=Signal::derive(move || view.with(|view| view.filter.waiting))
                on_press=move |()| memory.change_view(|view| view.filter.waiting = !view.filter.waiting)
            >
                {move || t_string!(i18n, customers.waiting)}
            </Pick>
        </div>
        <div id="cust-filter" class="filt" hidden=move || !open.get()>
            <Show when=move || open.get()><Panel /></Show>
        </div>
    }
}

/// Types and tags.
#[component]
fn Panel() -> impl IntoView {
    let (i18n, memory, session) = (use_i18n(), use_memory(), use_session());
    let view = memory.view;
    let tags = session.watch::<Vec<(String, u32)>>(|| Query::Tags);
    let type_pick = move |partner_type: PartnerType| {
        let (same, word) = (partner_type.clone(), partner_type.clone());
        let on = Signal::derive(move || view.with(|view| view.filter.partner_type.as_ref() == Some(&same)));
        let press = move |()| {
            let wanted = partner_type.clone();
            memory.change_view(|view| toggle(&mut view.filter.partner_type, wanted));
        };
        view! { <Pick on=on on_press=press>{move || partner_type_word(i18n.get_locale(), &word)}</Pick> }
    };
    let tag_pick = move |(tag, count): (String, u32)| {
        let (same, word) = (tag.clone(), tag.clone());
        let on = Signal::derive(move || view.with(|view| view.filter.tag.as_ref() == Some(&same)));
        let press = move |()| {
            let wanted = tag.clone();
            memory.change_view(|view| toggle(&mut view.filter.tag, wanted));
        };
        view! { <Pick on=on on_press=press>{word}<b>{count}</b></Pick> }
    };
    let known = move || tags.get().unwrap_or_default();
    view! {
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, customers.filter_type)}</legend>
            <div class="picks">{PARTNER_TYPES.into_iter().map(|(value, _)| type_pick(value)).collect_view()}</div>
        </fieldset>
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, customers.filter_tag)}</legend>
            <div class="picks">{move || known().into_iter().take(TAGS).map(tag_pick).collect_view()}</div>
            <Show when=move || known().is_empty()><p class="hint">{move || t_string!(i18n, customers.no_tags)}</p></Show>
        </fieldset>
    }
}

/// Chooses, or gives up the same choice.
fn toggle<T: PartialEq>(chosen: &mut Option<T>, wanted: T) {
    *chosen = if chosen.as_ref() == Some(&wanted) { None } else { Some(wanted) };
}

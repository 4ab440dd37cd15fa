//! The values that many customers are given: a tag, a type, an owner.

use crate::port::{BulkChange, Query, Role, Team, TeamId, TeamMember};
use crate::ui::components::{Segmented, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customers::Pick;
use crate::ui::pages::vocabulary::partner_type_word;
use crate::ui::pages::vocabulary::slug::PARTNER_TYPES;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::PartnerType;

/// Tags that are offered.
const OFFERED: usize = 12;

/// A tag that is put on or taken off: one that is in use, or a new one.
#[component]
pub(super) fn TagChoice(
    /// What is chosen.
    change: RwSignal<Option<BulkChange>>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (adding, name) = (RwSignal::new(true), RwSignal::new(String::new()));
    let tags = session.watch::<Vec<(String, u32)>>(|| Query::Tags);
    let options = move || {
        vec![
            (true, t_string!(i18n, many.tag_add).to_owned()),
            (false, t_string!(i18n, many.tag_remove).to_owned()),
        ]
    };
    Effect::new(move || {
        let tag = name.with(|name| name.trim().to_owned());
        let chosen = if adding.get() { BulkChange::Tag(tag.clone()) } else { BulkChange::Untag(tag.clone()) };
        change.set((!tag.is_empty()).then_some(chosen));
    });
    let one = move |(tag, count): (String, u32)| {
        let (shown, pressed) = (tag.clone(), tag.clone());
        let on = Signal::derive(move || name.with(|name| name.trim() == tag));
        view! { <Pick on=on on_press=move |()| name.set(pressed.clone())>{shown}<b>{count}</b></Pick> }
    };
    view! {
        <Segmented label=text!(i18n, many.tag) options=Signal::derive(options) chosen=adding on_choose=move |on| adding.set(on) />
        <TextField label=text!(i18n, many.tag_name) value=name />
        <div class="picks" role="group" aria-label=text!(i18n, many.tags_used)>
            {move || tags.get().unwrap_or_default().into_iter().take(OFFERED).map(one).collect_view()}
        </div>
    }
}

/// What they are to us.
#[component]
pub(super) fn TypeChoice(
    /// What is chosen.
    change: RwSignal<Option<BulkChange>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |value: PartnerType| {
        let (shown, chosen, is) = (value.clone(), value.clone(), BulkChange::Type(value));
        let on = Signal::derive(move || change.with(|change| change.as_ref() == Some(&is)));
        let press = move |()| change.set(Some(BulkChange::Type(chosen.clone())));
        view! { <Pick on=on on_press=press>{move || partner_type_word(i18n.get_locale(), &shown)}</Pick> }
    };
    view! {
        <div class="picks" role="group" aria-label=text!(i18n, many.kind)>
            {PARTNER_TYPES.into_iter().map(|(value, _)| one(value)).collect_view()}
        </div>
    }
}

/// Who looks after them: anybody who may write, or nobody in particular.
#[component]
pub(super) fn OwnerChoice(
    /// What is chosen.
    change: RwSignal<Option<BulkChange>>,
    /// Who works here.
    team: ReadSignal<Option<Box<Team>>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |(to, name): (Option<TeamId>, String)| {
        let on = Signal::derive(move || change.with(|change| *change == Some(BulkChange::Owner(to))));
        view! { <Pick on=on on_press=move |()| change.set(Some(BulkChange::Owner(to)))>{name}</Pick> }
    };
    let takers = move || {
        let members = team.with(|team| team.as_ref().map(|team| team.members.clone()).unwrap_or_default());
        let writers = members.into_iter().filter(|member: &TeamMember| member.role >= Role::Editor);
        let nobody = (None, t_string!(i18n, customer.owner.nobody).to_owned());
        writers.map(|member| (Some(member.id), member.name)).chain([nobody]).collect::<Vec<_>>()
    };
    view! {
        <div class="picks" role="group" aria-label=text!(i18n, many.owner)>
            {move || takers().into_iter().map(one).collect_view()}
        </div>
    }
}

//! Who works here.

use super::{Page, is_offline, role_word};
use crate::port::{Role, TeamMember};
use crate::ui::components::{Button, Empty, Icon, Kind, Monogram};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{PartnerKind, RecordId};

#[component]
pub(super) fn People(page: Page) -> impl IntoView {
    let i18n = use_i18n();
    let members = Memo::new(move |_| {
        page.with(|page| page.as_deref().map(|team| team.members.clone())).unwrap_or_default()
    });
    let alone = Memo::new(move |_| page.with(|page| page.as_deref().is_some_and(|team| team.alone)));
    let invites = Memo::new(move |_| {
        page.with(|page| page.as_deref().is_some_and(|team| !team.removed && !team.gives.is_empty()))
    });
    view! {
        <section class="sec">
            <div class="sec-h">
                <h2>{text!(i18n, team.people)}</h2>
                <Show when=move || invites.get() && !alone.get()><Invite /></Show>
            </div>
            <Show when=move || alone.get()>
                <Empty icon="customers" text=text!(i18n, team.alone)><Invite /></Empty>
            </Show>
            <Show when=move || !alone.get()>
                <ul class="rows card">
                    <For each=move || members.get() key=|member| (member.id, member.name.clone(), member.role) let:member>
                        <Row member />
                    </For>
                </ul>
            </Show>
            <Show when=move || !alone.get() && !invites.get()>
                <p class="k team-k">{text!(i18n, team.only_look)}</p>
            </Show>
        </section>
    }
}

#[component]
fn Invite() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let offline = is_offline(session);
    view! {
        <Button kind=Kind::Primary icon="plus" disabled=offline on_press=move |_| nav.open(Sheet::Invite)>
            {text!(i18n, team.invite.button)}
        </Button>
    }
}

#[component]
fn Row(member: TeamMember) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let TeamMember { id, name, role, since_ms, me, .. } = member;
    let unnamed = name.is_empty();
    let shown = name.clone();
    let name = Signal::derive(move || match unnamed {
        true => t_string!(i18n, team.unnamed).to_owned(),
        false => shown.clone(),
    });
    let since = move || {
        let day = (since_ms > 0).then(|| format.when(since_ms.cast_signed(), When::Day))?;
        Some(t_string!(i18n, team.since, day = day).to_string())
    };
    let line = move || {
        let role = role_word(i18n.get_locale(), role).to_owned();
        since().map_or(role.clone(), |since| format!("{role} · {since}"))
    };
    view! {
        <li>
            <a class="row" href=move || nav.sheet_href(Sheet::Member(RecordId(id)))>
                <Monogram name=name kind=PartnerKind::Person key=id />
                <span class="row-b">
                    <b>{move || name.get()}{me.then(|| view! { " " <span class="fate">{text!(i18n, team.you)}</span> })}</b>
                    <span>{line}</span>
                </span>
                {(role >= Role::Admin).then(|| view! { <Icon name="shield" class="team-a" /> })}
                <Icon name="right" />
            </a>
        </li>
    }
}

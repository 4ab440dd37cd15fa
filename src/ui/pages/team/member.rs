//! One member: what she may do, and what may be changed about that.

use super::compare::Compare;
use super::leave::Leave;
use super::rename::Rename;
use super::role_may;
use super::role_word;
use super::twice::Twice;
use super::work::{Go, Roles, Work};
use crate::port::{Query, Role, Team, TeamChange, TeamId, TeamMember};
use crate::ui::components::{SheetFrame, Skeleton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::security::{Again, PassphraseAgain};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// The sheet.
#[component]
pub fn MemberSheet(id: RecordId) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let team = session.watch::<Box<Team>>(|| Query::Team);
    let RecordId(id) = id;
    let found = Memo::new(move |_| {
        team.with(|team| {
            team.as_deref().map(|team| {
                let member = team.members.iter().find(|member| member.id == id).cloned();
                member.map(|member| (member, own_digits(team), team.gives.clone(), owners(team) == 1))
            })
        })
    });
    let title = Signal::derive(move || match found.get().flatten() {
        Some((member, ..)) if !member.name.is_empty() => member.name,
        _ => t_string!(i18n, team.unnamed).to_owned(),
    });
    view! {
        <SheetFrame title close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match found.get() {
                None => view! { <Skeleton lines=4 /> }.into_any(),
                Some(None) => view! { <p>{text!(i18n, team.member.gone)}</p> }.into_any(),
                Some(Some((member, own, gives, only_owner))) => view! { <Shown member own gives only_owner /> }.into_any(),
            }}
        </SheetFrame>
    }
}

fn owners(team: &Team) -> usize {
    team.members.iter().filter(|member| member.role == Role::Owner).count()
}

/// The digits of whoever is at this device.
fn own_digits(team: &Team) -> String {
    let me = team.members.iter().find(|member| member.me);
    me.map(|me| me.keys.digits.clone()).unwrap_or_default()
}

#[component]
fn Shown(member: TeamMember, own: String, gives: Vec<Role>, only_owner: bool) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let TeamMember { id, name, before, role, since_ms, me, mine_to_decide, keys } = member;
    let last_owner = role == Role::Owner && only_owner;
    let line = move || {
        let role = role_word(i18n.get_locale(), role);
        let day = format.when(since_ms.cast_signed(), When::LongDay);
        match since_ms {
            0 => role.to_owned(),
            _ => format!("{role} · {}", t_string!(i18n, team.since, day = day)),
        }
    };
    view! {
        <p><b>{line}</b><br /><span class="k">{move || role_may(i18n.get_locale(), role)}</span></p>
        {before.filter(|before| !before.is_empty()).map(|before| view! { <p class="k">{move || t_string!(i18n, team.member.before, name = before.clone()).to_string()}</p> })}
        {me.then(|| view! { <Rename name=name.clone() /> })}
        {(!me && !own.is_empty()).then(|| view! { <Compare id name=name.clone() keys own=own.clone() /> })}
        {(!me && !mine_to_decide).then(|| view! { <p class="hello-i">{text!(i18n, team.member.not_yours)}</p> })}
        {last_owner.then(|| view! { <p class="hello-i">{text!(i18n, team.member.last_owner)}</p> })}
        {(mine_to_decide && !last_owner).then(|| view! { <ChangeRole id role gives /> })}
        {(mine_to_decide && !me).then(|| view! { <Remove id name /> })}
        {(me && !last_owner).then(|| view! { <Leave /> })}
    }
}

#[component]
fn ChangeRole(id: TeamId, role: Role, gives: Vec<Role>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (work, chosen) = (Work::new(), RwSignal::new(role));
    let asked = move || chosen.get() != role && chosen.get().asks_again(Some(role));
    let again = Again::when(Signal::derive(asked), work.failed);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = chosen.get_untracked();
        if new == role || untrack(|| work.waits()) || !again.submit() {
            return;
        }
        let said = t_string!(i18n, team.member.changed);
        let change = TeamChange::Role { id, role: new, passphrase: again.secret_if_asked() };
        work.run(change, move |_| {
            again.forget();
            session.toasts().say(said, None);
        });
    };
    view! {
        <form class="stack" on:submit=submit novalidate=true>
            <Roles offered=Signal::stored(gives) chosen />
            <p class="k">{text!(i18n, team.member.later)}</p>
            <PassphraseAgain again />
            <Go work words=text!(i18n, team.member.role) disabled=Signal::derive(move || chosen.get() == role) />
        </form>
    }
}

/// What it means is said first; then it is the passphrase and one press.
#[component]
fn Remove(id: TeamId, name: String) -> impl IntoView {
    let (i18n, nav, session, work) = (use_i18n(), use_nav(), use_session(), Work::new());
    let (asked, name) = (RwSignal::new(false), StoredValue::new(name));
    let who = move || match name.get_value() {
        name if name.is_empty() => t_string!(i18n, team.member.this_person).to_owned(),
        name => name,
    };
    let text = move || t_string!(i18n, team.member.remove_text, name = who()).to_string();
    let lost = move || t_string!(i18n, team.member.lost_device, name = who()).to_string();
    let words = Signal::derive(move || t_string!(i18n, team.member.remove_do, name = who()).to_string());
    let remove = move |passphrase| {
        let said = t_string!(i18n, team.member.removed);
        work.run(TeamChange::Remove { id, passphrase }, move |_| {
            session.toasts().say(said, None);
            nav.close();
        });
    };
    view! {
        <section class="stack team-end">
            <Twice work asked icon="trash" first=text!(i18n, team.member.remove) words on_sure=remove>
                <p class="hello-e" role="alert">{text}</p>
                <p class="k">{lost}</p>
            </Twice>
        </section>
    }
}

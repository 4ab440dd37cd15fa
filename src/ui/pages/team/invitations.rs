//! Invitations that nobody took up yet.

use super::{Page, is_offline, role_word};
use crate::port::{Command, TeamChange, TeamInvitation};
use crate::ui::components::Button;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::settings::Setting;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::session::use_session;
use leptos::prelude::*;

#[component]
pub(super) fn Invitations(page: Page) -> impl IntoView {
    let i18n = use_i18n();
    let open = Memo::new(move |_| {
        page.with(|page| page.as_deref().map(|team| team.invitations.clone())).unwrap_or_default()
    });
    let shown = Memo::new(move |_| {
        page.with(|page| page.as_deref().is_some_and(|team| !team.alone && !team.gives.is_empty()))
    });
    view! {
        <Show when=move || shown.get()>
            <section class="sec">
                <div class="sec-h"><h2>{text!(i18n, team.open.title)}</h2></div>
                <div class="rows card">
                    <Show when=move || open.with(Vec::is_empty)>
                        <p class="set-p">{text!(i18n, team.open.none)}</p>
                    </Show>
                    <For each=move || open.get() key=|one| (one.id, one.guest.clone()) let:invitation>
                        <Row invitation />
                    </For>
                </div>
            </section>
        </Show>
    }
}

#[component]
fn Row(invitation: TeamInvitation) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let TeamInvitation { id, guest, role, expires_ms, by, mine_to_decide } = invitation;
    let title = Signal::derive(move || {
        let role = role_word(i18n.get_locale(), role);
        match guest.is_empty() {
            true => t_string!(i18n, team.open.some, role = role).to_string(),
            false => t_string!(i18n, team.open.guest, guest = guest.clone(), role = role).to_string(),
        }
    });
    let line = Signal::derive(move || {
        let time = format.when(expires_ms.cast_signed(), When::Moment);
        let until = t_string!(i18n, team.open.until, time = time).to_string();
        match by.is_empty() {
            true => until,
            false => format!("{until} · {}", t_string!(i18n, team.open.by, name = by.clone())),
        }
    });
    view! { <Setting title line>{mine_to_decide.then(|| view! { <Withdraw id /> })}</Setting> }
}

/// Two presses, because a link cannot be brought back.
#[component]
fn Withdraw(id: crate::port::TeamId) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (asked, offline) = (RwSignal::new(false), is_offline(session));
    let press = move |_| {
        if !asked.get_untracked() {
            return asked.set(true);
        }
        asked.set(false);
        session.act(Command::Team(TeamChange::Withdraw { id }), t_string!(i18n, team.open.withdrawn));
    };
    let words = move || match asked.get() {
        false => t_string!(i18n, team.open.withdraw),
        true => t_string!(i18n, team.open.sure),
    };
    view! { <Button disabled=offline on_press=press>{words}</Button> }
}

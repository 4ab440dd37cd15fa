//! An invitation that comes to a device with a workspace: taken up as oneself, with the account that is here, or as
//! somebody new.

use crate::port::{Acceptance, Command, FailureCode, Invited, Secret};
use crate::ui::components::{Button, Icon, Kind, SecretField, SheetFrame, Skeleton, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::security::{Task, show_words};
use crate::ui::pages::team::{role_may, role_word};
use crate::ui::pages::welcome::{Failed, NotOpen, Read, look, title_of};
use crate::ui::platform::invitation::use_invitation;
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::{Adding, use_session};
use leptos::prelude::*;

/// The sheet over an open workspace.
#[component]
pub fn InvitedSheet() -> impl IntoView {
    let (i18n, nav, invitation) = (use_i18n(), use_nav(), use_invitation());
    let read = RwSignal::new(Read::Coming);
    let look = look(invitation, read);
    look.run(());
    let close = Callback::new(move |()| {
        invitation.forget();
        nav.close();
    });
    view! {
        <SheetFrame title=Signal::derive(move || title_of(i18n, read)) close_word=text!(i18n, common.close) on_close=close>
            {move || match read.get() {
                Read::Coming => view! { <p role="status">{text!(i18n, team.accept.reading)}</p><Skeleton lines=4 /> }.into_any(),
                Read::Open(invited) => view! { <AsMyself invited /> }.into_any(),
                Read::Failed(code) => view! { <NotOpen code look other=close /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn AsMyself(invited: Invited) -> impl IntoView {
    let (i18n, nav, session, invitation) = (use_i18n(), use_nav(), use_session(), use_invitation());
    let (task, name, passphrase) = (Task::new(), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let Invited { workspace, by: _, role } = invited;
    let is_empty = |text: RwSignal<String>| text.with(|text| text.trim().is_empty());
    let wanted = move |text: RwSignal<String>, words: &'static str| {
        if tried.get() && is_empty(text) { words.to_owned() } else { String::new() }
    };
    let no_name = Signal::derive(move || wanted(name, t_string!(i18n, team.accept.name_needed)));
    let no_passphrase = Signal::derive(move || wanted(passphrase, t_string!(i18n, onboarding.lock.needed)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let empty = untrack(|| is_empty(name) || is_empty(passphrase));
        let (false, Some(secret)) = (empty, invitation.get_untracked()) else { return };
        let passphrase = Secret(passphrase.get_untracked());
        let acceptance = Acceptance { invitation: secret, name: name.get_untracked(), passphrase };
        task.run(Command::AcceptAsMyself(acceptance), move |_| {
            invitation.forget();
            nav.go_instead(Place::Today);
        });
    };
    let new = move |_| {
        nav.go_instead(Place::Today);
        session.add(Adding::Any);
    };
    let words = task.words(text!(i18n, workspaces.invited.join));
    view! {
        <p>
            {move || {
                let role = role_word(i18n.get_locale(), role);
                t_string!(i18n, team.accept.into, workspace = workspace.clone(), role = role).to_string()
            }}
            " "
            <span class="k">{move || role_may(i18n.get_locale(), role)}</span>
        </p>
        <p class="k">{text!(i18n, workspaces.invited.myself)}</p>
        <form class="stack" on:submit=submit novalidate=true>
            <TextField label=text!(i18n, team.accept.name) value=name hint=text!(i18n, team.accept.name_hint) error=no_name autofocus=true />
            <SecretField label=text!(i18n, common.passphrase) value=passphrase show_words=show_words() hint=text!(i18n, workspaces.invited.passphrase) error=no_passphrase />
            <Failed failed=task.failed />
            <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || task.busy())>{move || words.get()}</Button>
        </form>
        <Show when=move || task.failed.get() == Some(FailureCode::AlreadyHere)><p class="k">{text!(i18n, workspaces.invited.here)}</p></Show>
        <Button kind=Kind::Quiet on_press=new>{text!(i18n, workspaces.invited.new)}</Button>
    }
}

/// On the lock screen: what unlocking leads to, and the way without.
#[component]
pub fn InvitedNote() -> impl IntoView {
    let (i18n, session, invitation) = (use_i18n(), use_session(), use_invitation());
    let is_there = Memo::new(move |_| invitation.get().is_some());
    view! {
        <Show when=move || is_there.get()>
            <div class="hello-i invited">
                <p><Icon name="mail" /><b>{text!(i18n, workspaces.invited.title)}</b></p>
                <p>{move || if session.is_sample() { t_string!(i18n, workspaces.invited.sample) } else { t_string!(i18n, workspaces.invited.unlock) }}</p>
                <div class="acts">
                    <Button on_press=move |_| session.add(Adding::Any)>{text!(i18n, workspaces.invited.new)}</Button>
                    <Button kind=Kind::Quiet on_press=move |_| invitation.forget()>{text!(i18n, workspaces.invited.away)}</Button>
                </div>
            </div>
        </Show>
    }
}

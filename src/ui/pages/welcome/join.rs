//! Bringing a workspace here with its device code.

use super::create::Failed;
use super::{Journey, Step};
use crate::port::{Command, FailureCode, Secret};
use crate::ui::components::{Button, IconButton, Kind, SecretField, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::lock::{Opening, stage_words};
use crate::ui::pages::security::{Forgotten, ForgottenForm};
use crate::ui::platform::intl::use_format;
use crate::ui::platform::joining::use_joining;
use crate::ui::platform::{dom, storage};
use crate::ui::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub(super) fn Join(journey: Journey, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="hello hello-f scroll">
            <div class="hello-c">
                <header class="hello-h">
                    <IconButton icon="left" label=text!(i18n, common.back) on_press=move |_| journey.step.set(Step::Start) />
                    <h1>{text!(i18n, onboarding.join.title)}</h1>
                </header>
                <JoinForm
                    passphrase=journey.passphrase
                    on_begin=move |()| journey.stay()
                    on_failed=move |()| journey.no_longer_stay()
                    on_done
                />
                <details class="forgot">
                    <summary>{text!(i18n, onboarding.lock.forgot)}</summary>
                    <ForgottenForm place=Forgotten::Elsewhere on_begin=move |()| journey.stay() on_done />
                </details>
            </div>
        </main>
    }
}

/// The device code and the passphrase; opens the workspace.
#[component]
pub fn JoinForm(
    /// What is typed as the passphrase.
    passphrase: RwSignal<String>,
    /// Called when the form is sent.
    #[prop(into)]
    on_begin: Callback<()>,
    /// Called when the workspace did not open.
    #[prop(into)]
    on_failed: Callback<()>,
    /// Called when it did.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    // A link from another device's QR code brings it.
    let code = RwSignal::new(use_joining().take().map(|Secret(code)| code).unwrap_or_default());
    let tried = RwSignal::new(false);
    let failed = RwSignal::new(None::<FailureCode>);
    let opening = Opening::new();
    let when = move |wrong: bool, words: &'static str| {
        if tried.get() && wrong { words.to_owned() } else { String::new() }
    };
    let no_code = move || code.with(|code| code.trim().is_empty());
    let no_passphrase = move || passphrase.with(String::is_empty);
    let code_error = Signal::derive(move || when(no_code(), t_string!(i18n, onboarding.code_needed)));
    let passphrase_error =
        Signal::derive(move || when(no_passphrase(), t_string!(i18n, onboarding.lock.needed)));
    let words = Signal::derive(move || {
        (
            t_string!(i18n, common.show_passphrase).to_owned(),
            t_string!(i18n, common.hide_passphrase).to_owned(),
        )
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if untrack(|| no_code() || no_passphrase()) {
            return request_animation_frame(|| dom::focus_shown("form [aria-invalid]"));
        }
        if opening.busy_untracked() {
            return;
        }
        failed.set(None);
        on_begin.run(());
        storage::ask_to_keep(|_| ());
        let running = session.run(Command::JoinWorkspace {
            code: Secret(code.get_untracked()),
            passphrase: Secret(passphrase.get_untracked()),
        });
        opening.begin(running.progress());
        spawn_local(async move {
            match running.await {
                Ok(_) => on_done.try_run(()).unwrap_or_default(),
                Err(failure) => {
                    on_failed.try_run(());
                    opening.try_end();
                    failed.try_set(Some(failure.code));
                }
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit novalidate=true>
            <TextField label=text!(i18n, onboarding.code) value=code hint=text!(i18n, onboarding.code_hint) error=code_error autofocus=true />
            <SecretField label=text!(i18n, common.passphrase) value=passphrase show_words=words error=passphrase_error />
            <Failed failed />
            <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || opening.busy())>
                {move || {
                    if opening.busy() {
                        stage_words(i18n.get_locale(), format, opening.progress())
                    } else {
                        t_string!(i18n, onboarding.join_do).to_owned()
                    }
                }}
            </Button>
        </form>
    }
}

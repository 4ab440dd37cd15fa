//! A workspace out of a backup, on a device that has none.

use super::{Journey, Step};
use crate::port::Secret;
use crate::ui::components::{IconButton, SecretField, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::backup::{Entry, RestoreSteps, RestoreWork};
use crate::ui::platform::{dom, storage};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// Device code and passphrase, then the file.
#[component]
pub(super) fn Restore(journey: Journey, on_done: Callback<()>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let code = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let no_code = move || code.with(|code| code.trim().is_empty());
    let no_passphrase = move || journey.passphrase.with(String::is_empty);
    let when = move |wrong: bool, words: &'static str| {
        if tried.get() && wrong { words.to_owned() } else { String::new() }
    };
    let secrets = Callback::new(move |()| {
        tried.set(true);
        if untrack(|| no_code() || no_passphrase()) {
            request_animation_frame(|| dom::focus_shown(".hello [aria-invalid]"));
            return None;
        }
        storage::ask_to_keep(|_| ());
        Some((Secret(code.get_untracked()), Secret(journey.passphrase.get_untracked())))
    });
    let entry = Entry {
        secrets,
        on_begin: Callback::new(move |()| journey.stay()),
        on_failed: Callback::new(move |()| journey.no_longer_stay()),
        on_done,
    };
    let work = RestoreWork::new(session, Some(entry));
    let words = Signal::derive(move || {
        (
            t_string!(i18n, common.show_passphrase).to_owned(),
            t_string!(i18n, common.hide_passphrase).to_owned(),
        )
    });
    let code_error = Signal::derive(move || when(no_code(), t_string!(i18n, onboarding.code_needed)));
    let passphrase_error =
        Signal::derive(move || when(no_passphrase(), t_string!(i18n, onboarding.lock.needed)));
    view! {
        <main class="hello hello-f scroll">
            <div class="hello-c">
                <header class="hello-h">
                    <IconButton icon="left" label=text!(i18n, common.back) on_press=move |_| journey.step.set(Step::Start) />
                    <h1>{text!(i18n, onboarding.restore.title)}</h1>
                </header>
                <p class="k">{text!(i18n, onboarding.restore.why)}</p>
                <div class="stack">
                    <TextField label=text!(i18n, onboarding.code) value=code hint=text!(i18n, onboarding.restore.code_hint) error=code_error autofocus=true />
                    <SecretField label=text!(i18n, common.passphrase) value=journey.passphrase show_words=words hint=text!(i18n, onboarding.restore.passphrase_hint) error=passphrase_error />
                </div>
                <RestoreSteps work />
            </div>
        </main>
    }
}

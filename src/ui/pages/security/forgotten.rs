//! The passphrase is forgotten: the recovery code opens, and a new passphrase takes the old one's place.

use super::new_passphrase::{NewPassphrase, NewPassphraseFields};
use super::task::Task;
use crate::port::{Command, Secret};
use crate::ui::components::{Button, Kind, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use leptos::prelude::*;

/// Where the workspace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgotten {
    /// On this device.
    Here,
    /// To be brought here: the device code is asked too.
    Elsewhere,
}

/// The codes and a new passphrase; opens the workspace.
#[component]
pub fn ForgottenForm(
    /// Where the workspace is.
    place: Forgotten,
    /// Called when the form is sent.
    #[prop(into)]
    on_begin: Callback<()>,
    /// Called when the workspace is open.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (i18n, task) = (use_i18n(), Task::new());
    let (code, recovery) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let new = NewPassphrase::new();
    let is_empty = |text: RwSignal<String>| text.with(|text| text.trim().is_empty());
    let needed = move |text: RwSignal<String>| {
        Signal::derive(move || {
            let told = new.was_tried() && is_empty(text);
            if told { t_string!(i18n, onboarding.code_needed).to_owned() } else { String::new() }
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let no_code = place == Forgotten::Elsewhere && untrack(|| is_empty(code));
        if !new.submit(!no_code && !untrack(|| is_empty(recovery))) {
            return;
        }
        on_begin.run(());
        let secret = |value: RwSignal<String>| Secret(value.get_untracked());
        let (recovery, passphrase) = (secret(recovery), secret(new.value));
        let command = match place {
            Forgotten::Here => Command::Recover { code: recovery, passphrase },
            Forgotten::Elsewhere => Command::JoinByRecovery { code: secret(code), recovery, passphrase },
        };
        task.run(command, move |_| on_done.try_run(()).unwrap_or_default());
    };
    let words = task.words(Signal::derive(move || t_string!(i18n, security.forgotten.open).to_owned()));
    view! {
        <form class="stack" on:submit=submit novalidate=true>
            <p>{text!(i18n, security.forgotten.text)}</p>
            {(place == Forgotten::Elsewhere).then(|| view! {
                <TextField label=text!(i18n, onboarding.code) value=code error=needed(code) autofocus=true />
            })}
            <TextField label=text!(i18n, security.recovery.code) value=recovery hint=text!(i18n, security.recovery.hint) error=needed(recovery) />
            <NewPassphraseFields new />
            <Failed failed=task.failed />
            <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || task.busy())>{move || words.get()}</Button>
        </form>
    }
}

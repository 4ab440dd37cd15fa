//! Another passphrase: chosen here, or taken from the device where it was chosen.

use super::new_passphrase::{NewPassphrase, NewPassphraseFields, show_words};
use super::task::Task;
use crate::port::{Command, Secret};
use crate::ui::components::{Button, Kind, SecretField, SheetFrame};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// Choosing another one, after the old one.
#[component]
pub fn PassphraseSheet() -> impl IntoView {
    let (i18n, nav, session, task) = (use_i18n(), use_nav(), use_session(), Task::new());
    let old = RwSignal::new(String::new());
    let new = NewPassphrase::new();
    let missing = Signal::derive(move || {
        let told = new.was_tried() && old.with(String::is_empty);
        if told { t_string!(i18n, onboarding.lock.needed).to_owned() } else { String::new() }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !new.submit(!old.with_untracked(String::is_empty)) {
            return;
        }
        let secret = |value: RwSignal<String>| Secret(value.get_untracked());
        let command = Command::ChangePassphrase { old: secret(old), new: secret(new.value) };
        task.run(command, move |_| {
            session.toasts().say(t_string!(i18n, security.passphrase.changed).to_owned(), None);
            nav.close();
        });
    };
    let words = task.words(Signal::derive(move || t_string!(i18n, security.passphrase.change).to_owned()));
    view! {
        <SheetFrame title=text!(i18n, security.passphrase.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <p>{text!(i18n, security.passphrase.text)}</p>
            <form class="stack" on:submit=submit novalidate=true>
                <SecretField label=text!(i18n, security.old) value=old show_words=show_words() error=missing autofocus=true />
                <NewPassphraseFields new />
                <Failed failed=task.failed />
                <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || task.busy())>{move || words.get()}</Button>
            </form>
        </SheetFrame>
    }
}

/// Typing the one that was chosen on another device.
#[component]
pub fn AdoptPassphraseSheet() -> impl IntoView {
    let (i18n, nav, session, task) = (use_i18n(), use_nav(), use_session(), Task::new());
    let passphrase = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let command = Command::AdoptPassphrase { passphrase: Secret(passphrase.get_untracked()) };
        task.run(command, move |_| {
            session.toasts().say(t_string!(i18n, security.adopt.done).to_owned(), None);
            nav.close();
        });
    };
    let words = task.words(Signal::derive(move || t_string!(i18n, common.next).to_owned()));
    view! {
        <SheetFrame title=text!(i18n, security.adopt.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <p>{text!(i18n, security.adopt.text)}</p>
            <form class="stack" on:submit=submit novalidate=true>
                <SecretField label=text!(i18n, security.new) value=passphrase show_words=show_words() autofocus=true />
                <Failed failed=task.failed />
                <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || task.busy())>{move || words.get()}</Button>
            </form>
        </SheetFrame>
    }
}

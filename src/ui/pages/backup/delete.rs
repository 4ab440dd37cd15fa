//! Deleting the workspace for everybody: what that means, the word, the passphrase.

use super::workspace;
use crate::port::{BackupPage, Command, DeviceCard, FailureCode, Query, Role, Secret, Team};
use crate::ui::components::{Button, SecretField, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::security::{Task, show_words};
use crate::ui::pages::settings::Group;
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::intl::use_format;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The card, for who owns the workspace.
#[component]
pub(super) fn Delete(page: ReadSignal<Option<BackupPage>>) -> impl IntoView {
    let session = use_session();
    let owns = move || {
        let standing = session.standing();
        standing.role == Role::Owner && !standing.removed && !session.is_sample()
    };
    view! { <Show when=owns><Asked page /></Show> }
}

#[component]
fn Asked(page: ReadSignal<Option<BackupPage>>) -> impl IntoView {
    let i18n = use_i18n();
    let begun = RwSignal::new(false);
    view! {
        <Group title=text!(i18n, backup.delete.title)>
            <p class="set-p">{text!(i18n, backup.delete.text)}</p>
            <div class="set-p stack">
                <Show when=move || begun.get() fallback=move || view! { <Button icon="trash" on_press=move |_| begun.set(true)>{text!(i18n, backup.delete.go)}</Button> }>
                    <Form page />
                </Show>
            </div>
        </Group>
    }
}

#[component]
fn Form(page: ReadSignal<Option<BackupPage>>) -> impl IntoView {
    let (i18n, session, task) = (use_i18n(), use_session(), Task::new());
    let (typed, passphrase) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let unsaved = Memo::new(move |_| task.failed.get() == Some(FailureCode::Unsent));
    let word = move || t_string!(i18n, backup.delete.word);
    let ready = move || typed.with(|typed| typed.trim() == word()) && !passphrase.with(String::is_empty);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !ready() {
            return;
        }
        let id = workspace(session);
        // Pressed again after it was said that it is in no file.
        let discard = unsaved.get_untracked();
        let command = Command::DeleteWorkspace { passphrase: Secret(passphrase.get_untracked()), discard };
        task.run(command, move |_| id.iter().for_each(|id| session.removed(id)));
    };
    let idle = Signal::derive(move || match unsaved.get() {
        true => t_string!(i18n, backup.delete.lose).to_owned(),
        false => t_string!(i18n, backup.delete.do_it).to_owned(),
    });
    let words = task.words(idle);
    view! {
        <Consequences page />
        <form class="stack" on:submit=submit novalidate=true>
            <TextField label=Signal::derive(move || t_string!(i18n, backup.delete.type_word, word = word()).to_string()) value=typed />
            <SecretField label=text!(i18n, common.passphrase) value=passphrase show_words=show_words() />
            <Show when=move || unsaved.get() fallback=move || view! { <Failed failed=task.failed /> }>
                <p class="hello-e" role="alert">{text!(i18n, backup.delete.unsaved)}</p>
            </Show>
            <Button icon="trash" submit=true disabled=Signal::derive(move || !ready() || task.busy())>{move || words.get()}</Button>
        </form>
    }
}

/// Whom and what it meets: records, people, and what devices of this account have not sent.
#[component]
fn Consequences(page: ReadSignal<Option<BackupPage>>) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let team = session.watch::<Box<Team>>(|| Query::Team);
    let devices = session.watch::<Vec<DeviceCard>>(|| Query::Devices);
    session.dispatch(Command::LookForDevices, |_| ());
    let records = move || {
        let count = page.get().map_or(0, |page| page.records);
        t_string!(i18n, backup.delete.records, count = format.number(count)).to_string()
    };
    let people = move || team.get().map_or(0, |team| team.members.len().saturating_sub(1));
    let others = move || {
        let count = u32::try_from(people()).unwrap_or(u32::MAX);
        t_string!(i18n, backup.delete.people, count = format.number(count)).to_string()
    };
    let unsent = move || {
        let rows = devices.get().unwrap_or_default();
        rows.iter()
            .filter(|card| !card.this && card.revoked_at_ms.is_none())
            .map(|card| card.waiting)
            .sum::<u32>()
    };
    let elsewhere =
        move || t_string!(i18n, backup.delete.elsewhere, count = format.number(unsent())).to_string();
    view! {
        <p>{records}</p>
        <Show when=move || people() != 0><p>{others}</p></Show>
        <Show when=move || unsent() != 0><p>{elsewhere}</p></Show>
        <p>{text!(i18n, backup.delete.copies)}</p>
    }
}

//! Removing the workspace from this device: asked once more, and saved first, or lost by a word that is typed.

use super::workspace;
use crate::port::{BackupPage, Command, FailureCode, OnThisDevice};
use crate::ui::components::{Button, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::settings::Group;
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::intl::use_format;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The card.
#[component]
pub(super) fn Remove(page: ReadSignal<Option<BackupPage>>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let failed = RwSignal::new(None::<FailureCode>);
    let (asked, refused) = (RwSignal::new(false), RwSignal::new(false));
    let typed = RwSignal::new(String::new());
    let word = move || t_string!(i18n, backup.remove.word);
    let says_it = move || typed.with(|typed| typed.trim() == word());
    let remove = move |discard: bool| {
        let id = workspace(session);
        session.dispatch(Command::EraseDevice { discard }, move |ended| match ended {
            Ok(_) => id.iter().for_each(|id| session.removed(id)),
            Err(failure) => {
                refused.try_set(failure.code == FailureCode::Unsent);
                failed.try_set(Some(failure.code));
            }
        });
    };
    view! {
        <Group title=text!(i18n, backup.remove.title)>
            <p class="set-p">{text!(i18n, backup.remove.text)}</p>
            <div class="set-p stack">
                <Failed failed />
                <Show when=move || refused.get() fallback=move || view! { <Ask asked on_sure=move |()| remove(false) /> }>
                    <NowhereElse page />
                    <TextField label=Signal::derive(move || t_string!(i18n, backup.remove.type_word, word = word()).to_string()) value=typed />
                    <div class="imp-do">
                        <Button on_press=move |_| remove(false)>{text!(i18n, backup.remove.again)}</Button>
                        <Button icon="trash" disabled=Signal::derive(move || !says_it()) on_press=move |_| remove(true)>{text!(i18n, backup.remove.lose)}</Button>
                    </div>
                </Show>
            </div>
        </Group>
    }
}

/// The first press says what it takes to come back; the second one removes.
#[component]
fn Ask(asked: RwSignal<bool>, #[prop(into)] on_sure: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let begin = move || view! { <Button icon="trash" on_press=move |_| asked.set(true)>{text!(i18n, backup.remove.go)}</Button> };
    view! {
        <Show when=move || asked.get() fallback=begin>
            <p role="status">{text!(i18n, backup.remove.back)}</p>
            <div class="imp-do">
                <Button on_press=move |_| asked.set(false)>{text!(i18n, common.cancel)}</Button>
                <Button icon="trash" on_press=move |_| on_sure.run(())>{text!(i18n, backup.remove.sure)}</Button>
            </div>
        </Show>
    }
}

/// What would be lost, each kind of it that there is, and how it is not.
#[component]
fn NowhereElse(page: ReadSignal<Option<BackupPage>>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let lines = move || {
        let BackupPage { unsent, alone, .. } = page.get().unwrap_or_default();
        let OnThisDevice { files, aside, forms, account } = alone;
        let some = |count: u32| (count > 0).then(|| format.number(count));
        let lines = [
            some(unsent).map(|count| t_string!(i18n, backup.remove.unsent, count = count).to_string()),
            some(files).map(|count| t_string!(i18n, backup.remove.files, count = count).to_string()),
            some(aside).map(|count| t_string!(i18n, backup.remove.aside, count = count).to_string()),
            some(forms).map(|count| t_string!(i18n, backup.remove.forms, count = count).to_string()),
            account.then(|| t_string!(i18n, backup.remove.account).to_owned()),
        ];
        lines.into_iter().flatten().map(|line| view! { <p>{line}</p> }).collect_view()
    };
    view! {
        {lines}
        <p>{text!(i18n, backup.remove.advice)}</p>
    }
}

//! Removing the workspace from this device: saved first, or lost by a word that is typed.

use super::workspace;
use crate::port::{BackupPage, Command, FailureCode};
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
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let failed = RwSignal::new(None::<FailureCode>);
    let refused = RwSignal::new(false);
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
    let unsent = move || {
        let count = page.get().map_or(0, |page| page.unsent);
        t_string!(i18n, backup.remove.unsent, count = format.number(count)).to_string()
    };
    view! {
        <Group title=text!(i18n, backup.remove.title)>
            <p class="set-p">{text!(i18n, backup.remove.text)}</p>
            <div class="set-p stack">
                <Failed failed />
                <Show when=move || refused.get() fallback=move || view! { <Button icon="trash" on_press=move |_| remove(false)>{text!(i18n, backup.remove.go)}</Button> }>
                    <p>{unsent}</p>
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

//! Pasting at a tap (R21): what is on the clipboard becomes the note, and is read as if it had been pasted there.

use super::form::LogForm;
use super::read::read_pasted;
use crate::ui::components::{Button, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::dom;
use crate::ui::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button, while there is no note yet.
#[component]
pub(super) fn PasteButton(
    /// The form whose note it becomes.
    form: RwSignal<LogForm>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let empty = Memo::new(move |_| form.with(|form| form.content.trim().is_empty()));
    let take = move |text: Option<String>| match text.as_deref().map(str::trim) {
        None => {
            dom::focus_shown("#log-note");
            session.toasts().hint(t_string!(i18n, log.paste.closed));
        }
        Some("") => session.toasts().hint(t_string!(i18n, log.paste.empty)),
        Some(text) => drop(form.try_update(|form| {
            form.add_text(text);
            read_pasted(form);
        })),
    };
    let press = move |_| spawn_local(async move { take(dom::pasted_text().await) });
    view! {
        <Show when=move || empty.get()>
            <Button kind=Kind::Quiet icon="paste" on_press=press>{move || t_string!(i18n, log.paste.do_it)}</Button>
        </Show>
    }
}

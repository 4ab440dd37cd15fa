//! What the person at this device is called in this team.

use super::work::{Go, Work};
use crate::port::TeamChange;
use crate::ui::components::TextField;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// Her name, to be changed.
#[component]
pub(super) fn Rename(
    /// What it is now.
    name: String,
) -> impl IntoView {
    let (i18n, session, work) = (use_i18n(), use_session(), Work::new());
    let (typed, known) = (RwSignal::new(name.clone()), StoredValue::new(name));
    let same = move || {
        typed.with(|typed| typed.trim().is_empty() || known.with_value(|known| typed.trim() == known))
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| same() || work.waits()) {
            return;
        }
        let said = t_string!(i18n, team.member.renamed);
        let name = typed.get_untracked().trim().to_owned();
        work.run(TeamChange::Rename { name }, move |_| session.toasts().say(said, None));
    };
    view! {
        <form class="stack" on:submit=submit novalidate=true>
            <TextField label=text!(i18n, team.invite.your_name) value=typed />
            <p class="k">{text!(i18n, team.member.rename_text)}</p>
            <Failed failed=work.failed />
            <Go work words=text!(i18n, team.member.rename) disabled=Signal::derive(same) />
        </form>
    }
}

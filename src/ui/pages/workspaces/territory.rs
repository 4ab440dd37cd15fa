//! Another workspace in the same account: a territory or a team of its own, opened by the same passphrase.

use crate::port::{Command, Query, Team};
use crate::ui::components::{Button, Kind, SheetFrame, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::security::Task;
use crate::ui::pages::welcome::Failed;
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The sheet.
#[component]
pub fn TerritorySheet() -> impl IntoView {
    let (i18n, nav, session, task) = (use_i18n(), use_nav(), use_session(), Task::new());
    let (name, me) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let team = session.watch::<Box<Team>>(|| Query::Team);
    // She is called there as she is here, unless she says otherwise.
    Effect::new(move || {
        let here = team.with(|team| {
            team.as_ref().and_then(|team| team.members.iter().find(|it| it.me).map(|it| it.name.clone()))
        });
        if let Some(here) = here.filter(|_| me.with_untracked(String::is_empty)) {
            me.set(here);
        }
    });
    let is_empty = |text: RwSignal<String>| text.with(|text| text.trim().is_empty());
    let wanted = move |text: RwSignal<String>| {
        let lacking = tried.get() && is_empty(text);
        if lacking { t_string!(i18n, team.accept.name_needed).to_owned() } else { String::new() }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if untrack(|| is_empty(name) || is_empty(me)) {
            return;
        }
        let command = Command::CreateBeside { name: name.get_untracked(), me: me.get_untracked() };
        task.run(command, move |_| nav.go_instead(Place::Today));
    };
    let words = task.words(text!(i18n, workspaces.territory.make));
    view! {
        <SheetFrame title=text!(i18n, workspaces.territory.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <p class="k">{text!(i18n, workspaces.territory.text)}</p>
            <form class="stack" on:submit=submit novalidate=true>
                <TextField label=text!(i18n, onboarding.name) value=name error=Signal::derive(move || wanted(name)) autofocus=true />
                <TextField label=text!(i18n, team.accept.name) value=me hint=text!(i18n, team.accept.name_hint) error=Signal::derive(move || wanted(me)) />
                <Failed failed=task.failed />
                <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || task.busy())>{move || words.get()}</Button>
            </form>
        </SheetFrame>
    }
}

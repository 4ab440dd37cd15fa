//! Everything that has no place in the navigation, listed.

use crate::ui::components::Icon;
use crate::ui::i18n::use_i18n;
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;

/// The list.
#[component]
pub fn More() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let to = |place: Place| Signal::derive(move || place.href());
    let over = move |sheet: Sheet| Signal::derive(move || nav.sheet_href(sheet));
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, shell.title.more) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, shell.title.more)>
                <div class="narrow">
                    <Group title=text!(i18n, shell.more.work)>
                        <Entry icon="tasks" href=to(Place::Tasks) title=text!(i18n, shell.title.tasks) line=text!(i18n, shell.more.tasks) />
                        <Entry icon="nav" href=to(Place::Plan) title=text!(i18n, plan.title) line=text!(i18n, plan.line) />
                        <Entry icon="undo" href=over(Sheet::Recent) title=text!(i18n, shell.recent.title) line=text!(i18n, shell.more.recent) />
                        <Entry icon="trash" href=to(Place::Trash) title=text!(i18n, shell.title.trash) line=text!(i18n, shell.more.trash) />
                    </Group>
                    <Group title=text!(i18n, shell.more.data)>
                        <Entry class="wr" icon="import" href=to(Place::Import) title=text!(i18n, shell.title.import) line=text!(i18n, shell.more.import) />
                        <Entry icon="drive" href=to(Place::Backup) title=text!(i18n, shell.title.backup) line=text!(i18n, shell.more.backup) />
                        <Entry icon="waiting" href=to(Place::Sync) title=text!(i18n, shell.title.sync) line=text!(i18n, shell.more.sync) />
                    </Group>
                    <Group title=text!(i18n, shell.more.app)>
                        <Entry icon="customers" href=to(Place::Team) title=text!(i18n, team.title) line=text!(i18n, shell.more.team) />
                        <Entry icon="home" href=over(Sheet::Workspaces) title=text!(i18n, workspaces.title) line=text!(i18n, workspaces.line) />
                        <Entry icon="sliders" href=to(Place::Settings) title=text!(i18n, shell.title.settings) line=text!(i18n, shell.more.settings) />
                        <Entry icon="bulb" href=to(Place::Help) title=text!(i18n, help.title) line=text!(i18n, help.line) />
                        <Entry icon="keyboard" href=over(Sheet::Keys) title=text!(i18n, shell.keys.title) line=text!(i18n, shell.more.keys) />
                    </Group>
                </div>
            </div>
        </main>
    }
}

#[component]
fn Group(#[prop(into)] title: Signal<String>, children: Children) -> impl IntoView {
    view! {
        <section class="sec">
            <div class="sec-h"><h2>{move || title.get()}</h2></div>
            <ul class="rows card">{children()}</ul>
        </section>
    }
}

#[component]
fn Entry(
    #[prop(optional)] class: &'static str,
    icon: &'static str,
    #[prop(into)] href: Signal<String>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] line: Signal<String>,
) -> impl IntoView {
    view! {
        <li class=class>
            <a class="row row-w" href=move || href.get()>
                <span class="dev"><Icon name=icon /></span>
                <span class="row-b"><b>{move || title.get()}</b><span>{move || line.get()}</span></span>
                <Icon name="right" />
            </a>
        </li>
    }
}

//! The main navigation: a bar below on a phone, a rail or a side where there is room.

use super::sync_words::sync_line;
use crate::ui::components::{Brand, Icon};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::workspaces::name_of;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The destinations.
#[component]
pub(super) fn Navigation() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let log = move || nav.sheet_href(Sheet::Log { partner: nav.place().customer() });
    view! {
        <nav class="nav" aria-label=text!(i18n, shell.main)>
            <a class="brand" href=Place::Today.href() aria-label=text!(i18n, shell.home)>
                <Brand />
                <span class="brand-w">{text!(i18n, common.app)}</span>
            </a>
            <Destination place=Place::Today icon="today" label=text!(i18n, shell.nav.today) />
            <Destination place=Place::Customers icon="customers" label=text!(i18n, shell.nav.customers) />
            <a class="nav-log wr" href=log>
                <Icon name="log" />
                <span>{text!(i18n, shell.nav.log)}</span>
            </a>
            <Destination place=Place::Tasks icon="tasks" label=text!(i18n, shell.nav.tasks) class="nav-wide" />
            <Destination place=Place::Insights icon="insights" label=text!(i18n, shell.nav.insights) />
            <Destination place=Place::More icon="more" label=text!(i18n, shell.nav.more) class="nav-below" />
            <div class="nav-end">
                <WorkspaceName />
                <Destination place=Place::More icon="more" label=text!(i18n, shell.nav.more) />
                <SyncDestination />
            </div>
        </nav>
    }
}

/// The destination that a place belongs to.
fn home_of(place: Place) -> Place {
    match place {
        Place::Customer(..) => Place::Customers,
        Place::Plan | Place::Trash | Place::Settings | Place::Import | Place::Backup | Place::Team => {
            Place::More
        }
        other => other,
    }
}

#[component]
fn Destination(
    place: Place,
    icon: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let nav = use_nav();
    let on = move || home_of(nav.place()) == place;
    view! {
        <a class=format!("nav-i {class}") href=place.href() aria-current=move || on().then_some("page")>
            <span class="nav-ic"><Icon name=icon /></span>
            <span class="nav-l">{move || label.get()}</span>
        </a>
    }
}

/// Which workspace this is, where there is room for its name; opens the list of all.
#[component]
fn WorkspaceName() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let name = move || session.chosen().map(|chosen| name_of(i18n.get_locale(), &chosen));
    let label = move || format!("{}: {}", t_string!(i18n, workspaces.switch), name().unwrap_or_default());
    view! {
        <a class="nav-i nav-place" href=move || nav.sheet_href(Sheet::Workspaces) aria-label=label>
            <span class="nav-ic"><Icon name="home" /></span>
            <span class="nav-l">{name}</span>
        </a>
    }
}

#[component]
fn SyncDestination() -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let line = Memo::new(move |_| sync_line(i18n.get_locale(), format, session.sync().get()));
    let icon = Signal::derive(move || line.with(|line| line.icon));
    let on = move || nav.place() == Place::Sync;
    view! {
        <a class="nav-i nav-sync" href=Place::Sync.href() aria-current=move || on().then_some("page")>
            <span class="nav-ic nav-wait">
                <Icon name=icon />
                {move || line.with(|line| line.count.clone()).map(|count| view! { <b aria-hidden="true">{count}</b> })}
            </span>
            <span class="nav-l">{move || line.with(|line| line.words.clone())}</span>
        </a>
    }
}

/// The tab that opens first; named here so that links agree.
pub(super) const FIRST_TAB: Tab = Tab::Brief;

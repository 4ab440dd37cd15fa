//! The top bar of a screen, and the strip below it while there is no network.

use crate::port::SyncPhase;
use crate::ui::components::{Brand, Icon, IconButton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The keys that open the palette, as this device's keyboard writes them.
fn palette_keys() -> &'static str {
    let apple = window()
        .navigator()
        .platform()
        .is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"));
    if apple { "⌘K" } else { "Ctrl K" }
}

/// The heading of a screen, with the palette and the lock at its end.
#[component]
pub fn TopBar(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Stands between the heading and the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let keys = palette_keys();
    view! {
        <header class="top">
            <a class="top-mark" href=Place::Today.href() aria-label=text!(i18n, shell.home)><Brand /></a>
            <h1>{move || title.get()}</h1>
            {children.map(|children| children())}
            <div class="top-end">
                <button
                    class="palette"
                    type="button"
                    aria-label=move || t_string!(i18n, shell.palette.open, hint = t_string!(i18n, shell.palette.hint), keys = keys).to_string()
                    on:click=move |_| nav.open(Sheet::Palette)
                >
                    <Icon name="search" />
                    <span>{text!(i18n, shell.palette.hint)}</span>
                    " "
                    <kbd>{keys}</kbd>
                </button>
                <IconButton icon="lock" label=text!(i18n, shell.lock) on_press=move |_| session.lock() />
            </div>
        </header>
    }
}

/// The palette and the lock, for a screen with a head of its own.
#[component]
pub fn Tools() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let keys = palette_keys();
    view! {
        <IconButton
            icon="search"
            class="tool"
            label=Signal::derive(move || t_string!(i18n, shell.palette.open, hint = t_string!(i18n, shell.palette.hint), keys = keys).to_string())
            on_press=move |_| nav.open(Sheet::Palette)
        />
        <IconButton icon="lock" class="tool" label=text!(i18n, shell.lock) on_press=move |_| session.lock() />
    }
}

/// A quiet line while there is no network, the server cannot be used, or the person may only read; nothing at
/// other times.
#[component]
pub fn OfflineStrip() -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let phase = Memo::new(move |_| session.sync().get().map(|status| status.phase));
    let waiting = Memo::new(move |_| session.sync().get().map_or(0, |status| status.waiting));
    let standing = Memo::new(move |_| session.standing());
    let words = move || match phase.get() {
        _ if standing.get().removed => Some(("lock", t_string!(i18n, team.removed.title), Place::Team)),
        Some(SyncPhase::Offline) => Some(("offline", t_string!(i18n, shell.offline), Place::Sync)),
        Some(SyncPhase::Trouble(_)) => Some(("alert", t_string!(i18n, shell.trouble), Place::Sync)),
        _ if !standing.get().may_write() => Some(("eye", t_string!(i18n, team.read_only.title), Place::Team)),
        _ => None,
    };
    let count = move || t_string!(i18n, common.waiting_n, count = format.number(waiting.get())).to_string();
    move || {
        words().map(|(icon, words, to)| {
            view! {
                <a class="strip" href=to.href()>
                    <Icon name=icon />
                    <span>{words}</span>
                    <Show when=move || { waiting.get() > 0 }>
                        <span class="strip-n"><Icon name="waiting" />{count}</span>
                    </Show>
                    <Icon name="right" class="strip-go" />
                </a>
            }
        })
    }
}

//! The cloth: what waits, since when, and what the server has.

use crate::port::{Nudge, SyncPage, SyncPhase, SyncTrouble};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::platform::intl::{Format, When, use_format};
use crate::ui::session::use_session;
use leptos::prelude::*;

#[component]
pub(super) fn Head(page: ReadSignal<Option<Box<SyncPage>>>) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let of = move |pick: fn(Locale, Format, &SyncPage) -> String| {
        page.with(|page| page.as_deref().map(|page| pick(i18n.get_locale(), format, page)))
            .unwrap_or_default()
    };
    let busy = Memo::new(move |_| {
        page.with(|page| page.as_deref().is_some_and(|page| page.status.phase == SyncPhase::Syncing))
    });
    view! {
        <section class="cloth sh">
            <svg class="sh-r" class:sh-busy=move || busy.get() viewBox="0 0 96 96" aria-hidden="true">
                <circle class="sh-bg" cx="48" cy="48" r="42"></circle>
                <circle class="sh-fg" class:sh-whole=move || all_sewn(page) cx="48" cy="48" r="42" pathLength="96"></circle>
                {move || middle(page, format)}
            </svg>
            <div class="sh-d">
                <h2>{move || of(heading)}</h2>
                <p>{move || of(line)}</p>
                <p class="sh-v"><Icon name=Signal::derive(move || if is_complete(page) { "shield" } else { "drive" }) />{move || of(complete)}</p>
                <Button kind=Kind::OnCloth icon="waiting" on_press=move |_| session.nudge(Nudge::Asked) disabled=busy>
                    {text!(i18n, sync.now)}
                </Button>
            </div>
        </section>
    }
}

/// Whether the ring is closed: nothing waits.
fn all_sewn(page: ReadSignal<Option<Box<SyncPage>>>) -> bool {
    page.with(|page| page.as_deref().is_some_and(|page| page.status.waiting == 0))
}

fn middle(page: ReadSignal<Option<Box<SyncPage>>>, format: Format) -> AnyView {
    let now = page.with(|page| page.as_deref().map(|page| (page.status.waiting, page.status.phase)));
    let Some((waiting, phase)) = now else { return ().into_any() };
    match waiting {
        0 => view! { <path class="sh-c" d=sign(phase)></path> }.into_any(),
        many if many > 999 => {
            view! { <text class="sh-t sh-t3" x="48" y="48">{format.number(many)}</text> }.into_any()
        }
        few => view! { <text class="sh-t" x="48" y="48">{format.number(few)}</text> }.into_any(),
    }
}

/// What stands in the ring while nothing waits: a check, a broken line, a call for attention, a dash.
fn sign(phase: SyncPhase) -> &'static str {
    match phase {
        SyncPhase::Synced => "M33 49.500l10 10L64 38",
        SyncPhase::Offline => "M36 36l24 24M60 36L36 60",
        SyncPhase::Trouble(_) => "M48 32v20M48 62.500v.5",
        SyncPhase::Idle | SyncPhase::Syncing | SyncPhase::Waiting => "M38 48h20",
    }
}

fn heading(locale: Locale, format: Format, page: &SyncPage) -> String {
    match page.status.phase {
        SyncPhase::Syncing => td_string!(locale, sync.head.syncing).to_owned(),
        _ if page.status.waiting > 0 => {
            td_string!(locale, sync.head.waiting, count = format.number(page.status.waiting)).to_string()
        }
        SyncPhase::Synced => td_string!(locale, sync.head.synced).to_owned(),
        SyncPhase::Offline => td_string!(locale, sync.head.offline).to_owned(),
        SyncPhase::Trouble(_) => td_string!(locale, sync.head.trouble).to_owned(),
        SyncPhase::Idle | SyncPhase::Waiting => td_string!(locale, sync.head.idle).to_owned(),
    }
}

fn line(locale: Locale, format: Format, page: &SyncPage) -> String {
    match (page.status.phase, page.status.offline_since_ms) {
        (SyncPhase::Trouble(trouble), _) => trouble_words(locale, trouble).to_owned(),
        (SyncPhase::Offline, Some(since)) => {
            let time = format.when(since.cast_signed(), When::Moment);
            match page.status.waiting {
                0 => td_string!(locale, sync.line.offline_none, time = time).to_string(),
                _ => td_string!(locale, sync.line.offline_since, time = time).to_string(),
            }
        }
        (SyncPhase::Offline, None) => td_string!(locale, sync.line.offline).to_owned(),
        (SyncPhase::Syncing | SyncPhase::Synced, _) => {
            td_string!(locale, sync.line.talking, server = page.server.clone()).to_string()
        }
        _ if !page.registered => td_string!(locale, sync.line.unregistered).to_owned(),
        _ => td_string!(locale, sync.line.soon).to_owned(),
    }
}

fn trouble_words(locale: Locale, trouble: SyncTrouble) -> &'static str {
    match trouble {
        SyncTrouble::NotTheServer => td_string!(locale, sync.trouble.not_the_server),
        SyncTrouble::Refused => td_string!(locale, sync.trouble.refused),
        SyncTrouble::ServerError => td_string!(locale, sync.trouble.server_error),
        SyncTrouble::Busy => td_string!(locale, sync.trouble.busy),
        SyncTrouble::Incompatible => td_string!(locale, sync.trouble.incompatible),
    }
}

fn is_complete(page: ReadSignal<Option<Box<SyncPage>>>) -> bool {
    let told = |page: &SyncPage| page.status.waiting == 0 && page.status.synced_at_ms.is_some();
    page.with(|page| page.as_deref().is_some_and(told))
}

fn complete(locale: Locale, format: Format, page: &SyncPage) -> String {
    let count = format.number(page.records);
    match page.status.synced_at_ms {
        Some(at) if page.status.waiting == 0 => {
            let time = format.when(at.cast_signed(), When::Moment);
            td_string!(locale, sync.complete, count = count, time = time).to_string()
        }
        _ => td_string!(locale, sync.records, count = count).to_string(),
    }
}

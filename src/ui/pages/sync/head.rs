//! The cloth: where syncing stands, said no better than it is, and one button to try at once.

use crate::port::{Nudge, SyncPage, SyncPhase, SyncStatus, SyncTrouble, Way};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::platform::intl::{Format, When, use_format};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The passphrase was changed on another device.
const CHANGED: SyncPhase = SyncPhase::Trouble(SyncTrouble::PassphraseChanged);

type Page = ReadSignal<Option<Box<SyncPage>>>;

#[component]
pub(super) fn Head(page: Page) -> impl IntoView {
    let (i18n, format, session, nav) = (use_i18n(), use_format(), use_session(), use_nav());
    let of = move |pick: fn(Locale, Format, &SyncPage) -> String| {
        page.with(|page| page.as_deref().map(|page| pick(i18n.get_locale(), format, page)))
            .unwrap_or_default()
    };
    let busy = Memo::new(move |_| ask(page, |page| page.status.phase == SyncPhase::Syncing));
    view! {
        <section class="cloth sh">
            <svg class="sh-r" class:sh-busy=move || busy.get() viewBox="0 0 96 96" aria-hidden="true">
                <circle class="sh-bg" cx="48" cy="48" r="42"></circle>
                <circle class="sh-fg" class:sh-whole=move || ask(page, |page| is_whole(&page.status)) cx="48" cy="48" r="42" pathLength="96"></circle>
                {move || middle(page, format)}
            </svg>
            <div class="sh-d">
                <h2>{move || of(heading)}</h2>
                <p>{move || of(line)}</p>
                <Far page />
                <Resealing page />
                <p class="sh-v"><Icon name=Signal::derive(move || foot_icon(page)) />{move || of(foot)}</p>
                <Show when=move || ask(page, |page| page.status.phase == CHANGED)>
                    <Button kind=Kind::OnCloth icon="shield" on_press=move |_| nav.open(Sheet::AdoptPassphrase)>
                        {text!(i18n, security.adopt.open)}
                    </Button>
                </Show>
                <Show when=move || !ask(page, |page| page.status.phase == SyncPhase::Apart)>
                    <Button kind=Kind::OnCloth icon="waiting" on_press=move |_| session.nudge(Nudge::Asked) disabled=busy>
                        {text!(i18n, sync.now)}
                    </Button>
                </Show>
            </div>
        </section>
    }
}

fn ask(page: Page, pick: fn(&SyncPage) -> bool) -> bool {
    page.with(|page| page.as_deref().is_some_and(pick))
}

/// What is on its way to the server: records, and files.
fn on_the_way(status: &SyncStatus) -> u32 {
    status.waiting.saturating_add(status.files)
}

/// Whether the ring is closed: nothing waits, nothing was set aside.
fn is_whole(status: &SyncStatus) -> bool {
    on_the_way(status) == 0 && status.aside == 0 && !status.differs && !status.forked
}

/// A comparison that is older than the last sync by more than this does not speak for it, ms.
const SAME_SYNC_MS: u64 = 60_000;

/// Whether the server was found to hold the very same records, and nothing has changed that since.
fn is_verified(status: &SyncStatus) -> bool {
    let fresh = status
        .verified_at_ms
        .is_some_and(|at| status.synced_at_ms.unwrap_or_default().saturating_sub(at) <= SAME_SYNC_MS);
    is_whole(status) && status.phase == SyncPhase::Synced && fresh
}

/// How far a long way in or out is.
#[component]
fn Far(page: Page) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let moving = Memo::new(move |_| page.with(|page| page.as_deref().and_then(|page| page.status.moving)));
    move || {
        let at = moving.get()?;
        let (done, total) = (format.number(at.done), format.number(at.total));
        let words = match at.way {
            Way::In => {
                td_string!(i18n.get_locale(), sync.moving.inward, done = done, total = total).to_string()
            }
            Way::Out => {
                td_string!(i18n.get_locale(), sync.moving.outward, done = done, total = total).to_string()
            }
        };
        let (max, value) = (at.total.to_string(), at.done.min(at.total).to_string());
        let label = words.clone();
        Some(view! {
            <p class="num">{words}</p>
            <progress class="prog-b sh-p" max=max value=value aria-label=label></progress>
        })
    }
}

/// How far sealing under the newest key is, after somebody was removed.
#[component]
fn Resealing(page: Page) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let at = Memo::new(move |_| page.with(|page| page.as_deref().and_then(|page| page.status.resealing)));
    move || {
        let (done, total) = at.get()?;
        let (done, total) = (format.number(done), format.number(total));
        let words = td_string!(i18n.get_locale(), sync.resealing, done = done, total = total).to_string();
        Some(view! { <p class="num">{words}</p> })
    }
}

fn middle(page: Page, format: Format) -> AnyView {
    let Some(status) = page.with(|page| page.as_deref().map(|page| page.status)) else {
        return ().into_any();
    };
    match on_the_way(&status) {
        0 => view! { <path class="sh-c" d=sign(&status)></path> }.into_any(),
        many if many > 999 => {
            view! { <text class="sh-t sh-t3" x="48" y="48">{format.number(many)}</text> }.into_any()
        }
        few => view! { <text class="sh-t" x="48" y="48">{format.number(few)}</text> }.into_any(),
    }
}

/// What stands in the ring while nothing waits: a check, a broken line, a call for attention, a dash.
fn sign(status: &SyncStatus) -> &'static str {
    const ATTENTION: &str = "M48 32v20M48 62.500v.5";
    match status.phase {
        SyncPhase::Synced if is_whole(status) => "M33 49.500l10 10L64 38",
        SyncPhase::Synced | SyncPhase::Trouble(_) => ATTENTION,
        SyncPhase::Offline => "M36 36l24 24M60 36L36 60",
        SyncPhase::Idle | SyncPhase::Syncing | SyncPhase::Waiting | SyncPhase::Apart => "M38 48h20",
    }
}

fn heading(locale: Locale, format: Format, page: &SyncPage) -> String {
    let status = &page.status;
    let counted = |count: u32| format.number(count);
    match status.phase {
        _ if status.forked => td_string!(locale, sync.head.forked).to_owned(),
        SyncPhase::Syncing => td_string!(locale, sync.head.syncing).to_owned(),
        _ if on_the_way(status) > 0 => {
            td_string!(locale, sync.head.waiting, count = counted(on_the_way(status))).to_string()
        }
        SyncPhase::Offline => td_string!(locale, sync.head.offline).to_owned(),
        SyncPhase::Trouble(_) => td_string!(locale, sync.head.trouble).to_owned(),
        _ if status.aside > 0 => {
            td_string!(locale, sync.head.aside, count = counted(status.aside)).to_string()
        }
        SyncPhase::Synced if status.differs => td_string!(locale, sync.head.differs).to_owned(),
        SyncPhase::Synced if is_verified(status) => td_string!(locale, sync.head.verified).to_owned(),
        SyncPhase::Synced => td_string!(locale, sync.head.synced).to_owned(),
        SyncPhase::Apart => td_string!(locale, workspaces.sample.sync).to_owned(),
        SyncPhase::Idle | SyncPhase::Waiting => td_string!(locale, sync.head.idle).to_owned(),
    }
}

fn line(locale: Locale, format: Format, page: &SyncPage) -> String {
    let status = &page.status;
    match (status.phase, status.offline_since_ms) {
        _ if status.forked => td_string!(locale, sync.line.forked).to_owned(),
        (SyncPhase::Trouble(trouble), _) => trouble_words(locale, trouble).to_owned(),
        (SyncPhase::Offline, Some(since)) => {
            let time = format.when(since.cast_signed(), When::Moment);
            match on_the_way(status) {
                0 => td_string!(locale, sync.line.offline_none, time = time).to_string(),
                _ => td_string!(locale, sync.line.offline_since, time = time).to_string(),
            }
        }
        (SyncPhase::Offline, None) => td_string!(locale, sync.line.offline).to_owned(),
        (SyncPhase::Synced, _) if status.aside > 0 => td_string!(locale, sync.line.aside).to_owned(),
        (SyncPhase::Synced, _) if status.differs => td_string!(locale, sync.line.differs).to_owned(),
        (SyncPhase::Syncing | SyncPhase::Synced, _) => {
            td_string!(locale, sync.line.talking, server = page.server.clone()).to_string()
        }
        (SyncPhase::Apart, _) => td_string!(locale, workspaces.sample.sync_line).to_owned(),
        _ if !page.registered => td_string!(locale, sync.line.unregistered).to_owned(),
        _ => td_string!(locale, sync.line.soon).to_owned(),
    }
}

fn trouble_words(locale: Locale, trouble: SyncTrouble) -> &'static str {
    match trouble {
        SyncTrouble::NotTheServer => td_string!(locale, sync.trouble.not_the_server),
        SyncTrouble::Refused => td_string!(locale, sync.trouble.refused),
        SyncTrouble::Revoked => td_string!(locale, sync.trouble.revoked),
        SyncTrouble::PassphraseChanged => td_string!(locale, sync.trouble.passphrase_changed),
        SyncTrouble::SpaceTaken => td_string!(locale, sync.trouble.space_taken),
        SyncTrouble::KeyMissing => td_string!(locale, sync.trouble.key_missing),
        SyncTrouble::ReadOnly => td_string!(locale, sync.trouble.read_only),
        SyncTrouble::Removed => td_string!(locale, sync.trouble.removed),
        SyncTrouble::Deleted => td_string!(locale, sync.trouble.deleted),
        SyncTrouble::ServerError => td_string!(locale, sync.trouble.server_error),
        SyncTrouble::Busy => td_string!(locale, sync.trouble.busy),
        SyncTrouble::Incompatible => td_string!(locale, sync.trouble.incompatible),
        SyncTrouble::DeviceFull => td_string!(locale, sync.trouble.device_full),
        SyncTrouble::DeviceStore => td_string!(locale, sync.trouble.device_store),
        SyncTrouble::SpaceFull => td_string!(locale, sync.trouble.space_full),
    }
}

fn foot_icon(page: Page) -> &'static str {
    let told = |page: &SyncPage| page.status.verified_at_ms.is_some() || was_complete(&page.status);
    if ask(page, told) { "shield" } else { "drive" }
}

fn was_complete(status: &SyncStatus) -> bool {
    is_whole(status) && status.synced_at_ms.is_some()
}

/// What is known for certain: what was compared, else what was sent, else only what is here.
fn foot(locale: Locale, format: Format, page: &SyncPage) -> String {
    let status = &page.status;
    let at = |ms: u64| format.when(ms.cast_signed(), When::Moment);
    match (status.verified_at_ms, status.synced_at_ms) {
        (Some(verified), _) if !status.differs => {
            let count = format.number(status.verified_records);
            td_string!(locale, sync.verified, count = count, time = at(verified)).to_string()
        }
        (_, Some(synced)) if was_complete(status) => {
            td_string!(locale, sync.complete, count = format.number(page.records), time = at(synced))
                .to_string()
        }
        _ => td_string!(locale, sync.records, count = format.number(page.records)).to_string(),
    }
}

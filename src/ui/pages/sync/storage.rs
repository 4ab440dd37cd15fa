//! How much room is used, how many records lie in it, whether the browser promises to keep them, and whether
//! the app is installed.

use crate::ui::components::{Button, Icon};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::install::{Install, Installer};
use crate::ui::platform::intl::use_format;
use crate::ui::platform::storage;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// Full enough to say so.
const LOW_PERCENT: u64 = 80;

#[component]
pub(super) fn Storage(used: Option<(u64, u64)>, kept: bool, records: u32) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let numbers = move || match used {
        Some((used, total)) => {
            t_string!(i18n, sync.storage.used, used = format.bytes(used), total = format.bytes(total))
                .to_string()
        }
        None => String::new(),
    };
    let percent =
        used.filter(|(_, total)| *total > 0).map(|(used, total)| (used * 100).div_ceil(total).min(100));
    let several = session.places().with_untracked(|places| places.len() > 1);
    let low = percent.is_some_and(|percent| percent >= LOW_PERCENT);
    view! {
        <section class="sec">
            <div class="sec-h">
                <h2>{text!(i18n, sync.storage.title)}</h2>
                <span class="sec-x num">{numbers}</span>
            </div>
            <div class="card store">
                {match percent {
                    Some(percent) => bar(percent).into_any(),
                    None => view! { <p class="k">{text!(i18n, sync.storage.unknown)}</p> }.into_any(),
                }}
                <ul class="legend">
                    <li>
                        <span class="key key-d5"></span>
                        {text!(i18n, sync.storage.records)}
                        <b class="num">{move || format.number(records)}</b>
                    </li>
                </ul>
                {several.then(|| view! { <p class="k">{text!(i18n, workspaces.storage)}</p> })}
                {low.then(|| view! { <p class="fld-e"><Icon name="alert" />{text!(i18n, sync.storage.low)}</p> })}
                <Promise kept />
                <Installed />
            </div>
        </section>
    }
}

fn bar(percent: u64) -> impl IntoView {
    view! {
        <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="d0" x="0" y="0" width="100" height="10"></rect>
            <rect class="d5" x="0" y="0" width=percent.to_string() height="10"></rect>
        </svg>
    }
}

#[component]
fn Promise(kept: bool) -> impl IntoView {
    let i18n = use_i18n();
    let kept = RwSignal::new(kept);
    let refused = RwSignal::new(false);
    let ask = move |_| {
        storage::ask_to_keep(move |agreed| {
            kept.try_set(agreed);
            refused.try_set(!agreed);
        });
    };
    move || {
        if kept.get() {
            return view! {
                <p class="safe">
                    <Icon name="shield" />
                    <span><b>{t_string!(i18n, sync.storage.kept)}</b>{t_string!(i18n, sync.storage.kept_text)}</span>
                </p>
            }
            .into_any();
        }
        view! {
            <div class="safe safe-no">
                <Icon name="alert" />
                <span>
                    <b>{t_string!(i18n, sync.storage.loose)}</b>
                    {t_string!(i18n, sync.storage.loose_text)}
                    " "
                    {refused.get().then(|| t_string!(i18n, sync.storage.refused))}
                </span>
            </div>
            <div class="acts"><Button on_press=ask>{text!(i18n, sync.storage.ask)}</Button></div>
        }
        .into_any()
    }
}

/// Whether it runs as an app of its own, and how it can.
#[component]
fn Installed() -> impl IntoView {
    let i18n = use_i18n();
    let installer: Installer = expect_context();
    let installed = installer.is_installed();
    let line = move || match (installed, installer.state()) {
        (true, _) => t_string!(i18n, sync.storage.installed_text),
        (false, Install::ByHand) => t_string!(i18n, onboarding.install.by_hand),
        (false, Install::Offered | Install::Nothing) => t_string!(i18n, sync.storage.in_browser_text),
    };
    let title = move || match installed {
        true => t_string!(i18n, sync.storage.installed),
        false => t_string!(i18n, sync.storage.in_browser),
    };
    view! {
        <p class="safe" class:safe-tab=!installed>
            <Icon name=if installed { "check" } else { "tablet" } />
            <span><b>{title}</b>{line}</span>
        </p>
        <Show when=move || installer.state() == Install::Offered>
            <div class="acts"><Button icon="tablet" on_press=move |_| installer.ask()>{text!(i18n, sync.storage.install)}</Button></div>
        </Show>
    }
}

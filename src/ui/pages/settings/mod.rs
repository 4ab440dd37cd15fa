//! Settings of this device. Each takes effect at once; there is no Save.

mod developer;
mod devices;

use self::developer::Developer;
use self::devices::Devices;
use crate::port::{AccountCard, Query, Session as Phase};
use crate::ui::components::{Button, Icon, Kind, Segmented};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::platform::install::{Install, Installer};
use crate::ui::platform::intl::use_format;
use crate::ui::platform::reminders::Reminders;
use crate::ui::platform::theme::{Theme, Themes};
use crate::ui::platform::{boot, locale};
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::{LockAfter, use_session};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The settings.
#[component]
pub fn Settings() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, settings.title) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, settings.title)>
                <div class="narrow">
                    <Look />
                    <Locking />
                    <TaskReminders />
                    <Show when=move || !session.is_sample() fallback=|| view! { <NotProtected /> }>
                        <Security />
                        <Devices />
                        <Backups />
                    </Show>
                    <Device />
                    <Keyboard />
                    <Developer />
                    <About />
                </div>
            </div>
        </main>
    }
}

/// Settings that belong together.
#[component]
pub fn Group(
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// The settings.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="sec">
            <div class="sec-h"><h2>{move || title.get()}</h2></div>
            <div class="rows card">{children()}</div>
        </section>
    }
}

/// A setting: its words, and the control at the end of the line, or below where there is no room.
#[component]
pub fn Setting(
    /// What it is.
    #[prop(into)]
    title: Signal<String>,
    /// A word more; empty for none.
    #[prop(optional, into)]
    line: Signal<String>,
    /// The control.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="row set">
            <span class="row-b">
                <b>{move || title.get()}</b>
                {move || Some(line.get()).filter(|line| !line.is_empty()).map(|line| view! { <span>{line}</span> })}
            </span>
            {children.map(|children| children())}
        </div>
    }
}

#[component]
fn Look() -> impl IntoView {
    let i18n = use_i18n();
    let themes: Themes = expect_context();
    let languages =
        [Locale::zh_CN, Locale::en].map(|each| (each, locale::own_name(each).to_owned())).to_vec();
    let names = move || {
        Theme::ALL
            .map(|theme| {
                let name = match theme {
                    Theme::System => t_string!(i18n, settings.look.system),
                    Theme::Light => t_string!(i18n, settings.look.light),
                    Theme::Dark => t_string!(i18n, settings.look.dark),
                    Theme::Outdoor => t_string!(i18n, settings.look.outdoor),
                };
                (theme, name.to_owned())
            })
            .to_vec()
    };
    view! {
        <Group title=text!(i18n, settings.look.title)>
            <Setting title=text!(i18n, settings.look.language)>
                <Segmented
                    label=text!(i18n, settings.look.language)
                    options=Signal::stored(languages)
                    chosen=Signal::derive(move || i18n.get_locale())
                    on_choose=move |chosen| locale::choose(i18n, chosen)
                />
            </Setting>
            <Setting title=text!(i18n, settings.look.theme) line=text!(i18n, settings.look.hint)>
                <Segmented
                    label=text!(i18n, settings.look.theme)
                    options=Signal::derive(names)
                    chosen=Signal::derive(move || themes.get())
                    on_choose=move |chosen| themes.set(chosen)
                />
            </Setting>
        </Group>
    }
}

#[component]
fn Locking() -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let after = RwSignal::new(LockAfter::kept());
    let change = move |new: LockAfter| {
        new.keep();
        after.set(new);
    };
    let minutes = move || {
        LockAfter::CHOICES
            .map(|each| {
                (each, t_string!(i18n, settings.lock.minutes, count = format.number(each)).to_string())
            })
            .to_vec()
    };
    view! {
        <Group title=text!(i18n, settings.lock.title)>
            <Setting title=text!(i18n, settings.lock.after) line=text!(i18n, settings.lock.hint)>
                <Segmented
                    label=text!(i18n, settings.lock.after)
                    options=Signal::derive(minutes)
                    chosen=Signal::derive(move || after.get().minutes)
                    on_choose=move |minutes| change(LockAfter { minutes, ..after.get_untracked() })
                />
            </Setting>
            <label class="row set switch">
                <span class="row-b">
                    <b>{text!(i18n, settings.lock.hide)}</b>
                    <span>{text!(i18n, settings.lock.hide_hint)}</span>
                </span>
                <input
                    type="checkbox"
                    role="switch"
                    prop:checked=move || after.get().on_hide
                    on:change=move |event| change(LockAfter { on_hide: event_target_checked(&event), ..after.get_untracked() })
                />
            </label>
            <Setting title=text!(i18n, settings.lock.now)>
                <Button icon="lock" on_press=move |_| session.lock()>{text!(i18n, shell.lock)}</Button>
            </Setting>
        </Group>
    }
}

/// Reminders of tasks by the system.
#[component]
fn TaskReminders() -> impl IntoView {
    let i18n = use_i18n();
    let state = RwSignal::new(Reminders::now());
    let switch = move |event| {
        let on = event_target_checked(&event);
        spawn_local(async move {
            state.try_set(Reminders::switch(on).await);
        });
    };
    let line = move || match state.get() {
        Reminders::Absent => t_string!(i18n, settings.remind.absent),
        Reminders::Blocked => t_string!(i18n, settings.remind.blocked),
        Reminders::On | Reminders::Off => t_string!(i18n, settings.remind.hint),
    };
    let fixed = move || matches!(state.get(), Reminders::Absent | Reminders::Blocked);
    view! {
        <Group title=text!(i18n, settings.remind.title)>
            <label class="row set switch">
                <span class="row-b">
                    <b>{text!(i18n, settings.remind.tasks)}</b>
                    <span>{line}</span>
                </span>
                <input
                    type="checkbox"
                    role="switch"
                    disabled=fixed
                    prop:checked=move || state.get() == Reminders::On
                    on:change=switch
                />
            </label>
        </Group>
    }
}

/// A sample has no ways in that could be changed.
#[component]
fn NotProtected() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Group title=text!(i18n, workspaces.sample.name)>
            <p class="set-p">{text!(i18n, workspaces.sample.not_protected)}</p>
        </Group>
    }
}

/// The ways in.
#[component]
fn Security() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let account = session.watch::<AccountCard>(|| Query::Account);
    let has_code = move || account.with(|card| card.as_ref().is_some_and(|card| card.recovery_code));
    let code_line = move || match has_code() {
        true => t_string!(i18n, security.recovery.there),
        false => t_string!(i18n, security.recovery.missing),
    };
    let code_do = move || match has_code() {
        true => t_string!(i18n, security.recovery.again),
        false => t_string!(i18n, security.recovery.make),
    };
    let keys_do = move || match account.with(|card| card.as_ref().is_none_or(|card| card.passkeys.is_empty()))
    {
        true => t_string!(i18n, security.passkey.set_up),
        false => t_string!(i18n, security.passkey.open),
    };
    let keys_line = move || match account.with(|card| card.as_ref().map_or(0, |card| card.passkeys.len())) {
        0 => t_string!(i18n, security.passkey.missing).to_owned(),
        _ if account
            .with(|card| card.as_ref().is_some_and(|card| card.passkeys.iter().any(|key| key.here))) =>
        {
            t_string!(i18n, security.passkey.here).to_owned()
        }
        _ => t_string!(i18n, security.passkey.elsewhere).to_owned(),
    };
    view! {
        <Group title=text!(i18n, security.title)>
            <Setting title=text!(i18n, common.passphrase) line=text!(i18n, security.passphrase.line)>
                <Button on_press=move |_| nav.open(Sheet::Passphrase)>{text!(i18n, security.passphrase.change)}</Button>
            </Setting>
            <Setting title=text!(i18n, security.passkey.title) line=Signal::derive(keys_line)>
                <Button on_press=move |_| nav.open(Sheet::Passkeys)>{keys_do}</Button>
            </Setting>
            <Setting title=text!(i18n, security.recovery.code) line=Signal::derive(move || code_line().to_owned())>
                <Button on_press=move |_| nav.open(Sheet::RecoveryCode)>{code_do}</Button>
            </Setting>
        </Group>
    }
}

#[component]
fn Device() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let installer: Installer = expect_context();
    let workspace = move || {
        session.phase().with(|phase| match phase {
            Some(Phase::Open { workspace }) => workspace.name.clone(),
            _ => String::new(),
        })
    };
    view! {
        <Group title=text!(i18n, settings.device.title)>
            <Setting title=text!(i18n, settings.device.workspace)><span class="set-v">{workspace}</span></Setting>
            <Setting title=text!(i18n, settings.device.code) line=text!(i18n, settings.device.code_hint)>
                <Button on_press=move |_| nav.open(Sheet::AddDevice)>{text!(i18n, settings.device.show)}</Button>
            </Setting>
            {move || match installer.state() {
                Install::Nothing => ().into_any(),
                Install::ByHand => {
                    view! { <Setting title=text!(i18n, settings.device.install) line=text!(i18n, settings.device.by_hand) /> }.into_any()
                }
                Install::Offered => {
                    view! {
                        <Setting title=text!(i18n, settings.device.install) line=text!(i18n, settings.device.install_hint)>
                            <Button kind=Kind::Primary on_press=move |_| installer.ask()>
                                {text!(i18n, settings.device.install_do)}
                            </Button>
                        </Setting>
                    }
                        .into_any()
                }
            }}
        </Group>
    }
}

#[component]
fn Backups() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Group title=text!(i18n, backup.title)>
            <a class="row row-w" href=Place::Backup.href()>
                <span class="row-b"><b>{text!(i18n, backup.title)}</b><span>{text!(i18n, shell.more.backup)}</span></span>
                <Icon name="right" />
            </a>
        </Group>
    }
}

#[component]
fn Keyboard() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! {
        <Group title=text!(i18n, settings.keys.title)>
            <a class="row row-w" href=move || nav.sheet_href(Sheet::Keys)>
                <span class="row-b"><b>{text!(i18n, settings.keys.open)}</b></span>
                <Icon name="right" />
            </a>
        </Group>
    }
}

#[component]
fn About() -> impl IntoView {
    let i18n = use_i18n();
    let version = move || match boot::version() {
        unsealed if unsealed.is_empty() => {
            format!("{} · {}", env!("CARGO_PKG_VERSION"), t_string!(i18n, settings.about.dev))
        }
        sealed => format!("{} · {sealed}", env!("CARGO_PKG_VERSION")),
    };
    view! {
        <Group title=text!(i18n, settings.about.title)>
            <Setting title=text!(i18n, settings.about.version)><span class="set-v num">{version}</span></Setting>
            <p class="set-p">{text!(i18n, settings.about.text)}</p>
            <p class="set-p k">{text!(i18n, settings.about.licence)}</p>
        </Group>
    }
}

//! The lock screen: the closed satchel, whose clasp unlocks it. No customer's name is on it.

mod flap;
mod opening;
mod passkey;

pub use flap::Flap;
pub use opening::{Opening, stage_words};

use self::passkey::{ByPasskey, offered};
use crate::port::{Command, FailureCode, Secret, Session as Phase};
use crate::ui::components::{Button, Icon, Kind, SecretField};
use crate::ui::errors::sentences;
use crate::ui::i18n::{t_string, td_string, use_i18n};
use crate::ui::pages::security::{Forgotten, ForgottenForm};
use crate::ui::pages::workspaces::{InvitedNote, WorkspaceList, name_of};
use crate::ui::platform::incoming::use_incoming;
use crate::ui::platform::intl::use_format;
use crate::ui::platform::passkey::Trouble;
use crate::ui::platform::{clock, dom, locale};
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::{Adding, Session, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// What the form knows.
#[derive(Clone, Copy)]
struct Form {
    session: Session,
    passphrase: RwSignal<String>,
    failed: RwSignal<Option<FailureCode>>,
    missing: RwSignal<bool>,
    /// Why the passkey opened nothing.
    refusal: RwSignal<Option<Result<FailureCode, Trouble>>>,
    opening: Opening,
}

/// The lock screen.
#[component]
pub fn Lock() -> impl IntoView {
    let i18n = use_i18n();
    let form = Form {
        session: use_session(),
        passphrase: RwSignal::new(String::new()),
        failed: RwSignal::new(None),
        missing: RwSignal::new(false),
        refusal: RwSignal::new(None),
        opening: Opening::new(),
    };
    let session = form.session;
    let title = Signal::derive(move || match session.chosen() {
        Some(workspace) => name_of(i18n.get_locale(), &workspace),
        None => t_string!(i18n, onboarding.lock.unnamed).to_owned(),
    });
    let line = Signal::derive(move || match session.is_sample() {
        true => t_string!(i18n, workspaces.sample.sealed).to_owned(),
        false => t_string!(i18n, onboarding.lock.sealed).to_owned(),
    });
    form.forget_when_another_is_chosen();
    Effect::new(move || {
        let locale = i18n.get_locale();
        dom::set_title(&format!(
            "{} · {}",
            td_string!(locale, shell.title.locked),
            td_string!(locale, common.app)
        ));
    });
    view! {
        <main class="lock">
            <Flap title line />
            <div class="lock-b">
                <UnlockForm form />
                <Waiting session />
                <Shared />
                <InvitedNote />
                <Show when=move || { session.places().with(|places| places.len() > 1) }><WorkspaceList /></Show>
            </div>
            <Foot />
        </main>
    }
}

impl Form {
    /// What was typed for one workspace is not for another.
    fn forget_when_another_is_chosen(self) {
        Effect::new(move |before: Option<Option<String>>| {
            let chosen = self.session.chosen().map(|chosen| chosen.id);
            if before.is_some_and(|before| before != chosen) {
                self.passphrase.set(String::new());
                self.failed.set(None);
                self.missing.set(false);
                self.opening.try_end();
                request_animation_frame(|| dom::focus_first(".lock-f1 input, .lock-f1 .btn"));
            }
            chosen
        });
    }

    fn submit(self) {
        let is_sample = untrack(|| self.session.is_sample());
        let missing = !is_sample && self.passphrase.with_untracked(String::is_empty);
        self.missing.set(missing);
        if missing || self.opening.busy_untracked() || seconds_left(self.session, clock::now_ms()) > 0 {
            return;
        }
        self.failed.set(None);
        self.refusal.set(None);
        let running =
            self.session.run(Command::Unlock { passphrase: Secret(self.passphrase.get_untracked()) });
        self.opening.begin(running.progress());
        spawn_local(async move {
            if let Err(failure) = running.await {
                self.refused(failure.code);
            }
        });
    }

    /// The screen may be gone by now, if another tab unlocked or locked.
    fn refused(self, code: FailureCode) {
        self.opening.try_end();
        self.failed.try_set(Some(code));
        self.passphrase.try_set(String::new());
        // The field was away while the passphrase was tried.
        request_animation_frame(|| dom::focus_first(".lock input"));
    }
}

#[component]
fn UnlockForm(form: Form) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let now = clock::every(Duration::from_secs(1));
    let left = Memo::new(move |_| seconds_left(form.session, now.get()));
    let error = Signal::derive(move || match (left.get(), form.failed.get()) {
        (0, None) if form.missing.get() => t_string!(i18n, onboarding.lock.needed).to_owned(),
        (0, None) => String::new(),
        (0, Some(code)) => sentences(i18n.get_locale(), code).joined(i18n.get_locale()),
        (seconds, _) => t_string!(i18n, onboarding.lock.wait, time = format.seconds(seconds)).to_string(),
    });
    let words = Signal::derive(move || {
        (
            t_string!(i18n, common.show_passphrase).to_owned(),
            t_string!(i18n, common.hide_passphrase).to_owned(),
        )
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.submit();
    };
    // One button asks for attention: the passkey's, where there is one.
    let kind = Memo::new(move |_| if offered(form.session).is_some() { Kind::Plain } else { Kind::Primary });
    Effect::new(|| request_animation_frame(|| dom::focus_first(".lock input")));
    view! {
        <form class="lock-f1" on:submit=submit novalidate=true>
            <button class="clasp" class:clasp-on=move || form.opening.busy() type="submit" tabindex="-1" aria-hidden="true">
                <Icon name="lock" />
            </button>
            <Show
                when=move || form.opening.busy()
                fallback=move || {
                    view! {
                        <ByPasskey form />
                        <Show when=move || form.session.is_sample()>
                            <div class="pass pass-0"><Button kind=Kind::Primary submit=true>{text!(i18n, workspaces.sample.open)}</Button></div>
                        </Show>
                        <div class="pass" hidden=move || form.session.is_sample()>
                            <div class="pass-r">
                                <SecretField label=text!(i18n, common.passphrase) value=form.passphrase show_words=words error=error />
                                {move || view! { <Unlock kind=kind.get() left /> }}
                            </div>
                        </div>
                    }
                }
            >
                <p class="lock-l" role="status">{move || stage_words(i18n.get_locale(), format, form.opening.progress())}</p>
            </Show>
        </form>
    }
}

/// The passphrase's button.
#[component]
fn Unlock(kind: Kind, left: Memo<u32>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Button kind=kind submit=true disabled=Signal::derive(move || { left.get() > 0 })>
            {text!(i18n, onboarding.lock.unlock)}
        </Button>
    }
}

/// Seconds until the next try is allowed after wrong ones.
fn seconds_left(session: Session, now_ms: i64) -> u32 {
    let at = session.phase().with(|phase| match phase {
        Some(Phase::Locked { retry_at_ms, .. }) => i64::try_from(*retry_at_ms).unwrap_or(i64::MAX),
        _ => 0,
    });
    u32::try_from(at.saturating_sub(now_ms).max(0) / 1000 + i64::from(at > now_ms)).unwrap_or(u32::MAX)
}

#[component]
fn Waiting(session: Session) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let waiting = move || {
        session.phase().with(|phase| match phase {
            Some(Phase::Locked { waiting, .. }) => waiting.filter(|count| *count > 0),
            _ => None,
        })
    };
    move || {
        waiting().map(|count| {
            view! {
                <p class="lock-w">
                    <Icon name="waiting" />
                    {t_string!(i18n, onboarding.lock.waiting, count = format.number(count)).to_string()}
                </p>
            }
        })
    }
}

/// What another app handed over waits in memory, and nowhere else.
#[component]
fn Shared() -> impl IntoView {
    let (i18n, incoming) = (use_i18n(), use_incoming());
    view! {
        <Show when=move || incoming.is_any()>
            <p class="lock-w" role="status"><Icon name="import" />{text!(i18n, onboarding.lock.shared)}</p>
        </Show>
    }
}

#[component]
fn Foot() -> impl IntoView {
    let i18n = use_i18n();
    let (nav, session) = (use_nav(), use_session());
    let other = move || locale::other(i18n.get_locale());
    let add = move |_| {
        nav.go_instead(Place::Today);
        session.add(Adding::Any);
    };
    view! {
        <footer class="lock-f">
            <button class="lang-b" type="button" on:click=add>{text!(i18n, workspaces.add)}</button>
            <details class="forgot" hidden=move || session.is_sample()>
                <summary>{text!(i18n, onboarding.lock.forgot)}</summary>
                <p>{text!(i18n, onboarding.lock.forgot_text)}</p>
                <ForgottenForm place=Forgotten::Here on_begin=|()| () on_done=|()| () />
            </details>
            <LanguageButton other=Signal::derive(other) />
        </footer>
    }
}

#[component]
fn LanguageButton(other: Signal<crate::ui::i18n::Locale>) -> impl IntoView {
    use crate::ui::i18n::I18nLocaleTrait;
    let i18n = use_i18n();
    view! {
        <button class="lang-b" type="button" lang=move || other.get().as_str() on:click=move |_| locale::choose(i18n, other.get_untracked())>
            {move || locale::own_name(other.get())}
        </button>
    }
}

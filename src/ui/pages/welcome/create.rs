//! Making a workspace on this device: a name and a passphrase.

use super::strength::{Strength, judge};
use super::{Journey, Step};
use crate::port::{Command, FailureCode, Secret};
use crate::ui::components::{Button, IconButton, Kind, SecretField, TextField};
use crate::ui::errors::sentences;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::lock::{Opening, stage_words};
use crate::ui::platform::intl::use_format;
use crate::ui::platform::{dom, storage};
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Copy)]
struct Form {
    session: Session,
    journey: Journey,
    again: RwSignal<String>,
    /// Whether the person tried to go on: mistakes are told from then on.
    tried: RwSignal<bool>,
    failed: RwSignal<Option<FailureCode>>,
    opening: Opening,
}

impl Form {
    fn name_is_missing(self) -> bool {
        self.journey.name.with(|name| name.trim().is_empty())
    }

    fn strength(self) -> Strength {
        self.journey.passphrase.with(|passphrase| judge(passphrase))
    }

    fn differs(self) -> bool {
        self.journey.passphrase.get() != self.again.get()
    }

    fn submit(self) {
        self.tried.set(true);
        let wrong =
            untrack(|| self.name_is_missing() || self.strength() == Strength::Short || self.differs());
        if wrong {
            return request_animation_frame(|| dom::focus_shown("form [aria-invalid]"));
        }
        if self.opening.busy_untracked() {
            return;
        }
        self.failed.set(None);
        self.journey.stay();
        storage::ask_to_keep(|_| ());
        let command = Command::CreateWorkspace {
            name: self.journey.name.get_untracked().trim().to_owned(),
            passphrase: Secret(self.journey.passphrase.get_untracked()),
        };
        let running = self.session.run(command);
        self.opening.begin(running.progress());
        spawn_local(async move {
            match running.await {
                Ok(_) => drop(self.journey.step.try_set(Step::Recovery)),
                Err(failure) => {
                    self.journey.no_longer_stay();
                    self.opening.try_end();
                    self.failed.try_set(Some(failure.code));
                }
            }
        });
    }
}

#[component]
pub(super) fn Create(journey: Journey) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let form = Form {
        session: use_session(),
        journey,
        again: RwSignal::new(String::new()),
        tried: RwSignal::new(false),
        failed: RwSignal::new(None),
        opening: Opening::new(),
    };
    let when = move |wrong: bool, words: &'static str| {
        if form.tried.get() && wrong { words.to_owned() } else { String::new() }
    };
    let name_error =
        Signal::derive(move || when(form.name_is_missing(), t_string!(i18n, onboarding.name_needed)));
    let short = Signal::derive(move || {
        when(form.strength() == Strength::Short, t_string!(i18n, onboarding.strength.short))
    });
    let differs = Signal::derive(move || when(form.differs(), t_string!(i18n, onboarding.again_wrong)));
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
    view! {
        <main class="hello hello-f scroll">
            <form class="hello-c" on:submit=submit novalidate=true>
                <header class="hello-h">
                    <IconButton icon="left" label=text!(i18n, common.back) on_press=move |_| journey.back() />
                    <h1>{text!(i18n, onboarding.create.title)}</h1>
                </header>
                <TextField label=text!(i18n, onboarding.name) value=journey.name hint=text!(i18n, onboarding.name_hint) error=name_error autofocus=true />
                <div>
                    <SecretField
                        label=text!(i18n, common.passphrase)
                        value=journey.passphrase
                        show_words=words
                        hint=text!(i18n, onboarding.passphrase_why)
                        error=short
                        autocomplete="new-password"
                    />
                    <Show when=move || !form.journey.passphrase.with(String::is_empty) && short.with(String::is_empty)>
                        <StrengthLine strength=Signal::derive(move || form.strength()) />
                    </Show>
                </div>
                <SecretField label=text!(i18n, onboarding.again) value=form.again show_words=words error=differs autocomplete="new-password" />
                <Failed failed=form.failed />
                <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || form.opening.busy())>
                    {move || {
                        if form.opening.busy() {
                            stage_words(i18n.get_locale(), format, form.opening.progress())
                        } else {
                            t_string!(i18n, onboarding.make).to_owned()
                        }
                    }}
                </Button>
            </form>
        </main>
    }
}

/// What failed, in full, above the button.
#[component]
pub(in crate::ui) fn Failed(#[prop(into)] failed: Signal<Option<FailureCode>>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        failed.get().map(|code| {
            let said = sentences(i18n.get_locale(), code);
            view! { <p class="hello-e" role="alert"><b>{said.what}</b>" "{said.mend}" "{said.safe}</p> }
        })
    }
}

#[component]
fn StrengthLine(strength: Signal<Strength>) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match strength.get() {
        Strength::Short => t_string!(i18n, onboarding.strength.short),
        Strength::Weak => t_string!(i18n, onboarding.strength.weak),
        Strength::Fair => t_string!(i18n, onboarding.strength.fair),
        Strength::Strong => t_string!(i18n, onboarding.strength.strong),
    };
    let class = move || match strength.get() {
        Strength::Short => "str",
        Strength::Weak => "str str-1",
        Strength::Fair => "str str-2",
        Strength::Strong => "str str-3",
    };
    view! {
        <div class=class>
            <span class="str-b" aria-hidden="true"><i></i><i></i><i></i></span>
            <p role="status">{words}</p>
        </div>
    }
}

//! The passphrase asked once more, before something that whoever finds a device open is not to do.

use super::new_passphrase::show_words;
use crate::port::{FailureCode, Secret};
use crate::ui::components::SecretField;
use crate::ui::errors::sentences;
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::dom;
use leptos::html;
use leptos::prelude::*;

/// What is typed for one form, and what became of it.
#[derive(Clone, Copy)]
pub struct Again {
    typed: RwSignal<String>,
    /// Whether the person tried to go on without it.
    tried: RwSignal<bool>,
    /// Whether it is asked at all.
    asked: Signal<bool>,
    failed: RwSignal<Option<FailureCode>>,
}

impl Again {
    /// For a form that always asks, and fails with what `failed` holds.
    pub(in crate::ui::pages) fn new(failed: RwSignal<Option<FailureCode>>) -> Self {
        Self::when(Signal::stored(true), failed)
    }

    /// For a form that asks depending on what is chosen in it.
    pub(in crate::ui::pages) fn when(asked: Signal<bool>, failed: RwSignal<Option<FailureCode>>) -> Self {
        Self { typed: RwSignal::new(String::new()), tried: RwSignal::new(false), asked, failed }
    }

    /// Whether the form can be sent: nothing is asked, or something is typed. If not, the field says so.
    pub(in crate::ui::pages) fn submit(self) -> bool {
        self.failed.set(None);
        self.tried.set(true);
        !self.asked.get_untracked() || !self.typed.with_untracked(String::is_empty)
    }

    /// What was typed.
    pub(in crate::ui::pages) fn secret(self) -> Secret {
        Secret(self.typed.get_untracked())
    }

    /// The same, where it is asked.
    pub(in crate::ui::pages) fn secret_if_asked(self) -> Option<Secret> {
        self.asked.get_untracked().then(|| self.secret())
    }

    /// Nothing secret is left in the page.
    pub(in crate::ui::pages) fn forget(self) {
        self.typed.try_set(String::new());
        self.tried.try_set(false);
    }

    fn wrong(self, locale: Locale) -> String {
        let missing = self.tried.get() && self.typed.with(String::is_empty);
        wrong_words(locale, self.failed.get(), missing)
    }
}

/// Whether a failure is about the passphrase, and is told beside its field.
fn is_about_it(code: FailureCode) -> bool {
    matches!(code, FailureCode::WrongPassphrase | FailureCode::TooSoon)
}

/// What stands below the field.
fn wrong_words(locale: Locale, failed: Option<FailureCode>, missing: bool) -> String {
    match failed {
        Some(code) if is_about_it(code) => sentences(locale, code).joined(locale),
        _ if missing => td_string!(locale, onboarding.lock.needed).to_owned(),
        _ => String::new(),
    }
}

/// The field, while it is asked, and what else the form failed with.
#[component]
pub(in crate::ui::pages) fn PassphraseAgain(again: Again) -> impl IntoView {
    let Again { asked, failed, .. } = again;
    let others = Signal::derive(move || failed.get().filter(|code| !(asked.get() && is_about_it(*code))));
    view! {
        <Show when=move || asked.get()><Field again /></Show>
        <Failed failed=others />
    }
}

#[component]
fn Field(again: Again) -> impl IntoView {
    let (i18n, frame) = (use_i18n(), NodeRef::<html::Div>::new());
    let error = Signal::derive(move || again.wrong(i18n.get_locale()));
    let focus = move || {
        if let Some(frame) = frame.get_untracked() {
            request_animation_frame(move || dom::focus_field(&frame));
        }
    };
    Effect::new(move || {
        // Whoever goes through choices by the keyboard goes on with them, and comes to the field by Tab.
        if frame.get().is_some() && !dom::chooses_by_keys() {
            focus();
        }
    });
    Effect::new(move || {
        if !error.with(String::is_empty) {
            focus();
        }
    });
    view! {
        <div node_ref=frame>
            <SecretField
                label=text!(i18n, common.passphrase)
                value=again.typed
                show_words=show_words()
                hint=text!(i18n, security.again)
                error
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_passphrase_is_told_beside_its_field_r98() {
        for locale in [Locale::en, Locale::zh_CN] {
            for code in [FailureCode::WrongPassphrase, FailureCode::TooSoon] {
                let said = sentences(locale, code).joined(locale);
                assert_eq!(wrong_words(locale, Some(code), false), said);
                assert_eq!(wrong_words(locale, Some(code), true), said, "what was tried counts");
            }
            assert_eq!(wrong_words(locale, Some(FailureCode::Unreachable), false), "");
            assert_eq!(wrong_words(locale, None, true), td_string!(locale, onboarding.lock.needed));
            assert_eq!(wrong_words(locale, None, false), "");
        }
    }

    #[test]
    fn a_form_is_sent_with_a_passphrase_or_where_none_is_asked_r98() {
        let owner = Owner::new();
        owner.with(|| {
            let (asked, failed) = (RwSignal::new(false), RwSignal::new(Some(FailureCode::TooSoon)));
            let again = Again::when(asked.into(), failed);
            assert!(again.submit() && again.secret_if_asked().is_none());
            asked.set(true);
            failed.set(Some(FailureCode::TooSoon));
            assert!(!again.submit() && failed.get_untracked().is_none(), "what failed before is over");
            again.typed.set("four words".into());
            assert!(again.submit());
            assert_eq!(again.secret_if_asked(), Some(Secret("four words".into())));
            asked.set(false);
            assert!(again.secret_if_asked().is_none(), "what is typed and not asked is not sent");
            again.forget();
            assert!(again.secret().0.is_empty());
        });
    }
}

//! Choosing a passphrase: long enough, and typed twice.

use crate::ui::components::SecretField;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::{Strength, judge};
use crate::ui::platform::dom;
use leptos::prelude::*;

/// What is typed.
#[derive(Clone, Copy)]
pub struct NewPassphrase {
    pub(in crate::ui::pages) value: RwSignal<String>,
    again: RwSignal<String>,
    /// Whether the person tried to go on: mistakes are told from then on.
    tried: RwSignal<bool>,
}

impl NewPassphrase {
    pub(in crate::ui::pages) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self { value: text(), again: text(), tried: RwSignal::new(false) }
    }

    fn is_short(self) -> bool {
        self.value.with(|value| judge(value)) == Strength::Short
    }

    fn differs(self) -> bool {
        self.value.get() != self.again.get()
    }

    /// Whether the person tried to go on.
    pub(in crate::ui::pages) fn was_tried(self) -> bool {
        self.tried.get()
    }

    /// Whether it can be taken, and everything else is there; if not, the first mistake gets the focus.
    pub(in crate::ui::pages) fn submit(self, rest_is_there: bool) -> bool {
        self.tried.set(true);
        let fine = rest_is_there && !untrack(|| self.is_short() || self.differs());
        if !fine {
            request_animation_frame(|| dom::focus_shown("form [aria-invalid]"));
        }
        fine
    }
}

/// The words on the button that shows what is typed.
pub(in crate::ui::pages) fn show_words() -> Signal<(String, String)> {
    let i18n = use_i18n();
    Signal::derive(move || {
        let (show, hide) = (t_string!(i18n, common.show_passphrase), t_string!(i18n, common.hide_passphrase));
        (show.to_owned(), hide.to_owned())
    })
}

/// Both fields.
#[component]
pub fn NewPassphraseFields(new: NewPassphrase) -> impl IntoView {
    let i18n = use_i18n();
    let told = move |wrong: bool, words: &'static str| {
        if new.was_tried() && wrong { words.to_owned() } else { String::new() }
    };
    let short = Signal::derive(move || told(new.is_short(), t_string!(i18n, onboarding.strength.short)));
    let differs = Signal::derive(move || told(new.differs(), t_string!(i18n, onboarding.again_wrong)));
    let words = show_words();
    view! {
        <SecretField
            label=text!(i18n, security.new)
            value=new.value
            show_words=words
            hint=text!(i18n, onboarding.strength.short)
            error=short
            autocomplete="new-password"
        />
        <SecretField label=text!(i18n, onboarding.again) value=new.again show_words=words error=differs autocomplete="new-password" />
    }
}

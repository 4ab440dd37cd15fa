//! What is shown while a workspace opens: the stage, in words.

use crate::port::{Progress, Stage};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::platform::intl::Format;
use leptos::prelude::*;

/// Whether a workspace is being opened, and how far.
#[derive(Clone, Copy)]
pub struct Opening(RwSignal<Option<ArcReadSignal<Option<Progress>>>>);

impl Opening {
    /// Nothing is being opened.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Begins.
    pub fn begin(self, progress: ArcReadSignal<Option<Progress>>) {
        self.0.set(Some(progress));
    }

    /// Ends, if the screen is still there.
    pub fn try_end(self) {
        self.0.try_set(None);
    }

    /// Whether something is being opened.
    pub fn busy(self) -> bool {
        self.0.with(Option::is_some)
    }

    /// As [`Opening::busy`], without being told of changes.
    pub fn busy_untracked(self) -> bool {
        self.0.with_untracked(Option::is_some)
    }

    /// How far.
    pub fn progress(self) -> Option<Progress> {
        self.0.get().and_then(|progress| progress.get())
    }
}

impl Default for Opening {
    fn default() -> Self {
        Self::new()
    }
}

/// A stage in words, with numbers where there are any.
pub fn stage_words(locale: Locale, format: Format, progress: Option<Progress>) -> String {
    let Some(Progress { stage, done, total }) = progress else {
        return td_string!(locale, onboarding.stage.deriving).to_owned();
    };
    let numbers = (format.count(done), format.count(total));
    match stage {
        Stage::Deriving => td_string!(locale, onboarding.stage.deriving).to_owned(),
        Stage::Opening if total > 0 => {
            td_string!(locale, onboarding.stage.opening_n, done = numbers.0, total = numbers.1).to_string()
        }
        Stage::Fetching if total > 0 => {
            td_string!(locale, onboarding.stage.fetching_n, done = numbers.0, total = numbers.1).to_string()
        }
        Stage::Opening | Stage::Reading => td_string!(locale, onboarding.stage.opening).to_owned(),
        Stage::Fetching => td_string!(locale, onboarding.stage.fetching).to_owned(),
        Stage::Writing => td_string!(locale, onboarding.stage.writing).to_owned(),
    }
}

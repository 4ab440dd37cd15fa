//! A save under way: one at a time, told on its button, and free again when it has failed.

use crate::ui::i18n::{t_string, use_i18n};
use leptos::prelude::*;

/// Whether something is being saved: from the press to the engine's answer. Copies are the same.
#[derive(Debug, Clone, Copy)]
pub struct Saving(RwSignal<bool>);

impl Saving {
    /// Nothing is being saved.
    pub fn idle() -> Self {
        Self(RwSignal::new(false))
    }

    /// Begins to save; `false` while that is under way already, and where the form is gone.
    #[must_use]
    pub fn begin(self) -> bool {
        let begun = self.0.try_get_untracked() == Some(false);
        if begun {
            self.0.set(true);
        }
        begun
    }

    /// It has ended, and the form can be saved again. Nothing where the form is gone.
    pub fn end(self) {
        self.0.try_set(false);
    }

    /// Whether it is under way.
    pub fn is_under_way(self) -> bool {
        self.0.get()
    }
}

/// The button that saves a form; what is being saved is not saved again.
#[component]
pub fn SaveButton(
    /// Whether it is being saved.
    saving: Saving,
    /// The words while it is not.
    #[prop(into)]
    words: Signal<String>,
    /// Called at a press.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shown = move || match saving.is_under_way() {
        true => t_string!(i18n, common.saving).to_owned(),
        false => words.get(),
    };
    view! {
        <button
            class="btn btn-1 save wr"
            type="button"
            aria-disabled=move || saving.is_under_way().then_some("true")
            on:click=move |_| on_press.run(())
        >
            {shown}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_press_saves_nothing_until_the_first_has_failed() {
        let owner = Owner::new();
        let saving = owner.with(Saving::idle);
        assert!(saving.begin());
        assert!(!saving.begin());
        saving.end();
        assert!(saving.begin());
    }

    #[test]
    fn a_form_that_is_gone_saves_nothing() {
        let owner = Owner::new();
        let saving = owner.with(Saving::idle);
        owner.cleanup();
        saving.end();
        assert!(!saving.begin());
    }
}

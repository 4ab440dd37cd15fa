//! What is pressed twice: first it is said what it means, then the passphrase is asked.

use super::work::{Go, Work};
use crate::port::Secret;
use crate::ui::components::Button;
use crate::ui::i18n::use_i18n;
use crate::ui::pages::security::{Again, PassphraseAgain};
use leptos::prelude::*;

/// A button, and behind it what it means, the passphrase and the button that does it.
#[component]
pub(super) fn Twice(
    work: Work,
    /// Whether the first button was pressed.
    asked: RwSignal<bool>,
    /// The icon of the first button.
    icon: &'static str,
    /// What the first button says.
    #[prop(into)]
    first: Signal<String>,
    /// What the second button says.
    #[prop(into)]
    words: Signal<String>,
    /// Called with the passphrase.
    #[prop(into)]
    on_sure: Callback<Secret>,
    /// What it means.
    children: ChildrenFn,
) -> impl IntoView {
    let begin = move || view! { <div class="acts"><Button icon on_press=move |_| asked.set(true)>{move || first.get()}</Button></div> };
    let children = StoredValue::new(children);
    view! {
        <Show when=move || asked.get() fallback=begin>
            {move || children.with_value(|children| children())}
            <Sure work words on_sure asked />
        </Show>
    }
}

#[component]
fn Sure(
    work: Work,
    words: Signal<String>,
    on_sure: Callback<Secret>,
    asked: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let again = Again::new(work.failed);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(|| work.waits()) && again.submit() {
            on_sure.run(again.secret());
        }
    };
    let back = move |_| {
        work.failed.set(None);
        asked.set(false);
    };
    view! {
        <form class="stack" on:submit=submit novalidate=true>
            <PassphraseAgain again />
            <div class="acts">
                <Button on_press=back>{text!(i18n, common.cancel)}</Button>
                <Go work words />
            </div>
        </form>
    }
}

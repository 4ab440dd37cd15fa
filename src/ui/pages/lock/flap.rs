//! The flap of the closed satchel, with its seam.

use crate::ui::components::Brand;
use crate::ui::i18n::use_i18n;
use leptos::prelude::*;

/// The cloth of the lock and welcome screens.
#[component]
pub fn Flap(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// The line below it.
    #[prop(into)]
    line: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="flap">
            <svg class="flap-s" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                <path class="flap-f" d="M0 0H100V52C82 52 72 100 50 100S18 52 0 52z"></path>
            </svg>
            <svg class="flap-s flap-t" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                <path class="flap-l" d="M100 52C82 52 72 100 50 100S18 52 0 52"></path>
            </svg>
            <div class="flap-c">
                <p class="flap-b"><Brand class="mark-on" /><span>{text!(i18n, common.app)}</span></p>
                <h1>{move || title.get()}</h1>
                <p class="flap-p">{move || line.get()}</p>
            </div>
        </div>
    }
}

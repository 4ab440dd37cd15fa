//! Icons: symbols of the sprite in `index.html`, drawn by name.

use leptos::prelude::*;

/// The icon `#i-<name>` of the sprite; decoration, so a word stands beside it or in its label.
#[component]
pub fn Icon(
    /// Without the `i-`.
    #[prop(into)]
    name: Signal<&'static str>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=format!("icon {class}") aria-hidden="true" focusable="false">
            <use href=move || format!("#i-{}", name.get())></use>
        </svg>
    }
}

/// The mark: a closed satchel.
#[component]
pub fn Brand(
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=format!("mark {class}") aria-hidden="true" focusable="false">
            <use href="#mark"></use>
        </svg>
    }
}

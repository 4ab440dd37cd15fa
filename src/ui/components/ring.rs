//! Rings: time running out, and days since.

use leptos::prelude::*;

/// A ring with something in its middle.
#[component]
pub fn Ring(
    /// How much of it is drawn, 0 to 100.
    #[prop(into)]
    percent: Signal<u32>,
    /// Further classes, such as `ring-warn`.
    #[prop(optional)]
    class: &'static str,
    /// The middle.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("ring {class}")>
            <svg viewBox="0 0 48 48" aria-hidden="true">
                <circle class="ring-bg" cx="24" cy="24" r="21"></circle>
                <circle
                    class="ring-fg"
                    cx="24"
                    cy="24"
                    r="21"
                    pathLength="100"
                    stroke-dasharray=move || format!("{} 100", percent.get().min(100))
                ></circle>
            </svg>
            <span class="ring-in">{children()}</span>
        </span>
    }
}

/// Days since the last contact: a small filling disc with the words beside it.
#[component]
pub fn Age(
    /// Whole days.
    #[prop(into)]
    days: Signal<u32>,
    /// What the number is, read out before it: "Last contact".
    #[prop(into)]
    label: Signal<String>,
    /// The days in words: "12 d".
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    const FULL_AFTER_DAYS: u32 = 60;
    let class = move || match days.get() {
        0..=14 => "age age-fresh",
        15..=45 => "age",
        _ => "age age-old",
    };
    let drawn = move || format!("{} 100", (days.get().min(FULL_AFTER_DAYS) * 100) / FULL_AFTER_DAYS);
    view! {
        <span class=class>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <circle class="age-bg" cx="8" cy="8" r="6"></circle>
                <circle class="age-fg" cx="8" cy="8" r="3" pathLength="100" stroke-dasharray=drawn></circle>
            </svg>
            <span class="sr">{move || label.get()}" "</span>
            {move || text.get()}
        </span>
    }
}

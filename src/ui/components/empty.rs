//! An empty list: one sentence and one thing to do.

use super::Icon;
use leptos::prelude::*;

/// Shown where a list would be.
#[component]
pub fn Empty(
    /// A picture of what would be here.
    icon: &'static str,
    /// The sentence.
    #[prop(into)]
    text: Signal<String>,
    /// What to do, such as a button or a link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-i"><Icon name=icon /></span>
            <p>{move || text.get()}</p>
            {children.map(|children| view! { <div class="acts">{children()}</div> })}
        </div>
    }
}

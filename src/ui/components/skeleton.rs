//! What stands in for content that takes longer than a blink.

use leptos::prelude::*;

/// Grey lines that appear after 150 ms, so that a fast answer never flickers.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skel" aria-hidden="true">
            {(0..lines).map(|_| view! { <span class="skel-l"></span> }).collect_view()}
        </div>
    }
}

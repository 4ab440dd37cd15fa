//! A choice of a few, side by side.

use leptos::prelude::*;

/// One of a few, all visible.
#[component]
pub fn Segmented<T>(
    /// What is chosen, for who cannot see it.
    #[prop(into)]
    label: Signal<String>,
    /// The choices.
    #[prop(into)]
    options: Signal<Vec<(T, String)>>,
    /// What is chosen now.
    #[prop(into)]
    chosen: Signal<T>,
    /// Called with a new choice.
    #[prop(into)]
    on_choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let button = move |(value, words): (T, String)| {
        view! {
            <button type="button" aria-pressed=move || (chosen.get() == value).to_string() on:click=move |_| on_choose.run(value)>
                {words}
            </button>
        }
    };
    view! {
        <div class="seg" role="group" aria-label=move || label.get()>
            {move || options.get().into_iter().map(button).collect_view()}
        </div>
    }
}

//! Progress of what takes longer than a second: how far, in words, and a way out.

use super::{Button, Kind};
use crate::port::Progress;
use leptos::prelude::*;

/// A bar with words and, where the work can be stopped, a button.
#[component]
pub fn ProgressLine(
    /// How far; an unknown total moves without an end.
    #[prop(into)]
    progress: Signal<Option<Progress>>,
    /// What is being done, in words.
    #[prop(into)]
    text: Signal<String>,
    /// The word on the button.
    #[prop(optional, into)]
    cancel_word: Signal<String>,
    /// Called when it is to stop.
    #[prop(optional, into)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let known = move || progress.get().filter(|at| at.total > 0);
    let share = move || known().map(|at| (at.done.min(at.total) * 100 / at.total).to_string());
    view! {
        <div class="prog">
            <div class="prog-t"><span>{move || text.get()}</span></div>
            <progress class="prog-b" max="100" value=share aria-label=move || text.get()></progress>
            {on_cancel.map(|on_cancel| {
                view! { <Button kind=Kind::Quiet on_press=move |_| on_cancel.run(())>{move || cancel_word.get()}</Button> }
            })}
        </div>
    }
}

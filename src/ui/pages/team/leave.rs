//! Leaving the team oneself.

use super::work::{Go, Work};
use crate::port::TeamChange;
use crate::ui::components::Button;
use crate::ui::i18n::use_i18n;
use crate::ui::pages::welcome::Failed;
use crate::ui::routes::use_nav;
use leptos::prelude::*;

/// What it means is said first; then it is one press.
#[component]
pub(super) fn Leave() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let (work, asked) = (Work::new(), RwSignal::new(false));
    let leave = Callback::new(move |()| work.run(TeamChange::Leave, move |_| nav.close()));
    view! {
        <section class="stack team-end">
            <Show
                when=move || asked.get()
                fallback=move || view! { <div class="acts"><Button on_press=move |_| asked.set(true)>{text!(i18n, team.member.leave)}</Button></div> }
            >
                <p class="hello-e" role="alert">{text!(i18n, team.member.leave_text)}</p>
                <Failed failed=work.failed />
                <div class="acts">
                    <Button on_press=move |_| asked.set(false)>{text!(i18n, common.cancel)}</Button>
                    <Go work words=text!(i18n, team.member.leave_do) on_press=leave />
                </div>
            </Show>
        </section>
    }
}

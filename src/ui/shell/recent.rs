//! What was done lately, each with its undo: for who missed the message.

use super::toasts::{ToastWords, UndoButton};
use crate::ui::components::{Empty, Icon, SheetFrame};
use crate::ui::i18n::use_i18n;
use crate::ui::platform::dom;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::use_nav;
use crate::ui::session::{Toast, Tone, use_session};
use leptos::prelude::*;

/// The list.
#[component]
pub(super) fn RecentSheet() -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let said = move || session.toasts().all().get().into_iter().rev().collect::<Vec<_>>();
    // An undo takes its own button away, and the focus with it: it goes to the title, so that the keyboard goes on.
    Effect::new(move |before: Option<()>| {
        session.toasts().all().track();
        if before.is_some() {
            request_animation_frame(|| dom::keep_within(".sheet", "#sheet-t"));
        }
    });
    let row = move |toast: Toast| {
        if toast.tone == Tone::Failed {
            return view! { <li class="row row-said"><Icon name=toast.tone.icon() /><ToastWords toast /></li> }
                .into_any();
        }
        let (undone, icon) = (toast.undone, toast.tone.icon());
        let (what, at_ms) = (toast.named().to_owned(), toast.at_ms);
        let done = (!toast.about.is_empty()).then(|| toast.text.clone());
        view! {
            <li class="row">
                <Icon name=icon />
                <div class="row-b">
                    <b>{what}</b>
                    <span>
                        {done.map(|done| view! { {done}<span class="sep">"·"</span> })}
                        <span class="num">{move || format.when(at_ms, When::Time)}</span>
                    </span>
                </div>
                <UndoButton toast />
                {undone.then(|| view! { <span class="k">{text!(i18n, common.undone)}</span> })}
            </li>
        }
        .into_any()
    };
    view! {
        <SheetFrame title=text!(i18n, shell.recent.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match said() {
                said if said.is_empty() => view! { <Empty icon="undo" text=text!(i18n, shell.recent.empty) /> }.into_any(),
                said => {
                    view! {
                        <ul class="rows">{said.into_iter().map(row).collect_view()}</ul>
                        <p class="k">{text!(i18n, shell.recent.note)}</p>
                    }
                        .into_any()
                }
            }}
        </SheetFrame>
    }
}

//! What is said at the edge of the screen.

use crate::ui::components::Icon;
use crate::ui::errors::{code_to_copy, sentences};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::{dom, sw::Update};
use crate::ui::session::{Toast, Tone, use_session};
use leptos::prelude::*;

/// Everything that is said now. It stays while a pointer or the focus is on it.
#[component]
pub(super) fn ToastRegion() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let toasts = session.toasts();
    let shown = move || toasts.all().get().into_iter().filter(|toast| toast.shown).collect::<Vec<_>>();
    view! {
        <section
            class="toasts"
            aria-label=text!(i18n, shell.recent.region)
            on:pointerenter=move |_| toasts.hold(true)
            on:pointerleave=move |_| toasts.hold(false)
            on:focusin=move |_| toasts.hold(true)
            on:focusout=move |_| toasts.hold(false)
        >
            <For each=shown key=|toast| toast.id children=|toast| view! { <ToastView toast /> } />
        </section>
    }
}

#[component]
fn ToastView(toast: Toast) -> impl IntoView {
    let (i18n, toasts) = (use_i18n(), use_session().toasts());
    let id = toast.id;
    let failed = toast.tone == Tone::Failed;
    view! {
        <div class="toast" class:toast-bad=failed role=if failed { "alert" } else { "status" }>
            <Icon name=if failed { "alert" } else { "check" } />
            <ToastWords toast=toast.clone() />
            <UndoButton toast />
            <button class="ib" type="button" aria-label=text!(i18n, common.close) on:click=move |_| toasts.hide(id)>
                <Icon name="x" />
            </button>
        </div>
    }
}

/// What was done; or what failed, what is safe, what to do, and the code.
#[component]
pub(super) fn ToastWords(toast: Toast) -> impl IntoView {
    let i18n = use_i18n();
    let Some(code) = toast.code else {
        return view! { <p class="toast-t">{toast.text}</p> }.into_any();
    };
    let said = move || sentences(i18n.get_locale(), code);
    view! {
        <div class="toast-t">
            <b>{move || said().what}</b>
            <p>{move || said().mend}</p>
            <p>{move || said().safe}</p>
            <CodeButton code=code_to_copy(code).to_owned() />
        </div>
    }
    .into_any()
}

/// A code that is copied at a tap.
#[component]
pub fn CodeButton(
    /// The code.
    code: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let copied = RwSignal::new(false);
    let shown = code.clone();
    let words = move || {
        if copied.get() {
            t_string!(i18n, common.copied).to_owned()
        } else {
            t_string!(i18n, errors.code, code = shown.clone()).to_string()
        }
    };
    let copy = move |_| {
        dom::copy(&code);
        copied.set(true);
    };
    view! {
        <button class="code-b" type="button" title=text!(i18n, errors.copy) on:click=copy>{words}</button>
    }
}

/// Takes back what the toast tells of; nothing when it cannot be.
#[component]
pub(super) fn UndoButton(toast: Toast) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    toast.undo.filter(|_| !toast.undone).map(|token| {
        view! { <button class="btn toast-u wr" type="button" on:click=move |_| session.undo(token)>{text!(i18n, common.undo)}</button> }
    })
}

/// A newer version waits: said quietly, applied when the person likes.
#[component]
pub(super) fn UpdateNotice() -> impl IntoView {
    let i18n = use_i18n();
    let update: Update = expect_context();
    let later = RwSignal::new(false);
    view! {
        <Show when=move || update.waits() && !later.get()>
            <div class="toasts toasts-u">
                <div class="toast" role="status">
                    <Icon name="synced" />
                    <p class="toast-t">{text!(i18n, shell.update.text)}</p>
                    <button class="btn toast-u" type="button" on:click=move |_| update.apply()>
                        {text!(i18n, shell.update.apply)}
                    </button>
                    <button class="ib" type="button" aria-label=text!(i18n, common.close) on:click=move |_| later.set(true)>
                        <Icon name="x" />
                    </button>
                </div>
            </div>
        </Show>
    }
}

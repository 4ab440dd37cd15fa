//! What is said at the edge of the screen.

use super::room;
use crate::ui::components::Icon;
use crate::ui::errors::{code_to_copy, sentences};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::band::Band;
use crate::ui::platform::{dom, sw::Update};
use crate::ui::routes::use_nav;
use crate::ui::session::{Toast, Tone, use_session};
use leptos::prelude::*;
use leptos::{ev, html};

/// Everything that is said now. It stays while a pointer or the focus is on it.
#[component]
pub(super) fn ToastRegion() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let toasts = session.toasts();
    let shown = move || toasts.all().get().into_iter().filter(|toast| toast.shown).collect::<Vec<_>>();
    let region = NodeRef::<html::Section>::new();
    keep_clear(region, Signal::derive(move || shown().len()));
    view! {
        <section
            class="toasts"
            node_ref=region
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

/// What lies at the upper edge on a phone, by the style.
const UPPER: &str = "toasts-up";
/// Below this width of the window toasts are as wide as it, as the style has it.
const PHONE_PX: f64 = 720.0;

/// Keeps messages off what is typed in and off what is pressed next, where they are as wide as the screen: at the edge
/// where less lies below them.
fn keep_clear(region: NodeRef<html::Section>, count: Signal<usize>) {
    let nav = use_nav();
    let look = move |anew: Anew| {
        let Some(region) = region.try_get_untracked().flatten() else { return };
        if dom::width_px() < PHONE_PX && !stands_beside(&region, anew) {
            choose_edge(&region);
        }
    };
    Effect::new(move || {
        let (count, covered) = (count.get(), nav.sheet().is_some());
        // What a sheet shows does not move because a message goes: its gap stays until it is closed.
        if !covered {
            room::clear();
        }
        if count > 0 || covered {
            request_animation_frame(move || look(Anew::Yes));
        }
    });
    let focused = window_event_listener(ev::focusin, move |_| {
        if count.try_get_untracked().is_some_and(|count| count > 0) {
            look(Anew::No);
        }
    });
    on_cleanup(move || {
        focused.remove();
        room::clear();
    });
}

/// Whether room that was made is measured anew, or stays as it is under a finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anew {
    Yes,
    No,
}

/// Whether there is room for messages beside what a sheet shows.
fn stands_beside(region: &web_sys::Element, anew: Anew) -> bool {
    if anew == Anew::No && room::is_made() {
        return true;
    }
    Band::with_class(region, UPPER, false).is_some_and(|message| room::make(message.bottom - message.top))
}

fn choose_edge(region: &web_sys::Element) {
    let Some(upper) = Band::with_class(region, UPPER, true) else { return };
    let Some(lower) = Band::with_class(region, UPPER, false) else { return };
    let within = if dom::is_there(".sheet") { ".sheet" } else { ".behind" };
    let all = |what: &str| Band::all(&format!("{within} :is({what})"));
    let below = Below {
        typed_in: all(":is(input, textarea, select):focus"),
        pressed_next: all(".btn-1, .act-on, .sheet-f .btn"),
        others: all("input, textarea, select, button, a"),
    };
    if below.by(upper) < below.by(lower) {
        Band::with_class(region, UPPER, true);
    }
}

/// What messages may come to lie above.
struct Below {
    typed_in: Vec<Band>,
    pressed_next: Vec<Band>,
    others: Vec<Band>,
}

impl Below {
    /// How much of it a message would hide, what matters most first.
    fn by(&self, message: Band) -> [usize; 3] {
        [&self.typed_in, &self.pressed_next, &self.others]
            .map(|bands| bands.iter().filter(|band| band.meets(message)).count())
    }
}

#[component]
fn ToastView(toast: Toast) -> impl IntoView {
    let (i18n, toasts) = (use_i18n(), use_session().toasts());
    let id = toast.id;
    let failed = toast.tone == Tone::Failed;
    view! {
        <div class="toast" class:toast-bad=failed role=if failed { "alert" } else { "status" }>
            <Icon name=toast.tone.icon() />
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

#[cfg(test)]
mod tests {
    use super::*;

    fn band(top: f64) -> Band {
        Band { top, bottom: top + 48.0 }
    }

    #[test]
    fn a_message_lies_where_it_hides_least_and_never_what_is_typed_in() {
        let (upper, lower) = (band(60.0), band(720.0));
        let below = |typed_in: &[f64], pressed_next: &[f64], others: &[f64]| {
            let bands = |tops: &[f64]| tops.iter().copied().map(band).collect();
            let below =
                Below { typed_in: bands(typed_in), pressed_next: bands(pressed_next), others: bands(others) };
            below.by(upper) < below.by(lower)
        };
        assert!(!below(&[], &[], &[]), "at the lower edge where nothing is in the way");
        assert!(below(&[700.0], &[], &[40.0, 80.0]), "the field that is typed in goes first");
        assert!(!below(&[40.0], &[700.0], &[700.0]));
        assert!(below(&[], &[690.0], &[60.0, 62.0, 64.0]), "then the button that is pressed next");
        assert!(!below(&[], &[400.0], &[768.0]), "what only touches is not hidden");
    }
}

//! Fields: a label above, a hint or what is wrong below, both told to who cannot see them.

use super::Icon;
use crate::ui::platform::dom;
use leptos::ev;
use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// An id that no other field of this page has.
fn fresh_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("f{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Keeps Enter from submitting while an input method composes.
fn guard_composing(event: ev::KeyboardEvent) {
    if event.key() == "Enter" && dom::composing(&event) {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// A label above a control, a hint and what is wrong below; the control gets their ids.
#[component]
pub fn Labelled(
    /// The id of the control.
    id: String,
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// A hint; empty for none.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let note = format!("{id}-n");
    view! {
        <div class="fld">
            <label class="lbl" for=id>{move || label.get()}</label>
            {children()}
            <p class="fld-n" id=note>
                {move || {
                    let wrong = error.get();
                    if wrong.is_empty() {
                        view! { <span>{hint.get()}</span> }.into_any()
                    } else {
                        view! { <span class="fld-e"><Icon name="alert" />{wrong}</span> }.into_any()
                    }
                }}
            </p>
        </div>
    }
}

fn invalid(error: Signal<String>) -> impl Fn() -> Option<&'static str> + Clone {
    move || error.with(|error| (!error.is_empty()).then_some("true"))
}

/// One line of text.
#[component]
pub fn TextField(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// What is written in it.
    value: RwSignal<String>,
    /// A hint; empty for none.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The type of the input: `text` or `date`. Those of the types `email` and `url` tell another text than they
    /// show: for these only the keyboard is another.
    #[prop(default = "text")]
    kind: &'static str,
    /// Which keyboard a phone shows, where it is not words that are written.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Shown while it is empty; never in place of the label.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// Takes the focus when a sheet opens.
    #[prop(optional)]
    autofocus: bool,
    /// Called when the field is left.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let id = fresh_id();
    let note = format!("{id}-n");
    view! {
        <Labelled id=id.clone() label=label hint=hint error=error>
            <div class="field">
                <input
                    id=id
                    type=kind
                    autocomplete=autocomplete
                    autocapitalize=inputmode.map(|_| "off")
                    spellcheck=inputmode.map(|_| "false")
                    inputmode=inputmode
                    placeholder=move || placeholder.get()
                    aria-describedby=note
                    aria-invalid=invalid(error)
                    data-autofocus=autofocus.then_some("")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                    on:blur=move |_| {
                        if let Some(leave) = on_leave {
                            // A field that is taken off the page while it has the focus is left after its end.
                            leave.try_run(());
                        }
                    }
                    on:keydown=guard_composing
                />
            </div>
        </Labelled>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// What is written in it.
    value: RwSignal<String>,
    /// A hint; empty for none.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Lines that are shown.
    #[prop(default = 3)]
    rows: u32,
) -> impl IntoView {
    let id = fresh_id();
    let note = format!("{id}-n");
    view! {
        <Labelled id=id.clone() label=label hint=hint error=error>
            <div class="note">
                <textarea
                    id=id
                    rows=rows.to_string()
                    autocomplete="off"
                    aria-describedby=note
                    aria-invalid=invalid(error)
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                ></textarea>
            </div>
        </Labelled>
    }
}

/// A passphrase or code: hidden at first, shown at a tap, pasting allowed.
#[component]
pub fn SecretField(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// What is written in it.
    value: RwSignal<String>,
    /// The words of the button while it is hidden, and while it is shown.
    #[prop(into)]
    show_words: Signal<(String, String)>,
    /// A hint; empty for none.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// `current-password` or `new-password`.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let id = fresh_id();
    let note = format!("{id}-n");
    let words = move || show_words.with(|(show, hide)| if shown.get() { hide.clone() } else { show.clone() });
    view! {
        <Labelled id=id.clone() label=label hint=hint error=error>
            <div class="field">
                <input
                    id=id
                    type=move || if shown.get() { "text" } else { "password" }
                    // Visible, it is a field like any other, whose content the browser would keep in clear.
                    autocomplete=move || if shown.get() { "off" } else { autocomplete }
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=note
                    aria-invalid=invalid(error)
                    data-autofocus=autofocus.then_some("")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                    on:keydown=guard_composing
                />
                <button
                    class="ib"
                    type="button"
                    aria-label=words
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    <Icon name=Signal::derive(move || if shown.get() { "eye-off" } else { "eye" }) />
                </button>
            </div>
        </Labelled>
    }
}

/// A choice from a list, by the browser's own control.
#[component]
pub fn SelectField(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// What is chosen, by its key.
    #[prop(into)]
    value: Signal<String>,
    /// Keys and words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// Called with the key of a new choice.
    #[prop(into)]
    on_choose: Callback<String>,
    /// A hint; empty for none.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
) -> impl IntoView {
    let id = fresh_id();
    let note = format!("{id}-n");
    let option = move |(key, words): (String, String)| {
        let chosen = value.with(|value| *value == key);
        view! { <option value=key selected=chosen>{words}</option> }
    };
    view! {
        <Labelled id=id.clone() label=label hint=hint error=error>
            <div class="field field-s">
                <select id=id autocomplete="off" aria-describedby=note aria-invalid=invalid(error) on:change=move |event| on_choose.run(event_target_value(&event))>
                    {move || options.get().into_iter().map(option).collect_view()}
                </select>
                <Icon name="down" />
            </div>
        </Labelled>
    }
}

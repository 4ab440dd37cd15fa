//! The frame of a sheet: from below on a phone, from the right where there is room.

use super::Icon;
use crate::ui::platform::dom;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use std::cell::RefCell;
use web_sys::HtmlElement;

/// What had the focus before the first sheet opened, and how many are open: one may take another's place.
#[derive(Default)]
struct Opener {
    element: Option<HtmlElement>,
    open: u32,
}

thread_local! {
    static OPENER: RefCell<Opener> = RefCell::default();
}

/// A dialog that holds the focus until it is closed, and gives it back then.
#[component]
pub fn SheetFrame(
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// The words of the closing button.
    #[prop(into)]
    close_word: Signal<String>,
    /// Called when it is to close: the button, Escape, a tap beside it.
    #[prop(into)]
    on_close: Callback<()>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// Stands below what scrolls, such as Save.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let frame = NodeRef::<html::Section>::new();
    give_focus_back();
    Effect::new(move || {
        if let Some(frame) = frame.get() {
            request_animation_frame(move || take_focus(&frame));
        }
    });
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" if !dom::composing(&event) => {
            event.stop_propagation();
            on_close.run(());
        }
        "Tab" => {
            if let Some(frame) = frame.get_untracked() {
                keep_focus(&event, &frame);
            }
        }
        _ => {}
    };
    view! {
        <div class="scrim" on:click=move |_| on_close.run(())></div>
        <section class=format!("sheet {class}") role="dialog" aria-modal="true" aria-labelledby="sheet-t" node_ref=frame on:keydown=keys>
            <div class="sheet-grip" aria-hidden="true"></div>
            <header class="sheet-h">
                <h1 id="sheet-t" tabindex="-1">{move || title.get()}</h1>
                <button class="ib" type="button" aria-label=move || close_word.get() title=move || close_word.get() on:click=move |_| on_close.run(())>
                    <Icon name="x" />
                </button>
            </header>
            <div class="scroll sheet-b">{children()}</div>
            {footer.map(|footer| view! { <footer class="sheet-f">{footer.run()}</footer> })}
        </section>
    }
}

/// Remembers what has the focus, and gives it back once no sheet is open any more: a frame later, when what lies
/// behind can be reached again.
pub fn give_focus_back() {
    OPENER.with_borrow_mut(|opener| {
        if opener.open == 0 && opener.element.is_none() {
            opener.element = dom::focused();
        }
        opener.open += 1;
    });
    on_cleanup(|| {
        OPENER.with_borrow_mut(|opener| opener.open = opener.open.saturating_sub(1));
        request_animation_frame(|| {
            let element =
                OPENER.with_borrow_mut(|opener| if opener.open == 0 { opener.element.take() } else { None });
            if let Some(element) = element.filter(|element| element.is_connected()) {
                drop(element.focus());
            }
        });
    });
}

/// The field that asks for it, else the title: a first field would open a phone's keyboard unasked.
fn take_focus(frame: &HtmlElement) {
    if dom::focused().is_some_and(|focused| frame.contains(Some(&focused))) {
        return;
    }
    let wanted = frame.query_selector("[data-autofocus]").ok().flatten();
    dom::focus_first(if wanted.is_some() { ".sheet [data-autofocus]" } else { "#sheet-t" });
}

fn keep_focus(event: &KeyboardEvent, frame: &HtmlElement) {
    let stops = dom::focusable(frame);
    let (Some(first), Some(last)) = (stops.first(), stops.last()) else { return };
    let on = |stop: &HtmlElement| dom::focused().is_some_and(|focused| focused.is_same_node(Some(stop)));
    if event.shift_key() && (on(first) || dom::focused().is_some_and(|focused| focused.id() == "sheet-t")) {
        event.prevent_default();
        drop(last.focus());
    } else if !event.shift_key() && on(last) {
        event.prevent_default();
        drop(first.focus());
    }
}

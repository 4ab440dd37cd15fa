//! A menu behind a button.

use super::Icon;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// One thing that a menu does.
#[derive(Clone)]
pub struct MenuItem {
    /// Its icon.
    pub icon: &'static str,
    /// Its words.
    pub label: String,
    /// Called when it is chosen.
    pub on_choose: Callback<()>,
}

/// An icon button with a menu below it. Arrows move, Escape and leaving close.
#[component]
pub fn Menu(
    /// What the menu is of.
    #[prop(into)]
    label: Signal<String>,
    /// The button's icon.
    #[prop(default = "more")]
    icon: &'static str,
    /// What it offers.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            drop(button.focus());
        }
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" if open.get_untracked() => {
            event.stop_propagation();
            close();
        }
        "ArrowDown" => step(&event, root, 1),
        "ArrowUp" => step(&event, root, -1),
        _ => {}
    };
    // A menu that is taken off the page with the focus in it is told so after its signals are gone.
    let left = move |event: FocusEvent| {
        let Some(root) = root.try_get_untracked() else { return };
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let inside = root.is_some_and(|root| root.contains(to.as_ref()));
        if !inside {
            open.set(false);
        }
    };
    Effect::new(move || {
        if open.get() {
            request_animation_frame(move || focus_item(root, 0));
        }
    });
    let item = move |item: MenuItem| {
        let choose = move |_| {
            close();
            item.on_choose.run(());
        };
        view! {
            <button class="menu-i" role="menuitem" type="button" tabindex="-1" on:click=choose>
                <Icon name=item.icon />
                {item.label}
            </button>
        }
    };
    view! {
        <div class="menu" node_ref=root on:keydown=keys on:focusout=left>
            <button
                class="ib"
                type="button"
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                aria-label=move || label.get()
                title=move || label.get()
                node_ref=button
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon name=icon />
            </button>
            <Show when=move || open.get()>
                <div class="menu-b" role="menu" aria-label=move || label.get()>
                    {move || items.get().into_iter().map(item).collect_view()}
                </div>
            </Show>
        </div>
    }
}

fn entries(root: NodeRef<html::Div>) -> Vec<HtmlElement> {
    let Some(root) = root.get_untracked() else { return Vec::new() };
    let Ok(found) = root.query_selector_all("[role='menuitem']") else { return Vec::new() };
    (0..found.length()).filter_map(|k| found.item(k)?.dyn_into().ok()).collect()
}

fn focus_item(root: NodeRef<html::Div>, index: usize) {
    if let Some(item) = entries(root).get(index) {
        drop(item.focus());
    }
}

fn step(event: &KeyboardEvent, root: NodeRef<html::Div>, by: isize) {
    let items = entries(root);
    if items.is_empty() {
        return;
    }
    event.prevent_default();
    let active = document().active_element();
    let here =
        items.iter().position(|item| active.as_ref().is_some_and(|active| item.is_same_node(Some(active))));
    let count = items.len() as isize;
    let there = here.map_or(0, |here| (here as isize + by).rem_euclid(count));
    focus_item(root, there as usize);
}

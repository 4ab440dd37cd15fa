//! Tabs: one is shown; arrows move among them.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabItem<T> {
    /// What it stands for.
    pub value: T,
    /// Its words.
    pub label: String,
    /// How many are in it; none when not counted.
    pub count: Option<String>,
}

/// A row of tabs over one panel with the id `panel`.
#[component]
pub fn Tabs<T>(
    /// What the tabs are of.
    #[prop(into)]
    label: Signal<String>,
    /// The tabs.
    #[prop(into)]
    items: Signal<Vec<TabItem<T>>>,
    /// Which one is shown.
    #[prop(into)]
    chosen: Signal<T>,
    /// Called with another one.
    #[prop(into)]
    on_choose: Callback<T>,
    /// The id of the panel.
    panel: &'static str,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let list = NodeRef::<html::Div>::new();
    let step = move |event: KeyboardEvent| {
        let items = items.get_untracked();
        let here = items.iter().position(|item| item.value == chosen.get_untracked()).unwrap_or_default();
        let Some(there) = moved(&event.key(), here, items.len()) else { return };
        event.prevent_default();
        on_choose.run(items[there].value);
        focus_tab(list, there);
    };
    let tab = move |item: TabItem<T>| {
        let on = move || chosen.get() == item.value;
        view! {
            <button
                class="tab"
                role="tab"
                type="button"
                aria-selected=move || on().to_string()
                aria-controls=move || on().then_some(panel)
                tabindex=move || if on() { "0" } else { "-1" }
                on:click=move |_| on_choose.run(item.value)
            >
                {item.label}
                {item.count.map(|count| view! { <span>{count}</span> })}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=move || label.get() node_ref=list on:keydown=step>
            {move || items.get().into_iter().map(tab).collect_view()}
        </div>
    }
}

/// Where a key leads among `count` tabs; `None` for keys that are not ours.
fn moved(key: &str, here: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match key {
        "ArrowRight" => {
            if here == last {
                0
            } else {
                here + 1
            }
        }
        "ArrowLeft" => here.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return None,
    })
}

fn focus_tab(list: NodeRef<html::Div>, index: usize) {
    let Some(list) = list.get_untracked() else { return };
    let tab = u32::try_from(index).ok().and_then(|index| list.children().item(index));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(tab.focus());
    }
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn arrows_go_round() {
        assert_eq!(moved("ArrowRight", 2, 3), Some(0));
        assert_eq!(moved("ArrowLeft", 0, 3), Some(2));
        assert_eq!(moved("End", 0, 3), Some(2));
        assert_eq!(moved("Enter", 0, 3), None);
        assert_eq!(moved("Home", 0, 0), None);
    }
}

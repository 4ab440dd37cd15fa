//! What stands above the list while customers are chosen: how many, all of them, what to do.

use super::Picked;
use crate::port::{PartnerList, PickedCount, PickedIn, Query};
use crate::ui::components::{Button, IconButton, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// How many are chosen, as the engine knows, and how many of them the list does not show; `None` before it says so.
pub(super) fn use_picked_count() -> ReadSignal<Option<PickedCount>> {
    let memory = use_memory();
    use_session().watch_if::<PickedCount>(move || {
        let filter = memory.view.with(|view| view.asked().0);
        let meant =
            memory.picked.with(|picked| picked.as_ref().map(|picked| picked.meant(filter.clone())))?;
        Some(Query::Picked(PickedIn { meant, filter }))
    })
}

/// How many of those who are chosen the list does not show: a change is about them, too.
#[component]
pub(super) fn Unseen(
    /// As it is known.
    known: ReadSignal<Option<PickedCount>>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let unseen = move || known.get().map_or(0, |known| known.unseen);
    view! {
        <Show when=move || { unseen() > 0 }>
            <span class="picked-u">{move || t_string!(i18n, many.unseen, count = format.number(unseen())).to_string()}</span>
        </Show>
    }
}

/// The bar.
#[component]
pub fn PickBar(
    /// What the list shows.
    list: ReadSignal<Option<PartnerList>>,
) -> impl IntoView {
    let (i18n, format, nav, memory) = (use_i18n(), use_format(), use_nav(), use_memory());
    let total = move || list.with(|list| list.as_ref().map_or(0, |list| list.total));
    let known = use_picked_count();
    let count = Memo::new(move |_| {
        memory.picked.with(|picked| picked.as_ref().map_or(0, |picked| picked.count(total(), known.get())))
    });
    let whole = Memo::new(move |_| memory.picked.with(|picked| picked == &Some(Picked::everybody())));
    let all = move |_| {
        let next = if whole.get_untracked() { Picked::default() } else { Picked::everybody() };
        memory.picked.set(Some(next));
    };
    let all_word = move || match whole.get() {
        true => t_string!(i18n, many.none).to_owned(),
        false => t_string!(i18n, many.all, count = format.number(total())).to_string(),
    };
    view! {
        <h1 class="sr">{text!(i18n, customers.title)}</h1>
        <div class="list-t picked-b" role="toolbar" aria-label=text!(i18n, many.chosen_label)>
            <IconButton icon="x" label=text!(i18n, many.stop) on_press=move |_| memory.picked.set(None) />
            <b class="picked-n" role="status">{move || t_string!(i18n, many.chosen, count = format.number(count.get())).to_string()}</b>
            <Unseen known=known />
            <span class="grow"></span>
            <Button kind=Kind::Quiet on_press=all>{all_word}</Button>
            <Button
                kind=Kind::Primary
                disabled=Signal::derive(move || count.get() == 0)
                on_press=move |_| nav.open(Sheet::Bulk)
            >
                {text!(i18n, many.change)}
            </Button>
        </div>
    }
}

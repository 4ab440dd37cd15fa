//! What stands above the customer list: heading, count, order, search and chips.

use super::chips::Chips;
use super::filter::{SORTS, View};
use crate::port::{Direction, PartnerList, PartnerSort, Rows};
use crate::ui::components::{Icon, IconButton, Menu, MenuItem};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::filter::column_word;
use crate::ui::pages::many::{PickBar, Picked};
use crate::ui::pages::memory::{Memory, use_memory};
use crate::ui::platform::dom;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::use_session;
use crate::ui::shell::{OfflineStrip, Tools};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Heading, count, order, search and chips.
#[component]
pub(super) fn Head(
    /// What is listed.
    list: ReadSignal<Option<PartnerList>>,
) -> impl IntoView {
    let (i18n, format, nav, memory) = (use_i18n(), use_format(), use_nav(), use_memory());
    let view = memory.view;
    let picking = Memo::new(move |_| memory.picked.with(Option::is_some));
    let count = move || {
        // Before the first answer nobody knows.
        let (total, all) = list.with(|list| list.as_ref().map(|list| (list.total, list.all)))?;
        Some(match view.with(View::narrows) {
            true => {
                t_string!(i18n, customers.count_of, shown = format.number(total), all = format.number(all))
                    .to_string()
            }
            false => format.number(total),
        })
    };
    view! {
        <div class="list-h">
            <Show when=move || picking.get()><PickBar list=list /></Show>
            <div class="list-t" class:list-t-off=move || picking.get()>
                <h1>{move || t_string!(i18n, customers.title)}</h1>
                <span class="count">{count}</span>
                <span class="grow"></span>
                <Shape />
                <SortMenu />
                <IconButton
                    icon="plus"
                    class="ib-soft wr"
                    label=Signal::derive(move || t_string!(i18n, customers.new).to_owned())
                    on_press=move |_| nav.open(Sheet::NewPartner)
                />
                <Tools />
            </div>
            <SearchField />
            <Chips />
            <OfflineStrip />
        </div>
    }
}

/// Customers are chosen from now on, to change them at once.
fn begin_picking(memory: Memory) {
    memory.picked.set(Some(Picked::default()));
}

/// The way from lines to a table and back, and to the table's columns; where there is room for one.
#[component]
fn Shape() -> impl IntoView {
    let (i18n, nav, memory) = (use_i18n(), use_nav(), use_memory());
    let table = Memo::new(move |_| memory.rows.get() == Rows::Table);
    let label = move || match table.get() {
        true => t_string!(i18n, customers.as_list).to_owned(),
        false => t_string!(i18n, customers.as_table).to_owned(),
    };
    let turn = move |_| memory.show_as(if table.get_untracked() { Rows::Lines } else { Rows::Table });
    view! {
        <Show when=move || table.get() && nav.place() == Place::Customers>
            <IconButton icon="tasks" class="wide wr" label=text!(i18n, many.begin) on_press=move |_| begin_picking(memory) />
            <IconButton icon="columns" class="wide" label=text!(i18n, filter.columns) on_press=move |_| nav.open(Sheet::Columns) />
        </Show>
        <IconButton icon=Signal::derive(move || if table.get() { "list" } else { "table" }) class="wide" label=Signal::derive(label) on_press=turn />
    }
}

#[component]
fn SortMenu() -> impl IntoView {
    let (i18n, memory, session) = (use_i18n(), use_memory(), use_session());
    let view = memory.view;
    let chosen = Memo::new(move |_| view.with(|view| view.sort));
    let label =
        move || t_string!(i18n, customers.sort, by = sort_word(i18n.get_locale(), chosen.get())).to_string();
    let items = move || {
        let item = |sort: PartnerSort| MenuItem {
            icon: if sort == chosen.get() { "check" } else { "sort" },
            label: sort_word(i18n.get_locale(), sort),
            on_choose: Callback::new(move |()| memory.change_view(|view| view.sort = sort)),
        };
        let pick = MenuItem {
            icon: "tasks",
            label: t_string!(i18n, many.begin).to_owned(),
            on_choose: Callback::new(move |()| begin_picking(memory)),
        };
        SORTS.into_iter().map(item).chain(session.may_write().then_some(pick)).collect::<Vec<_>>()
    };
    view! { <Menu icon="sort" label=Signal::derive(label) items=Signal::derive(items) /> }
}

fn sort_word(locale: Locale, sort: PartnerSort) -> String {
    match sort {
        PartnerSort::Name => td_string!(locale, customers.sort_name).to_owned(),
        PartnerSort::Recent => td_string!(locale, customers.sort_recent).to_owned(),
        PartnerSort::Quietest => td_string!(locale, customers.sort_quiet).to_owned(),
        PartnerSort::Value => td_string!(locale, customers.sort_value).to_owned(),
        other => {
            let (column, direction) = other.column();
            let what = column_word(locale, column);
            match direction {
                Direction::Rising => td_string!(locale, customers.sort_rising, what = what).to_string(),
                Direction::Falling => td_string!(locale, customers.sort_falling, what = what).to_string(),
            }
        }
    }
}

/// The row at which the keyboard enters the list.
const STOP: &str = ".list-r .cust[tabindex='0']";
/// The first that was found, as a line or in a table.
const FIRST: &str = ".list-r[aria-posinset='1'] .cust, .ctab-r[aria-rowindex='2'] .ctab-a";

#[component]
fn SearchField() -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let view = memory.view;
    let typed = Memo::new(move |_| view.with(|view| view.filter.text.clone()));
    let write = move |text: String| memory.change_view(|view| view.filter.text = text);
    let keys = move |event: KeyboardEvent| {
        if dom::composing(&event) {
            return;
        }
        match event.key().as_str() {
            "Escape" if typed.with_untracked(|typed| !typed.is_empty()) => {
                event.stop_propagation();
                write(String::new());
            }
            "ArrowDown" => {
                event.prevent_default();
                dom::focus_first(STOP);
            }
            "Enter" => {
                event.prevent_default();
                dom::press(FIRST);
            }
            _ => {}
        }
    };
    view! {
        <div class="field" role="search">
            <Icon name="search" />
            <input
                type="search"
                data-search=""
                autocomplete="off"
                spellcheck="false"
                aria-label=move || t_string!(i18n, customers.search)
                placeholder=move || t_string!(i18n, customers.placeholder)
                prop:value=move || typed.get()
                on:input=move |event| write(event_target_value(&event))
                on:keydown=keys
            />
            <Show when=move || typed.with(|typed| !typed.is_empty())>
                <IconButton icon="x" label=Signal::derive(move || t_string!(i18n, customers.clear_search).to_owned()) on_press=move |_| write(String::new()) />
            </Show>
        </div>
    }
}

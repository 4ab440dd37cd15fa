//! The filter sheet: conditions in groups, joined by *and* and *or*, with the count of who is meant (R49).

mod columns;
mod pick;
mod saved;
mod words;

pub use self::columns::{ColumnSheet, column_word};
use self::pick::Picker;
use self::saved::{Export, Giving, Saving};
use self::words::{Names, term_word};
use crate::port::{PartnerList, Query, Rows, Team, Window};
use crate::ui::components::{Button, Icon, Segmented, SheetFrame};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::platform::dom;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{AccountId, Group, Join, Selection, Term, View as SavedView};

/// The sheet. What is changed in it is seen in the list at once.
#[component]
pub fn FilterSheet() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let views = session.watch::<Vec<SavedView>>(|| Query::Views);
    let team = session.watch::<Box<Team>>(|| Query::Team);
    let names = Memo::new(move |_| {
        team.with(|team| {
            let members = team.iter().flat_map(|team| &team.members);
            members.map(|member| (AccountId(member.id), member.name.clone())).collect::<Names>()
        })
    });
    view! {
        <SheetFrame
            title=text!(i18n, filter.title)
            close_word=text!(i18n, common.close)
            on_close=move |()| nav.close()
            class="fl"
            footer=|| view! { <Footer /> }.into_any()
        >
            <Groups names=names />
            <Saving views=views />
            <Export />
            <Giving team=team />
        </SheetFrame>
    }
}

/// How many there are, and the way back.
#[component]
fn Footer() -> impl IntoView {
    let (i18n, format, nav, session, memory) =
        (use_i18n(), use_format(), use_nav(), use_session(), use_memory());
    let found = session.watch::<PartnerList>(move || {
        let (filter, sort) = memory.view.with(super::customers::View::asked);
        Query::Partners { filter, sort, window: Window { offset: 0, limit: 0 }, rows: Rows::Lines }
    });
    let count = move || found.with(|found| found.as_ref().map_or(0, |found| found.total));
    let words = move || t_string!(i18n, filter.show, count = format.number(count())).to_string();
    let nothing = Signal::derive(move || memory.view.with(|view| view.filter.selection.is_everybody()));
    let clear = move |_| memory.change_view(|view| view.filter.selection = Selection::default());
    view! {
        <div class="fl-f">
            <Button disabled=nothing on_press=clear>{text!(i18n, customers.clear_filters)}</Button>
            <button class="btn btn-1 fl-show" type="button" on:click=move |_| nav.close()>{words}</button>
        </div>
        <p class="sr" role="status">{words}</p>
    }
}

/// Every group, an empty one where there is none.
#[component]
fn Groups(names: Memo<Names>) -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let view = memory.view;
    let change =
        move |edit: &dyn Fn(&mut Selection)| memory.change_view(|view| edit(&mut view.filter.selection));
    let count = Memo::new(move |_| view.with(|view| view.filter.selection.groups.len().max(1)));
    let join = Memo::new(move |_| view.with(|view| view.filter.selection.join));
    let add = move |_| {
        change(&|selection| {
            let missing = 2_usize.max(selection.groups.len() + 1);
            selection.groups.resize_with(missing, Group::default);
        });
    };
    let can_add = move || {
        view.with(|view| view.filter.selection.groups.last().is_some_and(|group| !group.terms.is_empty()))
    };
    view! {
        <Show when=move || { count.get() > 1 }>
            <div class="fl-j">
                <span class="k">{text!(i18n, filter.groups)}</span>
                <Joining chosen=join on_choose=Callback::new(move |join| change(&|selection| selection.join = join)) />
            </div>
        </Show>
        {move || (0..count.get()).map(|group| view! { <GroupCard group names /> }).collect_view()}
        <Show when=can_add>
            <button class="btn btn-0 fl-g" type="button" on:click=add><Icon name="plus" />{text!(i18n, filter.add_group)}</button>
        </Show>
    }
}

/// All of them, or any.
#[component]
fn Joining(#[prop(into)] chosen: Signal<Join>, on_choose: Callback<Join>) -> impl IntoView {
    let i18n = use_i18n();
    let options = Signal::derive(move || {
        vec![
            (Join::All, t_string!(i18n, filter.all).to_owned()),
            (Join::Any, t_string!(i18n, filter.any).to_owned()),
        ]
    });
    view! { <Segmented label=text!(i18n, filter.joined) options=options chosen=chosen on_choose=on_choose /> }
}

/// Conditions that belong together, and the way to one more.
#[component]
fn GroupCard(group: usize, names: Memo<Names>) -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let view = memory.view;
    let of = move || view.with(|view| view.filter.selection.groups.get(group).cloned().unwrap_or_default());
    let terms = Memo::new(move |_| of().terms);
    let join = Memo::new(move |_| of().join);
    let change = move |edit: &dyn Fn(&mut Group)| {
        memory.change_view(|view| {
            let groups = &mut view.filter.selection.groups;
            groups.resize_with(groups.len().max(group + 1), Group::default);
            edit(&mut groups[group]);
        });
    };
    let open = RwSignal::new(terms.with_untracked(Vec::is_empty));
    let add = Callback::new(move |term: Term| {
        change(&|group| group.terms.push(term.clone()));
        open.set(false);
        request_animation_frame(move || dom::focus_first(&format!("#fl-{group} .fl-add")));
    });
    let edit = Callback::new(move |(at, term): (usize, Option<Term>)| {
        change(&|group| match &term {
            Some(term) => group.terms[at] = term.clone(),
            None => drop(group.terms.remove(at)),
        });
        request_animation_frame(move || dom::focus_first(&format!("#fl-{group} .fl-add")));
    });
    view! {
        <section class="card fl-c" id=format!("fl-{group}")>
            <Show when=move || { terms.with(Vec::len) > 1 }>
                <Joining chosen=join on_choose=Callback::new(move |join| change(&|group| group.join = join)) />
            </Show>
            <ul class="fl-t">
                {move || terms.get().into_iter().enumerate().map(|(at, term)| view! { <TermRow at term names edit /> }).collect_view()}
            </ul>
            <button class="btn btn-0 fl-add" type="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                <Icon name="plus" />
                {text!(i18n, filter.add)}
            </button>
            <Show when=move || open.get()><Picker names=names on_pick=add /></Show>
        </section>
    }
}

/// A condition: a tap turns it into its opposite, the cross takes it away.
#[component]
fn TermRow(
    at: usize,
    term: Term,
    names: Memo<Names>,
    edit: Callback<(usize, Option<Term>)>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let opposite = Term { not: !term.not, is: term.is.clone() };
    let turned = opposite.clone();
    let other = Memo::new(move |_| names.with(|names| term_word(i18n.get_locale(), format, names, &turned)));
    let words = Memo::new(move |_| names.with(|names| term_word(i18n.get_locale(), format, names, &term)));
    view! {
        <li>
            <span class="fl-w">{move || words.get()}</span>
            <button class="pick fl-n" type="button" aria-label=text!(i18n, filter.opposite_of, what = other.get()) on:click=move |_| edit.run((at, Some(opposite.clone())))>
                {text!(i18n, filter.opposite)}
            </button>
            <button class="ib" type="button" aria-label=text!(i18n, filter.take_away, what = words.get()) on:click=move |_| edit.run((at, None))>
                <Icon name="x" />
            </button>
        </li>
    }
}

//! A record's past: who changed what, when, and each value to be had back at a tap.

mod change;

use self::change::ChangeEntry;
use crate::port::{AnyRecord, Author, History, HistoryEntry, ItemKind, Query, RecordCard};
use crate::ui::components::{Empty, Icon, SheetFrame, Skeleton};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::vocabulary::field_word;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// Which list or field a change is filed under; `None` for all.
type Chosen = RwSignal<Option<String>>;

/// The sheet.
#[component]
pub fn HistorySheet(
    /// Whose past.
    id: RecordId,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let history = session.watch::<Option<Box<History>>>(move || Query::History { id });
    let card = session.watch::<Option<Box<RecordCard>>>(move || Query::Record { id });
    let kind = Memo::new(move |_| card.with(|card| kind_of(card.as_ref()?.as_deref())));
    let chosen: Chosen = RwSignal::new(None);
    let shown = move || match (history.get(), kind.get()) {
        (None, _) | (_, None) => view! { <Skeleton lines=6 /> }.into_any(),
        (Some(None), _) => {
            view! { <Empty icon="clock" text=text!(i18n, customer.history.gone) /> }.into_any()
        }
        (Some(Some(history)), Some(kind)) => view! { <Past history=*history kind chosen /> }.into_any(),
    };
    view! {
        <SheetFrame title=text!(i18n, customer.history.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {shown}
        </SheetFrame>
    }
}

/// What the record is; `None` until that is known.
fn kind_of(card: Option<&RecordCard>) -> Option<ItemKind> {
    Some(match &card?.what {
        AnyRecord::Partner(partner) => ItemKind::Partner(partner.card.kind),
        AnyRecord::Interaction(interaction) => ItemKind::Interaction(interaction.entry.record_type.clone()),
        AnyRecord::Order(_) => ItemKind::Order,
        AnyRecord::Task(_) => ItemKind::Task,
        AnyRecord::View(_) => ItemKind::View,
    })
}

/// A device in words.
fn author_word(locale: Locale, author: &Author) -> String {
    match author {
        Author::ThisDevice => td_string!(locale, sync.review.mine).to_owned(),
        Author::Other(code) => td_string!(locale, sync.review.theirs, device = code.clone()).to_string(),
        Author::Member(name, code) if name.is_empty() => {
            td_string!(locale, sync.review.theirs, device = code.clone()).to_string()
        }
        Author::Member(name, _) => name.clone(),
        Author::Brought(name, by) if name.is_empty() => {
            td_string!(locale, sync.review.moved, by = author_word(locale, by)).to_string()
        }
        Author::Brought(name, by) => {
            td_string!(locale, sync.review.brought, name = name.clone(), by = author_word(locale, by))
                .to_string()
        }
    }
}

/// The field of an entry; an entry of a list is filed under the list.
fn list_of(entry: &HistoryEntry) -> &str {
    entry.key.field.split('/').next().unwrap_or_default()
}

#[component]
fn Past(history: History, kind: ItemKind, chosen: Chosen) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let History { record, created_ms, created_by, entries } = history;
    let mut fields: Vec<String> = Vec::new();
    for entry in &entries {
        if !fields.iter().any(|field| field == list_of(entry)) {
            fields.push(list_of(entry).to_owned());
        }
    }
    let none = entries.is_empty();
    let of_field = move |entry: &HistoryEntry| {
        chosen.with(|chosen| chosen.as_ref().is_none_or(|field| field == list_of(entry)))
    };
    let listed = move || entries.iter().filter(|entry| of_field(entry)).cloned().collect::<Vec<_>>();
    let began = move || {
        let time = format.when(created_ms.cast_signed(), When::Moment);
        let who = created_by.as_ref().map(|author| author_word(i18n.get_locale(), author));
        match who {
            Some(who) => t_string!(i18n, customer.history.created_by, time = time, who = who).to_string(),
            None => t_string!(i18n, customer.history.created, time = time).to_string(),
        }
    };
    view! {
        {(fields.len() > 1).then(|| view! { <FieldFilter fields chosen /> })}
        {none.then(|| view! { <p class="k">{text!(i18n, customer.history.none)}</p> })}
        <ol class="evs">
            {move || listed().into_iter().map(|entry| view! { <ChangeEntry record entry kind=kind.clone() /> }).collect_view()}
            <li class="ev">
                <span class="ev-i"><Icon name="plus" /></span>
                <p class="ev-0">{began}</p>
            </li>
        </ol>
    }
}

/// Only the changes of one field.
#[component]
fn FieldFilter(fields: Vec<String>, chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    let pick = move |field: Option<String>| {
        let (named, wanted) = (field.clone(), field.clone());
        let on = move || chosen.with(|chosen| *chosen == named);
        let word = move || match &field {
            Some(field) => field_word(i18n.get_locale(), field),
            None => t_string!(i18n, customer.history.all),
        };
        view! {
            <button class="pick" type="button" aria-pressed=move || on().to_string() on:click=move |_| chosen.set(wanted.clone())>
                {word}
            </button>
        }
    };
    view! {
        <div class="picks" role="group" aria-label=text!(i18n, customer.history.filter)>
            {std::iter::once(None).chain(fields.into_iter().map(Some)).map(pick).collect_view()}
        </div>
    }
}

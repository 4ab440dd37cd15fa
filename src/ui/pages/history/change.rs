//! One change of one field: what was there, what was written, by which device, and the way back.

use super::author_word;
use crate::port::{Command, HistoryBreak, HistoryEntry, HistoryKind, HistorySide, ItemKind};
use crate::ui::components::{Button, Chip, Icon, Tone};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::vocabulary::{field_word, value_word};
use crate::ui::platform::intl::{Format, When, use_format};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{RecordId, Value};

#[component]
pub(super) fn ChangeEntry(record: RecordId, entry: HistoryEntry, kind: ItemKind) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let (what, broken, author) = (entry.what, entry.broken, entry.author.clone());
    let told = entry.clone();
    view! {
        <li class="ev" class:ev-bad=broken.is_some()>
            <span class="ev-i"><Icon name=icon(what) /></span>
            <div class="ev-b">
                <div class="ev-h">
                    <h4>{move || title(i18n.get_locale(), &told)}</h4>
                    <span class="ev-t">{move || format.when(entry.at_ms.cast_signed(), When::Moment)}</span>
                </div>
                <Values entry=entry.clone() kind />
                <div class="ev-f">
                    <span class="k">{move || author_word(i18n.get_locale(), &author)}</span>
                    {(what == HistoryKind::Lost).then(|| view! { <Chip tone=Tone::Warn icon="review">{text!(i18n, customer.history.lost)}</Chip> })}
                    {entry.stands.then(|| view! { <Chip tone=Tone::Ok icon="check">{text!(i18n, customer.history.stands)}</Chip> })}
                </div>
                {broken.map(|broken| view! { <p class="fld-e"><Icon name="alert" />{move || break_word(i18n.get_locale(), broken)}</p> })}
                {way_back(&entry).map(|side| view! { <Restore record entry=entry.clone() side /> })}
            </div>
        </li>
    }
}

fn icon(what: HistoryKind) -> &'static str {
    match what {
        HistoryKind::Edited => "log",
        HistoryKind::Lost => "review",
        HistoryKind::Deleted => "trash",
        HistoryKind::Restored => "undo",
    }
}

fn title(locale: Locale, entry: &HistoryEntry) -> &'static str {
    match entry.what {
        HistoryKind::Edited | HistoryKind::Lost => field_word(locale, &entry.key.field),
        HistoryKind::Deleted => td_string!(locale, customer.history.deleted),
        HistoryKind::Restored => td_string!(locale, customer.history.restored),
    }
}

fn break_word(locale: Locale, broken: HistoryBreak) -> &'static str {
    match broken {
        HistoryBreak::Signature => td_string!(locale, customer.history.unsigned),
        HistoryBreak::Gap => td_string!(locale, customer.history.gap),
        HistoryBreak::Chain => td_string!(locale, customer.history.chain),
    }
}

/// Which value is worth a way back: what stands goes back to what was before, anything else comes back itself.
fn way_back(entry: &HistoryEntry) -> Option<HistorySide> {
    match (entry.what, entry.stands) {
        (HistoryKind::Restored, _) | (HistoryKind::Deleted, false) => None,
        (_, true) => Some(HistorySide::Before),
        (_, false) => (!entry.after_unknown).then_some(HistorySide::After),
    }
}

/// What was there, and what was written. A member of a set was added or taken off.
#[component]
fn Values(entry: HistoryEntry, kind: ItemKind) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    if matches!(entry.what, HistoryKind::Deleted | HistoryKind::Restored) {
        return ().into_any();
    }
    let (before, after) = (entry.clone(), entry);
    let (old, new) = (kind.clone(), kind);
    view! {
        <div class="chg">
            <p class="chg-b"><span class="sr">{text!(i18n, customer.history.before)}" "</span>{move || side_word(i18n.get_locale(), format, &old, &before, HistorySide::Before)}</p>
            <p class="chg-a"><span class="sr">{text!(i18n, customer.history.after)}" "</span>{move || side_word(i18n.get_locale(), format, &new, &after, HistorySide::After)}</p>
        </div>
    }
    .into_any()
}

fn side_word(
    locale: Locale,
    format: Format,
    kind: &ItemKind,
    entry: &HistoryEntry,
    side: HistorySide,
) -> String {
    let value = match side {
        HistorySide::Before => &entry.before,
        HistorySide::After if entry.after_unknown => {
            return td_string!(locale, customer.history.too_large).to_owned();
        }
        HistorySide::After => &entry.after,
    };
    match (&entry.key.element, value) {
        (Some(_), Value::Null) => td_string!(locale, customer.history.absent).to_owned(),
        (_, value) => value_word(locale, format, kind, &entry.key.field, value),
    }
}

#[component]
fn Restore(record: RecordId, entry: HistoryEntry, side: HistorySide) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let word = move || match (entry.what, side) {
        (HistoryKind::Deleted, _) => t_string!(i18n, customer.history.take_back),
        (_, HistorySide::Before) => t_string!(i18n, customer.history.back),
        (_, HistorySide::After) => t_string!(i18n, customer.history.restore),
    };
    let key = StoredValue::new(entry.key);
    let restore = move |_| {
        let command = Command::RestoreValue { record, entry: key.get_value(), side };
        session.act(command, t_string!(i18n, customer.history.done));
    };
    view! { <div class="acts wr"><Button icon="undo" on_press=restore>{word}</Button></div> }
}

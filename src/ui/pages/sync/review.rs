//! What two devices changed: field by field with both values, all fields of one record together. The later
//! value stands already, and whatever is chosen can be taken back.

use crate::port::{Command, ItemKind, ReviewChoice, ReviewItem, Side};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::pages::vocabulary::{field_word, value_word};
use crate::ui::platform::dom;
use crate::ui::platform::intl::{Format, When, use_format};
use crate::ui::routes::{Place, Tab};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Value, field};

#[component]
pub(super) fn Review(items: Vec<ReviewItem>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    view! {
        <section class="card rev">
            <div class="sec-h">
                <h2 id="review-h">{move || t_string!(i18n, sync.review.title, count = format.number(count)).to_string()}</h2>
            </div>
            <ul class="revs">{by_record(items).into_iter().map(|fields| view! { <li><OneRecord fields /></li> }).collect_view()}</ul>
        </section>
    }
}

/// The fields of one record together, in the order in which the records were first named.
fn by_record(items: Vec<ReviewItem>) -> Vec<Vec<ReviewItem>> {
    let mut records: Vec<Vec<ReviewItem>> = Vec::new();
    for item in items {
        match records.iter_mut().find(|fields| fields.first().is_some_and(|first| first.id == item.id)) {
            Some(fields) => fields.push(item),
            None => records.push(vec![item]),
        }
    }
    records
}

/// Settles some fields, and leads the focus to where the next question stands.
fn use_settle() -> impl Fn(Vec<String>, ReviewChoice) + Copy {
    let (i18n, session) = (use_i18n(), use_session());
    move |keys, choice| {
        let choices = keys.into_iter().map(|key| (key, choice.clone())).collect();
        session.act(Command::Review { choices }, t_string!(i18n, sync.review.settled));
        dom::focus_heading("#review-h");
    }
}

#[component]
fn OneRecord(fields: Vec<ReviewItem>) -> impl IntoView {
    let i18n = use_i18n();
    let first = fields.first().cloned();
    let title = first.as_ref().map(|item| item.title.clone()).unwrap_or_default();
    let name = title.clone();
    let head = match first.and_then(|item| item.partner_id) {
        Some(id) => view! { <a href=Place::Customer(id, Tab::Details).href()>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    let count = fields.iter().filter(|item| !item.restored).count();
    let keys: Vec<String> = fields.iter().map(|item| item.key.clone()).collect();
    let about = move || match count {
        0 => t_string!(i18n, sync.review.restored),
        1 => t_string!(i18n, sync.review.twice),
        _ => t_string!(i18n, sync.review.several),
    };
    view! {
        <p class="rev-t"><Icon name="review" /><span><b>{head}</b>{about}</span></p>
        {fields.into_iter().map(|item| view! { <OneField item name=name.clone() /> }).collect_view()}
        {(count > 1).then(|| view! { <AllFields keys /> })}
    }
}

#[component]
fn OneField(item: ReviewItem, name: String) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let settle = use_settle();
    let key = StoredValue::new(item.key.clone());
    let choose = move |choice| settle(vec![key.get_value()], choice);
    let field = item.field.clone();
    let word = move || field_word(i18n.get_locale(), &field);
    let label = {
        let word = word.clone();
        move || format!("{name}: {}", word())
    };
    if item.restored {
        return view! {
            <div class="acts wr" role="group" aria-label=label>
                <Button on_press=move |_| choose(ReviewChoice::Mine)>{text!(i18n, sync.review.keep)}</Button>
                <Button kind=Kind::Quiet on_press=move |_| choose(ReviewChoice::Theirs)>{text!(i18n, sync.review.discard)}</Button>
            </div>
        }
        .into_any();
    }
    let noted = StoredValue::new(can_be_noted(&item).then(|| item.clone()));
    let keep_both = move |_| {
        let line = noted
            .with_value(|item| item.as_ref().map(|item| line(i18n.get_locale_untracked(), format, item)));
        line.into_iter().for_each(|line| choose(ReviewChoice::Both(line)));
    };
    view! {
        <div class="rev-f" role="group" aria-label=label>
            <p class="k">{word}</p>
            <div class="two">
                <SideView side=item.mine.clone() item=item.clone() mine=true stands=item.mine_stands />
                <SideView side=item.theirs.clone() item=item.clone() mine=false stands=!item.mine_stands />
            </div>
            <div class="acts wr">
                <Button on_press=move |_| choose(ReviewChoice::Mine)>{text!(i18n, sync.review.keep_mine)}</Button>
                <Button on_press=move |_| choose(ReviewChoice::Theirs)>{text!(i18n, sync.review.keep_theirs)}</Button>
                <Show when=move || noted.with_value(Option::is_some)>
                    <Button on_press=keep_both>{text!(i18n, sync.review.keep_both)}</Button>
                </Show>
                <Button kind=Kind::Quiet on_press=move |_| choose(ReviewChoice::AsIs)>{text!(i18n, sync.review.keep)}</Button>
            </div>
        </div>
    }
    .into_any()
}

/// The value that does not stand; the other one does.
fn other_side(item: &ReviewItem) -> &Side {
    if item.mine_stands { &item.theirs } else { &item.mine }
}

/// Customers and entries have words of their own, to which the other value can be added if there is one.
fn can_be_noted(item: &ReviewItem) -> bool {
    matches!(item.kind, ItemKind::Partner(_) | ItemKind::Interaction(_))
        && other_side(item).value != Value::Null
}

/// The other value as a line: the text of a note as it is, anything else with its field's name.
fn line(locale: Locale, format: Format, item: &ReviewItem) -> String {
    match &other_side(item).value {
        Value::Text(text) if [field::NOTE, field::CONTENT].contains(&item.field.as_str()) => text.clone(),
        value => {
            let said = value_word(locale, format, &item.kind, &item.field, value);
            format!("{}: {said}", field_word(locale, &item.field))
        }
    }
}

/// Several fields were changed on two devices: all of one side at a tap.
#[component]
fn AllFields(keys: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let settle = use_settle();
    let keys = StoredValue::new(keys);
    let choose = move |choice| settle(keys.get_value(), choice);
    view! {
        <div class="acts rev-all wr" role="group" aria-label=text!(i18n, sync.review.all)>
            <Button on_press=move |_| choose(ReviewChoice::Mine)>{text!(i18n, sync.review.all_mine)}</Button>
            <Button on_press=move |_| choose(ReviewChoice::Theirs)>{text!(i18n, sync.review.all_theirs)}</Button>
            <Button kind=Kind::Quiet on_press=move |_| choose(ReviewChoice::AsIs)>{text!(i18n, sync.review.all_keep)}</Button>
        </div>
    }
}

#[component]
fn SideView(side: Side, item: ReviewItem, mine: bool, stands: bool) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let at = side.at_ms.cast_signed();
    let device = side.device.clone();
    let whose = move || match mine {
        true => t_string!(i18n, sync.review.mine).to_owned(),
        false if device.is_empty() => t_string!(i18n, sync.review.theirs_here).to_owned(),
        false => t_string!(i18n, sync.review.theirs, device = device.clone()).to_string(),
    };
    let when = move || {
        let time = format.when(at, When::Moment);
        if stands { t_string!(i18n, sync.review.in_use, time = time).to_string() } else { time }
    };
    view! {
        <div class="val" class:val-on=stands>
            <span class="k">{whose}</span>
            <b>{move || value_word(i18n.get_locale(), format, &item.kind, &item.field, &side.value)}</b>
            <span>{when}</span>
        </div>
    }
}

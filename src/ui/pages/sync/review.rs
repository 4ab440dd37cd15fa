//! What two devices changed: both values side by side. The later one stands already.

use super::words;
use crate::port::{Command, ReviewChoice, ReviewItem, Side};
use crate::ui::components::{Button, Icon};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Place, Tab};
use crate::ui::session::use_session;
use leptos::prelude::*;

#[component]
pub(super) fn Review(items: Vec<ReviewItem>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    view! {
        <section class="card rev">
            <div class="sec-h">
                <h2>{move || t_string!(i18n, sync.review.title, count = format.number(count)).to_string()}</h2>
            </div>
            <ul class="revs">{items.into_iter().map(|item| view! { <li><ReviewRow item /></li> }).collect_view()}</ul>
        </section>
    }
}

#[component]
fn ReviewRow(item: ReviewItem) -> impl IntoView {
    let i18n = use_i18n();
    let (field, restored) = (item.field.clone(), item.restored);
    let about = move || {
        let locale = i18n.get_locale();
        match restored {
            true => t_string!(i18n, sync.review.restored).to_owned(),
            false => t_string!(i18n, sync.review.twice, field = words::field(locale, &field)).to_string(),
        }
    };
    let title = match item.partner_id {
        Some(id) => {
            view! { <a href=Place::Customer(id, Tab::Details).href()>{item.title.clone()}</a> }.into_any()
        }
        None => item.title.clone().into_any(),
    };
    view! {
        <p class="rev-t"><Icon name="review" /><span><b>{title}</b>{about}</span></p>
        {(!restored).then(|| view! {
            <div class="two">
                <SideView side=item.mine.clone() field=item.field.clone() mine=true stands=item.mine_stands />
                <SideView side=item.theirs.clone() field=item.field.clone() mine=false stands=!item.mine_stands />
            </div>
        })}
        <Choices key=item.key restored />
    }
}

#[component]
fn SideView(side: Side, field: String, mine: bool, stands: bool) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let at = side.at_ms.cast_signed();
    let whose = move || match mine {
        true => t_string!(i18n, sync.review.mine),
        false => t_string!(i18n, sync.review.theirs),
    };
    let when = move || {
        let time = format.when(at, When::Moment);
        if stands { t_string!(i18n, sync.review.in_use, time = time).to_string() } else { time }
    };
    view! {
        <div class="val" class:val-on=stands>
            <span class="k">{whose}</span>
            <b>{move || words::value(i18n.get_locale(), format, &field, &side.value)}</b>
            <span>{when}</span>
        </div>
    }
}

#[component]
fn Choices(key: String, restored: bool) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let key = StoredValue::new(key);
    let settle = move |choice: ReviewChoice| {
        let said = t_string!(i18n, sync.review.settled);
        session.act(Command::Review { key: key.get_value(), choice }, said);
    };
    if restored {
        return view! {
            <div class="acts">
                <Button on_press=move |_| settle(ReviewChoice::AsIs)>{text!(i18n, sync.review.keep)}</Button>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="acts">
            <Button on_press=move |_| settle(ReviewChoice::Mine)>{text!(i18n, sync.review.keep_mine)}</Button>
            <Button on_press=move |_| settle(ReviewChoice::Theirs)>{text!(i18n, sync.review.keep_theirs)}</Button>
        </div>
    }
    .into_any()
}

//! What is on this device and not yet on the server.

use super::words;
use crate::port::WaitingItem;
use crate::ui::components::Icon;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Place, Tab};
use leptos::prelude::*;

#[component]
pub(super) fn Waiting(items: Vec<WaitingItem>, total: u32) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let more = total.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX));
    if items.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="sec">
            <div class="sec-h">
                <h2>{text!(i18n, sync.waiting.title)}</h2>
                <span class="sec-x">{text!(i18n, sync.waiting.sealed)}</span>
            </div>
            <ul class="rows card">
                {items.into_iter().map(|item| view! { <WaitingRow item /> }).collect_view()}
            </ul>
            {(more > 0).then(|| {
                view! { <p class="k pad-s">{move || t_string!(i18n, sync.waiting.rest, count = format.number(more)).to_string()}</p> }
            })}
        </section>
    }
    .into_any()
}

#[component]
fn WaitingRow(item: WaitingItem) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let changed = item.changed_ms.cast_signed();
    let icon = words::icon(&item.kind);
    let href = item.partner_id.map(|id| Place::Customer(id, Tab::Timeline).href());
    let inner = view! {
        <span class="dash"><Icon name=icon /></span>
        <span class="row-b">
            <b>{move || words::sentence(i18n.get_locale(), &item)}</b>
            <span>{move || t_string!(i18n, sync.waiting.changed, time = format.when(changed, When::Moment)).to_string()}</span>
        </span>
    };
    match href {
        Some(href) => {
            view! { <li><a class="row row-w" href=href>{inner}<Icon name="right" /></a></li> }.into_any()
        }
        None => view! { <li class="row row-w">{inner}</li> }.into_any(),
    }
}

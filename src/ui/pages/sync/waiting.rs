//! What is on this device and not yet on the server.

use super::words;
use crate::port::{Mark, WaitingGroup};
use crate::ui::components::Icon;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::mark_word;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Tab};
use leptos::prelude::*;

#[component]
pub(super) fn Waiting(groups: Vec<WaitingGroup>, total: u32) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let more = total.saturating_sub(groups.iter().map(WaitingGroup::count).sum());
    if groups.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="sec">
            <div class="sec-h">
                <h2>{text!(i18n, sync.waiting.title)}</h2>
                <span class="sec-x">{text!(i18n, sync.waiting.sealed)}</span>
            </div>
            <ul class="rows card">
                {groups.into_iter().map(|group| view! { <WaitingRow group /> }).collect_view()}
            </ul>
            {(more > 0).then(|| {
                view! { <p class="k pad-s">{move || t_string!(i18n, sync.waiting.rest, count = format.number(more)).to_string()}</p> }
            })}
        </section>
    }
    .into_any()
}

#[component]
fn WaitingRow(group: WaitingGroup) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let icon = group.parts.first().map_or("image", |(kind, _)| words::icon(kind));
    let href = group.partner_id.map(|id| Place::Customer(id, Tab::Timeline).href());
    let told = group.clone();
    let inner = view! {
        <span class="dash"><Icon name=icon /></span>
        <span class="row-b">
            <b>{move || words::sentence(i18n.get_locale(), format, &group)}</b>
            <span>
                <span class="sr">{move || mark_word(i18n.get_locale(), Mark::Waiting)}" "</span>
                {move || words::since(i18n.get_locale(), format, &told)}
            </span>
        </span>
    };
    match href {
        Some(href) => {
            view! { <li><a class="row row-w" href=href>{inner}<Icon name="right" /></a></li> }.into_any()
        }
        None => view! { <li class="row row-w">{inner}</li> }.into_any(),
    }
}

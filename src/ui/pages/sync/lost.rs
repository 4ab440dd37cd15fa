//! What was lost before it was sent, with a damaged part of this device's store: how many records, and which.

use super::words;
use crate::port::{Command, LostItem, WaitingGroup};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Tab};
use crate::ui::session::use_session;
use leptos::prelude::*;

#[component]
pub(super) fn Lost(item: LostItem) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let LostItem { key, count, groups } = item;
    let named: u32 = groups.iter().map(WaitingGroup::count).sum();
    let nameless = count.saturating_sub(named);
    let put_away = move |_| session.act_quietly(Command::PutAwayLost { key: key.clone() });
    view! {
        <section class="card rev">
            <div class="sec-h">
                <h2>{move || t_string!(i18n, sync.lost.title, count = format.number(count)).to_string()}</h2>
            </div>
            <p class="rev-t rev-bad"><Icon name="alert" /><span>{text!(i18n, sync.lost.text)}</span></p>
            <ul class="rows">{groups.into_iter().map(|group| view! { <LostRow group /> }).collect_view()}</ul>
            {(nameless > 0).then(|| {
                view! { <p class="k">{move || t_string!(i18n, sync.lost.nameless, count = format.number(nameless)).to_string()}</p> }
            })}
            <p class="k">{text!(i18n, sync.lost.kept)}</p>
            <div class="acts"><Button kind=Kind::Quiet on_press=put_away>{text!(i18n, sync.lost.put_away)}</Button></div>
        </section>
    }
}

#[component]
fn LostRow(group: WaitingGroup) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let icon = group.parts.first().map_or("image", |(kind, _)| words::icon(kind));
    let href = group.partner_id.map(|id| Place::Customer(id, Tab::Timeline).href());
    let inner = view! {
        <span class="dash"><Icon name=icon /></span>
        <span class="row-b"><b>{move || words::sentence(i18n.get_locale(), format, &group)}</b></span>
    };
    match href {
        Some(href) => {
            view! { <li><a class="row row-w" href=href>{inner}<Icon name="right" /></a></li> }.into_any()
        }
        None => view! { <li class="row row-w">{inner}</li> }.into_any(),
    }
}

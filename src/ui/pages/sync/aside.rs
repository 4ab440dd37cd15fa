//! Records that were set aside, each with its plain reason; the rest goes on.

use crate::port::{AsideItem, AsideReason, Command};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::routes::{Place, Tab};
use crate::ui::session::use_session;
use leptos::prelude::*;

#[component]
pub(super) fn Aside(items: Vec<AsideItem>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card rev">
            <div class="sec-h">
                <h2>{text!(i18n, sync.aside.title)}</h2>
                <span class="sec-x">{text!(i18n, sync.aside.rest)}</span>
            </div>
            <ul class="revs">{items.into_iter().map(|item| view! { <li><AsideRow item /></li> }).collect_view()}</ul>
        </section>
    }
}

fn reason(locale: Locale, reason: AsideReason) -> &'static str {
    match reason {
        AsideReason::TooLarge => td_string!(locale, sync.aside.too_large),
        AsideReason::Refused => td_string!(locale, sync.aside.refused),
        AsideReason::Unopenable => td_string!(locale, sync.aside.unopenable),
        AsideReason::Unreadable => td_string!(locale, sync.aside.unreadable),
    }
}

#[component]
fn AsideRow(item: AsideItem) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let AsideItem { id, title, partner_id, reason: why, .. } = item;
    let name = move || match title.is_empty() {
        true => t_string!(i18n, sync.aside.nameless).to_owned(),
        false => title.clone(),
    };
    view! {
        <p class="rev-t rev-bad">
            <Icon name="alert" />
            <span><b>{name}</b>{move || reason(i18n.get_locale(), why)}</span>
        </p>
        <div class="acts">
            {partner_id.map(|partner| {
                view! {
                    <a class="btn btn-2" href=Place::Customer(partner, Tab::Timeline).href()>
                        <Icon name="log" />
                        {text!(i18n, sync.aside.look)}
                    </a>
                }
            })}
            <Button kind=Kind::Quiet on_press=move |_| session.act_quietly(Command::RetryAside { id })>
                {text!(i18n, sync.aside.retry)}
            </Button>
        </div>
    }
}

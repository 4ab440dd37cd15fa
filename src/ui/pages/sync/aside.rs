//! Records that were set aside: each with its reason in plain words, what of it opens, and its ways out.

use crate::port::{AsideItem, AsideReason, Command, Query};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::vocabulary::{field_word, value_word};
use crate::ui::platform::dom;
use crate::ui::platform::intl::{Format, use_format};
use crate::ui::routes::{Place, Tab};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::Value;

#[component]
pub(super) fn Aside(items: Vec<AsideItem>, total: u32) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let more = total.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX));
    view! {
        <section class="card rev">
            <div class="sec-h">
                <h2>{move || t_string!(i18n, sync.aside.title, count = format.number(total)).to_string()}</h2>
                <span class="sec-x">{text!(i18n, sync.aside.rest)}</span>
            </div>
            <ul class="revs">{items.into_iter().map(|item| view! { <li><AsideRow item /></li> }).collect_view()}</ul>
            {(more > 0).then(|| {
                view! { <p class="k">{move || t_string!(i18n, sync.waiting.rest, count = format.number(more)).to_string()}</p> }
            })}
        </section>
    }
}

fn reason(locale: Locale, reason: AsideReason) -> &'static str {
    match reason {
        AsideReason::TooLarge => td_string!(locale, sync.aside.too_large),
        AsideReason::Refused => td_string!(locale, sync.aside.refused),
        AsideReason::Unopenable => td_string!(locale, sync.aside.unopenable),
        AsideReason::Unreadable => td_string!(locale, sync.aside.unreadable),
        AsideReason::Erased => td_string!(locale, sync.aside.erased),
    }
}

#[component]
fn AsideRow(item: AsideItem) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (id, why, partner_id) = (item.id, item.reason, item.partner_id);
    let title = item.title.clone();
    let name = move || match title.is_empty() {
        true => t_string!(i18n, sync.aside.nameless).to_owned(),
        false => title.clone(),
    };
    let again = move || match why {
        AsideReason::TooLarge | AsideReason::Refused | AsideReason::Erased => {
            t_string!(i18n, sync.aside.offer)
        }
        AsideReason::Unopenable | AsideReason::Unreadable => t_string!(i18n, sync.aside.retry),
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
            <span class="w"><Button kind=Kind::Quiet on_press=move |_| session.act_quietly(Command::RetryAside { id })>{again}</Button></span>
        </div>
        <Opened item />
    }
}

/// What of it opens, asked for when it is wanted, and saved as a file from there.
#[component]
fn Opened(item: AsideItem) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let wanted = RwSignal::new(false);
    let id = item.id;
    let fields =
        session.watch_if::<Vec<(String, Value)>>(move || wanted.get().then_some(Query::Fields { id }));
    view! {
        <details class="more-f" on:toggle=move |_| wanted.set(true)>
            <summary><Icon name="down" />{text!(i18n, sync.aside.opens)}</summary>
            {move || fields.get().map(|fields| match fields.is_empty() {
                true => view! { <p class="k">{text!(i18n, sync.aside.nothing)}</p> }.into_any(),
                false => view! { <Fields item=item.clone() fields /> }.into_any(),
            })}
        </details>
    }
}

#[component]
fn Fields(item: AsideItem, fields: Vec<(String, Value)>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let shown = {
        let (item, fields) = (item.clone(), fields.clone());
        move || in_words(i18n.get_locale(), format, &item, &fields)
    };
    let save = move |_| {
        let lines = in_words(i18n.get_locale_untracked(), format, &item, &fields);
        let text: String = lines.into_iter().map(|(field, value)| format!("{field}: {value}\n")).collect();
        dom::save_file("satchel-record.txt", "text/plain", text.as_bytes());
    };
    view! {
        <dl class="facts">
            {move || shown().into_iter().map(|(field, value)| view! { <div><dt>{field}</dt><dd>{value}</dd></div> }).collect_view()}
        </dl>
        <Button kind=Kind::Quiet icon="export" on_press=save>{text!(i18n, sync.aside.save)}</Button>
    }
}

fn in_words(
    locale: Locale,
    format: Format,
    item: &AsideItem,
    fields: &[(String, Value)],
) -> Vec<(String, String)> {
    let word = |(field, value): &(String, Value)| {
        (field_word(locale, field).to_owned(), value_word(locale, format, &item.kind, field, value))
    };
    fields.iter().map(word).collect()
}

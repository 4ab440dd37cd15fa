//! Beside the day's thread: logging again in one tap, who has gone quiet, one suggestion.

use super::TodayMemo;
use super::now::{NowIs, now_of, reason};
use crate::port::{PartnerRow, Suggestion};
use crate::ui::components::{Icon, IconLink, Monogram, Ring, Size};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::TelLink;
use crate::ui::pages::memory::use_memory;
use crate::ui::platform::clock;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use leptos::prelude::*;

/// Days after which a ring is full.
const RING_DAYS: u32 = 90;

/// Those written about last, each one tap from the log sheet.
#[component]
pub(super) fn Again(
    /// The day.
    day: TodayMemo,
) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let again =
        Memo::new(move |_| day.with(|day| day.as_ref().map(|day| day.again.clone()).unwrap_or_default()));
    let one = move |row: PartnerRow| {
        let PartnerRow { id, kind, name, .. } = row;
        let shown = name.clone();
        view! {
            <li>
                <a class="again" href=move || nav.sheet_href(Sheet::Log { partner: Some(id) })>
                    <Monogram name=name kind=kind key=id.0 />
                    <span><span class="sr">{move || t_string!(i18n, customer.log)}" "</span>{shown}</span>
                </a>
            </li>
        }
    };
    view! {
        <Show when=move || again.with(|again| !again.is_empty())>
            <section class="sec wr">
                <div class="sec-h"><h2>{move || t_string!(i18n, today.recent)}</h2></div>
                <ul class="agains">{move || again.get().into_iter().map(one).collect_view()}</ul>
            </section>
        </Show>
    }
}

/// Customers longest without contact: a ring of days for each.
#[component]
pub(super) fn Quiet(
    /// The day.
    day: TodayMemo,
) -> impl IntoView {
    let i18n = use_i18n();
    let quiet =
        Memo::new(move |_| day.with(|day| day.as_ref().map(|day| day.quiet.clone()).unwrap_or_default()));
    view! {
        <Show when=move || quiet.with(|quiet| !quiet.is_empty())>
            <section class="sec">
                <div class="sec-h"><h2>{move || t_string!(i18n, today.quiet)}</h2></div>
                <ul class="rows">{move || quiet.get().into_iter().map(|row| view! { <QuietRow row=row /> }).collect_view()}</ul>
            </section>
        </Show>
    }
}

#[component]
fn QuietRow(row: PartnerRow) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let PartnerRow { id, name, aside, next_step, last_contact_ms, phone, .. } = row;
    let label = name.clone();
    let days = last_contact_ms.and_then(|at| u32::try_from(clock::days_between(at, clock::now_ms())).ok());
    let class = match days {
        Some(days) if days > RING_DAYS => "ring-bad",
        Some(_) => "ring-warn",
        None => "",
    };
    let second = next_step.unwrap_or(aside);
    let shown = move || days.map_or_else(|| "–".to_owned(), |days| format.number(days));
    let told = move || match days {
        Some(days) => t_string!(i18n, today.days_since, count = format.number(days)).to_string(),
        None => t_string!(i18n, today.never).to_owned(),
    };
    view! {
        <li class="row row-sr">
            <Ring percent=days.map_or(0, |days| days.saturating_mul(100) / RING_DAYS) class=class>
                <b aria-hidden="true">{shown}</b>
                <span class="sr">{told}</span>
            </Ring>
            <div class="row-b">
                <b class="one"><a href=Place::Customer(id, Tab::Brief).href()>{name}</a></b>
                <span class="one">{second}</span>
            </div>
            {match phone.is_empty() {
                true => view! {
                    <IconLink icon="right" class="ib-go" label=Signal::derive(move || label.clone()) href=Signal::derive(move || Place::Customer(id, Tab::Brief).href()) />
                }
                .into_any(),
                false => view! {
                    <TelLink partner=id number=phone class="ib ib-soft" label=Signal::derive(move || t_string!(i18n, customer.call_named, name = label.clone()).to_string())>
                        <Icon name="phone" />
                    </TelLink>
                }
                .into_any(),
            }}
        </li>
    }
}

/// One suggestion with its reason, unless it stands on the cloth already or is not wanted today.
#[component]
pub(super) fn SuggestionCard(
    /// The day.
    day: TodayMemo,
) -> impl IntoView {
    let memory = use_memory();
    let shown = Memo::new(move |_| {
        day.with(|day| {
            let day = day.as_ref()?;
            let on_cloth = matches!(now_of(day), Some(NowIs::Suggestion(_)));
            let wanted = |suggestion: &Suggestion| memory.not_now.get() != Some(suggestion.partner.id);
            day.suggestion.clone().filter(|suggestion| !on_cloth && wanted(suggestion))
        })
    });
    move || shown.get().map(|suggestion| view! { <OneSuggestion suggestion=suggestion /> })
}

#[component]
fn OneSuggestion(suggestion: Suggestion) -> impl IntoView {
    let (i18n, nav, memory) = (use_i18n(), use_nav(), use_memory());
    let why = reason(&suggestion);
    let PartnerRow { id, kind, name, .. } = suggestion.partner;
    let shown = name.clone();
    view! {
        <section class="sec">
            <div class="sec-h"><h2>{move || t_string!(i18n, today.suggestion)}</h2></div>
            <div class="suggest">
                <Icon name="bulb" />
                <h3>{move || t_string!(i18n, today.suggest_title, name = shown.clone()).to_string()}</h3>
                <p>{why}</p>
                <div class="acts">
                    <a class="btn btn-2" href=Place::Customer(id, Tab::Brief).href()>
                        <Monogram name=name kind=kind key=id.0 size=Size::Small />
                        {move || t_string!(i18n, today.now_open)}
                    </a>
                    <a class="btn btn-2 wr" href=move || nav.sheet_href(Sheet::Log { partner: Some(id) })>{move || t_string!(i18n, today.now_log)}</a>
                    <button class="btn btn-0" type="button" on:click=move |_| memory.not_now.set(Some(id))>{move || t_string!(i18n, today.suggest_later)}</button>
                </div>
            </div>
        </section>
    }
}

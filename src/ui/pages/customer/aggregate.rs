//! The strip above a history: how often, how lately, by which methods, and when (R23, R46, R55–R57).

use super::Card;
use super::figures::{heat, parts};
use crate::port::Summary;
use crate::ui::components::Icon;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::{method_icon, method_word};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{Format, When, use_format};
use leptos::prelude::*;
use satchel_domain::Method;

/// Methods that have a part of their own in the bar; the rest shares the last one.
const PARTS: usize = 4;

/// The strip.
#[component]
pub(super) fn Aggregate(
    /// What is known of the customer.
    card: Card,
    /// The aggregate of what the filter lets through.
    #[prop(into)]
    summary: Signal<Summary>,
    /// Whether a filter is on.
    #[prop(into)]
    narrowed: Signal<bool>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let gap = Memo::new(move |_| card.with(|card| card.as_ref().and_then(|card| card.usual_gap_days)));
    let weeks = Memo::new(move |_| {
        card.with(|card| card.as_ref().map(|card| card.weeks.clone()).unwrap_or_default())
    });
    let counted = move || match (summary.with(|summary| summary.with_people), narrowed.get()) {
        (0, true) => t_string!(i18n, customer.agg.matching).to_owned(),
        (0, false) => t_string!(i18n, customer.agg.in_all).to_owned(),
        (count, _) => t_string!(i18n, customer.agg.with_people, count = format.number(count)).to_string(),
    };
    let last = move || match summary.with(|summary| summary.last_ms) {
        Some(last) => format.relative(last),
        None => t_string!(i18n, customer.agg.never).to_owned(),
    };
    let rhythm = move || match (gap.get(), summary.with(|summary| summary.first_ms)) {
        (Some(days), _) => t_string!(i18n, customer.agg.usually, days = format.number(days)).to_string(),
        (None, Some(first)) => {
            t_string!(i18n, customer.agg.since, day = format.when(first, When::Day)).to_string()
        }
        (None, None) => String::new(),
    };
    view! {
        <div class="agg">
            <div class="agg-c">
                <span class="k">{move || t_string!(i18n, customer.agg.contacts)}</span>
                <b>{move || format.number(summary.with(|summary| summary.count))}</b>
                <span class="u">{counted}</span>
            </div>
            <div class="agg-c">
                <span class="k">{move || t_string!(i18n, customer.agg.last)}</span>
                <b>{last}</b>
                <span class="u">{rhythm}</span>
            </div>
            <figure class="agg-m">
                <figcaption class="k">{move || t_string!(i18n, customer.agg.methods)}</figcaption>
                {move || methods(summary.with(|summary| summary.by_method.clone()))}
            </figure>
            <figure class="agg-h">
                <figcaption class="k">{move || t_string!(i18n, customer.agg.weeks)}</figcaption>
                {move || heat_strip(&weeks.get(), t_string!(i18n, customer.agg.weeks_alt, count = format.number(busiest(&weeks.get()))).to_string())}
                <div class="agg-x" aria-hidden="true">{move || months(weeks.with(Vec::len), format)}</div>
            </figure>
        </div>
    }
}

/// The months below the weeks in which they begin; every other one, from the newest, is marked to give room.
fn months(weeks: usize, format: Format) -> AnyView {
    let now = clock::now_ms();
    let begun = |week: usize| {
        let ago = i32::try_from(7 * (weeks - 1 - week)).unwrap_or(0);
        (0..7).map(|day| clock::midnight(now, -ago - day)).find(|day| clock::day_of_month(*day) == 1)
    };
    let mut newer = 0;
    let mut named: Vec<_> = (0..weeks)
        .rev()
        .map(|week| {
            let word = begun(week).map(|day| format.when(day, When::ShortMonth));
            newer += usize::from(word.is_some());
            let spare = word.is_some() && newer % 2 == 0;
            view! { <span class:agg-x2=spare>{word}</span> }
        })
        .collect();
    named.reverse();
    named.into_any()
}

fn busiest(weeks: &[u32]) -> u32 {
    weeks.iter().copied().max().unwrap_or(0)
}

fn methods(by_method: Vec<(Method, u32)>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let shown: Vec<(Method, u32)> = by_method.into_iter().take(PARTS).collect();
    let counts: Vec<u32> = shown.iter().map(|(_, count)| *count).collect();
    let rect = |(step, part): (usize, super::figures::Part)| {
        view! { <rect class=format!("m{step}") x=format!("{:.2}", part.x) y="0" width=format!("{:.2}", part.width) height="8"></rect> }
    };
    let item = move |(method, count): (Method, u32)| {
        view! {
            <li>
                <Icon name=method_icon(method) />
                <span class="sr">{move || method_word(i18n.get_locale(), method)}" "</span>
                {move || format.number(count)}
            </li>
        }
    };
    let nothing =
        counts.is_empty().then(|| view! { <rect class="d0" x="0" y="0" width="100" height="8"></rect> });
    view! {
        <svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            {nothing}
            {parts(&counts).into_iter().enumerate().map(rect).collect_view()}
        </svg>
        <ul>{shown.into_iter().map(item).collect_view()}</ul>
    }
}

fn heat_strip(weeks: &[u32], label: String) -> impl IntoView + use<> {
    const STEP: usize = 10;
    let rect = |(week, count): (usize, &u32)| {
        view! { <rect class=format!("d{}", heat(*count)) x=(week * STEP).to_string() y="0" width="8" height="16" rx="2"></rect> }
    };
    view! {
        <svg
            class="heat"
            viewBox=format!("0 0 {} 16", (weeks.len() * STEP).saturating_sub(2))
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            {weeks.iter().enumerate().map(rect).collect_view()}
        </svg>
    }
}

//! The period in a few numbers; money in each currency apart.

use super::{Found, delta, read};
use crate::port::Pair;
use crate::ui::i18n::use_i18n;
use crate::ui::platform::intl::use_format;
use leptos::prelude::*;

/// The numbers.
#[component]
pub(super) fn Totals(
    /// What was found.
    found: Found,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let numbers = move |title: Signal<String>, counts: Signal<Pair>| {
        view! {
            <dt>{move || title.get()}</dt>
            <dd>{move || format.number(counts.get().now)}</dd>
            <dd class="tot-d">{move || delta(i18n, format, counts.get())}</dd>
        }
    };
    let tile = move |title, counts| view! { <div class="tot">{numbers(title, counts)}</div> };
    let bought = move || {
        let sums = read(found, |it| it.bought.clone());
        let line = |(now, before)| {
            let before = format.money(before);
            view! {
                <dd class="tot-m">{format.money(now)}</dd>
                <dd class="tot-d"><span class="up up-no">{text!(i18n, insight.was, amount = before.clone())}</span></dd>
            }
        };
        match sums.is_empty() {
            true => view! { <dd>"–"</dd> }.into_any(),
            false => sums.into_iter().map(line).collect_view().into_any(),
        }
    };
    let counts = move |pick: fn(&crate::port::Statistics) -> Pair| Signal::derive(move || read(found, pick));
    let reached = counts(|it| it.reached);
    view! {
        <dl class="card ins-o">
            {tile(text!(i18n, insight.contacts), counts(|it| it.contacts))}
            <div class="tot">
                {numbers(text!(i18n, insight.reached), reached)}
                <dd class="tot-n">{text!(i18n, insight.reached_note)}</dd>
            </div>
            {tile(text!(i18n, insight.orders), counts(|it| it.orders))}
            <div class="tot"><dt>{text!(i18n, insight.bought)}</dt>{bought}</div>
        </dl>
    }
}

//! The period in a few numbers; money in each currency apart.

use super::{Found, delta, read};
use crate::port::Pair;
use crate::ui::components::Icon;
use crate::ui::i18n::use_i18n;
use crate::ui::platform::intl::use_format;
use leptos::prelude::*;
use satchel_domain::Money;

/// The numbers.
#[component]
pub(super) fn Totals(
    /// What was found.
    found: Found,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let tile = move |title: Signal<String>, counts: Signal<Pair>| {
        view! {
            <div class="tot">
                <dt>{move || title.get()}</dt>
                <dd>{move || format.number(counts.get().now)}</dd>
                <dd class="tot-d">{move || delta(i18n, format, counts.get())}</dd>
            </div>
        }
    };
    let bought = move || {
        let sums = read(found, |it| it.bought.clone());
        let line = |(now, before): (Money, Money)| {
            let (grown, was) = (growth(now, before), format.money(before));
            let up = grown.is_some_and(|share| share > 0.0);
            view! {
                <dd class="tot-m">{format.money(now)}</dd>
                <dd class="tot-d">
                    <span class=if up { "up" } else { "up up-no" }>
                        {up.then(|| view! { <Icon name="up" /> })}
                        {grown.map(|share| view! { {format.percent(share)}<span class="sep">"·"</span> })}
                        {text!(i18n, insight.was, amount = was.clone())}
                    </span>
                </dd>
            }
        };
        match sums.is_empty() {
            true => view! { <dd>"–"</dd> }.into_any(),
            false => sums.into_iter().map(line).collect_view().into_any(),
        }
    };
    let counts = move |pick: fn(&crate::port::Statistics) -> Pair| Signal::derive(move || read(found, pick));
    view! {
        <div class="card ins-o">
            <dl class="tots">
                {tile(text!(i18n, insight.contacts), counts(|it| it.contacts))}
                {tile(text!(i18n, insight.reached), counts(|it| it.reached))}
                {tile(text!(i18n, insight.orders), counts(|it| it.orders))}
                <div class="tot"><dt>{text!(i18n, insight.bought)}</dt>{bought}</div>
            </dl>
            <p class="hint">{text!(i18n, insight.reached_note)}</p>
        </div>
    }
}

/// By which share a sum has grown; `None` where that says less than the sums do.
fn growth(now: Money, before: Money) -> Option<f64> {
    const SAID: std::ops::RangeInclusive<f64> = 0.005..=3.0;
    let (now, before) = (now.minor as f64, before.minor as f64);
    Some((now - before) / before).filter(|share| before > 0.0 && now >= 0.0 && SAID.contains(&share.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::Currency;

    #[test]
    fn a_share_is_said_where_there_was_something_before_r59() {
        let euro = |minor| Money { minor, currency: Currency(*b"EUR") };
        assert_eq!(growth(euro(150), euro(100)), Some(0.5));
        assert_eq!(growth(euro(75), euro(100)), Some(-0.25));
        assert_eq!(growth(euro(100), euro(0)), None);
        assert_eq!(growth(euro(500), euro(100)), None, "five times as much is said by the sums");
        assert_eq!(growth(euro(-10), euro(100)), None);
        assert_eq!(growth(euro(999), euro(1_000)), None, "no minus zero percent");
    }
}

//! The calendar of a period: a square for each day that has begun, the darker the more was done (R46).

use super::card::{ChartCard, Grid};
use super::period::heat;
use super::{Found, read};
use crate::port::Period;
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{Format, When, use_format};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The card.
#[component]
pub(super) fn Calendar(
    /// What was found.
    found: Found,
    /// In which period.
    period: Memo<Period>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let days = Memo::new(move |_| {
        let counts = read(found, |it| it.days.clone());
        period.with(|period| {
            let begun = period.now.iter().copied().zip(counts).take(period.elapsed as usize);
            begun.collect::<Vec<(i64, u32)>>()
        })
    });
    let grid = move || Grid {
        heads: vec![t_string!(i18n, insight.day).to_owned(), t_string!(i18n, insight.contacts).to_owned()],
        rows: days.with(|days| {
            let some = days.iter().filter(|(_, count)| *count > 0);
            some.map(|(day, count)| vec![format.when(*day, When::WeekDay), format.number(*count)]).collect()
        }),
    };
    let chart = move || {
        let said = days.with(|days| busiest(i18n, format, days));
        view! {
            <figure class="ins-k">
                {drawing(&days.get(), format, said.clone())}
                <figcaption class="ins-n">{said}</figcaption>
            </figure>
        }
        .into_any()
    };
    view! { <ChartCard title=text!(i18n, insight.calendar) class="ins-h" grid=Signal::derive(grid) chart=chart /> }
}

/// The day with the most, in words.
fn busiest(i18n: I18nContext<Locale>, format: Format, days: &[(i64, u32)]) -> String {
    match days.iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0) {
        Some((day, count)) => {
            let (day, count) = (format.when(*day, When::WeekDay), format.number(*count));
            t_string!(i18n, insight.busiest, day = day, count = count).to_string()
        }
        None => t_string!(i18n, insight.nothing).to_owned(),
    }
}

/// Weeks side by side, Monday on top.
fn drawing(days: &[(i64, u32)], format: Format, label: String) -> AnyView {
    const STEP: usize = 12;
    let blank = days.first().map_or(0, |(first, _)| usize::try_from(clock::weekday(*first)).unwrap_or(0));
    let most = days.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let weeks = (blank + days.len()).div_ceil(7).max(1);
    let square = |(n, (day, count)): (usize, &(i64, u32))| {
        let (week, weekday) = ((n + blank) / 7, (n + blank) % 7);
        view! {
            <rect class=format!("d{}", heat(*count, most)) x=(week * STEP).to_string() y=(weekday * STEP).to_string() width="10" height="10" rx="2">
                <title>{format!("{}: {}", format.when(*day, When::WeekDay), format.number(*count))}</title>
            </rect>
        }
    };
    view! {
        <svg class="cal" viewBox=format!("0 0 {} {}", weeks * STEP - 2, 7 * STEP - 2) role="img" aria-label=label>
            {days.iter().enumerate().map(square).collect_view()}
        </svg>
    }
    .into_any()
}

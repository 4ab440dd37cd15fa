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

/// So many weeks stand at once; more scroll, and begin with the last.
const AT_ONCE: usize = 14;
/// From one square to the next, where few or many weeks are shown.
const STEPS: [usize; 2] = [22, 16];
/// Above the squares: the months.
const ABOVE: usize = 18;
/// Beside the squares: the weekdays.
const BESIDE: usize = 40;
/// The days that are named: Monday, Wednesday, Friday, Sunday.
const NAMED: [usize; 4] = [0, 2, 4, 6];

/// Weeks side by side, Monday on top, below their months and beside their weekdays.
fn drawing(days: &[(i64, u32)], format: Format, label: String) -> AnyView {
    let blank = days.first().map_or(0, |(first, _)| usize::try_from(clock::weekday(*first)).unwrap_or(0));
    let most = days.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let weeks = (blank + days.len()).div_ceil(7).max(1);
    let many = weeks > AT_ONCE;
    let step = STEPS[usize::from(many)];
    let side = step - 3;
    let square = |(n, (day, count)): (usize, &(i64, u32))| {
        let (week, weekday) = ((n + blank) / 7, (n + blank) % 7);
        view! {
            <rect
                class=format!("d{}", heat(*count, most))
                x=(week * step).to_string()
                y=(ABOVE + weekday * step).to_string()
                width=side.to_string()
                height=side.to_string()
                rx="3"
            >
                <title>{format!("{}: {}", format.when(*day, When::WeekDay), format.number(*count))}</title>
            </rect>
        }
    };
    let starts: Vec<i64> = days.iter().map(|(day, _)| *day).collect();
    let months = month_starts(&starts, blank, clock::month_of).into_iter().map(|(week, day)| {
        view! { <text class="cal-t" x=(week * step).to_string() y="12">{format.when(day, When::ShortMonth)}</text> }
    });
    // Weekdays are named by a week that is known to begin on a Monday.
    let monday = days.first().map_or(0, |(first, _)| *first);
    let weekday = |n: usize| {
        let shift = i32::try_from(n).unwrap_or(0) - i32::try_from(blank).unwrap_or(0);
        let name = format.when(clock::midnight(monday, shift), When::ShortWeekDay);
        view! { <text class="cal-t" x="0" y=(ABOVE + n * step + side - 3).to_string()>{name}</text> }
    };
    let (width, height) = (weeks * step, ABOVE + 7 * step);
    let around = many.then(|| label.clone());
    view! {
        <div class="cal-w">
            <svg class="cal" width=BESIDE.to_string() height=height.to_string() aria-hidden="true">{NAMED.map(weekday)}</svg>
            <div class="cal-s" tabindex=many.then_some("0") role=many.then_some("group") aria-label=around>
                <svg class="cal" width=width.to_string() height=height.to_string() role="img" aria-label=label>
                    {months.collect_view()}
                    {days.iter().enumerate().map(square).collect_view()}
                </svg>
            </div>
        </div>
    }
    .into_any()
}

/// In which weeks months begin to be named, with a day of each: a month that the period cuts off is named where there is
/// room before the next.
fn month_starts(days: &[i64], blank: usize, month_of: impl Fn(i64) -> i32) -> Vec<(usize, i64)> {
    const ROOM: usize = 3;
    let mut starts: Vec<(usize, i64)> = Vec::new();
    for (n, day) in days.iter().enumerate() {
        let begins = n == 0 || month_of(*day) != month_of(days[n - 1]);
        if begins {
            starts.push(((n + blank) / 7, *day));
        }
    }
    if let [(first, _), (second, _), ..] = starts[..]
        && second - first < ROOM
    {
        starts.remove(0);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_named_above_the_week_in_which_they_begin() {
        // Days numbered from 0; months of 30 days, the first of which has 4 days left.
        let month = |day: i64| i32::try_from((day + 26) / 30).unwrap_or(0);
        let days: Vec<i64> = (0..70).collect();
        assert_eq!(month_starts(&days, 2, month), [(0, 4), (5, 34), (9, 64)]);
        assert_eq!(month_starts(&days[4..40], 0, month), [(0, 4), (4, 34)]);
        assert_eq!(month_starts(&[], 0, month), []);
    }
}

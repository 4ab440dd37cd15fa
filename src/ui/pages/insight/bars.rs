//! Contacts over time: a bar for each week or day, and a mark for the period before. Arrow keys go from bar to bar.

use super::card::{ChartCard, Grid};
use super::period::{axis, bars, cuts, is_daily};
use super::{Found, delta, read};
use crate::port::Period;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{Format, When, use_format};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// How many bars are named below them at most.
const NAMED: usize = 5;

/// What the bars are drawn from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Bars {
    now: Vec<u32>,
    before: Vec<u32>,
    /// The first and last day of each bar, local midnights.
    days: Vec<(i64, i64)>,
    /// The bar that is not over yet.
    open: Option<usize>,
}

impl Bars {
    /// `first_monday`: which day of the period, from 0. The period before is cut at the same days, so that bars of as many
    /// days stand side by side.
    fn of(days: &[u32], before: &[u32], period: &Period, first_monday: usize) -> Self {
        let cuts = cuts(days.len(), first_monday);
        let spans = || cuts.iter().copied().zip(cuts.iter().copied().skip(1));
        let elapsed = period.elapsed as usize;
        let open = spans().position(|(from, to)| from < elapsed && elapsed < to);
        let edges =
            |(from, to): (usize, usize)| Some((*period.now.get(from)?, *period.now.get(to.checked_sub(1)?)?));
        let named = spans().filter_map(edges).collect();
        Self { now: bars(days, &cuts), before: bars(before, &cuts), days: named, open }
    }

    fn most(&self) -> u32 {
        self.now.iter().chain(&self.before).copied().max().unwrap_or(0)
    }

    fn name(&self, format: Format, bar: usize) -> String {
        match self.days.get(bar) {
            Some((first, last)) if first == last => format.when(*first, When::WeekDay),
            Some((first, last)) => {
                format!("{} – {}", format.when(*first, When::Day), format.when(*last, When::Day))
            }
            None => String::new(),
        }
    }
}

/// Which day of a period is its first Monday, from 0.
fn first_monday(period: &Period) -> usize {
    period.now.first().map_or(0, |day| (7 - clock::weekday(*day).unsigned_abs() as usize) % 7)
}

/// The card.
#[component]
pub(super) fn Activity(
    /// What was found.
    found: Found,
    /// In which period.
    period: Memo<Period>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let drawn = Memo::new(move |_| {
        period.with(|period| {
            read(found, |it| Bars::of(&it.days, &it.days_before, period, first_monday(period)))
        })
    });
    let daily = move || period.with(|period| is_daily(period.now.len().saturating_sub(1)));
    let title = move || match daily() {
        true => t_string!(i18n, insight.per_day).to_owned(),
        false => t_string!(i18n, insight.per_week).to_owned(),
    };
    let grid = move || {
        let heads = vec![
            t_string!(i18n, insight.when).to_owned(),
            t_string!(i18n, insight.now).to_owned(),
            t_string!(i18n, insight.before).to_owned(),
        ];
        let row = |bars: &Bars, bar: usize| {
            vec![bars.name(format, bar), format.number(bars.now[bar]), format.number(bars.before[bar])]
        };
        let rows = drawn.with(|bars| (0..bars.days.len()).map(|bar| row(bars, bar)).collect());
        Grid { heads, rows }
    };
    view! {
        <ChartCard
            title=Signal::derive(title)
            class="ins-w"
            grid=Signal::derive(grid)
            chart=move || view! { <Plot found=found drawn=drawn /> }.into_any()
        />
    }
}

/// The headline, the bars, and what is read out of them.
#[component]
fn Plot(found: Found, drawn: Memo<Bars>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let chosen = RwSignal::new(None::<usize>);
    let at = Memo::new(move |_| {
        drawn.with(|bars| chosen.get().or(bars.open).unwrap_or(0).min(bars.days.len().saturating_sub(1)))
    });
    let said = Signal::derive(move || {
        let bar = at.get();
        drawn.with(|bars| {
            let count = |counts: &[u32]| format.number(counts.get(bar).copied().unwrap_or(0));
            let (now, before) = (count(&bars.now), count(&bars.before));
            t_string!(i18n, insight.read, when = bars.name(format, bar), now = now, before = before)
                .to_string()
        })
    });
    view! {
        <p class="big"><b>{move || format.number(read(found, |it| it.contacts.now))}</b>{move || delta(i18n, format, read(found, |it| it.contacts))}</p>
        <figure>
            <Slider drawn=drawn at=at said=said on_move=move |bar| chosen.set(Some(bar)) />
            <figcaption><Legend /></figcaption>
        </figure>
        <p class="ins-n">{move || said.get()}</p>
    }
}

/// The bars; the one that is read out moves by arrow keys and taps.
#[component]
fn Slider(
    drawn: Memo<Bars>,
    at: Memo<usize>,
    said: Signal<String>,
    #[prop(into)] on_move: Callback<usize>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let top = Memo::new(move |_| axis(drawn.with(Bars::most)));
    let last = move || drawn.with(|bars| bars.days.len().saturating_sub(1));
    let keys = move |event: KeyboardEvent| {
        if let Some(to) = step(&event.key(), at.get_untracked(), untrack(last)) {
            event.prevent_default();
            on_move.run(to);
        }
    };
    view! {
        <div class="plot">
            <div class="plot-y" aria-hidden="true"><span>{move || format.number(top.get())}</span><span>{move || format.number(top.get() / 2)}</span><span>"0"</span></div>
            <div
                class="plot-b"
                role="slider"
                tabindex="0"
                aria-readonly="true"
                aria-label=text!(i18n, insight.bars)
                aria-valuemin="0"
                aria-valuemax=move || last().to_string()
                aria-valuenow=move || at.get().to_string()
                aria-valuetext=move || said.get()
                on:keydown=keys
            >
                {move || drawing(&drawn.get(), top.get(), at.get(), on_move)}
            </div>
            <div class="plot-x" aria-hidden="true">{move || under(&drawn.get(), format)}</div>
        </div>
    }
}

/// A place below each bar, so that what is named stands right below; few are, so that each can be read on a phone.
fn under(bars: &Bars, format: Format) -> AnyView {
    let count = bars.days.len();
    let name = |(n, (first, _)): (usize, &(i64, i64))| {
        view! { <span>{is_named(n, count).then(|| format.when(*first, When::ShortDay))}</span> }
    };
    bars.days.iter().enumerate().map(name).collect_view().into_any()
}

/// Whether a bar is named: every so many, at most [`NAMED`] of them.
fn is_named(bar: usize, count: usize) -> bool {
    let step = count.div_ceil(NAMED).max(1);
    bar % step == (step - 1) / 2
}

/// Where a key leads from a bar.
fn step(key: &str, here: usize, last: usize) -> Option<usize> {
    Some(match key {
        "ArrowRight" | "ArrowUp" => (here + 1).min(last),
        "ArrowLeft" | "ArrowDown" => here.saturating_sub(1),
        "Home" => 0,
        "End" => last,
        _ => return None,
    })
}

#[component]
fn Legend() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <span class="lg"><span class="key key-d4"></span>{text!(i18n, insight.now)}<span class="key key-prev"></span>{text!(i18n, insight.before)}</span>
    }
}

fn drawing(bars: &Bars, top: u32, chosen: usize, on_move: Callback<usize>) -> AnyView {
    const STEP: usize = 20;
    let height = move |count: u32| f64::from(count) * 100.0 / f64::from(top.max(1));
    let line =
        |share: u32| view! { <path class="grid" d=format!("M0 {share}H{}", bars.now.len() * STEP)></path> };
    let bar = move |(n, (now, before)): (usize, (&u32, &u32))| {
        let class = match bars.open == Some(n) {
            true => "b-now",
            false => "b-cur",
        };
        let (tall, mark) = (height(*now), 100.0 - height(*before));
        view! {
            <g on:click=move |_| on_move.run(n)>
                <rect class="b-hit" class:b-at=chosen == n x=(n * STEP).to_string() y="0" width=STEP.to_string() height="100"></rect>
                <rect class=class x=(n * STEP + 4).to_string() y=format!("{:.2}", 100.0 - tall) width="12" height=format!("{tall:.2}")></rect>
                <path class="b-prev" d=format!("M{} {mark:.2}h16", n * STEP + 2)></path>
            </g>
        }
    };
    view! {
        <svg class="bars" viewBox=format!("0 0 {} 100", bars.now.len() * STEP) preserveAspectRatio="none" aria-hidden="true">
            {[0, 50, 100].map(line)}
            {bars.now.iter().zip(&bars.before).enumerate().map(bar).collect_view()}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bars_are_named_and_evenly() {
        let named = |count| (0..count).filter(|bar| is_named(*bar, count)).collect::<Vec<_>>();
        assert_eq!(named(4), [0, 1, 2, 3]);
        assert_eq!(named(7), [0, 2, 4, 6]);
        assert_eq!(named(14), [1, 4, 7, 10, 13]);
        assert!((1..200).all(|count| (1..=NAMED).contains(&named(count).len())));
    }

    #[test]
    fn keys_stay_among_the_bars() {
        assert_eq!(
            [step("ArrowRight", 3, 3), step("ArrowLeft", 0, 3), step("Home", 2, 3)],
            [Some(3), Some(0), Some(0)]
        );
        assert_eq!((step("End", 0, 3), step("a", 0, 3)), (Some(3), None));
    }

    #[test]
    fn the_bar_that_is_not_over_is_open() {
        let period =
            |elapsed| Period { now: (0..=28).collect(), before: (0..=28).collect(), elapsed, today_ms: 0 };
        let bars = |elapsed, first_monday| Bars::of(&[1; 28], &[2; 31], &period(elapsed), first_monday);
        assert_eq!(
            (bars(8, 0).open, bars(14, 0).open, bars(28, 0).open, bars(8, 3).open),
            (Some(1), None, None, Some(1))
        );
        assert_eq!((bars(8, 0).now, bars(8, 0).before), (vec![7; 4], vec![14; 4]));
        assert_eq!(bars(8, 0).days, [(0, 6), (7, 13), (14, 20), (21, 27)]);
        let from_friday = bars(8, 3);
        assert_eq!((from_friday.now, from_friday.before), (vec![3, 7, 7, 7, 4], vec![6, 14, 14, 14, 8]));
        assert_eq!(from_friday.days, [(0, 2), (3, 9), (10, 16), (17, 23), (24, 27)]);
    }
}

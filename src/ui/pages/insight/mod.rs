//! What the records say together: a period beside the one before, for all customers or those of a saved view.

mod ageing;
mod bars;
mod card;
mod heat;
mod mix;
mod period;
mod tiers;
mod top;
mod totals;
mod worth;

pub use period::Span;

use self::ageing::Ageing;
use self::bars::Activity;
use self::heat::Calendar;
use self::mix::{Methods, Types};
use self::top::{MostContacted, MostOrders};
use self::totals::Totals;
use self::worth::Worth;
use crate::port::{Pair, Period, Query, Statistics};
use crate::ui::components::{Empty, Icon, Skeleton};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::customers::Pick;
use crate::ui::pages::memory::{Memory, use_memory};
use crate::ui::platform::clock;
use crate::ui::platform::intl::Format;
use crate::ui::session::use_session;
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use satchel_domain::{RecordId, Selection, View as SavedView};

/// Fewer than this are not a base for a share.
const FEW: u32 = 5;

/// What was found, once it was.
type Found = ReadSignal<Option<Box<Statistics>>>;

/// Reads from what was found; nothing before.
fn read<T: Default>(found: Found, take: impl FnOnce(&Statistics) -> T) -> T {
    found.with(|found| found.as_deref().map(take).unwrap_or_default())
}

/// How a count differs from the one before, in words.
fn delta(i18n: I18nContext<Locale>, format: Format, counts: Pair) -> AnyView {
    let Pair { now, before } = counts;
    let share = format.percent(f64::from(now.abs_diff(before)) / f64::from(before.max(1)));
    let words = match now.cmp(&before) {
        _ if before == 0 => t_string!(i18n, insight.none_before).to_owned(),
        // A share of next to nothing says less than the number.
        _ if before < FEW || now / 4 > before => {
            t_string!(i18n, insight.was, amount = format.number(before)).to_string()
        }
        std::cmp::Ordering::Greater => t_string!(i18n, insight.more, share = share).to_string(),
        std::cmp::Ordering::Less => t_string!(i18n, insight.fewer, share = share).to_string(),
        std::cmp::Ordering::Equal => t_string!(i18n, insight.same).to_owned(),
    };
    let up = now > before && before > 0;
    view! { <span class=if up { "up" } else { "up up-no" }>{up.then(|| view! { <Icon name="up" /> })}{words}</span> }
        .into_any()
}

/// The page.
#[component]
pub fn Insights() -> impl IntoView {
    let (i18n, session, memory) = (use_i18n(), use_session(), use_memory());
    let views = session.watch::<Vec<SavedView>>(|| Query::Views);
    let now = clock::every_minute();
    let period = Memo::new(move |_| memory.span.get().period(now.get()));
    let population = Memo::new(move |_| population(memory, views));
    let found = session.watch::<Box<Statistics>>(move || Query::Statistics {
        selection: population.get(),
        period: period.get(),
    });
    let state = Memo::new(move |_| found.with(|found| found.as_ref().map(|found| found.customers > 0)));
    view! {
        <main class="pane pane-ins pane-strip">
            <TopBar title=text!(i18n, shell.title.insights) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, shell.title.insights)>
                <Controls memory=memory views=views />
                {move || match state.get() {
                    None => view! { <Skeleton lines=8 /> }.into_any(),
                    Some(false) => view! { <Empty icon="insights" text=text!(i18n, insight.empty) /> }.into_any(),
                    Some(true) => view! { <Charts found=found period=period population=population /> }.into_any(),
                }}
            </div>
        </main>
    }
}

/// Who is counted: everybody, or who is meant by the view that was chosen and is still there.
fn population(memory: Memory, views: ReadSignal<Option<Vec<SavedView>>>) -> Selection {
    let Some(chosen) = memory.population.get() else { return Selection::default() };
    views.with(|views| {
        let view = views.iter().flatten().find(|view| view.id == chosen && !view.newer);
        view.map(|view| view.entry.selection.clone()).unwrap_or_default()
    })
}

#[component]
fn Charts(found: Found, period: Memo<Period>, population: Memo<Selection>) -> impl IntoView {
    view! {
        <div class="ins">
            <Totals found=found />
            <Activity found=found period=period />
            <Calendar found=found period=period />
            <Methods found=found />
            <Types found=found />
            <Ageing found=found population=population />
            <MostContacted found=found />
            <MostOrders found=found />
            <Worth found=found />
        </div>
    }
}

/// The period, and who is counted.
#[component]
fn Controls(memory: Memory, views: ReadSignal<Option<Vec<SavedView>>>) -> impl IntoView {
    let i18n = use_i18n();
    let pick = move |span: Span, word: fn(Locale) -> &'static str| {
        let on = Signal::derive(move || memory.span.get() == span);
        view! { <Pick on=on on_press=move |()| memory.span.set(span)>{move || word(i18n.get_locale())}</Pick> }
    };
    let chosen = Signal::derive(move || matches!(memory.span.get(), Span::Chosen { .. }));
    let choose = move |()| {
        let now = clock::now_ms();
        let (from_ms, to_ms) = (clock::midnight(now, -29), clock::midnight(now, 0));
        memory.span.set(Span::Chosen { from_ms, to_ms });
    };
    view! {
        <div class="ins-p">
            <div class="picks" role="group" aria-label=text!(i18n, insight.period)>
                {pick(Span::Week, |locale| td_string!(locale, insight.week))}
                {pick(Span::Month, |locale| td_string!(locale, insight.month))}
                {pick(Span::Quarter, |locale| td_string!(locale, insight.quarter))}
                {pick(Span::Year, |locale| td_string!(locale, insight.year))}
                <Pick on=chosen on_press=choose>{text!(i18n, insight.chosen)}</Pick>
            </div>
            <Show when=move || chosen.get()><Dates memory=memory /></Show>
            <Population memory=memory views=views />
        </div>
    }
}

/// The first and last day of a chosen period.
#[component]
fn Dates(memory: Memory) -> impl IntoView {
    let i18n = use_i18n();
    let ends = move || match memory.span.get() {
        Span::Chosen { from_ms, to_ms } => (from_ms, to_ms),
        _ => (clock::now_ms(), clock::now_ms()),
    };
    let day = |ms: i64| clock::to_local_input(ms).split('T').next().unwrap_or_default().to_owned();
    let field = move |last: bool, label: Signal<String>| {
        let value = move || if last { day(ends().1) } else { day(ends().0) };
        let change = move |event| {
            let Some(ms) = clock::from_local_input(&event_target_value(&event)) else { return };
            let (from_ms, to_ms) = untrack(ends);
            memory.span.set(match last {
                true => Span::Chosen { from_ms, to_ms: ms },
                false => Span::Chosen { from_ms: ms, to_ms },
            });
        };
        view! {
            <label class="ins-d"><span class="k">{move || label.get()}</span>
                <span class="field"><input type="date" autocomplete="off" prop:value=value on:change=change /></span>
            </label>
        }
    };
    view! { <div class="ins-ds">{field(false, text!(i18n, insight.from))}{field(true, text!(i18n, insight.to))}</div> }
}

#[component]
fn Population(memory: Memory, views: ReadSignal<Option<Vec<SavedView>>>) -> impl IntoView {
    let i18n = use_i18n();
    let some = move || views.with(|views| views.as_ref().is_some_and(|views| !views.is_empty()));
    let pick = move |id: Option<RecordId>, word: Signal<String>| {
        let on = Signal::derive(move || memory.population.get() == id);
        view! { <Pick on=on on_press=move |()| memory.population.set(id)>{move || word.get()}</Pick> }
    };
    let saved = move || {
        let views = views.get().unwrap_or_default().into_iter().filter(|view| !view.newer);
        views.map(|view| pick(Some(view.id), Signal::stored(view.entry.name))).collect_view()
    };
    view! {
        <Show when=some>
            <div class="picks" role="group" aria-label=text!(i18n, insight.population)>
                {pick(None, text!(i18n, insight.everybody))}
                {saved}
            </div>
        </Show>
    }
}

//! The day: what to do now, what is due, what was done, whom to think of.

mod aside;
mod now;
mod planned;
mod thread;

use self::aside::{Again, Quiet, SuggestionCard};
use self::now::{Now, now_of};
use self::planned::{Planned, is_for_a_visit, planned};
use self::thread::Thread;
use crate::port::{Query, Today as Day};
use crate::ui::components::{Button, Empty, Icon, Skeleton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::backup::Reminder;
use crate::ui::pages::tasks::{TaskRow, state_of};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::use_session;
use crate::ui::shell::{Fetching, OfflineStrip, TopBar};
use leptos::prelude::*;
use satchel_domain::RecordId;
use std::sync::Arc;

/// The day as the engine last told; `None` before the first answer.
pub(crate) type TodayMemo = Memo<Option<Arc<Day>>>;

/// The first screen.
#[component]
pub fn Today() -> impl IntoView {
    let (format, session) = (use_format(), use_session());
    let now = clock::every_minute();
    let bounds = Memo::new(move |_| clock::day_of(now.get()));
    let answer = session.watch::<Box<Day>>(move || {
        let (from_ms, to_ms) = bounds.get();
        Query::Today { from_ms, to_ms }
    });
    let day: TodayMemo = Memo::new(move |_| answer.with(|answer| answer.as_deref().cloned().map(Arc::new)));
    let state = Memo::new(move |_| day.with(|day| day.as_ref().map(|day| day.partners > 0)));
    let planned = planned(bounds);
    view! {
        <main class="pane pane-today">
            <TopBar title=Signal::derive(move || format.when(bounds.get().0, When::WeekDay))>
                <DayDone day=day />
            </TopBar>
            <OfflineStrip />
            {move || match state.get() {
                None => view! { <div class="today"><Skeleton lines=6 /></div> }.into_any(),
                Some(false) => view! { <div class="today"><Fetching otherwise=|| view! { <FirstStep /> } /></div> }.into_any(),
                Some(true) => view! { <Content day planned /> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Content(day: TodayMemo, planned: Planned) -> impl IntoView {
    let at_a_desk = move || planned.with(Vec::is_empty);
    view! {
        <div class="today">
            <div class="today-a">
                // On the road the next visit is the one thing to do now.
                <Show when=at_a_desk><Now day=day /></Show>
                <Thread day planned />
            </div>
            <div class="today-b">
                <Reminder />
                <Due day planned />
                <Again day=day />
                <Quiet day=day />
                <SuggestionCard day=day />
            </div>
        </div>
    }
}

/// How many pips say how far the day is; none where so many would only seem to: the count says it.
fn pips(total: u32) -> u32 {
    const MOST: u32 = 12;
    if total <= MOST { total } else { 0 }
}

/// Tasks done today of those that were due, as a count and, while they are few, as pips.
#[component]
fn DayDone(day: TodayMemo) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let counts = Memo::new(move |_| {
        day.with(|day| day.as_ref().map_or((0, 0), |day| (day.done, day.done + day.due_count)))
    });
    let pip = move |k: u32| {
        let on = move || if k < counts.get().0 { "pip-on" } else { "pip" };
        view! { <rect class=on x=format!("{:.1}", f64::from(k) * 9.9) y="0" width="8" height="8" rx="2"></rect> }
    };
    let label = move || {
        let (done, total) = counts.get();
        t_string!(i18n, today.done_of, done = format.number(done), total = format.number(total)).to_string()
    };
    view! {
        <Show when=move || { counts.get().1 > 0 }>
            <div class="day" role="img" aria-label=label>
                <span class="day-n"><b>{move || format.number(counts.get().0)}</b>" / "{move || format.number(counts.get().1)}</span>
                <span class="day-l">{move || t_string!(i18n, today.done)}</span>
                <Show when=move || { pips(counts.get().1) > 0 }>
                    <svg class="pips" viewBox="0 0 119 8" preserveAspectRatio="xMinYMid meet" aria-hidden="true">
                        {move || (0..pips(counts.get().1)).map(pip).collect_view()}
                    </svg>
                </Show>
            </div>
        </Show>
    }
}

/// What is due, but for the one thing that stands on the cloth.
#[component]
fn Due(day: TodayMemo, planned: Planned) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let on_cloth = Memo::new(move |_| {
        let at_a_desk = planned.with(Vec::is_empty);
        let now = || day.with(|day| day.as_ref().and_then(|day| now_of(day)).and_then(|now| now.task()));
        at_a_desk.then(now).flatten()
    });
    let tasks = Memo::new(move |_| {
        let cloth: Option<RecordId> = on_cloth.get();
        day.with(|day| {
            let due = day.as_ref().map(|day| day.due.clone()).unwrap_or_default();
            let listed =
                |id: RecordId| Some(id) != cloth && !planned.with(|planned| is_for_a_visit(planned, id));
            due.into_iter().filter(|(task, ..)| listed(task.id)).collect::<Vec<_>>()
        })
    });
    let more = Memo::new(move |_| {
        day.with(|day| day.as_ref().map_or(0, |day| (day.due_count as usize).saturating_sub(day.due.len())))
    });
    let count = Memo::new(move |_| (more.get() + tasks.with(Vec::len)) as u64);
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="sec">
                <div class="sec-h">
                    <h2>{move || t_string!(i18n, today.due)}</h2>
                    <span class="count">{move || format.count(count.get())}</span>
                    <a class="sec-x in" href=Place::Tasks.href()>{move || t_string!(i18n, today.open_tasks)}</a>
                </div>
                <ul class="rows">
                    <For each=move || tasks.get() key=state_of children=|entry| view! { <TaskRow entry=entry /> } />
                </ul>
                <Show when=move || { more.get() > 0 }>
                    <a class="btn btn-0" href=Place::Tasks.href()>{text!(i18n, today.all_tasks, count = format.count(count.get()))}</a>
                </Show>
            </section>
        </Show>
    }
}

/// The first day: a list to bring in, or one customer to add.
#[component]
fn FirstStep() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! {
        <div class="today-a">
            <section class="first">
                <h2>{move || t_string!(i18n, today.empty_title)}</h2>
                <Empty icon="customers" text=Signal::derive(move || t_string!(i18n, today.empty_text).to_owned())>
                    <a class="btn btn-1 wr" href=Place::Import.href()><Icon name="export" />{move || t_string!(i18n, today.empty_import)}</a>
                    <span class="w"><Button icon="plus" on_press=move |_| nav.open(Sheet::NewPartner)>{move || t_string!(i18n, today.empty_add)}</Button></span>
                </Empty>
            </section>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::pips;

    #[test]
    fn twelve_tasks_are_pips_and_more_are_a_number() {
        assert_eq!([0, 1, 12, 13, 40].map(pips), [0, 1, 12, 0, 0]);
    }
}

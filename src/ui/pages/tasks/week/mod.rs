//! A week of tasks: a column a day, with what is late above them and what has no day beside them.

mod card;
mod drag;

use self::card::Card;
use self::drag::{Drag, Target};
use super::due::on_day;
use super::row::TaskRow;
use super::{TaskEntry, state_of};
use crate::port::{Command, Query, Week};
use crate::ui::components::{Button, IconButton, Kind, Skeleton};
use crate::ui::i18n::{t_string, td_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::vocabulary::{here_ms, local_day, ms_of_day};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use chrono::{Datelike, Days, NaiveDate};
use leptos::prelude::*;
use satchel_domain::{RecordId, Task, TaskDraft};

const DAYS: u64 = 7;
/// Weeks that can be looked at before and after this one.
const RANGE: i64 = 52;
/// Tasks of one day that are drawn; the list shows all.
const DAY_SHOWN: usize = 30;
/// Frames in which a card is waited for that was moved: a second.
const CARD_FRAMES: u32 = 60;

/// What the parts of a week share.
#[derive(Clone, Copy)]
struct Board {
    week: ReadSignal<Option<Box<Week>>>,
    /// The days from Monday on.
    days: Memo<Vec<NaiveDate>>,
    today: Memo<NaiveDate>,
    drag: Drag,
    /// Shows the list instead.
    on_all: Callback<()>,
}

fn use_board() -> Board {
    expect_context()
}

/// The Monday of the week `weeks` after the one with `today`.
fn monday(today: NaiveDate, weeks: i64) -> NaiveDate {
    let here = today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday())));
    let away = Days::new(DAYS * weeks.unsigned_abs());
    let there = |here: NaiveDate| {
        if weeks < 0 { here.checked_sub_days(away) } else { here.checked_add_days(away) }
    };
    here.and_then(there).unwrap_or(today)
}

/// The week.
#[component]
pub(super) fn WeekBoard(
    /// Shows all tasks as a list.
    #[prop(into)]
    on_all: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let now = clock::every_minute();
    let today = Memo::new(move |_| local_day(now.get()));
    let ahead = RwSignal::new(0_i64);
    let days = Memo::new(move |_| {
        let monday = monday(today.get(), ahead.get());
        (0..DAYS).filter_map(|day| monday.checked_add_days(Days::new(day))).collect::<Vec<_>>()
    });
    let week = session.watch::<Box<Week>>(move || {
        let from_ms = days.with(|days| days.first().copied().map_or(0, ms_of_day));
        Query::Week { from_ms, to_ms: clock::midnight(from_ms, DAYS as i32) }
    });
    let (drag, put) = (Drag::default(), putting());
    provide_context(Board { week, days, today, drag, on_all });
    let dropped = move |(id, target): (RecordId, Target)| {
        let task = week.with_untracked(|week| {
            let week = week.as_ref()?;
            week.due.iter().chain(&week.undated).map(|(task, ..)| task).find(|task| task.id == id).cloned()
        });
        let lies_on = |task: &Task| task.entry.due.as_ref().map(|due| local_day(here_ms(due)));
        if let Some(task) = task.filter(|task| lies_on(task) != target.day()) {
            put.run((task, target));
        }
    };
    view! {
        <Head ahead=ahead />
        <Show when=move || week.with(Option::is_none)><Skeleton lines=6 /></Show>
        <Late />
        <div
            class="wk-g"
            on:pointermove=move |event| drag.follow(&event)
            on:pointerup=move |_| drag.end().into_iter().for_each(dropped)
            on:pointercancel=move |_| drag.stop()
            on:pointerleave=move |_| drag.leave()
            on:click=move |event| drag.swallow(&event)
        >
            <ol class="wk">
                <For each=move || days.get() key=|day| *day children=move |day| view! { <Column day=day /> } />
            </ol>
            <Undated />
        </div>
    }
}

/// Gives a task another day, with the way back, and brings the focus after it.
fn putting() -> Callback<(Task, Target)> {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    Callback::new(move |(task, target): (Task, Target)| {
        let locale = i18n.get_locale_untracked();
        let said = match target {
            Target::Day(day) => {
                td_string!(locale, tasks.board.moved, day = format.when(ms_of_day(day), When::WeekDay))
                    .to_string()
            }
            Target::NoDay => td_string!(locale, tasks.board.moved_off).to_owned(),
        };
        let due = on_day(task.entry.due.as_ref(), target.day());
        let draft = TaskDraft { due, ..task.entry.clone() };
        session.act(Command::EditTask { id: task.id, seen: task.entry, draft }, said);
        focus_card(
            format!("[data-day='{}'] [data-task='{}'] a", target.code(), task.id.to_hex()),
            CARD_FRAMES,
        );
    })
}

fn focus_card(selector: String, frames: u32) {
    request_animation_frame(move || match frames.checked_sub(1) {
        Some(left) if !dom::is_there(&selector) => focus_card(selector, left),
        _ => dom::focus_first(&selector),
    });
}

/// Which week, and the way to others.
#[component]
fn Head(
    /// How many weeks after this one.
    ahead: RwSignal<i64>,
) -> impl IntoView {
    let (i18n, format, board) = (use_i18n(), use_format(), use_board());
    let turn = move |by: i64| ahead.update(|weeks| *weeks = (*weeks + by).clamp(-RANGE, RANGE));
    let day = move |day: Option<&NaiveDate>| day.map(|day| format.when(ms_of_day(*day), When::Day));
    let span = move || {
        board
            .days
            .with(|days| Some(format!("{} – {}", day(days.first())?, day(days.last())?)))
            .unwrap_or_default()
    };
    view! {
        <div class="plan-d wk-h">
            <IconButton icon="left" label=text!(i18n, tasks.board.before) on_press=move |_| turn(-1) />
            <h2 aria-live="polite">{span}</h2>
            <IconButton icon="right" label=text!(i18n, tasks.board.after) on_press=move |_| turn(1) />
            <Show when=move || ahead.get() != 0>
                <Button kind=Kind::Quiet on_press=move |_| ahead.set(0)>{text!(i18n, tasks.board.this)}</Button>
            </Show>
        </div>
    }
}

/// What was due before this week.
#[component]
fn Late() -> impl IntoView {
    let (i18n, board) = (use_i18n(), use_board());
    let late =
        move || board.week.with(|week| week.as_ref().map(|week| week.late.clone()).unwrap_or_default());
    let count = move || board.week.with(|week| week.as_ref().map_or(0, |week| week.late_count));
    let hidden = move || count() as usize - late().len().min(count() as usize);
    view! {
        <Show when=move || { count() > 0 }>
            <section class="sec sec-late">
                <div class="sec-h">
                    <h2>{text!(i18n, tasks.board.late)}</h2>
                    <span class="sec-x num">{move || use_format().count(u64::from(count()))}</span>
                </div>
                <ul class="rows"><For each=late key=state_of children=|entry| view! { <TaskRow entry=entry /> } /></ul>
                <Hidden count=hidden />
            </section>
        </Show>
    }
}

/// How many are not drawn here, and the way to them.
#[component]
fn Hidden(count: impl Fn() -> usize + Copy + Send + Sync + 'static) -> impl IntoView {
    let (i18n, format, board) = (use_i18n(), use_format(), use_board());
    view! {
        <Show when=move || { count() > 0 }>
            <Button kind=Kind::Quiet on_press=move |_| board.on_all.run(())>
                {move || t_string!(i18n, tasks.board.more, count = format.count(count() as u64)).to_string()}
            </Button>
        </Show>
    }
}

/// A day.
#[component]
fn Column(day: NaiveDate) -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let (board, memory) = (use_board(), use_memory());
    let target = Target::Day(day);
    let tasks = Memo::new(move |_| {
        let is_on = |(task, ..): &&TaskEntry| {
            task.entry.due.as_ref().is_some_and(|due| local_day(here_ms(due)) == day)
        };
        let of = |week: &Week| week.due.iter().filter(is_on).cloned().collect::<Vec<_>>();
        board.week.with(|week| week.as_ref().map(|week| of(week)).unwrap_or_default())
    });
    let shown = move || tasks.with(|tasks| tasks.iter().take(DAY_SHOWN).cloned().collect::<Vec<_>>());
    let hidden = move || tasks.with(Vec::len).saturating_sub(DAY_SHOWN);
    let open = move || tasks.with(|tasks| tasks.iter().filter(|(task, ..)| task.done_ms.is_none()).count());
    let name = move || format.when(ms_of_day(day), When::WeekDay);
    let class = move || {
        let now = if board.today.get() == day { " wk-now" } else { "" };
        let past = if day < board.today.get() { " wk-past" } else { "" };
        let over = if board.drag.is_over(target) { " wk-over" } else { "" };
        format!("wk-c{now}{past}{over}")
    };
    let add = move |_| {
        memory.new_due.set(Some(day));
        nav.open(Sheet::NewTask { partner: None });
    };
    let add_word = move || t_string!(i18n, tasks.board.add, day = name()).to_string();
    view! {
        <li class=class data-day=target.code()>
            <div class="wk-d">
                <h3 aria-current=move || (board.today.get() == day).then_some("date")>{name}</h3>
                <span class="num">{move || (open() > 0).then(|| format.count(open() as u64))}</span>
                <Show when=move || session.may_write()>
                    <IconButton icon="plus" class="wk-a" label=Signal::derive(add_word) on_press=add />
                </Show>
            </div>
            <ul class="wk-l"><For each=shown key=state_of children=move |entry| view! { <Card entry=entry /> } /></ul>
            <Hidden count=hidden />
        </li>
    }
}

/// What has no day yet.
#[component]
fn Undated() -> impl IntoView {
    let (i18n, format, board) = (use_i18n(), use_format(), use_board());
    let target = Target::NoDay;
    let tasks =
        move || board.week.with(|week| week.as_ref().map(|week| week.undated.clone()).unwrap_or_default());
    let count = move || board.week.with(|week| week.as_ref().map_or(0, |week| week.undated_count));
    let hidden = move || (count() as usize).saturating_sub(tasks().len());
    let class = move || if board.drag.is_over(target) { "wk-c wk-u wk-over" } else { "wk-c wk-u" };
    view! {
        <section class=class data-day=target.code()>
            <div class="wk-d">
                <h3>{text!(i18n, tasks.no_date)}</h3>
                <span class="num">{move || (count() > 0).then(|| format.count(u64::from(count())))}</span>
            </div>
            <ul class="wk-l"><For each=tasks key=state_of children=move |entry| view! { <Card entry=entry /> } /></ul>
            <Hidden count=hidden />
            <Show when=move || count() == 0><p class="wk-0">{text!(i18n, tasks.board.all_dated)}</p></Show>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::monday;
    use chrono::NaiveDate;

    #[test]
    fn weeks_begin_on_monday() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(monday(day("2026-11-22"), 0), day("2026-11-16"));
        assert_eq!(monday(day("2026-11-23"), 0), day("2026-11-23"));
        assert_eq!(monday(day("2026-12-30"), 1), day("2027-01-04"));
        assert_eq!(monday(day("2026-11-22"), -1), day("2026-11-09"));
    }
}

//! Tasks as an agenda or a week, and the sheet for one.

mod agenda;
mod calendar;
mod due;
mod row;
mod sheet;
mod snooze;
mod week;

pub use due::{due_word, is_late};
pub(crate) use row::TaskRow;
pub use sheet::TaskSheet;

use self::agenda::{Heading, agenda, heading};
use self::week::WeekBoard;
use crate::port::{Query, TaskEntry, TaskList, Window};
use crate::ui::components::{Button, Empty, IconButton, Kind, Segmented, Skeleton};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::vocabulary::{here_ms, local_day};
use crate::ui::platform::intl::use_format;
use crate::ui::platform::{clock, settings};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;
pub(crate) use row::state_of;
use serde::{Deserialize, Serialize};

/// Tasks asked for at a time.
const PAGE: u32 = 100;

/// From this width of the window on, a week has room.
const WEEK_FROM_PX: f64 = 720.0;

/// How tasks are shown: as the person chose last on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Look {
    /// One after the other.
    Agenda,
    /// A column a day.
    Week,
}

impl Look {
    const KEY: &str = "satchel.tasks";

    fn chosen() -> Self {
        let wide = || window().inner_width().ok().and_then(|width| width.as_f64()) >= Some(WEEK_FROM_PX);
        settings::read(Self::KEY).unwrap_or_else(|| if wide() { Self::Week } else { Self::Agenda })
    }
}

/// Everything to be done.
#[component]
pub fn Tasks() -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let limit = RwSignal::new(PAGE);
    let look = RwSignal::new(Look::chosen());
    let choose = move |chosen: Look| {
        settings::keep(Look::KEY, chosen);
        look.set(chosen);
    };
    let looks = move || {
        vec![
            (Look::Agenda, t_string!(i18n, tasks.board.agenda).to_owned()),
            (Look::Week, t_string!(i18n, tasks.board.week).to_owned()),
        ]
    };
    let list =
        session.watch::<TaskList>(move || Query::Tasks { window: Window { offset: 0, limit: limit.get() } });
    let now = clock::every_minute();
    let today = Memo::new(move |_| local_day(now.get()));
    let groups = Memo::new(move |_| {
        let tasks = list.with(|list| list.as_ref().map(|list| list.rows.clone()).unwrap_or_default());
        agenda(tasks, |(task, ..)| {
            let due = task.entry.due.as_ref().map(|due| local_day(here_ms(due)));
            heading(due, task.done_ms.is_some(), today.get())
        })
    });
    let open = move || list.with(|list| list.as_ref().map_or(0, |list| list.open));
    let to_calendar = snooze::use_calendar();
    let exporting = RwSignal::new(false);
    let whole = session.watch_if::<TaskList>(move || {
        exporting.get().then_some(Query::Tasks { window: Window { offset: 0, limit: u32::MAX } })
    });
    Effect::new(move || {
        let Some(list) = whole.get().filter(|_| exporting.get_untracked()) else { return };
        let named = |(task, partner, _): TaskEntry| (task, partner.map(|row| row.name).unwrap_or_default());
        to_calendar(list.rows.into_iter().map(named).collect());
        exporting.set(false);
    });
    let more = move || list.with(|list| list.as_ref().is_some_and(|list| list.total > limit.get()));
    let nothing = move || list.with(|list| list.as_ref().is_some_and(|list| list.total == 0));
    let headings =
        move || groups.with(|groups| groups.iter().map(|(heading, _)| *heading).collect::<Vec<_>>());
    view! {
        <main class="pane pane-tasks">
            <TopBar title=Signal::derive(move || t_string!(i18n, tasks.title).to_owned())>
                <span class="count">{move || t_string!(i18n, tasks.open_count, count = format.number(open())).to_string()}</span>
                <IconButton icon="export" label=text!(i18n, tasks.later_menu.all) on_press=move |_| exporting.set(true) />
                <IconButton
                    icon="plus"
                    class="ib-soft wr"
                    label=Signal::derive(move || t_string!(i18n, tasks.add).to_owned())
                    on_press=move |_| nav.open(Sheet::NewTask { partner: None })
                />
            </TopBar>
            <OfflineStrip />
            <div class="scroll"><div class=move || if look.get() == Look::Week { "page page-wk" } else { "page" }>
                <Segmented label=text!(i18n, tasks.board.looks) options=Signal::derive(looks) chosen=look on_choose=choose />
                <Show when=move || list.with(Option::is_none)><Skeleton lines=6 /></Show>
                <Show
                    when=move || look.get() == Look::Agenda
                    fallback=move || view! { <WeekBoard on_all=move |()| choose(Look::Agenda) /> }
                >
                    <For each=headings key=|heading| *heading children=move |heading| view! { <Group heading=heading groups=groups /> } />
                    <Show when=more>
                        <Button kind=Kind::Quiet on_press=move |_| limit.update(|limit| *limit += PAGE)>{move || t_string!(i18n, tasks.more)}</Button>
                    </Show>
                </Show>
                <Show when=nothing>
                    <Empty icon="check" text=Signal::derive(move || t_string!(i18n, tasks.empty_text).to_owned())>
                        <span class="w">
                            <Button kind=Kind::Primary icon="plus" on_press=move |_| nav.open(Sheet::NewTask { partner: None })>
                                {move || t_string!(i18n, tasks.add)}
                            </Button>
                        </span>
                    </Empty>
                </Show>
            </div></div>
        </main>
    }
}

#[component]
fn Group(heading: Heading, groups: Memo<Vec<(Heading, Vec<TaskEntry>)>>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let tasks = move || {
        groups.with(|groups| {
            groups
                .iter()
                .find(|(known, _)| *known == heading)
                .map(|(_, tasks)| tasks.clone())
                .unwrap_or_default()
        })
    };
    let count = move || {
        groups.with(|groups| {
            groups.iter().find(|(known, _)| *known == heading).map_or(0, |(_, tasks)| tasks.len())
        })
    };
    let class = if heading == Heading::Overdue { "sec sec-late" } else { "sec" };
    view! {
        <section class=class>
            <div class="sec-h">
                <h2>{move || heading_word(i18n.get_locale(), heading)}</h2>
                <span class="sec-x num">{move || format.count(count() as u64)}</span>
            </div>
            <ul class="rows">
                <For each=tasks key=state_of children=|entry| view! { <TaskRow entry=entry /> } />
            </ul>
        </section>
    }
}

fn heading_word(locale: Locale, heading: Heading) -> &'static str {
    match heading {
        Heading::Overdue => td_string!(locale, tasks.overdue),
        Heading::Today => td_string!(locale, tasks.today),
        Heading::Week => td_string!(locale, tasks.week),
        Heading::Later => td_string!(locale, tasks.later),
        Heading::NoDate => td_string!(locale, tasks.no_date),
        Heading::Done => td_string!(locale, tasks.done),
    }
}

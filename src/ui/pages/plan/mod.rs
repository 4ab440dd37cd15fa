//! A day on the road: the visits in their order, moved by hand or by distance, and printed.

mod add;
mod drag;
mod head;
mod order;
mod stop;

use self::add::AddVisit;
use self::drag::Drag;
use self::head::Head;
use self::stop::{Aside, Stop};
use crate::port::{Command, Plan as Day, PlanAct, PlanStop, Query};
use crate::ui::components::{Empty, IconButton, Skeleton};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::platform::intl::use_format;
use crate::ui::platform::position::{self, Exactness};
use crate::ui::platform::{clock, dom};
use crate::ui::routes::Place;
use crate::ui::session::{Session, use_session};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;
use satchel_domain::{Coordinates, RecordId};
use wasm_bindgen_futures::spawn_local;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Road {
    /// Whom to visit, in order.
    stops: Memo<Vec<PlanStop>>,
    /// Where the way begins, once it was asked.
    start: RwSignal<Option<Coordinates>>,
    /// The local midnights of the day, ms since 1970 UTC.
    day: Memo<(i64, i64)>,
    /// What is told to the engine, with words for the person.
    arrange: Callback<(Vec<PlanStop>, String)>,
    /// What takes the focus once the order has changed: who, and which of her buttons.
    refocus: StoredValue<Option<(RecordId, &'static str)>>,
    /// A visit that is being dragged.
    drag: Drag,
}

/// What stands beside the visits: how many tasks are late, and what is not to be visited; `None` before it is known.
type Beside = Memo<Option<(u32, Vec<PlanStop>)>>;

/// The page.
#[component]
pub fn Plan() -> impl IntoView {
    let i18n = use_i18n();
    let days = RwSignal::new(0_i32);
    let (road, beside) = plan_of(days);
    provide_context(road);
    follow_focus(road);
    let none = move || road.stops.with(Vec::is_empty) && beside.with(Option::is_some);
    let late = Signal::derive(move || beside.with(|beside| beside.as_ref().map_or(0, |(late, _)| *late)));
    let aside =
        move || beside.with(|beside| beside.as_ref().map(|(_, aside)| aside.clone()).unwrap_or_default());
    view! {
        <main class="pane pane-strip pane-plan">
            <TopBar title=text!(i18n, plan.title)>
                <IconButton icon="print" label=text!(i18n, plan.print) on_press=move |_| dom::print() />
            </TopBar>
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, plan.title)>
                <div class="page plan">
                    <Head days />
                    <Show when=move || beside.with(Option::is_none)><Skeleton lines=6 /></Show>
                    <ol class="card plan-l" aria-label=text!(i18n, plan.visits)>
                        <For each=move || numbered(&road.stops.get()) key=state_of children=|(place, stop)| view! { <Stop place stop /> } />
                    </ol>
                    <Show when=none><Empty icon="visit" text=text!(i18n, plan.empty) /></Show>
                    <AddVisit />
                    <Late late />
                    <Aside aside=Signal::derive(aside) />
                </div>
            </div>
        </main>
    }
}

/// The plan of so many days after today, as it stands.
fn plan_of(days: RwSignal<i32>) -> (Road, Beside) {
    let (session, now) = (use_session(), clock::every_minute());
    let midnight = move |after: i32| clock::midnight(now.get(), days.get() + after);
    let day = Memo::new(move |_| (midnight(0), midnight(1)));
    let plan = session.watch::<Day>(move || {
        let (from_ms, to_ms) = day.get();
        Query::Plan { from_ms, to_ms }
    });
    let beside =
        Memo::new(move |_| plan.with(|plan| plan.as_ref().map(|plan| (plan.late, plan.aside.clone()))));
    let stops = Memo::new(move |_| {
        plan.with(|plan| plan.as_ref().map(|plan| plan.stops.clone()).unwrap_or_default())
    });
    let arrange = Callback::new(move |(stops, said): (Vec<PlanStop>, String)| {
        session.act(Command::Plan(PlanAct::Arrange(order::tasks(&stops))), said);
    });
    let (start, refocus) = (RwSignal::new(None), StoredValue::new(None));
    (Road { stops, start, day, arrange, refocus, drag: Drag::default() }, beside)
}

fn use_road() -> Road {
    expect_context()
}

impl Road {
    /// One visit to another place, by hand.
    fn move_to(self, from: usize, to: usize, said: String) {
        if let Some(stops) = self.stops.with_untracked(|stops| order::moved(stops, from, to)) {
            self.arrange.run((stops, said));
        }
    }
}

fn numbered(stops: &[PlanStop]) -> Vec<(usize, PlanStop)> {
    stops.iter().cloned().enumerate().collect()
}

/// What may change how a stop is drawn: place, who, last contact, whether it is known where, and her tasks.
type State = (usize, RecordId, String, Option<i64>, bool, Vec<(RecordId, u64, u8)>);

fn state_of((place, stop): &(usize, PlanStop)) -> State {
    let tasks = stop.tasks.iter().map(|(task, mark)| (task.id, task.edited_ms, *mark as u8)).collect();
    let PlanStop { partner, coordinates, .. } = stop;
    (*place, partner.id, partner.name.clone(), partner.last_contact_ms, coordinates.is_some(), tasks)
}

/// A stop that moved is drawn anew; the button that moved it keeps the focus.
fn follow_focus(road: Road) {
    Effect::new(move |before: Option<Vec<RecordId>>| {
        let now: Vec<RecordId> = road.stops.with(|stops| stops.iter().map(|stop| stop.partner.id).collect());
        if before.is_some_and(|before| before != now)
            && let Some((who, button)) = road.refocus.try_update_value(Option::take).flatten()
        {
            let wanted = format!("[data-stop='{}'] .{button}", who.to_hex());
            request_animation_frame(move || dom::focus_first(&wanted));
        }
        now
    });
}

/// Puts the visits into a short order, from where the person is if she lets it be known.
fn order_by_distance(road: Road, session: Session, locale: Locale, on_end: impl FnOnce() + 'static) {
    let (stops, known) = road.stops.with_untracked(|stops| {
        (stops.clone(), stops.iter().filter(|stop| stop.coordinates.is_some()).count())
    });
    if known < 2 {
        on_end();
        return session.toasts().say(td_string!(locale, plan.too_few), None);
    }
    spawn_local(async move {
        let start = position::ask(Exactness::Roughly).await;
        let ordered = order::by_distance(&stops, start);
        let said = match start {
            Some(_) => td_string!(locale, plan.ordered),
            None => td_string!(locale, plan.ordered_from_first),
        };
        road.start.try_set(start);
        session.act(Command::Plan(PlanAct::Arrange(order::tasks(&ordered))), said);
        on_end();
    });
}

/// What was due before and still is.
#[component]
fn Late(late: Signal<u32>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let words = move || match late.get() {
        1 => t_string!(i18n, plan.late_single).to_owned(),
        count => t_string!(i18n, plan.late, count = format.number(count)).to_string(),
    };
    view! {
        <Show when=move || { late.get() > 0 }>
            <p class="hint plan-0"><a class="in" href=Place::Tasks.href()>{words}</a></p>
        </Show>
    }
}

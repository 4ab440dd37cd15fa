//! A customer who is picked by hand: a visit is planned for the day, as any other task.

use super::use_road;
use crate::port::{Command, PartnerRow, PlanStop};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::FindPartner;
use crate::ui::platform::clock;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Moment, Precision, TaskDraft, Turn, moment::DAY_MS};

/// Finding somebody to visit.
#[component]
pub(super) fn AddVisit() -> impl IntoView {
    let (i18n, session, road) = (use_i18n(), use_session(), use_road());
    let typed = RwSignal::new(String::new());
    let add = move |row: PartnerRow| {
        let due = Some(all_day(road.day.get_untracked().0));
        let title = t_string!(i18n, plan.task).to_owned();
        let turn = road.stops.with_untracked(|stops| behind(stops));
        let draft = TaskDraft { partner: Some(row.id), title, due, turn, ..TaskDraft::default() };
        let said = t_string!(i18n, plan.added, name = row.name).to_string();
        session.act(Command::CreateTask { draft }, said);
    };
    view! {
        <div class="plan-a wr">
            <FindPartner label=text!(i18n, plan.add) placeholder=text!(i18n, plan.add) typed on_choose=add />
        </div>
    }
}

/// Behind all that have a place; where one has none yet, none is given, so that it does not come before that one.
fn behind(stops: &[PlanStop]) -> Turn {
    let has_place =
        |stop: &PlanStop| stop.tasks.iter().any(|(task, _)| matches!(task.entry.turn, Turn::Nth(_)));
    match u32::try_from(stops.len()) {
        Ok(next) if stops.iter().all(has_place) => Turn::Nth(next),
        _ => Turn::Unsaid,
    }
}

/// The whole of the day that begins at a local midnight.
fn all_day(midnight_ms: i64) -> Moment {
    let shown = clock::to_local_input(midnight_ms);
    let days = shown.split('T').next().and_then(|day| day.parse::<chrono::NaiveDate>().ok());
    let epoch = chrono::NaiveDate::default();
    let utc_ms = days.map_or(midnight_ms, |day| day.signed_duration_since(epoch).num_days() * DAY_MS);
    Moment { utc_ms, zone: clock::zone(), precision: Precision::AllDay }
}

//! Which day, how far, and the order by distance.

use super::{order, order_by_distance, use_road};
use crate::ui::components::{Button, IconButton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// Days that can be planned before and after today.
const RANGE: i32 = 60;

/// The head of the page.
#[component]
pub(super) fn Head(
    /// How many days after today is looked at.
    days: RwSignal<i32>,
) -> impl IntoView {
    let (i18n, format, session, road) = (use_i18n(), use_format(), use_session(), use_road());
    let turn = move |by: i32| days.update(|days| *days = (*days + by).clamp(-RANGE, RANGE));
    let name = move || match days.get() {
        0 => t_string!(i18n, plan.today).to_owned(),
        1 => t_string!(i18n, plan.tomorrow).to_owned(),
        _ => format.relative_day(road.day.get().0),
    };
    let asking = RwSignal::new(false);
    let busy = Signal::derive(move || asking.get());
    let sort = move |_| {
        asking.set(true);
        order_by_distance(road, session, i18n.get_locale_untracked(), move || {
            asking.try_set(false);
        });
    };
    view! {
        <div class="plan-d">
            <IconButton icon="left" label=text!(i18n, plan.before) on_press=move |_| turn(-1) />
            <h2><span>{name}</span> <span class="count">{move || format.when(road.day.get().0, When::WeekDay)}</span></h2>
            <IconButton icon="right" label=text!(i18n, plan.after) on_press=move |_| turn(1) />
        </div>
        <Show when=move || road.stops.with(|stops| !stops.is_empty())>
            <div class="plan-h">
                <p class="plan-far" role="status"><Far /></p>
                <span class="w"><Button icon="nav" disabled=busy on_press=sort>{text!(i18n, plan.by_distance)}</Button></span>
            </div>
        </Show>
    }
}

/// How many visits, how far, and of how many the place is not known.
#[component]
fn Far() -> impl IntoView {
    let (i18n, format, road) = (use_i18n(), use_format(), use_road());
    const KILOMETRE: f64 = 1_000.0;
    let places = move |known: bool| {
        road.stops
            .with(|stops| stops.iter().filter(|stop| stop.coordinates.is_some() == known).count() as u64)
    };
    let count = move || match road.stops.with(Vec::len) as u64 {
        1 => t_string!(i18n, plan.count_single).to_owned(),
        all => t_string!(i18n, plan.count, count = format.count(all)).to_string(),
    };
    let far = move || {
        let start = road.start.get();
        let metres = road.stops.with(|stops| order::length(stops, start));
        let km = format.number((metres / KILOMETRE * 10.0).round() / 10.0);
        match start {
            Some(_) => t_string!(i18n, plan.far_from_here, km = km).to_string(),
            None => t_string!(i18n, plan.far, km = km).to_string(),
        }
    };
    let enough = move || places(true) + u64::from(road.start.with(Option::is_some)) > 1;
    let unknown = move || t_string!(i18n, plan.unknown, count = format.count(places(false))).to_string();
    view! {
        <b>{count}</b>
        <Show when=enough><span class="sep">"·"</span><span>{far}</span></Show>
        <Show when=move || { places(false) > 0 }><span class="plan-u">{unknown}</span></Show>
    }
}

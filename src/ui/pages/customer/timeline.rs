//! The history of a customer: the aggregate, filters, and entries under their days (R45–R50).

use super::Card;
use super::aggregate::Aggregate;
use super::days::{DayGroup, by_day};
use super::entry::Entry;
use super::printing::{PaperHead, Preparing};
use super::timeline_filter::{Chosen, Filters, conditions};
use crate::port::{FileState, Happened, Query, Summary, Timeline, TimelineEntry, Window};
use crate::ui::components::{Button, Empty, Kind, Skeleton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::{day_name, here_ms, local_day, reading};
use crate::ui::platform::clock;
use crate::ui::platform::intl::use_format;
use crate::ui::session::use_session;
use chrono::NaiveDate;
use leptos::prelude::*;
use satchel_domain::{FileId, RecordId};

/// Entries asked for at a time.
const PAGE: u32 = 50;

/// The second tab.
#[component]
pub(super) fn TimelineTab(
    /// Who.
    id: RecordId,
    /// What is known.
    card: Card,
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let chosen = RwSignal::new(Chosen::default());
    let limit = RwSignal::new(PAGE);
    let found = session.watch::<Timeline>(move || Query::Timeline {
        partner: id,
        filter: chosen.with(|chosen| chosen.filter(&reading())),
        window: Window { offset: 0, limit: limit.get() },
    });
    let summary = Memo::new(move |_| {
        found.with(|found| found.as_ref().map(|found| found.summary.clone()).unwrap_or_default())
    });
    let narrowed = Memo::new(move |_| chosen.with(Chosen::narrows));
    let more = move || found.with(|found| found.as_ref().is_some_and(|found| found.total > limit.get()));
    let whole: Signal<Summary> = Signal::derive(move || {
        card.with(|card| card.as_ref().map(|card| card.summary.clone()).unwrap_or_default())
    });
    let nobody = move || {
        let filter = chosen.with(|chosen| format.list(&conditions(i18n.get_locale(), chosen)));
        t_string!(i18n, customer.tl.none, filter = filter).to_string()
    };
    let span = Memo::new(move |_| {
        found.with(|found| {
            let entries = &found.as_ref()?.entries;
            Some((happened_ms(entries.first()?), happened_ms(entries.last()?)))
        })
    });
    view! {
        <Preparing limit=limit found=found />
        <PaperHead chosen=chosen found=found span=span />
        <Aggregate card=card summary=summary narrowed=narrowed />
        <Filters chosen=chosen whole=whole found=found />
        <Show when=move || found.with(Option::is_none)><Skeleton lines=5 /></Show>
        <Days id=id found=found />
        <Show when=more>
            <div class="tl-m"><Button kind=Kind::Quiet on_press=move |_| limit.update(|limit| *limit += PAGE)>{move || t_string!(i18n, customer.tl.more)}</Button></div>
        </Show>
        <Show when=move || found.with(|found| found.as_ref().is_some_and(|found| found.total == 0 && found.all > 0))>
            <Empty icon="sliders" text=Signal::derive(nobody)>
                <Button kind=Kind::Primary on_press=move |_| chosen.set(Chosen::default())>{move || t_string!(i18n, customer.tl.clear)}</Button>
            </Empty>
        </Show>
        <Show when=move || found.with(|found| found.as_ref().is_some_and(|found| found.all == 0))>
            <Empty icon="clock" text=Signal::derive(move || t_string!(i18n, customer.tl.empty_text).to_owned()) />
        </Show>
    }
}

/// Entries under the headings of their days; an entry that did not change keeps its place and state.
#[component]
fn Days(id: RecordId, found: ReadSignal<Option<Timeline>>) -> impl IntoView {
    let groups = Memo::new(move |_| {
        let entries =
            found.with(|found| found.as_ref().map(|found| found.entries.clone()).unwrap_or_default());
        by_day(entries, |entry| local_day(happened_ms(entry)))
    });
    let days = move || groups.with(|groups| groups.iter().map(|group| group.day).collect::<Vec<_>>());
    view! {
        <div class="tl">
            <For each=days key=|day| *day children=move |day| view! { <Day id=id day=day groups=groups /> } />
        </div>
    }
}

#[component]
fn Day(id: RecordId, day: NaiveDate, groups: Memo<Vec<DayGroup<TimelineEntry>>>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let name = move || day_name(i18n.get_locale(), format, day, local_day(clock::now_ms()));
    let entries = move || {
        groups.with(|groups| {
            groups
                .iter()
                .find(|group| group.day == day)
                .map(|group| group.entries.clone())
                .unwrap_or_default()
        })
    };
    view! {
        <section class="tl-g">
            <h3><b>{move || name().0}</b><span>{move || name().1}</span></h3>
            <ol class="evs">
                <For each=entries key=state_of children=move |entry| view! { <Entry partner=id entry=entry /> } />
            </ol>
        </section>
    }
}

fn happened_ms(entry: &TimelineEntry) -> i64 {
    match &entry.what {
        Happened::Interaction(interaction) => here_ms(&interaction.entry.at),
        Happened::Order { order, .. } => here_ms(&order.entry.at),
    }
}

/// An entry's identity and everything that may change how it is drawn: when it was edited, its mark, with whom, its
/// files and where those are.
type Drawn = (RecordId, u64, u8, Vec<(RecordId, String)>, Vec<(FileId, FileState)>);

fn state_of(entry: &TimelineEntry) -> Drawn {
    let (id, edited) = match &entry.what {
        Happened::Interaction(interaction) => (interaction.id, interaction.edited_ms),
        Happened::Order { order, .. } => (order.id, order.edited_ms),
    };
    let with = entry.with.iter().map(|(id, name, _)| (*id, name.clone())).collect();
    let files = entry.files.iter().map(|file| (file.id, file.state)).collect();
    (id, edited, entry.mark as u8, with, files)
}

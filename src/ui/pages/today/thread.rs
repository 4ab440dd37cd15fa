//! The thread of the day: what was logged, in its order, and the visits that are to come.

use super::TodayMemo;
use super::planned::{Planned, ToCome};
use crate::port::{Happened, Mark, PartnerRow, TimelineEntry};
use crate::ui::components::{Icon, SyncMark};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::first_line;
use crate::ui::pages::vocabulary::{
    here_ms, mark_word, moment_word, outcome_word, record_icon, record_type_word,
};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Place, Sheet, use_nav};
use leptos::prelude::*;
use satchel_domain::{InteractionDraft, RecordId};

/// One stop.
#[derive(Debug, Clone, PartialEq)]
struct Stop {
    id: RecordId,
    edited_ms: u64,
    mark: Mark,
    name: String,
    entry: InteractionDraft,
}

/// Earliest first, as a day runs.
fn stops(logged: &[(TimelineEntry, Option<PartnerRow>)]) -> Vec<Stop> {
    let stop = |(entry, partner): &(TimelineEntry, Option<PartnerRow>)| match &entry.what {
        Happened::Interaction(interaction) => Some(Stop {
            id: interaction.id,
            edited_ms: interaction.edited_ms,
            mark: entry.mark,
            name: partner.as_ref().map(|row| row.name.clone()).unwrap_or_default(),
            entry: interaction.entry.clone(),
        }),
        Happened::Order { .. } => None,
    };
    let mut stops: Vec<Stop> = logged.iter().filter_map(stop).collect();
    stops.sort_by_key(|stop| here_ms(&stop.entry.at));
    stops
}

/// The thread.
#[component]
pub(super) fn Thread(
    /// The day.
    day: TodayMemo,
    /// The visits that are to come.
    planned: Planned,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let to_come = move || planned.with(Vec::len) as u64;
    let stops =
        Memo::new(move |_| day.with(|day| day.as_ref().map(|day| stops(&day.logged)).unwrap_or_default()));
    let count = move || stops.with(Vec::len) as u64;
    view! {
        <section class="sec">
            <div class="sec-h">
                <h2>{move || t_string!(i18n, today.visits)}</h2>
                <Show when=move || { count() > 0 }>
                    <span class="sec-x">{move || t_string!(i18n, today.logged_count, count = format.count(count())).to_string()}</span>
                </Show>
                <Show when=move || { to_come() > 0 }>
                    <span class="sec-x">{move || t_string!(i18n, today.to_come, count = format.count(to_come())).to_string()}</span>
                </Show>
                <a class="sec-x in" href=Place::Plan.href()>{text!(i18n, plan.open)}</a>
            </div>
            <Show when=move || count() + to_come() == 0><p class="hint">{move || t_string!(i18n, today.no_thread)}</p></Show>
            <ol class="route">
                <For
                    each=move || stops.get()
                    key=|stop| (stop.id, stop.edited_ms, stop.mark as u8, stop.name.clone())
                    children=|stop| view! { <OneStop stop=stop /> }
                />
                <ToCome planned />
            </ol>
        </section>
    }
}

#[component]
fn OneStop(stop: Stop) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let Stop { id, mark, name, entry, .. } = stop;
    let (at, outcome, content) = (entry.at.clone(), entry.outcome, entry.content);
    let icon = record_icon(&entry.record_type, entry.method);
    let record_type = entry.record_type;
    let note = move || {
        let locale = i18n.get_locale();
        let first_line = first_line(&content);
        let outcome = outcome.map(|outcome| outcome_word(locale, outcome).to_owned());
        let parts: Vec<String> = std::iter::once(record_type_word(locale, &record_type))
            .chain(outcome)
            .chain(Some(first_line).filter(|line| !line.is_empty()))
            .collect();
        parts.join(" · ")
    };
    view! {
        <li class="stop stop-done">
            <time>{move || moment_word(format, &at, When::Time)}</time>
            <span class="node"><Icon name=icon /></span>
            <a class="stop-b" href=move || nav.sheet_href(Sheet::Interaction(id))>
                <b>
                    {name}
                    {(mark != Mark::Synced).then(|| {
                        view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
                    })}
                </b>
                <span>{note}</span>
            </a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{Interaction, Method, Moment, Precision, RecordType, Relationship};

    fn logged(id: u8, utc_ms: i64) -> (TimelineEntry, Option<PartnerRow>) {
        let at = Moment { utc_ms, zone: "UTC".into(), precision: Precision::Exact };
        let entry = InteractionDraft {
            partner: RecordId([9; 16]),
            record_type: RecordType::Visit,
            method: Method::Visit,
            at,
            minutes: None,
            content: String::new(),
            outcome: None,
            place: String::new(),
            participants: Default::default(),
        };
        let interaction =
            Interaction { id: RecordId([id; 16]), entry, deleted: false, created_ms: 0, edited_ms: 0 };
        let entry = TimelineEntry {
            through: None,
            what: Happened::Interaction(interaction),
            with: Vec::new(),
            part: Relationship::Primary,
            files: Vec::new(),
            mark: Mark::Waiting,
        };
        (entry, None)
    }

    #[test]
    fn a_day_runs_from_morning_to_evening() {
        let order: Vec<u8> = stops(&[logged(1, 300), logged(2, 100), logged(3, 200)])
            .iter()
            .map(|stop| stop.id.0[0])
            .collect();
        assert_eq!(order, [2, 3, 1]);
    }
}

//! What narrows a history: method, type, time, part, words (R46–R50).

use super::days::Span;
use crate::port::{Summary, Timeline, TimelineFilter};
use crate::ui::components::{Button, Icon, Kind, SelectField};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::customers::Pick;
use crate::ui::pages::vocabulary::slug::{RELATIONSHIPS, parse_relationship, relationship_slug};
use crate::ui::pages::vocabulary::{Reading, method_icon, method_word, record_type_word, relationship_word};
use crate::ui::platform::intl::use_format;
use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use satchel_domain::{Method, RecordType, Relationship};

/// What is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) methods: Vec<Method>,
    pub(super) types: Vec<RecordType>,
    pub(super) orders: bool,
    pub(super) time: Time,
    pub(super) part: Option<Relationship>,
    pub(super) text: String,
    /// Only what an organisation took part in itself.
    pub(super) own: bool,
}

/// Which time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Time {
    /// All of it.
    #[default]
    All,
    /// A stretch that has a name.
    Span(Span),
    /// From one day to another, both included, as `date` fields write them; either may be empty.
    Own(String, String),
}

impl Chosen {
    pub(super) fn narrows(&self) -> bool {
        *self != Self::default()
    }

    /// The filter as it is asked for.
    pub(super) fn filter(&self, reading: &Reading) -> TimelineFilter {
        let (from_ms, to_ms) = self.time.range(reading);
        TimelineFilter {
            types: self.types.clone(),
            methods: self.methods.clone(),
            orders: self.orders,
            from_ms,
            to_ms,
            relationship: self.part.clone(),
            text: self.text.trim().to_owned(),
            own: self.own,
        }
    }

    /// How many conditions stand behind the filter button.
    fn hidden(&self) -> usize {
        self.types.len()
            + [self.orders, self.time != Time::All, self.part.is_some(), !self.text.trim().is_empty()]
                .iter()
                .filter(|on| **on)
                .count()
    }
}

impl Time {
    fn range(&self, reading: &Reading) -> (Option<i64>, Option<i64>) {
        let start = |day: NaiveDate| (reading.local)(&day.to_string());
        match self {
            Self::All => (None, None),
            Self::Span(span) => (start(span.first_day(reading.today)), None),
            Self::Own(from, to) => {
                let after = |day: NaiveDate| day.checked_add_days(Days::new(1));
                (from.parse().ok().and_then(start), to.parse().ok().and_then(after).and_then(start))
            }
        }
    }
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, value: T) {
    match list.iter().position(|known| *known == value) {
        Some(at) => drop(list.remove(at)),
        None => list.push(value),
    }
}

/// The chips above a history, and what stands behind the first one.
#[component]
pub(super) fn Filters(
    /// What is chosen.
    chosen: RwSignal<Chosen>,
    /// The aggregate without a filter: which methods and types there are.
    #[prop(into)]
    whole: Signal<Summary>,
    /// What the filter lets through.
    found: ReadSignal<Option<Timeline>>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let open = RwSignal::new(false);
    let methods = Memo::new(move |_| whole.with(|whole| whole.by_method.clone()));
    let method_pick = move |(method, count): (Method, u32)| {
        let on = Signal::derive(move || chosen.with(|chosen| chosen.methods.contains(&method)));
        view! {
            <Pick on=on on_press=move |()| chosen.update(|chosen| toggle(&mut chosen.methods, method))>
                <Icon name=method_icon(method) />
                {move || method_word(i18n.get_locale(), method)}
                <b>{move || format.number(count)}</b>
            </Pick>
        }
    };
    let hidden = move || chosen.with(Chosen::hidden);
    let of_people = Memo::new(move |_| whole.with(|whole| whole.with_people) > 0);
    let own = Signal::derive(move || chosen.with(|chosen| chosen.own));
    let own_count = move || whole.with(|whole| whole.count.saturating_sub(whole.with_people));
    let shown = move || found.with(|found| found.as_ref().map_or((0, 0), |found| (found.total, found.all)));
    view! {
        <div class="chips chips-tl" role="group" aria-label=move || t_string!(i18n, customer.tl.filters)>
            <button class="pick" type="button" aria-expanded=move || open.get().to_string() aria-controls="tl-filter" on:click=move |_| open.update(|open| *open = !*open)>
                <Icon name="sliders" />
                {move || t_string!(i18n, customer.tl.filter)}
                {move || Some(hidden()).filter(|hidden| *hidden > 0).map(|hidden| view! { <b>{hidden}</b> })}
            </button>
            <Show when=move || of_people.get() || own.get()>
                <Pick on=own on_press=move |()| chosen.update(|chosen| chosen.own = !chosen.own)>
                    {move || t_string!(i18n, customer.tl.own)}
                    <b>{move || format.number(own_count())}</b>
                </Pick>
            </Show>
            {move || methods.get().into_iter().map(method_pick).collect_view()}
        </div>
        <div id="tl-filter" class="filt filt-tl" hidden=move || !open.get()>
            <Show when=move || open.get()><Panel chosen=chosen whole=whole /></Show>
        </div>
        <Show when=move || chosen.with(Chosen::narrows)>
            <p class="narrowed">
                <span class="num">
                    {move || { let (total, all) = shown(); t_string!(i18n, customer.tl.shown, shown = format.number(total), all = format.number(all)).to_string() }}
                </span>
                <Button kind=Kind::Quiet on_press=move |_| chosen.set(Chosen::default())>{move || t_string!(i18n, customer.tl.clear)}</Button>
            </p>
        </Show>
    }
}

#[component]
fn Panel(chosen: RwSignal<Chosen>, #[prop(into)] whole: Signal<Summary>) -> impl IntoView {
    let i18n = use_i18n();
    let types = Memo::new(move |_| {
        whole.with(|whole| whole.by_type.iter().map(|(value, _)| value.clone()).collect::<Vec<_>>())
    });
    let type_pick = move |value: RecordType| {
        let (same, word) = (value.clone(), value.clone());
        let on = Signal::derive(move || chosen.with(|chosen| chosen.types.contains(&same)));
        let press = move |()| {
            let value = value.clone();
            chosen.update(|chosen| toggle(&mut chosen.types, value));
        };
        view! { <Pick on=on on_press=press>{move || record_type_word(i18n.get_locale(), &word)}</Pick> }
    };
    let orders = Signal::derive(move || chosen.with(|chosen| chosen.orders));
    view! {
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, customer.tl.types)}</legend>
            <div class="picks">
                {move || types.get().into_iter().map(type_pick).collect_view()}
                <Pick on=orders on_press=move |()| chosen.update(|chosen| chosen.orders = !chosen.orders)>
                    {move || t_string!(i18n, vocabulary.record.order)}
                </Pick>
            </div>
        </fieldset>
        <TimeField chosen=chosen />
        <PartField chosen=chosen />
        <TextFilter chosen=chosen />
    }
}

#[component]
fn TimeField(chosen: RwSignal<Chosen>) -> impl IntoView {
    let i18n = use_i18n();
    let time = Memo::new(move |_| chosen.with(|chosen| chosen.time.clone()));
    let set = move |time: Time| chosen.update(|chosen| chosen.time = time);
    let span_pick = move |span: Span| {
        let on = Signal::derive(move || time.get() == Time::Span(span));
        view! { <Pick on=on on_press=move |()| set(Time::Span(span))>{move || span_word(i18n.get_locale(), span)}</Pick> }
    };
    let own = Memo::new(move |_| matches!(time.get(), Time::Own(..)));
    view! {
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, customer.tl.time)}</legend>
            <div class="picks">
                <Pick on=Signal::derive(move || time.get() == Time::All) on_press=move |()| set(Time::All)>{move || t_string!(i18n, customer.tl.all_time)}</Pick>
                {Span::ALL.into_iter().map(span_pick).collect_view()}
                <Pick on=own on_press=move |()| set(Time::Own(String::new(), String::new()))>{move || t_string!(i18n, customer.tl.span_own)}</Pick>
            </div>
            <Show when=move || own.get()><OwnRange chosen=chosen /></Show>
        </fieldset>
    }
}

#[component]
fn OwnRange(chosen: RwSignal<Chosen>) -> impl IntoView {
    let i18n = use_i18n();
    let ends = move || match chosen.with(|chosen| chosen.time.clone()) {
        Time::Own(from, to) => (from, to),
        _ => (String::new(), String::new()),
    };
    let write = move |from: String, to: String| chosen.update(|chosen| chosen.time = Time::Own(from, to));
    view! {
        <div class="range-f">
            <label class="lbl">
                {move || t_string!(i18n, customer.tl.from)}
                <span class="field"><input type="date" autocomplete="off" prop:value=move || ends().0 on:change=move |event| write(event_target_value(&event), ends().1) /></span>
            </label>
            <label class="lbl">
                {move || t_string!(i18n, customer.tl.to)}
                <span class="field"><input type="date" autocomplete="off" prop:value=move || ends().1 on:change=move |event| write(ends().0, event_target_value(&event)) /></span>
            </label>
        </div>
    }
}

#[component]
fn PartField(chosen: RwSignal<Chosen>) -> impl IntoView {
    let i18n = use_i18n();
    let value = move || chosen.with(|chosen| chosen.part.as_ref().map(relationship_slug).unwrap_or_default());
    let options = move || {
        let any = (String::new(), t_string!(i18n, customer.tl.any_part).to_owned());
        let part = |(part, slug): (Relationship, &str)| {
            (slug.to_owned(), relationship_word(i18n.get_locale(), &part))
        };
        std::iter::once(any).chain(RELATIONSHIPS.into_iter().map(part)).collect::<Vec<_>>()
    };
    view! {
        <SelectField
            label=Signal::derive(move || t_string!(i18n, customer.tl.part).to_owned())
            value=Signal::derive(value)
            options=Signal::derive(options)
            on_choose=move |slug: String| chosen.update(|chosen| chosen.part = parse_relationship(&slug))
        />
    }
}

#[component]
fn TextFilter(chosen: RwSignal<Chosen>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <Icon name="search" />
            <input
                type="search"
                autocomplete="off"
                aria-label=move || t_string!(i18n, customer.tl.text)
                placeholder=move || t_string!(i18n, customer.tl.text_hint)
                prop:value=move || chosen.with(|chosen| chosen.text.clone())
                on:input=move |event| chosen.update(|chosen| chosen.text = event_target_value(&event))
            />
        </div>
    }
}

/// What narrows the history, in words.
pub(super) fn conditions(locale: Locale, chosen: &Chosen) -> Vec<String> {
    let own = chosen.own.then(|| td_string!(locale, customer.tl.own).to_owned());
    let methods = chosen.methods.iter().map(|method| method_word(locale, *method).to_owned());
    let types = chosen.types.iter().map(|value| record_type_word(locale, value));
    let orders = chosen.orders.then(|| td_string!(locale, vocabulary.record.order).to_owned());
    let time = match &chosen.time {
        Time::All => None,
        Time::Span(span) => Some(span_word(locale, *span).to_owned()),
        Time::Own(from, to) => Some(format!("{from} – {to}")),
    };
    let part = chosen.part.as_ref().map(|part| relationship_word(locale, part));
    let text = Some(chosen.text.trim()).filter(|text| !text.is_empty()).map(|text| format!("“{text}”"));
    own.into_iter().chain(methods).chain(types).chain(orders).chain(time).chain(part).chain(text).collect()
}

fn span_word(locale: Locale, span: Span) -> &'static str {
    match span {
        Span::Today => td_string!(locale, customer.tl.span_today),
        Span::ThisWeek => td_string!(locale, customer.tl.span_week),
        Span::Days30 => td_string!(locale, customer.tl.span_30),
        Span::Days90 => td_string!(locale, customer.tl.span_90),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> Reading {
        let local = |text: &str| {
            let day: NaiveDate = text.parse().ok()?;
            Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
        };
        Reading { now_ms: 0, zone: "UTC".into(), today: "2026-11-19".parse().expect("a date"), local }
    }

    fn ms(day: &str) -> Option<i64> {
        (reading().local)(day)
    }

    #[test]
    fn a_range_includes_its_last_day_r46() {
        let time = Time::Own("2026-11-01".into(), "2026-11-10".into());
        assert_eq!(time.range(&reading()), (ms("2026-11-01"), ms("2026-11-11")));
        assert_eq!(Time::Own(String::new(), "nonsense".into()).range(&reading()), (None, None));
        assert_eq!(Time::Span(Span::Days30).range(&reading()), (ms("2026-10-21"), None));
    }

    #[test]
    fn conditions_are_all_handed_on_r49() {
        let chosen = Chosen {
            methods: vec![Method::Phone],
            types: vec![RecordType::Call],
            orders: true,
            time: Time::Span(Span::Today),
            part: Some(Relationship::Referrer),
            text: " price ".into(),
            own: true,
        };
        let filter = chosen.filter(&reading());
        assert_eq!((filter.methods.len(), filter.types.len(), filter.orders, filter.own), (1, 1, true, true));
        assert_eq!((filter.relationship, filter.text.as_str()), (Some(Relationship::Referrer), "price"));
        assert_eq!(chosen.hidden(), 5);
        assert_eq!(Chosen::default().filter(&reading()), TimelineFilter::default());
    }

    #[test]
    fn a_second_press_takes_a_choice_back() {
        let mut methods = vec![Method::Mail];
        toggle(&mut methods, Method::Phone);
        toggle(&mut methods, Method::Mail);
        assert_eq!(methods, [Method::Phone]);
    }
}

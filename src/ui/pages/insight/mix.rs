//! How contacts divide: by method, by type (R57, R58). Each has its share, what it was before, and a bar.

use super::card::{ChartCard, Grid};
use super::{Found, read};
use crate::port::Pair;
use crate::ui::components::Icon;
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::pages::vocabulary::{method_icon, method_word, record_icon, record_type_word};
use crate::ui::platform::intl::use_format;
use leptos::prelude::*;

/// One part of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    icon: &'static str,
    word: String,
    counts: Pair,
}

/// By method.
#[component]
pub(super) fn Methods(
    /// What was found.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let parts = move |locale: Locale| {
        read(found, |it| {
            let part = |(method, counts): &(_, Pair)| Part {
                icon: method_icon(*method),
                word: method_word(locale, *method).to_owned(),
                counts: *counts,
            };
            it.methods.iter().map(part).collect::<Vec<_>>()
        })
    };
    let parts = Memo::new(move |_| parts(i18n.get_locale()));
    view! { <Mix title=text!(i18n, insight.methods) class="ins-m" parts=parts /> }
}

/// By type.
#[component]
pub(super) fn Types(
    /// What was found.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let parts = Memo::new(move |_| {
        let locale = i18n.get_locale();
        read(found, |it| {
            let part = |(kind, counts): &(satchel_domain::RecordType, Pair)| Part {
                icon: record_icon(kind, kind.default_method()),
                word: record_type_word(locale, kind),
                counts: *counts,
            };
            it.types.iter().map(part).collect::<Vec<_>>()
        })
    });
    view! { <Mix title=text!(i18n, insight.types) class="ins-t" parts=parts /> }
}

#[component]
fn Mix(#[prop(into)] title: Signal<String>, class: &'static str, parts: Memo<Vec<Part>>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let grid = move || Grid {
        heads: vec![
            title.get(),
            t_string!(i18n, insight.now).to_owned(),
            t_string!(i18n, insight.before).to_owned(),
        ],
        rows: parts.with(|parts| {
            let row = |part: &Part| {
                vec![part.word.clone(), format.number(part.counts.now), format.number(part.counts.before)]
            };
            parts.iter().map(row).collect()
        }),
    };
    let chart = move || {
        let parts = parts.get();
        if parts.is_empty() {
            return view! { <p class="hint">{text!(i18n, insight.nothing)}</p> }.into_any();
        }
        let all: u32 = parts.iter().map(|part| part.counts.now).sum();
        let share = move |count: u32| f64::from(count) / f64::from(all.max(1));
        let row = |part: Part| {
            let Part { icon, word, counts } = part;
            view! {
                <li>
                    <Icon name=icon />
                    <span>{word}</span>
                    <b class="num">{format.percent(share(counts.now))}</b>
                    <span class="dl num">{format.number(counts.now)}</span>
                    {bar(share(counts.now))}
                </li>
            }
        };
        view! { <ul class="meths">{parts.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    view! { <ChartCard title=title class=class grid=Signal::derive(grid) chart=chart /> }
}

/// A share of a whole, as a bar.
pub(super) fn bar(share: f64) -> impl IntoView {
    view! {
        <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="d0" x="0" y="0" width="100" height="8"></rect>
            <rect class="d4" x="0" y="0" width=format!("{:.2}", share.clamp(0.0, 1.0) * 100.0) height="8"></rect>
        </svg>
    }
}

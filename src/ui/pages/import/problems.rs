//! What is wrong, by kind with its number, and examples on demand.

use super::words;
use crate::port::{ProblemCode, RowProblem};
use crate::ui::components::Icon;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::use_format;
use leptos::prelude::*;

#[component]
pub(super) fn Problems(problems: Vec<RowProblem>, counts: Vec<(ProblemCode, u64)>) -> impl IntoView {
    let i18n = use_i18n();
    if counts.is_empty() {
        return ().into_any();
    }
    let of = move |code: ProblemCode| {
        problems.iter().filter(|each| each.code == code).cloned().collect::<Vec<_>>()
    };
    view! {
        <div class="probs">
            <h3>{text!(i18n, import.problems.title)}</h3>
            <ul>
                {counts
                    .into_iter()
                    .map(|(code, count)| view! { <li><ProblemView code count examples=of(code) /></li> })
                    .collect_view()}
            </ul>
        </div>
    }
    .into_any()
}

#[component]
fn ProblemView(code: ProblemCode, count: u64, examples: Vec<RowProblem>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let skipped = examples.iter().any(|each| each.skipped);
    let fate = move || match skipped {
        true => t_string!(i18n, import.problems.left_out),
        false => t_string!(i18n, import.problems.kept),
    };
    view! {
        <details>
            <summary>
                <Icon name="alert" class=if skipped { "tone-bad" } else { "tone-warn" } />
                <span>{move || words::problem(i18n.get_locale(), code)}</span>
                <span class="k">
                    {move || t_string!(i18n, import.problems.times, count = format.count(count)).to_string()}
                    <span class="sep">"·"</span>
                    {fate}
                </span>
            </summary>
            <ul class="exs">{examples.into_iter().map(|each| view! { <ExampleView each /> }).collect_view()}</ul>
        </details>
    }
}

#[component]
fn ExampleView(each: RowProblem) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let RowProblem { row, line, column, value, .. } = each;
    let place = move || match (row, column.is_empty()) {
        (0, _) => t_string!(i18n, import.problems.file).to_owned(),
        (row, _) if line.is_some() => {
            let line = format.count(line.unwrap_or_default());
            t_string!(i18n, import.problems.card, number = format.count(row), line = line).to_string()
        }
        (row, true) => t_string!(i18n, import.problems.row, row = format.count(row)).to_string(),
        (row, false) => {
            t_string!(i18n, import.problems.row_column, row = format.count(row), column = column.clone())
                .to_string()
        }
    };
    view! { <li><span class="k">{place}</span><code>{value}</code></li> }
}

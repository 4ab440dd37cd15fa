//! The first rows as they would be brought in.

use super::{Work, words};
use crate::port::{ImportId, ImportPreview, PreviewRow, Query, RowFate};
use crate::ui::components::Skeleton;
use crate::ui::i18n::{t_string, use_i18n};
use leptos::prelude::*;

const ROWS: u32 = 6;

#[component]
pub(super) fn Preview(work: Work, import: ImportId, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let file = u32::try_from(index).unwrap_or(u32::MAX);
    let preview = work.session.watch::<ImportPreview>(move || Query::ImportPreview {
        import,
        plans: work.plans.get(),
        file,
        rows: ROWS,
    });
    view! {
        <div class="prev">
            <h3>{text!(i18n, import.preview.title)}</h3>
            <p class="k">{text!(i18n, import.preview.text)}</p>
            {move || match preview.get() {
                None => view! { <Skeleton lines=4 /> }.into_any(),
                Some(preview) if preview.rows.is_empty() => {
                    view! { <p class="prev-0">{t_string!(i18n, import.preview.none)}</p> }.into_any()
                }
                Some(preview) => {
                    view! { <ol class="prev-l">{preview.rows.into_iter().map(|row| view! { <RowView row /> }).collect_view()}</ol> }
                        .into_any()
                }
            }}
        </div>
    }
}

#[component]
fn RowView(row: PreviewRow) -> impl IntoView {
    let i18n = use_i18n();
    let class = match row.fate {
        RowFate::Create => "fate fate-new",
        RowFate::Update => "fate fate-chg",
        RowFate::Unchanged => "fate",
        RowFate::Skip => "fate fate-skip",
    };
    let details = row.details.join(" · ");
    let problems = row.problems.clone();
    view! {
        <li class="prev-r">
            <span class="prev-n num">{row.row.to_string()}</span>
            <span class="prev-b">
                <b>{row.title}</b>
                <span>{details}</span>
                {problems
                    .into_iter()
                    .map(|problem| view! { <span class="fld-e">{move || words::problem(i18n.get_locale(), problem.code)}</span> })
                    .collect_view()}
            </span>
            <span class=class>{move || words::fate(i18n.get_locale(), row.fate)}</span>
        </li>
    }
}

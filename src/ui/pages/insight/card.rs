//! The frame of a chart: its title, the chart, and the same as a table.

use crate::ui::components::Icon;
use crate::ui::i18n::use_i18n;
use leptos::prelude::*;

/// What a chart shows, in rows: the first cell of each names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Grid {
    /// What stands above the columns.
    pub(super) heads: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Vec<String>>,
}

/// A card with a chart that can be read as a table.
#[component]
pub(super) fn ChartCard(
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// Where it stands.
    class: &'static str,
    /// The chart.
    #[prop(into)]
    chart: ViewFn,
    /// The same in rows.
    #[prop(into)]
    grid: Signal<Grid>,
) -> impl IntoView {
    let i18n = use_i18n();
    let as_table = RwSignal::new(false);
    let label = text!(i18n, insight.as_table, what = title.get());
    view! {
        <section class=format!("card {class}")>
            <div class="sec-h">
                <h2>{move || title.get()}</h2>
                <button
                    class="btn btn-0 as-t"
                    type="button"
                    aria-pressed=move || as_table.get().to_string()
                    aria-label=move || label.get()
                    on:click=move |_| as_table.update(|on| *on = !*on)
                >
                    <Icon name="table" />
                    <span>{text!(i18n, insight.table)}</span>
                </button>
            </div>
            {move || if as_table.get() { table(grid.get(), title.get()) } else { chart.run() }}
        </section>
    }
}

fn table(grid: Grid, title: String) -> AnyView {
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let first = cells.next();
        view! { <tr><th scope="row">{first}</th>{cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
    };
    let label = title.clone();
    view! {
        <div class="ins-x" tabindex="0" role="region" aria-label=label>
            <table class="bk">
                <caption class="sr">{title}</caption>
                <thead><tr>{grid.heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view()}</tr></thead>
                <tbody>{grid.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

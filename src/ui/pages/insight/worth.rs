//! How lately and how often customers buy, and the tiers that follow (R62).

use super::card::{ChartCard, Grid};
use super::period::heat;
use super::tiers::Tiers;
use super::{Found, read};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::use_format;
use leptos::prelude::*;

/// The card.
#[component]
pub(super) fn Worth(
    /// What was found.
    found: Found,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let cells = Memo::new(move |_| read(found, |it| it.rfm.clone()));
    let grid = move || Grid {
        heads: std::iter::once(t_string!(i18n, insight.rfm_head).to_owned())
            .chain((1..=5).map(|score: u32| format!("R{score}")))
            .collect(),
        rows: cells.with(|cells| {
            let row = |(n, row): (u32, &[u32; 5])| {
                std::iter::once(format!("F{}", 5 - n))
                    .chain(row.iter().map(|count| format.number(*count)))
                    .collect()
            };
            (0..).zip(cells).map(row).collect()
        }),
    };
    let chart = move || match cells.with(Vec::is_empty) {
        true => {
            let buyers = read(found, |it| it.buyers);
            view! { <p class="hint">{text!(i18n, insight.rfm_few, count = format.number(buyers))}</p> }
                .into_any()
        }
        false => view! { <Matrix found=found cells=cells /> }.into_any(),
    };
    view! { <ChartCard title=text!(i18n, insight.rfm) class="ins-f" grid=Signal::derive(grid) chart=chart /> }
}

#[component]
fn Matrix(found: Found, cells: Memo<Vec<[u32; 5]>>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let most = move || cells.with(|cells| cells.iter().flatten().copied().max().unwrap_or(0));
    let cell = move |count: u32| view! { <td class=format!("q q{}", heat(count, most()))>{format.number(count)}</td> };
    let row = move |(n, row): (usize, [u32; 5])| {
        view! {
            <tr>
                <th scope="row"><span class="sr">"F"</span>{5 - n}</th>
                {row.map(cell)}
            </tr>
        }
    };
    view! {
        <figure>
            <div class="rfm-w">
                <span class="rfm-y">{text!(i18n, insight.rfm_often)}</span>
                <table class="rfm">
                    <caption class="sr">{text!(i18n, insight.rfm_caption)}</caption>
                    <colgroup><col class="rfm-c" /><col span="5" /></colgroup>
                    <tbody>
                        {move || cells.get().into_iter().enumerate().map(row).collect_view()}
                        <tr class="rfm-x">
                            <td></td>
                            {[1, 2, 3, 4, 5].map(|score| view! { <th scope="col"><span class="sr">"R"</span>{score}</th> })}
                        </tr>
                    </tbody>
                </table>
            </div>
            <p class="rfm-l"><span>{text!(i18n, insight.rfm_long)}</span><span>{text!(i18n, insight.rfm_lately)}</span></p>
        </figure>
        <Tiers found=found />
    }
}

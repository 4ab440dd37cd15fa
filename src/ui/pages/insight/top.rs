//! Who was contacted most, and who ordered most often.

use super::card::{ChartCard, Grid};
use super::{Found, read};
use crate::port::PartnerRow;
use crate::ui::components::{Monogram, Size};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::{Format, use_format};
use crate::ui::routes::{Place, Tab};
use leptos::prelude::*;
use satchel_domain::Money;

type Line = (PartnerRow, u32, Vec<Money>);

/// By contacts.
#[component]
pub(super) fn MostContacted(
    /// What was found.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = Memo::new(move |_| {
        read(found, |it| {
            it.by_contacts.iter().map(|(row, count)| (row.clone(), *count, Vec::new())).collect::<Vec<Line>>()
        })
    });
    view! { <Top title=text!(i18n, insight.most_contacted) unit=text!(i18n, insight.contacts) lines=lines /> }
}

/// By orders.
#[component]
pub(super) fn MostOrders(
    /// What was found.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = Memo::new(move |_| read(found, |it| it.by_orders.clone()));
    view! { <Top title=text!(i18n, insight.most_orders) unit=text!(i18n, insight.orders) lines=lines /> }
}

fn sums(format: Format, spent: &[Money]) -> String {
    spent.iter().map(|money| format.money(*money)).collect::<Vec<_>>().join(" · ")
}

#[component]
fn Top(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] unit: Signal<String>,
    lines: Memo<Vec<Line>>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let grid = move || Grid {
        heads: vec![
            t_string!(i18n, insight.customer).to_owned(),
            unit.get(),
            t_string!(i18n, insight.bought).to_owned(),
        ],
        rows: lines.with(|lines| {
            let row = |(row, count, spent): &Line| {
                vec![row.name.clone(), format.number(*count), sums(format, spent)]
            };
            lines.iter().map(row).collect()
        }),
    };
    let chart = move || {
        let lines = lines.get();
        if lines.is_empty() {
            return view! { <p class="hint">{text!(i18n, insight.nothing)}</p> }.into_any();
        }
        view! { <ol class="tops">{lines.into_iter().map(|line| one(format, line)).collect_view()}</ol> }
            .into_any()
    };
    view! { <ChartCard title=title class="ins-c" grid=Signal::derive(grid) chart=chart /> }
}

fn one(format: Format, (row, count, spent): Line) -> AnyView {
    let aside = if spent.is_empty() { row.aside.clone() } else { sums(format, &spent) };
    view! {
        <li>
            <a class="top-r" href=Place::Customer(row.id, Tab::Brief).href()>
                <Monogram name=row.name.clone() kind=row.kind key=row.id.0 size=Size::Small />
                <span class="row-b"><b>{row.name}</b><span class="one">{aside}</span></span>
                <b class="num">{format.number(count)}</b>
            </a>
        </li>
    }
    .into_any()
}
